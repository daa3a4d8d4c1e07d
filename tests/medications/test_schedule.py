"""Dosages become instants: a golden table worked out by hand, and what holds for every dosage there could be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.commands.schedule import _written
from core.medications.expanding import due, following
from core.medications.reading import regimen
from core.medications.saying import how
from core.medications.terms import NOTES, QUESTIONS, AsNeeded, Habits
from core.medications.zones import midnight

GOLDEN = json.loads((Path(__file__).parent / "golden_dosages.json").read_text(encoding="utf-8"))
START = datetime(2026, 3, 25, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(GOLDEN) >= 100


@pytest.mark.parametrize("row", GOLDEN, ids=[row["name"] for row in GOLDEN])
def test_every_dosage_of_the_table_is_due_when_it_says(row: dict[str, Any]) -> None:
    written, habits = _written(row["dosage"]), Habits(row["zone"])
    start = midnight(habits, datetime.fromisoformat(row["from"]).date())
    end = midnight(habits, datetime.fromisoformat(row["from"]).date() + timedelta(days=row["days"]))
    found = regimen(written.dosages, written.authored, written.until)
    doses = () if written.why_not else due(found, habits, start, end, start)
    match row["expect"]:
        case "ask":
            assert doses == ()
            assert [one.code for one in found.asked] == row["asks"]
            assert set(row["asks"]) <= set(QUESTIONS)
        case "prn":
            (limits,) = found.as_needed
            assert doses == ()
            assert _limits(limits) == row["limits"]
        case expected:
            assert [one.at.isoformat() for one in doses] == expected
            assert {one.code for one in found.notes} <= set(NOTES)


def _limits(one: AsNeeded) -> dict[str, Any]:
    return {
        "least_minutes": None if one.least_between is None else one.least_between / timedelta(minutes=1),
        "most_doses": one.most_doses,
        "most_amount": None if one.most_amount is None else one.most_amount.high,
        "reason": one.reason,
    }  # fmt: skip


def test_the_persons_own_hours_count() -> None:
    habits = Habits("UTC", breakfast=time(9, 0), sleep=time(23, 30))
    found = regimen({"timing": {"repeat": {"when": ["ACM", "HS"]}}})
    assert [f"{one.at:%H:%M}" for one in due(found, habits, START, START + timedelta(days=1))] == ["08:30", "23:30"]


def test_a_bedtime_after_midnight_belongs_to_the_evening_before() -> None:
    habits = Habits("UTC", wake=time(9, 0), sleep=time(1, 0))
    found = regimen({"timing": {"repeat": {"when": ["HS"]}}}, "2026-03-25")
    assert [one.at.isoformat() for one in due(found, habits, START, START + timedelta(days=2))] == ["2026-03-25T01:00:00+00:00", "2026-03-26T01:00:00+00:00"]


def test_on_a_journey_no_dose_comes_twice_and_two_are_never_due_at_once() -> None:
    found = regimen({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}})
    west = Habits("Europe/Berlin", moves=((datetime(2026, 5, 2, 10, 0, tzinfo=UTC), "America/New_York"),))
    doses = due(found, west, datetime(2026, 5, 1, 22, tzinfo=UTC), datetime(2026, 5, 3, 4, tzinfo=UTC))
    assert [one.at.isoformat() for one in doses] == ["2026-05-02T08:00:00+02:00", "2026-05-02T20:00:00-04:00"]
    east = Habits("America/New_York", moves=((datetime(2026, 5, 2, 11, 0, tzinfo=UTC), "Asia/Tokyo"),))
    doses = due(found, east, datetime(2026, 5, 2, 4, tzinfo=UTC), datetime(2026, 5, 3, 0, tzinfo=UTC))
    assert [one.at.isoformat() for one in doses] == ["2026-05-02T20:00:00+09:00", "2026-05-03T08:00:00+09:00"]


def test_a_question_says_where_in_the_order_it_arose() -> None:
    for timing, place in (({"repeat": {"frequency": 0}}, "timing.repeat.frequency"), ({"code": {"text": "nonsense"}}, "timing.code"), ({}, "timing")):
        assert [one.place for one in regimen([{"timing": timing}]).asked] == [f"dosageInstruction[0].{place}"]


def test_without_a_written_start_what_depends_on_it_is_asked_in_the_app() -> None:
    for repeat in ({"frequency": 1, "period": 2, "periodUnit": "d"}, {"frequency": 1, "period": 1, "periodUnit": "wk"}, {"frequency": 1, "period": 8, "periodUnit": "h"}):
        assert [one.code for one in regimen({"timing": {"repeat": repeat}}, anchored=False).asked] == ["which_day"]
        assert regimen({"timing": {"repeat": repeat}}, "2026-05-01", anchored=False).steps


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_ANY = JSON | st.sampled_from([1, 2, 0.5, "d", "h", "wk", "mo", ["AC"], ["HS"], ["08:00:00"], ["mon"], "2026-05-01", {"value": 3, "code": "d"}])
REPEATS = st.dictionaries(
    st.sampled_from(["frequency", "frequencyMax", "period", "periodMax", "periodUnit", "when", "timeOfDay", "dayOfWeek", "offset", "count", "countMax", "duration", "durationUnit", "boundsPeriod", "boundsDuration", "boundsRange"]),
    _ANY, max_size=6,
)  # fmt: skip
DOSAGES = st.fixed_dictionaries(
    {},
    optional={
        "timing": st.fixed_dictionaries({}, optional={"repeat": REPEATS | JSON, "code": JSON, "event": JSON}) | JSON,
        "text": JSON, "sequence": JSON, "asNeededBoolean": JSON, "doseAndRate": JSON, "maxDosePerPeriod": JSON, "asNeededCodeableConcept": JSON,
    },
)  # fmt: skip


@given(st.lists(DOSAGES | JSON, max_size=3) | JSON, st.text(max_size=10))
@settings(max_examples=300)
def test_any_json_becomes_a_regimen_a_question_or_both_and_never_an_exception(dosages: object, authored: str) -> None:
    found = regimen(dosages, authored)
    assert found.steps or found.asked or found.as_needed
    assert not (found.steps and found.asked)
    how(found, Habits("UTC"))
    due(found, Habits("Europe/Berlin"), START, START + timedelta(days=3))


GOOD = [row for row in GOLDEN if isinstance(row["expect"], list) and "resourceType" not in row["dosage"]]


@given(st.sampled_from(GOOD), st.sampled_from(ZONES), st.integers(1, 200), st.integers(1, 200))
@settings(max_examples=150)
def test_however_time_is_cut_the_doses_are_the_same(row: dict[str, Any], zone: str, first: int, second: int) -> None:
    found, habits = regimen(row["dosage"], "2026-03-26"), Habits(zone)
    a, b, c = START, START + timedelta(hours=first), START + timedelta(hours=first + second)
    whole = due(found, habits, a, c, a)
    parts = due(found, habits, a, b, a) + due(found, habits, b, c, a)
    assert sorted(one.slot for one in whole) == sorted(one.slot for one in parts)
    assert len({one.slot for one in whole}) == len(whole)
    assert all(a <= one.at < c for one in whole)
    assert due(found, habits, a, c, a) == whole


def test_the_next_ten_doses_are_found_however_far_apart() -> None:
    found = regimen({"timing": {"repeat": {"frequency": 1, "period": 3, "periodUnit": "mo"}}}, "2026-01-31")
    assert [f"{one.at:%m-%d}" for one in following(found, Habits("UTC"), START, 3)] == ["04-30", "07-31", "10-31"]
    assert len(following(found, Habits("UTC"), START, 10)) == 10
