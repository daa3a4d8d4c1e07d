"""How long what is left will last, when to ask for more, and what an order allows of what is taken when needed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.book import Stock
from core.medications.limits_of_need import TakenDose, allowed
from core.medications.reading import regimen
from core.medications.supply import Logged, Supply, ask_at, same_unit, supply
from core.medications.terms import Amount, AsNeeded, Habits

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, 10:00 in Berlin
BERLIN = Habits(zone="Europe/Berlin")


def dosage(times: int = 2, unit: str = "tablet", low: float = 1, high: float | None = None, **repeat: object) -> dict[str, object]:
    much = {"doseQuantity": {"value": low, "unit": unit}} if high is None else {"doseRange": {"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}}
    return {"timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d", **repeat}}, "doseAndRate": [much]}


def lasting(count: float, taken: tuple[Logged, ...] = (), how: object = None, unit: str = "tablets", lead: int = 7) -> Supply:
    plan = (regimen(how or [dosage()], "2026-11-01"), BERLIN, None)
    return supply(Stock(count, unit, NOW - timedelta(days=3), lead), taken, plan, NOW)


def test_what_was_logged_since_counting_is_no_longer_left() -> None:
    found = lasting(30, (Logged((1, 1, "tablet")),) * 4)
    assert (found.left, found.assumed) == (26, 0)


def test_what_was_due_and_not_logged_is_taken_off_and_said() -> None:
    found = lasting(30, (Logged((1, 1, "tablet")), Logged((1, 1, "tablet"), assumed=True)))
    assert (found.left, found.assumed) == (28, 1)


def test_the_last_day_is_the_one_whose_last_dose_is_covered() -> None:
    # one this evening (08:00 is past), then two a day: 5 cover the 20th, 21st, 22nd
    assert lasting(5).runs_out == date(2026, 11, 22)
    assert lasting(6).runs_out == date(2026, 11, 23)


def test_a_dose_taken_before_it_was_due_is_not_taken_again() -> None:
    early = (Logged((1, 1, "tablet"), ahead=True),)
    found = lasting(6, early)  # five left, this evening's is among what is gone
    assert (found.left, found.runs_out) == (5, date(2026, 11, 23))
    assert lasting(5, early).runs_out == date(2026, 11, 22)


def test_a_range_counts_with_its_larger_number() -> None:
    assert lasting(5, how=[dosage(times=1, low=1, high=2)]).runs_out == date(2026, 11, 22)


def test_to_ask_is_on_a_weekday_at_ten_where_the_person_is() -> None:
    found = lasting(41)  # lasts until 10 December (Thursday); a week before is Thursday the 3rd
    assert (found.runs_out, found.refill_by, found.state) == (date(2026, 12, 10), date(2026, 12, 3), "fine")
    assert found.ask_at is not None
    assert found.ask_at.isoformat() == "2026-12-03T10:00:00+01:00"
    assert ask_at(BERLIN, date(2026, 12, 6)).isoformat() == "2026-12-04T10:00:00+01:00"  # Sunday: the Friday before


@pytest.mark.parametrize(("count", "state"), [(0, "now"), (1, "now"), (5, "soon"), (15, "soon"), (25, "watch"), (61, "fine")])
def test_the_state_grows_with_what_is_missing(count: float, state: str) -> None:
    assert lasting(count).state == state


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ([dosage(unit="mg", low=500)], "unit_unfit"),
        ([{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}], "no_amount"),
        ([{"asNeededBoolean": True, "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}], "as_needed"),
        ([{"text": "as the doctor told you"}], "unclear"),
    ],
)
def test_what_cannot_be_told_is_unknown_with_its_reason(how: object, why: str) -> None:
    found = lasting(30, how=how)
    assert (found.why, found.runs_out, found.state) == (why, None, "unknown")


def test_a_logged_dose_in_another_unit_makes_the_rest_unknown() -> None:
    found = lasting(30, (Logged((500, 500, "mg")),))
    assert (found.left, found.why, found.state) == (None, "unit_unfit", "unknown")


def test_a_course_that_ends_before_is_fine() -> None:
    found = lasting(60, how=[dosage(boundsPeriod={"start": "2026-11-01", "end": "2026-11-25"})])
    assert (found.runs_out, found.why, found.state) == (None, "lasts", "fine")


@pytest.mark.parametrize(("one", "other", "same"), [("tablets", "Tablet", True), ("片", "tablet", True), ("tablet", "mg", False), ("mg", "g", False), ("", "", False), ("capsule", "tablet", False), ("片", "粒", False)])  # fmt: skip
def test_units_are_one_only_where_that_is_beyond_doubt(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same


@given(st.integers(0, 400), st.integers(0, 400))
def test_more_never_runs_out_sooner(one: int, more: int) -> None:
    first, second = lasting(one), lasting(one + more)
    assert first.runs_out is not None
    assert second.runs_out is None or second.runs_out >= first.runs_out


# ------------------------------------------------------------------------------------------------------------------ when needed

NEED = AsNeeded(Amount(1, 1, "tablet"), least_between=timedelta(hours=6), most_doses=3)


def hours_ago(*hours: float, unit: str = "tablet") -> list[TakenDose]:
    return [TakenDose(NOW - timedelta(hours=one), (1, 1, unit)) for one in hours]


def test_the_first_is_always_allowed() -> None:
    assert allowed(NEED, [], NOW).why_not == ""


def test_too_soon_says_from_when_on() -> None:
    found = allowed(NEED, hours_ago(2), NOW)
    assert (found.why_not, found.next_from) == ("too_soon", NOW + timedelta(hours=4))
    assert allowed(NEED, hours_ago(6), NOW).why_not == ""


def test_a_full_day_opens_again_when_the_oldest_is_a_day_old() -> None:
    found = allowed(NEED, hours_ago(7, 14, 21), NOW)
    assert (found.why_not, found.next_from, found.counted) == ("day_full", NOW + timedelta(hours=3), 3)


def test_the_later_of_two_limits_speaks() -> None:
    found = allowed(NEED, hours_ago(1, 12, 23.5), NOW)
    assert (found.why_not, found.next_from) == ("too_soon", NOW + timedelta(hours=5))


def test_an_amount_is_counted_in_its_own_unit_or_not_at_all() -> None:
    need = AsNeeded(Amount(1, 1, "tablet"), most_amount=Amount(2, 2, "tablets"))
    assert allowed(need, hours_ago(3, 5), NOW).why_not == "day_full"
    assert allowed(need, hours_ago(3), NOW).why_not == ""
    assert allowed(need, hours_ago(3, 5, unit="mg"), NOW).unread
    assert allowed(need, hours_ago(1, 2, 3), NOW).next_from == NOW + timedelta(hours=22)


def test_what_was_logged_for_later_does_not_count_yet() -> None:
    assert allowed(NEED, hours_ago(-1), NOW).why_not == ""


@given(st.lists(st.floats(0, 60), max_size=12))
def test_when_it_opens_again_it_is_allowed(hours: list[float]) -> None:
    taken = hours_ago(*hours)
    found = allowed(NEED, taken, NOW)
    if found.next_from is not None:
        assert found.why_not
        assert found.next_from > NOW
        assert allowed(NEED, taken, found.next_from).why_not == ""
