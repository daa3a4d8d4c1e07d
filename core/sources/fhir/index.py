"""This is the place where a package is looked over once: who is in it, and what its references mean.

A record's key is "origin|Type/id"; the origin is the base URL its id belongs to, or empty. Only Patients and the kinds that
many records share are remembered by id; of everything else just the temporary urn:uuid addresses.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson

from core.domain.codes import Concept
from core.domain.records import SHARED_KINDS, PersonProfile
from core.ports import PackagePerson
from core.sources.fhir.concepts import concept_of
from core.sources.fhir.documents import UNREADABLE, BundleHead, Element
from core.sources.fhir.foreign import Node, Notes, clean, nodes_of
from core.sources.fhir.names import identifiers_of, name_text, profile_of
from core.sources.fhir.references import base_of_link, conditional, identifier_key, literal
from core.sources.fhir.type_names import TYPE_NAMES

_KNOWN_KINDS = frozenset(("Patient", *SHARED_KINDS))
_UUID = ("urn:uuid:", "urn:oid:")
_NAMES_KEPT = 200_000
_LONGEST_ID = 300


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
        self._note_source(bytes(head.meta) if head.meta else b"")
        record_id = id_of(head.id, kind, found.full_url)
        origin = self.origin_of(found.full_url, found.scope)
        if kind in _KNOWN_KINDS or b'"contained"' in found.raw:
            self._look_into(found, kind, record_id, origin)
        elif found.full_url:
            self._remember_url(found.full_url, kind, record_id, origin, found.scope)

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


def id_of(given: object, kind: str, full_url: str) -> str:
    """A resource's own id, else the id in its fullUrl (a RESTful one's last part, the uuid of urn:uuid:...), else ""."""
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


def words_for(kind: str, resource: Node) -> Concept:
    """What a shared resource is called."""
    quiet = Notes()
    if kind == "Medication":
        return medication_concept(resource)
    if kind in ("Practitioner", "Organization", "Location"):
        return Concept((), name_text(resource.get("name")))
    if kind == "Device":
        named = name_text(resource.get("deviceName")) or name_text(resource.get("displayName")) or name_text(resource.get("name"))
        return Concept((), named) if named else concept_of(resource.get("type"), quiet)
    return concept_of(resource.get("specialty") or resource.get("code"), quiet)


def medication_concept(resource: Node) -> Concept:
    """A Medication's code, else its ingredients' names."""
    quiet = Notes()
    concept = concept_of(resource.get("code"), quiet)
    if concept.title:
        return concept
    names = []
    for ingredient in nodes_of(resource, "ingredient", quiet):
        item = ingredient.get("itemCodeableConcept") or ingredient.get("item")
        names.append(concept_of(item, quiet).title)
    return Concept((), " / ".join(name for name in names if name))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


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
