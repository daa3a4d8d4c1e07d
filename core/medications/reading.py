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
from core.medications.clocks import LOOSE, of_code
from core.medications.foreign import node, nodes, text, time_text, title, whole
from core.medications.free_text import understood
from core.medications.repeats import bounds, count, rate_of, timed
from core.medications.steps import Regimen, Step
from core.medications.terms import Amount, Asked, AsNeeded, Noted

MOST_DOSAGES = 40
MOST_EVENTS = 1_000
_PER = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "wk": 604_800, "mo": 2_629_800, "a": 31_557_600}


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
        order.asked.append(Asked(unclear.code, f"{place}.{unclear.place}" if unclear.place else place, said, unclear.needs, unclear.options))
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
    structured = bool(_events(timing)) or _says_when(node(timing.get("repeat"))) or _code_texts(timing)
    if not structured:
        if not said:
            if _needed(dosage):
                return [dosage]
            raise Unclear("how_often", "timing")
        found = understood(said)
        if found.asked:
            if _needed(dosage):
                return [dosage]
            raise _Questions(found.asked)
        if _needed(dosage) and not all(_needed(one) for one in found.dosages):
            return [{**one, "asNeededBoolean": True, **_over(dosage, one)} for one in found.dosages]
        return [{**one, **_over(dosage, one), "text": said} for one in found.dosages]
    if said:
        _hold_against(order, dosage, said, place)
    return [dosage]


def _over(dosage: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """What the structure says wins over what the text says, except about times. Raises Unclear where both name a dose and they differ."""
    own = {key: value for key, value in dosage.items() if key not in ("timing", "text")}
    ours, theirs = amounts.amount(dosage), amounts.amount(one)
    if ours and theirs and (ours.low, ours.high) != (theirs.low, theirs.high) and _like(ours, theirs):
        raise Unclear("text_conflict", "doseAndRate", "amount")
    timing = node(dosage.get("timing"))
    repeat = {**node(node(one.get("timing")).get("repeat")), **node(timing.get("repeat"))}
    return {**own, "timing": {**node(one.get("timing")), "repeat": repeat}}


def _like(one: Amount, other: Amount) -> bool:
    return not one.unit or not other.unit or one.unit.casefold().rstrip("s") == other.unit.casefold().rstrip("s")


def _hold_against(order: _Order, dosage: Mapping[str, Any], said: str, place: str) -> None:
    """A text beside the structure that says something else is asked about; one we can't read in full is shown, and said to be unread."""
    found = understood(said)
    if found.asked or len(found.dosages) != 1:
        order.notes.append(Noted("text_unread", f"{place}.text", said))
        return
    told = found.dosages[0]
    if _needed(told) != _needed(dosage):
        raise Unclear("text_conflict", "asNeeded")
    theirs, ours = _per_second(node(node(told.get("timing")).get("repeat"))), _per_second(_repeat(node(dosage.get("timing")))[0])
    if theirs is not None and ours is not None and abs(theirs - ours) > ours * 1e-6:
        raise Unclear("text_conflict", "timing")
    one, other = amounts.amount(dosage), amounts.amount(told)
    if one and other and _like(one, other) and one.unit and (one.low, one.high) != (other.low, other.high):
        raise Unclear("text_conflict", "doseAndRate", "amount")


def _per_second(repeat: Mapping[str, Any]) -> float | None:
    """How often a repeat is due, per second; None where it does not say or leaves a range."""
    try:
        rate = rate_of(repeat)
    except Unclear:
        return None
    if not rate.said or rate.high is not None or rate.period_most is not None:
        return None
    return (rate.low or 1) / ((rate.period or 1.0) * _PER.get(rate.unit or "d", 86_400))


def _says_when(repeat: Mapping[str, Any]) -> bool:
    return any(repeat.get(key) is not None for key in ("frequency", "period", "when", "timeOfDay", "dayOfWeek", "frequencyMax"))


def _events(timing: Mapping[str, Any]) -> list[Any]:
    given = timing.get("event")
    return list(given) if isinstance(given, list | tuple) else [] if given is None else [given]


def _needed(dosage: Mapping[str, Any]) -> bool:
    """Whether it is taken only when needed (R4 and R5)."""
    flags = (dosage.get("asNeededBoolean"), dosage.get("asNeeded"))
    return any(flag is True for flag in flags) or bool(title(dosage.get("asNeededCodeableConcept")) or nodes(dosage.get("asNeededFor"))) or bool(node(dosage.get("asNeededCodeableConcept")))


def _code_texts(timing: Mapping[str, Any]) -> list[str]:
    """What the code of a timing is called, its codes first."""
    code = node(timing.get("code"))
    found = [text(one.get("code")) for one in nodes(code.get("coding"))] + [text(one.get("display")) for one in nodes(code.get("coding"))]
    return [one for one in (*found, text(code.get("text"))) if one]


def _repeat(timing: Mapping[str, Any], said: str = "") -> tuple[Mapping[str, Any], bool]:
    """The repeat with what its code adds, and whether the code says that it is taken when needed. Where both say how often they must agree."""
    repeat, names = node(timing.get("repeat")), _code_texts(timing)
    if any(name.strip().upper().replace(".", "") == "PRN" for name in names):
        return repeat, True
    coded = next((found for name in names if (found := of_code(name)) is not None), None)
    if coded is None and names:
        told = [one.dosages[0] for one in map(understood, names) if not one.asked and len(one.dosages) == 1]
        coded = dict(node(node(told[0].get("timing")).get("repeat"))) if told else None
        if coded is None and not _says_when(repeat):
            raise Unclear("code_unknown", "timing.code")
    if coded is None:
        return repeat, False
    if not _says_when(repeat):
        return _looser({**coded, **repeat}, names, said), False
    theirs, ours = _per_second(coded), _per_second(repeat)
    if theirs is not None and ours is not None and abs(theirs - ours) > theirs * 1e-6:
        raise Unclear("code_conflict", "timing.code")
    if repeat.get("timeOfDay") is not None or repeat.get("when") is not None or repeat.get("dayOfWeek") is not None:
        return {**{key: value for key, value in coded.items() if key != "when"}, **repeat}, False
    return _looser({**repeat, **coded}, names, said), False


def _looser(repeat: Mapping[str, Any], names: Sequence[str], said: str) -> Mapping[str, Any]:
    """A code that leaves the hour to the house gives way to a text that names one."""
    if not said or not any(name.upper() in LOOSE for name in names):
        return repeat
    found = understood(said)
    named = [node(node(one.get("timing")).get("repeat")) for one in found.dosages]
    if found.asked or len(named) != 1 or not (named[0].get("when") or named[0].get("timeOfDay")):
        return repeat
    own = {key: value for key, value in repeat.items() if key != "when"}
    return {**own, **{key: named[0][key] for key in ("when", "timeOfDay", "offset") if key in named[0]}}


# ------------------------------------------------------------------------------------------------------------------ one dosage


def _put(order: _Order, at: int, dosage: Mapping[str, Any], place: str) -> None:
    """Add a dosage as a step or as what may be taken when needed. Raises Unclear."""
    said = text(dosage.get("text"))
    timing = node(dosage.get("timing"))
    repeat, needed = _repeat(timing, said)
    much = amounts.amount(dosage)
    _within_one(dosage, much)
    if needed or _needed(dosage):
        order.as_needed.append(_as_needed(dosage, repeat, much, (said, place)))
        return
    events = _events(timing)
    if events and _says_when(repeat):
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
        least = timedelta(seconds=(rate.period or 1.0) * _PER[rate.unit] / (rate.high or rate.low or 1))
        found = replace(found, least_between=least)
    elif rate.low is not None:
        per = timedelta(seconds=(rate.period or 1.0) * _PER[rate.unit or "d"])
        found = replace(found, most_doses=rate.high or rate.low, per=per)
    limit = amounts.most(dosage)
    if limit is None:
        return found
    amount, per = limit
    if amount.unit == "dose":
        return replace(found, most_doses=int(amount.high), per=per)
    if much is not None and _like(much, amount) and amount.unit and found.per == per and much.low > 0:
        by_amount = int(amount.high / much.low + 1e-9)
        return replace(found, most_amount=amount, per=per, most_doses=min(found.most_doses or by_amount, by_amount))
    return replace(found, most_amount=amount, per=per, most_doses=found.most_doses if found.per == per else None)


def _within_one(dosage: Mapping[str, Any], much: Amount | None) -> None:
    """A dose above what the same order allows at once is asked about."""
    most = amounts.quantity(dosage.get("maxDosePerAdministration"), "maxDosePerAdministration")
    if most and much and most.unit and _like(most, much) and much.high > most.high:
        raise Unclear("above_maximum", "maxDosePerAdministration", "amount")


def _within_period(dosage: Mapping[str, Any], step: Step) -> None:
    """Doses that together are more than the same order allows in its time are asked about."""
    limit = amounts.most(dosage)
    if limit is None or step.amount is None or not limit[0].unit or not _like(limit[0], step.amount):
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
