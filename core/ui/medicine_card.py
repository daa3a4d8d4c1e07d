"""This is the place where a medicine is written as a card in plain language: how it is taken first, then what for, since when, from whom, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from core.care.dose_views import MedicineCard, StockView
from core.care.requests import NO_TEAM
from core.care.views import MedicineLine
from core.domain.doses import Request
from core.domain.people import Role
from core.domain.time import PartialTime
from core.ui import lines
from core.ui.dose_parts import amount, upcoming, worded
from core.ui.markup import chip, dotted, facts, h3, note, row, rows, tag
from core.ui.medicine_safety import gravest, state_of
from core.ui.schedule_words import said
from core.ui.values import source_marks
from core.ui.words import Words

NOW: Mapping[str, tuple[str, str]] = {
    "current": ("check", "accent"), "stopped": ("clock", "plain"), "planned": ("clock", "plain"), "on_hold": ("clock", "watch"),
    "superseded": ("clock", "plain"), "not_taking": ("info", "watch"), "unclear": ("unknown", "unknown"), "unknown": ("unknown", "unknown"),
}  # fmt: skip
_TO_THE_PERSON = "schedule_note.text_unread"
"""A note that asks the person to read for themselves; the order's own words stand beside it for everybody."""
RECEIPTS: Mapping[str, tuple[str, str]] = {"requested": ("clock", "accent"), "accepted": ("fine", "fine"), "failed": ("soon", "soon"), "withdrawn": ("info", "plain")}


def card(t: Words, one: MedicineCard, now: datetime, who: Role) -> str:
    """The whole card but its buttons, for who reads it."""
    parts = [f'<h3 class="hb-h3 med-n">{escape(one.title)} {marks(t, one, who is Role.COORDINATOR)}</h3>', how(t, one)]
    parts.append(facts(_facts(t, one, now), ready=True))
    parts += [note(t(each.code)) for each in one.notes if who is Role.PATIENT or each.code != _TO_THE_PERSON]
    return "".join(parts)


def marks(t: Words, one: MedicineCard, clinician: bool) -> str:
    """Its place today, who says so, and whether a check found something or could not look."""
    look, tone = NOW.get(one.now, NOW["unknown"])
    found = [tag(t.first("medicine_now." + one.now, "medicine_now.unknown"), look, tone)]
    if one.source == "own":
        found.append(tag(t("medicine.sort." + one.sort), "pen"))
    if one.critical:
        found.append(tag(t("dose.critical"), "info", "accent"))
    worst = gravest(one.findings, clinician)
    if worst is not None:
        found.append(tag(t("medicine.see_checks"), state_of(worst), state_of(worst)))
    elif not one.checked:
        found.append(tag(t("medicine.not_checked"), "unknown", "unknown"))
    return " ".join(found)


def how(t: Words, one: MedicineCard) -> str:
    """How it is taken, big; the order's own words where nothing else is known."""
    said_now = [said(t, each.code, worded(t, each.facts)) for each in one.how if each.code != "how.from" or not one.since]
    told = said_now or list(one.written) or [t("medicines.no_dosage")]
    return "".join(f'<p class="med-how">{escape(each)}</p>' for each in told)


def _facts(t: Words, one: MedicineCard, now: datetime) -> list[tuple[str, str]]:
    since, until = PartialTime.parse(one.since), PartialTime.parse(one.until)
    span = t("record.from_to", start=t.day(since), end=t.day(until)) if since and until else t.day(since) if since else ""
    return [
        (t("medicine.written"), escape(" / ".join(f"“{each}”" for each in one.written)) if one.how else ""),
        (t("medicine.next"), escape(upcoming(t, one.next_at, now)) if one.next_at else ""),
        (t("medicine.for"), escape(one.reason)),
        (t("medicine.since"), escape(span)),
        (t("medicine.until"), escape(t.day(until)) if until and not since else ""),
        (t("medicine.from"), escape(one.prescriber)),
        (t("medicine.left"), stock(t, one.stock) if one.stock else ""),
        (t("medicine.source"), source_marks(t, one.line.line.sources) if one.line else escape(t("medicine.sort.medicine"))),
    ]


def stock(t: Words, one: StockView) -> str:
    """How many are left and until when, as far as it can be told."""
    if one.left is None:
        return escape(t("stock.unknown"))
    parts = [escape(t("stock.left", amount=amount(t, (one.left, one.left, one.unit)))), chip(t, one.state) if one.state != "unknown" else ""]
    if one.runs_out:
        parts.append(escape(t("stock.until", day=one.runs_out)))
    below = [t("stock.ask_now") if one.state in ("soon", "now") else t("stock.ask_by", day=one.refill_by) if one.refill_by and one.state == "watch" else ""]
    below.append(t("stock.assumed", n=one.assumed) if one.assumed else "")
    return " ".join(filter(None, parts)) + "".join(f"<br><small>{escape(each)}</small>" for each in below if each)


def receipt(t: Words, one: Request | None, now: datetime) -> str:
    """How a request stands. That nobody asked is said as well: looking is not asking."""
    if one is None:
        return note(t("refill.only_viewed"))
    look, tone = RECEIPTS.get(one.state, RECEIPTS["requested"])
    parts = [t("refill.asked_on", time=t.moment(one.asked_at))]
    if one.state == "failed" and one.answer == NO_TEAM:
        parts.append(t("refill.no_team"))
    elif one.state in ("accepted", "failed") and one.decided_at:
        parts.append(t("refill.decided", name=one.decided_by, time=t.moment(one.decided_at)))
        parts.append(t("refill.answer", text=one.answer) if one.answer else "")
    elif one.state == "requested":
        parts.append(t("refill.seen", age=t.age(one.seen_at, now)) if one.seen_at else t("refill.not_seen"))
    return f'<div class="receipt">{tag(t("refill.state." + one.state), look, tone)}<span>{escape(t.joined(parts))}</span></div>'


def history(t: Words, one: MedicineCard) -> str:
    """The orders before, the newest first."""
    return h3(t("medicine.history")) + rows(earlier(t, each) for each in one.history)


def earlier(t: Words, one: MedicineLine) -> str:
    """An order as the record has it."""
    start, end = PartialTime.parse(one.start), PartialTime.parse(one.end)
    span = t("record.from_to", start=t.day(start), end=t.day(end)) if start and end else t("medicines.since", start=start) if start else ""
    details = [escape(each) for each in (*one.dosage, span, t("medicines.prescriber", name=one.prescriber) if one.prescriber else "") if each]
    look, tone = NOW.get(one.now, NOW["unknown"])
    return row(lines.title(t, one.line), "", dotted([*details, source_marks(t, one.line.sources)]), tag(t("medicine_now." + one.now), look, tone))
