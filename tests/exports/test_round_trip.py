"""This is the place where a whole record is taken away and brought in again: nothing is lost, nothing points nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.care import export
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.domain.records import Original, Standing
from core.exports import Exports
from core.ports import Ports
from tests.care.given import add_person, bring, bundle, event, heart_rate, parcel, patient, ports_with, profile
from tests.exports.given import NOW, person

LIVES = Path(__file__).resolve().parents[2] / "fhir_samples"
A, B = "https://a.example.org/fhir", "https://b.example.org/fhir"


def exporting() -> Ports:
    ports = ports_with()
    return type(ports)(**{name: getattr(ports, name) for name in ports.__dataclass_fields__} | {"exporter": Exports()})


def taken_away(ports: Ports, person_id: str) -> bytes:
    return export.bundle(ports, COMMAND_LINE, person_id).content


def shown(ports: Ports, person_id: str) -> list[tuple[Any, ...]]:
    """What the Records page shows: what it is, when, what was measured, and whether it counts."""
    records = ports.store.records(person_id, event())
    said = [
        (r.item.kind, r.item.concept.title, r.item.start, [(v.number, v.unit) for v in r.item.values], r.standing) for r in records
    ]
    return sorted(said, key=repr)


def pointing_nowhere(entries: list[dict[str, Any]]) -> list[str]:
    """References that no entry of the Bundle answers, resolved as R4 says: relative ones within the base of their own fullUrl."""
    urls = {entry["fullUrl"] for entry in entries}
    lost = []
    for entry in entries:
        base = re.match(r"(https?://.+)/[A-Za-z]+/[^/]+$", entry["fullUrl"])
        for pointer in re.findall(r'"reference": "([^"#]+)"', json.dumps(entry["resource"])):
            absolute = pointer.startswith(("urn:", "http"))
            if (pointer if absolute else f"{base[1] if base else ''}/{pointer}") not in urls:
                lost.append(pointer)
    return lost


@pytest.mark.parametrize("life", ["margaret-ellis", "dorothy-novak", "robert-hayes"])
def test_a_life_from_two_sources_is_the_same_record_after_leaving_and_coming_back(life):
    ports = exporting()
    files = [parcel(path.read_bytes(), path.name) for path in sorted((LIVES / life).glob("*.json"))]
    assert len(files) > 1
    (person_id,) = bring(ports, *files).person_ids
    content = taken_away(ports, person_id)
    entries = json.loads(content)["entry"]
    assert pointing_nowhere(entries) == []
    elsewhere = exporting()
    report = bring(elsewhere, content)
    counts = dict(report.counts)
    assert report.entries == len(entries) and counts["refused"] == counts["not_followed"] == 0
    assert shown(elsewhere, report.person_ids[0]) == shown(ports, person_id)


def test_the_same_export_brought_home_adds_nothing():
    ports = exporting()
    (person_id,) = bring(ports, bundle(patient("p1"), heart_rate("h1"), base=A)).person_ids
    before = shown(ports, person_id)
    report = bring(ports, taken_away(ports, person_id))
    assert report.person_ids == (person_id,) and dict(report.counts)["stored"] == 0 and shown(ports, person_id) == before


def test_records_of_two_sources_with_the_same_id_both_survive():
    ports = exporting()
    (person_id,) = bring(ports, bundle(patient("1", given="Ana"), heart_rate("101", 72, "Patient/1"), base=A)).person_ids
    other = heart_rate("101", 88, "Patient/1", effectiveDateTime="2026-11-12T08:00:00Z")
    bring(ports, bundle(patient("1", gender="female", given="Ana"), other, base=B), whose=Whose(person_id))
    elsewhere = exporting()
    home = add_person(elsewhere, "Example", "Ana")
    bring(elsewhere, taken_away(ports, person_id), whose=Whose(home, profile=profile("Example", "Ana")))
    numbers = [v.number for r in elsewhere.store.records(home, event()) for v in r.item.values]
    assert sorted(numbers) == sorted(v.number for r in ports.store.records(person_id, event()) for v in r.item.values)


def test_what_is_set_apart_and_what_is_only_kept_is_taken_away_too():
    bare = heart_rate("bare", subject="Patient/p1")
    del bare["valueQuantity"]["unit"], bare["valueQuantity"]["code"], bare["valueQuantity"]["system"]
    claim = {"resourceType": "Claim", "id": "c1", "status": "active", "patient": {"reference": "Patient/p1"}}
    ports = exporting()
    (person_id,) = bring(ports, bundle(patient("p1"), bare, claim, base=A)).person_ids
    assert Standing.QUARANTINED in {record.standing for record in ports.store.records(person_id, event())}
    away = json.loads(taken_away(ports, person_id))["entry"]
    assert {entry["resource"]["id"] for entry in away[:3]} == {"p1", "bare", "c1"}


def test_what_an_earlier_export_said_of_its_places_is_not_written_again():
    odd = heart_rate("odd", mood="SECRET")
    ports = exporting()
    (person_id,) = bring(ports, bundle(patient("p1"), odd, base=A)).person_ids
    first = taken_away(ports, person_id)
    bring(ports, first, whose=Whose(person_id))
    again = json.loads(taken_away(ports, person_id))["entry"]
    assert [entry["resource"]["resourceType"] for entry in again].count("OperationOutcome") == 1
    assert len(again) == len(json.loads(first)["entry"])


def observation(name: str, shown_as: str = "") -> Original:
    raw = json.dumps({"resourceType": "Observation", "id": name, "status": "final", "code": {"text": "x"}}).encode()
    return Original(f"r-{name}", raw, A, f"Observation/{name}", shown_as)


def test_a_second_copy_of_a_fact_is_written_only_where_something_refers_to_it():
    report = Original(
        "r-d", rb'{"resourceType":"DiagnosticReport","result":[{"reference":"Observation\/two"}]}', A, "DiagnosticReport/d"
    )
    every = [observation("one"), observation("two", "r-one"), observation("three", "r-one"), report]
    written = json.loads(Exports().bundle(person(), every, NOW)[0])["entry"]
    assert [entry["resource"].get("id") for entry in written[:3]] == ["one", "two", None]
    assert "three" not in json.dumps(written)
