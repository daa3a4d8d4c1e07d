"""This is the place where `healthboard schedule` is: a dosage in a file becomes the instants at which it is due, questions, or limits."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson

from core.commands.answer import Answer
from core.errors import BadInput
from core.medications.expanding import due
from core.medications.foreign import node, text, time_text
from core.medications.reading import regimen
from core.medications.saying import how
from core.medications.steps import Regimen
from core.medications.terms import Amount, Asked, AsNeeded, Due, Habits, Noted
from core.medications.zones import midnight, zone_named
from core.ui.schedule_words import said
from core.ui.words import words

MOST_BYTES = 5_000_000
MOST_DAYS = 3_660
_HOURS = ("wake", "breakfast", "lunch", "dinner", "sleep")
_ENDED = {"stopped": "stopped", "cancelled": "cancelled", "completed": "completed", "entered-in-error": "entered_in_error", "on-hold": "on_hold",
          "not-taken": "not_taken", "ended": "stopped"}  # fmt: skip
_NOT_ASKED_FOR = frozenset({"proposal", "plan", "option"})


@dataclass(frozen=True, slots=True)
class Written:
    """What the file says: dosages, when the order was written and until when it holds, and why nothing of it is due ("" where something may be)."""

    dosages: Any
    authored: str = ""
    until: str = ""
    why_not: str = ""


def schedule(given: Namespace) -> Answer:
    """The doses of so many days. Exit status 0 also where something has to be asked: the questions are the answer."""
    zone = _zone(given.zone)
    habits = _habits(given.habits, zone)
    start = _start(given.start, habits)
    if not 1 <= given.days <= MOST_DAYS:
        raise BadInput("bad_input", place="--days", need=f"1 to {MOST_DAYS}")
    day = start.astimezone(zone_named(zone)).date()
    try:
        end = midnight_after(habits, start, day, given.days)
    except OverflowError:
        raise BadInput("bad_input", place="--from", need="a day before the year 9000") from None
    written = _written(_read(given.dosage))
    found = regimen(written.dosages, written.authored, written.until)
    doses = () if written.why_not else due(found, habits, start, end, start)
    return Answer(_document((habits, start, end), written, found, doses), _lines(written, found, doses))


def midnight_after(habits: Habits, start: datetime, day: date, days: int) -> datetime:
    """So many local days after the start, at the same clock time."""
    here = start.astimezone(zone_named(habits.zone))
    began = midnight(habits, day)
    if start == began:
        return midnight(habits, day + timedelta(days=days))
    return datetime.combine(day + timedelta(days=days), here.time(), zone_named(habits.zone))


def _zone(name: str) -> str:
    try:
        zone_named(name)
    except (ValueError, KeyError, OSError):
        raise BadInput("bad_choice", place="--zone", need="a time zone name, such as Europe/Berlin") from None
    return name


def _habits(given: str, zone: str) -> Habits:
    """"breakfast=07:30,sleep=23:00" """
    found: dict[str, time] = {}
    for part in filter(None, (one.strip() for one in (given or "").split(","))):
        name, _, at = part.partition("=")
        try:
            hour = time.fromisoformat(at.strip())
        except ValueError:
            hour = None
        if name.strip() not in _HOURS or hour is None or hour.tzinfo is not None:
            raise BadInput("bad_choice", place="--habits", need=" ".join(f"{one}=HH:MM" for one in _HOURS))
        found[name.strip()] = hour
    usual = Habits(zone)
    return Habits(zone, *(found.get(name, getattr(usual, name)) for name in _HOURS))


def _start(given: str, habits: Habits) -> datetime:
    try:
        if len(given) == 10:
            return midnight(habits, date.fromisoformat(given))
        found = datetime.fromisoformat(given)
    except ValueError:
        raise BadInput("bad_input", place="--from", need="a day or an instant: 2026-03-29, 2026-03-29T08:00+02:00") from None
    return found if found.tzinfo else found.replace(tzinfo=zone_named(habits.zone))


def _read(path: Path) -> Any:
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if str(path) == "-" else _bytes(path)
    except OSError as error:
        raise BadInput("file_unreadable", place=str(path), need=error.strerror or "a file that can be read") from None
    if len(raw) > MOST_BYTES:
        raise BadInput("file_too_large", place=str(path), need=MOST_BYTES)
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise BadInput("not_json", place=str(path), need="JSON: a FHIR Dosage, a list of them, or a MedicationRequest") from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _written(whole: Any) -> Written:
    """A Dosage, a list, or the resource they are in."""
    if isinstance(whole, list):
        return Written(whole)
    if not isinstance(whole, Mapping):
        raise BadInput("bad_input", place="dosage", need="a FHIR Dosage, a list of them, or a MedicationRequest")
    kind = whole.get("resourceType")
    if kind is None:
        return Written(whole)
    if kind not in ("MedicationRequest", "MedicationStatement", "MedicationUsage", "MedicationOrder"):
        raise BadInput("bad_input", place="resourceType", need="MedicationRequest or MedicationStatement")
    dosages = whole.get("dosageInstruction") if whole.get("dosageInstruction") is not None else whole.get("dosage")
    effective = node(whole.get("effectivePeriod"))
    authored = time_text(whole.get("authoredOn") or whole.get("dateWritten")) or time_text(effective.get("start")) or time_text(whole.get("effectiveDateTime"))
    status, intent = text(whole.get("status")), text(whole.get("intent"))
    why = "not_asked_for" if intent in _NOT_ASKED_FOR else _ENDED.get(status, "")
    if whole.get("doNotPerform") is True:
        why = "do_not_perform"
    return Written(dosages, authored, time_text(effective.get("end")), why)


# ------------------------------------------------------------------------------------------------------------------ the answer


def _document(of: tuple[Habits, datetime, datetime], written: Written, found: Regimen, doses: tuple[Due, ...]) -> dict[str, Any]:
    habits, start, end = of
    say = words("en", zone_named(habits.zone))
    zone = zone_named(habits.zone)
    return {
        "zone": habits.zone,
        "from": start.astimezone(zone).isoformat(),
        "until": end.astimezone(zone).isoformat(),
        "status": "ended" if written.why_not else "ask" if found.asked else "planned" if found.steps else "as_needed",
        "why_not": written.why_not or None,
        "doses": [_dose(one) for one in doses],
        "questions": [] if written.why_not else [_question(one, say) for one in found.asked],
        "as_needed": [] if written.why_not else [_needed(one) for one in found.as_needed],
        "notes": [_noted(one, say) for one in found.notes],
        "how": [said(say, key, facts) for key, facts in how(found, habits)],
    }


def _dose(one: Due) -> dict[str, Any]:
    return {
        "at": one.at.isoformat(),
        "utc": one.at.astimezone(zone_named("UTC")).isoformat().replace("+00:00", "Z"),
        "dose": _amount(one.amount),
        "step": one.step,
        "slot": one.slot,
        "text": one.text or None,
        "rate": one.rate or None,
    }


def _amount(one: Amount | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"value": one.low if one.low == one.high else None, "low": one.low, "high": one.high, "unit": one.unit or None, "code": one.code or None}


def _question(one: Asked, say: Any) -> dict[str, Any]:
    return {
        "code": one.code, "place": one.place, "text": one.text or None, "needs": one.needs, "options": list(one.options),
        "sentence": say("ask." + one.code),
    }  # fmt: skip


def _noted(one: Noted, say: Any) -> dict[str, Any]:
    return {"code": one.code, "place": one.place, "sentence": say("schedule_note." + one.code)}


def _needed(one: AsNeeded) -> dict[str, Any]:
    return {
        "dose": _amount(one.amount),
        "reason": one.reason or None,
        "min_interval_minutes": None if one.least_between is None else one.least_between.total_seconds() / 60,
        "max_doses": one.most_doses,
        "max_amount": _amount(one.most_amount),
        "per_hours": one.per.total_seconds() / 3600,
        "text": one.text or None,
    }


def _lines(written: Written, found: Regimen, doses: tuple[Due, ...]) -> list[str]:
    """For people: one line a dose."""
    if written.why_not:
        return [f"Nothing is due: {written.why_not.replace('_', ' ')}."]
    lines = [f"{one.at.isoformat()}  {_said(one.amount)}".rstrip() for one in doses]
    lines += [f"To ask: {one.code.replace('_', ' ')} ({one.place})" for one in found.asked]
    lines += [f"When needed: {_said(one.amount)} {one.reason}".rstrip() for one in found.as_needed]
    return lines or ["Nothing is due in this time."]


def _said(one: Amount | None) -> str:
    if one is None:
        return ""
    return f"{one.low:g}{f'-{one.high:g}' if one.high != one.low else ''} {one.unit}".strip()
