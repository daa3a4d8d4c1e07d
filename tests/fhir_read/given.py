"""This is the place where the tests of reading FHIR get their files and resources; nobody in them exists."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.domain.records import Incoming, Item, Reject, Value
from core.errors import FileRefused
from core.ports import Upload
from core.sources.fhir.limits import Limits
from core.sources.fhir.package import FhirPackage, FhirReader

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "fhir"
Node = dict[str, Any]

SUBJECT = {"reference": "Patient/p1"}
PATIENT: Node = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"use": "official", "family": "Example", "given": ["Casey", "Q"]}],
    "gender": "female",
    "birthDate": "1980-02-29",
}


def shared(*parts: str) -> Path:
    """A file or folder of the shared data; the test is skipped where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip("the shared FHIR data (../shared/data/fhir) is not here")
    return path


def loinc(code: str, display: str = "") -> Node:
    return {"coding": [{"system": "http://loinc.org", "code": code, **({"display": display} if display else {})}]}


def observation(code: Node, **fields: Any) -> Node:
    return {
        "resourceType": "Observation", "id": "o1", "status": "final", "code": code, "subject": SUBJECT,
        "effectiveDateTime": "2024-03-01T08:00:00+08:00", **fields,
    }  # fmt: skip


def quantity(value: Any, unit: str = "", code: str | None = None, **fields: Any) -> Node:
    made: Node = {"value": value, **fields}
    if unit:
        made["unit"] = unit
    if code is not None:
        made |= {"system": "http://unitsofmeasure.org", "code": code}
    return made


def bundle(*entries: Node, **fields: Any) -> Node:
    """Entries given as resources or as whole entries."""
    made = [entry if "resource" in entry or "resourceType" not in entry else {"resource": entry} for entry in entries]
    return {"resourceType": "Bundle", "type": "collection", **fields, "entry": made}


def as_json(value: Any) -> bytes:
    return orjson.dumps(value)


def lines(*values: Any, end: bytes = b"\n") -> bytes:
    return end.join(value if isinstance(value, bytes) else orjson.dumps(value) for value in values) + end


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def opened(*files: bytes | tuple[str, bytes], limits: Limits | None = None) -> FhirPackage:
    named = [file if isinstance(file, tuple) else (f"file{n}.bin", file) for n, file in enumerate(files)]
    uploads = [Upload(name, io.BytesIO(data)) for name, data in named]
    return FhirReader(limits or Limits()).open(uploads)


def read(*files: bytes | tuple[str, bytes], limits: Limits | None = None) -> list[Incoming | Reject]:
    return list(opened(*files, limits=limits).entries())


def refusal(data: bytes, limits: Limits | None = None) -> str:
    """The code with which a file is refused whole."""
    with pytest.raises(FileRefused) as caught:
        opened(data, limits=limits)
    return caught.value.code


def records(found: Iterable[Incoming | Reject]) -> list[Incoming]:
    return [each for each in found if isinstance(each, Incoming)]


def rejects(found: Iterable[Incoming | Reject]) -> list[tuple[str, str]]:
    return [(each.why, each.outcome) for each in found if isinstance(each, Reject)]


def one(resource: Node, *others: Node) -> Incoming:
    """The resource as it is read from a Bundle with the patient and others."""
    found = read(as_json(bundle(PATIENT, *others, resource)))[-1]
    assert isinstance(found, Incoming), found
    return found


def item(resource: Node, *others: Node) -> Item:
    found = one(resource, *others).item
    assert found is not None
    return found


def value(resource: Node) -> Value:
    (found,) = item(resource).values
    return found


def detail(resource: Node, *others: Node) -> dict[str, str]:
    return dict(item(resource, *others).detail)


def squeezed(data: bytes) -> bytes:
    return gzip.compress(data)
