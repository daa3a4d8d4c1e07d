"""This is the place where it is tested what is lost when a file is damaged, strange or hostile: as little as can be, and it says so."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from core.domain.records import Reject
from core.sources.fhir.limits import Limits
from tests.fhir_read.given import (
    PATIENT,
    as_json,
    bundle,
    lines,
    loinc,
    observation,
    opened,
    read,
    records,
    refusal,
    rejects,
    squeezed,
    zipped,
)

HEART = observation(loinc("8867-4"))
CCDA = b'<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId/></ClinicalDocument>'
NOT_OURS = {
    "empty": b"",
    "only spaces": b" \n\t ",
    "c-cda": CCDA,
    "c-cda with a prefix": b'<?xml version="1.0"?><n1:ClinicalDocument xmlns:n1="urn:hl7-org:v3"/>',
    "c-cda in utf-16": CCDA.decode().encode("utf-16"),
    "fhir xml": b'<Patient xmlns="http://hl7.org/fhir"><id value="1"/></Patient>',
    "html": b"\n<!DOCTYPE html><html><body>hello</body></html>",
    "other xml": b"<a/>",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "binary": b"SQLite format 3\x00\x10\x00",
    "7z": b"7z\xbc\xaf\x27\x1c\x00",
    "text": b"hello, this is a letter\n",
    "csv": b"BMI,weight\n22,70\n",
    "damaged gzip": squeezed(b"{}" * 99)[:-8] + bytes(8),
    "damaged zip": b"PK\x03\x04garbage",
    "empty zip": zipped({}),
    "zip without records": zipped({"LICENSE": b"MIT", "photo.png": b"\x89PNG\r\n\x1a\n"}),
    "gzip in gzip": squeezed(squeezed(b"{}")),
    "broken json": b'{"resourceType": "Patient",\n "name": [}',
    "cut off json": as_json(bundle(PATIENT, HEART))[:-20],
    "two documents": b'{"resourceType":"Bundle","entry":[]} trailing',
    "comma too much": b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}},]}',
    "comma missing": b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}}{"resource":null}]}',
}
CODES = {
    "empty": "empty", "only spaces": "empty", "c-cda": "ccda_not_yet", "c-cda with a prefix": "ccda_not_yet", "c-cda in utf-16": "ccda_not_yet",
    "fhir xml": "fhir_xml_not_supported", "html": "html_not_a_record", "other xml": "xml_not_supported", "pdf": "pdf_not_a_record",
    "png": "image_not_a_record", "jpeg": "image_not_a_record", "binary": "binary_not_a_record", "7z": "archive_not_supported",
    "text": "not_fhir_file", "csv": "not_fhir_file", "damaged gzip": "damaged", "damaged zip": "damaged", "empty zip": "empty",
    "zip without records": "nothing_readable", "gzip in gzip": "archive_in_archive", "broken json": "not_json", "cut off json": "truncated",
    "two documents": "not_json", "comma too much": "not_json", "comma missing": "not_json",
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_file_that_is_no_record_is_refused_with_its_own_code(name: str) -> None:
    assert refusal(NOT_OURS[name]) == CODES[name]


@pytest.mark.parametrize("name", ["broken json", "cut off json", "two documents", "comma too much", "comma missing"])
def test_a_long_document_that_is_no_json_is_refused_whole_too(name: str) -> None:
    assert refusal(NOT_OURS[name], Limits(whole_bytes=20)) in ("not_json", "truncated")


def test_a_refusal_names_the_line_and_column() -> None:
    with pytest.raises(Exception, match="line 2 column 11"):
        opened(NOT_OURS["broken json"])


def test_a_damaged_file_among_good_ones_is_one_refused_entry_and_nothing_of_it_is_read() -> None:
    cut = as_json(bundle({**PATIENT, "id": "other"}, HEART))[:-20]
    package = opened(("cut.json", cut), ("good.json", as_json(PATIENT)), limits=Limits(whole_bytes=100))
    assert [person.reference for person in package.people()] == ["|Patient/p1"]
    found = list(package.entries())
    assert rejects(found) == [("truncated", "refused")]
    assert [each.record_id for each in records(found)] == ["p1"]


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.999])
def test_a_cut_off_gzip_is_refused_whole(keep: float) -> None:
    packed = squeezed(lines(PATIENT, *({**HEART, "id": f"o{n}", "note": [{"text": str(n * n)}]} for n in range(2000))))
    assert refusal(packed[: int(len(packed) * keep)]) == "truncated"


def test_a_bad_member_of_a_zip_loses_only_itself() -> None:
    data = bytearray(
        zipped({"a.json": as_json(PATIENT), "b.json": as_json(HEART), "c.xml": CCDA, "LICENSE": b"x", "__MACOSX/._a.json": b"x"})
    )
    start = data.find(b"b.json") + len(b"b.json")
    data[start + 8] ^= 0xFF
    found = read(bytes(data))
    assert [each.record_id for each in records(found)] == ["p1"]
    assert sorted(rejects(found)) == [
        ("ccda_not_yet", "refused"), ("damaged", "refused"), ("not_fhir_file", "not_followed"), ("system_file", "not_followed"),
    ]  # fmt: skip


def test_a_zip_with_a_password_says_so() -> None:
    data = bytearray(zipped({"a.json": as_json(PATIENT)}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark) + flags
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    assert refusal(bytes(data)) == "zip_encrypted"


def test_archives_in_archives_are_not_opened() -> None:
    assert rejects(read(zipped({"p.json": as_json(PATIENT), "inner.zip": zipped({"x.json": as_json(HEART)})}))) == [
        ("archive_in_archive", "not_followed")
    ]


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.ndjson", "w", force_zip64=True) as member:
        member.write(as_json(PATIENT) + b"\n")
        for _ in range(60):
            member.write(b" " * 1_000_000)
    assert len(out.getvalue()) < 100_000
    assert refusal(out.getvalue()) == "packed_too_tightly"


def test_all_files_together_may_not_be_too_large() -> None:
    assert refusal(lines(*[PATIENT] * 100), Limits(total_bytes=5_000)) == "too_large"


def test_a_zip_with_too_many_files_is_refused() -> None:
    assert refusal(zipped({f"{n}.json": b"{}" for n in range(12)}), Limits(members=10)) == "too_many_files"


def test_a_bad_line_loses_only_itself() -> None:
    bad = [
        b"not json",
        b'{"resourceType":',
        b'{"a":NaN}',
        b'{"resourceType":"Patient","x":"\xff"}',
        b"[1]",
        b"7",
        b"null",
        b'{"x":1e999}',
    ]
    found = read(lines(PATIENT, *bad, HEART))
    assert [each.record_id for each in records(found)] == ["p1", "o1"]
    assert len(found) == len(bad) + 2
    assert next(each.path for each in found if isinstance(each, Reject)) == "line 2"


def test_a_bad_first_line_does_not_hide_the_others() -> None:
    for bad in (b"oops", b'{"resourceType":"Patient', b"{}}"):
        assert [each.record_id for each in records(read(lines(bad, PATIENT, HEART)))] == ["p1", "o1"]


STRANGE = {
    "nan": b'{"resourceType":"Observation","valueQuantity":{"value":NaN}}',
    "half a pair": b'{"resourceType":"Patient","name":[{"text":"\\ud800"}]}',
    "past any number": b'{"resourceType":"Observation","valueQuantity":{"value":1e400}}',
    "endless digits": b'{"resourceType":"Basic","x":' + b"9" * 6000 + b"}",
    "endless nesting": b'{"resourceType":"Basic","x":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "wrong encoding": '{"resourceType":"Patient","name":[{"text":"Müller"}]}'.encode("latin-1"),
    "zero byte": b'{"resourceType":"Patient","name":[{"text":"a\x00b"}]}',
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("limits", [Limits(), Limits(whole_bytes=50, kept_bytes=0)], ids=["whole", "streamed"])
def test_an_entry_that_cannot_be_kept_loses_only_itself(name: str, limits: Limits) -> None:
    start, end = as_json(bundle(PATIENT, HEART)).split(b'{"resource":{"resourceType":"Observation"')
    found = read(start + b'{"resource":' + STRANGE[name] + b'},{"resource":{"resourceType":"Observation"' + end, limits=limits)
    assert [each.record_id for each in records(found) if each.record_id] == ["p1", "o1"]
    assert len(found) == 3
    assert name == "endless digits" or rejects(found)


def test_duplicate_keys_are_no_reason_to_stop() -> None:
    found = read(b'{"resourceType":"Patient","id":"a","id":"p1"}')
    assert [each.record_id for each in records(found)] == ["p1"]


def test_entries_without_a_record_are_accounted_for() -> None:
    entries = [
        None, 5, "text", [1], {}, {"resource": None}, {"resource": 5}, {"resource": []}, {"response": {"status": "201"}},
        {"request": {"method": "DELETE", "url": "Observation/1"}}, {"resource": {}}, {"resource": {"resourceType": "Nonsense"}},
        {"resource": {"resourceType": 5}}, {"resource": {"resourceType": "OperationOutcome"}}, {"resource": bundle()}, {"fullUrl": 5, "resource": PATIENT},
    ]  # fmt: skip
    found = read(as_json({"resourceType": "Bundle", "entry": entries}))
    assert len(found) == len(entries)
    assert [each.record_id for each in records(found)] == ["p1"]
    assert [each.path for each in found if isinstance(each, Reject)][:3] == ["entry[0]", "entry[1]", "entry[2]"]
    assert ("deleted_at_source", "not_followed") in rejects(found)
    assert ("operation_outcome", "not_followed") in rejects(found)
    assert ("bundle_without_entries", "not_followed") in rejects(found)
    assert rejects(found).count(("not_fhir", "refused")) == 3


def test_an_entry_list_that_is_none_is_said() -> None:
    assert rejects(read(b'{"resourceType":"Bundle","entry":{"resource":{}}}')) == [("entry_not_a_list", "refused")]


def test_bundles_are_not_opened_for_ever() -> None:
    deep = PATIENT
    for _ in range(12):
        deep = bundle(deep)
    assert rejects(read(as_json(deep))) == [("nested_too_deep", "refused")]


@pytest.mark.parametrize(
    "limits", [Limits(entry_bytes=3000), Limits(entry_bytes=3000, whole_bytes=50, kept_bytes=0)], ids=["whole", "streamed"]
)
def test_an_entry_past_the_limit_is_left_out(limits: Limits) -> None:
    large = {**HEART, "id": "large", "note": [{"text": "x" * 4000}]}
    for data in (as_json(bundle(PATIENT, large, HEART)), lines(PATIENT, large, HEART)):
        found = read(data, limits=limits)
        assert [each.record_id for each in records(found)] == ["p1", "o1"]
        assert rejects(found) == [("entry_too_large", "refused")]


def test_a_list_resource_is_not_taken_for_a_bundle() -> None:
    listed = {"resourceType": "List", "id": "l", "status": "current", "entry": [{"item": {"reference": "Condition/1"}}] * 30}
    for limits in (Limits(), Limits(whole_bytes=40)):
        assert [each.kind for each in records(read(as_json(listed), limits=limits))] == ["List"]
