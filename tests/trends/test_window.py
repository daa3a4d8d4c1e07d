"""This is the place where windows are tested: gaps, lines, bands, thinning, and what may be called a change."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.records import Record
from core.domain.targets import Band
from core.errors import BadInput
from core.trends import RANGES, Series, readings, window
from core.trends.change import CHANGE_LIMITS
from core.trends.columns import DAY_NS, ns
from tests.trends.given import NOW, one

END = ns(NOW)


def drawn(records: list[Record], span: str = "3M", **more: object):  # type: ignore[no-untyped-def]
    return window(readings(records).get(records[0].item.values[0].signal if records else "weight"), span, NOW, **more)  # type: ignore[arg-type]


def daily(days: range, signal: str = "weight", number: float = 70.0) -> list[Record]:
    return [one(signal, number + (day % 3) * 0.1, day + 0.25) for day in days]


def in_days(gaps) -> list[tuple[float, float]]:  # type: ignore[no-untyped-def]
    return [((END - gap.start) / DAY_NS, (END - gap.end) / DAY_NS) for gap in gaps]


@pytest.mark.parametrize("span", list(RANGES))
def test_nothing_gives_an_explicit_nothing(span: str) -> None:
    found = window(Series.of("weight", ()), span, NOW)
    assert (found.found, found.gaps, found.segments, found.usual) == (0, (), (), None)
    assert found.sentence.code == "change.none"


def test_an_unknown_range_is_refused() -> None:
    with pytest.raises(BadInput):
        window(Series.of("weight", ()), "2W", NOW)


def test_a_range_takes_what_lies_in_it_and_nothing_after_now() -> None:
    records = [*daily(range(40)), one("weight", 99, -0.5)]
    assert drawn(records, "1W").found == 7
    assert drawn(records, "all").found == 40
    assert (drawn(records, "all").start, drawn(records, "1W").end) == (END - int(39.25 * DAY_NS), END)


def test_two_silent_weeks_are_a_gap_and_the_line_stops_there() -> None:
    found = drawn(daily(range(35)) + daily(range(49, 90)))
    assert in_days(found.gaps) == [(49.25, 34.25)]
    assert found.gaps[0].why == "gap.no_readings"
    assert found.segments == ((0, 41), (41, 76))


def test_silence_until_today_is_a_gap_and_so_is_silence_before_the_window() -> None:
    assert in_days(drawn(daily(range(20, 60))).gaps) == [(20.25, 0)]
    assert in_days(drawn(daily(range(20, 60)), "1W").gaps) == [(7, 0)]


def test_a_gap_that_reaches_into_the_window_is_cut_to_it() -> None:
    found = drawn(daily(range(3)) + daily(range(20, 90)), "1W")
    assert in_days(found.gaps) == [(7.0, 2.25)]


def test_rare_measuring_is_no_silence_and_no_line() -> None:
    found = drawn([one("hba1c", 7 + n / 10, 10 + 90 * n) for n in range(8)], "2Y")
    assert (found.gaps, found.segments, found.median) == ((), (), None)


def test_morning_and_evening_are_one_habit_and_a_missed_evening_is_no_gap() -> None:
    records = [one("sbp", 130, day + half) for day in range(30) for half in (0.1, 0.104, 0.5, 0.504) if (day, half) != (7, 0.1)]
    assert drawn(records, "1M").gaps == ()


def test_readings_in_threes_are_no_sensor() -> None:
    records = [one("sbp", 130, day + part) for day in range(60) for part in (0.1, 0.101, 0.102)]
    found = drawn(records)
    assert found.gaps == ()
    assert found.habit.sittings == 60


def test_a_sensor_has_a_habit_of_minutes() -> None:
    time = END - np.arange(2000, 0, -1, dtype=np.int64) * (DAY_NS // 288)
    kept = np.concatenate([time[:800], time[860:]])  # five hours missing
    found = window(Series.sampled("cgm_glucose", kept, np.full(len(kept), 110.0)), "1W", NOW)
    assert len(found.gaps) == 1
    assert len(found.segments) == 2
    assert found.median is not None


def test_limits_are_kept_apart_from_every_average_and_no_line_touches_them() -> None:
    records = [one("crp", 4 + n % 3, n + 1) for n in range(12)] + [one("crp", 500, 5.5, bound=">")]
    found = drawn(records)
    assert found.sentence.facts["most"] == 6
    assert (found.sentence.facts["n"], found.sentence.facts["limits"]) == (12, 1)
    assert found.usual is not None
    assert found.usual.high < 10
    at = int(np.flatnonzero(found.shown.bound == ">")[0])
    assert not any(low <= at < high for low, high in found.segments)


def test_the_usual_band_needs_ten_readings() -> None:
    assert drawn(daily(range(9))).usual is None
    usual = drawn([one("weight", n, n + 1) for n in range(1, 12)]).usual
    assert usual is not None
    assert (usual.low, usual.high, usual.n) == (2, 10, 11)


def test_one_wild_value_hardly_moves_the_usual_band() -> None:
    calm = drawn(daily(range(30))).usual
    wild = drawn([*daily(range(30)), one("weight", 300, 30.3)]).usual
    assert calm is not None
    assert wild is not None
    assert wild.high - calm.high < 0.2


def test_the_rolling_median_waits_for_four_readings() -> None:
    found = drawn(daily(range(20)))
    assert found.median is not None
    assert np.isnan(found.median[:3]).all()
    assert not np.isnan(found.median[3:]).any()


def test_thinning_keeps_extremes_ends_limits_and_the_edges_of_gaps() -> None:
    n = 200_000
    time = END - np.arange(n, 0, -1, dtype=np.int64) * 60_000_000_000
    value = 70 + np.sin(np.arange(n) / 500)
    value[[777, 150_000]] = (230, 20)
    keep = np.ones(n, dtype=bool)
    keep[60_000:70_000] = False
    found = window(Series.sampled("hr", time[keep], value[keep]), "1Y", NOW, most=500)
    assert found.found == n - 10_000
    assert len(found.shown) <= 520
    assert {20.0, 230.0} <= set(found.shown.value)
    assert (found.shown.time[0], found.shown.time[-1]) == (time[0], time[-1])
    assert {time[59_999], time[70_000]} <= set(found.shown.time)
    assert len(found.gaps) == 1
    assert len(found.segments) == 2


CHANGES = [
    # signal, oldest first, code
    ("hba1c", [7.0, 7.2], "change.steady"), ("hba1c", [7.0, 7.4], "change.rising"), ("hba1c", [7.4, 7.0], "change.falling"), ("hba1c", [7.0], "change.too_few"),
    ("creatinine", [1.0, 1.14], "change.steady"), ("creatinine", [1.0, 1.15], "change.rising"), ("tg", [150, 260], "change.steady"),
    ("potassium", [4.0, 5.0], "change.compared"), ("weight", [70, 70.1, 72], "change.too_few"), ("weight", [70, 70.1, 72, 72.5], "change.rising"),
    ("weight", [70, 80, 70, 71, 70, 71], "change.steady"), ("weight", [72, 73, 71, 71, 70, 69], "change.falling"), ("hr", [60, 60, 90, 90], "change.compared"),
]  # fmt: skip


@pytest.mark.parametrize(("signal", "numbers", "code"), CHANGES)
def test_only_what_leaves_the_usual_wavering_is_called_a_change(signal: str, numbers: list[float], code: str) -> None:
    records = [one(signal, number, len(numbers) - at) for at, number in enumerate(numbers)]
    for order in (records, records[::-1]):
        found = drawn(order).sentence
        assert found.code == code
        assert found.facts["n"] == len(numbers)


def test_the_limits_of_change_follow_from_the_variation_within_a_person() -> None:
    within = {
        "albumin": 2.5,
        "creatinine": 4.4,
        "hba1c": 1.2,
        "tg": 19.8,
        "uric_acid": 8.3,
        "ldl": 8.46,
    }  # CVI percent, half of it analytical
    for signal, cvi in within.items():
        spread = np.sqrt(np.log(1 + cvi**2 / 1e4) + np.log(1 + (cvi / 2) ** 2 / 1e4))
        up = (np.exp(1.96 * np.sqrt(2) * spread) - 1) * 100
        assert CHANGE_LIMITS[signal] == pytest.approx((up, (1 / (1 + up / 100) - 1) * 100), abs=0.02)


@pytest.mark.parametrize(
    ("numbers", "code", "inside"),
    [([120, 125, 130], "change.target_all", 3), ([120, 140, 130], "change.target_some", 2), ([140, 141], "change.target_none", 0)],
)
def test_the_sentence_compares_with_the_target(numbers: list[float], code: str, inside: int) -> None:
    records = [one("sbp", number, at + 1) for at, number in enumerate(numbers)]
    found = drawn(records, target=Band(None, 135, "mm[Hg]", high_open=True)).sentence
    assert found.target == (code, {"inside": inside, "judged": len(numbers)})


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.01, 400), st.floats(40, 200)), max_size=60),
    st.integers(-(10**6), 10**6),
    st.sampled_from(list(RANGES)),
)
def test_shifting_all_times_and_now_changes_nothing(points: list[tuple[float, float]], minutes: int, span: str) -> None:
    shift = minutes * 60_000_000_000
    time = np.array(sorted(END - int(days * DAY_NS) for days, _ in points), dtype=np.int64)
    value = np.array([number for _, number in points])
    here = window(Series.sampled("weight", time, value), span, NOW)
    there = window(Series.sampled("weight", time + shift, value), span, NOW + timedelta(minutes=minutes))
    assert np.array_equal(there.shown.time - shift, here.shown.time)
    assert [(g.start - shift, g.end - shift) for g in there.gaps] == [(g.start, g.end) for g in here.gaps]
    assert (there.segments, there.usual, there.sentence.facts, there.sentence.code) == (
        here.segments,
        here.usual,
        here.sentence.facts,
        here.sentence.code,
    )


def test_the_order_of_the_records_does_not_matter() -> None:
    records = [*daily(range(60)), one("weight", 75, 3.25)]
    expected = drawn(records)
    random.Random(4).shuffle(records)
    found = drawn(records)
    assert np.array_equal(found.shown.value, expected.shown.value)
    assert (found.gaps, found.segments, found.sentence) == (expected.gaps, expected.segments, expected.sentence)
