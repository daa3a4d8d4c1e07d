"""This is the place where a resource gets its id: its own, that of its address, or one made of what identifies a person."""

from __future__ import annotations

import hashlib
import re

from core.domain.records import PersonProfile
from core.sources.fhir.foreign import clean
from core.sources.fhir.references import literal

USUAL_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
"""FHIR's rule for ids."""

_LONGEST_ID = 300


def id_of(given: object, kind: str, full_url: str) -> str:
    """A resource's own id, else the id in its fullUrl (a RESTful one's last part, the uuid of urn:uuid:...), else ""."""
    if type(given) is str and USUAL_ID.fullmatch(given):
        return given
    if isinstance(given, str) and given.strip():
        return clean(given)[:_LONGEST_ID]
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    if full_url.startswith("urn:uuid:"):
        return clean(tail(full_url))[:_LONGEST_ID]
    spelled = literal(full_url) if full_url else None
    return spelled.id if spelled and spelled.kind == kind else ""


def tail(url: str) -> str:
    """The last part of an address: the uuid of urn:uuid:..., the id of a URL."""
    return url.rsplit(":", 1)[-1] if url.startswith("urn:") else url.rsplit("/", 1)[-1]


def anonymous_id(profile: PersonProfile) -> str:
    """A stable name for a Patient without an id: by identifier, else by name and birth date; "" where there is nothing."""
    for system, value in profile.identifiers:
        if system and value:
            return f"~{_digest(f'{system}|{value}')}"
    return f"~{_digest(f'{profile.name}|{profile.birth_date}|{profile.gender}')}" if profile.name else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
