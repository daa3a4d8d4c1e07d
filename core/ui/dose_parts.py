"""This is the place where doses are written: time, name, how much, and what is known about each, as word, icon and colour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from core.care.dose_views import DoseLine, DosePart
from core.medications.entered import UNITS
from core.medications.supply import same_unit
from core.ui.markup import dotted, tag
from core.ui.words import Words

LOOK: Mapping[str, tuple[str, str]] = {
    "later": ("clock", "plain"), "due": ("clock", "accent"), "unlogged": ("unknown", "unknown"), "taken": ("fine", "fine"),
    "skipped": ("info", "plain"), "ended": ("info", "plain"),
}  # fmt: skip
OPEN = ("due", "unlogged")
"""States that wait for an answer now."""
ANSWERED = ("taken", "skipped")


def mark(medicine_id: str) -> str:
    """A short name of a medicine for keys of controls: ids of records hold characters that a stylesheet can't."""
    return hashlib.sha256(medicine_id.encode()).hexdigest()[:12]


def there(t: Words, zone: str) -> Words:
    """The words with the clock of where the person is."""
    return replace(t, zone=ZoneInfo(zone))


def clock(t: Words, at: datetime) -> str:
    return t.as_written(at, "time")


def upcoming(t: Words, at: datetime, now: datetime) -> str:
    """A time to come: the clock alone where that is today."""
    same = at.astimezone(t.zone).date() == now.astimezone(t.zone).date()
    return t("medicine.today_at", time=clock(t, at)) if same else t.moment(at)


def amount(t: Words, given: tuple[float, float, str] | None) -> str:
    """How much, in the reader's language where the unit is one we know: "1 tablet", "1–2 tablets", "5 mg"; "" where nothing was written."""
    if given is None:
        return ""
    low, high, unit = given
    many = t.number(low) if low == high else f"{t.number(low)}–{t.number(high)}"
    known = next((one for one in UNITS if same_unit(unit, one)), "")
    if known:
        return t("dose_unit." + known, n=int(high) if high == int(high) else high, many=many)
    return f"{many} {unit}".strip()


def worded(t: Words, facts: Mapping[str, str | int | float]) -> Mapping[str, str | int | float]:
    """The facts of an instruction with its amount in the reader's language ("2 片" is "2 tablets")."""
    many, _, unit = str(facts.get("amount", "")).partition(" ")
    known = next((one for one in UNITS if unit and same_unit(unit, one)), "")
    if not known:
        return facts
    return {**facts, "amount": t("dose_unit." + known, n=1 if many == "1" else 2, many=many)}


def row(t: Words, one: DoseLine) -> str:
    """A dose as a line: the time big, then what, how much, how it stands."""
    details = dotted(escape(said) for said in (amount(t, one.amount), one.text) if said)
    below = "".join(f'<span class="dose-d">{escape(said)}</span>' for said in remarks(t, one))
    critical = tag(t("dose.critical"), "info", "accent") if one.critical else ""
    return (
        f'<div class="dose"><span class="dose-t">{escape(clock(t, one.at))}</span><span class="dose-n">{escape(one.title)}</span>'
        f'<span class="dose-d">{details}</span><span class="dose-s">{state(t, one)}{critical}</span>{below}</div>'
    )


def state(t: Words, one: DoseLine) -> str:
    """How it stands: what is past and not answered is "nothing logged yet", never missed."""
    look, tone = LOOK.get(one.state, LOOK["unlogged"])
    if one.state == "taken" and one.taken_at is not None:
        return tag(t("dose.taken_at", time=clock(t, one.taken_at)), look, tone)
    if one.state == "skipped" and one.reason:
        return tag(t("dose.skipped_because", reason=t.first("skip." + one.reason, "skip.other")), look, tone)
    if one.state == "ended":
        return tag(t.first("dose_ended." + one.why, "dose_ended.changed"), look, tone)
    return tag(t.first("dose.state." + one.state, "dose.state.unlogged"), look, tone)


def remarks(t: Words, one: DoseLine) -> tuple[str, ...]:
    """What has to be said beside a dose: not reminded of and why, perhaps reminded twice, reminded how often."""
    said = []
    if one.missed_why and one.state not in ANSWERED:
        said.append(t.joined((t("dose.not_reminded"), t.first("missed_why." + one.missed_why, "missed_why.other"))))
    if one.maybe_twice:
        said.append(t("dose.maybe_twice"))
    if one.sent and one.state in OPEN:
        said.append(t("dose.sent", n=one.sent))
    return tuple(said)


def waiting(part: DosePart) -> tuple[DoseLine, ...]:
    """The doses of a part of the day that wait for an answer now."""
    return tuple(one for one in part.doses if one.state in OPEN)


def answered(part: DosePart) -> int:
    """How many doses of a part of the day have an answer."""
    return sum(one.state in ANSWERED for one in part.doses)


def logged(parts: Iterable[DosePart]) -> tuple[int, int]:
    """How many doses of the day are logged, of how many that count."""
    counted = [one for part in parts for one in part.doses if one.state != "ended"]
    return sum(one.state in ANSWERED for one in counted), len(counted)
