"""This is the place where a person's book of medicines is read from bytes and written to bytes, strictly: what is not exactly so is damaged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.errors import BadInput
from core.medications import strict_json as strict
from core.medications.book import Answered, Book, Choices, OwnMedicine, Stock, Trip

DRAWER = "medicines"
HOURS = ("wake", "breakfast", "lunch", "dinner", "sleep")
SORTS = ("medicine", "supplement", "traditional")
TAKING = ("", "yes", "no", "differently")


def read(raw: bytes) -> Book:
    """The drawer's bytes as a book; b"" is one in which nothing stands yet. Raises BadInput (drawer_damaged) for anything else that is none."""
    if not raw:
        return Book()
    try:
        whole = json.loads(raw)
        return Book(
            hours={strict.one_of(name, HOURS): at for name, at in strict.named(whole["hours"], strict.clock).items()},
            trips=strict.several(whole["trips"], _trip),
            answers=strict.named(whole["answers"], _answered),
            own=strict.several(whole["own"], _own),
            choices=strict.named(whole["choices"], _choices),
            stock=strict.named(whole["stock"], _stock),
            both=strict.named(whole["both"], lambda ids: strict.several(ids, strict.text)),
            raw=raw,
        )
    except strict.UNREADABLE:
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None


def written(book: Book) -> bytes:
    """The other way. Raises ValueError for numbers that are none (in dosages)."""
    document = {
        "hours": {name: strict.clock_text(at) for name, at in book.hours.items()},
        "trips": [{"first": one.first.isoformat(), "last": _day(one.last), "zone": one.zone} for one in book.trips],
        "answers": {key: _answered_out(one) for key, one in book.answers.items()},
        "own": [_own_out(one) for one in book.own],
        "choices": {key: _choices_out(one) for key, one in book.choices.items()},
        "stock": {key: _stock_out(one) for key, one in book.stock.items()},
        "both": {key: list(ids) for key, ids in book.both.items()},
    }
    return json.dumps(document, sort_keys=True, ensure_ascii=False, allow_nan=False).encode()


def _trip(one: Any) -> Trip:
    trip = Trip(strict.day(one["first"]), strict.day_or_none(one["last"]), strict.text(one["zone"]))
    if trip.last is not None and trip.last < trip.first:
        raise ValueError
    return trip


def _dosages(found: Any) -> tuple[Mapping[str, Any], ...]:
    return strict.several(found, strict.node)


def _answered(one: Any) -> Answered:
    asked = strict.several(one["asked"], strict.text)
    return Answered(strict.text(one["of"]), asked, _dosages(one["dosages"]), strict.text(one["said"]), strict.instant(one["at"]))


def _answered_out(one: Answered) -> dict[str, Any]:
    return {"of": one.of, "asked": list(one.asked), "dosages": [dict(each) for each in one.dosages], "said": one.said, "at": one.at.isoformat()}


def _own(one: Any) -> OwnMedicine:
    added = one["added_at"]
    return OwnMedicine(
        medicine_id=strict.text(one["medicine_id"]),
        title=strict.text(one["title"]),
        sort=strict.one_of(one["sort"], SORTS),
        system=strict.text(one["system"]),
        code=strict.text(one["code"]),
        dosages=_dosages(one["dosages"]),
        reason=strict.text(one["reason"]),
        since=strict.day_or_none(one["since"]),
        until=strict.day_or_none(one["until"]),
        added_at=None if added is None else strict.instant(added),
    )


def _own_out(one: OwnMedicine) -> dict[str, Any]:
    return {
        "medicine_id": one.medicine_id, "title": one.title, "sort": one.sort, "system": one.system, "code": one.code,
        "dosages": [dict(each) for each in one.dosages], "reason": one.reason, "since": _day(one.since), "until": _day(one.until),
        "added_at": None if one.added_at is None else one.added_at.isoformat(),
    }  # fmt: skip


def _choices(one: Any) -> Choices:
    taking = strict.one_of(one["taking"], TAKING)
    return Choices(taking, strict.text(one["why"]), strict.flag(one["critical"]), strict.flag(one["reminded"]), strict.whole(one["lead"]))


def _choices_out(one: Choices) -> dict[str, Any]:
    return {"taking": one.taking, "why": one.why, "critical": one.critical, "reminded": one.reminded, "lead": one.lead}


def _stock(one: Any) -> Stock:
    return Stock(strict.number(one["count"]), strict.text(one["unit"]), strict.instant(one["at"]), strict.whole(one["lead_days"]))


def _stock_out(one: Stock) -> dict[str, Any]:
    return {"count": one.count, "unit": one.unit, "at": one.at.isoformat(), "lead_days": one.lead_days}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
