"""This is the place where it is measured how fast the next 48 hours of many people are planned, beside a plain loop over days and zones that says the same.

    python -m benchmarks.schedule [--people 100000]

A mix as clinics have it: once to four times a day, before meals, every 8 hours, on weekdays, every other day, a taper; eight zones. Regimens are read once, as
they are when an order changes; planning is what happens again and again. Two processes, as the worker's machine has two cores. Laying the plans down in the
encrypted store is another matter and is not measured here.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.medications.expanding import due
from core.medications.reading import regimen
from core.medications.steps import Regimen
from core.medications.terms import Habits

START = datetime(2026, 3, 28, 6, 0, tzinfo=UTC)
AHEAD = timedelta(hours=48)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Kolkata", "Australia/Sydney", "America/Los_Angeles", "Europe/London", "Asia/Kathmandu")
ORDERS: tuple[object, ...] = (
    {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}},
    {"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}},
    {"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d", "when": ["AC"]}}},
    {"timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}}},
    {"timing": {"repeat": {"frequency": 1, "period": 8, "periodUnit": "h"}}},
    {"timing": {"repeat": {"dayOfWeek": ["mon", "thu"], "timeOfDay": ["09:00:00"]}}},
    {"timing": {"repeat": {"frequency": 1, "period": 2, "periodUnit": "d"}}},
    [
        {"sequence": 1, "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsDuration": {"value": 300, "code": "d"}}}},
        {"sequence": 2, "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}},
    ],
)


def regimens() -> list[Regimen]:
    return [regimen(one, "2026-01-01") for one in ORDERS]


def plan(first: int, last: int) -> tuple[int, float]:
    """The doses of people first..last, two to four orders each, and the seconds of processor it took."""
    began = time.process_time()
    known, habits, doses = regimens(), [Habits(zone) for zone in ZONES], 0
    for person in range(first, last):
        for at in range(2 + person % 3):
            doses += len(due(known[(person + at * 3) % len(known)], habits[person % len(habits)], START, START + AHEAD))
    return doses, time.process_time() - began


def plain(people: int) -> tuple[int, float]:
    """The bare counterpart: for one order twice a day, every local day and hour by zoneinfo, without anything kept."""
    began, doses = time.perf_counter(), 0
    for person in range(people):
        zone = ZoneInfo(ZONES[person % len(ZONES)])
        first = START.astimezone(zone).date()
        for day in range(-1, 4):
            for hour in (8, 20):
                at = datetime(first.year, first.month, first.day, hour, tzinfo=zone) + timedelta(days=day)
                doses += START <= at.astimezone(UTC) < START + AHEAD
    return doses, time.perf_counter() - began


def measured(people: int) -> tuple[int, float, float]:
    """Doses, seconds on the clock, and the seconds of processor of the slower of two processes: what it takes where nothing else runs."""
    half = people // 2
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(plan, (0, 0), (1, 1)))  # both are up
        began = time.perf_counter()
        both = list(pool.map(plan, (0, half), (half, people)))
        return sum(doses for doses, _ in both), time.perf_counter() - began, max(seconds for _, seconds in both)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--people", type=int, default=100_000)
    most = given.parse_args().people
    for people in sorted({most // 10, most * 3 // 10, most}):
        doses, seconds, processor = measured(people)
        each = f"{seconds / people * 1e6:5.1f} us a person"
        print(f"{people:>9,} people: {doses:>9,} doses in {seconds:6.2f} s on two processes ({processor:5.2f} s of processor each), {each}")
    twice, began = regimens()[1], time.perf_counter()
    ours = sum(len(due(twice, Habits(ZONES[person % 8]), START, START + AHEAD)) for person in range(2_000))
    mine = time.perf_counter() - began
    theirs, seconds = plain(2_000)
    print(f"one order twice a day, 2,000 people, one process: ours {ours:,} doses in {mine:.3f} s, a plain loop {theirs:,} in {seconds:.3f} s")


if __name__ == "__main__":
    main()
