"""This is the place where one page of a server's answer is taken apart, tolerating whatever it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import orjson

from core.domain.time import PartialTime
from core.sources.fhir.client_report import Fetched

_ABSENT = msgspec.Raw()


class _Outline(msgspec.Struct):
    """The members of a Bundle we look at, each still unread."""

    resourceType: msgspec.Raw = _ABSENT  # noqa: N815 - the format's own word
    total: msgspec.Raw = _ABSENT
    link: msgspec.Raw = _ABSENT
    entry: msgspec.Raw = _ABSENT
    meta: msgspec.Raw = _ABSENT


class _Entry(msgspec.Struct):
    fullUrl: msgspec.Raw = _ABSENT  # noqa: N815
    resource: msgspec.Raw = _ABSENT
    search: msgspec.Raw = _ABSENT


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a server sent it. `fault` (a code of client_report) says why it is no page; `next` is the link as written;
    `total` is -1 where the server gave none; `entries` are still unread."""

    fault: str = ""
    next: str = ""
    total: int = -1
    updated: datetime | None = None
    entries: tuple[msgspec.Raw, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the thing fetched, and what it is in the answer ("match", "include", "outcome", or "" if unsaid)."""

    fetched: Fetched
    mode: str


def read_page(body: bytes) -> Page:
    """The page in a well-formed JSON body. Never raises."""
    try:
        outline = msgspec.json.decode(body, type=_Outline)
    except (msgspec.DecodeError, RecursionError):
        return Page(fault="not_a_bundle")
    kind = value_of(outline.resourceType)
    if kind == "OperationOutcome":
        return Page(fault="server_reports_error")
    if kind != "Bundle":
        return Page(fault="not_a_bundle")
    total, meta = value_of(outline.total), value_of(outline.meta)
    updated = PartialTime.parse(meta.get("lastUpdated")) if isinstance(meta, dict) else None
    entries = _raws(outline.entry)
    return Page(
        fault="" if entries is not None else "entries_unreadable",
        next=_next(value_of(outline.link)),
        total=total if type(total) is int and total >= 0 else -1,
        updated=updated.earliest if updated and updated.zoned else None,
        entries=entries or (),
    )


def read_entry(raw: msgspec.Raw, path: str, base_url: str) -> Entry:
    """One entry of a page. Never raises: what can't be read is a Fetched with its problem."""
    try:
        entry = msgspec.json.decode(raw, type=_Entry)
    except (msgspec.DecodeError, RecursionError):
        return Entry(Fetched(path, "", None, "entry_not_an_object", bytes(raw)), "")
    url, search = value_of(entry.fullUrl), value_of(entry.search)
    mode = search.get("mode") if isinstance(search, dict) else ""
    full_url = url if isinstance(url, str) else ""
    if not len(bytes(entry.resource)):
        fetched = Fetched(path, full_url, None, "entry_without_resource", bytes(raw))
    else:
        fetched = read_resource(bytes(entry.resource), path, full_url, base_url)
    return Entry(fetched, mode if isinstance(mode, str) else "")


def read_resource(raw: bytes, path: str, full_url: str, base_url: str) -> Fetched:
    """A resource from its JSON; `full_url` is made from the base where the server named none."""
    try:
        resource = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return Fetched(path, full_url, None, "resource_unreadable", raw)
    if not isinstance(resource, dict):
        return Fetched(path, full_url, None, "resource_not_an_object", raw)
    kind, record_id = resource.get("resourceType"), resource.get("id")
    kind = kind if isinstance(kind, str) else ""
    if not full_url and kind and isinstance(record_id, str) and record_id:
        full_url = f"{base_url}/{kind}/{record_id}"
    return Fetched(path, full_url, resource, "", raw, kind)


def fingerprint(fetched: Fetched) -> int:
    """The same for the same version of the same record, to notice pages that bring nothing new."""
    resource = fetched.resource
    if resource is None or not isinstance(resource.get("id"), str):
        return hash(fetched.raw)
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else ""
    return hash((fetched.kind, resource["id"], version if isinstance(version, str) else ""))


def worst_issue(resource: dict[str, Any]) -> str:
    """The highest severity in an OperationOutcome; "error" where it says none."""
    issues = resource.get("issue")
    issues = issues if isinstance(issues, list) else []
    said = {issue.get("severity") for issue in issues if isinstance(issue, dict) and isinstance(issue.get("severity"), str)}
    return next((level for level in ("fatal", "error", "warning", "information") if level in said), "error")


def value_of(raw: msgspec.Raw) -> Any:
    """The value of an unread member; None where it is absent or unreadable."""
    try:
        return orjson.loads(bytes(raw))
    except orjson.JSONDecodeError:
        return None


def _raws(raw: msgspec.Raw) -> tuple[msgspec.Raw, ...] | None:
    if bytes(raw) in (b"", b"null"):
        return ()
    try:
        return tuple(msgspec.json.decode(raw, type=list[msgspec.Raw]))
    except (msgspec.DecodeError, RecursionError):
        return None


def _next(links: object) -> str:
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return link["url"]
    return ""


def references_in(resource: dict[str, object]) -> Iterator[str]:
    """Every `reference` text of a resource, contained ones and extensions included, in the order of the document."""
    waiting: list[object] = [resource]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(reversed(found))
        elif isinstance(found, dict):
            reference = found.get("reference")
            if isinstance(reference, str):
                yield reference
            waiting.extend(value for value in reversed(found.values()) if isinstance(value, dict | list))
