"""This is the place where the people, places and medicines that came records speak of are fetched one by one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.errors import SourceRefused
from core.sources.fhir.client_answer import Unanswered
from core.sources.fhir.client_page import read_resource, references_in
from core.sources.fhir.client_paging import Visit
from core.sources.fhir.client_report import Fetched

FOLLOWED = ("Practitioner", "PractitionerRole", "Organization", "Location", "Medication", "Device")
"""Kinds that belong to nobody in particular, so that a search by patient doesn't bring them."""

_REFERENCE = re.compile(
    rf"(?P<base>https?://[^\s?#]+/)?(?P<kind>{'|'.join(FOLLOWED)})/(?P<id>[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})(?:/_history/[^/?#\s]+)?"
)
_GONE = (403, 404, 410)


@dataclass
class Mentioned:
    """What the records of a pull refer to, in order of first mention, and what of it is already here."""

    base_url: str
    limit: int
    here: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    waiting: deque[tuple[str, str]] = field(default_factory=deque)
    too_many: bool = False

    def see(self, fetched: Fetched) -> None:
        """Note what came, and what it refers to."""
        if fetched.resource is None:
            return
        self.here.add(f"{fetched.kind}/{fetched.resource.get('id')}")
        for text in references_in(fetched.resource):
            found = _REFERENCE.fullmatch(text)
            if found:
                self._want(found["base"] or "", f"{found['kind']}/{found['id']}")

    def _want(self, base: str, name: str) -> None:
        elsewhere = base.rstrip("/") not in ("", self.base_url)
        full = f"{base}{name}" if elsewhere else name
        if full in self.asked or (not elsewhere and name in self.here):
            return
        if len(self.asked) >= self.limit:
            self.too_many = True
            return
        self.asked.add(full)
        self.waiting.append(("" if elsewhere else name, full))


def follow(visit: Visit, mentioned: Mentioned) -> Iterator[Fetched]:
    """Read what is mentioned and not here, and what that mentions in turn; what can't be had is "not_followed".

    A reference to another server is never asked for: our token and our address are not its business.
    """
    while mentioned.waiting and not visit.full:
        name, full = mentioned.waiting.popleft()
        if name in mentioned.here:
            continue
        fetched = _read(visit, name, full) if name else _missed(visit, full)
        mentioned.see(fetched)
        visit.tally.records += 1
        yield fetched
    if mentioned.too_many:
        visit.tally.note("too_many_references", "pull")


def _read(visit: Visit, name: str, full: str) -> Fetched:
    answer = visit.wire.get(visit.wire.address.at(name))
    if isinstance(answer, Unanswered):
        if answer.status == 401:
            raise SourceRefused("token_refused", place=name.partition("/")[0], status=401)
        if answer.status not in _GONE:
            visit.tally.note("reference_unreachable", name.partition("/")[0], answer.status)
        return _missed(visit, full)
    fetched = read_resource(answer.body, f"read[{name}]", "", visit.base_url)
    resource = fetched.resource
    if resource is None or f"{fetched.kind}/{resource.get('id')}" != name:
        return _missed(visit, full)
    return fetched


def _missed(visit: Visit, full: str) -> Fetched:
    visit.tally.not_followed.append(full)
    kind = next((kind for kind in FOLLOWED if f"{kind}/" in full), "")
    return Fetched(
        f"read[{full}]", full if full.startswith("http") else f"{visit.base_url}/{full}", None, "not_followed", b"", kind
    )
