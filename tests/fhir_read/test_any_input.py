"""This is the place where it is tested that no input whatever raises: real records broken at random, random bytes, cut files."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.records import Incoming, Reject
from core.errors import FileRefused
from core.sources.fhir.documents import DocumentReader
from core.sources.fhir.elements import Element
from core.sources.fhir.index import PackageIndex
from core.sources.fhir.limits import Limits
from core.sources.fhir.normalise import normalise
from core.sources.fhir.package import FhirPackage
from core.sources.fhir.sheet import Context
from tests.fhir_read.given import (
    PATIENT,
    SHARED,
    SUBJECT,
    Node,
    as_json,
    bundle,
    lines,
    loinc,
    observation,
    opened,
    quantity,
    squeezed,
    zipped,
)

BASES: list[Node] = [
    {**PATIENT, "identifier": [{"system": "s", "value": "1"}], "contact": [{"name": {"text": "A"}}], "deceasedDateTime": "2020",
     "text": {"status": "generated", "div": "<div>x</div>"}, "communication": [{"language": {"coding": [{"code": "en"}]}}]},
    observation(loinc("85354-9"), component=[{"code": loinc("8480-6"), "valueQuantity": quantity(120, "mmHg", "mm[Hg]"),
                "referenceRange": [{"low": quantity(90, "mmHg"), "high": quantity(140, "mmHg")}], "interpretation": [{"coding": [{"code": "N"}]}]}],
                category=[{"coding": [{"code": "vital-signs"}]}], performer=[{"reference": "Practitioner/d"}], note=[{"text": "n"}]),
    observation(loinc("2345-7"), valueQuantity=quantity(95, "mg/dL", "mg/dL"), dataAbsentReason={"text": "x"}, meta={"versionId": "1"}),
    {"resourceType": "Condition", "id": "c", "subject": SUBJECT, "code": {"text": "C"}, "clinicalStatus": {"coding": [{"code": "active"}]},
     "onsetPeriod": {"start": "2020", "end": "2021"}, "stage": [{"summary": {"text": "II"}}], "contained": [{"resourceType": "Patient", "id": "i"}]},
    {"resourceType": "MedicationRequest", "id": "m", "subject": SUBJECT, "authoredOn": "2020-01-01", "medicationReference": {"reference": "#med"},
     "contained": [{"resourceType": "Medication", "id": "med", "code": {"text": "M"}, "ingredient": [{"itemCodeableConcept": {"text": "I"}}]}],
     "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": {"start": "2020"}}},
                            "doseAndRate": [{"doseQuantity": quantity(1, "tab")}]}], "dispenseRequest": {"numberOfRepeatsAllowed": 1}},
    {"resourceType": "Immunization", "id": "i", "patient": SUBJECT, "vaccineCode": {"text": "V"}, "occurrenceDateTime": "2020-01-01",
     "protocolApplied": [{"doseNumberPositiveInt": 1}], "performer": [{"actor": {"reference": "Practitioner/d"}}]},
    {"resourceType": "AllergyIntolerance", "id": "a", "patient": SUBJECT, "code": {"text": "A"}, "reaction": [{"manifestation": [{"text": "r"}]}]},
    {"resourceType": "Encounter", "id": "e", "subject": SUBJECT, "class": {"code": "AMB"}, "type": [{"text": "t"}], "period": {"start": "2020"},
     "participant": [{"individual": {"reference": "Practitioner/d"}}], "location": [{"location": {"display": "L"}}]},
    {"resourceType": "Appointment", "id": "ap", "participant": [{"actor": SUBJECT}], "start": "2020-01-01T00:00:00Z"},
    {"resourceType": "DocumentReference", "id": "d", "subject": SUBJECT, "type": {"text": "t"}, "content": [{"attachment": {"title": "x"}}]},
    {"resourceType": "Goal", "id": "g", "subject": SUBJECT, "description": {"text": "t"}, "target": [{"detailRange": {"low": quantity(1, "kg")}}]},
    {"resourceType": "Device", "id": "de", "patient": SUBJECT, "deviceName": [{"name": "n"}], "udiCarrier": [{"deviceIdentifier": "x"}]},
    {"resourceType": "Claim", "id": "cl", "patient": SUBJECT, "provider": {"reference": "Organization/o"}, "item": [{"sequence": 1}]},
]  # fmt: skip

ODD: list[Any] = [
    None, True, False, 0, -1, 2**63, 10**30, 1.5, "", " ", "x", "#", "#x", "Patient/", "Patient/p1", "urn:uuid:", "http://", "Patient?identifier=",
    "a|b", "2024-02-30", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "<script>", "\x00", "\u202e", "😀" * 50, [], {}, [None], [[]],
    [{}], {"reference": {"reference": {}}}, {"coding": [{"code": 5}, None, "x"]}, {"value": "x", "unit": 5}, {"start": 5, "end": []},
    {"concept": {"concept": {"text": "x"}}, "reference": []}, {"extension": [{"url": 5}]}, {"low": {"value": "x"}, "high": 5}, {"text": {"div": []}},
]  # fmt: skip


def real_resources() -> list[Node]:
    """A few resources of each kind of the shared data, where it is here."""
    by_kind: dict[str, list[Node]] = {}
    for path in sorted(
        [*[*SHARED.glob("synthea-r4/*.json")][:3], *SHARED.glob("us-core-examples/**/*.json"), *SHARED.glob("zh-tw/*.json")]
    ):
        found = orjson.loads(path.read_bytes())
        for resource in (
            [entry.get("resource", {}) for entry in found.get("entry", [])] if found.get("resourceType") == "Bundle" else [found]
        ):
            by_kind.setdefault(str(resource.get("resourceType")), []).append(resource)
    return [resource for kind in sorted(by_kind) for resource in by_kind[kind][:6]]


REAL = BASES + real_resources()


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        found += places(child, (*path, key))
    return found


def broken(resource: Node, seed: int) -> Node:
    """The resource with up to six random changes: something deleted, replaced, doubled, wrapped, or moved elsewhere."""
    rnd, made = random.Random(seed), copy.deepcopy(resource)
    for _ in range(rnd.randint(1, 6)):
        spots = places(made)
        if not spots:
            break
        *way, last = rnd.choice(spots)
        node: Any = made
        for key in way:
            node = node[key]
        how = rnd.randrange(6)
        if how == 0:
            del node[last]
        elif how == 1:
            node[last] = copy.deepcopy(rnd.choice(ODD))
        elif how == 2:
            node[last] = [node[last]]
        elif how == 3:
            node[last] = {"value": node[last], "text": node[last], "reference": node[last]}
        elif how == 4 and isinstance(node, list):
            node.append(copy.deepcopy(node[last]))
        elif isinstance(node, dict):
            node[
                rnd.choice(
                    ["value", "code", "reference", "subject", "start", "coding", "component", "contained", "valueQuantity", "id"]
                )
            ] = copy.deepcopy(node[last])
    return made


def index_of(*resources: Node) -> PackageIndex:
    index = PackageIndex()
    for found in DocumentReader(Limits()).read(iter([json.dumps(bundle(*resources)).encode()])):
        index.add(found)
    index.finish()
    return index


def check(result: object) -> None:
    assert isinstance(result, Incoming | Reject)
    if isinstance(result, Incoming):
        for text in (result.fact, result.subject, result.record_id, repr(result.item)):
            text.encode()
            assert "\x00" not in text
        assert "<script" not in repr(result.item)


@given(st.integers(0, len(REAL) - 1), st.integers(0, 2**32))
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_broken_record_never_raises(which: int, seed: int) -> None:
    made = broken(REAL[which % len(REAL)], seed)
    check(normalise(made, Context("x", json.dumps(made).encode(), index_of(PATIENT, made))))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "resourceType",
                        "code",
                        "coding",
                        "subject",
                        "reference",
                        "valueQuantity",
                        "value",
                        "component",
                        "text",
                        "id",
                        "status",
                        "contained",
                    ]
                ),
                inner,
                max_size=6,
            )
        ),
        max_leaves=25,
    ),
    st.sampled_from([base["resourceType"] for base in BASES]),
)
@settings(max_examples=400, deadline=None)
def test_any_json_value_becomes_a_record_or_a_reason(node: Any, kind: str) -> None:
    check(normalise(node, Context("x", b"{}", PackageIndex())))
    if isinstance(node, dict):
        check(normalise({**node, "resourceType": kind}, Context("x", b"{}", PackageIndex())))


@given(st.lists(st.tuples(st.integers(0, len(BASES) - 1), st.integers(0, 2**32)), min_size=1, max_size=8), st.booleans())
@settings(max_examples=150, deadline=None)
def test_every_entry_gets_exactly_one_result(parts: list[tuple[int, int]], streamed: bool) -> None:
    entries = [{"resource": broken(BASES[which], seed)} for which, seed in parts]
    limits = Limits(whole_bytes=100, kept_bytes=0) if streamed else Limits()
    results = list(opened(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), limits=limits).entries())
    assert [result.path.split(".")[0] for result in results] == [f"entry[{n}]" for n in range(len(entries))]


GOOD = [
    as_json(bundle(*BASES)), lines(*BASES), squeezed(lines(*BASES)), zipped({"a.json": as_json(bundle(*BASES)), "b.ndjson": lines(*BASES)}),
    orjson.dumps(bundle(*BASES), option=orjson.OPT_INDENT_2), as_json(bundle(*BASES)).decode().encode("utf-16"),
]  # fmt: skip


def read_or_refused(data: bytes, limits: Limits) -> None:
    try:
        package: FhirPackage = opened(data, limits=limits)
    except FileRefused as error:
        assert error.code
        return
    results = list(package.entries())
    for result in results:
        check(result)
    package.people()


@given(st.sampled_from(GOOD), st.data(), st.sampled_from([Limits(), Limits(whole_bytes=60, kept_bytes=0, entry_bytes=2000)]))
@settings(max_examples=500, deadline=None)
def test_a_damaged_file_is_read_or_refused(good: bytes, data: st.DataObject, limits: Limits) -> None:
    made = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(made) - 1)) if made else 0
        how = data.draw(st.integers(0, 3))
        if how == 0:
            made = made[:at]
        elif how == 1 and made:
            made[at] = data.draw(st.integers(0, 255))
        elif how == 2:
            made[at:at] = data.draw(st.binary(max_size=8))
        else:
            del made[at : at + data.draw(st.integers(1, 40))]
    read_or_refused(bytes(made), limits)


@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"{",
            b"[",
            b'{"resourceType":"Bundle","entry":[',
            b"PK\x03\x04",
            b"\x1f\x8b\x08",
            b"\xff\xfe",
            b"\xef\xbb\xbf{",
            b"<",
        ]
    ),
)
@settings(max_examples=500, deadline=None)
def test_random_bytes_are_read_or_refused(noise: bytes, start: bytes) -> None:
    read_or_refused(start + noise, Limits())
    read_or_refused(start + noise, Limits(whole_bytes=10, kept_bytes=0))


def test_elements_are_counted_also_in_a_broken_document() -> None:
    data = b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"a"}},{"resource":{"x":NaN}},5]}'
    found = [each for each in DocumentReader(Limits()).read(iter([data])) if isinstance(each, Element)]
    assert [each.path for each in found] == ["entry[0]", "entry[1]", "entry[2]"]
