"""This is the place where the three ways in which a dosage says when it is taken are brought together: its code, its fields and its words.

Where they agree the most exact counts; where they contradict one another it is asked (`Unclear`), never chosen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.medications import amounts
from core.medications.amounts import Unclear
from core.medications.clocks import LOOSE, of_code
from core.medications.expanding import clock_times
from core.medications.foreign import node, nodes, text, title
from core.medications.free_text import understood
from core.medications.repeats import moments, rate_of, weekdays
from core.medications.steps import Moment
from core.medications.terms import Amount, Habits

PER = {"s": 1, "min": 60, "h": 3600, "d": 86_400, "wk": 604_800, "mo": 2_629_800, "a": 31_557_600}
"""Seconds of a period, months and years on average: for comparing only, never for dates."""


def says_when(repeat: Mapping[str, Any]) -> bool:
    return any(repeat.get(key) is not None for key in ("frequency", "period", "when", "timeOfDay", "dayOfWeek", "frequencyMax"))


def events_of(timing: Mapping[str, Any]) -> list[Any]:
    given = timing.get("event")
    return list(given) if isinstance(given, list | tuple) else [] if given is None else [given]


def needed(dosage: Mapping[str, Any]) -> bool:
    """Whether it is taken only when needed (R4 and R5)."""
    flags = (dosage.get("asNeededBoolean"), dosage.get("asNeeded"))
    return any(flag is True for flag in flags) or bool(title(dosage.get("asNeededCodeableConcept")) or nodes(dosage.get("asNeededFor"))) or bool(node(dosage.get("asNeededCodeableConcept")))


def code_texts(timing: Mapping[str, Any]) -> list[str]:
    """What the code of a timing is called, its codes first."""
    code = node(timing.get("code"))
    found = [text(one.get("code")) for one in nodes(code.get("coding"))] + [text(one.get("display")) for one in nodes(code.get("coding"))]
    return [one for one in (*found, text(code.get("text"))) if one]


def repeat_of(timing: Mapping[str, Any], said: str = "") -> tuple[Mapping[str, Any], bool]:
    """The repeat with what its code adds, and whether the code says that it is taken when needed. Where both say how often they must agree."""
    repeat, names = node(timing.get("repeat")), code_texts(timing)
    if any(name.strip().upper().replace(".", "") == "PRN" for name in names):
        return repeat, True
    known = [found for name in names if (found := of_code(name)) is not None]
    if len({rate for one in known if (rate := _per_second(one)) is not None}) > 1:
        raise Unclear("code_conflict", "timing.code")
    coded = next(iter(known), None)
    if coded is None and names:
        told = [one.dosages[0] for one in map(understood, names) if not one.asked and len(one.dosages) == 1]
        coded = dict(node(node(told[0].get("timing")).get("repeat"))) if told else None
        if coded is None and not says_when(repeat):
            raise Unclear("code_unknown", "timing.code")
    if coded is None:
        return repeat, False
    if not says_when(repeat):
        return _looser({**coded, **repeat}, names, said), False
    theirs, ours = _per_second(coded), _per_second(repeat)
    if theirs is not None and ours is not None and abs(theirs - ours) > theirs * 1e-6:
        raise Unclear("code_conflict", "timing.code")
    if repeat.get("periodUnit") in ("s", "min", "h") and coded.get("periodUnit") not in ("s", "min", "h"):
        return repeat, False  # a spacing is more exact than so many times a day
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


def over(dosage: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """What the structure says wins over what the text says, except about times. Raises Unclear where both name a dose and they differ."""
    own = {key: value for key, value in dosage.items() if key not in ("timing", "text")}
    ours, theirs = amounts.amount(dosage), amounts.amount(one)
    if ours and theirs and (ours.low, ours.high) != (theirs.low, theirs.high) and like(ours, theirs):
        raise Unclear("text_conflict", "doseAndRate", "amount")
    timing = node(dosage.get("timing"))
    repeat = {**node(node(one.get("timing")).get("repeat")), **node(timing.get("repeat"))}
    return {**own, "timing": {**node(one.get("timing")), "repeat": repeat}}


def agrees(dosage: Mapping[str, Any], said: str) -> bool:
    """Hold the text beside the structure against it: whether it was understood in full. Raises Unclear where it says something else."""
    found = understood(said)
    if found.asked or len(found.dosages) != 1:
        return False
    told = found.dosages[0]
    if needed(told) != needed(dosage):
        raise Unclear("text_conflict", "asNeeded")
    theirs, ours = _per_second(node(node(told.get("timing")).get("repeat"))), _per_second(repeat_of(node(dosage.get("timing")))[0])
    if theirs is not None and ours is not None and abs(theirs - ours) > ours * 1e-6:
        raise Unclear("text_conflict", "timing")
    if not _same_times(node(node(told.get("timing")).get("repeat")), repeat_of(node(dosage.get("timing")))[0]):
        raise Unclear("text_conflict", "timing", "times")
    one, other = amounts.amount(dosage), amounts.amount(told)
    if one and other and like(one, other) and one.unit and (one.low, one.high) != (other.low, other.high):
        raise Unclear("text_conflict", "doseAndRate", "amount")
    return True


def _same_times(told: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Whether the parts of the day and the weekdays that both name are the same. "In the morning" does not contradict 09:00, and what only one of them names
    contradicts nothing."""
    parts = [_parts(moments(repeat)) for repeat in (told, ours)]
    days = [weekdays(repeat) for repeat in (told, ours)]
    return all(not one or not other or one == other for one, other in (parts, days))


def _parts(named: Sequence[Moment]) -> set[str]:
    """The parts of the day at usual hours: morning until eleven, midday until five, else evening and night; "now" for at once."""
    hours = [at // 3600 % 24 for at in clock_times(tuple(one for one in named if one.base != "now"), Habits())]
    found = {"morning" if 4 <= hour < 11 else "midday" if 11 <= hour < 17 else "evening" for hour in hours}
    return found | {"now" for one in named if one.base == "now"}


def _per_second(repeat: Mapping[str, Any]) -> float | None:
    """How often a repeat is due, per second; None where it does not say or leaves a range."""
    try:
        rate = rate_of(repeat)
    except Unclear:
        return None
    if not rate.said or rate.high is not None or rate.period_most is not None:
        return None
    return (rate.low or 1) / ((rate.period or 1.0) * PER.get(rate.unit or "d", 86_400))


def like(one: Amount, other: Amount) -> bool:
    return not one.unit or not other.unit or one.unit.casefold().rstrip("s") == other.unit.casefold().rstrip("s")
