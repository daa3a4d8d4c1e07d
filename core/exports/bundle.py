"""This is the place where a record becomes one FHIR R4 Bundle again, complete, with what isn't strictly R4 marked in it.

Every original is written out byte for byte as it came: nothing is repaired, nothing left out that is JSON. Where strict R4
finds fault, the entry stays as it is, and the Bundle's last entry, an OperationOutcome, names it by its place with the path
and the need, so that a strict reader knows what it will stumble over and a tolerant one loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from core.domain.records import Original, Person
from core.exports.addresses import addressed
from core.exports.strict import Fault, faults_in

_TEST_DATA = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HTEST", "display": "test health data"}
_MARKING = {"system": "urn:healthboard:export", "code": "marking", "display": "written by Healthboard's export"}


def fhir_bundle(person: Person, originals: Iterable[Original], now: datetime) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """The Bundle (type collection) and (record id, reason) of each original that isn't strictly R4 or isn't JSON.

    A synthetic person's Bundle carries HL7's test-data tag. What an earlier export wrote about its own entries is not
    written again: those places are gone.
    """
    entries: list[dict[str, Any]] = []
    marked: list[tuple[str, str]] = []
    issues: list[dict[str, Any]] = []
    for url, original in addressed(original for original in originals if not _is_marking(original)):
        faults = faults_in(original.raw)
        readable = _is_json(original.raw)
        if faults:
            marked.append((original.record_id, str(faults[0])))
            issues.append(_issue(len(entries) if readable else None, faults))
        if readable:
            entries.append({"fullUrl": url, "resource": orjson.Fragment(original.raw)})
    if issues:
        outcome = _ours("OperationOutcome", {"meta": {"tag": [_MARKING]}, "issue": issues})
        entries.append({"fullUrl": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{person.person_id}/outcome')}", "resource": outcome})
    head: dict[str, Any] = {"type": "collection", "timestamp": now.astimezone(UTC).isoformat(timespec="seconds")}
    if person.synthetic or person.profile.synthetic:
        head["meta"] = {"tag": [_TEST_DATA]}
    bundle = _ours("Bundle", head)
    if entries:
        bundle["entry"] = entries
    return orjson.dumps(bundle), tuple(marked)


def _is_marking(original: Original) -> bool:
    """Whether this is the OperationOutcome of an earlier export that was brought in again."""
    if not original.origin_id.startswith("OperationOutcome/") or _MARKING["system"].encode() not in original.raw:
        return False
    resource = orjson.loads(original.raw) if _is_json(original.raw) else {}
    meta = resource.get("meta")
    return isinstance(meta, dict) and meta.get("tag") == [_MARKING]


def _is_json(raw: bytes) -> bool:
    try:
        return isinstance(orjson.loads(raw), dict)
    except orjson.JSONDecodeError:
        return False


def _issue(index: int | None, faults: tuple[Fault, ...]) -> dict[str, Any]:
    """What is wrong with the entry at that place; None where it could not be written at all."""
    said = {"severity": "warning", "code": "structure", "diagnostics": "; ".join(str(fault) for fault in faults)}
    if index is None:
        return said | {"severity": "error", "code": "incomplete"}
    place = f"Bundle.entry[{index}].resource"
    return said | {"expression": [f"{place}.{fault.path}" if fault.path else place for fault in faults]}


def _ours(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """What we write ourselves, built and validated as R4."""
    from fhir.resources.R4B import get_fhir_model_class

    built = get_fhir_model_class(kind).model_validate({"resourceType": kind, **content})
    return dict(orjson.loads(built.model_dump_json()))
