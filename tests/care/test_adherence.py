"""What was taken in recent weeks: by the person's own days, nothing logged is never nought, and days covered by what was handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.care import adherence, series_choices
from core.care.access import COMMAND_LINE
from core.care.dose_views import AdherenceView
from core.care.placing import Whose
from core.domain.doses import DoseAnswer, DoseState, KeptDose, Plan, PlannedDose
from core.errors import BadInput
from core.medications import adherence as counted
from core.ports import Ports
from core.rules import ShippedTables
from tests.care.given import NOW, add_person, bring, bundle, clock, event, parcel, patient, ports_with
from tests.care.stores import STORES

HERE = "Europe/Berlin"
BERLIN = ZoneInfo(HERE)


@pytest.fixture
def ports() -> Ports:
    return replace(ports_with(), tables=ShippedTables())


@pytest.fixture
def person(ports: Ports) -> str:
    person_id = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person_id, HERE)
    return person_id


def planned(at: datetime, title: str = "Metformin 500 mg", zone: str = HERE, **more: Any) -> PlannedDose:
    return PlannedDose(f"{title}/{at.isoformat()}", title.split()[0].lower(), title, at, zone, (1, 1, "tablet"), **more)


def lay(ports: Ports, person: str, doses: list[PlannedDose]) -> list[KeptDose]:
    start, until = min(one.at for one in doses), max(one.at for one in doses) + timedelta(seconds=1)
    ports.store.put_plan(person, Plan(start, until, tuple(doses), (), until), event())
    return list(ports.store.doses(person, start, until, event()))


def say(ports: Ports, person: str, dose: KeptDose, late: float = 0, reason: str = "") -> None:
    state = DoseState.SKIPPED if reason else DoseState.TAKEN
    taken = None if reason else dose.planned.at + timedelta(minutes=late)
    ports.store.answer_dose(person, dose.dose_id, DoseAnswer(state, taken, reason, said_at=NOW), event())


def mornings(days: int, **more: Any) -> list[PlannedDose]:
    """At 08:00 of the last so many days and of today, which is Saturday the 21st; it is 10:00."""
    return [planned(datetime(2026, 11, 21, 8, tzinfo=BERLIN) - timedelta(days=back), **more) for back in reversed(range(days + 1))]


def seen(ports: Ports, person: str, **more: Any) -> AdherenceView:
    return adherence.view(ports, COMMAND_LINE, person, **more)


def test_nothing_logged_is_said_and_is_never_nought(ports: Ports, person: str) -> None:
    lay(ports, person, mornings(3))
    found = seen(ports, person)
    assert found.logged_since is None
    assert {one.state for one in found.days} == {"nothing_logged"}
    assert [(one.due, one.taken, one.unlogged) for one in found.lines] == [(4, 0, 4)]
    assert counted.tallies(lay(ports, person, mornings(3)), NOW)[0].share is None


def test_the_calendar_begins_where_something_was_planned(ports: Ports, person: str) -> None:
    lay(ports, person, mornings(3))
    found = seen(ports, person)
    assert (found.first, found.last, len(found.days)) == (date(2026, 11, 18), date(2026, 11, 21), 4)


def test_five_weeks_begin_on_a_monday(ports: Ports, person: str) -> None:
    lay(ports, person, mornings(60))
    found = seen(ports, person)
    assert (found.first, found.first.weekday(), len(found.days)) == (date(2026, 10, 19), 0, 34)


def test_days_tell_what_was_logged(ports: Ports, person: str) -> None:
    kept = lay(ports, person, [*mornings(4), planned(datetime(2026, 11, 20, 20, tzinfo=BERLIN)), planned(datetime(2026, 11, 21, 20, tzinfo=BERLIN))])
    say(ports, person, kept[1])
    say(ports, person, kept[2], reason="forgot")
    say(ports, person, kept[3])
    found = seen(ports, person)
    assert [one.state for one in found.days] == ["nothing_logged", "all", "skipped", "some", "nothing_logged"]
    assert [(one.due, one.taken, one.skipped) for one in found.days] == [(1, 0, 0), (1, 1, 0), (1, 0, 1), (2, 1, 0), (1, 0, 0)]
    assert found.logged_since == date(2026, 11, 18)


def test_on_time_is_within_an_hour(ports: Ports, person: str) -> None:
    kept = lay(ports, person, mornings(3))
    for dose, late in zip(kept, (60, 61, -60, -61), strict=True):
        say(ports, person, dose, late)
    assert [(one.taken, one.on_time) for one in seen(ports, person).lines] == [(4, 2)]


def test_reasons_are_counted_the_most_frequent_first(ports: Ports, person: str) -> None:
    for dose, reason in zip(lay(ports, person, mornings(3)), ("cost", "forgot", "forgot", "away"), strict=True):
        say(ports, person, dose, reason=reason)
    assert seen(ports, person).lines[0].reasons == (("forgot", 2), ("away", 1), ("cost", 1))


def test_a_dose_whose_order_ended_does_not_count(ports: Ports, person: str) -> None:
    doses = mornings(3)
    lay(ports, person, doses)
    until = doses[-1].at + timedelta(seconds=1)
    ports.store.put_plan(person, Plan(doses[0].at, until, tuple(doses[:2]), (), until, {"metformin": "stopped"}), event())
    assert [(one.due, one.unlogged) for one in seen(ports, person).lines] == [(2, 2)]


def test_a_day_is_the_persons_own_where_they_were(ports: Ports, person: str) -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=ZoneInfo("America/New_York"))  # the 19th in Berlin
    (kept,) = lay(ports, person, [planned(late, zone="America/New_York")])
    say(ports, person, kept)
    assert [(one.day, one.taken) for one in seen(ports, person).days if one.taken] == [(date(2026, 11, 18), 1)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_of_twenty_three_or_twenty_five_hours_is_one_day(day: date) -> None:
    doses = [datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN) for hour, minute in ((0, 5), (12, 0), (23, 55))]
    kept = [KeptDose(str(n), "p", planned(at), DoseState.PLANNED) for n, at in enumerate(doses)]
    assert [(one.day, one.due) for one in counted.days(kept, day, day, NOW)] == [(day, 3)]


def test_an_earlier_day_is_seen_as_it_was_at_its_end(ports: Ports, person: str) -> None:
    lay(ports, person, mornings(10))
    found = seen(ports, person, as_of=date(2026, 11, 15))
    assert (found.last, found.lines[0].due) == (date(2026, 11, 15), 5)


@pytest.mark.parametrize("more", [{"weeks": 0}, {"weeks": 54}, {"as_of": date(2026, 11, 22)}])
def test_a_window_that_cannot_be_is_refused(ports: Ports, person: str, more: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        seen(ports, person, **more)


# ------------------------------------------------------------------------------------------------------------------ handed over


def dispense(number: int, on: str, text: str = "Metformin 500 mg", days: int | None = 90, **more: Any) -> dict[str, Any]:
    supply = {"daysSupply": {"value": days, "unit": "d"}} if days else {}
    return {
        "resourceType": "MedicationDispense", "id": f"d{number}", "status": "completed", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": text}, "whenHandedOver": on, **supply, **more,
    }  # fmt: skip


def hand_over(ports: Ports, person: str, *dispenses: dict[str, Any]) -> None:
    bring(ports, parcel(bundle(patient(), *dispenses)), whose=Whose(person))


@pytest.mark.parametrize("store", STORES)
def test_supplies_and_answers_are_found_in_either_store(store: str, request: pytest.FixtureRequest) -> None:
    ports = replace(ports_with(request.getfixturevalue(store)), tables=ShippedTables())
    person = add_person(ports)
    hand_over(ports, person, dispense(1, "2026-05-26"), dispense(2, "2026-08-20T10:00:00Z"))
    say(ports, person, lay(ports, person, mornings(2))[0])
    (line,) = seen(ports, person).lines
    assert (line.due, line.taken, line.pdc_days) == (3, 1, (180, 180))


def test_days_covered_are_those_of_the_year_until_now(ports: Ports, person: str) -> None:
    hand_over(ports, person, dispense(1, "2026-05-26"), dispense(2, "2026-08-20T10:00:00Z"))
    lay(ports, person, mornings(2))
    (line,) = seen(ports, person).lines
    assert (line.pdc_days, line.pdc_threshold, line.pdc_why) == ((180, 180), 0.8, "")
    assert line.pdc == 1.0


def test_supplies_of_a_medicine_nobody_planned_are_told_all_the_same(ports: Ports, person: str) -> None:
    hand_over(ports, person, dispense(1, "2026-01-10", "Atorvastatin 20 mg"), dispense(2, "2026-06-10", "Lipitor 20 mg"))
    (line,) = seen(ports, person).lines
    assert (line.medicine_id, line.due, line.pdc_days) == ("", 0, (180, 316))


@pytest.mark.parametrize(
    ("dispenses", "why"),
    [
        ([], "no_fills"),
        ([dispense(1, "2026-06-01")], "one_fill"),
        ([dispense(1, "2026-09-01", days=30), dispense(2, "2026-10-01", days=30)], "too_short"),
        ([dispense(1, "2026-06-01"), dispense(2, "2026-09-01", days=None)], "no_days_supply"),
        ([dispense(1, "2026-06-01", status="cancelled"), dispense(2, "2026-09-01", status="cancelled")], "no_fills"),
        ([dispense(1, "2025-06-01"), dispense(2, "2025-09-01")], "no_fills"),
    ],
)
def test_where_days_covered_cannot_be_told_the_reason_is(ports: Ports, person: str, dispenses: list[dict[str, Any]], why: str) -> None:
    hand_over(ports, person, *dispenses)
    lay(ports, person, mornings(2))
    (line,) = seen(ports, person).lines
    assert (line.pdc, line.pdc_days, line.pdc_why) == (None, None, why)


def test_insulin_has_no_days_covered(ports: Ports, person: str) -> None:
    hand_over(ports, person, dispense(1, "2026-06-01", "Insulin glargine"), dispense(2, "2026-09-01", "Insulin glargine"))
    assert [one.pdc_why for one in seen(ports, person).lines] == ["excluded"]


def test_the_view_does_not_depend_on_how_late_it_is_asked_for(ports: Ports, person: str) -> None:
    lay(ports, person, mornings(3))
    before = seen(ports, person)
    clock(ports).wait(minutes=20)
    assert replace(seen(ports, person), made_at=before.made_at) == before
    assert before.made_at.tzinfo is UTC
