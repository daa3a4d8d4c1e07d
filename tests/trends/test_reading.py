"""This is the place where it is tested which numbers become readings, in which unit, and which halves make a pressure."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.records import Reference, SourceMark, Standing
from core.trends import readings
from tests.trends.given import CLINIC, CUFF, ago, observation, one, pressure, value


def test_nothing_gives_nothing() -> None:
    found = readings(())
    assert dict(found.series) == {}
    assert len(found.pressures) == 0
    assert len(found.get("weight")) == 0


def test_units_are_made_one_and_the_range_goes_with_the_value() -> None:
    found = readings(
        [one("glucose", 7.0, 1, "mmol/L", low=3.9, high=6.1), one("weight", 154.32, 2, "[lb_av]"), one("temp", 98.6, 3, "[degF]")]
    )
    glucose = found.get("glucose")
    assert glucose.value[0] == pytest.approx(126.13, abs=0.01)
    assert (glucose.low[0], glucose.high[0]) == pytest.approx((70.27, 109.91), abs=0.01)
    assert found.get("weight").value[0] == pytest.approx(69.998, abs=0.001)
    assert found.get("temp").value[0] == pytest.approx(37.0)


@pytest.mark.parametrize(
    "more",
    [
        {"standing": Standing.RETRACTED}, {"standing": Standing.SUPERSEDED}, {"standing": Standing.QUARANTINED}, {"standing": Standing.RAW},
        {"item": {"see_original": "modifier_extension"}}, {"item": {"status": "cancelled"}}, {"item": {"status": "entered-in-error"}},
    ],
)  # fmt: skip
def test_records_that_do_not_count_give_no_readings(more: dict[str, object]) -> None:
    assert dict(readings([observation("r", (value("weight", 70),), ago(1), **more)]).series) == {}


@pytest.mark.parametrize(
    "more", [{"problem": "implausible"}, {"absent": "refused", "number": None}, {"form": "text"}, {"form": "series"}]
)
def test_values_with_a_problem_give_no_readings(more: dict[str, object]) -> None:
    spoilt = value("weight", 70)
    kept = readings([observation("r", (type(spoilt)(**{**{f: getattr(spoilt, f) for f in spoilt.__slots__}, **more}),), ago(1))])
    assert len(kept.get("weight")) == 0


def test_a_unit_that_does_not_fit_or_a_missing_time_is_counted_as_left_out() -> None:
    found = readings([one("sodium", 140, 1, "mg/dL"), observation("r2", (value("sodium", 140),), ""), one("sodium", 140, 3)])
    assert found.left_out == 2
    assert len(found.get("sodium")) == 1


def test_a_result_without_its_own_time_stands_at_the_time_of_issue() -> None:
    found = readings([observation("r", (value("sodium", 140),), "", {"issued": "2026-11-01T09:00:00+08:00"})]).get("sodium")
    assert found.when[0] == "2026-11-01T09:00:00+08:00"


def test_the_diastolic_may_come_first() -> None:
    pairs = readings([pressure(142, 88, 1)]).pressures
    assert (pairs.sbp.value[0], pairs.dbp.value[0]) == (142, 88)


def test_halves_of_different_records_are_never_mixed() -> None:
    upper = observation("r1", (value("sbp", 140),), ago(2))
    lower = observation("r2", (value("dbp", 60),), ago(1))
    assert len(readings([upper, lower]).pressures) == 0


def test_two_records_of_one_instant_and_source_are_one_pressure() -> None:
    upper = observation("r1", (value("sbp", 140),), ago(2))
    lower = observation("r2", (value("dbp", 90),), ago(2))
    elsewhere = observation("r3", (value("dbp", 70),), ago(2), sources=(CUFF,))
    pairs = readings([upper, lower, elsewhere]).pressures
    assert [(a, b) for a, b in zip(pairs.sbp.value, pairs.dbp.value, strict=True)] == [(140, 90)]


def test_a_record_with_a_half_twice_makes_no_pressure() -> None:
    twice = observation("r", (value("sbp", 140), value("sbp", 120), value("dbp", 80)), ago(1))
    found = readings([twice])
    assert len(found.pressures) == 0
    assert len(found.get("sbp")) == 2


def test_a_half_that_failed_leaves_the_other_alone() -> None:
    found = readings([observation("r", (value("sbp", 1200, problem="implausible"), value("dbp", 80)), ago(1))])
    assert len(found.get("dbp")) == 1
    assert len(found.pressures) == 0


def test_the_order_of_the_records_does_not_matter() -> None:
    records = [pressure(130 + n, 80, n / 3) for n in range(12)] + [one("weight", 70, n) for n in (3, 1, 2)]
    forward, backward = readings(records), readings(records[::-1])
    for signal in forward.series:
        assert forward.get(signal).record.tolist() == backward.get(signal).record.tolist()
        assert np.array_equal(forward.get(signal).value, backward.get(signal).value)
        assert (np.diff(forward.get(signal).time) >= 0).all()


def test_partial_dates_keep_their_precision_and_stand_in_their_middle() -> None:
    records = [observation(f"r{n}", (value("hba1c", 7),), when) for n, when in enumerate(("2026", "2026-10", "2026-10-05"))]
    found = readings(records).get("hba1c")
    assert dict(zip(found.precision, found.time.astype("datetime64[ns]").astype(str), strict=True)) == {
        "year": "2026-07-02T12:00:00.000000000", "month": "2026-10-16T12:00:00.000000000", "day": "2026-10-05T12:00:00.000000000",
    }  # fmt: skip


def test_offsets_are_kept_and_order_is_by_the_instant() -> None:
    early, late = "2026-10-25T02:30:00+02:00", "2026-10-25T02:15:00+01:00"  # the hour that comes twice when summer time ends
    found = readings([observation("b", (value("hr", 61),), late), observation("a", (value("hr", 60),), early)]).get("hr")
    assert found.when.tolist() == [early, late]


def test_a_date_no_clock_can_hold_is_left_out() -> None:
    assert readings([observation("r", (value("weight", 70),), "0001-01-01")]).left_out == 1


SETTINGS = [
    ({}, CUFF, "home"), ({}, CLINIC, ""), ({}, SourceMark("s", "manual", ""), "home"), ({}, SourceMark("s", "file", "Sunrise Nursing Home"), ""),
    ({"references": (Reference("encounter", "x|Encounter/1"),)}, CLINIC, "office"),
    ({"references": (Reference("performer", "x|Patient/1"),)}, CLINIC, "home"),
    ({"references": (Reference("performer", "x|Practitioner/1"),)}, CLINIC, "office"),
    ({"detail": (("method", "Self-measured at home"),)}, CLINIC, "home"), ({"detail": (("note", "家庭自测"),)}, CLINIC, "home"),
    ({"detail": (("note", "at home"),), "references": (Reference("encounter", "x|Encounter/1"),)}, CLINIC, "home"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "source", "expected"), SETTINGS)
def test_home_and_clinic_are_told_apart_only_where_the_record_says_so(
    item: dict[str, object], source: SourceMark, expected: str
) -> None:
    found = readings([observation("r", (value("sbp", 120), value("dbp", 80)), ago(1), item, sources=(source,))])
    assert found.pressures.sbp.setting[0] == expected
