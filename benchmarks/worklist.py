"""This is the place where the worklist is measured on made-up people of whom it is known who gets worse: how many of those it puts before the coordinator,
how many others with them, and how long ordering takes.

    python -m benchmarks.worklist [--people 10000] [--seed 7] [--json]

Who gets worse is decided first, by a hidden course of an illness that knows no rule and no threshold: it grows by day, and moves what the body does (fluid,
pressure, oxygen, sugar, mood). What is measured are these with their daily swing, the person's own level, the noise of home devices, values that were never
taken, devices that stop, and mistakes in typing. Only what was measured reaches the list.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from time import perf_counter, process_time
from typing import Any

import numpy as np

from core.care.worklist_facts import of_columns
from core.trends.columns import Series
from core.trends.reading import Readings
from core.worklist.ranking import rank
from core.worklist.terms import REVIEWED_LANES, Noticed, Open, PersonFacts, Worklist

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
DAYS, FALLING_ILL, WORSE = 28, 0.13, 0.35
"""Days that are measured; the share in whom a course begins; how far it must have come (of 1) for the person to count as worse."""
COURSES = ("fluid", "pressure", "breath", "sugar", "mood")
LEVELS = {
    "sbp": (128, 12),
    "hr": (72, 8),
    "spo2": (96.5, 1.0),
    "weight": (78, 14),
    "glucose": (118, 18),
    "temp": (36.6, 0.2),
    "rr": (15, 1.5),
}
"""Between people: the middle and the spread of their own level (made up)."""
SWING = {"sbp": 7, "hr": 5, "spo2": 0.8, "weight": 0.35, "glucose": 14, "temp": 0.2, "rr": 1.2}
"""Within a person from day to day, device and body together (made up)."""
EFFECTS = {
    "fluid": {"weight": 3.2, "hr": 12, "spo2": -3.0, "rr": 5},
    "pressure": {"sbp": 48, "hr": 8},
    "breath": {"spo2": -7.5, "rr": 9, "temp": 1.6, "hr": 22},
    "sugar": {"glucose": 170, "hr": 6},
    "mood": {},
}
"""How far a full-grown course moves what is measured (made up)."""
MEASURED = {
    "fluid": ("weight", "hr", "spo2", "sbp"),
    "pressure": ("sbp", "hr"),
    "breath": ("spo2", "hr", "temp", "rr"),
    "sugar": ("glucose", "hr"),
    "mood": ("sbp", "hr"),
}
"""What somebody at risk of each course is asked to measure at home."""


@dataclass(frozen=True)
class Made:
    """A made-up person: what reaches the list, and the truth that doesn't."""

    facts: PersonFacts
    course: str
    worse: bool


def cohort(count: int, seed: int) -> Iterator[Made]:
    """So many people; in some a course began within the last two weeks."""
    for number in range(count):
        yield _person(number, np.random.default_rng((seed, number)))


def _person(number: int, rng: np.random.Generator) -> Made:
    course = COURSES[int(rng.integers(len(COURSES)))]
    began = rng.uniform(1, 14) if rng.random() < FALLING_ILL else 0.0
    pace = rng.uniform(0.10, 0.30)
    worse = bool(_grown(np.zeros(1), began, pace)[0] >= WORSE)
    taking = rng.beta(6, 1.6)  # how faithfully they measure
    stopped = (
        rng.uniform(0, 10) if rng.random() < 0.04 else 0.0
    )  # the device broke, or they went away: nothing to do with how they are
    series = {signal: _series(signal, course, (began, pace), (taking, stopped), rng) for signal in MEASURED[course]}
    series = {signal: made for signal, made in series.items() if len(made)}
    found, _ = of_columns(f"p{number:06d}", Readings(series), AT)
    asked = tuple(
        Open("request_refill", (AT - timedelta(hours=float(rng.uniform(1, 60)))).timestamp(), "m")
        for _ in range(int(rng.random() < 0.04))
    )
    noticed = _answers(course, began, pace, rng) if taking > 0.3 else ()
    last = max((int(one.time[-1]) / 1e9 for one in series.values()), default=None)
    facts = PersonFacts(found.person_id, found.newest, found.weights, noticed, asked, last, 3.0 if last is not None else None)
    return Made(facts, course, worse)


def _grown(days_ago: np.ndarray, began: float, pace: float) -> np.ndarray:
    """The hidden course: nought before it began, then growing towards one."""
    return 1 - np.exp(-pace * np.clip(began - days_ago, 0, None)) if began else np.zeros_like(days_ago)


def _series(signal: str, course: str, hidden: tuple[float, float], habit: tuple[float, float], rng: np.random.Generator) -> Series:
    days = np.arange(DAYS - 1, -1, -1) + rng.normal(0.08, 0.04, DAYS).clip(0, 0.3)
    level = rng.normal(*LEVELS[signal])
    effect = EFFECTS[course].get(signal, 0.0) * rng.lognormal(0, 0.25)
    value = level + effect * _grown(days, *hidden) + rng.normal(0, SWING[signal], DAYS)
    mistaken = rng.random(DAYS) < 0.002
    value = np.where(mistaken, value * rng.choice([0.5, 1.4]), value)
    if signal == "spo2":
        value = np.minimum(value, 100.0).round()
    kept = (rng.random(DAYS) < habit[0]) & (days >= habit[1])
    nanos = (AT.timestamp() * 1e9 - days * 86_400e9).astype(np.int64)
    return Series.sampled(signal, nanos[kept], value[kept])


def _answers(course: str, began: float, pace: float, rng: np.random.Generator) -> tuple[Noticed, ...]:
    """A weekly questionnaire, and who asks for help by themselves: more often the worse they feel, and sometimes without being worse."""
    if course != "mood":
        return ()
    now = float(_grown(np.array([0.0]), began, pace)[0])
    found = []
    if rng.random() < 0.01 + (1.25 * now if began else 0):
        found.append(
            Noticed(
                "attention.self_harm", 3 if rng.random() < 0.5 else 2, (AT - timedelta(days=float(rng.uniform(0, 6)))).timestamp()
            )
        )
    if rng.random() < 0.12 + (0.85 if began else 0):
        found.append(Noticed("attention.outside_range", 1, AT.timestamp(), {"signals": "phq9"}))
    return tuple(found)


def shares(people: list[Made], found: Worklist) -> dict[str, Any]:
    """Sensitivity with its interval, by course too, and the share of the panel that is put before the coordinator."""
    shown = {entry.person_id for one in found.sections if one.lane in REVIEWED_LANES for entry in one.entries}
    told = {entry.person_id for one in found.sections if one.lane not in ("stable", "waiting") for entry in one.entries}
    sick = [one for one in people if one.worse]
    hits = sum(one.facts.person_id in shown for one in sick)
    by_course = {
        course: {"people": len(mine), "found": sum(one.facts.person_id in shown for one in mine)}
        for course in COURSES
        if (mine := [one for one in sick if one.course == course])
    }
    return {
        "people": len(people), "worse": len(sick), "found": hits, "sensitivity": hits / len(sick), "sensitivity_95": wilson(hits, len(sick)),
        "with_data_lane": sum(one.facts.person_id in told for one in sick) / len(sick),
        "reviewed_share": len(shown) / len(people), "reviewed_share_95": wilson(len(shown), len(people)),
        "lanes": dict(found.counts), "by_course": by_course,
    }  # fmt: skip


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    share, room = hits / of, z * z / of
    middle, half = share + room / 2, z * sqrt(share * (1 - share) / of + room / (4 * of))
    return (middle - half) / (1 + room), (middle + half) / (1 + room)


def timed(facts: list[PersonFacts]) -> tuple[float, float]:
    """The quickest of five: (seconds on the clock, seconds of this processor)."""
    every = [_once(facts) for _ in range(5)]
    return min(one[0] for one in every), min(one[1] for one in every)


def _once(facts: list[PersonFacts]) -> tuple[float, float]:
    began = perf_counter(), process_time()
    found = rank(facts, AT.timestamp())
    took = perf_counter() - began[0], process_time() - began[1]
    if found.total != len(facts):
        raise SystemExit("somebody was lost")
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    people = list(cohort(given.people, given.seed))
    result = shares(people, rank([one.facts for one in people], AT.timestamp()))
    some = [one.facts for one in people][:10_000]
    many = some * (100_000 // len(some))
    result["seconds"] = {str(len(some)): timed(some), str(len(many)): timed(many)}
    small, large = (one[1] for one in result["seconds"].values())
    result["growth"] = (large / small) / (len(many) / len(some))
    sys.stdout.write(json.dumps(result, indent=2) + "\n" if given.json else _said(result))


def _said(result: dict[str, Any]) -> str:
    low, high = result["sensitivity_95"]
    rows = [
        f"{result['people']} people, {result['worse']} get worse",
        f"put before the coordinator: {result['found']} of them = {result['sensitivity']:.2%} (95 % {low:.2%} to {high:.2%}); bar: 99 %",
        f"with the lane of data problems: {result['with_data_lane']:.2%}",
        f"share of the panel for it: {result['reviewed_share']:.1%}; bar: 57.4 %",
        *(f"  {course}: {one['found']}/{one['people']}" for course, one in result["by_course"].items()),
        "lanes: " + ", ".join(f"{lane} {count}" for lane, count in result["lanes"].items()),
        *(
            f"ordering {people} people: {clock:.3f} s (processor: {own:.3f} s)"
            for people, (clock, own) in result["seconds"].items()
        ),
        f"growth (1 is in step with the number of people): {result['growth']:.2f}",
    ]
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
