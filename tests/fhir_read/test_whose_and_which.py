"""This is the place where it is tested that references lead to the right person and thing, in all the ways they are written."""

from __future__ import annotations

import pytest

from core.domain.records import Incoming
from tests.fhir_read.given import (
    PATIENT,
    Node,
    as_json,
    bundle,
    item,
    lines,
    loinc,
    observation,
    one,
    opened,
    quantity,
    read,
    records,
)  # fmt: skip

UUID = "urn:uuid:5a1f3a0e-3c1d-4a6f-9d0f-3f2f0b8f8f01"
BASE = "https://ehr.example.org/fhir"
PERSON = {"system": "http://ehr.example.org/mrn", "value": "77"}


def about(reference: Node) -> Node:
    return observation(loinc("8867-4"), valueQuantity=quantity(60, "/min"), subject=reference)


def subject_in(*entries: Node, **fields: object) -> str:
    package = opened(as_json(bundle(*entries, **fields)))
    (person,) = package.people()
    found = [each for each in package.entries() if isinstance(each, Incoming)]
    assert found[0].subject == person.reference
    return found[-1].subject


def test_relative_absolute_and_versioned_references_mean_the_same_person() -> None:
    patient = {"fullUrl": f"{BASE}/Patient/p1", "resource": PATIENT}
    for text in ("Patient/p1", f"{BASE}/Patient/p1", "Patient/p1/_history/3", f"{BASE}/Patient/p1/_history/2"):
        found = subject_in(patient, {"fullUrl": f"{BASE}/Observation/o1", "resource": about({"reference": text})})
        assert found == f"{BASE}|Patient/p1"


def test_a_uuid_means_the_patients_own_id() -> None:
    assert subject_in({"fullUrl": UUID, "resource": PATIENT}, about({"reference": UUID})) == "|Patient/p1"


def test_a_uuid_is_the_id_of_who_has_none() -> None:
    nameless = {key: field for key, field in PATIENT.items() if key != "id"}
    assert subject_in({"fullUrl": UUID, "resource": nameless}, about({"reference": UUID})) == f"|Patient/{UUID[9:]}"


def test_an_oid_address_resolves() -> None:
    assert subject_in({"fullUrl": "urn:oid:1.2.3", "resource": PATIENT}, about({"reference": "urn:oid:1.2.3"})) == "|Patient/p1"


def test_the_same_uuid_in_two_bundles_means_what_each_bundle_says() -> None:
    def parcel(name: str) -> Node:
        return bundle({"fullUrl": UUID, "resource": {**PATIENT, "id": name}}, {**about({"reference": UUID}), "id": f"o-{name}"})

    found = [each for each in records(read(as_json(parcel("a")), as_json(parcel("b")))) if each.kind == "Observation"]
    assert [each.subject for each in found] == ["|Patient/a", "|Patient/b"]


def test_two_people_under_one_id_in_two_bundles_stay_two() -> None:
    one_, other = PATIENT, {**PATIENT, "birthDate": "1931-05-05", "name": [{"text": "Somebody Else"}]}
    package = opened(
        as_json(bundle(one_, about({"reference": "Patient/p1"}))), as_json(bundle(other, about({"reference": "Patient/p1"})))
    )
    assert len(package.people()) == 2
    found = [each for each in package.entries() if isinstance(each, Incoming)]
    assert found[0].subject == found[1].subject != found[2].subject == found[3].subject


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient?identifier=http://ehr.example.org/mrn|77"},
        {"reference": "Patient?identifier=http%3A%2F%2Fehr.example.org%2Fmrn%7C77"},
        {"identifier": PERSON},
        {"type": "Patient", "identifier": PERSON},
        {"reference": "p1", "type": "Patient"},
    ],
)
def test_conditional_and_logical_references_resolve(reference: Node) -> None:
    assert subject_in({**PATIENT, "identifier": [PERSON]}, about(reference)) == "|Patient/p1"


def test_a_patient_inside_a_record_is_the_one_with_the_same_identifier() -> None:
    inside = {**about({"reference": "#me"}), "contained": [{"resourceType": "Patient", "id": "me", "identifier": [PERSON]}]}
    assert subject_in({**PATIENT, "identifier": [PERSON]}, inside) == "|Patient/p1"


def test_a_patient_inside_a_lone_record_is_a_person() -> None:
    inside = {**about({"reference": "#me"}), "contained": [{**PATIENT, "id": "me"}]}
    package = opened(lines(inside, {**inside, "id": "o2"}))
    (person,) = package.people()
    assert {each.subject for each in package.entries() if isinstance(each, Incoming)} == {person.reference}
    assert person.profile.birth_date == "1980-02-29"


def test_a_patient_without_any_id_is_found_again() -> None:
    nameless = {key: field for key, field in PATIENT.items() if key != "id"}
    first, again = (opened(as_json(nameless)).people()[0].reference for _ in range(2))
    assert first == again
    assert first.startswith("|Patient/~")


@pytest.mark.parametrize(
    "text", ["Patient/somebody-else", f"{BASE}/Patient/p1", "urn:uuid:none", "https://elsewhere/fhir/Patient/p1"]
)
def test_another_persons_record_keeps_a_subject_of_its_own(text: str) -> None:
    found = records(
        read(as_json(bundle({"fullUrl": "https://third.example.org/Patient/p1", "resource": PATIENT}, about({"reference": text}))))
    )
    assert found[1].subject not in ("", found[0].subject)


def test_a_patient_without_an_origin_is_meant_by_any_address_with_its_id() -> None:
    found = records(read(lines(PATIENT, about({"reference": f"{BASE}/Patient/p1"}))))
    assert found[1].subject == found[0].subject == "|Patient/p1"


def test_nobody_named_is_noted() -> None:
    for made in (about({}), {**about({}), "subject": None}, about({"display": "Casey"}), {**about({}), "subject": "Patient/p1"}):
        found = one(made)
        assert found.subject == ""
        assert "subject_missing" in found.problems


@pytest.mark.parametrize("kind", ["Group", "Device", "Location", "Medication"])
def test_a_subject_that_is_no_person_is_noted_and_nobodys(kind: str) -> None:
    found = one(about({"reference": f"{kind}/1"}))
    assert "subject_not_a_person" in found.problems
    assert found.subject == f"|{kind}/1"


def test_two_different_subjects_are_not_chosen_from() -> None:
    found = one({**about({"reference": "Patient/p1"}), "patient": {"reference": "Patient/p2"}})
    assert "two_subjects" in found.problems
    assert found.subject not in ("|Patient/p1", "|Patient/p2")


WHERE = {
    "Condition": "subject", "AllergyIntolerance": "patient", "Immunization": "patient", "Coverage": "beneficiary", "Consent": "patient",
    "Task": "for", "Claim": "patient", "ExplanationOfBenefit": "patient", "ResearchSubject": "individual", "RelatedPerson": "patient",
    "QuestionnaireResponse": "subject", "Flag": "subject", "Device": "patient", "EpisodeOfCare": "patient", "Goal": "subject",
}  # fmt: skip


@pytest.mark.parametrize("kind", WHERE)
def test_each_kind_names_its_person_where_fhir_says(kind: str) -> None:
    assert one({"resourceType": kind, "id": "x", WHERE[kind]: {"reference": "Patient/p9"}}).subject == "|Patient/p9"


def test_an_appointment_is_about_its_patient_among_the_participants() -> None:
    actors = [{"actor": {"reference": f"{kind}/1"}} for kind in ("Practitioner", "Patient", "Location")]
    assert one({"resourceType": "Appointment", "id": "a", "participant": actors}).subject == "|Patient/1"


def test_kinds_that_are_nobodys_need_no_subject() -> None:
    for kind in ("Practitioner", "Organization", "Location", "Medication", "Questionnaire", "ValueSet"):
        assert one({"resourceType": kind, "id": "x"}).problems == ()


def test_the_origin_is_the_base_of_the_full_address() -> None:
    (found,) = records(read(as_json(bundle({"fullUrl": f"{BASE}/Patient/p1", "resource": PATIENT}))))
    assert (found.origin, found.record_id) == (BASE, "p1")


@pytest.mark.parametrize("limits_fields", [{}, {"entry_first": True}])
def test_the_origin_may_come_from_the_bundles_own_link(limits_fields: Node) -> None:
    links = [{"relation": "next", "url": "https://x"}, {"relation": "self", "url": f"{BASE}/Patient/p1/$everything?_count=5"}]
    (found,) = records(read(as_json(bundle(PATIENT, link=links))))
    assert found.origin == BASE


def test_a_common_source_is_the_origin_and_a_mixed_one_is_none() -> None:
    source = {"meta": {"source": f"{BASE}#request1"}}
    same = records(read(lines({**PATIENT, **source}, {**about({"reference": "Patient/p1"}), **source})))
    assert {each.origin for each in same} == {BASE}
    assert {each.subject for each in same} == {f"{BASE}|Patient/p1"}
    mixed = records(read(lines({**PATIENT, **source}, about({"reference": "Patient/p1"}))))
    assert {each.origin for each in mixed} == {""}


def test_a_record_without_an_id_takes_that_of_its_address() -> None:
    nameless = {"resourceType": "Organization", "name": "Clinic"}
    urls = {f"{BASE}/Organization/7": "7", UUID: UUID[9:], "": ""}
    for url, record_id in urls.items():
        found = records(read(as_json(bundle(PATIENT, {"fullUrl": url, "resource": nameless}))))
        assert found[1].record_id == record_id


@pytest.mark.parametrize("record_id", ["has_underscore", "has space", "x" * 65, "ü"])
def test_an_unusual_id_is_kept_and_noted(record_id: str) -> None:
    found = one({**about({"reference": "Patient/p1"}), "id": record_id})
    assert found.record_id == record_id
    assert found.problems == ("id_unusual",)


def test_a_medicine_is_named_by_the_medication_it_points_at() -> None:
    medication = {"resourceType": "Medication", "id": "m1", "code": {"text": "Metformin 500 mg"}}
    asked = {"resourceType": "MedicationRequest", "id": "r", "subject": {"reference": "Patient/p1"}, "authoredOn": "2024"}
    within = {**asked, "contained": [medication], "medicationReference": {"reference": "#m1"}}
    assert item(within).concept.title == "Metformin 500 mg"
    assert item({**asked, "medicationReference": {"reference": "Medication/m1"}}, medication).concept.title == "Metformin 500 mg"
    assert (
        item({**asked, "medicationReference": {"reference": "Medication/zz", "display": "Some pill"}}).concept.title == "Some pill"
    )
    made_of = {
        "resourceType": "Medication",
        "id": "m1",
        "ingredient": [{"itemCodeableConcept": {"text": "A"}}, {"item": {"concept": {"text": "B"}}}],
    }
    assert item({**asked, "medicationReference": {"reference": "Medication/m1"}}, made_of).concept.title == "A / B"
    assert "code_missing" in one(asked).problems


def test_names_of_those_pointed_at_are_filled_in() -> None:
    doctor = {
        "resourceType": "Practitioner",
        "id": "d",
        "name": [{"family": "Lin", "given": ["Mei"]}],
        "identifier": [{"system": "npi", "value": "9"}],
    }
    for reference in (
        {"reference": "Practitioner/d"},
        {"reference": "Practitioner?identifier=npi|9"},
        {"identifier": {"system": "npi", "value": "9"}, "type": "Practitioner"},
    ):
        made = {**about({"reference": "Patient/p1"}), "performer": [reference]}
        (found,) = [each for each in item(made, doctor).references if each.role == "performer"]
        assert (found.target, found.display) == ("Practitioner/d", "Mei Lin")


def test_shared_records_are_named_by_their_whole_key() -> None:
    made = {
        **about({"reference": "Patient/p1"}),
        "performer": [{"reference": "Practitioner/d"}, {"reference": f"{BASE}/Organization/o"}],
    }
    assert one(made).references == ("|Practitioner/d", f"{BASE}|Organization/o")
