"""This is the place where Aisha's year becomes an Apple Health export, as her phone would write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.samples.curves import along
from core.samples.devices import body
from core.samples.devices.aisha import DAYS, DENSE_DAYS, SLUG, Lived, lived
from core.samples.devices.clockface import HOUR
from core.samples.devices.record import values
from core.samples.devices.tables import archive, pieces
from core.samples.devices.telling import DeviceFile, Devices, Happened, Owner
from core.samples.exports.apple_paper import TAIL, head, metadata, record

__all__ = ["SLUG", "devices"]
WATCH, PHONE, SOURCE = "Aisha’s watch", "Aisha’s phone", "Apple Health"
_QUANTITY, _CATEGORY = "HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier"
_STAGES = {body.LIGHT: "AsleepCore", body.DEEP: "AsleepDeep", body.REM: "AsleepREM", body.AWAKE: "Awake"}
_VO2MAX = ((365, 42.8), (300, 43.5), (120, 46.6), (1, 47.9))


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a type: from `start` to `end` (s since 1970), its value as it is written."""

    start: int
    end: int
    value: object


def devices(owner: Owner) -> Devices:
    year = lived(owner)
    content = archive((("apple_health_export/export.xml", pieces(_export(year))),))
    return Devices(str(owner.zone), (DeviceFile("export.zip", content, SOURCE),), _happened(year))


def _export(year: Lived) -> Iterator[str]:
    yield head(year.clock.stamps([year.owner.end], spaced=True)[0], year.owner.born.isoformat(), "Female")
    worn = {
        "HeartRate": ("count/min", _pulse(year)), "RestingHeartRate": ("count/min", _resting(year)),
        "HeartRateVariabilitySDNN": ("ms", _variability(year)), "RespiratoryRate": ("count/min", _breaths(year)),
        "OxygenSaturation": ("%", _oxygen(year)), "AppleSleepingWristTemperature": ("degC", _warmth(year)),
        "VO2Max": ("mL/min·kg", _fitness(year)),
    }  # fmt: skip
    for name, (unit, entries) in worn.items():
        yield from _records(year, _QUANTITY + name, WATCH, unit, _recorded(year, entries, watch=True))
    steps = [Entry(one.start, one.end, one.steps) for one in year.walks]
    yield from _records(year, f"{_QUANTITY}StepCount", WATCH, "count", _recorded(year, steps, watch=True))
    yield from _records(year, f"{_QUANTITY}StepCount", PHONE, "count", _recorded(year, _carried(year), watch=False))
    yield from _records(year, f"{_CATEGORY}SleepAnalysis", WATCH, "", _recorded(year, _sleep(year), watch=True))
    flag = year.at(year.dates.flagged, 2.2)
    flagged = [Entry(flag, flag + 60, "HKCategoryValueNotApplicable")]
    yield from _records(year, f"{_CATEGORY}IrregularHeartRhythmEvent", WATCH, "", flagged)
    yield from _workouts(year)
    yield TAIL


def _records(year: Lived, kind: str, source: str, unit: str, entries: Sequence[Entry]) -> Iterator[str]:
    starts = year.clock.stamps([one.start for one in entries], spaced=True)
    ends = year.clock.stamps([one.end for one in entries], spaced=True)
    begun = f' <Record type="{kind}" sourceName="{source}" sourceVersion="11.2"' + (f' unit="{unit}"' if unit else "")
    for start, end, one in zip(starts, ends, entries, strict=True):
        inside = metadata("HKTimeZone", str(year.clock.zone(one.start))) if "SleepAnalysis" in kind else ""
        yield record(begun, start, end, one.value, inside)


def _recorded(year: Lived, entries: Iterable[Entry], *, watch: bool) -> list[Entry]:
    """What the export holds of what was lived, oldest first: nothing of the lost day, nor of the watch while it was off."""
    until = year.owner.end
    found = [one for one in entries if one.end <= until]
    stretches = (year.lost, *year.off) if watch else (year.lost,)
    free = body.outside(np.array([one.start for one in found], dtype=np.int64), stretches)
    return sorted((one for one, here in zip(found, free.tolist(), strict=True) if here), key=lambda one: one.start)


def _pulse(year: Lived) -> Iterator[Entry]:
    """Every six minutes of the last ninety days, every hour before."""
    owner = year.owner
    dense = owner.begins(DENSE_DAYS)
    at = np.concatenate([np.arange(owner.begins(DAYS) + 1800, dense, HOUR), np.arange(dense, owner.end, 360)])
    ago = np.array([owner.begins(one) for one in range(DAYS, -1, -1)])
    daily = np.array([year.resting(one) for one in range(DAYS, -1, -1)])
    resting = daily[np.clip(np.searchsorted(ago, at, side="right") - 1, 0, DAYS)]
    sleeps = [(one[0].start, one[-1].end) for one in year.nights.values()]
    rates = body.pulse(owner.chance("pulse"), at, resting, body.Rhythm(sleeps, year.walks))
    return (Entry(when, when, round(rate)) for when, rate in zip(at.tolist(), rates.tolist(), strict=True))


def _resting(year: Lived) -> Iterator[Entry]:
    """Once a morning; on the Sundays of her record what it says there."""
    told = {at: value for at, value in values(year.owner.home, "40443-4", "/min").items() if at >= year.owner.begins(DAYS)}
    for ago in year.nights:
        first, last = year.owner.begins(ago), year.owner.begins(ago - 1)
        known = [at for at in told if first <= at < last]
        at = known[0] if known else year.at(ago, 5.0 + 2 / 3)
        value = told[at] if known else round(year.resting(ago) + year.owner.chance(f"resting-{ago}").gauss(0, 1.2))
        yield Entry(at, at, value)


def _variability(year: Lived) -> Iterator[Entry]:
    for ago, stages in year.nights.items():
        chance = year.owner.chance(f"variability-{ago}")
        middle = (stages[0].start + stages[-1].end) // 2
        yield Entry(middle, middle + 60, round(max(14.0, 74 - 2.1 * (year.resting(ago) - 46) + chance.gauss(0, 7)), 2))


def _breaths(year: Lived) -> Iterator[Entry]:
    for ago, stages in year.nights.items():
        chance = year.owner.chance(f"breaths-{ago}")
        at = stages[0].start + 2 * HOUR
        yield Entry(at, at + 1800, round(13.8 + (2.2 if year.dates.feverish(ago) else 0) + chance.gauss(0, 0.35), 1))


def _oxygen(year: Lived) -> Iterator[Entry]:
    for ago, stages in year.nights.items():
        if ago <= DENSE_DAYS:
            chance = year.owner.chance(f"oxygen-{ago}")
            for at in range(stages[0].start + 600, stages[-1].end, 1800):
                yield Entry(at, at + 15, round(0.97 + chance.triangular(-0.03, 0.02, 0.0), 2))


def _warmth(year: Lived) -> Iterator[Entry]:
    for ago, stages in year.nights.items():
        if ago <= DENSE_DAYS:
            chance = year.owner.chance(f"warmth-{ago}")
            warm = 34.9 + (1.3 if year.dates.feverish(ago) else 0.0) + chance.gauss(0, 0.14)
            yield Entry(stages[0].start, stages[-1].end, round(warm, 2))


def _fitness(year: Lived) -> Iterator[Entry]:
    """After one run a week."""
    first = year.owner.begins(DAYS)
    chance = year.owner.chance("fitness")
    weeks: dict[int, body.Walk] = {}
    for one in year.walks:
        if one.run:
            weeks[(one.start - first) // (7 * 86_400)] = one
    for one in weeks.values():
        ago = (year.owner.end - one.start) / 86_400
        yield Entry(one.end, one.end, round(along(_VO2MAX, ago) + chance.gauss(0, 0.25), 1))


def _sleep(year: Lived) -> Iterator[Entry]:
    for stages in year.nights.values():
        for one in stages:
            yield Entry(one.start, one.end, f"HKCategoryValueSleepAnalysis{_STAGES[one.name]}")


def _carried(year: Lived) -> Iterator[Entry]:
    """The walks on which the phone was with her, never a run; it notices the first steps late and miscounts a little."""
    chance = year.owner.chance("phone")
    for one in year.walks:
        if not one.run and chance.random() < 0.6:
            yield Entry(one.start + min(4 + chance.randrange(14), one.end - one.start - 1), one.end, max(1, round(one.steps * chance.uniform(0.9, 1.03))))


def _workouts(year: Lived) -> Iterator[str]:
    runs = _recorded(year, (Entry(one.start, one.end, one.steps) for one in year.walks if one.run), watch=True)
    starts, ends = (year.clock.stamps([getattr(one, name) for one in runs], spaced=True) for name in ("start", "end"))
    for start, end, one in zip(starts, ends, runs, strict=True):
        lasts = f'duration="{(one.end - one.start) / 60:.2f}" durationUnit="min" sourceName="{WATCH}" sourceVersion="11.2"'
        yield f' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" {lasts} creationDate="{end}" startDate="{start}" endDate="{end}"/>\n'


def _happened(year: Lived) -> tuple[Happened, ...]:
    owner, dates = year.owner, year.dates
    return (
        Happened(SOURCE, "connected", owner.at(DAYS, 4)),
        Happened(SOURCE, "disconnected", owner.begins(dates.cut_off), device=WATCH),
        Happened(SOURCE, "connected", owner.begins(dates.cut_off - 5), device=WATCH),
        Happened(SOURCE, "failed", owner.at(dates.lost - 1, 0.4), *year.lost, "timed_out"),
    )
