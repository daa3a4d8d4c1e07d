"""This is the place where a gain in weight is found: 0.9 kg (2 lb) in a day or 2.3 kg (5 lb) in a week, as the heart failure rules say.

The newest value is never part of what it is compared with. A gain stays one while the weight has not come back half of the way, however often it was
measured since; after a pause the last value before it is what the new one is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.worklist.terms import DAY

IN_A_DAY, IN_A_WEEK = 0.9, 2.3
"""kg, compared after rounding to tenths: 5 lb are 2.268 kg."""
_A_DAY, _A_WEEK = 1.5 * DAY, 7.5 * DAY
_BEFORE_A_PAUSE, _REMEMBERED = 60 * DAY, 14 * DAY
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Gain:
    """So many kg more than at `base_at` now; `rule` says which limit was passed, `at` when, and by how much (`jump`, kg)."""

    rule: str
    kg: float
    jump: float
    base_at: float
    at: float


def gain(weights: tuple[tuple[float, float], ...]) -> Gain | None:
    """The gain that still holds at the newest of these (when, kg), oldest first; None where there is none."""
    count = len(weights)
    if count < 2:
        return None
    last_at, last = weights[-1]
    values = [kg for _, kg in weights]
    if round(last - min(values), 1) < round(IN_A_DAY * _HALF, 1):
        return None
    found: Gain | None = None
    for at in range(count - 1, 0, -1):
        when, kg = weights[at]
        if last_at - when > _REMEMBERED:
            break
        fired = _at(weights, at, when, kg)
        held = 0.0 if fired is None else last - (kg - fired.kg)
        if fired is not None and round(held, 1) >= round(fired.kg * _HALF, 1) and (found is None or held > found.kg):
            found = Gain(fired.rule, held, fired.kg, fired.base_at, when)
    return found


def _at(weights: tuple[tuple[float, float], ...], at: int, when: float, kg: float) -> Gain | None:
    lowest_day = lowest_week = None
    for back in range(at - 1, -1, -1):
        before_at, before = weights[back]
        apart = when - before_at
        if apart > _A_WEEK and not (back == at - 1 and apart <= _BEFORE_A_PAUSE):
            break
        if apart <= _A_DAY and (lowest_day is None or before < lowest_day[1]):
            lowest_day = (before_at, before)
        if lowest_week is None or before < lowest_week[1]:
            lowest_week = (before_at, before)
    if lowest_week is not None and round(kg - lowest_week[1], 1) >= IN_A_WEEK:
        return Gain("weight_week", kg - lowest_week[1], kg - lowest_week[1], lowest_week[0], when)
    if lowest_day is not None and round(kg - lowest_day[1], 1) >= IN_A_DAY:
        return Gain("weight_day", kg - lowest_day[1], kg - lowest_day[1], lowest_day[0], when)
    return None
