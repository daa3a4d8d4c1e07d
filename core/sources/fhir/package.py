"""This is the place where uploads become a package: looked over once for its people, then read entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import orjson

from core.domain.records import Incoming, Reject
from core.errors import FileRefused
from core.ports import PackagePerson, Progress, Upload
from core.sources.fhir.documents import DocumentReader
from core.sources.fhir.elements import Element
from core.sources.fhir.index import PackageIndex
from core.sources.fhir.json_faults import fault_in
from core.sources.fhir.limits import Limits
from core.sources.fhir.members import Budget, Member, members
from core.sources.fhir.normalise import normalise
from core.sources.fhir.sheet import Context

_REPORTED_EVERY = 64
_WEIGHT = 400
"""What a kept entry weighs beside its bytes."""
Place = tuple[int, int]
"""Which upload, and which file inside it."""


@dataclass(frozen=True, slots=True)
class FhirReader:
    """Reads FHIR files: JSON, lines of JSON, gzip and zip of these, any number together."""

    limits: Limits = field(default_factory=Limits)

    def open(self, uploads: Sequence[Upload]) -> FhirPackage:
        """Look over all files. Raises FileRefused where not one of them can be read; otherwise a bad file among good ones is
        one refused entry, and nothing of it is read."""
        package = FhirPackage(tuple(uploads), self.limits)
        package.look_over()
        return package


@dataclass(slots=True)
class FhirPackage:
    """Files read together. `entries` may be called more than once; files too large to keep are read again each time."""

    uploads: tuple[Upload, ...]
    limits: Limits
    index: PackageIndex = field(default_factory=PackageIndex)
    _refused: dict[Place, Reject] = field(default_factory=dict)
    _files: int = 0
    _kept: list[tuple[str, Element | Reject]] = field(default_factory=list)
    _room: int = 0

    def people(self) -> tuple[PackagePerson, ...]:
        """Every Patient in the files, once."""
        return tuple(self.index.persons.values())

    def entries(self, progress: Progress | None = None) -> Iterator[Incoming | Reject]:
        """Every entry once, in order; `progress` hears (done, total) in entries. Raises FileRefused only where a file changed
        after it was looked over."""
        done, total = 0, self.index.entries + len(self._refused)
        for label, found in self._kept if self._room >= 0 else self._read_again():
            yield found if isinstance(found, Reject) else self._record(found, label)
            done += 1
            if progress and done % _REPORTED_EVERY == 0:
                progress(done, total)
        if progress:
            progress(done, total)

    def look_over(self) -> None:
        """Fill the index. Where a file turns out to be damaged midway, all is looked over again without it."""
        refused = self._pass_over()
        if refused:
            self._refused.update(refused)
            self.index = PackageIndex()
            self._refused.update(self._pass_over())
        self.index.finish()
        if not self._files or len(self._refused) == self._files:
            raise self._why_nothing()

    def _pass_over(self) -> dict[Place, Reject]:
        """One pass; the files that broke while being read. Entries are kept as long as all of them have room."""
        broken: dict[Place, Reject] = {}
        self._files, self._room, self._kept = 0, self.limits.kept_bytes, []
        reader = DocumentReader(self.limits)
        for place, member, label in self._members():
            self._files += 1
            if place not in self._refused and member.stream is None:
                self._refused[place] = _refusal(label, member)
            if place in self._refused:
                self._keep(label, self._refused[place], 0)
                continue
            assert member.stream is not None
            try:
                for found in reader.read(member.stream.chunks()):
                    self.index.add(found)
                    if isinstance(found, Element):
                        self._keep(label, found, len(found.raw))
            except FileRefused as error:
                broken[place] = _refusal(label, Member(member.name, refused=error))
        return broken

    def _keep(self, label: str, found: Element | Reject, size: int) -> None:
        if self._room >= 0:
            self._kept.append((label, found))
            self._room -= size + _WEIGHT
            if self._room < 0:
                self._kept = []

    def _members(self) -> Iterator[tuple[Place, Member, str]]:
        budget = Budget(self.limits)
        for number, upload in enumerate(self.uploads):
            for inner, member in enumerate(members(upload, budget)):
                name = f"{upload.name}/{member.name}" if member.name and len(self.uploads) > 1 else member.name
                yield (number, inner), member, name or (upload.name if len(self.uploads) > 1 else "")

    def _read_again(self) -> Iterator[tuple[str, Element | Reject]]:
        reader = DocumentReader(self.limits)
        for place, member, label in self._members():
            if place in self._refused:
                yield label, self._refused[place]
            elif member.stream is None:
                raise FileRefused("changed_while_reading", place=label)
            else:
                for found in reader.read(member.stream.chunks()):
                    if isinstance(found, Element):
                        yield label, found

    def _record(self, found: Element, label: str) -> Incoming | Reject:
        path = f"{label}: {found.path}" if label else found.path
        if found.why:
            return Reject(path, found.why, "", found.outcome)
        try:
            resource = orjson.loads(found.raw)
        except orjson.JSONDecodeError:
            return Reject(path, fault_in(found.raw).code)
        origin = self.index.own_origin(found.full_url, found.scope)
        return normalise(resource, Context(path, found.raw, self.index, origin, found.full_url, found.scope))

    def _why_nothing(self) -> FileRefused:
        """The error for a package without one readable file."""
        whys = {each.why for each in self._refused.values()}
        places = {each.path for each in self._refused.values()}
        if len(whys) == 1:
            place = places.pop() if len(places) == 1 else ""
            return FileRefused(whys.pop(), **({"place": place} if place else {"files": len(self._refused)}))
        return FileRefused("nothing_readable", files=len(self._refused)) if whys else FileRefused("empty")


def _refusal(label: str, member: Member) -> Reject:
    error = member.refused or FileRefused()
    place = str(error.facts.get("place", ""))
    path = ": ".join(part for part in (label, place) if part)
    return Reject(path, error.code, "", "refused" if member.followed else "not_followed")
