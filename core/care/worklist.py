"""This is the place where a coordinator learns who needs them next, and why: everybody of the panel once, in clinical order, and nobody left out.

What was read of a person is kept by the session for as long as their record stands as it did, and in the person's drawer for the next session; what waits for
the team is asked for all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from uuid import uuid4

from core.care import worklist_kept, worklist_lines, worklist_marks, worklist_sorting
from core.care.access import Action, Grant, reach, require
from core.care.lines import folded
from core.care.medicine_entries import text_within
from core.care.task_views import TaskLine
from core.care.tasks import line_of
from core.care.team import Team, team
from core.care.worklist_facts import gathered
from core.care.worklist_open import Waits, waiting
from core.care.worklist_views import MINE, NOBODY, Gathered, Look, WorklistShelf, WorklistView, WorkQuery
from core.domain.people import Actor, Panel
from core.domain.records import Person
from core.errors import BadInput, HealthboardError, NotFound, StoreDamaged
from core.ports import Ports
from core.worklist.ranking import rank
from core.worklist.terms import LANES, Entry, PersonFacts

Told = Callable[[int, int], None]
"""Hears how many people of how many were read."""
_OWN_TASKS = frozenset({"task_planned", "task_late"})


def worklist(
    ports: Ports, actor: Actor, query: WorkQuery, kept: WorklistShelf, *, at: datetime | None = None, told: Told | None = None
) -> WorklistView:
    """A page of the people within reach, the most pressing first. `at`: as of another moment. Raises BadInput for a lane that is none."""
    grant = require(ports, actor, Action.VIEW_WORKLIST)
    if query.lane not in ("", *LANES):
        raise BadInput("bad_choice", place="lane", need=" ".join(LANES))
    now = at or ports.clock.now()
    panels = _panels(ports, grant)
    of = team(ports, panels)
    people = _people(ports, grant, _within(ports, grant, panels, query))
    read = _read(ports, grant, actor, people, _How(kept, now, told, at is not None))
    waits = waiting(ports, grant, tuple(people), of, now)
    facts = _with_open(read, waits)
    ranked = rank(facts, now.timestamp())
    everybody = [entry for section in ranked.sections for entry in section.entries]
    fits = _filter(query, actor, of)
    found = [one for one in everybody if query.lane in ("", one.lane) and fits(one, people[one.person_id], read[one.person_id])]
    shown = {one.person_id for one in found}
    size, pages = max(1, query.page_size), max(1, ceil(len(found) / max(1, query.page_size)))
    first = (min(max(1, query.page), pages) - 1) * size
    to = worklist_lines.Reader(ports.store.preferences(actor.account_id), now, of)
    return WorklistView(
        query, now, tuple(ranked.counts.items()), tuple((one.panel_id, one.name) for one in panels),
        tuple(worklist_lines.line(one, people[one.person_id], read[one.person_id], to) for one in found[first : first + size]),
        len(found), ranked.total, pages, tuple(_outside(everybody, shown).items()), _tags(ports, panels, read), _members(of), _tasks(waits, people, of, now),
    )  # fmt: skip


def review(ports: Ports, actor: Actor, person_id: str, seen: Iterable[str], note: str = "") -> Look:
    """Write down that somebody has looked at these reasons (`ReasonLine.mark`), with a note. The person moves down until something new comes, or the look is
    old. Raises BadInput; Conflict where a colleague was faster."""
    grant = require(ports, actor, Action.MARK_REVIEWED, person_id)
    marks = tuple(dict.fromkeys(seen))
    if len(marks) > worklist_marks.MOST_SEEN or any(len(one) > worklist_marks.LONGEST_MARK for one in marks):
        raise BadInput("bad_input", place="seen", need=worklist_marks.MOST_SEEN)
    said = text_within(note, "note", worklist_marks.LONGEST_NOTE)
    look = Look(uuid4().hex, ports.clock.now(), actor.account_id, actor.display_name, said, marks)
    body, looks = _kept(ports, grant, person_id)
    _put(ports, grant, person_id, (*looks, look), body)
    return look


def undo(ports: Ports, actor: Actor, person_id: str, look_id: str) -> None:
    """Take a look back: what it had moved down is where it was. That it was there stays in the history. Raises NotFound, Conflict."""
    grant = require(ports, actor, Action.MARK_REVIEWED, person_id)
    body, looks = _kept(ports, grant, person_id)
    if not any(one.look_id == look_id for one in looks):
        raise NotFound("look_not_found", look=look_id)
    now = ports.clock.now()
    undone = tuple(replace(one, undone_at=one.undone_at or now) if one.look_id == look_id else one for one in looks)
    _put(ports, grant, person_id, undone, body)


def looks(ports: Ports, actor: Actor, person_id: str) -> tuple[Look, ...]:
    """Who has looked, the newest first, also what was taken back. Raises BadInput (drawer_damaged)."""
    grant = require(ports, actor, Action.MARK_REVIEWED, person_id)
    return tuple(reversed(_kept(ports, grant, person_id)[1]))


def _kept(ports: Ports, grant: Grant, person_id: str) -> tuple[bytes, tuple[Look, ...]]:
    body = ports.store.drawer(person_id, worklist_marks.DRAWER, grant.event("worklist"))
    return body, worklist_marks.read(body)


def _put(ports: Ports, grant: Grant, person_id: str, looks: tuple[Look, ...], was: bytes) -> None:
    ports.store.put_in_drawer(person_id, worklist_marks.DRAWER, worklist_marks.written(looks), grant.event("worklist"), was=was)


def _panels(ports: Ports, grant: Grant) -> tuple[Panel, ...]:
    if grant.account is None:
        return ports.store.panels(None)
    return ports.store.panels(grant.account.panels) if grant.account.panels else ()


def _within(ports: Ports, grant: Grant, panels: tuple[Panel, ...], query: WorkQuery) -> tuple[str, ...] | None:
    within = None if grant.account is None else reach(ports, grant.account)
    if not query.panel_id:
        return within
    chosen = next((one for one in panels if one.panel_id == query.panel_id), None)
    inside = chosen.persons if chosen else ()
    return inside if within is None else tuple(one for one in within if one in inside)


def _people(ports: Ports, grant: Grant, within: tuple[str, ...] | None) -> dict[str, Person | None]:
    """Everybody asked for; None for one who can't be read. One damaged profile takes nobody else away."""
    event = grant.event("worklist")
    try:
        found = ports.store.people(within, event)
    except StoreDamaged:
        if within is None:
            within = tuple(dict.fromkeys(one for panel in ports.store.panels() for one in panel.persons))
        return {person_id: _one(ports, grant, person_id) for person_id in within}
    known: dict[str, Person | None] = dict.fromkeys(within or ())
    return known | {one.person_id: one for one in found}


def _one(ports: Ports, grant: Grant, person_id: str) -> Person | None:
    try:
        return ports.store.person(person_id, grant.event("worklist"))
    except HealthboardError:
        return None


@dataclass(frozen=True, slots=True)
class _How:
    """How people are read: what the session has, the moment, who hears of it. `other`: that moment is not now, and nothing that is kept is about it."""

    shelf: WorklistShelf
    now: datetime
    told: Told | None
    other: bool


def _read(ports: Ports, grant: Grant, actor: Actor, people: Mapping[str, Person | None], how: _How) -> dict[str, Gathered]:
    shelf, language = how.shelf, ports.store.preferences(actor.account_id).language
    keys = {key: worklist_kept.key_of(one.revision, how.now, language) for key, one in people.items() if one is not None}
    missing = {person_id: key for person_id, key in keys.items() if (held := shelf.read.get(person_id)) is None or held[0] != key}
    found = {} if how.other else worklist_kept.fetch(ports, grant, missing)
    for done, (person_id, key) in enumerate(missing.items(), 1):
        person, one = people[person_id], found.get(person_id)
        if one is None and person is not None:
            make = gathered if how.other else worklist_kept.anew
            one = make(ports, grant, person, how.now, language)
            if how.told is not None:
                how.told(done, len(missing))
        if one is not None:
            shelf.read[person_id] = (key, one)
    for gone in [one for one in shelf.read if one not in people]:
        del shelf.read[gone]
    nobody = ("person_unreadable",)
    return {key: shelf.read[key][1] if key in keys else Gathered(PersonFacts(key, broken=nobody)) for key in people}


def _with_open(read: Mapping[str, Gathered], waits: Waits) -> list[PersonFacts]:
    """What is known of each, with what waits for the team now."""
    return [
        replace(
            one.facts, open=(*one.facts.open, *waits.open.get(key, ())),
            broken=tuple(dict.fromkeys((*one.facts.broken, *waits.broken.get(key, ())))),
        )
        if key in waits.open or key in waits.broken else one.facts
        for key, one in read.items()
    ]  # fmt: skip


def _filter(query: WorkQuery, actor: Actor, of: Team) -> Callable[[Entry, Person | None, Gathered], bool]:
    """Whether somebody is to be shown, as far as it is not a matter of lanes."""
    words = folded(query.text).split()
    wanted = actor.account_id if query.assignee == MINE else query.assignee

    def fits(entry: Entry, person: Person | None, read: Gathered) -> bool:
        if query.panel and query.panel not in of.by_person.get(entry.person_id, ()):
            return False
        if query.tag and query.tag not in read.sorted.tags:
            return False
        if wanted and not _is_with(wanted, entry, worklist_lines.assigned(entry.person_id, read, of)):
            return False
        return not words or (person is not None and _says(words, person, read))

    return fits


def _is_with(wanted: str, entry: Entry, assigned: str) -> bool:
    """Theirs is whom they were given, and whoever they have a task about."""
    if wanted == NOBODY:
        return not assigned
    return assigned == wanted or any(one.rule in _OWN_TASKS and one.facts.get("account") == wanted for one in entry.reasons)


def _says(words: Iterable[str], person: Person, read: Gathered) -> bool:
    profile = person.profile
    names = [text for name in profile.names for text in (name.text, name.family, *name.given)]
    text = folded(" ".join((*names, profile.birth_date, *(value for _, value in profile.identifiers), *read.sorted.tags)))
    return all(word in text for word in words)


def _outside(everybody: Iterable[Entry], shown: set[str]) -> dict[str, int]:
    counts = dict.fromkeys(LANES, 0)
    for one in everybody:
        counts[one.lane] += one.person_id not in shown
    return counts


def _tags(ports: Ports, panels: Iterable[Panel], read: Mapping[str, Gathered]) -> tuple[str, ...]:
    """The tags of these panels' lists, and those that somebody has. Lists that can't be read are said where they are changed; the worklist goes on."""
    try:
        lists = worklist_sorting.lists(ports)
    except BadInput:
        lists = {}
    listed = (one for panel in panels for one in lists.get(panel.panel_id, ()))
    return tuple(dict.fromkeys((*listed, *sorted({one for each in read.values() for one in each.sorted.tags}))))


def _members(of: Team) -> tuple[tuple[str, str], ...]:
    return tuple((one, of.name(one)) for one in dict.fromkeys(one for found in of.members.values() for one in found))


def _tasks(waits: Waits, people: Mapping[str, Person | None], of: Team, now: datetime) -> tuple[TaskLine, ...]:
    lines = (line_of(one, of, now) for one in sorted(waits.tasks, key=lambda one: (one.at, one.person_id, one.key)))
    return tuple(replace(one, person_name=person.profile.name if (person := people[one.person_id]) else "") for one in lines)
