"""This is the place where home blood pressures of a device are averaged by the protocol, or more measuring is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import ABOVE, ERASED, ESTIMATED, IMPLAUSIBLE, MANUAL, UNVALIDATED
from core.domain.targets import Traits
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.home_pressure import Cuff, HomeMean, WeeklyVariation, home_mean, over_target, pressure_pairs, weekly_variation
from core.trends.judgement import Declined

MINUTE_NS = HOUR_NS // 60
FIRST = 20_500

FULL_DAY = (7.0, 7.02, 20.0, 20.02)
"""Two readings in the morning, two in the evening."""


def cuff(days: dict[int, tuple[float, ...]], upper: dict[int, float] | None = None, quality: int = 0) -> Cuff:
    """Readings at hours of days counted from FIRST; 120/80 unless `upper` names another for a day."""
    rows = [(day, hour) for day, hours in days.items() for hour in hours]
    local = np.array([(FIRST + day) * DAY_NS + round(hour * 60) * MINUTE_NS for day, hour in rows], dtype=np.int64)
    sbp = np.array([(upper or {}).get(day, 120.0) for day, _ in rows], dtype=float)
    return Cuff.of(local, sbp, np.full(len(rows), 80.0), quality)


def test_the_first_day_is_dropped_and_all_other_readings_are_averaged() -> None:
    said = home_mean(cuff(dict.fromkeys(range(7), FULL_DAY), {0: 180, 1: 130, 6: 150}))
    assert isinstance(said, HomeMean)
    assert (said.sbp, said.dbp) == (int(np.floor((130 + 150 + 4 * 120) / 6 + 0.5)), 80)
    assert (said.readings, said.days, said.kept_days, said.by_protocol) == (24, 6, 6, True)
    assert (said.from_day, said.to_day) == (FIRST + 1, FIRST + 6)


def test_readings_weigh_the_same_not_days() -> None:
    said = home_mean(cuff({0: (7,), 1: (7, 8, 9), 2: (7,)}, {1: 140, 2: 120}))
    assert isinstance(said, HomeMean)
    assert said.sbp == 135


def test_half_a_millimetre_is_rounded_up_as_in_guideline_tables() -> None:
    said = home_mean(cuff({0: (7,), 1: (7,), 2: (7,)}, {1: 134, 2: 135}))
    assert isinstance(said, HomeMean)
    assert said.sbp == 135


@pytest.mark.parametrize("days", [1, 2])
def test_fewer_than_three_days_are_declined_with_the_days_that_are_missing(days: int) -> None:
    said = home_mean(cuff(dict.fromkeys(range(days), FULL_DAY)))
    assert said == Declined("enough_days", {"have": days, "need": 3, "more": 3 - days, "n": 3 - days})


def test_only_the_last_seven_days_count() -> None:
    said = home_mean(cuff(dict.fromkeys(range(12), FULL_DAY), dict.fromkeys(range(5), 190.0)))
    assert isinstance(said, HomeMean)
    assert (said.sbp, said.days, said.from_day) == (120, 6, FIRST + 6)
    assert isinstance(home_mean(cuff({0: FULL_DAY, 1: FULL_DAY, 2: FULL_DAY, 20: FULL_DAY})), Declined)


def test_measuring_less_often_than_the_protocol_is_said() -> None:
    said = home_mean(cuff({0: FULL_DAY, 1: FULL_DAY, 2: (7, 7.1, 20), 3: (20, 21, 22, 23), 4: (3.9, 5, 6, 12, 13)}))
    assert isinstance(said, HomeMean)
    assert (said.days, said.kept_days, said.by_protocol) == (4, 2, False)


def test_a_pressure_without_a_cuff_never_enters_and_is_counted() -> None:
    whole = dict.fromkeys(range(4), FULL_DAY)
    real, made_up = cuff(whole), cuff(whole, dict.fromkeys(whole, 170.0), UNVALIDATED)
    assert home_mean(made_up) == Declined("only_cuffless", {"n": 16})
    assert home_mean(cuff(whole, quality=ESTIMATED)) == Declined("only_cuffless", {"n": 16})
    assert (len(real), made_up.cuffless) == (16, 16)
    local = np.concatenate([real.local, real.local + MINUTE_NS])
    bits = np.repeat([MANUAL, UNVALIDATED], 16)
    both = home_mean(Cuff.of(local, np.repeat([120.0, 170.0], 16), np.full(32, 80.0), bits))
    assert isinstance(both, HomeMean)
    assert (both.sbp, both.readings, both.cuffless) == (120, 12, 16)


@pytest.mark.parametrize("bits", [IMPLAUSIBLE, ERASED, ABOVE])
def test_unusable_readings_never_enter_and_are_counted(bits: int) -> None:
    whole = cuff(dict.fromkeys(range(4), FULL_DAY))
    quality = np.zeros(16, dtype=np.uint8)
    quality[5] = bits
    sbp = np.where(quality > 0, 300.0, 120.0)
    said = home_mean(Cuff.of(whole.local, sbp, whole.dbp, quality))
    assert isinstance(said, HomeMean)
    assert (said.sbp, said.readings, said.unusable) == (120, 11, 1)


def test_halves_in_the_wrong_order_are_no_pressure() -> None:
    turned = Cuff.of(np.array([0, 1, 2]), np.array([80.0, np.nan, 120.0]), np.array([120.0, 80.0, 80.0]))
    assert (len(turned), turned.unusable) == (1, 2)


def test_nothing_and_too_old_are_declined() -> None:
    assert home_mean(cuff({})) == Declined("no_cuff_readings")
    whole = cuff(dict.fromkeys(range(4), FULL_DAY))
    assert isinstance(home_mean(whole, (FIRST + 33) * DAY_NS), HomeMean)
    assert home_mean(whole, (FIRST + 36) * DAY_NS) == Declined("too_old", {"days": 32, "limit": 30, "n": 32})


TARGETS = [
    (134, 84, "china_2024", False), (135, 84, "china_2024", True), (134, 85, "esh_2023", True), (130, 79, "esc_2024", False),
    (130, 79, "aha_2025", True), (129, 79, "aha_2025", False), (129, 80, "aha_2025", True),
]  # fmt: skip


@pytest.mark.parametrize(("sbp", "dbp", "family", "over"), TARGETS)
def test_the_home_target_is_that_of_the_guideline_family(sbp: int, dbp: int, family: str, over: bool) -> None:
    said = HomeMean(sbp, dbp, 12, 6, 6, FIRST, FIRST + 6, 0, 0)
    assert over_target(said, Traits(60, family=family)) is over


def test_no_target_is_no_verdict() -> None:
    said = HomeMean(150, 95, 12, 6, 6, FIRST, FIRST + 6, 0, 0)
    for traits in (Traits(9), Traits(None), Traits(30, pregnant=True)):
        assert over_target(said, traits) == Declined("no_target")


def test_weeks_are_compared_by_their_own_averages() -> None:
    weeks = {day: 120.0 + 4 * (day // 7) for day in range(35)}
    said = weekly_variation(cuff(dict.fromkeys(range(35), FULL_DAY), weeks))
    assert isinstance(said, WeeklyVariation)
    means = [120, 124, 128, 132, 136]
    assert said.sbp_cv == pytest.approx(100 * np.std(means, ddof=1) / np.mean(means))
    assert (said.dbp_cv, said.weeks) == (0, 5)


def test_too_few_weeks_have_no_variation() -> None:
    said = weekly_variation(cuff({**dict.fromkeys(range(21), FULL_DAY), 21: FULL_DAY, 22: FULL_DAY}))
    assert said == Declined("enough_weeks", {"have": 3, "need": 4, "more": 1, "n": 1})
    assert weekly_variation(cuff({})) == Declined("enough_weeks", {"have": 0, "need": 4, "more": 4, "n": 4})


def test_halves_are_matched_by_their_moment() -> None:
    upper, lower = pressure_pairs(np.array([30, 10, 20]), np.array([20, 30, 40]))
    assert [(int(a), int(b)) for a, b in zip(upper, lower, strict=True)] == [(2, 0), (0, 1)]


@given(st.integers(3, 9), st.integers(-9000, 9000), st.randoms(use_true_random=False))
def test_shifting_by_days_and_shuffling_change_no_average(days: int, shift: int, random: object) -> None:
    whole = cuff(dict.fromkeys(range(days), FULL_DAY), {day: 118.0 + day for day in range(days)})
    order = np.arange(len(whole))
    random.shuffle(order)  # type: ignore[attr-defined]
    first = home_mean(whole)
    second = home_mean(Cuff.of(whole.local[order] + shift * DAY_NS, whole.sbp[order], whole.dbp[order]))
    assert isinstance(first, HomeMean) and isinstance(second, HomeMean)
    assert (first.sbp, first.dbp, first.readings, first.kept_days) == (second.sbp, second.dbp, second.readings, second.kept_days)
    assert second.from_day - first.from_day == shift
