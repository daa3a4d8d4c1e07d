"""This is the place where the ways of pointing at another record are told apart: relative, absolute, versioned, conditional."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from core.sources.fhir.type_names import TYPE_NAMES

LONGEST = 2_000
_LITERAL = re.compile(r"(?:(https?://[^\s?#|]+?)/)?([A-Z][A-Za-z]{2,40})/([^/?#|\s\x00-\x1f<>\x22]{1,200})(?:/_history/[^/?#\s]{0,80})?")


class Literal(NamedTuple):
    """A pointer by type and id; `base` is "" where it is relative."""

    base: str
    kind: str
    id: str


def literal(text: str) -> Literal | None:
    """ "Patient/1", "https://server/base/Patient/1/_history/3": the parts, or None where the text is no such pointer."""
    if len(text) > LONGEST:
        return None
    found = _LITERAL.fullmatch(text)
    if not found or found[2] not in TYPE_NAMES:
        return None
    return Literal((found[1] or "").rstrip("/"), found[2], found[3])


def conditional(text: str) -> tuple[str, str, str] | None:
    """(kind, system, value) of "Patient?identifier=system|value", or None."""
    head, mark, query = text.partition("?")
    kind = head.rsplit("/", 1)[-1]
    if not mark or kind not in TYPE_NAMES or len(text) > LONGEST:
        return None
    try:
        asked = parse_qsl(query, max_num_fields=20)
    except ValueError:
        return None
    for name, value in asked:
        if name == "identifier":
            system, bar, rest = value.partition("|")
            return (kind, system, rest) if bar else (kind, "", system)
    return None


def base_of_link(links: object) -> str:
    """The server's base URL from a Bundle's self link, or ""."""
    for link in links if isinstance(links, list) else ():
        if not isinstance(link, dict) or link.get("relation") != "self":
            continue
        url = link.get("url")
        if isinstance(url, str) and url.startswith(("http://", "https://")) and len(url) <= LONGEST:
            return _base(url)
    return ""


def _base(url: str) -> str:
    """What stands before the first path segment that is a type, an operation or a search."""
    path = url.partition("?")[0].partition("#")[0]
    scheme, _, rest = path.partition("://")
    kept: list[str] = []
    for part in rest.split("/"):
        if kept and (unquote(part) in TYPE_NAMES or part[:1] in ("$", "_")):
            break
        kept.append(part)
    return f"{scheme}://{'/'.join(kept)}".rstrip("/")


def identifier_key(kind: str, system: str, value: str) -> str:
    """How a record is known by one of its identifiers; "" where the system or the value is missing."""
    return f"{kind}?identifier={system}|{value}" if system and value else ""
