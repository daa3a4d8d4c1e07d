"""This is the place where each entry of an exported Bundle gets its fullUrl, so that references find what they mean.

A record keeps the address it had at its source. Where the source named none, urn:uuid references hold by urn:uuid addresses
and relative ones ("Patient/1") by addresses under one base that belongs to nobody, as FHIR resolves them (R4, Bundle,
"Resolving references in Bundles"). Two sources that use the same ids stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

import orjson

from core.domain.records import Original

NOBODYS_BASE = "https://record.healthboard.invalid/fhir"
"""RFC 2606: .invalid never leads anywhere."""

_REFERENCE = re.compile(rb'"reference"\s*:\s*"([^"\\\s]{1,2000})"')
_RELATIVE = re.compile(rb"([A-Z][A-Za-z]{2,40}/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]{1,80})?")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_NAME = re.compile(r"[A-Z][A-Za-z]{2,40}/([A-Za-z0-9\-.]{1,64})")


def addresses(originals: Sequence[Original]) -> list[str]:
    """The fullUrl of each, in the same order, no two alike; the same for the same records whenever it is asked."""
    pointers = [_pointers(original.raw) for original in originals]
    meant = frozenset().union(*pointers)
    taken: set[str] = set()
    found = []
    for original, own in zip(originals, pointers, strict=True):
        url = _address(original, own, meant)
        if not url or url in taken:
            url = f"urn:uuid:{uuid5(NAMESPACE_URL, original.record_id)}"
        taken.add(url)
        found.append(url)
    return found


def _address(original: Original, own: frozenset[str], meant: frozenset[str]) -> str:
    """The address a record goes by, or "" where it has no name of its own. `own` are the pointers it holds."""
    name = original.origin_id or _name_in(original.raw)
    spelled = _NAME.fullmatch(name)
    if not spelled:
        return ""
    urn = f"urn:uuid:{spelled[1]}" if _UUID.fullmatch(spelled[1]) else ""
    if urn and urn in meant:
        return urn
    if original.origin.startswith(("http://", "https://")):
        return f"{original.origin.rstrip('/')}/{name}"
    holds_relative = any(not pointer.startswith("urn:") for pointer in own)
    return urn if urn and name not in meant and not holds_relative else f"{NOBODYS_BASE}/{name}"


def _pointers(raw: bytes) -> frozenset[str]:
    """What a record refers to by urn:uuid or by a relative "Kind/id"."""
    found = set()
    for text in _REFERENCE.findall(raw):
        relative = _RELATIVE.fullmatch(text)
        if relative:
            found.add(relative[1].decode())
        elif text.startswith(b"urn:uuid:"):
            found.add(text.decode("utf-8", "replace"))
    return frozenset(found)


def _name_in(raw: bytes) -> str:
    try:
        resource = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return ""
    return f"{resource.get('resourceType')}/{resource.get('id')}" if isinstance(resource, dict) else ""
