"""This is the place where an Apple Health export is made: of any size, the same for the same seed, with its truth beside it.

The records stand as Apple writes them: one kind after the other, each oldest first, then correlations, workouts and the daily
summaries. Watch and telephone count the same walks; the truth is what the walks really had.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from zoneinfo import ZoneInfo

from core.samples.exports.apple_days import HOUR, Day, bouts, day_of, dice, exercise, night, worn
from core.samples.exports.apple_paper import CUFF, DIARY, PHONE, SCALE, TAIL, WATCH, head, metadata, opening, record

Q, C = "HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier"
FIRST = date(2021, 1, 1)
_TRIAL_DAYS = 28


@dataclass(slots=True)
class AppleExport:
    """What was written: bytes, days, how many Records of each type at top level (`records`), inside correlations, other elements
    by name, the oddities by what they are, and the true steps of each local day (each walk once)."""

    bytes: int = 0
    days: int = 0
    records: Counter[str] = field(default_factory=Counter)
    in_correlations: int = 0
    elements: Counter[str] = field(default_factory=Counter)
    odd: Counter[str] = field(default_factory=Counter)
    steps: dict[date, int] = field(default_factory=dict)


def write_apple_export(
    target: BinaryIO,
    megabytes: float | None = None,
    days: int | None = None,
    seed: int = 1,
    start: date = FIRST,
    zone: str = "America/New_York",
) -> AppleExport:
    """Write export.xml to `target`: `days` of them, or as many as make at least `megabytes` (of 10^6 bytes); 30 where neither is said."""
    where = ZoneInfo(zone)
    if days is None and megabytes is not None:
        trial = _write(io.BytesIO(), [day_of(start, number, where) for number in range(_TRIAL_DAYS)], seed, zone)
        days = max(1, int(megabytes * 1_020_000 / trial.bytes * _TRIAL_DAYS) + 1)
    return _write(target, [day_of(start, number, where) for number in range(days or 30)], seed, zone)


def _write(target: BinaryIO, days: list[Day], seed: int, zone: str) -> AppleExport:
    made = AppleExport(days=len(days))

    def put(text: str) -> None:
        made.bytes += target.write(text.encode())

    put(head(days[-1].stamp(days[-1].seconds - 1)))
    made.elements.update(("ExportDate", "Me"))
    for kind, lines in _KINDS.items():
        for day in days:
            written = list(lines(seed, day, zone))
            made.records[kind] += len(written)
            put("".join(written))
    put("".join(_oddities(made, days[0])))
    for other in (_correlations, _workouts, _summaries):
        for day in days:
            put("".join(other(made, seed, day)))
    put(TAIL)
    made.steps = {day.date: sum(walk.steps if walk.watch else walk.by_phone for walk in bouts(seed, day)) for day in days}
    return made


_RATE, _RATE_METADATA = (
    opening(f"{Q}HeartRate", WATCH, "count/min"),
    tuple(metadata("HKMetadataKeyHeartRateMotionContext", str(n)) for n in range(3)),
)


def _heart_rate(seed: int, day: Day, zone: str) -> Iterator[str]:
    chance, busy = dice(seed, day, "rate"), exercise(seed, day)
    for start, end in worn(seed, day):
        at = start + chance.randrange(200)
        while at < end:
            moving = busy is not None and busy[1] <= at < busy[1] + busy[2]
            when = day.stamp(at)
            beats = chance.randrange(110, 165) if moving else chance.randrange(52, 96)
            yield record(_RATE, when, when, beats, _RATE_METADATA[2 if moving else chance.randrange(2)])
            at += 5 if moving else 120 + chance.randrange(260)


def _walked(kind: str, unit: str, amount: Callable[[int], object]) -> Callable[[int, Day, str], Iterator[str]]:
    watch, phone = opening(kind, WATCH, unit), opening(kind, PHONE, unit)

    def lines(seed: int, day: Day, zone: str) -> Iterator[str]:
        for walk in bouts(seed, day):
            start, end = day.stamp(walk.start), day.stamp(walk.start + walk.lasts)
            if walk.watch:
                yield record(watch, start, end, amount(walk.steps))
            if walk.phone:
                yield record(phone, start, end, amount(walk.by_phone))

    return lines


def _every(kind: str, unit: str, step: int, amount: Callable[[float], object]) -> Callable[[int, Day, str], Iterator[str]]:
    """Something the watch writes all the time it is worn, each record up to the next."""
    begun = opening(kind, WATCH, unit)

    def lines(seed: int, day: Day, zone: str) -> Iterator[str]:
        chance = dice(seed, day, kind)
        for start, end in worn(seed, day):
            for at in range(start, end - step, step):
                yield record(begun, day.stamp(at), day.stamp(at + step), amount(chance.random()))

    return lines


def _once(
    kind: str, source: str, unit: str, amount: Callable[[float], object], share: float
) -> Callable[[int, Day, str], Iterator[str]]:
    """Something of a moment in the morning, on a share of the days; what stands in the diary was typed in."""
    begun, typed = opening(kind, source, unit), metadata("HKWasUserEntered", "1") if source == DIARY else ""

    def lines(seed: int, day: Day, zone: str) -> Iterator[str]:
        chance = dice(seed, day, kind.removesuffix("Systolic").removesuffix("Diastolic"))
        if chance.random() < share:
            when = day.stamp(7 * HOUR + chance.randrange(HOUR))
            yield record(begun, when, when, amount(chance.random()), typed)

    return lines


_VARIABILITY = opening(f"{Q}HeartRateVariabilitySDNN", WATCH, "ms")
_BEATS = "".join(f'   <InstantaneousBeatsPerMinute bpm="{n}" time="7:12:{n}.41 AM"/>\n' for n in (57, 58, 59))


def _variability(seed: int, day: Day, zone: str) -> Iterator[str]:
    for start, end in worn(seed, day):
        for at in range(start + 60, end - 60, 4 * HOUR):
            value = round(dice(seed, day, "sdnn").uniform(18, 90), 3)
            inside = f"  <HeartRateVariabilityMetadataList>\n{_BEATS}  </HeartRateVariabilityMetadataList>\n"
            yield record(_VARIABILITY, day.stamp(at), day.stamp(at + 60), value, inside)


_SLEEP = opening(f"{C}SleepAnalysis", WATCH, "")


def _sleep(seed: int, day: Day, zone: str) -> Iterator[str]:
    for stage, start, end in night(seed, day):
        inside = metadata("HKTimeZone", zone)
        yield record(_SLEEP, day.stamp(start), day.stamp(end), f"HKCategoryValueSleepAnalysis{stage}", inside)


_PRESSURE = {"Systolic": lambda r: 112 + int(r * 30), "Diastolic": lambda r: 68 + int(r * 22)}
_KINDS: dict[str, Callable[[int, Day, str], Iterator[str]]] = {
    f"{Q}Height": _once(f"{Q}Height", DIARY, "ft", lambda r: 5.5774, 0.01),
    f"{Q}BodyMass": _once(f"{Q}BodyMass", SCALE, "lb", lambda r: round(160 + r * 4, 1), 0.6),
    f"{Q}HeartRate": _heart_rate,
    f"{Q}OxygenSaturation": _every(f"{Q}OxygenSaturation", "%", 7200, lambda r: round(0.94 + 0.05 * r, 2)),
    f"{Q}RespiratoryRate": _every(f"{Q}RespiratoryRate", "count/min", 5400, lambda r: round(12 + 5 * r, 1)),
    f"{Q}BloodPressureSystolic": _once(f"{Q}BloodPressureSystolic", CUFF, "mmHg", _PRESSURE["Systolic"], 0.5),
    f"{Q}BloodPressureDiastolic": _once(f"{Q}BloodPressureDiastolic", CUFF, "mmHg", _PRESSURE["Diastolic"], 0.5),
    f"{Q}StepCount": _walked(f"{Q}StepCount", "count", lambda steps: steps),
    f"{Q}DistanceWalkingRunning": _walked(f"{Q}DistanceWalkingRunning", "mi", lambda steps: round(steps * 0.00045, 7)),
    f"{Q}BasalEnergyBurned": _every(f"{Q}BasalEnergyBurned", "kcal", 900, lambda r: round(17 + r, 3)),
    f"{Q}ActiveEnergyBurned": _every(f"{Q}ActiveEnergyBurned", "kcal", 180, lambda r: round(r * 4, 3)),
    f"{Q}RestingHeartRate": _once(f"{Q}RestingHeartRate", WATCH, "count/min", lambda r: 54 + int(9 * r), 0.9),
    f"{Q}VO2Max": _once(f"{Q}VO2Max", WATCH, "mL/min·kg", lambda r: round(36 + 3 * r, 2), 0.2),
    f"{Q}HeartRateVariabilitySDNN": _variability,
    f"{C}SleepAnalysis": _sleep,
    f"{Q}HeadphoneAudioExposure": _once(f"{Q}HeadphoneAudioExposure", PHONE, "dBASPL", lambda r: round(60 + 20 * r, 2), 0.4),
}


def _oddities(made: AppleExport, day: Day) -> Iterator[str]:
    """What real exports hold besides: a kind nobody knows, a unit nobody knows, a day that is none. It stays well-formed XML."""
    when = day.stamp(12 * HOUR)
    steps, weight = f"{Q}StepCount", f"{Q}BodyMass"
    yield record(opening(f"{Q}SomethingNewThisYear", PHONE, "count"), when, when, "1")
    yield record(opening(weight, SCALE, "stone and a bit"), when, when, "11.5")
    yield record(opening(steps, PHONE, "count"), "2021-02-30 10:00:00 -0500", "2021-02-30 10:01:00 -0500", "55")
    made.records.update((f"{Q}SomethingNewThisYear", weight, steps))
    made.odd.update(("unknown_type", "unit_unknown", "time_invalid"))


def _correlations(made: AppleExport, seed: int, day: Day) -> Iterator[str]:
    children = [line for part in _PRESSURE for line in _KINDS[f"{Q}BloodPressure{part}"](seed, day, "")]
    if children:
        made.in_correlations += len(children)
        made.elements["Correlation"] += 1
        begun = opening("HKCorrelationTypeIdentifierBloodPressure", CUFF, "").replace("<Record", "<Correlation")
        when = children[0].split('startDate="')[1][:25]
        yield f'{begun} creationDate="{when}" startDate="{when}" endDate="{when}">\n{"".join(" " + line for line in children)} </Correlation>\n'


def _workouts(made: AppleExport, seed: int, day: Day) -> Iterator[str]:
    did = exercise(seed, day)
    if did:
        what, start, lasts = did
        made.elements.update(("Workout", "WorkoutStatistics"))
        begun = f' <Workout workoutActivityType="HKWorkoutActivityType{what}" duration="{lasts / 60}" durationUnit="min" sourceName="{WATCH}"'
        times = f'startDate="{day.stamp(start)}" endDate="{day.stamp(start + lasts)}"'
        yield f'{begun} creationDate="{day.stamp(start + lasts)}" {times}>\n'
        yield f'  <WorkoutStatistics type="{Q}ActiveEnergyBurned" {times} sum="{lasts / 9:.3f}" unit="kcal"/>\n </Workout>\n'


def _summaries(made: AppleExport, seed: int, day: Day) -> Iterator[str]:
    made.elements["ActivitySummary"] += 1
    yield f' <ActivitySummary dateComponents="{day.text}" activeEnergyBurned="512.4" activeEnergyBurnedGoal="600" activeEnergyBurnedUnit="kcal"/>\n'
