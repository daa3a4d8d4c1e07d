"""Medicines as cards, and the record against what the person says: every difference is named, and silence is not agreement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.care import doses, medicine_book, medicine_cards, reconciliation, requests
from core.care.access import COMMAND_LINE
from core.care.dose_views import CardsView, Difference, MedicineCard
from core.care.views import Fact
from core.domain.doses import DoseState
from core.domain.people import Role
from core.medications.book import Answered, Choices, OwnMedicine, Stock
from core.ports import Ports
from tests.care.given import NOW, add_account, add_panel, clock, signed_in
from tests.care.test_doses import NEEDED, first, often, order, person, ports, prescribe, today

__all__ = ["person", "ports"]


def differences(ports: Ports, person: str) -> dict[str, Difference]:
    return {one.title: one for one in reconciliation.view(ports, COMMAND_LINE, person).lines}


def kinds(ports: Ports, person: str) -> dict[str, str]:
    return {title: one.kind for title, one in differences(ports, person).items()}


def cards(ports: Ports, person: str) -> CardsView:
    return medicine_cards.view(ports, COMMAND_LINE, person)


def card(ports: Ports, person: str) -> MedicineCard:
    return cards(ports, person).current[0]


def id_of(ports: Ports, person: str, title: str) -> str:
    view = cards(ports, person)
    return next(one.medicine_id for one in (*view.current, *view.other) if one.title == title)


def say(ports: Ports, person: str, title: str, taking: str, why: str = "") -> None:
    medicine_book.choose(ports, COMMAND_LINE, person, id_of(ports, person, title), Choices(taking, why))


def test_silence_is_not_agreement(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)), order("Ramipril", often(4)))
    assert kinds(ports, person) == {"Metformin": "unclear", "Ramipril": "unclear"}
    say(ports, person, "Metformin", "yes")
    doses.answer(ports, COMMAND_LINE, person, (first_of(ports, person, "Ramipril"),), DoseState.TAKEN)
    assert kinds(ports, person) == {"Metformin": "same", "Ramipril": "same"}


def first_of(ports: Ports, person: str, title: str) -> str:
    return next(one.dose_id for part in today(ports, person).parts for one in part.doses if one.title == title)


def test_every_difference_has_its_name(ports: Ports, person: str) -> None:
    prescribe(
        ports, person, order("Metformin", often(2)), order("Ramipril", often(1)), order("Atorvastatin", often(1)), order("Warfarin", often(1), status="stopped"),
        order("Furosemide", {"text": "as directed"}), order("Amlodipine", often(1)), order("Amlodipine", often(2), id="again"),
    )  # fmt: skip
    say(ports, person, "Metformin", "no", "it made me sick")
    say(ports, person, "Ramipril", "differently", "only half")
    say(ports, person, "Warfarin", "yes")
    medicine_book.add_own(ports, COMMAND_LINE, person, OwnMedicine("", "Danshen", "traditional"))
    assert kinds(ports, person) == {
        "Amlodipine": "two_orders", "Warfarin": "stopped_but_taken", "Metformin": "not_taking", "Ramipril": "differently", "Danshen": "not_on_record",
        "Atorvastatin": "unclear", "Furosemide": "unclear",
    }  # fmt: skip
    assert list(differences(ports, person)) == ["Amlodipine", "Warfarin", "Metformin", "Ramipril", "Danshen", "Atorvastatin", "Furosemide"]
    assert differences(ports, person)["Metformin"].person == ("it made me sick",)


def test_both_sides_are_said_in_plain_language(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(2)))
    metformin = id_of(ports, person, "Metformin")
    digest = "not that of the order"
    medicine_book.answer(ports, COMMAND_LINE, person, metformin, Answered(digest, (), (often(1),), "once is enough", NOW))
    assert kinds(ports, person) == {"Metformin": "unclear"}  # the order was written anew since
    say(ports, person, "Metformin", "yes")
    one = differences(ports, person)["Metformin"]
    assert [(fact.code, fact.facts["times"]) for fact in one.record_how] == [("how.daily", "08:00 20:00")]


def test_an_answer_that_differs_from_a_clear_order_is_a_difference(ports: Ports, person: str) -> None:
    from core.care.medicine_answers import say_how

    prescribe(ports, person, order("Metformin", often(2)), order("Furosemide", {"text": "as directed"}))
    say_how(ports, COMMAND_LINE, person, id_of(ports, person, "Metformin"), (often(1),))
    say_how(ports, COMMAND_LINE, person, id_of(ports, person, "Furosemide"), (often(1),))
    found = differences(ports, person)
    assert (found["Metformin"].kind, found["Furosemide"].kind) == ("differently", "unclear")
    assert [[fact.facts["times"] for fact in side] for side in (found["Metformin"].record_how, found["Metformin"].person_how)] == [["08:00 20:00"], ["08:00"]]


def test_what_was_added_by_hand_is_found_on_record_by_what_is_in_it(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Acetylsalicylic acid 100 MG", often(1)), order("Warfarin", often(1), status="completed"))
    for title in ("Aspirin", "Coumadin", "Ginkgo"):
        medicine_book.add_own(ports, COMMAND_LINE, person, OwnMedicine("", title))
    found = kinds(ports, person)
    assert (found["Aspirin"], found["Coumadin"], found["Ginkgo"]) == ("differently", "stopped_but_taken", "not_on_record")


def test_a_question_to_the_team_stands_beside_the_difference(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(2)))
    assert reconciliation.view(ports, COMMAND_LINE, person).team is False
    coordinator = add_account(ports, Role.COORDINATOR, "coordinator")
    add_panel(ports, "Panel", (person,), coordinator)
    made = requests.ask(ports, COMMAND_LINE, person, "question", requests.About(id_of(ports, person, "Metformin"), "Metformin"))
    assert differences(ports, person)["Metformin"].asked == made
    assert reconciliation.view(ports, COMMAND_LINE, person).team is True


# ------------------------------------------------------------------------------------------------------------------ cards


def test_a_card_says_how_since_when_and_when_next(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(2), requester={"display": "Dr Lee"}, reasonCode=[{"text": "Diabetes"}]))
    one = card(ports, person)
    assert one.how == (Fact("how.daily", {"amount": "1 tablet", "times": "08:00 20:00"}),)
    assert (one.now, one.since, one.prescriber, one.reason, one.source) == ("current", "2026-11-01", "Dr Lee", "Diabetes", "record")
    assert one.next_at is not None
    assert one.next_at.isoformat() == "2026-11-21T20:00:00+01:00"


def test_orders_before_are_the_history_and_what_ended_is_apart(ports: Ports, person: str) -> None:
    prescribe(
        ports, person, order("Metformin", often(2), id="new", priorPrescription={"reference": "MedicationRequest/old"}),
        order("Metformin", often(1), id="old", authoredOn="2025-01-01"), order("Warfarin", often(1), status="stopped"),
    )  # fmt: skip
    view = cards(ports, person)
    assert [(one.title, [(line.now, line.start) for line in one.history]) for one in view.current] == [("Metformin", [("superseded", "2025-01-01")])]
    assert [(one.title, one.now) for one in view.other] == [("Warfarin", "stopped")]


def test_what_is_left_is_what_was_counted_less_what_was_logged(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    one = first(ports, person)
    medicine_book.count_stock(ports, COMMAND_LINE, person, one.medicine_id, Stock(10, "tablets", NOW))
    clock(ports).wait(hours=3)  # 13:00: one was due at noon
    found = card(ports, person).stock
    assert found is not None
    assert (found.left, found.assumed, found.runs_out) == (9, 1, date(2026, 11, 23))
    doses.answer(ports, COMMAND_LINE, person, (one.dose_id,), DoseState.SKIPPED, reason="forgot")
    found = card(ports, person).stock
    assert found is not None
    assert (found.left, found.assumed, found.state) == (10, 0, "soon")


def test_a_dose_when_needed_that_was_taken_back_takes_nothing_off(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Ibuprofen", NEEDED))
    medicine_id = id_of(ports, person, "Ibuprofen")
    medicine_book.count_stock(ports, COMMAND_LINE, person, medicine_id, Stock(10, "tablets", NOW))
    clock(ports).wait(minutes=1)
    kept = doses.log_needed(ports, COMMAND_LINE, person, medicine_id).dose
    assert kept is not None
    doses.answer(ports, COMMAND_LINE, person, (kept.dose_id,), DoseState.PLANNED)
    found = card(ports, person).stock
    assert found is not None
    assert (found.left, found.assumed) == (10, 0)


def test_the_checks_speak_on_the_cards_they_are_about(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Simvastatin 20 mg", often(1)), order("Clarithromycin", often(2)), order("Zzzxyl", often(1)))
    found = {one.title: one for one in cards(ports, person).current}
    assert "h25" in [one.rule for one in found["Simvastatin 20 mg"].findings]
    assert (found["Zzzxyl"].findings, found["Zzzxyl"].checked, found["Clarithromycin"].checked) == ((), False, True)
    without = medicine_cards.view(replace(ports, tables=None), COMMAND_LINE, person)
    assert without.checked.state == "unavailable"
    assert not any(one.checked for one in without.current)


def test_two_orders_are_two_cards_with_their_question(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(2)), order("Metformin", often(3), id="second"))
    view = cards(ports, person)
    assert [[asked.code for asked in one.asks] for one in view.current] == [["two_orders"], ["two_orders"]]
    assert sorted(str(one.how[0].facts["times"]) for one in view.current) == ["08:00 14:00 20:00", "08:00 20:00"]


def test_what_the_person_does_not_take_stays_in_sight(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(2)))
    say(ports, person, "Metformin", "no")
    assert [(one.now, one.next_at, one.taking) for one in cards(ports, person).current] == [("not_taking", None, "no")]


def test_what_was_added_by_hand_is_a_card_too(ports: Ports, person: str) -> None:
    made = medicine_book.add_own(ports, COMMAND_LINE, person, OwnMedicine("", "Ginkgo", "traditional", dosages=(often(1),), reason="memory", since=date(2026, 11, 2)))
    one = card(ports, person)
    assert (one.own, one.source, one.sort, one.reason, one.since, one.line) == (made, "own", "traditional", "memory", "2026-11-02", None)


@pytest.mark.parametrize(("role", "may"), [(Role.PATIENT, True), (Role.CAREGIVER, False)])
def test_only_the_person_may_edit(ports: Ports, person: str, role: Role, may: bool) -> None:
    actor = signed_in(ports, add_account(ports, role, "somebody", persons=(person,)))
    assert medicine_cards.view(ports, actor, person).may_edit is may
    assert reconciliation.view(ports, actor, person).may_edit is may


def test_a_dose_that_is_due_on_another_day_is_the_next_one(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Methotrexate", {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["wed"]}}}))
    found = card(ports, person).next_at
    assert found is not None
    assert found.date() == (datetime(2026, 11, 21) + timedelta(days=4)).date()
