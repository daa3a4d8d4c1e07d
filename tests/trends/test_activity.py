"""This is the place where minutes of activity are counted from steps per minute, or declined where steps are coarser."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.activity import ActiveDays, ActiveWeek, active_days, active_week
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined

MINUTE_NS = HOUR_NS // 60
DAY = 20_000


def walk(cadence: list[int], day: int = DAY, at: int = 600) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start = day * DAY_NS + (at + np.arange(len(cadence))) * MINUTE_NS
    return start, np.full(len(cadence), MINUTE_NS), np.array(cadence, dtype=float)


def known(said: ActiveDays | Declined) -> ActiveDays:
    assert isinstance(said, ActiveDays)
    return said


def test_a_minute_is_moderate_from_a_hundred_steps_and_vigorous_from_a_hundred_and_thirty() -> None:
    said = known(active_days(*walk([0, 60, 99, 100, 129, 130, 200, 300, 301]), 40))
    assert (said.moderate.tolist(), said.vigorous.tolist(), said.mvpa.tolist()) == ([2], [3], [5])
    assert (said.walked.tolist(), said.implausible) == ([7], 1)


def test_days_are_local_days() -> None:
    said = known(active_days(*walk([110] * 30, at=1425), 40))
    assert (said.day.tolist(), said.moderate.tolist()) == ([DAY, DAY + 1], [15, 15])


AGES = [(None, "needs_age"), (20, "age_range"), (21, None), (85, None), (86, "age_range")]


@pytest.mark.parametrize(("age", "code"), AGES)
def test_the_cadence_is_known_for_ages_twenty_one_to_eighty_five(age: int | None, code: str | None) -> None:
    said = active_days(*walk([110]), age)
    assert (said.code if isinstance(said, Declined) else None) == code
    if code == "age_range":
        assert said.facts == {"age": age, "low": 21, "high": 85}  # type: ignore[union-attr]


@pytest.mark.parametrize("lasted", [2 * MINUTE_NS, 15 * MINUTE_NS, HOUR_NS, DAY_NS])
def test_coarser_steps_are_declined(lasted: int) -> None:
    start, _, steps = walk([110] * 10)
    assert active_days(start, np.full(10, lasted), steps, 40) == Declined("needs_minute_steps")


def test_the_grain_of_a_stream_decides_where_intervals_have_no_length() -> None:
    start, _, steps = walk([110] * 10)
    nothing = np.zeros(10, dtype=np.int64)
    assert active_days(start, nothing, steps, 40) == Declined("needs_minute_steps")
    assert known(active_days(start, nothing, steps, 40, "1min")).moderate.tolist() == [10]
    assert active_days(*walk([110]), 40, "1h") == Declined("needs_minute_steps")


def test_a_few_coarse_steps_are_left_out_and_many_are_declined() -> None:
    start, lasted, steps = walk([110] * 20)
    lasted[-1] = 10 * MINUTE_NS
    assert known(active_days(start, lasted, steps, 40)).moderate.tolist() == [19]
    lasted[-2] = 10 * MINUTE_NS
    assert active_days(start, lasted, steps, 40) == Declined("needs_minute_steps")


def test_intervals_off_the_minute_are_shared_out_by_time() -> None:
    start, lasted, steps = walk([110] * 10)
    said = known(active_days(start + 30_000_000_000, lasted, steps, 40))
    assert (said.moderate.tolist(), said.walked.tolist()) == ([9], [11])
    halves = np.repeat(start, 2) + np.tile([0, MINUTE_NS // 2], 10)
    assert known(active_days(halves, np.full(20, MINUTE_NS // 2), np.full(20, 65.0), 40)).vigorous.tolist() == [10]


def test_no_steps_at_all_ask_for_a_day() -> None:
    nothing = np.zeros(0)
    said = active_days(nothing.astype(np.int64), nothing.astype(np.int64), nothing, 40)
    assert said == Declined("enough_days", {"have": 0, "need": 1, "more": 1, "n": 1})


def week(minutes: list[tuple[int, int]]) -> ActiveDays:
    moderate, vigorous = (np.array(column) for column in zip(*minutes, strict=True))
    return ActiveDays(DAY + np.arange(len(minutes)), moderate, vigorous, moderate + vigorous, 0)


WEEKS = [
    ([(20, 0)] * 7, 140, False), ([(22, 0)] * 7, 154, True), ([(0, 11)] * 7, 154, True), ([(10, 5)] * 7, 140, False),
    ([(0, 0)] * 3 + [(50, 0)] * 7, 350, True),
]  # fmt: skip


@pytest.mark.parametrize(("minutes", "credit", "reached"), WEEKS)
def test_a_vigorous_minute_counts_twice_towards_a_hundred_and_fifty(
    minutes: list[tuple[int, int]], credit: int, reached: bool
) -> None:
    said = active_week(week(minutes), DAY + len(minutes) - 1)
    assert isinstance(said, ActiveWeek)
    assert (said.credit, said.reached, said.days) == (credit, reached, 7)


def test_an_aim_not_reached_is_said_of_seven_recorded_days_only() -> None:
    part = week([(20, 0)] * 5)
    assert active_week(part, DAY + 4) == Declined("enough_days", {"have": 5, "need": 7, "more": 2, "n": 2, "minutes": 100})
    enough = active_week(week([(40, 0)] * 5), DAY + 4)
    assert isinstance(enough, ActiveWeek) and enough.reached


def test_a_real_persons_minutes_are_counted_like_a_clerk_would(shared_data: Path) -> None:
    rows = []
    with (shared_data / "wearable/fitbit-fitabase/minuteStepsWide_merged.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["Id"] == "1503960366":
                hour = datetime.strptime(row["ActivityHour"], "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)
                rows += [(int(hour.timestamp()) + 60 * n, int(row[f"Steps{n:02}"])) for n in range(60)]
    start, steps = (np.array(column) for column in zip(*rows, strict=True))
    said = known(active_days(start * 1_000_000_000, np.full(len(rows), MINUTE_NS), steps, 40))
    for at, day in enumerate(said.day):
        mine = [count for second, count in rows if second // 86_400 == day]
        assert said.moderate[at] == sum(100 <= count < 130 for count in mine)
        assert said.vigorous[at] == sum(count >= 130 for count in mine)
    assert len(said) > 25
    assert said.mvpa.sum() > 300


@given(st.lists(st.integers(0, 200), min_size=1, max_size=200), st.integers(-9000, 9000), st.randoms(use_true_random=False))
def test_shifting_by_days_and_shuffling_change_no_minute(cadence: list[int], days: int, random: object) -> None:
    start, lasted, steps = walk(cadence)
    order = np.arange(len(cadence))
    random.shuffle(order)  # type: ignore[attr-defined]
    first, second = (
        known(active_days(start, lasted, steps, 40)),
        known(active_days(start[order] + days * DAY_NS, lasted, steps[order], 40)),
    )
    for name in ("moderate", "vigorous", "walked"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_array_equal(first.day + days, second.day)
