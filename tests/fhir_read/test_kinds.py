"""This is the place where it is tested that each kind, in each release of FHIR, says what it says."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.records import GROUPS, KINDS_SHOWN
from core.sources.fhir.kinds import SHAPES
from tests.fhir_read.given import PATIENT, SUBJECT, Node, detail, item, loinc, observation, one, quantity


def made(kind: str, **fields: Any) -> Node:
    return {"resourceType": kind, "id": "x", **({} if "patient" in fields else {"subject": SUBJECT}), **fields}


def test_every_kind_that_is_shown_has_a_shape_and_a_shelf() -> None:
    assert set(SHAPES) == set(KINDS_SHOWN)
    assert {shape.group for shape in SHAPES.values()} <= set(GROUPS)


def test_other_kinds_are_kept_with_their_person() -> None:
    found = one(made("Claim", patient=SUBJECT))
    assert found.item is None
    assert found.subject == "|Patient/p1"
    assert found.problems == ()


RELEASES: list[tuple[str, Node, dict[str, str]]] = [
    ("Condition", {"clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]}, "recordedDate": "2020"},
     {"status": "active", "verification": "confirmed", "issued": "2020"}),
    ("Condition", {"clinicalStatus": "active", "verificationStatus": "confirmed", "assertedDate": "2020"},
     {"status": "active", "verification": "confirmed", "issued": "2020"}),
    ("Condition", {"onsetPeriod": {"start": "2019-01", "end": "2019-02"}, "abatementDateTime": "2021"}, {"start": "2019-01", "end": "2021"}),
    ("AllergyIntolerance", {"clinicalStatus": "active", "code": {"text": "Nuts"}, "onsetDateTime": "2001"}, {"status": "active", "start": "2001"}),
    ("Immunization", {"vaccineCode": {"text": "Flu"}, "occurrenceDateTime": "2020-10-01", "status": "completed"}, {"start": "2020-10-01"}),
    ("Immunization", {"vaccineCode": {"text": "Flu"}, "date": "2020-10-01", "notGiven": True, "status": "completed"}, {"start": "2020-10-01", "status": "not-done"}),
    ("Procedure", {"code": {"text": "X"}, "performedPeriod": {"start": "2020", "end": "2021"}}, {"start": "2020", "end": "2021"}),
    ("Procedure", {"code": {"text": "X"}, "occurrenceDateTime": "2020-01-02"}, {"start": "2020-01-02"}),
    ("Encounter", {"class": {"code": "AMB"}, "period": {"start": "2020-01-02", "end": "2020-01-03"}}, {"start": "2020-01-02", "end": "2020-01-03"}),
    ("Encounter", {"class": [{"coding": [{"code": "AMB"}]}], "actualPeriod": {"start": "2020-01-02"}}, {"start": "2020-01-02"}),
    ("DocumentReference", {"date": "2020-01-02T00:00:00Z", "docStatus": "final"}, {"start": "2020-01-02T00:00:00Z", "verification": "final"}),
    ("DocumentReference", {"indexed": "2020-01-02T00:00:00Z"}, {"start": "2020-01-02T00:00:00Z"}),
    ("Goal", {"description": {"text": "Walk"}, "lifecycleStatus": "active", "startDate": "2020-01-01"}, {"status": "active", "start": "2020-01-01"}),
    ("Goal", {"description": {"text": "Walk"}, "status": "in-progress"}, {"status": "in-progress"}),
    ("Consent", {"dateTime": "2020-01-01", "status": "active"}, {"start": "2020-01-01"}),
    ("Consent", {"date": "2020-01-01"}, {"start": "2020-01-01"}),
    ("Media", {"createdDateTime": "2020-01-01", "type": {"text": "Photo"}}, {"start": "2020-01-01"}),
    ("ImagingStudy", {"started": "2020-01-01", "description": "Chest"}, {"start": "2020-01-01"}),
    ("Appointment", {"start": "2020-01-01T10:00:00Z", "end": "2020-01-01T10:30:00Z", "status": "booked"}, {"start": "2020-01-01T10:00:00Z", "end": "2020-01-01T10:30:00Z"}),
    ("MedicationRequest", {"authoredOn": "2020-01-01", "medicationCodeableConcept": {"text": "M"}}, {"start": "2020-01-01"}),
    ("MedicationRequest", {"authoredOn": "2020-01-01", "medication": {"concept": {"text": "M"}}}, {"start": "2020-01-01"}),
    ("MedicationStatement", {"effectivePeriod": {"start": "2020"}, "medicationCodeableConcept": {"text": "M"}, "dateAsserted": "2021"}, {"start": "2020", "issued": "2021"}),
    ("Device", {"patient": SUBJECT, "deviceName": [{"name": "Pump"}], "expirationDate": "2030-01-01"}, {"end": "2030-01-01"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "expected"), RELEASES, ids=[f"{kind}-{n}" for n, (kind, _, _) in enumerate(RELEASES)])
def test_each_release_says_when_and_how_in_its_own_fields(kind: str, fields: Node, expected: dict[str, str]) -> None:
    found = item(made(kind, **fields))
    assert {key: getattr(found, key) for key in expected} == expected


TITLES: list[tuple[str, Node, str]] = [
    ("MedicationRequest", {"medication": {"concept": {"text": "M"}}}, "M"),
    ("MedicationStatement", {"medicationCodeableConcept": {"coding": [{"code": "1", "display": "M"}]}}, "M"),
    ("AllergyIntolerance", {"substance": {"text": "Nuts"}}, "Nuts"),
    ("Encounter", {"type": [{"text": "Check-up"}], "class": {"display": "ambulatory"}}, "Check-up"),
    ("Encounter", {"class": {"code": "AMB", "display": "ambulatory"}}, "ambulatory"),
    ("CarePlan", {"title": "Heart plan", "category": [{"text": "Assess"}]}, "Heart plan"),
    ("CarePlan", {"category": [{"text": "Assess"}]}, "Assess"),
    ("CareTeam", {"name": "Team A"}, "Team A"),
    ("DocumentReference", {"type": {"text": "Letter"}, "description": "Letter from Dr. A"}, "Letter from Dr. A"),
    ("Appointment", {"description": "Blood test"}, "Blood test"),
    ("ImagingStudy", {"description": "Chest X-ray"}, "Chest X-ray"),
    ("Practitioner", {"name": [{"family": "Lin", "given": ["Mei"]}]}, "Mei Lin"),
    ("Practitioner", {"name": [{"family": "王", "given": ["小明"]}]}, "王小明"),
    ("Practitioner", {"name": {"family": ["Old"], "given": ["Dstu"]}}, "Dstu Old"),
    ("Organization", {"name": "Clinic"}, "Clinic"),
    ("Device", {"deviceName": [{"name": "Pump"}]}, "Pump"),
    ("Device", {"name": [{"value": "Pump"}]}, "Pump"),
    ("Device", {"type": {"text": "pump"}}, "pump"),
    ("Goal", {"description": {"text": "Walk"}}, "Walk"),
    ("Medication", {"code": {"text": "Pill"}}, "Pill"),
]


@pytest.mark.parametrize(("kind", "fields", "title"), TITLES, ids=[f"{kind}-{n}" for n, (kind, _, _) in enumerate(TITLES)])
def test_each_kind_has_its_title(kind: str, fields: Node, title: str) -> None:
    assert item(made(kind, **fields)).concept.title == title


DETAILS: list[tuple[str, Node, dict[str, str]]] = [
    ("MedicationRequest", {
        "medicationCodeableConcept": {"text": "M"}, "intent": "order", "priority": "routine", "reasonCode": [{"text": "pain"}],
        "dosageInstruction": [{"text": "1 tablet daily"}, {"text": "2 at night"}], "dispenseRequest": {"numberOfRepeatsAllowed": 3},
        "note": [{"text": "with food"}],
    }, {"dosage": "1 tablet daily\n2 at night", "reason": "pain", "intent": "order", "priority": "routine", "refills": "3", "note": "with food"}),
    ("MedicationRequest", {
        "medicationCodeableConcept": {"text": "M"},
        "dosageInstruction": [{
            "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["ACM"]}}, "route": {"text": "oral"},
            "doseAndRate": [{"doseQuantity": quantity(1.5, "tablet")}], "asNeededBoolean": True,
        }],
    }, {"dosage": "1.5 tablet · 2 x / 1 d ACM · PRN · oral", "route": "oral"}),
    ("MedicationStatement", {
        "medicationCodeableConcept": {"text": "M"}, "taken": "n",
        "dosage": [{"timing": {"code": {"text": "BID"}}, "doseQuantity": quantity(5, "mg"), "asNeededCodeableConcept": {"text": "pain"}}],
    }, {"dosage": "5 mg · BID · PRN pain", "adherence": "n"}),
    ("AllergyIntolerance", {
        "code": {"text": "Nuts"}, "criticality": "high", "type": "allergy", "category": ["food"],
        "reaction": [{"manifestation": [{"text": "Hives"}, {"concept": {"text": "Swelling"}}], "severity": "severe"}],
    }, {"reaction": "Hives; Swelling", "severity": "severe", "criticality": "high", "type": "allergy", "category": "food"}),
    ("Immunization", {
        "vaccineCode": {"text": "Flu"}, "lotNumber": "L1", "doseQuantity": quantity(0.5, "mL"), "site": {"text": "left arm"},
        "route": {"text": "IM"}, "protocolApplied": [{"doseNumberPositiveInt": 2}],
    }, {"lot": "L1", "dose": "0.5 mL", "site": "left arm", "route": "IM", "dose_number": "2"}),
    ("Condition", {"code": {"text": "C"}, "severity": {"text": "mild"}, "stage": [{"summary": {"text": "II"}}], "onsetAge": quantity(5, "a")},
     {"severity": "mild", "stage": "II", "when": "5 a"}),
    ("Condition", {"code": {"text": "C"}, "onsetString": "in childhood", "abatementString": "after school"},
     {"when": "in childhood", "ended": "after school"}),
    ("DiagnosticReport", {"code": {"text": "R"}, "conclusion": "All well."}, {"conclusion": "All well."}),
    ("Encounter", {"class": {"code": "AMB"}, "reasonCode": [{"text": "cough"}], "location": [{"location": {"display": "Room 1"}}],
                   "participant": [{"individual": {"display": "Dr. A"}}]},
     {"class": "AMB", "reason": "cough", "location": "Room 1", "participant": "Dr. A"}),
    ("Encounter", {"class": [{"text": "visit"}], "reason": [{"value": [{"concept": {"text": "cough"}}]}], "participant": [{"actor": {"display": "Dr. A"}}]},
     {"class": "visit", "reason": "cough", "participant": "Dr. A"}),
    ("Goal", {"description": {"text": "G"}, "target": [{"measure": {"text": "Weight"}, "detailQuantity": quantity(70, "kg"), "dueDate": "2025-01-01"}]},
     {"target": "Weight; 70 kg", "due": "2025-01-01"}),
    ("CarePlan", {"title": "P", "intent": "plan", "activity": [{"detail": {"description": "Walk"}}, {"reference": {"display": "Diet"}}]},
     {"intent": "plan", "activity": "Walk; Diet"}),
    ("Coverage", {"beneficiary": SUBJECT, "payor": [{"display": "Insurer"}], "subscriberId": "S1"}, {"payor": "Insurer", "member": "S1"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "expected"), DETAILS, ids=[f"{kind}-{n}" for n, (kind, _, _) in enumerate(DETAILS)])
def test_each_kind_tells_its_details(kind: str, fields: Node, expected: dict[str, str]) -> None:
    assert detail(made(kind, **fields)) == expected


GROUPED = [
    ({"category": [{"coding": [{"code": "vital-signs"}]}]}, "vitals"),
    ({"category": [{"coding": [{"code": "laboratory"}]}]}, "labs"),
    ({"category": {"coding": [{"code": "social-history"}]}}, "social"),
    ({"category": [{"text": "odd"}, {"coding": [{"code": "survey"}]}]}, "survey"),
    ({"category": [{"coding": [{"code": "imaging"}]}]}, "other_observations"),
    ({}, "other_observations"),
    ({"code": loinc("8867-4"), "valueQuantity": quantity(60, "/min")}, "vitals"),
    ({"code": loinc("2345-7"), "valueQuantity": quantity(95, "mg/dL")}, "labs"),
    ({"code": loinc("72166-2"), "valueCodeableConcept": {"text": "never"}}, "social"),
]


@pytest.mark.parametrize(("fields", "group"), GROUPED)
def test_observations_stand_on_the_shelf_of_their_category_or_signal(fields: Node, group: str) -> None:
    code = fields.get("code", {"text": "x"})
    assert item(observation(code, **{key: each for key, each in fields.items() if key != "code"})).group == group


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Observation", {"status": "entered-in-error", "code": {"text": "x"}}),
        ("Condition", {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}, "code": {"text": "x"}}),
        ("Condition", {"verificationStatus": "entered-in-error", "code": {"text": "x"}}),
        ("AllergyIntolerance", {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}, "code": {"text": "x"}}),
        ("Goal", {"lifecycleStatus": "entered-in-error"}),
        ("DocumentReference", {"docStatus": "entered-in-error"}),
        ("Claim", {"status": "entered-in-error", "patient": SUBJECT}),
    ],
)
def test_what_was_entered_in_error_retracts(kind: str, fields: Node) -> None:
    assert one(made(kind, **fields)).retracts
    assert not one(
        made(kind, **{**fields, "status": "active", "verificationStatus": "", "lifecycleStatus": "active", "docStatus": "final"})
    ).retracts


@pytest.mark.parametrize(
    "fields",
    [
        {"modifierExtension": [{"url": "http://x", "valueBoolean": True}]},
        {"component": [{"code": {"text": "c"}, "valueInteger": 1, "modifierExtension": [{"url": "x"}]}]},
        {"implicitRules": "http://rules.example.org"},
    ],
)
def test_what_may_change_the_meaning_sends_to_the_original(fields: Node) -> None:
    assert item(observation({"text": "x"}, **fields)).see_original


def test_a_modifier_of_something_else_or_an_empty_one_does_not() -> None:
    inside = [{"resourceType": "Practitioner", "id": "d", "modifierExtension": [{"url": "x"}]}]
    assert item(observation({"text": "x"}, contained=inside, modifierExtension=[])).see_original == ""


def test_an_order_not_to_do_something_says_so() -> None:
    assert (
        item(made("MedicationRequest", doNotPerform=True, medicationCodeableConcept={"text": "M"})).see_original == "do_not_perform"
    )


def test_versions_are_kept_as_the_source_numbers_them() -> None:
    found = one({**made("Claim", patient=SUBJECT), "meta": {"versionId": "7", "lastUpdated": "2024-01-01T00:00:00Z"}})
    assert (found.version.version_id, found.version.updated) == ("7", "2024-01-01T00:00:00Z")


def test_nulls_everywhere_are_nothing() -> None:
    fields = ("meta", "text", "contained", "extension", "modifierExtension", "identifier", "category", "component", "referenceRange", "note",
              "interpretation", "dataAbsentReason", "bodySite", "performer", "hasMember", "effectivePeriod", "valueString", "issued")  # fmt: skip
    found = one(observation(loinc("8867-4"), valueQuantity=quantity(60, "/min"), **dict.fromkeys(fields)))
    assert found.problems == ()
    nulls = [None]
    assert (
        one(
            observation(
                loinc("8867-4"),
                valueQuantity=quantity(60, "/min"),
                **dict.fromkeys(("component", "note", "category", "performer"), nulls),
            )
        ).problems
        == ()
    )


def test_a_person_is_read_whole() -> None:
    found = one({**PATIENT, "id": "p2", "identifier": [{"system": "s", "value": "1"}], "telecom": [{"system": "phone", "value": "+1 5"}],
                 "address": [{"line": ["1 Road"], "city": "Town"}], "communication": [{"language": {"coding": [{"code": "zh"}]}}],
                 "contact": [{"name": {"text": "Ann"}, "relationship": [{"text": "sister"}], "telecom": [{"value": "+2"}]}],
                 "deceasedBoolean": False, "meta": {"security": [{"code": "HTEST"}]}})  # fmt: skip
    profile = found.profile
    assert profile is not None
    assert (profile.name, profile.birth_date, profile.gender, profile.deceased) == ("Casey Q Example", "1980-02-29", "female", "")
    assert (profile.identifiers, profile.phones, profile.address, profile.languages) == (
        (("s", "1"),),
        ("+1 5",),
        "1 Road, Town",
        ("zh",),
    )
    assert (profile.contacts[0].name, profile.contacts[0].relationship, profile.contacts[0].phone) == ("Ann", "sister", "+2")
    assert profile.synthetic
    assert found.subject == "|Patient/p2"


def test_a_birth_date_that_is_absent_or_impossible_is_none() -> None:
    absent = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
    kept = {key: field for key, field in PATIENT.items() if key != "birthDate"}
    for fields, problems in (
        ({"_birthDate": absent}, ()),
        ({"birthDate": None}, ()),
        ({"birthDate": "1980-02-30"}, ("time_invalid",)),
        ({"birthDate": 1980}, ("wrong_kind",)),
    ):
        found = one({**kept, "id": "p3", **fields})
        assert found.profile is not None
        assert (found.profile.birth_date, found.problems) == ("", problems)


def test_somebody_named_in_words_alone_is_still_named() -> None:
    found = item(made("MedicationRequest", medicationCodeableConcept={"text": "Metformin"}, requester={"display": "Dr. Helen Park"}))
    assert [(ref.role, ref.display) for ref in found.references if ref.role == "requester"] == [("requester", "Dr. Helen Park")]


def test_a_code_with_words_is_no_reference() -> None:
    coded = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"}
    assert "class" not in {ref.role for ref in item(made("Encounter", status="finished", **{"class": coded})).references}
