"""This is the place where a package is looked over once: who is in it, and what its references mean.

A record's key is "origin|Type/id"; the origin is the base URL its id belongs to, or empty. Only Patients and the kinds that
many records share are remembered by id; of everything else just the temporary urn:uuid addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson

from core.domain.codes import Concept
from core.domain.records import SHARED_KINDS, PersonProfile
from core.ports import PackagePerson
from core.sources.fhir.elements import UNREADABLE, BundleHead, Element
from core.sources.fhir.foreign import Node, Notes, nodes_of
from core.sources.fhir.identity import anonymous_id, id_of, tail
from core.sources.fhir.names import identifiers_of, profile_of
from core.sources.fhir.references import base_of_link, conditional, identifier_key, literal
from core.sources.fhir.shared_words import words_for
from core.sources.fhir.type_names import TYPE_NAMES

_KNOWN_KINDS = frozenset(("Patient", *SHARED_KINDS))
_UUID = ("urn:uuid:", "urn:oid:")
_NAMES_KEPT = 200_000
_GUEST = re.compile(rb'"resourceType"\s*:\s*"Patient"')


class _Head(msgspec.Struct):
    resourceType: Any = None  # noqa: N815  (FHIR's own name)
    id: Any = None
    meta: msgspec.Raw = msgspec.Raw(b"")


class _Meta(msgspec.Struct):
    source: Any = None


_AS_HEAD = msgspec.json.Decoder(_Head)
_AS_META = msgspec.json.Decoder(_Meta)


@dataclass(slots=True)
class PackageIndex:
    """Filled by `add` in one pass, then only asked. `entries` counts the entries seen."""

    entries: int = 0
    persons: dict[str, PackagePerson] = field(default_factory=dict)
    bases: dict[int, str] = field(default_factory=dict)
    source: str | None = None
    _guests: dict[str, PackagePerson] = field(default_factory=dict)
    _by_urn: dict[str, str] = field(default_factory=dict)
    _by_url: dict[str, str] = field(default_factory=dict)
    _scoped: dict[tuple[int, str], str] = field(default_factory=dict)
    _by_local: dict[str, str] = field(default_factory=dict)
    _by_identifier: dict[str, str] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _words: dict[str, Concept] = field(default_factory=dict)
    _prefixes: dict[str, str] = field(default_factory=dict)
    pointers: dict[tuple[str, int, str], Any] = field(default_factory=dict)

    # looking over -----------------------------------------------------------------------------------------------------
    def add(self, found: Element | BundleHead) -> None:
        if type(found) is BundleHead:
            base = base_of_link(found.links)
            if base:
                self.bases[found.scope] = base
            return
        assert isinstance(found, Element)
        self.entries += 1
        if not found.why:
            try:
                head = _AS_HEAD.decode(found.raw)
            except UNREADABLE:
                return
            if type(head.resourceType) is str and head.resourceType in TYPE_NAMES:
                self._add(found, head.resourceType, head)

    def _add(self, found: Element, kind: str, head: _Head) -> None:
        if self.source != "":
            self._note_source(bytes(head.meta) if head.meta else b"")
        url = found.full_url
        if kind in _KNOWN_KINDS or (b'"contained"' in found.raw and _GUEST.search(found.raw)):
            self._look_into(found, kind, id_of(head.id, kind, url), self.origin_of(url, found.scope))
        elif url and url[:9] == "urn:uuid:" and url[9:] == head.id:  # nearly all that have an address, so soonest
            prefix = f"{self.bases.get(found.scope, '')}|{kind}"
            if self._by_urn.setdefault(url, self._prefixes.setdefault(prefix, prefix)) != prefix:
                self._by_urn[url] = ""
        elif url:
            self._remember_url(url, kind, id_of(head.id, kind, url), self.origin_of(url, found.scope), found.scope)

    def _look_into(self, found: Element, kind: str, record_id: str, origin: str) -> None:
        try:
            resource = orjson.loads(found.raw)
        except orjson.JSONDecodeError:
            return
        if kind == "Patient":
            record_id = self._add_patient(resource, found, record_id, origin)
        if found.full_url:
            self._remember_url(found.full_url, kind, record_id or tail(found.full_url), origin, found.scope)
        if kind in _KNOWN_KINDS and (record_id or found.full_url):
            self._remember(kind, record_id or tail(found.full_url), origin, resource)
        for inner in nodes_of(resource, "contained", Notes()):
            if inner.get("resourceType") == "Patient":
                self._add_guest(inner, origin)

    def _add_patient(self, resource: Node, found: Element, record_id: str, origin: str) -> str:
        """Remember a person; the id they go by, which is made up only where the file gives none."""
        profile = profile_of(resource, Notes())
        record_id = record_id or tail(found.full_url) or anonymous_id(profile)
        key = f"{origin}|Patient/{record_id}"
        other = self.persons.get(key)
        if other and found.scope and _strangers(other.profile, profile):
            record_id = f"{record_id}~{found.scope}"
            self._scoped[found.scope, key] = key = f"{origin}|Patient/{record_id}"
        others = (f"|{found.full_url}",) if found.full_url.startswith(_UUID) else ()
        self.persons[key] = PackagePerson(key, profile, others)
        return record_id

    def _add_guest(self, patient: Node, origin: str) -> None:
        """A Patient that stands inside another resource: somebody of their own unless an identifier says otherwise."""
        profile = profile_of(patient, Notes())
        name = anonymous_id(profile)
        if name:
            key = f"{origin}|Patient/{name}"
            self._guests.setdefault(key, PackagePerson(key, profile))

    def _remember(self, kind: str, record_id: str, origin: str, resource: Node) -> None:
        key = f"{origin}|{kind}/{record_id}"
        self._known.add(key)
        _once(self._by_local, f"{kind}/{record_id}", key)
        for system, value in identifiers_of(resource):
            name = identifier_key(kind, system, value)
            if name:
                _once(self._by_identifier, name, key)
        if kind != "Patient" and len(self._words) < _NAMES_KEPT:
            words = words_for(kind, resource)
            if words.title:
                self._words[key] = words

    def _remember_url(self, url: str, kind: str, record_id: str, origin: str, scope: int) -> None:
        record_id = record_id or tail(url)
        if url.startswith(_UUID) and tail(url) == record_id:
            prefix = f"{origin}|{kind}"
            _once(self._by_urn, url, self._prefixes.setdefault(prefix, prefix))
            return
        spelled = literal(url)
        if spelled and (spelled.kind, spelled.id) == (kind, record_id):
            return
        key = f"{origin}|{kind}/{record_id}"
        if self._by_url.setdefault(url, key) != key:
            self._scoped[scope, url] = key

    def _note_source(self, meta: bytes) -> None:
        """meta.source counts as the origin only where every resource of the package has the same."""
        if self.source == "":
            return
        source: object = None
        if b'"source"' in meta:
            try:
                source = _AS_META.decode(meta).source
            except UNREADABLE:
                source = None
        url = source.partition("#")[0].rstrip("/") if isinstance(source, str) and source.startswith(("http://", "https://")) else ""
        self.source = url if self.source in (None, url) else ""

    def finish(self) -> None:
        """To be called once after the last `add`: give records without an origin the one their meta.source names."""
        for name in list(self._guests):
            person = self._guests[name]
            if not any(self._by_identifier.get(identifier_key("Patient", s, v)) for s, v in person.profile.identifiers):
                self.persons.setdefault(name, person)
        if not self.source:
            return
        own = self.source
        self.persons = {_moved(k, own): _person_moved(p, own) for k, p in self.persons.items()}
        self._known = {_moved(key, own) for key in self._known}
        self._words = {_moved(key, own): words for key, words in self._words.items()}
        for table in (self._by_urn, self._by_url, self._by_local, self._by_identifier):
            for name, key in table.items():
                table[name] = _moved(key, own)
        for where, key in self._scoped.items():
            self._scoped[where] = _moved(key, own)

    # asking -----------------------------------------------------------------------------------------------------------
    def origin_of(self, full_url: str, scope: int) -> str:
        """The base URL an entry's id belongs to, or ""."""
        if full_url.startswith("http"):
            spelled = literal(full_url)
            if spelled:
                return spelled.base
        return self.bases.get(scope, "")

    def own_origin(self, full_url: str, scope: int) -> str:
        """As `origin_of`, after `finish`: the package's common source where nothing nearer is known."""
        return self.origin_of(full_url, scope) or self.source or ""

    def resolve(self, text: str, origin: str, scope: int) -> str:
        """The key a reference means, seen from a record of that origin in that Bundle; "" where it can't be told."""
        found = self._resolve(text, origin, scope)
        return self._scoped.get((scope, found), found) if self._scoped and found else found

    def _resolve(self, text: str, origin: str, scope: int) -> str:
        if text.startswith(_UUID):
            prefix = self._by_urn.get(text)
            if prefix:
                return f"{prefix}/{tail(text)}"
            return self._by_address(text, scope)
        if text.startswith("http"):
            found = self._by_address(text, scope)
            if found:
                return found
        if "?" in text:
            asked = conditional(text)
            return self.resolve_identifier(*asked) if asked else ""
        spelled = literal(text)
        if not spelled:
            return ""
        key = f"{spelled.base or origin}|{spelled.kind}/{spelled.id}"
        if spelled.kind not in _KNOWN_KINDS or key in self._known:
            return key
        other = self._by_local.get(f"{spelled.kind}/{spelled.id}", "")
        return other if other and (not spelled.base or other.startswith("|")) else key

    def resolve_identifier(self, kind: str, system: str, value: str) -> str:
        """The key of the one record of that kind with that identifier, or ""."""
        return self._by_identifier.get(identifier_key(kind, system, value), "")

    def _by_address(self, url: str, scope: int) -> str:
        return self._scoped.get((scope, url)) or self._by_url.get(url, "")

    def words(self, key: str) -> Concept | None:
        """What a shared record (medication, practitioner, place ...) is called, where it is in the package."""
        return self._words.get(key)


def _once(table: dict[str, str], name: str, key: str) -> None:
    """Remember; "" where two records claim the same name."""
    if table.setdefault(name, key) != key:
        table[name] = ""


def _strangers(one: PersonProfile, other: PersonProfile) -> bool:
    """Two Patients under one key that can't be one person: other birth date and no name in common."""
    if not (one.birth_date and other.birth_date) or one.birth_date[:7] == other.birth_date[:7]:
        return False
    names = {name.text for name in one.names}
    return bool(names) and bool(other.names) and not names & {name.text for name in other.names}


def _moved(key: str, origin: str) -> str:
    return origin + key if key.startswith("|") else key


def _person_moved(person: PackagePerson, origin: str) -> PackagePerson:
    return PackagePerson(_moved(person.reference, origin), person.profile, person.others)
