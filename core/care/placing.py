"""This is the place where the entries of a package find the person they belong to, or the reason why they belong to nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.care.identity import all_keys, identifier_keys, is_blank, reference_keys, same_person
from core.domain.records import KINDS_SHOWN, SHARED_KINDS, Incoming, PersonProfile
from core.ports import Importing, PackagePerson

HELD_BYTES = 48_000_000
"""How much of shared records (practitioners, organisations ...) is held back until it is known who refers to them; what is
more is read a second time."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose record a package is: one given person; or (command line) whoever its Patients are, and `new` people for those
    that are not linked yet even where an identifier is known. `profile` is what is known of the given person; `subject` is the
    name by which a file with several people means the given one; `trusted`: what names nobody is the given person's (a device
    that was connected by them)."""

    person_id: str = ""
    new: bool = False
    profile: PersonProfile = field(default_factory=PersonProfile)
    subject: str = ""
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """The Patients of a package: which person each reference means, and which are somebody else."""

    persons: dict[str, str]
    strangers: frozenset[str]
    only: str
    """The one person in play, or ""."""


def cast(importing: Importing, people: tuple[PackagePerson, ...], whose: Whose) -> Cast:
    """Match, add and link the Patients of a package."""
    persons: dict[str, str] = {}
    strangers: list[str] = []
    chosen = _of_given(importing, people, whose) if whose.person_id else _of_anyone(importing, people, whose)
    for found, person_id in zip(people, chosen, strict=True):
        if person_id:
            importing.link(person_id, _keys(importing, found, person_id))
            persons.update(dict.fromkeys((found.reference, *found.others), person_id))
        else:
            strangers += (found.reference, *found.others)
    ours = set(persons.values()) or ({whose.person_id} - {""} if not people else set())
    only = next(iter(ours)) if len(ours) == 1 and not strangers else ""
    return Cast(persons, frozenset(strangers), only)


def _keys(importing: Importing, found: PackagePerson, person_id: str) -> tuple[str, ...]:
    """All that means this person from now on. A reference without an origin may come to mean several people: then it is
    marked as such, and only together with the person it still means somebody."""
    local = tuple(reference for reference in (found.reference, *found.others) if reference.startswith("|"))
    shared = tuple(reference for reference in local if importing.match(reference) not in ("", person_id))
    return (*all_keys(found), *(_of_person(person_id, reference) for reference in local), *map(_of_several, shared))


def _of_person(person_id: str, reference: str) -> str:
    return f"{person_id}>{reference}"


def _of_several(reference: str) -> str:
    return f"several>{reference}"


def _of_given(importing: Importing, people: tuple[PackagePerson, ...], whose: Whose) -> list[str]:
    """The given person wherever a Patient is linked to them or is them, by what is known or by what another of these says."""
    known = [whose.profile]
    linked = [next(filter(None, map(importing.match, reference_keys(found))), "") for found in people]
    alone = len(people) == 1 and is_blank(whose.profile)
    ours: set[int] = set()
    grew = True
    while grew:
        grew = False
        for at, found in enumerate(people):
            fits = not linked[at] and (alone or any(same_person(one, found.profile) for one in known))
            if at not in ours and (linked[at] == whose.person_id or fits):
                ours.add(at)
                known.append(found.profile)
                grew = True
    return [whose.person_id if at in ours else "" for at in range(len(people))]


def _of_anyone(importing: Importing, people: tuple[PackagePerson, ...], whose: Whose) -> list[str]:
    chosen: list[str] = []
    here: dict[str, str] = {}
    for found in people:
        keys = reference_keys(found) if whose.new else (*reference_keys(found), *identifier_keys(found.profile))
        linked = next(filter(None, (here.get(key) or importing.match(key) for key in keys)), "")
        person_id = linked or importing.add_person(found.profile)
        here.update(dict.fromkeys((*reference_keys(found), *identifier_keys(found.profile)), person_id))
        chosen.append(person_id)
    return chosen


def subject_of(incoming: Incoming) -> str:
    """The reference of the person an entry is about; a Patient is about itself."""
    return incoming.subject or (key_of(incoming) if incoming.kind == "Patient" else "")


def key_of(incoming: Incoming) -> str:
    return f"{incoming.origin}|{incoming.kind}/{incoming.record_id}"


def is_shared(incoming: Incoming) -> bool:
    """Whether it may belong to nobody in particular: shared kinds, and kinds that are only kept and need no subject."""
    if incoming.subject or "subject_missing" in incoming.problems:
        return False
    return incoming.kind in SHARED_KINDS or incoming.kind not in KINDS_SHOWN


class Finder:
    """Says for each subject which person it means, asking the store once per subject."""

    def __init__(self, importing: Importing, whose: Whose, known: Cast) -> None:
        self._importing, self._whose, self._cast = importing, whose, known
        self._linked: dict[str, str] = {}

    def person(self, subject: str) -> tuple[str, str]:
        """(person id, "") or ("", reason)."""
        here = self._cast.persons.get(subject)
        if here:
            return here, ""
        if subject in self._cast.strangers:
            return "", "another_person"
        linked = self._linked.get(subject)
        if linked is None:
            if len(self._linked) > 50_000:
                self._linked.clear()
            linked = self._linked[subject] = self._match(subject)
        if not linked:
            return "", "unknown_person"
        if self._whose.person_id and linked != self._whose.person_id:
            return "", "another_person"
        return linked, ""

    def _match(self, subject: str) -> str:
        match, given = self._importing.match, self._whose.person_id
        if not subject.startswith("|"):
            return match(subject)
        if given:
            return match(_of_person(given, subject)) or match(subject)
        return "" if match(_of_several(subject)) else match(subject)


class Waiting:
    """Shared records that wait until everything has been read: who refers to them, directly or through one another?"""

    def __init__(self) -> None:
        self._owners: defaultdict[str, set[str]] = defaultdict(set)
        self._links: dict[str, tuple[str, ...]] = {}
        self._held: list[Incoming] = []
        self._bytes = 0
        self.left_for_second_pass = 0

    def refers(self, person_id: str, incoming: Incoming) -> None:
        """A person's record points at these."""
        for reference in incoming.references:
            self._owners[_local(reference)].add(person_id)

    def hold(self, incoming: Incoming) -> None:
        if incoming.references:
            self._links[_local(key_of(incoming))] = tuple(map(_local, incoming.references))
        self._bytes += len(incoming.raw)
        if self._bytes > HELD_BYTES:
            self.left_for_second_pass += 1
        else:
            self._held.append(incoming)

    def settle(self) -> None:
        """Pass ownership on along the references between shared records."""
        todo = [key for key in self._links if self._owners.get(key)]
        while todo:
            key = todo.pop()
            for reference in self._links.get(key, ()):
                new = self._owners[key] - self._owners[reference]
                if new:
                    self._owners[reference] |= new
                    todo.append(reference)

    def held(self) -> Iterator[tuple[Incoming, tuple[str, ...]]]:
        for incoming in self._held:
            yield incoming, self.owners(incoming)

    def is_held(self, number: int) -> bool:
        """Whether the shared record with this number (from 0, in order) was held back rather than left for later."""
        return number < len(self._held)

    def owners(self, incoming: Incoming) -> tuple[str, ...]:
        return tuple(sorted(self._owners.get(_local(key_of(incoming)), ())))


def _local(key: str) -> str:
    """ "Type/id" of a key or a reference: references to shared records name no origin."""
    return key.rpartition("|")[2]
