"""This is the place where a FHIR dosage becomes a regimen: steps that are planned, limits of what is taken when needed, or questions. Total.

Nothing is guessed: what is missing, contradicts itself or can't be read becomes a question, and then nothing of the order is planned by halves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from core.domain.time import PartialTime
from core.medications import amounts
from core.medications.amounts import Unclear
from core.medications.foreign import node, nodes, text, time_text, title, whole
from core.medications.free_text import understood
from core.medications.repeats import bounds, count, rate_of, timed
from core.medications.stated import PER, agrees, code_texts, events_of, like, needed, over, repeat_of, says_when
from core.medications.steps import Regimen, Step
from core.medications.terms import Amount, Asked, AsNeeded, Noted

MOST_DOSAGES = 40
MOST_EVENTS = 1_000


@dataclass(slots=True)
class _Order:
    """What has been read of an order so far."""

    authored: str
    anchored: bool
    steps: list[Step] = field(default_factory=list)
    as_needed: list[AsNeeded] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    sequence: dict[int, int | None] = field(default_factory=dict)


def regimen(dosages: object, authored: str = "", until: str = "", *, anchored: bool = True) -> Regimen:
    """The regimen of one or several Dosage objects. `authored` and `until` are FHIR times of the order ("" unknown). `anchored`: where nothing says when
    it begins, what depends on that counts from the day it is asked for (and says so); without it, that is asked. Never raises."""
    order = _Order(time_text(authored), anchored)
    given = [dosages] if isinstance(dosages, Mapping) else list(dosages) if isinstance(dosages, list | tuple) else []
    if not given:
        order.asked.append(Asked("no_dosage", "dosageInstruction"))
    if len(given) > MOST_DOSAGES:
        order.asked.append(Asked("too_many_dosages", "dosageInstruction"))
        given = []
    for at, dosage in enumerate(given):
        _read_one(order, at, dosage)
    _in_sequence(order)
    steps = () if order.asked else tuple(order.steps)
    return Regimen(steps, tuple(order.as_needed), tuple(order.asked), tuple(dict.fromkeys(order.notes)), order.authored, time_text(until))


def _read_one(order: _Order, at: int, dosage: object) -> None:
    place = f"dosageInstruction[{at}]"
    if not isinstance(dosage, Mapping):
        order.asked.append(Asked("dosage_unusable", place))
        return
    said = text(dosage.get("text"))
    try:
        for one in _structured(order, dosage, said, place):
            _put(order, at, one, place)
    except Unclear as unclear:
        where = f"timing.{unclear.place}" if unclear.place.startswith("repeat") else unclear.place
        order.asked.append(Asked(unclear.code, f"{place}.{where}" if where else place, said, unclear.needs, unclear.options))
    except _Questions as questions:
        order.asked += [replace(one, place=one.place or f"{place}.text", text=one.text or said) for one in questions.asked]


class _Questions(Exception):
    """What the text of a dosage leaves open."""

    def __init__(self, asked: Sequence[Asked]) -> None:
        super().__init__("questions")
        self.asked = tuple(asked)


def _structured(order: _Order, dosage: Mapping[str, Any], said: str, place: str) -> list[Mapping[str, Any]]:
    """The dosage with its times as structure: its own, else what its text says without doubt. Raises Unclear or _Questions."""
    timing = node(dosage.get("timing"))
    structured = bool(events_of(timing)) or says_when(node(timing.get("repeat"))) or code_texts(timing)
    if not structured:
        if not said:
            if needed(dosage):
                return [dosage]
            raise Unclear("how_often", "timing")
        found = understood(said)
        if found.asked:
            if needed(dosage):
                return [dosage]
            raise _Questions(found.asked)
        if needed(dosage) and not all(needed(one) for one in found.dosages):
            return [{**one, "asNeededBoolean": True, **over(dosage, one)} for one in found.dosages]
        return [{**one, **over(dosage, one), "text": said} for one in found.dosages]
    if said and not agrees(dosage, said):
        order.notes.append(Noted("text_unread", f"{place}.text", said))  # shown in full beside the schedule
    return [dosage]


# ------------------------------------------------------------------------------------------------------------------ one dosage


def _put(order: _Order, at: int, dosage: Mapping[str, Any], place: str) -> None:
    """Add a dosage as a step or as what may be taken when needed. Raises Unclear."""
    said = text(dosage.get("text"))
    timing = node(dosage.get("timing"))
    repeat, by_code = repeat_of(timing, said)
    much = amounts.amount(dosage)
    _within_one(dosage, much)
    if by_code or needed(dosage):
        order.as_needed.append(_as_needed(dosage, repeat, much, (said, place)))
        return
    events = events_of(timing)
    if events and says_when(repeat):
        raise Unclear("events_and_repeat", "timing.event")
    step = Step(at, amount=much, text=said, rate=amounts.rate(dosage))
    made = _of_events(step, events) if events else _of_repeat(order, step, repeat, place)
    _within_period(dosage, made)
    number = whole(dosage.get("sequence"))
    if dosage.get("sequence") is not None and number is None:
        raise Unclear("sequence_unusable", "sequence")
    order.sequence[len(order.steps)] = number
    order.steps.append(made)


def _of_events(step: Step, events: list[Any]) -> Step:
    instants: list[datetime] = []
    days: list[str] = []
    if len(events) > MOST_EVENTS:
        raise Unclear("too_often", "timing.event")
    for one in events:
        found = PartialTime.parse(time_text(one))
        if found is None or found.precision in ("year", "month"):
            raise Unclear("time_unusable", "timing.event", "times")
        if found.precision == "day":
            days.append(found.text)
        else:
            instants.append(found.earliest)
    return replace(step, instants=tuple(sorted(set(instants))), days=tuple(sorted(set(days))))


def _of_repeat(order: _Order, step: Step, repeat: Mapping[str, Any], place: str) -> Step:
    limits, assumed = bounds(repeat)
    order.notes += [Noted(code, f"{place}.timing.repeat") for code in assumed]
    many, when = count(repeat), timed(repeat)
    known = bool(limits.start or order.authored)
    if not known and when.cadence.unit == "wk" and not when.cadence.weekdays:
        raise Unclear("which_day", "repeat.dayOfWeek", "days")
    if not known and (when.from_start or when.once or many is not None or limits.length is not None):
        if not order.anchored:
            raise Unclear("which_day", "repeat.boundsPeriod.start", "start")
        order.notes.append(Noted("counted_from_here", f"{place}.timing.repeat"))
    if when.once:
        return replace(step, spacing=timedelta(days=1), count=1, bounds=limits)
    return replace(step, moments=when.moments, cadence=when.cadence, spacing=when.spacing, count=many, bounds=limits)


def _as_needed(dosage: Mapping[str, Any], repeat: Mapping[str, Any], much: Amount | None, said: tuple[str, str]) -> AsNeeded:
    """What the order allows: the least time between two, how many and how much in which time."""
    reason = title(dosage.get("asNeededCodeableConcept")) or next((title(one) for one in nodes(dosage.get("asNeededFor"))), "")
    found = AsNeeded(much, reason, text=said[0], place=said[1])
    rate = rate_of(repeat)
    if rate.unit in ("s", "min", "h"):
        least = timedelta(seconds=(rate.period or 1.0) * PER[rate.unit] / (rate.high or rate.low or 1))
        found = replace(found, least_between=least)
    elif rate.low is not None:
        per = timedelta(seconds=(rate.period or 1.0) * PER[rate.unit or "d"])
        found = replace(found, most_doses=rate.high or rate.low, per=per)
    limit = amounts.most(dosage)
    if limit is None:
        return found
    amount, per = limit
    if amount.unit == "dose":
        return replace(found, most_doses=int(amount.high), per=per)
    if much is not None and like(much, amount) and amount.unit and found.per == per and much.low > 0:
        by_amount = int(amount.high / much.low + 1e-9)
        return replace(found, most_amount=amount, per=per, most_doses=min(found.most_doses or by_amount, by_amount))
    return replace(found, most_amount=amount, per=per, most_doses=found.most_doses if found.per == per else None)


def _within_one(dosage: Mapping[str, Any], much: Amount | None) -> None:
    """A dose above what the same order allows at once is asked about."""
    most = amounts.quantity(dosage.get("maxDosePerAdministration"), "maxDosePerAdministration")
    if most and much and most.unit and like(most, much) and much.high > most.high:
        raise Unclear("above_maximum", "maxDosePerAdministration", "amount")


def _within_period(dosage: Mapping[str, Any], step: Step) -> None:
    """Doses that together are more than the same order allows in its time are asked about."""
    limit = amounts.most(dosage)
    if limit is None or step.amount is None or not limit[0].unit or not like(limit[0], step.amount):
        return
    amount, per = limit
    if step.spacing is not None and step.count != 1:
        times = per / step.spacing
    elif step.moments and step.cadence.unit == "d" and per >= timedelta(days=1):
        times = len(step.moments) * max(1, per // timedelta(days=step.cadence.every))
    else:
        return
    if step.amount.low * times > amount.high * (1 + 1e-9):
        raise Unclear("above_maximum", "maxDosePerPeriod", "amount")


def _in_sequence(order: _Order) -> None:
    """Steps of one sequence number go together; those of the next begin when all before have ended. Without an end the next can't begin: asked."""
    numbers = sorted({number for number in order.sequence.values() if number is not None})
    if len(numbers) < 2:
        return
    if None in order.sequence.values():
        order.asked.append(Asked("sequence_unusable", "dosageInstruction"))
        return
    groups = [tuple(at for at, number in order.sequence.items() if number == wanted) for wanted in numbers]
    for before, group in pairwise(groups):
        for at in before:
            step = order.steps[at]
            if not (step.count or step.bounds.end or step.bounds.length or step.instants or step.days):
                order.asked.append(Asked("taper_open", f"dosageInstruction[{step.index}].timing.repeat", step.text))
        for at in group:
            if not order.steps[at].bounds.start:
                order.steps[at] = replace(order.steps[at], after=before)
