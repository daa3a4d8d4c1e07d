"""This is the place where the glucose statistics are held to the published formulas, person by person, and to their own rules."""

from __future__ import annotations

import csv
import math
import statistics
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.samples import ABOVE, BELOW, ERASED, IMPLAUSIBLE
from core.domain.targets import Traits
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.glucose import Glucose, GlucoseReport, aims_met, gmi, mean_sd, report, wear_of, window_of
from core.trends.glucose_profile import BINS, PERCENTILES, percentiles_by_time_of_day, profile
from core.trends.glucose_ranges import ADULT, AIMS, GROUPS, OLDER, PREGNANCY, RANGES, aims_for, group_of, ranked, shares
from core.trends.judgement import Declined
from core.trends.published import from_memory, weakest
from core.trends.uncertainty import Interval, mean_over_days

MINUTE_NS = HOUR_NS // 60
START = 20_000 * DAY_NS + 7 * HOUR_NS
MMOL = 18.0182


def sensor(days: float, step: int = 5, seed: int = 1, low: float = 60, high: float = 260) -> Glucose:
    """Readings every `step` minutes for some days; the local clock is two hours ahead."""
    count = round(days * 1440 / step)
    time = START + np.arange(count) * step * MINUTE_NS
    return Glucose.of(time, time + 2 * HOUR_NS, np.random.default_rng(seed).integers(int(low), int(high), count).astype(float))


# ------------------------------------------------------------------------------------------------ against real people


@pytest.fixture(scope="module")
def hall(shared_data: Path) -> dict[str, list[tuple[int, float]]]:
    people: dict[str, list[tuple[int, float]]] = defaultdict(list)
    with (shared_data / "wearable/cgm-hall2018/cgm.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC)
            people[row["id"]].append((int(at.timestamp()) * 1_000_000_000, float(row["gl"])))
    return people


def test_the_statistics_of_real_people_are_the_published_formulas(hall: dict[str, list[tuple[int, float]]]) -> None:
    assert len(hall) == 12
    for rows in hall.values():
        numbers = [value for _, value in rows]
        value = np.array(numbers)
        mean, sd = mean_sd(value)
        assert mean == pytest.approx(statistics.fmean(numbers), rel=1e-12)
        assert sd == pytest.approx(statistics.stdev(numbers), rel=1e-12)
        assert gmi(mean) == pytest.approx(3.31 + 0.02392 * sum(numbers) / len(numbers), rel=1e-12)
        counted = {
            "tbr2": sum(n < 54 for n in numbers),
            "tbr1": sum(54 <= n < 70 for n in numbers),
            "tir": sum(70 <= n <= 180 for n in numbers),
            "tar1": sum(180 < n <= 250 for n in numbers),
            "tar2": sum(n > 250 for n in numbers),
        }
        assert shares(value) == pytest.approx({code: 100 * count / len(numbers) for code, count in counted.items()})


def test_the_profile_of_real_people_is_the_percentile_of_each_quarter_of_an_hour(hall: dict[str, list[tuple[int, float]]]) -> None:
    for rows in list(hall.values())[:3]:
        local, value = np.array([at for at, _ in rows]), np.array([n for _, n in rows])
        found, count, days = percentiles_by_time_of_day(local, value)
        for number in range(BINS):
            mine = sorted(n for at, n in rows if (at // (15 * MINUTE_NS)) % BINS == number)
            assert count[number] == len(mine)
            for line, percent in enumerate(PERCENTILES):
                at = (len(mine) - 1) * percent / 100
                below = math.floor(at)
                expected = mine[below] + (at - below) * (mine[min(below + 1, len(mine) - 1)] - mine[below])
                assert found[line, number] == pytest.approx(expected)
        assert days.max() <= len({at // DAY_NS for at, _ in rows})


def test_a_week_of_a_real_sensor_is_declined_with_the_days_that_are_missing(hall: dict[str, list[tuple[int, float]]]) -> None:
    for person, rows in hall.items():
        said = report(Glucose.of(*(np.array(c) for c in ([at for at, _ in rows], [at for at, _ in rows], [n for _, n in rows]))))
        assert isinstance(said, Declined), person
        if rows[-1][0] - rows[0][0] < 14 * DAY_NS:
            assert said.code == "enough_days"
            assert said.facts["have"] + said.facts["more"] == said.facts["need"] == 14
        else:
            assert said.code == "enough_wear"
            assert said.facts["have"] < 70 <= said.facts["need"]


# ------------------------------------------------------------------------------------------------ ranges and aims

EDGES = [
    (40, "tbr2"), (53, "tbr2"), (53.9, "tbr2"), (54, "tbr1"), (69, "tbr1"), (69.9, "tbr1"), (70, "tir"), (180, "tir"), (180.4, "tar1"),
    (181, "tar1"), (250, "tar1"), (250.4, "tar2"), (251, "tar2"), (400, "tar2"),
    (2.9 * MMOL, "tbr2"), (3.0 * MMOL, "tbr1"), (3.8 * MMOL, "tbr1"), (3.9 * MMOL, "tir"), (10.0 * MMOL, "tir"), (10.1 * MMOL, "tar1"),
    (13.9 * MMOL, "tar1"), (14.0 * MMOL, "tar2"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code"), EDGES)
def test_each_edge_belongs_where_the_consensus_prints_it_in_both_units(value: float, code: str) -> None:
    assert RANGES[ADULT][int(ranked(np.array([value]))[0])].code == code


PREGNANT_EDGES = [
    (53, "tbr2"),
    (54, "tbr1"),
    (62.5, "tbr1"),
    (63, "tir"),
    (140, "tir"),
    (7.8 * MMOL, "tir"),
    (141, "tar1"),
    (300, "tar1"),
]


@pytest.mark.parametrize(("value", "code"), PREGNANT_EDGES)
def test_in_pregnancy_the_range_is_narrower(value: float, code: str) -> None:
    assert RANGES[PREGNANCY][int(ranked(np.array([value]), PREGNANCY)[0])].code == code


@given(st.lists(st.floats(10, 600), min_size=1, max_size=50), st.sampled_from(GROUPS))
def test_every_reading_is_in_one_range(values: list[float], group: str) -> None:
    found = shares(np.array(values), group)
    assert sum(found.values()) == pytest.approx(100)
    rank = ranked(np.sort(np.array(values)), group)
    assert (np.diff(rank) >= 0).all() or any(abs(v - edge * MMOL) < 0.02 for v in values for edge in (10.0, 13.9, 7.8))


@given(st.lists(st.integers(22, 280), min_size=1, max_size=50))
def test_a_sensor_in_mmol_has_the_same_time_in_range_as_its_own_display(tenths: list[int]) -> None:
    stored = np.array([n / 10 * MMOL for n in tenths])
    shown = {
        "tbr2": sum(n < 30 for n in tenths), "tbr1": sum(30 <= n <= 38 for n in tenths), "tir": sum(39 <= n <= 100 for n in tenths),
        "tar1": sum(101 <= n <= 139 for n in tenths), "tar2": sum(n > 139 for n in tenths),
    }  # fmt: skip
    assert shares(stored) == pytest.approx({code: 100 * n / len(tenths) for code, n in shown.items()})


def test_aims_follow_the_group() -> None:
    diabetic = {"diabetes": True}
    assert group_of(Traits(40)) == ""
    assert group_of(Traits(None, **diabetic)) == ""
    assert group_of(Traits(64, **diabetic)) == ADULT
    assert group_of(Traits(65, **diabetic)) == OLDER
    assert group_of(Traits(30, pregnant=True, **diabetic)) == PREGNANCY
    assert {aim.measure for aim in aims_for(ADULT)} == {"tir", "tbr", "tbr2", "tar", "tar2", "cv"}
    assert {aim.group for aim in AIMS} == set(GROUPS)


def test_an_aim_is_met_on_its_own_side_of_the_edge_only() -> None:
    value = np.tile(np.array([100.0] * 70 + [200.0] * 30), 41)[: 14 * 288]
    time = START + np.arange(len(value)) * 5 * MINUTE_NS
    said = report(Glucose.of(time, time, value))
    assert isinstance(said, GlucoseReport)
    met = {one.aim.measure: one.met for one in aims_met(said)}
    assert met == {"tir": said.shares["tir"] > 70, "tbr": True, "tbr2": True, "tar": False, "tar2": True, "cv": said.cv <= 36}
    assert said.measure("tar") == pytest.approx(said.shares["tar1"] + said.shares["tar2"])


# ------------------------------------------------------------------------------------------------ enough or not

AMOUNTS = [
    (0.0, ("enough_days", 0, 14)), (9.0, ("enough_days", 9, 5)), (13.0, ("enough_days", 13, 1)), (13.8, ("enough_days", 13, 1)),
    (13.95, None), (14.0, None), (20.0, None),
]  # fmt: skip


@pytest.mark.parametrize(("days", "declined"), AMOUNTS)
def test_fourteen_days_are_needed_less_the_warming_up_of_a_sensor(days: float, declined: tuple[str, int, int] | None) -> None:
    for step in (5, 15):
        said = report(sensor(days, step))
        if declined is None:
            assert isinstance(said, GlucoseReport)
        else:
            assert isinstance(said, Declined)
            assert (said.code, said.facts["have"], said.facts["more"]) == declined


@pytest.mark.parametrize(("worn", "enough"), [(9.7, False), (9.9, True)])
def test_seventy_percent_of_the_window_must_be_there(worn: float, enough: bool) -> None:
    whole = sensor(14)
    part = whole.take((whole.time < START + (worn - 1) * DAY_NS) | (whole.time >= START + 13 * DAY_NS))
    said = report(part)
    assert isinstance(said, GlucoseReport) is enough
    if isinstance(said, Declined):
        assert (said.code, said.facts["have"], said.facts["more"]) == ("enough_wear", 69, 1)
    else:
        assert said.wear.active == pytest.approx(100 * worn / 14, abs=0.1)


def test_old_days_do_not_make_up_for_a_sensor_taken_off() -> None:
    whole = sensor(40)
    said = report(whole.take((whole.time < START + 20 * DAY_NS) | (whole.time >= START + 37 * DAY_NS)))
    assert isinstance(said, Declined)
    assert (said.code, said.facts["have"], said.facts["more"]) == ("enough_wear", 21, 7)


def test_a_silence_up_to_now_counts_as_not_worn() -> None:
    until = START + 20 * DAY_NS
    assert isinstance(report(sensor(14), until=START + 14 * DAY_NS), GlucoseReport)
    assert isinstance(report(sensor(14), until=until), Declined)


def test_finger_pricks_are_no_sensor() -> None:
    time = START + np.arange(80) * 6 * HOUR_NS
    said = report(Glucose.of(time, time, np.full(80, 120.0)))
    assert said == Declined("needs_sensor_steps", {"have": 360, "need": 15})


def test_the_newest_fourteen_days_are_taken_and_more_only_when_asked() -> None:
    early, late = sensor(20, low=60, high=80), sensor(14, low=100, high=120)
    time = np.concatenate([early.time, late.time + 20 * DAY_NS])
    both = Glucose.of(time, time, np.concatenate([early.value, late.value]))
    two_weeks, month = report(both), report(both, days=30)
    assert isinstance(two_weeks, GlucoseReport) and isinstance(month, GlucoseReport)
    assert two_weeks.shares["tir"] == 100
    assert month.shares["tir"] < 90
    assert month.wear.span_days == pytest.approx(30, abs=0.1)


def test_limits_count_and_are_told() -> None:
    whole = sensor(14)
    value, bits = whole.value.copy(), np.zeros(len(whole), dtype=np.uint8)
    value[:7], bits[:7] = 40, BELOW
    value[7:10], bits[7:10] = 400, ABOVE
    said = report(Glucose.of(whole.time, whole.local, value, bits))
    assert isinstance(said, GlucoseReport)
    assert (said.below_limit, said.above_limit) == (7, 3)
    assert said.shares["tbr2"] == pytest.approx(100 * (value < 54).mean())
    assert said.mean == pytest.approx(value.mean())


def test_what_may_not_be_used_never_enters_and_a_repeat_counts_once() -> None:
    whole = sensor(14)
    bits = np.zeros(len(whole) * 2, dtype=np.uint8)
    bits[len(whole) : len(whole) + 50], bits[len(whole) + 50 : len(whole) + 99] = IMPLAUSIBLE, ERASED
    value = np.concatenate([whole.value, np.full(99, 9000.0), whole.value[99:]])
    twice = Glucose.of(np.tile(whole.time, 2), np.tile(whole.local, 2), value, bits)
    assert report(twice) == report(whole)
    holed = np.where(np.arange(len(whole)) == 5, np.nan, whole.value)
    assert len(Glucose.of(whole.time, whole.local, holed)) == len(whole) - 1


def test_a_step_that_jitters_loses_nothing() -> None:
    count = 14 * 288
    time = START + np.arange(count) * 5 * MINUTE_NS + np.random.default_rng(3).integers(-20, 20, count) * 1_000_000_000
    wear = wear_of(Glucose.of(time, time, np.full(count, 100.0)), int(time.min()) - 1, int(time.max()))
    assert not isinstance(wear, Declined)
    assert wear.active > 99.9


# ------------------------------------------------------------------------------------------------ what must not matter


@settings(max_examples=20)
@given(st.integers(-3000, 3000), st.randoms(use_true_random=False))
def test_shifting_by_days_and_shuffling_change_nothing(days: int, random: object) -> None:
    whole = sensor(14.5, 15)
    order = np.arange(len(whole))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = Glucose.of(whole.time[order] + days * DAY_NS, whole.local[order] + days * DAY_NS, whole.value[order])
    first, second = report(whole), report(moved)
    assert isinstance(first, GlucoseReport) and isinstance(second, GlucoseReport)
    assert (first.mean, first.sd, first.shares, first.wear, first.tir_interval) == (
        second.mean, second.sd, second.shares, second.wear, second.tir_interval,
    )  # fmt: skip
    before, after = profile(whole), profile(moved)
    assert not isinstance(before, Declined) and not isinstance(after, Declined)
    np.testing.assert_array_equal(before.percentiles, after.percentiles)


def test_the_profile_is_of_the_persons_clock_and_says_how_many_days_stand_behind_it() -> None:
    whole = sensor(14)
    noon = (whole.local % DAY_NS) // HOUR_NS == 12
    found = profile(Glucose.of(whole.time, whole.local, np.where(noon, 250.0, 100.0)))
    assert not isinstance(found, Declined)
    assert set(found.minute[found.percentiles[2] == 250]) == {720, 735, 750, 765}
    assert set(found.days.tolist()) == {14}
    assert (np.diff(found.percentiles, axis=0) >= 0).all()


def test_an_empty_bin_is_empty() -> None:
    found, count, days = percentiles_by_time_of_day(np.array([START]), np.array([100.0]))
    assert np.isnan(found).sum() == (BINS - 1) * 5
    assert (count.sum(), days.sum()) == (1, 1)


def test_the_profile_declines_like_the_report() -> None:
    assert profile(sensor(9)) == report(sensor(9)) == window_of(sensor(9))


def test_intervals_are_seeded_and_hold_the_estimate() -> None:
    said = report(sensor(14))
    assert isinstance(said, GlucoseReport)
    assert said == report(sensor(14))
    for interval, value in ((said.mean_interval, said.mean), (said.tir_interval, said.shares["tir"])):
        assert isinstance(interval, Interval)
        assert interval.low < value < interval.high
        assert interval.error > 0


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(11)
    held = 0
    for _ in range(200):
        days = random.normal(140, 20, 14)
        value = np.repeat(days, 24) + random.normal(0, 5, 14 * 24)
        local = np.repeat(np.arange(14), 24) * DAY_NS + np.tile(np.arange(24), 14) * HOUR_NS
        interval = mean_over_days(local, value)
        assert isinstance(interval, Interval)
        held += interval.low <= 140 <= interval.high
    assert 0.85 <= held / 200 <= 0.99


def test_few_days_have_no_interval() -> None:
    assert mean_over_days(np.arange(4) * DAY_NS, np.ones(4)) == Declined("enough_days", {"have": 4, "need": 5, "more": 1, "n": 1})


def test_a_number_nobody_has_checked_is_named() -> None:
    said = report(sensor(14))
    assert isinstance(said, GlucoseReport)
    assert from_memory(said.rests_on) == ("gmi_constant", "gmi_slope")
    assert weakest(said.rests_on) == "from_memory"
    assert [aim.measure for aim in AIMS if aim.status != "verified"] == ["tar2"]
