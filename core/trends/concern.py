"""This is the place where an answer about thoughts of death or of hurting oneself becomes a notice, whatever else was answered.

PHQ-9, question 9 (LOINC 44260-8): any answer above "not at all" asks for a person to look at once (Kroenke 2001; REFERENCE, section 4). It stays a
notice for ninety days, the first two weeks as "act now", unless "not at all" is answered at least a day later: an answer changed within a day is no
recovery. The spans are ours, not a guideline's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from core.domain.codes import LOINC
from core.domain.records import Record, Standing, Value
from core.domain.time import PartialTime
from core.trends.judgement import Notice, Severity

SELF_HARM = "44260-8"
_ANSWERS = {"LA6568-5": 0.0, "LA6569-3": 1.0, "LA6570-1": 2.0, "LA6571-9": 3.0}
"""LOINC's answers "not at all", "several days", "more than half the days", "nearly every day"."""
_KNOWN_FOR, _PRESSING_FOR, _LATER = timedelta(days=90), timedelta(days=14), timedelta(days=1)
_AHEAD = timedelta(days=1)


def concern(records: Iterable[Record], now: datetime) -> Iterator[Notice]:
    """The newest such answer, as one notice; none where there is none, it is old, or "not at all" was answered a day or more later."""
    found = sorted(_answers(records, now), key=lambda one: (one[0], one[2].record_id))
    above = [(at, record) for at, value, record in found if value > 0]
    if not above:
        return
    at, record = above[-1]
    if any(value == 0 and when - at >= _LATER for when, value, _ in found):
        return
    severity = Severity.ACT_NOW if now - at <= _PRESSING_FOR else Severity.ACT_SOON
    yield Notice(severity, "attention.self_harm", {"when": record.item.start or record.item.issued}, (record.record_id,), "action.self_harm")


def _answers(records: Iterable[Record], now: datetime) -> Iterator[tuple[datetime, float, Record]]:
    """Every answer to that question of the last ninety days that can be read; of one that can't nothing is said here."""
    for record in records:
        item = record.item
        if record.standing is not Standing.CURRENT or item.kind != "Observation" or item.concept.code_in(LOINC) != SELF_HARM:
            continue
        time = PartialTime.parse(item.start) or PartialTime.parse(item.issued)
        if time is None or not now - _KNOWN_FOR <= time.earliest <= now + _AHEAD:
            continue
        for value in item.values:
            number = _number(value)
            if number is not None:
                yield time.earliest, number, record


def _number(value: Value) -> float | None:
    if value.problem or value.absent:
        return None
    if value.number is not None:
        return value.number
    return _ANSWERS.get(value.coding.code) if value.coding else None
