"""This is the place where records are written as lines: title, value, when, status, plain words, where from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from core.care.views import RecordLine
from core.domain.records import Standing
from core.domain.time import PartialTime
from core.ui.markup import chip, dotted, row, rows, tag
from core.ui.sentences import reason, sentence
from core.ui.values import all_said, pressure, source_marks, span
from core.ui.words import Words

QUIET_STATUSES = frozenset({"", "final", "active", "completed", "finished", "current", "in-use", "unknown"})
"""Statuses that say nothing a reader would miss."""
LONG_VALUE = 28
"""Characters from which a value stands below the title instead of beside it."""


def title(t: Words, line: RecordLine) -> str:
    """What the record is about: our words for a known signal, else the record's own, else the kind."""
    if pressure(line.values):
        return t("signal.blood_pressure")
    if len(line.values) == 1 and line.values[0].signal and t.has("signal." + line.values[0].signal):
        return t("signal." + line.values[0].signal)
    return line.title or t.first("kind." + line.kind, "kind.other")


def when(t: Words, line: RecordLine, now: datetime) -> str:
    """The time of a record with its age: "3 days ago, 18 Nov 2026"."""
    time = PartialTime.parse(line.when)
    if time is None:
        return t("record.no_time")
    day, age = t.day(time), t.age(time, now)
    return day if day == age else t("list.comma").join((age, day))


def value(t: Words, line: RecordLine) -> str:
    """The value of a record as text, in the person's units; nothing where it is quarantined."""
    if line.standing is Standing.QUARANTINED or any(v.problem for v in line.values):
        return ""
    return all_said(t, line.values)


def chips(t: Words, line: RecordLine) -> str:
    """The state, and what sets this record apart: quarantined, replaced, retracted, a status worth knowing."""
    marks = [chip(t, line.state)] if line.state else []
    if line.standing is Standing.QUARANTINED:
        marks.append(tag(t("standing.quarantined"), "unknown", "unknown"))
    elif line.standing is not Standing.CURRENT:
        marks.append(tag(t("standing." + line.standing.value), "clock"))
    if line.status not in QUIET_STATUSES:
        marks.append(tag(status(t, line.status), "info"))
    if line.verification in ("unconfirmed", "provisional", "differential", "refuted"):
        marks.append(tag(t("verification." + line.verification), "unknown"))
    if line.see_original:
        marks.append(tag(t("record.see_original"), "file"))
    return " ".join(marks)


def status(t: Words, code: str) -> str:
    return t("status." + code) if t.has("status." + code) else code


def as_row(t: Words, line: RecordLine, now: datetime, *, plain: bool = True) -> str:
    """One record as a line of a list."""
    said = value(t, line)
    long = len(said) > LONG_VALUE
    details = _details(t, line, now)
    if long:
        details.insert(0, f"<b>{escape(said)}</b>")
    below = dotted(details) + _remarks(t, line, plain=plain)
    return row(title(t, line), "" if long else escape(said), below, chips(t, line))


def as_block(t: Words, line: RecordLine, now: datetime) -> str:
    """What stands below the title of a record where the title itself is a button."""
    said = value(t, line)
    marks = chips(t, line)
    first = f'<span class="mean">{marks} <b>{escape(said)}</b></span>' if said else f"<span>{marks}</span>" if marks else ""
    details = dotted(_details(t, line, now)) + _remarks(t, line, plain=True)
    return f'<div class="line item">{first}<span class="row-d">{details}</span></div>'


def _details(t: Words, line: RecordLine, now: datetime) -> list[str]:
    details = [escape(when(t, line, now)), source_marks(t, line.sources)]
    if len(line.values) == 1 and (given := span(t, line.values[0])) and value(t, line):
        details.append(escape(t("record.range", range=given)))
    return details


def _remarks(t: Words, line: RecordLine, *, plain: bool) -> str:
    problem = "; ".join(reason(t, code) for code in problems(line))
    remarks = [problem, sentence(t, line.plain) if plain else ""]
    return "".join(f"<br>{escape(one)}" for one in remarks if one)


def problems(line: RecordLine) -> tuple[str, ...]:
    """Why a record is odd, each reason once."""
    return tuple(dict.fromkeys((*line.problems, *(v.problem for v in line.values if v.problem))))


def listed(t: Words, lines: Iterable[RecordLine], now: datetime, *, plain: bool = True) -> str:
    return rows(as_row(t, line, now, plain=plain) for line in lines)


def brief(t: Words, line: RecordLine) -> str:
    """A problem, allergy or medicine in a few words, with what matters beside it (dose, reaction, severity)."""
    beside = [text for key, text in line.detail if key in ("dosage", "reaction", "criticality_text", "severity")]
    name = title(t, line)
    return f"{name} ({'; '.join(beside)})" if beside else name
