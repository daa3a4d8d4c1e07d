"""This is the place where what another system sends by CDS Hooks is taken apart: bodies, Bundles, one person's resources. What can't be used is refused
with its place, and nothing of it is kept."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson
from starlette.requests import Request

from core.domain.records import Incoming, PersonProfile, Record, SourceMark, Standing
from core.errors import BadInput, FileRefused, HealthboardError
from core.ports import Package, Ports, Upload

MOST_BYTES = 5_000_000
SUMMARY_MOST = 139
"""Characters: a summary has fewer than 140."""
_SOURCE = SourceMark("cds", "server", "CDS Hooks")


class Refused(Exception):
    """The request can't be answered: the status, and what is said."""

    def __init__(self, status: int, code: str, place: str, need: str) -> None:
        super().__init__(code)
        self.status, self.body = status, {"error": code, "place": place, "need": need}


@dataclass(frozen=True, eq=False)
class Sent:
    """What was sent, read: the person, the records, and the JSON of each by its record id ("MedicationRequest/1")."""

    profile: PersonProfile
    records: tuple[Record, ...]
    raw: Mapping[str, bytes]


async def body_of(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_BYTES:
            raise Refused(413, "file_too_large", "body", f"at most {MOST_BYTES} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refused(400, "bad_input", "body", "JSON") from None


def as_object(found: Any, place: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Refused(400, "bad_input", place, "an object")
    return found


def as_text(found: Any, place: str, need: str, most: int = 1000) -> str:
    """A text that isn't empty."""
    if not isinstance(found, str) or not found or len(found) > most:
        raise Refused(400, "bad_input", place, need)
    return found


def as_uuid(found: Any, place: str) -> str:
    try:
        return str(UUID(found))
    except (ValueError, TypeError, AttributeError):
        raise Refused(400, "bad_input", place, "a UUID") from None


def patient_of(prefetch: Mapping[str, Any], patient_id: str) -> dict[str, Any]:
    """The Patient that was sent along: that of the context, and no other."""
    patient = prefetch.get("patient")
    if patient is None:
        raise Refused(412, "missing", "prefetch.patient", "the Patient resource")
    patient = as_object(patient, "prefetch.patient")
    if patient.get("resourceType") != "Patient" or patient.get("id") != patient_id:
        raise Refused(400, "bad_input", "prefetch.patient", "the Patient of context.patientId")
    return patient


def bundle_of(found: Any, place: str, patient_id: str, shared: Collection[str] = ()) -> list[dict[str, Any]]:
    """The resources of a Bundle. Those of others than the asked person are refused; kinds of `shared` belong to nobody."""
    whole = as_object(found, place)
    entries = whole.get("entry", []) if whole.get("resourceType") == "Bundle" else None
    if not isinstance(entries, list):
        raise Refused(400, "bad_input", place, "a Bundle")
    made = []
    for at, entry in enumerate(entries):
        here = f"{place}.entry[{at}].resource"
        resource = as_object(as_object(entry, here).get("resource"), here)
        subject = resource.get("subject") or resource.get("patient")
        reference = subject.get("reference") if isinstance(subject, dict) else None
        own = isinstance(reference, str) and reference.rpartition("/")[2] == patient_id
        if not own and not (reference is None and resource.get("resourceType") in tuple(shared)):
            raise Refused(400, "bad_input", here, "a resource of the Patient of context.patientId")
        made.append(resource)
    return made


def read(ports: Ports, resources: list[dict[str, Any]], now: datetime) -> Sent:
    """Read as files are read. A resource that can't be read is left out: what it would have said stays unknown."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    try:
        package = ports.reader.open((Upload("prefetch.json", io.BytesIO(orjson.dumps(bundle))),))
        if not hasattr(package, "people"):
            raise FileRefused("not_records", place="prefetch", need="FHIR records")
        package = cast(Package, package)
        people = package.people()
        entries = [one for one in package.entries() if isinstance(one, Incoming) and one.item is not None and not one.retracts]
    except (FileRefused, BadInput) as error:
        raise Refused(400, error.code, "prefetch", "FHIR R4 resources") from None
    except HealthboardError as error:
        raise Refused(400, error.code, "prefetch", "FHIR R4 resources") from None
    except TypeError:  # nested deeper than can be written
        raise Refused(400, "bad_input", "prefetch", "FHIR R4 resources") from None
    records = tuple(_record(one, now) for one in entries)
    raw = {record.record_id: one.raw for record, one in zip(records, entries, strict=True)}
    return Sent(people[0].profile if people else PersonProfile(), records, raw)


def _record(entry: Incoming, now: datetime) -> Record:
    assert entry.item is not None
    named = f"{entry.kind}/{entry.record_id}" if entry.record_id else entry.path
    return Record(named, entry.item, Standing.CURRENT, (_SOURCE,), now, entry.problems)
