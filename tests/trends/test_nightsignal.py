"""This is the place where the resting heart rate alerts are held to the published program's output and to our rule above it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined
from core.trends.nightsignal import (
    GREEN,
    LEARNING,
    RED,
    YELLOW,
    RestingNights,
    Signalled,
    algorithm,
    nightly_heart_rate,
    resting_alerts,
)

EPOCH = date(1970, 1, 1)
MINUTE_NS = HOUR_NS // 60
NOTHING = np.zeros(0, dtype=np.int64)


def nights(day: np.ndarray, rate: np.ndarray) -> RestingNights:
    return RestingNights(day, rate, np.full(len(day), 100), 0)


def test_the_alerts_are_those_of_the_published_program(clinical: Path) -> None:
    vectors = json.loads((clinical / "nightsignal_vectors.json").read_text(encoding="utf-8"))
    known = {date.fromisoformat(day): rate for day, rate in vectors["nightly_avg_input"].items() if rate is not None}
    day = np.array([(one - EPOCH).days for one in known])
    found = algorithm(day[::-1], np.array(list(known.values()))[::-1])
    said = {(EPOCH + timedelta(days=int(one))).isoformat(): int(level) for one, level in zip(found.day, found.level, strict=True)}
    assert said == vectors["expected_alert_0green_1yellow_2red"]
    assert [(EPOCH + timedelta(days=int(one))).isoformat() for one in found.day[found.filled]] == ["2026-01-21"]


FOUND = [
    # nightly rates from day 0 on (None: nothing measured), levels of all nights that come out
    ([60, 60, 60, 63, 63], [0, 0, 0, 0, 1]),
    ([60, 60, 60, 64, 64, 60, 64], [0, 0, 0, 0, 2, 0, 0]),
    ([60, 60, 60, 63, 64, 64], [0, 0, 0, 0, 1, 1]),
    ([60, 60, 60, 60, 60, 64, 63, 64], [0, 0, 0, 0, 0, 0, 1, 1]),
    ([60, 60, 60, 60, 64, None, None, 64], [0, 0, 0, 0, 0, 0]),
    ([60, 60, 60, 60, 64, None, 64, 60], [0, 0, 0, 0, 0, 2, 2, 0]),
    ([60, 60, 60, 60, 64, None, 65, 60], [0, 0, 0, 0, 0, 2, 2, 0]),
    ([60, None, 64], [0, 0]),
    ([60, None, 64, None, 70], [0, 0, 0]),
    ([60, 60, None, 70], [0, 0, 0, 2]),
    ([60, None, 61, 60], [0, 0, 0, 0]),
    ([60], [0]), ([], []),
]  # fmt: skip


@pytest.mark.parametrize(("rates", "levels"), FOUND)
def test_levels_by_hand(rates: list[int | None], levels: list[int]) -> None:
    measured = [(day, rate) for day, rate in enumerate(rates) if rate is not None]
    found = algorithm(np.array([d for d, _ in measured], dtype=int), np.array([r for _, r in measured], dtype=int))
    assert found.level.tolist() == levels


def test_a_filled_night_is_the_mean_cut_to_a_whole_number_and_marked() -> None:
    found = algorithm(np.array([0, 1, 3]), np.array([60, 61, 64]))
    assert (found.heart_rate.tolist(), found.filled.tolist()) == ([60, 61, 62, 64], [False, False, True, False])


def test_the_baseline_is_the_median_so_far_cut_to_a_whole_number() -> None:
    assert algorithm(np.arange(4), np.array([60, 63, 66, 69])).baseline.tolist() == [60, 61, 63, 64]


@pytest.mark.parametrize("count", [0, 1, 20])
def test_nothing_is_shown_before_twenty_one_nights(count: int) -> None:
    said = resting_alerts(nights(np.arange(count), np.full(count, 60)))
    assert said == Declined("enough_nights", {"have": count, "need": 21, "more": 21 - count, "n": 21 - count})


def test_early_nights_stay_unjudged_and_filled_ones_do_not_count() -> None:
    rate = np.full(40, 60)
    rate[10:12], rate[30:33] = 70, 65
    day = np.delete(np.arange(40), 15)
    found = resting_alerts(nights(day, rate[day]))
    assert isinstance(found, Signalled)
    assert found.filled.sum() == 1
    assert (found.level[:21] == LEARNING).all() and (found.level[21:] != LEARNING).all()
    assert found.day[found.level == RED].tolist() == [31, 32]
    assert not (found.level == YELLOW).any()


@given(st.lists(st.integers(45, 90), min_size=21, max_size=60), st.integers(-9000, 9000), st.integers(0, 40))
def test_shifting_days_or_everybodys_heart_changes_no_level(rates: list[int], days: int, beats: int) -> None:
    day, rate = np.arange(len(rates)), np.array(rates)
    first, second = algorithm(day, rate), algorithm(day + days, rate + beats)
    np.testing.assert_array_equal(first.level, second.level)


@given(st.lists(st.integers(45, 90), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_order_does_not_matter(rates: list[int], random: object) -> None:
    order = np.arange(len(rates))
    random.shuffle(order)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(
        algorithm(np.arange(len(rates)), np.array(rates)).level, algorithm(order, np.array(rates)[order]).level
    )


@given(st.lists(st.integers(45, 90), min_size=2, max_size=40))
def test_a_night_is_judged_by_what_was_known_then(rates: list[int]) -> None:
    whole = algorithm(np.arange(len(rates)), np.array(rates))
    part = algorithm(np.arange(len(rates) - 1), np.array(rates[:-1]))
    np.testing.assert_array_equal(whole.level[:-1], part.level)


# ------------------------------------------------------------------------------------------------ from minutes to nights


def minutes(day: int, rates: list[float], at: int = 60) -> tuple[np.ndarray, np.ndarray]:
    return day * DAY_NS + (at + np.arange(len(rates))) * MINUTE_NS, np.array(rates, dtype=float)


def step(day: int, minute: int, lasted: int = 1, steps: int = 30) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start = np.array([day * DAY_NS + minute * MINUTE_NS])
    return start, start + lasted * MINUTE_NS, np.array([steps])


def test_a_nights_rate_is_the_mean_at_rest_cut_to_a_whole_number() -> None:
    local, rate = minutes(3, [60.9, 61.9, *[62.0] * 9])
    found = nightly_heart_rate(local, rate, *step(3, 0))
    assert not isinstance(found, Declined)
    assert (found.day.tolist(), found.heart_rate.tolist(), found.readings.tolist()) == ([3], [(60 + 61 + 62 * 9) // 11], [11])


def test_only_minutes_before_seven_and_without_steps_count() -> None:
    rest = minutes(5, [55.0] * 30, 0)
    walk = minutes(5, [120.0] * 5, 100)
    early = minutes(5, [70.0] * 1, 419)
    late = minutes(5, [200.0] * 60, 420)
    local, rate = (np.concatenate(part) for part in zip(rest, walk, early, late, strict=True))
    found = nightly_heart_rate(local + 30_000_000_000, rate, *step(5, 100, 5))
    assert not isinstance(found, Declined)
    assert (found.heart_rate.tolist(), found.readings.tolist()) == ([(55 * 30 + 70) // 31], [31])


def test_written_zero_steps_are_rest_and_a_coarse_interval_with_steps_is_none() -> None:
    local, rate = minutes(1, [50.0] * 60, 120)
    still = nightly_heart_rate(local, rate, *step(1, 120, 60, 0))
    moved = nightly_heart_rate(local, rate, *step(1, 100, 60, 12))
    assert not isinstance(still, Declined) and not isinstance(moved, Declined)
    assert (still.readings.tolist(), moved.readings.tolist()) == ([60], [20])


def test_a_thin_night_is_left_out_and_counted() -> None:
    first, second = minutes(1, [50.0] * 9), minutes(2, [50.0] * 10)
    found = nightly_heart_rate(np.append(first[0], second[0]), np.append(first[1], second[1]), *step(9, 0))
    assert not isinstance(found, Declined)
    assert (found.day.tolist(), found.thin) == ([2], 1)


def test_without_any_steps_nobody_knows_when_the_person_lay_still() -> None:
    assert nightly_heart_rate(*minutes(1, [50.0] * 60), NOTHING, NOTHING, NOTHING) == Declined("needs_steps")


def test_a_fever_is_seen_from_the_minutes_to_the_alert() -> None:
    whole = [minutes(day, [60.0 + (6 if day in (30, 31) else 0)] * 40) for day in range(33)]
    local, rate = (np.concatenate(part) for part in zip(*whole, strict=True))
    found = nightly_heart_rate(local, rate, *step(0, 700))
    assert not isinstance(found, Declined)
    said = resting_alerts(found)
    assert isinstance(said, Signalled)
    assert said.day[said.level == RED].tolist() == [31]
    assert (said.level[[20, 30, 32]] == GREEN).all()
