"""This is the place where nights are put together from stages, and their regularity is held to published vectors."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined
from core.trends.sleep import ASLEEP, AWAKE, DEEP, IN_BED, LIGHT, REM, RESTLESS, Nights, Stages, nights, pieces
from core.trends.sleep_regularity import Regularity, regularity_index, sleep_regularity

MINUTE_NS = HOUR_NS // 60
Entry = tuple[float, float, int]


def stages(*entries: Entry, zone: str = "UTC") -> Stages:
    """Entries of (hours since 1 March 2026 00:00 wall clock, end, stage) in a zone."""
    where, day = ZoneInfo(zone), datetime(2026, 3, 1)

    def wall(hours: float) -> int:
        return int(day.replace(tzinfo=ZoneInfo("UTC")).timestamp()) * 1_000_000_000 + round(hours * HOUR_NS)

    def true(hours: float) -> int:
        at = datetime.fromtimestamp(wall(hours) / 1e9, ZoneInfo("UTC")).replace(tzinfo=where)
        return int(at.timestamp() * 1_000_000_000)

    table = [(true(a), true(b), wall(a), wall(b), stage) for a, b, stage in entries]
    return (
        Stages(*(np.array(column, dtype=np.int64) for column in zip(*table, strict=True)))
        if table
        else Stages(*(np.zeros(0, dtype=np.int64),) * 5)
    )


def row(found: Nights, at: int = 0) -> dict[str, float]:
    names = ("in_bed", "asleep", "awake", "light", "deep", "rem", "efficiency", "awakenings", "naps")
    return {name: float(getattr(found, name)[at]) for name in names}


DAY = int(datetime(2026, 3, 1, tzinfo=ZoneInfo("UTC")).timestamp()) // 86_400


def test_a_staged_night_adds_up() -> None:
    found = nights(
        stages(
            (23, 23.5, AWAKE),
            (23.5, 26, LIGHT),
            (26, 27, DEEP),
            (27, 27.25, AWAKE),
            (27.25, 29, REM),
            (29, 31, LIGHT),
            (31, 31.2, AWAKE),
        )
    )
    assert found.day.tolist() == [DAY + 1]
    assert row(found) == pytest.approx(
        {"in_bed": 492, "asleep": 435, "awake": 57, "light": 270, "deep": 60, "rem": 105, "efficiency": 100 * 435 / 492, "awakenings": 1, "naps": 0}
    )  # fmt: skip
    assert found.staged.tolist() == [True]
    assert (found.local_start[0] % DAY_NS, found.local_end[0] % DAY_NS) == (23 * HOUR_NS, round(7.2 * HOUR_NS))


OVERLAPS = [
    # a stretch in bed with "asleep" in it, as one phone writes; then with stages in it as well, as its watch does
    ([(23, 31, IN_BED), (23.5, 30.5, ASLEEP)], {"in_bed": 480, "asleep": 420, "awake": 0, "efficiency": 87.5}),
    ([(23, 31, IN_BED), (23.5, 30.5, ASLEEP), (24, 25, DEEP), (25, 26, AWAKE)], {"asleep": 360, "awake": 60, "deep": 60, "awakenings": 1}),
    # short wakes laid over a longer stage
    ([(23, 31, LIGHT), (25, 25.05, AWAKE), (26, 26.05, AWAKE)], {"asleep": 474, "awake": 6, "awakenings": 2, "efficiency": 98.75}),
    # the same night twice
    ([(23, 31, LIGHT), (23, 31, LIGHT)], {"in_bed": 480, "asleep": 480}),
    # nothing but sleep was told: how long the person lay awake is not known
    ([(23, 26, ASLEEP), (26.5, 31, ASLEEP)], {"in_bed": 480, "asleep": 450, "efficiency": float("nan"), "awakenings": 0}),
    ([(23, 30, ASLEEP), (30, 31, RESTLESS)], {"asleep": 420, "awake": 60, "efficiency": 87.5, "awakenings": 0}),
    # a stir of half a minute is no awakening; two pieces of one awakening are one
    ([(23, 26, LIGHT), (26, 26 + 0.5 / 60, AWAKE), (26 + 0.5 / 60, 28, LIGHT), (28, 28.1, AWAKE), (28.1, 28.2, RESTLESS), (28.2, 31, LIGHT)], {"awakenings": 1}),
    ([(23, 23, DEEP), (24, 30, LIGHT), (30, 29, DEEP)], {"in_bed": 360, "deep": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "expected"), OVERLAPS)
def test_the_finer_entry_counts_and_nothing_twice(entries: list[Entry], expected: dict[str, float]) -> None:
    for order in (entries, entries[::-1]):
        found = nights(stages(*order))
        assert len(found) == 1
        assert {name: row(found)[name] for name in expected} == pytest.approx(expected, nan_ok=True)


NOONS = [
    # entries, offsets of the night's date, minutes asleep in the main sleep, minutes of naps
    ([(1, 7, ASLEEP)], [0], [360], [0]),
    ([(22, 23, ASLEEP)], [1], [60], [0]),
    ([(9, 16, ASLEEP)], [1], [420], [0]),
    ([(7, 13, ASLEEP)], [0], [360], [0]),
    ([(14, 15, ASLEEP), (23, 31, ASLEEP)], [1], [480], [60]),
    ([(23, 26, ASLEEP), (27.9, 31, ASLEEP)], [1], [366], [0]),
    ([(23, 26, ASLEEP), (28, 31, ASLEEP)], [1], [180], [180]),
    ([(23, 31, ASLEEP), (47, 55, ASLEEP)], [1, 2], [480, 480], [0, 0]),
    ([(23, 31, IN_BED)], [], [], []),
    ([], [], [], []),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "days", "asleep", "naps"), NOONS)
def test_a_night_runs_from_noon_to_noon_and_is_named_by_its_end(
    entries: list[Entry], days: list[int], asleep: list[float], naps: list[float]
) -> None:
    found = nights(stages(*entries))
    assert (found.day - DAY).tolist() == days
    assert found.asleep.tolist() == pytest.approx(asleep)
    assert found.naps.tolist() == pytest.approx(naps)


def test_a_night_of_a_clock_change_is_as_long_as_it_was() -> None:
    spring = nights(stages((28 * 24 - 1, 28 * 24 + 7, ASLEEP), zone="Europe/Berlin"))
    assert (spring.asleep.tolist(), (spring.day - DAY).tolist()) == ([420], [28])
    autumn_start = (datetime(2026, 10, 25) - datetime(2026, 3, 1)).days * 24
    autumn = nights(stages((autumn_start - 1, autumn_start + 7, ASLEEP), zone="Europe/Berlin"))
    assert autumn.asleep.tolist() == [540]


# ------------------------------------------------------------------------------------------------ regularity


def grid(runs: list[list[int]], inverted: bool = False) -> np.ndarray:
    """States from the minutes at which they flip; the person sleeps at 03:00 (in "inverted", on every other day)."""
    days = []
    for number, flips in enumerate(runs):
        state = np.cumsum(np.isin(np.arange(1440), flips)) % 2
        asleep_at_three = bool(state[180]) != (inverted and number % 2 == 1)
        days.append(state if asleep_at_three else 1 - state)
    return np.array(days, dtype=float)


def test_the_index_is_that_of_the_published_vectors(clinical: Path) -> None:
    vectors = json.loads((clinical / "sri_vectors.json").read_text(encoding="utf-8"))["vectors"]
    assert len(vectors) >= 4
    for vector in vectors:
        states = grid(vector["sleep_runs"], "inverted" in vector["name"])
        assert states.shape == (vector["days"], 1440)
        assert regularity_index(states) == pytest.approx(vector["expected_sri"], abs=1e-6), vector["name"]


BY_HAND = [
    ([[1, 0], [1, 0]], 100), ([[1, 0], [0, 1]], -100), ([[1, 0], [1, 1]], 0), ([[1, 1, 0, 0], [1, 1, 0, 1], [1, 1, 0, 0]], 50),
    ([[1, np.nan], [1, 0], [0, 0]], 200 * (0.5 + 1) / 2 - 100), ([[1, 0], [np.nan, np.nan], [1, 0]], np.nan), ([[1, 0]], np.nan),
]  # fmt: skip


@pytest.mark.parametrize(("states", "expected"), BY_HAND)
def test_the_index_by_hand(states: list[list[float]], expected: float) -> None:
    assert regularity_index(np.array(states, dtype=float)) == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=4, max_size=4), min_size=2, max_size=6), st.integers(0, 3))
def test_the_index_stays_in_its_range_and_knows_no_direction(states: list[list[float]], turn: int) -> None:
    table = np.array(states)
    value = regularity_index(table)
    assert np.isnan(value) or -100 <= value <= 100
    for same in (table[::-1], 1 - table, np.roll(table, turn, axis=1)):
        assert regularity_index(same) == pytest.approx(value, nan_ok=True)


def every_night(days: int, shift: dict[int, float] | None = None, skip: tuple[int, ...] = (), zone: str = "UTC") -> Stages:
    moved = shift or {}
    return stages(
        *[(24 * n - 1 + moved.get(n, 0), 24 * n + 7 + moved.get(n, 0), ASLEEP) for n in range(1, days + 1) if n not in skip],
        zone=zone,
    )


def test_the_same_hours_every_night_are_a_hundred_and_a_late_night_costs_what_it_should() -> None:
    same, late = sleep_regularity(every_night(7)), sleep_regularity(every_night(7, {4: 2}))
    assert isinstance(same, Regularity) and isinstance(late, Regularity)
    assert (same.sri, same.nights, same.pairs) == (100, 7, 6)
    assert late.sri == pytest.approx(88.888889, abs=1e-6)
    assert (same.from_day, same.to_day) == (DAY + 1, DAY + 7)


def test_a_clock_change_is_no_irregularity() -> None:
    whole = sleep_regularity(every_night(40, zone="America/New_York"))
    assert isinstance(whole, Regularity)
    assert whole.sri == 100


NIGHTS_NEEDED = [
    (every_night(3), ("enough_nights", 3, 4)),
    (every_night(0), ("enough_nights", 0, 7)),
    (every_night(8, skip=(4, 6)), ("enough_nights", 6, 1)),
    (every_night(16, skip=tuple(range(2, 17, 2))), ("enough_nights_in_a_row", 1, 6)),
    (every_night(9, skip=(4, 6)), ("enough_nights_in_a_row", 5, 2)),
]


@pytest.mark.parametrize(("entries", "declined"), NIGHTS_NEEDED)
def test_too_few_nights_are_declined_with_what_is_missing(entries: Stages, declined: tuple[str, int, int]) -> None:
    said = sleep_regularity(entries)
    assert isinstance(said, Declined)
    assert (said.code, said.facts["have"], said.facts["more"]) == declined


def test_a_night_without_a_record_is_unknown_not_awake() -> None:
    said = sleep_regularity(every_night(12, skip=(5,)))
    assert isinstance(said, Regularity)
    assert (said.sri, said.nights, said.pairs) == (100, 11, 9)


# ------------------------------------------------------------------------------------------------ what must not matter

ENTRIES = st.lists(st.tuples(st.integers(0, 2400), st.integers(1, 600), st.integers(0, 6)), min_size=1, max_size=25)


def made(rows: list[tuple[int, int, int]], days: int = 0) -> Stages:
    start = (np.array([a for a, _, _ in rows]) * MINUTE_NS) + (DAY + days) * DAY_NS
    end = start + np.array([b for _, b, _ in rows]) * MINUTE_NS
    return Stages(start, end, start, end, np.array([s for _, _, s in rows]))


@settings(max_examples=50)
@given(ENTRIES, st.integers(-2000, 2000), st.randoms(use_true_random=False))
def test_shifting_by_days_and_shuffling_change_no_night(rows: list[tuple[int, int, int]], days: int, random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = nights(made(rows)), nights(made(shuffled, days))
    assert (second.day - days).tolist() == first.day.tolist()
    for name in ("in_bed", "asleep", "awake", "light", "deep", "rem", "efficiency", "awakenings", "naps"):
        np.testing.assert_allclose(getattr(first, name), getattr(second, name))


@settings(max_examples=50)
@given(ENTRIES)
def test_no_minute_counts_twice_and_none_is_made_up(rows: list[tuple[int, int, int]]) -> None:
    cut = pieces(made(rows))
    assert (cut.start[1:] >= cut.end[:-1]).all()
    covered = np.zeros(3100, dtype=bool)
    for start, lasted, _ in rows:
        covered[start : start + lasted] = True
    assert int((cut.end - cut.start).sum()) == int(covered.sum()) * MINUTE_NS
    found = nights(made(rows))
    assert (found.asleep + found.awake <= found.in_bed + 1e-9).all()
    assert (found.light + found.deep + found.rem <= found.asleep + 1e-9).all()
