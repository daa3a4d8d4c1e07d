"""This is the place where it is tested that a series within a record becomes exactly the samples it states, or is set apart with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.domain.problems import PROBLEM_CODES, is_quarantined
from core.domain.records import Incoming, Record, SourceMark, Standing
from core.domain.samples import ABOVE, BELOW, FLOATING, IMPLAUSIBLE, UTC_ONLY, Columns, Strand
from core.trends.columns import ns
from core.trends.sampled import binned, merged, strands
from tests.fhir_read.given import Node, loinc, observation, one, quantity

CGM, RATE, STEPS, SBP = (loinc(code) for code in ("99504-3", "8867-4", "55423-8", "8480-6"))
START = "2026-03-01T08:00:00+08:00"
AT = ns(datetime(2026, 3, 1, tzinfo=UTC))
MINUTE = 60_000_000_000
LATER = datetime(2026, 6, 1, tzinfo=UTC)


def sampled(data: Any, **more: Any) -> Node:
    return {
        "valueSampledData": {"origin": quantity(0, "mmol/L", "mmol/L"), "period": 300_000, "dimensions": 1, "data": data, **more}
    }


def kept(found: Incoming, standing: Standing = Standing.CURRENT, source: str = "s1") -> Record:
    assert found.item is not None
    return Record(found.record_id, found.item, standing, (SourceMark(source, "file", "Diary"),), LATER, found.problems)


def columns(found: Incoming, zone: str = "") -> Columns:
    made = strands([kept(found)], ZoneInfo(zone) if zone else None)
    assert len(made) <= 1
    return made[0].columns if made else Columns.empty()


def test_each_word_is_measured_one_period_after_the_last_in_the_unit_of_the_signal() -> None:
    found = one(observation(CGM, effectiveDateTime=START, **sampled("5.5 E 6.0 10")))
    assert found.problems == ()
    made = columns(found)
    assert made.start.tolist() == [AT, AT + 10 * MINUTE, AT + 15 * MINUTE]
    assert made.end.tolist() == made.start.tolist()
    assert made.value == pytest.approx([5.5 * 18.0182, 6 * 18.0182, 180.182])
    assert made.quality.tolist() == [0, 0, 0]
    assert set(made.offset.tolist()) == {480}


def test_factor_and_origin_hold_for_numbers_and_limits_alike() -> None:
    body = sampled("10 L U 12.5", origin=quantity(40, "mg/dL", "mg/dL"), factor=10, lowerLimit=0, upperLimit=36)
    made = columns(one(observation(CGM, effectiveDateTime=START, **body)))
    assert made.value.tolist() == [140.0, 40.0, 400.0, 165.0]
    assert made.quality.tolist() == [0, BELOW, ABOVE, 0]


def test_a_limit_that_is_not_told_loses_only_its_own_word_and_says_so() -> None:
    found = one(observation(CGM, effectiveDateTime=START, **sampled("5 L 6 x 1_0")))
    assert found.problems == ("series_part_unread",)
    assert columns(found).start.tolist() == [AT, AT + 10 * MINUTE]
    assert found.item is not None
    assert not is_quarantined(found.item)


def test_a_number_as_only_python_writes_it_is_none() -> None:
    found = one(observation(CGM, effectiveDateTime=START, **sampled("5 1_0 6")))
    assert found.problems == ("series_part_unread",)
    assert columns(found).start.tolist() == [AT, AT + 10 * MINUTE]


def test_a_period_that_is_no_whole_number_does_not_drift() -> None:
    body = {
        "valueSampledData": {
            "origin": quantity(0, "/min", "/min"),
            "period": 1000 / 3,
            "dimensions": 1,
            "data": " ".join(["60"] * 9001),
        }
    }
    made = columns(one(observation(RATE, effectiveDateTime=START, **body)))
    assert made.start[9000] == AT + 3000 * 1_000_000_000


def test_amounts_cover_the_time_up_to_the_next() -> None:
    body = {"valueSampledData": {"origin": quantity(0, "1", "1"), "period": 900_000, "dimensions": 1, "data": "10 0 30"}}
    made = columns(one(observation(STEPS, effectiveDateTime=START, **body)))
    assert (made.end - made.start).tolist() == [15 * MINUTE] * 3
    assert made.value.tolist() == [10.0, 0.0, 30.0]


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ({"interval": 5, "intervalUnit": "min"}, 5),
        ({"interval": 30, "intervalUnit": "s"}, 0.5),
        ({"intervalUnit": "min", "offsets": "0 7 9"}, 0),
    ],
)
def test_the_words_of_release_five_are_understood(more: Node, step: float) -> None:
    body = sampled("5 6 7", **more)
    del body["valueSampledData"]["period"]
    made = columns(one(observation(CGM, effectiveDateTime=START, **body)))
    expected = [0, 7, 9] if not step else [0, step, 2 * step]
    assert ((made.start - AT) / MINUTE).tolist() == expected


def test_a_component_holds_a_series_as_well() -> None:
    body = {
        "component": [
            {
                "code": SBP,
                "valueSampledData": {"origin": quantity(0, "mmHg", "mm[Hg]"), "period": 60_000, "dimensions": 1, "data": "120 118"},
            }
        ]
    }
    made = strands([kept(one(observation(loinc("85354-9"), effectiveDateTime=START, **body)))], None)
    assert [(s.stream.signal, s.columns.value.tolist()) for s in made] == [("sbp", [120.0, 118.0])]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"dimensions": 2}, "series_many_dimensions"),
        ({"period": None}, "series_step_missing"),
        ({"period": 0}, "series_step_missing"),
        ({"period": -5}, "series_step_missing"),
        ({"origin": {"value": 0}}, "unit_missing"),
        ({"origin": None}, "unit_missing"),
        ({"origin": quantity(0, "furlong")}, "unit_unknown"),
        ({"origin": quantity(0, "kg", "kg")}, "unit_unfit"),
        ({"origin": {"unit": "mmol/L"}}, "number_missing"),
        ({"factor": "x"}, "number_missing"),
        ({"factor": 0}, "number_missing"),
        ({"data": ""}, "series_unreadable"),
        ({"data": "a b"}, "series_unreadable"),
        ({"data": 5}, "series_unreadable"),
        ({"data": "nan inf 1_0"}, "series_unreadable"),
    ],
)
def test_what_cannot_be_read_as_a_series_is_set_apart_with_the_reason(more: Node, problem: str) -> None:
    found = one(observation(CGM, effectiveDateTime=START, **sampled(**{"data": "5 6", **more})))
    assert problem in found.problems
    assert problem in PROBLEM_CODES
    assert is_quarantined(found.item)
    assert found.fact == ""
    assert not len(columns(found))


@pytest.mark.parametrize("when", [{}, {"effectiveDateTime": "2026-03-01"}, {"effectivePeriod": {"end": START}}, {"issued": START}])
def test_a_series_without_a_moment_to_begin_at_is_set_apart(when: Node) -> None:
    body = observation(CGM, **sampled("5 6"))
    body = {key: value for key, value in body.items() if not key.startswith("effective")} | when
    found = one(body)
    assert "series_not_placed" in found.problems
    assert is_quarantined(found.item)
    assert not len(columns(found))


def test_a_period_gives_the_beginning() -> None:
    made = columns(
        one(
            observation(
                CGM, effectiveDateTime=None, effectivePeriod={"start": START, "end": "2026-03-01T08:05:00+08:00"}, **sampled("5 6")
            )
        )
    )
    assert made.start.tolist() == [AT, AT + 5 * MINUTE]


@pytest.mark.parametrize(
    ("start", "zone", "offset"),
    [
        (START, "", 480), (START, "Asia/Shanghai", UTC_ONLY), (START, "America/New_York", 480),
        ("2026-03-01T00:00:00Z", "", UTC_ONLY), ("2026-03-01T08:00:00", "", FLOATING), ("2026-02-28T20:30:00-03:30", "", -210),
    ],
)  # fmt: skip
def test_the_clock_is_the_records_own_but_where_the_persons_zone_agrees(start: str, zone: str, offset: int) -> None:
    made = columns(one(observation(CGM, effectiveDateTime=start, **sampled("5 6"))), zone)
    assert set(made.offset.tolist()) == {offset}


def test_values_past_the_guard_range_are_kept_and_marked_and_the_rest_counts() -> None:
    made = columns(one(observation(CGM, effectiveDateTime=START, **sampled("5 500 6"))))
    assert made.quality.tolist() == [0, IMPLAUSIBLE, 0]


def test_samples_later_than_the_record_are_marked() -> None:
    made = columns(one(observation(CGM, effectiveDateTime=(LATER + timedelta(days=9)).isoformat(), **sampled("5 6"))))
    assert made.quality.tolist() == [IMPLAUSIBLE, IMPLAUSIBLE]


@pytest.mark.parametrize("standing", [Standing.SUPERSEDED, Standing.RETRACTED, Standing.QUARANTINED])
def test_only_current_records_have_samples(standing: Standing) -> None:
    found = one(observation(CGM, effectiveDateTime=START, **sampled("5 6")))
    assert strands([kept(found, standing)], None) == ()


def test_a_cancelled_record_has_no_samples() -> None:
    found = one(observation(CGM, effectiveDateTime=START, status="cancelled", **sampled("5 6")))
    assert strands([kept(found)], None) == ()


def test_records_of_one_source_are_one_stream_in_order_and_sources_stay_apart() -> None:
    first, second, other = (
        kept(one(observation(CGM, effectiveDateTime=when, **sampled("5 6"))), source=source)
        for when, source in (("2026-03-02T00:00:00Z", "s1"), ("2026-03-01T00:00:00Z", "s1"), ("2026-03-03T00:00:00Z", "s2"))
    )
    made = strands([first, second, other], None)
    assert [(s.stream.source_id, s.stream.samples) for s in made] == [("s1", 4), ("s2", 2)]
    assert np.all(np.diff(made[0].columns.start) > 0)
    assert len({s.stream.stream_id for s in made}) == 2


def test_the_same_series_is_the_same_fact_and_another_one_is_not() -> None:
    bodies = [observation(CGM, effectiveDateTime=START, **sampled(data)) for data in ("5 6", " 5  6", "5 7")]
    facts = [one(body).fact for body in bodies]
    assert facts[0] == facts[1] != facts[2]
    assert all(facts)


def test_streams_are_cut_to_what_is_asked_and_put_into_quarter_hours() -> None:
    made = strands([kept(one(observation(CGM, effectiveDateTime=START, **sampled(" ".join(["5"] * 12)))))], None)
    span = datetime(2026, 3, 1, 0, 15, tzinfo=UTC), datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    cut: tuple[Strand, ...] = merged((), made, ("cgm_glucose",), span)
    assert len(cut[0].columns) == 3
    assert merged((), made, ("hr",), span) == ()
    assert binned(made, "cgm_glucose", span)[0].bins.count.tolist() == [3]


def test_a_series_of_something_we_draw_no_numbers_of_is_only_kept() -> None:
    body = sampled("1 2 E", origin=quantity(0, "mV", "mV"))
    found = one(observation({"coding": [{"system": "http://example.org", "code": "ecg"}]}, effectiveDateTime=START, **body))
    assert found.problems == ()
    assert found.item is not None
    assert found.item.values[0].form == "series"
    assert found.item.values[0].sampled is None
