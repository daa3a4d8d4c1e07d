"""This is the place where a server's CapabilityStatement is read: which version it speaks and what it offers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from core.errors import SourceRefused, SourceUnavailable
from core.sources.fhir.client_answer import Unanswered
from core.sources.fhir.client_http import Wire

_SPOKEN = re.compile(r"(?:3\.0|4\.0|4\.3|5\.0)\.\d{1,3}(?:-[\w.]{1,20})?")
"""STU3 (3.0.x), R4 (4.0.x), R4B (4.3.x) and R5 (5.0.x)."""

_LEGIBLE = re.compile(r"[\w.-]{1,20}")
REFUSALS = {"token_refused", "redirected_elsewhere", "server_not_trusted", "refused_by_server"}


@dataclass(frozen=True, slots=True)
class Capability:
    """What a server says of itself. `params` holds the search parameters by kind; a kind the server lists without any
    has an empty set. Without any listed kind nothing is known, and `offers` says yes to all."""

    version: str
    everything: bool = False
    params: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def offers(self, kind: str) -> bool:
        return not self.params or kind in self.params

    def accepts(self, kind: str, param: str) -> bool:
        """Whether a search by that parameter may be tried: it is listed, or nothing is."""
        listed = self.params.get(kind, frozenset())
        return not listed or param in listed


def read_capability(wire: Wire) -> Capability:
    """Ask the server who it is.

    Raises SourceRefused where it says no, speaks another version or is no FHIR server, SourceUnavailable where it does
    not answer.
    """
    answer = wire.get(wire.address.at("metadata"))
    if isinstance(answer, Unanswered):
        raise failure(answer, "metadata", absent="no_capability_statement")
    try:
        statement = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise SourceRefused("no_capability_statement", place="metadata") from None
    if not isinstance(statement, dict) or statement.get("resourceType") != "CapabilityStatement":
        raise SourceRefused("no_capability_statement", place="metadata")
    version = statement.get("fhirVersion")
    if not isinstance(version, str) or not _SPOKEN.fullmatch(version):
        legible = version if isinstance(version, str) and _LEGIBLE.fullmatch(version) else "unknown"
        raise SourceRefused("version_not_supported", place="metadata", version=legible)
    return _capability(version, statement)


def failure(answer: Unanswered, place: str, *, absent: str = "server_unreadable") -> SourceUnavailable:
    """The error for a question whose answer nothing can go on without; `absent` is the code for "no such thing"."""
    facts: dict[str, str | int] = {"place": place} | ({"status": answer.status} if answer.status else {})
    if answer.code in REFUSALS - {"refused_by_server"}:
        return SourceRefused(answer.code, **facts)
    if answer.code in ("not_found", "refused_by_server"):
        return SourceRefused(absent, **facts)
    if answer.code in ("server_not_reached", "server_busy", "server_failed"):
        return SourceUnavailable(answer.code, **facts)
    return SourceUnavailable("server_unreadable", **facts, why=answer.code)


def _capability(version: str, statement: dict[str, Any]) -> Capability:
    rests = [rest for rest in _dicts(statement.get("rest")) if rest.get("mode", "server") == "server"]
    params: dict[str, frozenset[str]] = {}
    everything = False
    for rest in rests:
        everything |= _is_everything(rest)
        for resource in _dicts(rest.get("resource")):
            kind = resource.get("type")
            if isinstance(kind, str):
                names = {param.get("name") for param in _dicts(resource.get("searchParam"))}
                params[kind] = frozenset(name for name in names if isinstance(name, str))
                everything |= kind == "Patient" and _is_everything(resource)
    return Capability(version, everything, params)


def _is_everything(holder: dict[str, Any]) -> bool:
    for operation in _dicts(holder.get("operation")):
        name, definition = operation.get("name"), operation.get("definition")
        if isinstance(definition, dict):
            definition = definition.get("reference")
        if isinstance(definition, str) and "Patient-everything" in definition:
            return True
        if holder.get("type") == "Patient" and isinstance(name, str) and name.lstrip("$") in ("everything", "patient-everything"):
            return True
    return False


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    return (found for found in value if isinstance(found, dict)) if isinstance(value, list) else iter(())
