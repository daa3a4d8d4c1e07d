"""This is the place where it is tested that times stay what they were, texts are harmless, and the same fact is recognised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.time import PartialTime
from core.sources.fhir.times import is_time
from tests.fhir_read.given import SUBJECT, Node, detail, item, loinc, observation, one, quantity, value

HEART = loinc("8867-4")


def at(**fields: object) -> Node:
    made = observation(HEART, valueQuantity=quantity(60, "/min"))
    del made["effectiveDateTime"]
    return {**made, **fields}


@pytest.mark.parametrize(
    "text",
    [
        "2024",
        "2024-02",
        "2024-02-29",
        "2024-02-29T10:00:00Z",
        "2024-02-29T10:00:00.123+08:00",
        "2024-02-29T10:00",
        "2024-02-29T23:59:59-05:00",
    ],
)
def test_a_time_stays_as_it_was_sent(text: str) -> None:
    assert item(at(effectiveDateTime=text)).start == text
    assert one(at(effectiveDateTime=text)).problems == ()


@pytest.mark.parametrize(
    "text", ["2023-02-29", "2024-13", "24", "yesterday", "2024-01-01 10:00", "", 20240101, True, ["2024"], {"x": 1}]
)
def test_an_impossible_time_is_noted_and_the_record_stays(text: object) -> None:
    found = one(at(effectiveDateTime=text))
    assert found.item is not None
    assert found.item.start == ""
    assert found.fact == ""
    assert found.item.values[0].number == 60
    assert type(text) is dict or found.problems == ("time_invalid",)


TIMES = st.one_of(
    st.from_regex(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?)?)?", fullmatch=True),
    st.datetimes().map(lambda when: when.replace(tzinfo=timezone(timedelta(hours=5, minutes=30))).isoformat()),
    st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    st.text(max_size=12),
)


@given(TIMES)
@settings(max_examples=400, deadline=None)
def test_the_quick_look_at_a_time_agrees_with_the_careful_one(text: str) -> None:
    assert is_time(text) == (PartialTime.parse(text) is not None)


def test_the_other_ways_of_saying_when() -> None:
    assert item(at(effectiveInstant="2024-01-01T00:00:00Z")).start == "2024-01-01T00:00:00Z"
    period = item(at(effectivePeriod={"start": "2024-01-01", "end": "2024-01-05"}))
    assert (period.start, period.end) == ("2024-01-01", "2024-01-05")
    timing = item(at(effectiveTiming={"event": ["2024-03-01", "2024-01-01", "bad"]}))
    assert (timing.start, timing.end) == ("2024-01-01", "2024-03-01")
    assert item(at(issued="2024-01-01T00:00:00Z")).issued == "2024-01-01T00:00:00Z"


@pytest.mark.parametrize(("start", "end", "backwards"), [
    ("2024-01-02", "2024-01-01", True), ("2024", "2023-12-31", True), ("2024-01-01T10:00:00Z", "2024-01-01T09:59:59Z", True),
    ("2024-01-01", "2024-01-01", False), ("2023-06-21", "2023-06-21T06:20:00Z", False), ("2024-01-01T10:00:00+08:00", "2024-01-01T03:00:00Z", False),
])  # fmt: skip
def test_a_period_that_ends_before_it_starts_is_noted(start: str, end: str, backwards: bool) -> None:
    assert ("period_backwards" in one(at(effectivePeriod={"start": start, "end": end})).problems) == backwards


EVIL = "<div><script>alert(1)</script><p onclick='x()'>Hello <b>you</b></p><img src=x onerror=y><a href='javascript:z'>link</a><style>p{}</style></div>"


def test_a_narrative_keeps_its_layout_and_nothing_else() -> None:
    found = item({**at(), "text": {"status": "generated", "div": EVIL}}).narrative
    assert "<p>Hello <b>you</b></p>" in found
    for bad in ("script", "alert", "onclick", "onerror", "<img", "href", "javascript", "style"):
        assert bad not in found


@pytest.mark.parametrize("text", [None, {}, {"div": None}, {"div": 5}, {"div": ""}, [], "x"])
def test_a_narrative_that_is_none_is_empty(text: object) -> None:
    assert item({**at(), "text": text}).narrative == ""


def test_texts_hold_no_markup_but_keep_their_signs() -> None:
    made = at(
        note=[{"text": "a < b & c > d"}, {"text": "<script>alert(1)</script>after<b>bold</b>"}], method={"text": "zero\x00byte"}
    )
    assert detail(made) == {"note": "a < b & c > d; afterbold", "method": "zerobyte"}
    hidden = detail(at(note=[{"text": "<b>x</b>&lt;script&gt;y"}]))["note"]
    assert "<script" not in hidden


def test_a_text_without_end_is_cut() -> None:
    assert len(detail(at(note=[{"text": "x" * 100_000}]))["note"]) < 5_000
    assert len(item({**at(), "text": {"div": "<p>" * 200_000}}).narrative) <= 100_000


def test_the_same_fact_from_elsewhere_has_the_same_text() -> None:
    here = observation(
        loinc("2345-7", "Glucose"), valueQuantity=quantity(99.1, "mg/dL", "mg/dL"), effectiveDateTime="2024-01-01T10:00:00+08:00"
    )
    there = observation(
        loinc("2345-7"), valueQuantity=quantity(5.5, "mmol/L", "mmol/L"), effectiveDateTime="2024-01-01T02:00:00Z", status="amended"
    )
    assert one(here).fact == one({**there, "id": "other"}).fact != ""


def test_the_order_of_the_halves_is_no_fact() -> None:
    halves = [
        {"code": loinc(code), "valueQuantity": quantity(number, "mmHg")} for code, number in (("8480-6", 120), ("8462-4", 80))
    ]
    first, second = (
        one(observation(loinc(code), component=order)) for code, order in (("85354-9", halves), ("85354-9", halves[::-1]))
    )
    assert first.fact == second.fact != ""


@pytest.mark.parametrize("change", [
    {"valueQuantity": quantity(61, "/min")}, {"effectiveDateTime": "2024-03-01T08:00:01+08:00"}, {"code": loinc("9279-1")},
    {"valueQuantity": quantity(60, "/min", comparator="<")},
])  # fmt: skip
def test_another_value_time_or_code_is_another_fact(change: Node) -> None:
    base = observation(HEART, valueQuantity=quantity(60, "/min"))
    assert one(base).fact != one({**base, **change}).fact != ""


def test_what_lacks_code_or_time_is_not_compared() -> None:
    for kind, fields in {
        "Observation": {"valueString": "x"}, "Immunization": {}, "Procedure": {}, "Condition": {"onsetDateTime": "2020"}, "MedicationRequest": {"authoredOn": "2020"},
    }.items():  # fmt: skip
        assert one({"resourceType": kind, "id": "x", "subject": SUBJECT, **fields}).fact == ""
    coded = {"code": {"text": "X"}, "vaccineCode": {"text": "X"}}
    for kind in ("Observation", "Immunization", "Procedure"):
        assert one({"resourceType": kind, "id": "x", "subject": SUBJECT, "valueString": "x", **coded}).fact == ""
    for kind in ("Condition", "AllergyIntolerance"):
        assert one({"resourceType": kind, "id": "x", "subject": SUBJECT, **coded}).fact != ""


def test_an_absent_value_is_no_fact() -> None:
    assert one(observation(HEART, dataAbsentReason={"text": "refused"})).fact == ""


def test_values_of_odd_shape_leave_the_record_readable() -> None:
    assert value(observation({"text": "x"}, valueString=" spaced ")).text == "spaced"
