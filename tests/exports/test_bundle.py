"""This is the place where the Bundle is read again: by a strict reader of R4, and by our own import."""

from __future__ import annotations

import io
import json
from datetime import UTC

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from core.domain.records import Incoming, Original
from core.exports import Exports
from core.exports.bundle import fhir_bundle
from core.exports.strict import faults_in
from core.ports import Upload
from core.sources.fhir.package import FhirReader
from tests.exports.given import NOW, person

UUID = "6f2c1a52-9d5e-4f6b-8d8f-0d4b7a1a9a01"
PATIENT = b'{"resourceType":"Patient","id":"6f2c1a52-9d5e-4f6b-8d8f-0d4b7a1a9a01","birthDate":"1960-02-03","name":[{"text":"Ana"}]}'
WEIGHT = (
    b'{"resourceType":"Observation","id":"w","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},'
    b'"subject":{"reference":"urn:uuid:6f2c1a52-9d5e-4f6b-8d8f-0d4b7a1a9a01"},"effectiveDateTime":"2026-01-02",'
    b'"valueQuantity":{"value":72.10,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}'
)
ODD = WEIGHT.replace(b'"id":"w"', b'"id":"odd_1"').replace(b'"status":"final",', b'"status":"final","mood":"SECRET",')


def original(record_id: str, raw: bytes) -> Original:
    """As the store hands it out: with its own name where it has one."""
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    named = isinstance(found, dict) and isinstance(found.get("id"), str)
    return Original(record_id, raw, "", f"{found.get('resourceType')}/{found['id']}" if named else "")


def written(*originals: tuple[str, bytes], **who: bool):
    content, marked = fhir_bundle(person(**who), [original(*each) for each in originals], NOW)
    return json.loads(content), content, marked


def test_a_bundle_of_sound_records_is_valid_r4_as_a_whole():
    bundle, content, marked = written(("r1", PATIENT), ("r2", WEIGHT))
    assert marked == () and Bundle.model_validate(bundle)
    assert (bundle["type"], bundle["timestamp"]) == ("collection", "2026-11-21T09:30:00Z")
    assert WEIGHT in content and PATIENT in content


def test_a_record_that_is_not_strictly_r4_is_kept_as_it_came_and_named_by_place_and_need():
    bundle, content, marked = written(("r1", PATIENT), ("r2", ODD), ("r3", WEIGHT))
    assert ODD in content
    assert marked == (("r2", "id: needs the form of its R4 type"),) or marked[0][0] == "r2"
    outcome = bundle["entry"][-1]["resource"]
    assert outcome["resourceType"] == "OperationOutcome" and len(bundle["entry"]) == 4
    assert any(place.startswith("Bundle.entry[1].resource") for place in outcome["issue"][0]["expression"])
    assert "SECRET" not in json.dumps(outcome)
    del bundle["entry"][1]
    assert Bundle.model_validate(bundle)


def test_a_kind_that_r4_does_not_know_is_kept_and_marked():
    _, content, marked = written(("r1", b'{"resourceType":"Permission","id":"x"}'))
    assert marked == (("r1", "resourceType: is not a kind of R4"),) and b'"Permission"' in content


def test_what_is_no_json_is_the_only_thing_left_out_and_is_said():
    bundle, _, marked = written(("r1", b"\x00"), ("r2", b"[]"))
    assert [record for record, _ in marked] == ["r1", "r2"]
    (outcome,) = (entry["resource"] for entry in bundle["entry"])
    assert [issue["code"] for issue in outcome["issue"]] == ["incomplete", "incomplete"]


def test_no_records_make_a_valid_empty_bundle():
    bundle, _, _ = written()
    assert Bundle.model_validate(bundle) and "entry" not in bundle


def test_a_synthetic_person_is_marked_as_test_data():
    assert written(("r1", PATIENT), synthetic=True)[0]["meta"]["tag"][0]["code"] == "HTEST"
    assert "meta" not in written(("r1", PATIENT))[0]


def test_addresses_are_unique_and_the_same_every_time():
    originals = (("r1", PATIENT), ("r2", PATIENT), ("r3", WEIGHT), ("r4", WEIGHT))
    urls = [entry["fullUrl"] for entry in written(*originals)[0]["entry"]]
    assert len(set(urls)) == 4 and urls[0] == f"urn:uuid:{UUID}"
    assert urls == [entry["fullUrl"] for entry in written(*originals)[0]["entry"]]


def test_relative_references_find_what_they_mean_and_two_sources_with_the_same_ids_stay_apart():
    patient = b'{"resourceType":"Patient","id":"1"}'
    seen = b'{"resourceType":"Observation","id":"o","status":"final","code":{},"subject":{"reference":"Patient/1"}}'
    bases = ("https://one.example/fhir", "https://two.example/r4", "")
    every = [
        Original(f"{base}-{name}", raw, base, name)
        for base in bases
        for name, raw in (("Patient/1", patient), ("Observation/o", seen))
    ]
    entries = json.loads(fhir_bundle(person(), every, NOW)[0])["entry"]
    urls = [entry["fullUrl"] for entry in entries]
    assert len(set(urls)) == 6
    for who, what in ((0, 1), (2, 3), (4, 5)):
        base = urls[what].removesuffix("/Observation/o")
        assert f"{base}/{entries[what]['resource']['subject']['reference']}" == urls[who]


def test_what_is_written_is_read_back_as_the_same_records():
    _, content, _ = written(("r1", PATIENT), ("r2", WEIGHT), ("r3", ODD))
    package = FhirReader().open([Upload("bundle.json", io.BytesIO(content))])
    (who,) = package.people()
    read = {entry.record_id: entry for entry in package.entries() if isinstance(entry, Incoming)}
    assert set(read) == {UUID, "w", "odd_1"}
    assert read["w"].subject == who.reference
    assert read["w"].item.values[0].number == 72.1


def test_every_recorded_resource_is_written_whole_and_the_sound_ones_stay_sound(shared_data):
    path = sorted((shared_data / "fhir" / "synthea-r4").rglob("*.json"), key=lambda found: found.stat().st_size)[0]
    resources = [json.dumps(entry["resource"]).encode() for entry in json.loads(path.read_text()).get("entry", ())]
    bundle, content, marked = written(*((str(number), each) for number, each in enumerate(resources)))
    assert len(resources) > 0 and all(each in content for each in resources)
    assert marked == () and len(bundle["entry"]) == len(resources)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"resourceType":"Observation","code":{}}', "status: is required"),
        (b'{"resourceType":"Observation","status":"final","code":{},"x":"SECRET"}', "x: is not a member of R4"),
        (b'{"resourceType":"Patient","birthDate":"SECRET"}', "birthDate: needs the form of its R4 type"),
        (b'{"resourceType":"Patient","contained":[{"resourceType":"SECRET"}]}', "holds a resource that is not of R4"),
        (b'{"resourceType":"Patient","SECRET <script>":1}', "?: is not a member of R4"),
        (b'{"resourceType":"SECRET"}', "resourceType: is not a kind of R4"),
        (b"SECRET", "needs to be JSON"),
        (b"{}", "resourceType: is required"),
    ],
)
def test_why_a_record_is_odd_is_said_by_place_and_need_and_without_its_values(raw, said):
    found = Exports().why_odd(raw)
    assert said in found and "SECRET" not in "".join(found)


def test_a_sound_record_is_not_odd():
    assert Exports().why_odd(WEIGHT) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["resourceType", "id", "code", "contained", "extension", "url", "x"]), inner)
    ),
    max_leaves=12,
)


@given(
    body=st.binary(max_size=60)
    | JSON.map(lambda value: json.dumps({"resourceType": "Observation", "status": "final", "code": value}).encode())
)
def test_no_original_whatever_stops_an_export(body):
    faults_in(body)
    content, _ = fhir_bundle(person(), [original("r1", body)], NOW.astimezone(UTC))
    assert json.loads(content)["resourceType"] == "Bundle"
