"""This is the place where an answer about thoughts of death or of hurting oneself becomes a notice, whatever else was answered.

PHQ-9, question 9 (LOINC 44260-8): any answer above "not at all" asks for a person to look at once (Kroenke 2001; REFERENCE, section 4). It stays a
notice for ninety days, the first two weeks as "act now", unless "not at all" is answered at least a day later: an answer changed within a day is no
recovery. The spans are ours, not a guideline's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class SelfHarmAnswer:
    """One answer to that question: when (FHIR text), how far above "not at all" (0 to 3), and the record that says so."""

    when: str
    value: float
    record_id: str


def concern(answers: Iterable[SelfHarmAnswer], now: datetime) -> Iterator[Notice]:
    """The newest such answer above "not at all", as one notice; none where there is none, it is old, or "not at all" was answered a day or more
    later. An answer without a time is taken for one of now: it may be."""
    dated = [(_at(one, now), one) for one in answers]
    known = sorted(((at, one) for at, one in dated if now - _KNOWN_FOR <= at <= now + _AHEAD), key=lambda pair: (pair[0], pair[1].record_id))
    above = [pair for pair in known if pair[1].value > 0]
    if not above:
        return
    at, answer = above[-1]
    if any(one.value == 0 and when - at >= _LATER for when, one in known):
        return
    severity = Severity.ACT_NOW if now - at <= _PRESSING_FOR else Severity.ACT_SOON
    yield Notice(severity, "attention.self_harm", {"when": answer.when}, (answer.record_id,), "action.self_harm")


def in_records(records: Iterable[Record]) -> Iterator[SelfHarmAnswer]:
    """Every such answer that stands in the record as an Observation of its own; of one that can't be read nothing is said here."""
    for record in records:
        item = record.item
        if record.standing is not Standing.CURRENT or item.kind != "Observation" or item.concept.code_in(LOINC) != SELF_HARM:
            continue
        for value in item.values:
            number = _number(value)
            if number is not None:
                yield SelfHarmAnswer(item.start or item.issued, number, record.record_id)


def _at(answer: SelfHarmAnswer, now: datetime) -> datetime:
    time = PartialTime.parse(answer.when)
    return now if time is None else time.earliest


def _number(value: Value) -> float | None:
    if value.problem or value.absent:
        return None
    if value.number is not None:
        return value.number
    return _ANSWERS.get(value.coding.code) if value.coding else None
