"""This is the place where a value taken at a kiosk is judged: can it be, must it be measured again, is it one that needs help at once, how many readings are enough.

Nothing is ever put right: a value that can't be is not kept, and the person is asked to measure again. Limits are rows with their source; the guard range of a value is
its signal's, the limits that need help at once are those of core/emergency/flags.py. The protocol of blood pressures: five minutes of rest before the first, two
readings a minute apart, a third where the two differ by more than 10 mmHg; the mean is that of the last two, and is said to be one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from core.domain.signals import SIGNALS
from core.emergency.flags import BY_KEY
from core.kiosk.terms import Measure, Reading
from core.trends.published import FROM_MEMORY, OUR_CHOICE, SINGLE_SOURCE, Published

_COMPARED = "Comparison of guidelines' office protocols, Romanian Journal of Cardiology 2026, doi 10.2478/rjc-2026-0003, Table 1"
REST = Published(
    "kiosk_rest", 5, "min", SINGLE_SOURCE, "A secondary page on the ESH: 3 to 5 minutes of quiet rest; we ask for the longer"
)
APART = Published("kiosk_apart", 1, "min", SINGLE_SOURCE, f"ESH 2023, ACC/AHA 2025, ISH 2020: 1 min ({_COMPARED})")
AT_LEAST = Published("kiosk_readings", 2, "{readings}", SINGLE_SOURCE, f"ACC/AHA 2025: 2 or more ({_COMPARED})")
DIFFER = Published(
    "kiosk_differ",
    10,
    "mm[Hg]",
    SINGLE_SOURCE,
    f"ESC 2024: further measurements if readings differ by more than 10 mmHg ({_COMPARED})",
)
LAST = Published(
    "kiosk_last", 2, "{readings}", SINGLE_SOURCE, f"ESC 2024, ESH 2023, ISH 2020: the mean of the last two ({_COMPARED})"
)
AT_MOST = Published(
    "kiosk_most", 3, "{readings}", OUR_CHOICE, "A fourth would keep somebody at the kiosk for long; what then still differs is said"
)
TRIES = Published("kiosk_tries", 3, "{tries}", OUR_CHOICE, "After the third value that can't be, a person helps")
STALE = Published("kiosk_stale", 30, "min", OUR_CHOICE, "Readings further apart aren't of one sitting: no mean is made of them")
RESTS_ON = (REST, APART, AT_LEAST, DIFFER, LAST, AT_MOST, TRIES, STALE)

NEEDED: Mapping[Measure, tuple[str, ...]] = {
    Measure.BLOOD_PRESSURE: ("sbp", "dbp"), Measure.WEIGHT: ("weight",), Measure.OXYGEN: ("spo2",), Measure.TEMPERATURE: ("temp",),
    Measure.GLUCOSE: ("glucose",), Measure.PULSE: ("hr",),
}  # fmt: skip
ALSO: Mapping[Measure, tuple[str, ...]] = {Measure.BLOOD_PRESSURE: ("hr",), Measure.OXYGEN: ("hr",)}
"""What a device gives beside it."""

_OXYGEN, _PRESSURE, _GLUCOSE = BY_KEY["low_oxygen"], BY_KEY["high_pressure"], BY_KEY["low_glucose"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a value isn't taken: `code` "missing", "unknown", "no_number", "too_low", "too_high", "not_above" (the upper number isn't the higher one)."""

    signal: str
    code: str
    low: float | None = None
    high: float | None = None


def doubts(measure: Measure, values: Mapping[str, float]) -> tuple[Doubt, ...]:
    """What speaks against these values (canonical units); none: they can be taken."""
    found = [Doubt(signal, "missing") for signal in NEEDED[measure] if signal not in values]
    allowed = NEEDED[measure] + ALSO.get(measure, ())
    for signal, value in values.items():
        if signal not in allowed:
            found.append(Doubt(signal, "unknown"))
            continue
        low, high = SIGNALS[signal].plausible or (None, None)
        if not isfinite(value):
            found.append(Doubt(signal, "no_number", low, high))
        elif low is not None and value < low:
            found.append(Doubt(signal, "too_low", low, high))
        elif high is not None and value > high:
            found.append(Doubt(signal, "too_high", low, high))
    if not found and measure is Measure.BLOOD_PRESSURE and values["sbp"] <= values["dbp"]:
        found.append(Doubt("sbp", "not_above"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`do` "take", "again" (please measure again) or "help" (it went wrong as often as TRIES: a person helps, or the step is passed over)."""

    do: str
    doubts: tuple[Doubt, ...] = ()


def judge(measure: Measure, values: Mapping[str, float], failed_before: int = 0) -> Verdict:
    """What to do with values that were typed or measured; `failed_before` how often in a row it was "again"."""
    found = doubts(measure, values)
    if not found:
        return Verdict("take")
    return Verdict("help" if failed_before + 1 >= TRIES.value else "again", found)


def dangers(values: Mapping[str, float]) -> tuple[str, ...]:
    """The signs of core/emergency/flags.py that these values are: their screen is shown at once, whatever step one is in."""
    found = []
    if values.get("glucose", _GLUCOSE.limit("mg")) < _GLUCOSE.limit("mg"):
        found.append("low_glucose")
    if values.get("sbp", 0) > _PRESSURE.limit("upper") or values.get("dbp", 0) > _PRESSURE.limit("lower"):
        found.append("high_pressure")
    if values.get("spo2", 100) <= _OXYGEN.limit("percent"):
        found.append("low_oxygen")
    return tuple(found)


def alarming(reading: Reading) -> tuple[str, ...]:
    """The same of a reading."""
    return dangers(reading.values)


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next in a blood pressure measurement: `do` "rest" or "wait" (both `until`), "measure" (the `number`th reading), "done"."""

    do: str
    number: int = 0
    until: datetime | None = None
    differ: bool = False


def next_pressure(readings: Sequence[Reading], seated_at: datetime, now: datetime) -> Next:
    """What to do now, with the pressures of this visit so far. `differ`: the last two still differ by more than DIFFER. A clock that was set back never makes
    anybody wait longer than the time itself."""
    taken = _pressures(readings)
    differ = len(taken) >= LAST.value and _apart(taken[-2], taken[-1]) > DIFFER.value
    if len(taken) >= AT_MOST.value or (len(taken) >= AT_LEAST.value and not differ):
        return Next("done", len(taken), differ=differ)
    since, span, do = (
        (taken[-1].at, timedelta(minutes=APART.value), "wait") if taken else (seated_at, timedelta(minutes=REST.value), "rest")
    )
    until = since + span
    if since <= now < until:
        return Next(do, len(taken) + 1, until, differ)
    return Next("measure", len(taken) + 1, differ=differ)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the last two pressures, not rounded (mmHg); `of` which; `differ`: they are further apart than DIFFER."""

    sbp: float
    dbp: float
    of: tuple[Reading, ...]
    differ: bool


def mean_pressure(readings: Iterable[Reading]) -> Mean | None:
    """None of fewer than two, or where the last two aren't of one sitting."""
    taken = _pressures(readings)[-int(LAST.value) :]
    if len(taken) < LAST.value or taken[-1].at - taken[0].at > timedelta(minutes=STALE.value):
        return None
    upper, lower = (sum(one.values[signal] for one in taken) / len(taken) for signal in ("sbp", "dbp"))
    return Mean(upper, lower, tuple(taken), _apart(taken[-2], taken[-1]) > DIFFER.value)


def from_memory() -> tuple[str, ...]:
    """Names of the rows nobody has checked yet."""
    return tuple(row.name for row in RESTS_ON if row.status == FROM_MEMORY)


def _pressures(readings: Iterable[Reading]) -> list[Reading]:
    return [one for one in readings if one.measure is Measure.BLOOD_PRESSURE and "sbp" in one.values and "dbp" in one.values]


def _apart(one: Reading, other: Reading) -> float:
    return max(abs(one.values[signal] - other.values[signal]) for signal in ("sbp", "dbp"))
