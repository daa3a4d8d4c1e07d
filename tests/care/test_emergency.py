"""The emergency card and whose number is shown: what is known with its day, what isn't said so, and every look in the trail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.care import emergency, medicine_book, reconciliation, series_choices
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.domain.people import Role
from core.domain.records import Contact, PersonProfile
from core.emergency.card import MOST_BYTES
from core.medications import book_json
from core.medications.book import Choices, OwnMedicine
from core.ports import Ports
from core.ui.words import words
from tests.care.given import add_person, bring, bundle, clock, event, parcel, patient
from tests.care.house import House, build

T = words("en")


@pytest.fixture
def house() -> House:
    return build()


def allergy(title: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "AllergyIntolerance", "id": title, "patient": {"reference": "Patient/p1"}, "code": {"text": title}, **more}


def order(title: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest", "id": title, "subject": {"reference": "Patient/p1"}, "medicationCodeableConcept": {"text": title}, "status": "active",
        "intent": "order", "authoredOn": "2026-03-02", "dosageInstruction": [{"text": "one in the morning", "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}], **more,
    }  # fmt: skip


def somebody(ports: Ports, *resources: dict[str, Any], **profile: Any) -> str:
    person_id = add_person(ports, "Card", "Carla", **profile)
    bring(ports, parcel(bundle(patient("p1", "Card", "Carla", "1970-04-02", **({"address": [{"country": profile["address"]}]} if "address" in profile else {})), *resources), "card.json", "clinic"), whose=Whose(person_id))
    return person_id


def sheet(ports: Ports, person_id: str) -> Any:
    return emergency.card(ports, COMMAND_LINE, person_id, T, "en")


def section(made: Any, key: str) -> tuple[str, ...]:
    return next(one.entries for one in made.sections if one.key == key)


def test_each_thing_stands_there_with_its_day(house: House) -> None:
    made = sheet(house.ports, somebody(house.ports, allergy("Penicillin", recordedDate="2020-05-01"), order("Metformin")))
    assert section(made, "allergies") == ("Penicillin (1 May 2020)",)
    assert section(made, "medicines") == ("Metformin – one in the morning (since 2 Mar 2026)",)
    assert "Penicillin (1 May 2020)" in made.text
    assert section(made, "as_of")[0] == T.day(clock(house.ports).now())


def test_what_nobody_wrote_is_said_to_be_unknown_and_never_none(house: House) -> None:
    made = sheet(house.ports, somebody(house.ports))
    assert section(made, "allergies") == (T("allergies.none_recorded"),)
    assert section(made, "contacts") == (T("emergency.no_contact"),)
    assert not [one for one in made.sections if one.key == "blood_group"]
    assert "Not on record: Allergies, Blood group, people to call, Languages" in made.text


def test_what_the_person_says_they_do_not_take_is_not_taken_and_what_they_added_is(house: House) -> None:
    person_id = somebody(house.ports, order("Metformin"), order("Lisinopril"))
    made = sheet(house.ports, person_id)
    assert {one.split(" –")[0] for one in section(made, "medicines")} == {"Metformin", "Lisinopril"}
    stopped = next(one for one in reconciliation.view(house.ports, COMMAND_LINE, person_id).lines if one.title == "Lisinopril")
    medicine_book.choose(house.ports, COMMAND_LINE, person_id, stopped.medicine_id, Choices("no"))
    medicine_book.add_own(house.ports, COMMAND_LINE, person_id, OwnMedicine("", "Vitamin D"))
    found = section(sheet(house.ports, person_id), "medicines")
    assert [one for one in found if one.startswith("Lisinopril")] == []
    assert [one for one in found if one.startswith("Vitamin D") and T("emergency.own") in one]


def test_a_damaged_list_of_own_medicines_is_said_and_the_record_still_speaks(house: House) -> None:
    person_id = somebody(house.ports, order("Metformin"))
    house.ports.store.put_in_drawer(person_id, book_json.DRAWER, b"{", event())
    made = sheet(house.ports, person_id)
    assert made.medicines_damaged
    assert section(made, "medicines")[0].startswith("Metformin")


def test_the_code_says_what_it_had_no_room_for(house: House) -> None:
    made = sheet(house.ports, somebody(house.ports, allergy("Penicillin"), *(order(f"Medicine with a rather long name {n}") for n in range(40))))
    assert len(made.text.encode()) <= MOST_BYTES
    assert made.qr == made.text.encode()
    assert "Penicillin" in made.text
    assert dict(made.cut)["medicines"] > 20
    assert len(section(made, "medicines")) == 40


def test_every_look_at_the_card_is_in_the_trail(house: House) -> None:
    emergency.card_pdf(house.ports, house.actors[Role.CAREGIVER], house.own, T, "en")
    lines = house.ports.store.audit_of(house.own, event())
    assert "print_summary" in {one.event.action for one in lines if one.event.actor_id == house.accounts[Role.CAREGIVER].account_id}


def called(house: House, person_id: str, role: Role = Role.PATIENT, zone: str = "") -> list[tuple[str, str]]:
    view = emergency.help_now(house.ports, house.actors[role], person_id, "en", zone)
    return [(one.country, one.numbers[0]) for one in view.local]


def test_a_patient_is_where_their_own_device_is(house: House) -> None:
    assert called(house, house.own, zone="Europe/Berlin") == [("DE", "112")]
    assert called(house, house.own, zone="Asia/Shanghai") == [("CN", "120")]


def test_a_daughter_abroad_is_not_told_the_number_of_her_own_country(house: House) -> None:
    series_choices.set_zone(house.ports, COMMAND_LINE, house.own, "America/New_York")
    assert called(house, house.own, Role.CAREGIVER, "Europe/Berlin") == [("US", "911")]


def test_a_clock_without_a_country_claims_none(house: House) -> None:
    assert called(house, house.own, zone="UTC") == []
    assert called(house, house.own, zone="no/where") == []
    view = emergency.help_now(house.ports, house.actors[Role.PATIENT], house.own, "en", "UTC")
    assert not view.certain
    assert ("US", "911") in view.elsewhere
    assert {one.number for one in view.lines} >= {"988", "12356"}


def test_the_line_to_talk_to_is_of_the_place(house: House) -> None:
    ports = replace(house.ports, crisis_line="555-0100")
    view = emergency.help_now(ports, house.actors[Role.PATIENT], house.own, "en", "Asia/Shanghai")
    assert [one.number for one in view.lines] == ["12356"]
    assert view.own_line == "555-0100"


def test_contacts_of_the_record_stand_on_the_card(house: House) -> None:
    person_id = house.ports.store.add_person(PersonProfile(contacts=(Contact("Tom", "husband", "+1 555 0102"),)), event()).person_id
    assert section(sheet(house.ports, person_id), "contacts") == ("Tom (husband) +1 555 0102",)
