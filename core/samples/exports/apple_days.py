"""This is the place where the days of a made-up person with a watch and a telephone are thought out, second by second.

A day is lived in true seconds since its local midnight, so that a day of 23 or 25 hours is one; `Day.stamp` writes a moment
as the person's clock showed it, with the offset of that moment. Everything hangs on (seed, day, what), so a day comes out
the same whichever record is asked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

CLOCK = tuple(f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86_400))
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Day:
    """A local day: its number from the first, its date, its length in seconds, and where within it the clocks change."""

    number: int
    date: date
    seconds: int
    text: str
    tomorrow: str
    offset: str
    change_at: int
    moved: int
    later_offset: str

    def stamp(self, second: int) -> str:
        """ "2024-03-10 07:12:09 -0400" for a second since this day's midnight (up to a day further)."""
        offset = self.offset
        if second >= self.change_at:
            second += self.moved
            offset = self.later_offset
        if second >= 86_400:
            return f"{self.tomorrow} {CLOCK[second - 86_400]} {offset}"
        return f"{self.text} {CLOCK[second]} {offset}"


@dataclass(frozen=True, slots=True)
class Bout:
    """A walk: from `start` for `lasts` seconds, its true steps, and who counted them."""

    start: int
    lasts: int
    steps: int
    watch: bool
    phone: bool
    by_phone: int


def day_of(first: date, number: int, zone: ZoneInfo) -> Day:
    """The `number`-th day after `first`."""
    today = first + timedelta(days=number)
    midnight = _midnight(today, zone)
    length = int((_midnight(today + timedelta(days=1), zone) - midnight).total_seconds())
    before, change_at, after = _offset(midnight, zone), 2 * 86_400, _offset(midnight, zone)
    if length != 86_400:
        for quarter in range(0, length + 1, 900):
            after = _offset(midnight + timedelta(seconds=quarter), zone)
            if after != before:
                change_at = quarter
                break
    moved = int((after - before).total_seconds())
    tomorrow = (today + timedelta(days=1)).isoformat()
    return Day(number, today, length, today.isoformat(), tomorrow, _written(before), change_at, moved, _written(after))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)


def _written(offset: timedelta) -> str:
    minutes = round(abs(offset.total_seconds()) / 60)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}{minutes % 60:02d}"


def dice(seed: int, day: Day, what: str) -> Random:
    return Random(f"{seed}/{day.number}/{what}")  # noqa: S311  (made-up lives, no secrets)


def worn(seed: int, day: Day) -> tuple[tuple[int, int], ...]:
    """When the watch was on the wrist, as (from, to) in seconds of the day: not at all on one day of twenty-five."""
    chance = dice(seed, day, "worn")
    if chance.random() < 0.04:
        return ()
    charging = 20 * HOUR + chance.randrange(2 * HOUR)
    return (0, charging), (charging + 2400 + chance.randrange(2400), day.seconds)


@lru_cache(maxsize=64)
def bouts(seed: int, day: Day) -> tuple[Bout, ...]:
    """The walks of a day, one after the other. Where watch and telephone both counted, the watch is right and covers the other."""
    chance, on = dice(seed, day, "walks"), worn(seed, day)
    made, at = [], 6 * HOUR + chance.randrange(HOUR)
    while at < 22 * HOUR:
        lasts = chance.randrange(40, 580)
        steps = max(4, int(lasts * chance.uniform(0.3, 1.8)))
        watch = any(start <= at and at + lasts <= end for start, end in on)
        phone = chance.random() < (0.55 if watch else 0.9)
        if watch or phone:
            made.append(Bout(at, lasts, steps, watch, phone, max(1, int(steps * chance.uniform(0.9, 1.04))) if watch else steps))
        at += lasts + 30 + int(chance.expovariate(1 / 1100))
    return tuple(made)


def exercise(seed: int, day: Day) -> tuple[str, int, int] | None:
    """(what, start, lasts) of the day's workout; every third day or so, in daylight, with the watch on."""
    chance = dice(seed, day, "exercise")
    if chance.random() > 0.35 or not worn(seed, day):
        return None
    return (
        chance.choice(("Running", "Cycling", "Walking", "YogaKundalini", "TraditionalStrengthTraining")),
        17 * HOUR,
        chance.randrange(1200, 3300),
    )


def night(seed: int, day: Day) -> tuple[tuple[str, int, int], ...]:
    """The stages of the night that ends on this day's morning, as (stage, from, to); () where the watch lay on the table."""
    chance = dice(seed, day, "night")
    if chance.random() < 0.12 or not worn(seed, day):
        return ()
    at, wakes = 300 + chance.randrange(2400), 6 * HOUR + chance.randrange(2400)
    stages = [("AsleepCore", 900)]
    while at < wakes:
        stages.append(
            (chance.choice(("AsleepCore", "AsleepCore", "AsleepDeep", "AsleepREM", "Awake")), 300 + chance.randrange(2400))
        )
        at += stages[-1][1]
    made, at = [], 300 + chance.randrange(600)
    for stage, lasts in stages:
        made.append((stage, at, at + lasts))
        at += lasts
    return tuple(made)
