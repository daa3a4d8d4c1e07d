"""This is the place where it is tested that every way of packing FHIR into files gives the same records."""

from __future__ import annotations

import io
from pathlib import Path

import orjson
import pytest

from core.domain.records import Incoming, Reject
from core.ports import Upload
from core.sources.fhir.limits import Limits
from core.sources.fhir.package import FhirReader
from tests.fhir_read.given import (
    PATIENT,
    as_json,
    bundle,
    lines,
    loinc,
    observation,
    opened,
    quantity,
    read,
    records,
    rejects,
    squeezed,
    zipped,
)  # fmt: skip

HEART = observation(loinc("8867-4"), valueQuantity=quantity(61, "beats/minute", "/min"))
BOTH = as_json(bundle(PATIENT, HEART))
IN_LINES = lines(PATIENT, HEART)
BOM = b"\xef\xbb\xbf"

PACKED = {
    "bundle": BOTH,
    "indented bundle": orjson.dumps(bundle(PATIENT, HEART), option=orjson.OPT_INDENT_2),
    "bundle with mark": BOM + BOTH,
    "bundle in utf-16": BOTH.decode().encode("utf-16"),
    "bundle in utf-16 big-endian": b"\xfe\xff" + BOTH.decode().encode("utf-16-be"),
    "bundle in utf-32": BOTH.decode().encode("utf-32"),
    "array": as_json([PATIENT, HEART]),
    "array of bundles": as_json([bundle(PATIENT), bundle(HEART)]),
    "lines": IN_LINES,
    "lines with returns": lines(PATIENT, HEART, end=b"\r\n"),
    "lines with gaps": b"\n\n" + lines(PATIENT, b"", b"  ", HEART) + b"\n",
    "lines after a long gap": b"\n" * 20_000 + IN_LINES,
    "lines with mark": BOM + IN_LINES,
    "lines without end": IN_LINES.rstrip(),
    "lines of bundles": lines(bundle(PATIENT), bundle(HEART)),
    "gzip of a bundle": squeezed(BOTH),
    "gzip of lines": squeezed(IN_LINES),
    "gzip in two parts": squeezed(lines(PATIENT)) + squeezed(lines(HEART)),
    "zip": zipped({"a/b/patient.json": as_json(PATIENT), "a/observations.ndjson": lines(HEART)}),
    "zip with gzip inside": zipped({"all.ndjson.gz": squeezed(IN_LINES)}),
    "bundle in a bundle": as_json(bundle(bundle(PATIENT, HEART))),
    "bundle with the entries first": b'{"entry":'
    + as_json([{"resource": PATIENT}, {"resource": HEART}])
    + b',"resourceType":"Bundle"}',
}


def stated(found: list[Incoming | Reject]) -> set[tuple[str, str, str, str]]:
    return {(each.kind, each.record_id, each.subject, each.fact) for each in records(found)}


@pytest.mark.parametrize("name", PACKED)
def test_the_same_records_come_out_however_they_are_packed(name: str) -> None:
    assert stated(read(PACKED[name])) == stated(read(BOTH))
    assert rejects(read(PACKED[name])) == []


@pytest.mark.parametrize("name", PACKED)
def test_streaming_reads_the_same_as_reading_whole(name: str) -> None:
    streamed = read(PACKED[name], limits=Limits(whole_bytes=40, kept_bytes=0))
    assert [each.raw for each in records(streamed)] == [each.raw for each in records(read(PACKED[name]))]
    assert [each.path for each in streamed] == [each.path for each in read(PACKED[name])]


@pytest.mark.parametrize(
    "kind", ["document", "message", "transaction", "transaction-response", "batch", "searchset", "history", "collection", "odd"]
)
def test_a_bundle_of_any_type_is_read(kind: str) -> None:
    assert len(records(read(as_json(bundle(PATIENT, HEART, type=kind))))) == 2


def test_one_resource_alone_is_a_package() -> None:
    (found,) = read(as_json(PATIENT))
    assert isinstance(found, Incoming)
    assert found.kind == "Patient"


def test_several_files_are_read_together_and_say_where_each_entry_stood() -> None:
    found = read(("patient.json", as_json(PATIENT)), ("obs.ndjson", lines(HEART, HEART)))
    assert [each.path for each in found] == ["patient.json: resource", "obs.ndjson: line 1", "obs.ndjson: line 2"]
    assert records(found)[1].subject == "|Patient/p1"


def test_a_file_on_disk_is_read_like_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(BOTH)
    assert stated(list(FhirReader().open([Upload("x", path)]).entries())) == stated(read(BOTH))


def test_entries_can_be_asked_for_twice_and_a_stream_stays_open() -> None:
    stream = io.BytesIO(BOTH)
    for limits in (Limits(), Limits(kept_bytes=0)):
        package = FhirReader(limits).open([Upload("x", stream)])
        assert list(package.entries()) == list(package.entries())
    assert not stream.closed


def test_paths_name_the_entry_also_in_nested_bundles() -> None:
    found = read(as_json(bundle(PATIENT, bundle(HEART))))
    assert [each.path for each in found] == ["entry[0]", "entry[1].resource.entry[0]"]


def test_progress_hears_every_entry_in_the_end() -> None:
    heard: list[tuple[int, int]] = []
    package = opened(lines(PATIENT, *({**HEART, "id": f"o{n}"} for n in range(300))))
    for _ in package.entries(lambda done, total: heard.append((done, total))):
        pass
    assert heard[-1] == (301, 301)
    assert heard == sorted(heard)
    assert len(heard) > 3


def test_reading_can_be_left_off_at_any_entry() -> None:
    stream = opened(BOTH).entries()
    next(stream)
    stream.close()


def test_the_original_is_kept_number_for_number() -> None:
    sent = b'{"resourceType":"Observation","id":"o1","code":{"text":"x"},"valueQuantity":{"value":72.10,"unit":"kg"},"z":12345678901234567890123}'
    (found,) = read(sent)
    assert isinstance(found, Incoming)
    assert found.raw == sent


def test_the_original_loses_only_the_space_between_its_parts() -> None:
    (found,) = read(b'{\n  "resourceType": "Basic",\n  "id": "b",\n  "code": {"text": "a  b\\n: c"}, "x": 1.50\n}')
    assert isinstance(found, Incoming)
    assert found.raw == b'{"resourceType":"Basic","id":"b","code":{"text":"a  b\\n: c"},"x":1.50}'
