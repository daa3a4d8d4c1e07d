"""This is the place where it is tested whose record an entry ends in, and that every entry is accounted for once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.care import records, sources
from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, Watch, import_parcels
from core.care.placing import Whose
from core.domain.ledger import Outcome
from core.errors import BadInput, Cancelled, NotFound
from core.ports import Ports, Store, Upload
from tests.care.given import add_person, bring, bundle, event, heart_rate, parcel, patient, ports_with
from tests.care.stores import STORES


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    store: Store = request.getfixturevalue(request.param)
    return ports_with(store)


def counts(made: Any) -> dict[str, int]:
    return {name: count for name, count in made.counts if count}


def reasons(made: Any) -> list[str]:
    return [line.reason for file in made.files for line in file.lines]


def kinds_of(ports: Ports, person_id: str) -> list[str]:
    return sorted(record.item.kind for record in ports.store.records(person_id, event()))


def test_the_own_patient_and_what_is_about_them_is_taken(ports: Ports) -> None:
    person_id = add_person(ports)
    made = bring(ports, bundle(patient(), heart_rate("o1")), whose=Whose(person_id))
    assert counts(made) == {"stored": 2}
    assert made.person_ids == (person_id,)


def test_another_persons_records_are_refused_for_a_given_person(ports: Ports) -> None:
    person_id = add_person(ports)
    made = bring(ports, bundle(patient(family="Stranger", given="Someone"), heart_rate("o1")), whose=Whose(person_id))
    assert counts(made) == {"refused": 2}
    assert reasons(made) == ["another_person", "another_person"]


def test_a_stranger_beside_the_own_patient_is_refused_and_leaves_nothing(ports: Ports) -> None:
    person_id = add_person(ports)
    content = bundle(patient(), heart_rate("o1"), patient("p2", "Stranger", "Someone"), heart_rate("o2", 99, "Patient/p2"))
    assert counts(bring(ports, content, whose=Whose(person_id))) == {"stored": 2, "refused": 2}
    assert kinds_of(ports, person_id) == ["Observation", "Patient"]


def test_the_only_patient_is_taken_while_nothing_is_known_of_the_person(ports: Ports) -> None:
    from core.domain.records import PersonProfile

    person_id = ports.store.add_person(PersonProfile(), event()).person_id
    assert counts(bring(ports, bundle(patient(), heart_rate("o1")), whose=Whose(person_id))) == {"stored": 2}
    second = bring(ports, bundle(patient("p9", "Stranger", "Someone"), base="https://other.example/fhir"), whose=Whose(person_id))
    assert reasons(second) == ["another_person"]


def test_a_record_of_a_known_subject_is_taken_without_its_patient(ports: Ports) -> None:
    person_id = add_person(ports)
    bring(ports, bundle(patient()), whose=Whose(person_id))
    assert counts(bring(ports, bundle(heart_rate("o1")), whose=Whose(person_id))) == {"stored": 1}
    assert counts(bring(ports, bundle(heart_rate("o2", 80)))) == {"stored": 1}


def test_a_record_of_an_unknown_subject_is_refused(ports: Ports) -> None:
    person_id = add_person(ports)
    made = bring(ports, bundle(heart_rate("o1", subject="Patient/nobody")), whose=Whose(person_id))
    assert (counts(made), reasons(made)) == ({"refused": 1}, ["unknown_person"])


def test_a_linked_reference_of_somebody_else_is_another_person(ports: Ports) -> None:
    bring(ports, bundle(patient()))
    other = add_person(ports, "Other", "Person", born="1980-01-01")
    made = bring(ports, bundle(heart_rate("o1")), whose=Whose(other))
    assert reasons(made) == ["another_person"]


def test_a_record_about_nobody_is_quarantined_for_the_one_person_in_play(ports: Ports) -> None:
    made = bring(ports, bundle(patient(), heart_rate("o1", subject="")))
    assert (counts(made), reasons(made)) == ({"stored": 1, "quarantined": 1}, ["subject_missing"])


def test_a_record_about_nobody_is_refused_where_there_are_two_people(ports: Ports) -> None:
    made = bring(ports, bundle(patient(), patient("p2", "Second", "Person", "1980-01-01"), heart_rate("o1", subject="")))
    assert (counts(made), reasons(made)) == ({"stored": 2, "refused": 1}, ["subject_missing"])


def test_each_patient_of_a_file_becomes_a_person_and_the_same_file_again_adds_nobody(ports: Ports) -> None:
    content = bundle(
        patient(), patient("p2", "Second", "Person", "1980-01-01"), heart_rate("o1"), heart_rate("o2", 80, "Patient/p2")
    )
    first, second = bring(ports, content), bring(ports, content)
    assert len(first.person_ids) == 2
    assert second.person_ids == first.person_ids
    assert counts(second) == {"unchanged": 4}
    assert len(ports.store.people(None, event())) == 2


def test_a_shared_identifier_and_birth_date_find_the_person_from_another_source(ports: Ports) -> None:
    number = [{"system": "http://national.example/id", "value": "77"}]
    first = bring(ports, bundle(patient(identifier=number)))
    again = bring(ports, bundle(patient("x1", identifier=number), base="https://other.example/fhir"))
    assert again.person_ids == first.person_ids
    younger = bring(ports, bundle(patient("x2", born="1990-01-01", identifier=number), base="https://third.example/fhir"))
    assert younger.person_ids != first.person_ids


def test_new_makes_a_new_person_whatever_the_identifiers_say_but_not_twice(ports: Ports) -> None:
    number = [{"system": "http://national.example/id", "value": "77"}]
    first = bring(ports, bundle(patient(identifier=number)))
    other = bundle(patient("x1", identifier=number), base="https://other.example/fhir")
    made = bring(ports, other, whose=Whose(new=True))
    assert made.person_ids != first.person_ids
    assert bring(ports, other, whose=Whose(new=True)).person_ids == made.person_ids


def test_one_id_in_two_files_without_origin_is_two_people(ports: Ports) -> None:
    first = bring(ports, bundle(patient("1"), base=""))
    second = bring(ports, bundle(patient("1", "Second", "Person", "1980-01-01"), base=""))
    assert first.person_ids != second.person_ids
    stray = bring(ports, bundle(heart_rate("o9", subject="Patient/1"), base=""))
    assert reasons(stray) == ["unknown_person"]  # it could be either
    known = bring(ports, bundle(heart_rate("o9", subject="Patient/1"), base=""), whose=Whose(first.person_ids[0]))
    assert counts(known) == {"stored": 1}


def test_a_patient_of_whom_nothing_is_said_is_not_whoever_had_the_id_last(ports: Ports) -> None:
    unsaid = json.dumps({"resourceType": "Patient", "id": "1"}).encode()
    first = bring(ports, unsaid)
    other = bring(ports, bundle(patient("1"), base=""))
    again = bring(ports, unsaid)
    assert other.person_ids != first.person_ids
    assert again.person_ids == first.person_ids
    assert counts(again) == {"unchanged": 1}


def test_twins_in_one_file_stay_two_people(ports: Ports) -> None:
    made = bring(ports, bundle(patient(given="Casey"), patient("p2", given="Robin")))
    assert len(made.person_ids) == 2


def test_a_twins_file_is_refused(ports: Ports) -> None:
    person_id = add_person(ports, given="Casey")
    assert reasons(bring(ports, bundle(patient("p2", given="Robin")), whose=Whose(person_id))) == ["another_person"]


def practitioner(record_id: str) -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": record_id, "name": [{"text": f"Dr. {record_id}"}]}


def role(record_id: str, person: str, organization: str) -> dict[str, Any]:
    return {
        "resourceType": "PractitionerRole", "id": record_id, "practitioner": {"reference": f"Practitioner/{person}"},
        "organization": {"reference": f"Organization/{organization}"},
    }  # fmt: skip


def test_shared_records_follow_whoever_refers_to_them_and_count_once(ports: Ports) -> None:
    seen_by = {"performer": [{"reference": "Practitioner/d1"}]}
    content = bundle(
        practitioner("d1"), practitioner("d2"), patient(), patient("p2", "Second", "Person", "1980-01-01"),
        heart_rate("o1", **seen_by), heart_rate("o2", 80, "Patient/p2", **seen_by),
    )  # fmt: skip
    made = bring(ports, content)
    assert (counts(made), reasons(made)) == ({"stored": 5, "not_followed": 1}, ["nobody_refers"])
    assert all(kinds_of(ports, person_id) == ["Observation", "Patient", "Practitioner"] for person_id in made.person_ids)
    assert counts(bring(ports, content)) == {"unchanged": 5, "not_followed": 1}


def test_shared_records_are_followed_through_one_another(ports: Ports) -> None:
    organization = {"resourceType": "Organization", "id": "c1", "name": "Clinic"}
    content = bundle(
        organization,
        practitioner("d1"),
        role("r1", "d1", "c1"),
        patient(),
        heart_rate("o1", performer=[{"reference": "PractitionerRole/r1"}]),
    )
    assert counts(bring(ports, content)) == {"stored": 5}


def test_a_kind_that_needs_no_person_is_kept_raw_for_the_one_in_play(ports: Ports) -> None:
    form = {"resourceType": "Questionnaire", "id": "q1", "status": "active"}
    assert counts(bring(ports, bundle(patient(), form))) == {"stored": 1, "kept_raw": 1}


def test_files_without_patients_wait_for_those_with(ports: Ports) -> None:
    made = bring(ports, bundle(heart_rate("o1"), base=""), bundle(patient(), base=""))
    assert counts(made) == {"stored": 2}
    assert [file.name for file in made.files] == ["file0.json", "file1.json"]


def test_lines_of_a_bulk_export_belong_together_whatever_their_order(ports: Ports) -> None:
    observations = parcel(json.dumps(heart_rate("o1")).encode(), "Observation.ndjson").uploads[0]
    patients = parcel(json.dumps(patient()).encode(), "Patient.ndjson").uploads[0]
    made = bring(ports, Parcel("export", (observations, patients)))
    assert counts(made) == {"stored": 2}


def test_an_unreadable_file_is_one_refused_entry_and_stops_nobody(ports: Ports) -> None:
    made = bring(ports, b"\x89PNG not health", bundle(patient(), heart_rate("o1")))
    assert counts(made) == {"stored": 2, "refused": 1}
    assert made.files[0].refused
    assert made.files[0].ledger.entries == 1


def test_a_cancelled_import_keeps_nothing(ports: Ports) -> None:
    person_id = add_person(ports)
    asked = iter([False, False, True])
    content = bundle(patient(), *(heart_rate(f"o{n}", 60 + n) for n in range(20)))
    with pytest.raises(Cancelled):
        bring(ports, content, whose=Whose(person_id), watch=Watch(should_stop=lambda: next(asked, True)))
    assert kinds_of(ports, person_id) == []
    assert ports.store.ledgers(person_id, event()) == ()


def test_progress_is_told_over_all_files_and_ends_at_the_whole(ports: Ports) -> None:
    told: list[tuple[int, int]] = []
    contents = [bundle(patient(), heart_rate("o1")), bundle(heart_rate("o2", 80))]
    bring(ports, *contents, watch=Watch(lambda done, total: told.append((done, total))))
    whole = sum(map(len, contents))
    assert told[-1] == (whole, whole)
    assert told == sorted(told)


def test_an_unknown_person_and_a_person_with_new_are_refused(ports: Ports) -> None:
    with pytest.raises(NotFound):
        bring(ports, bundle(patient()), whose=Whose("nobody"))
    with pytest.raises(BadInput):
        import_parcels(ports, COMMAND_LINE, Whose(add_person(ports), True), [])


def test_the_ledger_of_a_person_is_what_came_in(ports: Ports) -> None:
    person_id = add_person(ports)
    content = bundle(patient(), heart_rate("o1"), heart_rate("o2", subject="Patient/nobody"))
    bring(ports, parcel(content, "visit.json"), whose=Whose(person_id))
    [ledger] = sources.ledgers(ports, COMMAND_LINE, person_id)
    assert (ledger.entries, ledger.count(Outcome.STORED), ledger.count(Outcome.REFUSED)) == (3, 2, 1)
    page = sources.ledger_lines(ports, COMMAND_LINE, person_id, ledger.import_id, outcome="refused")
    assert [line.reason for line in page.lines] == ["unknown_person"]


def test_removing_a_source_removes_what_only_it_brought(ports: Ports) -> None:
    person_id = add_person(ports)
    bring(ports, parcel(bundle(patient(), heart_rate("o1")), "a.json", "A"), whose=Whose(person_id))
    bring(ports, parcel(bundle(patient(), heart_rate("o1"), heart_rate("o2", 80)), "b.json", "B"), whose=Whose(person_id))
    found = {s.label: s.source_id for s in sources.overview(ports, COMMAND_LINE, person_id).sources}
    assert sources.remove(ports, COMMAND_LINE, person_id, found["B"]) == 1
    assert kinds_of(ports, person_id) == ["Observation", "Patient"]


def test_more_shared_records_than_are_held_back_are_read_a_second_time(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.care.placing.HELD_BYTES", 150)
    seen_by = {"performer": [{"reference": f"Practitioner/d{n}"} for n in range(6)]}
    content = bundle(*(practitioner(f"d{n}") for n in range(8)), patient(), heart_rate("o1", **seen_by))
    assert counts(bring(ports, content)) == {"stored": 8, "not_followed": 2}


def test_uploads_of_a_person_go_through_the_same_door(ports: Ports) -> None:
    person_id = add_person(ports)
    files = [Upload("a.json", parcel(bundle(patient(), heart_rate("o1"))).uploads[0].content)]
    made = sources.import_files(ports, COMMAND_LINE, person_id, files, sources.Named("Clinic"))
    assert counts(made) == {"stored": 2}
    assert {mark.label for record in records.shelf(ports, COMMAND_LINE, person_id).records for mark in record.sources} == {"Clinic"}
