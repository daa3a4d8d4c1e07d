"""This is the place where each entry of an exported Bundle gets its fullUrl, so that references find what they mean.

A record keeps the address it had at its source. Where the source named none, urn:uuid references hold by urn:uuid addresses
and relative ones ("Patient/1") by addresses under one base that belongs to nobody, as FHIR resolves them (R4, Bundle,
"Resolving references in Bundles"). Two sources that use the same ids stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_URL, uuid5

import orjson

from core.domain.records import Original

NOBODYS_BASE = "https://record.healthboard.invalid/fhir"
"""RFC 2606: .invalid never leads anywhere."""

_REFERENCE = re.compile(rb'"reference"\s*:\s*"([^"\\\s]{1,2000})"')
_RELATIVE = re.compile(r"([A-Z][A-Za-z]{2,40}/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]{1,80})?")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_NAME = re.compile(r"[A-Z][A-Za-z]{2,40}/([A-Za-z0-9\-.]{1,64})")


def addressed(originals: Iterable[Original]) -> list[tuple[str, Original]]:
    """Each original with its fullUrl, no two alike, the same whenever it is asked.

    Of originals that state the same fact only the one that is shown is taken, and others that something taken refers to.
    """
    every = list(originals)
    pointers = [_pointers(original) for original in every]
    meant = frozenset(pointer for held in pointers for pointer in held)
    taken: set[str] = set()
    urls = []
    for original, held in zip(every, pointers, strict=True):
        url = _address(original, held, meant)
        if not url or url in taken:
            url = f"urn:uuid:{uuid5(NAMESPACE_URL, original.record_id)}"
        taken.add(url)
        urls.append(url)
    wanted = _wanted(every, urls, pointers)
    return [(url, original) for at, (url, original) in enumerate(zip(urls, every, strict=True)) if at in wanted]


def _wanted(every: Sequence[Original], urls: Sequence[str], pointers: Sequence[frozenset[str]]) -> set[int]:
    """The places of what is shown and, step by step, of what that refers to."""
    twins = {urls[at]: at for at, original in enumerate(every) if original.shown_as}
    wanted = {at for at, original in enumerate(every) if not original.shown_as}
    fresh = wanted
    while fresh and twins:
        fresh = {twins[pointer] for at in fresh for pointer in pointers[at] if pointer in twins} - wanted
        wanted = wanted | fresh
    return wanted


def _address(original: Original, held: frozenset[str], meant: frozenset[str]) -> str:
    """The address a record goes by, or "" where it has no name of its own. `held` are the pointers in it, `meant` all."""
    name = original.origin_id or _name_in(original.raw)
    spelled = _NAME.fullmatch(name)
    if not spelled:
        return ""
    url = f"{_base(original)}/{name}"
    urn = f"urn:uuid:{spelled[1]}" if _UUID.fullmatch(spelled[1]) else ""
    if urn in meant or url in meant:
        return urn if urn in meant else url
    homeless = _base(original) == NOBODYS_BASE and not any(pointer.startswith(NOBODYS_BASE) for pointer in held)
    return urn if urn and homeless else url


def _base(original: Original) -> str:
    return original.origin.rstrip("/") if original.origin.startswith(("http://", "https://")) else NOBODYS_BASE


def _pointers(original: Original) -> frozenset[str]:
    """The addresses a record refers to; relative ones are meant within its own base."""
    found = set()
    for text in _REFERENCE.findall(original.raw.replace(b"\\/", b"/")):
        pointer = text.decode("utf-8", "replace")
        relative = _RELATIVE.fullmatch(pointer)
        found.add(f"{_base(original)}/{relative[1]}" if relative else pointer)
    return frozenset(found)


def _name_in(raw: bytes) -> str:
    try:
        resource = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return ""
    return f"{resource.get('resourceType')}/{resource.get('id')}" if isinstance(resource, dict) else ""
