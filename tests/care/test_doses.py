"""The doses of a day: planned where the person is, answered with one tap or in detail, and what is taken when needed within what the order allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.care import doses, medicine_book, series_choices
from core.care.access import COMMAND_LINE
from core.care.dose_lines import need_of, parts
from core.care.dose_views import DoseLine, DosesView
from core.care.medicine_orders import HeldOrder
from core.care.placing import Whose
from core.domain.codes import Concept
from core.domain.doses import DoseAnswer, DoseState, KeptDose, PlannedDose, ReminderState
from core.domain.people import Role
from core.errors import BadInput, Conflict, NotFound
from core.medications.book import Choices, OwnMedicine, Trip
from core.medications.orders import Order, Sorted
from core.medications.reading import regimen
from core.ports import Ports
from core.rules import ShippedTables
from tests.care.given import NOW, add_account, add_person, bring, bundle, clock, event, parcel, patient, ports_with, signed_in
from tests.care.stores import STORES

SUBJECT = {"reference": "Patient/p1"}
TABLET = [{"doseQuantity": {"value": 1, "unit": "tablet"}}]


def often(times: int = 2, **more: Any) -> dict[str, Any]:
    return {"timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d"}}, "doseAndRate": TABLET, **more}


NEEDED = {"asNeededCodeableConcept": {"text": "pain"}, "timing": {"repeat": {"frequency": 1, "period": 6, "periodUnit": "h"}}, "doseAndRate": TABLET}


def order(name: str, *dosages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest", "id": name.casefold(), "status": "active", "intent": "order", "subject": SUBJECT, "authoredOn": "2026-11-01",
        "medicationCodeableConcept": {"text": name}, "dosageInstruction": list(dosages), **more,
    }  # fmt: skip


@pytest.fixture
def ports() -> Ports:
    return replace(ports_with(), tables=ShippedTables())


@pytest.fixture
def person(ports: Ports) -> str:
    person_id = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person_id, "Europe/Berlin")
    return person_id


def prescribe(ports: Ports, person: str, *orders: dict[str, Any]) -> None:
    bring(ports, parcel(bundle(patient(), *orders)), whose=Whose(person))


def today(ports: Ports, person: str, day: date | None = None) -> DosesView:
    return doses.day(ports, COMMAND_LINE, person, day)


def lines(view: DosesView) -> list[DoseLine]:
    return [one for part in view.parts for one in part.doses]


def first(ports: Ports, person: str) -> DoseLine:
    return lines(today(ports, person))[0]


def answer(ports: Ports, person: str, dose: DoseLine, state: DoseState = DoseState.TAKEN, **more: Any) -> KeptDose:
    return doses.answer(ports, COMMAND_LINE, person, (dose.dose_id,), state, **more)[0]


def test_a_day_is_shown_by_its_parts_where_the_person_is(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    found = today(ports, person)  # 10:00 in Berlin: what was due before was never planned
    assert [(part.code, [f"{one.at:%H:%M%z}" for one in part.doses]) for part in found.parts] == [("midday", ["12:00+0100"]), ("evening", ["16:00+0100", "20:00+0100"])]
    tomorrow = today(ports, person, date(2026, 11, 22))
    assert [(part.code, len(part.doses)) for part in tomorrow.parts] == [("morning", 1), ("midday", 1), ("evening", 2)]
    assert (found.zone, found.zone_known, found.may_log, found.gap) == ("Europe/Berlin", True, True, "")


@pytest.mark.parametrize("store", STORES)
def test_a_day_is_lived_the_same_on_either_store(store: str, request: pytest.FixtureRequest) -> None:
    ports = replace(ports_with(request.getfixturevalue(store)), tables=ShippedTables())
    person = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person, "Europe/Berlin")
    prescribe(ports, person, order("Metformin", often(4)), order("Ibuprofen", NEEDED))
    noon, afternoon, evening = lines(today(ports, person))
    doses.snooze(ports, COMMAND_LINE, person, (noon.dose_id,), 30)
    answer(ports, person, noon)
    answer(ports, person, afternoon, DoseState.SKIPPED, reason="forgot")
    answer(ports, person, afternoon, DoseState.PLANNED)
    doses.log_needed(ports, COMMAND_LINE, person, today(ports, person).needed[0].medicine_id)
    assert [(one.title, one.state) for one in lines(today(ports, person))] == [
        ("Ibuprofen", "taken"), ("Metformin", "taken"), ("Metformin", "later"), ("Metformin", "later"),
    ]  # fmt: skip
    medicine_book.choose(ports, COMMAND_LINE, person, evening.medicine_id, Choices("no"))
    assert [one.state for one in lines(today(ports, person))] == ["taken", "taken", "ended", "ended"]


def test_how_a_dose_stands_follows_the_clock_and_is_never_called_missed(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    states = []
    today(ports, person)
    for hours in (0.5, 1, 1, 1, 8):
        clock(ports).wait(hours=hours)
        states.append(next(one.state for one in lines(today(ports, person)) if one.at.hour == 12))
    assert states == ["later", "due", "due", "unlogged", "unlogged"]  # 10:30, 11:30, 12:30, 13:30, 21:30


def test_one_tap_logs_it_now_and_another_takes_it_back(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    one = first(ports, person)
    answer(ports, person, one)
    after = first(ports, person)
    assert (after.state, after.taken_at, after.dose_id) == ("taken", NOW, one.dose_id)
    answer(ports, person, one, DoseState.PLANNED)
    assert (first(ports, person).state, first(ports, person).taken_at) == ("later", None)


def test_several_are_answered_together_or_not_at_all(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)), order("Ramipril", often(4)))
    ids = [one.dose_id for one in lines(today(ports, person))]
    with pytest.raises(NotFound):
        doses.answer(ports, COMMAND_LINE, person, (*ids, "nothing"), DoseState.TAKEN)
    assert {one.state for one in lines(today(ports, person))} == {"later"}
    doses.answer(ports, COMMAND_LINE, person, ids, DoseState.TAKEN)
    assert {one.state for one in lines(today(ports, person))} == {"taken"}


def test_a_reason_is_one_of_the_list_and_kept(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    answer(ports, person, first(ports, person), DoseState.SKIPPED, reason="side_effects", text="felt sick")
    assert (first(ports, person).state, first(ports, person).reason) == ("skipped", "side_effects")
    with pytest.raises(BadInput, match="bad_choice"):
        answer(ports, person, first(ports, person), DoseState.SKIPPED, reason="because")


@pytest.mark.parametrize(("at", "code"), [(NOW + timedelta(minutes=3), "time_in_future"), (NOW - timedelta(hours=23), "time_too_early"), (datetime(2026, 11, 21, 8), "time_in_future")])
def test_a_time_that_cannot_be_is_refused(ports: Ports, person: str, at: datetime, code: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))  # the first is due two hours from now
    with pytest.raises(BadInput) as refused:
        answer(ports, person, first(ports, person), taken_at=at)
    assert refused.value.code == code


def test_earlier_is_kept_as_it_was_said(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    assert answer(ports, person, first(ports, person), taken_at=NOW - timedelta(minutes=50)).answer == DoseAnswer(
        DoseState.TAKEN, NOW - timedelta(minutes=50), said_at=NOW, said_by="system"
    )


def test_of_a_dose_long_past_it_is_only_known_that_it_was_taken(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    one = first(ports, person)
    clock(ports).wait(days=1)
    kept = answer(ports, person, one)
    assert kept.answer is not None
    assert (kept.state, kept.answer.taken_at) == (DoseState.TAKEN, None)


def test_a_dose_far_ahead_cannot_be_taken_yet(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    tomorrow = lines(today(ports, person, date(2026, 11, 22)))[-1]
    with pytest.raises(BadInput, match="dose_too_early"):
        answer(ports, person, tomorrow)


def test_what_just_changed_is_in_the_day(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    one = first(ports, person)
    medicine_book.choose(ports, COMMAND_LINE, person, one.medicine_id, Choices("no", "told by my doctor"))
    assert [(each.state, each.why) for each in lines(today(ports, person))] == [("ended", "not_taking")] * 3
    with pytest.raises(Conflict):
        answer(ports, person, one)


def test_a_medicine_added_by_hand_is_planned(ports: Ports, person: str) -> None:
    medicine_book.add_own(ports, COMMAND_LINE, person, OwnMedicine("", "Vitamin D", "supplement", dosages=(often(2),), since=date(2026, 11, 1)))
    assert [(one.title, one.at.hour) for one in lines(today(ports, person))] == [("Vitamin D", 20)]


def test_on_a_journey_the_day_is_the_one_there(ports: Ports, person: str) -> None:
    medicine_book.add_trip(ports, COMMAND_LINE, person, Trip(date(2026, 11, 21), date(2026, 11, 30), "Asia/Tokyo"))
    prescribe(ports, person, order("Metformin", often(2)))
    found = today(ports, person)  # 18:00 in Tokyo
    assert (found.day, found.zone, [f"{one.at:%H:%M%z}" for one in lines(found)]) == (date(2026, 11, 21), "Asia/Tokyo", ["20:00+0900"])


def test_where_nobody_knows_where_the_person_is_nothing_is_planned_and_that_is_said(ports: Ports) -> None:
    person = add_person(ports, "Else")
    prescribe(ports, person, order("Metformin", often(4)))
    found = today(ports, person)
    assert (found.parts, found.zone_known) == ((), False)


def test_what_cannot_be_planned_is_asked_and_a_day_without_medicines_says_so(ports: Ports, person: str) -> None:
    assert today(ports, person).gap == "no_medicines"
    prescribe(ports, person, order("Metformin", {"text": "as directed"}))
    found = today(ports, person)
    assert (found.gap, [one.title for one in found.asks]) == ("all_unclear", ["Metformin"])


def test_two_orders_for_one_medicine_are_one_question(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(2)), order("Metformin", often(3), id="second"))
    assert [one.asked.code for one in today(ports, person).asks] == ["two_orders"]


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2024, 1, 1)])
def test_a_day_out_of_reach_is_refused(ports: Ports, person: str, day: date) -> None:
    with pytest.raises(BadInput, match="day_impossible"):
        today(ports, person, day)


def test_who_looks_after_somebody_sees_the_day_and_cannot_answer(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    caregiver = signed_in(ports, add_account(ports, Role.CAREGIVER, "daughter", persons=(person,)))
    found = doses.day(ports, caregiver, person)
    assert (len(lines(found)), found.may_log) == (3, False)


# ------------------------------------------------------------------------------------------------------------------ when needed


def need(ports: Ports, person: str) -> str:
    prescribe(ports, person, order("Ibuprofen", NEEDED))
    return today(ports, person).needed[0].medicine_id


def test_the_first_is_logged_and_shown_with_what_the_order_allows(ports: Ports, person: str) -> None:
    medicine_id = need(ports, person)
    assert doses.log_needed(ports, COMMAND_LINE, person, medicine_id).why_not == ""
    (line,) = today(ports, person).needed
    assert (line.today, line.last_at, line.why_not, line.next_from) == (1, NOW, "too_soon", NOW + timedelta(hours=6))
    assert (line.reason, line.amount, line.least_minutes) == ("pain", (1, 1, "tablet"), 360)
    assert [(one.state, one.title) for one in lines(today(ports, person))] == [("taken", "Ibuprofen")]


def test_too_soon_keeps_nothing_until_the_person_says_so_again(ports: Ports, person: str) -> None:
    medicine_id = need(ports, person)
    doses.log_needed(ports, COMMAND_LINE, person, medicine_id)
    clock(ports).wait(hours=2)
    refused = doses.log_needed(ports, COMMAND_LINE, person, medicine_id)
    assert (refused.dose, refused.why_not, refused.next_from) == (None, "too_soon", NOW + timedelta(hours=6))
    assert today(ports, person).needed[0].today == 1
    kept = doses.log_needed(ports, COMMAND_LINE, person, medicine_id, anyway=True)
    assert (kept.dose is not None, kept.why_not) == (True, "too_soon")
    assert today(ports, person).needed[0].today == 2


def test_two_taps_within_a_minute_are_one_dose(ports: Ports, person: str) -> None:
    medicine_id = need(ports, person)
    doses.log_needed(ports, COMMAND_LINE, person, medicine_id)
    clock(ports).wait(seconds=20)
    doses.log_needed(ports, COMMAND_LINE, person, medicine_id, anyway=True)
    assert today(ports, person).needed[0].today == 1


def test_one_that_was_taken_back_was_none(ports: Ports, person: str) -> None:
    medicine_id = need(ports, person)
    kept = doses.log_needed(ports, COMMAND_LINE, person, medicine_id).dose
    assert kept is not None
    doses.answer(ports, COMMAND_LINE, person, (kept.dose_id,), DoseState.PLANNED)
    found = today(ports, person)
    assert (found.parts, found.needed[0].today, found.needed[0].why_not) == ((), 0, "")


def test_what_is_not_taken_when_needed_cannot_be_logged_so(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    with pytest.raises(NotFound):
        doses.log_needed(ports, COMMAND_LINE, person, first(ports, person).medicine_id)


@pytest.mark.parametrize(("at", "code"), [(NOW + timedelta(minutes=3), "time_in_future"), (NOW - timedelta(hours=25), "time_too_early")])
def test_a_needed_dose_lies_in_the_last_day(ports: Ports, person: str, at: datetime, code: str) -> None:
    medicine_id = need(ports, person)
    with pytest.raises(BadInput, match=code):
        doses.log_needed(ports, COMMAND_LINE, person, medicine_id, taken_at=at)


# ------------------------------------------------------------------------------------------------------------------ not now


def test_not_now_reminds_again_later(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    one = first(ports, person)
    assert doses.snooze(ports, COMMAND_LINE, person, (one.dose_id,), 30) == 1
    (reminder,) = [each for each in ports.store.reminders(person, NOW, NOW + timedelta(days=1), event()) if each.state is ReminderState.SNOOZED]
    assert (reminder.next_at, reminder.planned.due_at) == (NOW + timedelta(minutes=30), one.at)
    with pytest.raises(BadInput):
        doses.snooze(ports, COMMAND_LINE, person, (one.dose_id,), 0)


def test_what_was_answered_cannot_wait(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    one = first(ports, person)
    answer(ports, person, one)
    with pytest.raises(NotFound, match="nothing_to_snooze"):
        doses.snooze(ports, COMMAND_LINE, person, (one.dose_id,), 30)


# ------------------------------------------------------------------------------------------------------------------ lines


def kept(hour: int) -> KeptDose:
    at = datetime(2026, 11, 21, hour, tzinfo=UTC)
    return KeptDose(str(hour), "p", PlannedDose(f"m/{hour}", "m", "M", at, "UTC"), DoseState.PLANNED)


def test_a_night_before_five_comes_first_and_one_that_ends_the_day_last() -> None:
    assert [part.code for part in parts([kept(2), kept(8), kept(12), kept(18)], (), NOW)] == ["night", "morning", "midday", "evening"]
    assert [part.code for part in parts([kept(8), kept(22)], (), NOW)] == ["morning", "night"]
    assert [part.code for part in parts([kept(2), kept(8), kept(22)], (), NOW)] == ["morning", "night"]


def test_of_several_instructions_when_needed_the_strictest_counts() -> None:
    daily = {"asNeededBoolean": True, "timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}, "doseAndRate": TABLET}
    found = Sorted(Order("m", "k", "M", "own", ()), "current", regimen([NEEDED, daily], "2026-11-01"), ())
    one = need_of(HeldOrder(found, Concept(text="M"), Choices()))
    assert (one.least_between, one.most_doses, one.per) == (timedelta(hours=6), 3, timedelta(days=1))
