"""This is the place where a record becomes one FHIR R4 Bundle again, complete, with what isn't strictly R4 marked in it.

Every original is written out byte for byte as it came: nothing is repaired, nothing left out that is JSON. Where strict R4
finds fault, the entry stays as it is, and the Bundle's last entry, an OperationOutcome, names it by its place with the path
and the need, so that a strict reader knows what it will stumble over and a tolerant one loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from core.domain.records import Person
from core.exports.strict import Fault, faults_in

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_TEST_DATA = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST", "display": "test health data"}


def fhir_bundle(person: Person, originals: Iterable[tuple[str, bytes]], now: datetime) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The Bundle (type collection) and (record id, reason) of each original that isn't strictly R4 or isn't JSON.

    `originals` are (our record id, JSON). A synthetic person's Bundle carries HL7's test-data tag. An entry's fullUrl is
    urn:uuid of the record's own id where that is a UUID, so that urn:uuid references still hold, else one made from ours.
    """
    entries: list[dict[str, Any]] = []
    marked: list[tuple[str, str]] = []
    issues: list[dict[str, Any]] = []
    taken: set[str] = set()
    for record_id, original in originals:
        faults = faults_in(original)
        if faults:
            marked.append((record_id, str(faults[0])))
        if not _is_json(original):
            continue
        if faults:
            issues.append(_issue(len(entries), faults))
        url = _full_url(record_id, original, taken)
        entries.append({"fullUrl": url, "resource": orjson.Fragment(original)})
    if issues:
        url = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{person.person_id}/outcome')}"
        entries.append({"fullUrl": url, "resource": _ours("OperationOutcome", {"issue": issues})})
    head: dict[str, Any] = {"type": "collection", "timestamp": now.astimezone(UTC).isoformat(timespec="seconds")}
    if person.synthetic or person.profile.synthetic:
        head["meta"] = {"tag": [_TEST_DATA]}
    bundle = _ours("Bundle", head)
    if entries:
        bundle["entry"] = entries
    return orjson.dumps(bundle), tuple(marked)


def _is_json(original: bytes) -> bool:
    try:
        return isinstance(orjson.loads(original), dict)
    except orjson.JSONDecodeError:
        return False


def _full_url(record_id: str, original: bytes, taken: set[str]) -> str:
    own = orjson.loads(original).get("id")
    url = f"urn:uuid:{own}" if isinstance(own, str) and _UUID.fullmatch(own) else ""
    if not url or url in taken:
        url = f"urn:uuid:{uuid5(NAMESPACE_URL, record_id)}"
    taken.add(url)
    return url


def _issue(index: int, faults: tuple[Fault, ...]) -> dict[str, Any]:
    place = f"Bundle.entry[{index}].resource"
    return {
        "severity": "warning",
        "code": "structure",
        "diagnostics": "; ".join(str(fault) for fault in faults),
        "expression": [f"{place}.{fault.path}" if fault.path else place for fault in faults],
    }


def _ours(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """What we write ourselves, built and validated as R4."""
    from fhir.resources.R4B import get_fhir_model_class

    built = get_fhir_model_class(kind).model_validate({"resourceType": kind, **content})
    return dict(orjson.loads(built.model_dump_json()))
