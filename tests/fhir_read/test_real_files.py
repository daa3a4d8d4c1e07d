"""This is the place where the shared real and synthetic FHIR files are read, every one of them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import orjson
import pytest

from core.domain.records import Incoming, Reject
from core.errors import FileRefused
from core.ports import Upload
from core.sources.fhir.package import FhirPackage, FhirReader
from tests.fhir_read.given import SHARED, records, rejects, shared


def package(*paths: Path) -> FhirPackage:
    return FhirReader().open([Upload(path.name, path) for path in paths])


@pytest.mark.parametrize("path", sorted(SHARED.glob("invalid/*.*")) or [SHARED / "invalid"], ids=lambda path: path.name)
def test_no_invalid_file_crashes_an_import(path: Path) -> None:
    shared("invalid")
    try:
        found = list(package(path).entries())
    except FileRefused as error:
        assert error.code in ("fhir_xml_not_supported", "not_json", "not_fhir_file")
        return
    expected = {row["file"]: row for row in csv.DictReader((path.parent / "EXPECTED.csv").open())}
    assert expected[path.name]["fatal"] == "False"
    content = orjson.loads(path.read_bytes())
    assert len(found) == (len(content["entry"]) if content["resourceType"] == "Bundle" else 1)


def test_synthea_people_are_read_whole() -> None:
    paths = sorted(shared("synthea-r4").glob("*.json"))[:12]
    opened = package(*paths)
    found = list(opened.entries())
    assert len(opened.people()) == len(paths)
    assert rejects(found) == []
    assert len(found) == sum(len(orjson.loads(path.read_bytes())["entry"]) for path in paths)
    known = {person.reference for person in opened.people()}
    nobody = {each.kind for each in records(found) if each.subject not in known}
    assert nobody <= {"Organization", "Practitioner", "Medication", "PractitionerRole", "Location"}
    pressures = [
        each.item
        for each in records(found)
        if each.item and each.item.concept.code_in("http://loinc.org") in ("55284-4", "85354-9")
    ]
    assert pressures
    assert all({value.signal for value in item.values} == {"sbp", "dbp"} for item in pressures)
    titles = Counter(bool(each.item.concept.title) for each in records(found) if each.item)
    assert titles[False] == 0


def test_us_core_examples_are_read_whole() -> None:
    paths = sorted(path for path in shared("us-core-examples").glob("**/*.json"))
    found = list(package(*paths).entries())
    assert rejects(found) == []
    assert not {each.kind for each in records(found) if "subject_missing" in each.problems}


def test_chinese_summaries_are_read_whole() -> None:
    for path in sorted(shared("zh-tw").glob("*.json")):
        opened = package(path)
        found = list(opened.entries())
        assert rejects(found) == []
        assert len(opened.people()) == 1
        assert any("\u4e00" <= char <= "\u9fff" for each in records(found) for char in repr(each.item))


def test_a_bulk_export_is_one_package() -> None:
    paths = sorted(shared("bulk-10-patients").glob("*"))
    opened = package(*paths)
    found = list(opened.entries())
    assert len(opened.people()) == 13
    assert {why for why, _ in rejects(found)} == {"not_fhir", "not_fhir_file"}
    assert all(isinstance(each, Reject | Incoming) for each in found)
    about = {each.subject for each in records(found) if each.subject}
    assert about <= {person.reference for person in opened.people()}


def test_c_cda_is_refused_with_its_own_word() -> None:
    for path in sorted(shared("ccda").glob("*.xml")):
        with pytest.raises(FileRefused) as caught:
            package(path)
        assert caught.value.code == "ccda_not_yet"


def test_foreign_json_that_is_no_fhir_is_said_to_be_none() -> None:
    for path in sorted(shared("engage-hf").glob("**/*.json")):
        assert {why for why, _ in rejects(package(path).entries())} == {"not_fhir"}
