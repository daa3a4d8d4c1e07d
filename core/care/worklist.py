"""This is the place where a coordinator learns who needs them next, and why: everybody of the panel once, in clinical order, and nobody left out.

What was read of a person is kept by the session for as long as their record stands as it did; what waits for the team is asked for all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import ceil
from uuid import uuid4

from core.care import worklist_marks
from core.care.access import Action, Grant, reach, require
from core.care.check_lines import asked_at, is_late
from core.care.lines import age_at, folded
from core.care.medicine_entries import text_within
from core.care.reviews import rank_of
from core.care.views import Fact
from core.care.worklist_facts import gathered
from core.care.worklist_views import Gathered, Look, ReasonLine, WorkLine, WorklistShelf, WorklistView, WorkQuery
from core.domain.checks import CHECKS_OPEN, CheckState
from core.domain.people import Actor, Panel, Preferences
from core.domain.records import Person, PersonProfile
from core.errors import BadInput, HealthboardError, NotFound, StoreDamaged
from core.ports import Ports
from core.trends.conversion import facts_for, number_for, shown_as
from core.worklist.ranking import rank
from core.worklist.rules import RULES
from core.worklist.terms import LANES, Entry, Open, PersonFacts, Reason

Told = Callable[[int, int], None]
"""Hears how many people of how many were read."""
_REQUESTS: Mapping[str, str] = {"refill": "request_refill", "question": "request_question"}
_SILENT = ("silent", "silent_long", "old", "never_any")


def worklist(
    ports: Ports, actor: Actor, query: WorkQuery, kept: WorklistShelf, *, at: datetime | None = None, told: Told | None = None
) -> WorklistView:
    """A page of the people within reach, the most pressing first. `at`: as of another moment. Raises BadInput for a lane that is none."""
    grant = require(ports, actor, Action.VIEW_WORKLIST)
    if query.lane not in ("", *LANES):
        raise BadInput("bad_choice", place="lane", need=" ".join(LANES))
    now = at or ports.clock.now()
    panels = _panels(ports, grant)
    people = _people(ports, grant, _within(ports, grant, panels, query))
    read = _read(ports, grant, actor, people, (kept, now, told))
    open_now = _waiting(ports, grant, tuple(people), now)
    facts = [replace(one.facts, open=(*one.facts.open, *open_now.get(person_id, ()))) for person_id, one in read.items()]
    ranked = rank(facts, now.timestamp())
    entries = [entry for section in ranked.sections for entry in section.entries if query.lane in ("", section.lane)]
    found = [entry for entry in entries if _fits(people[entry.person_id], query)]
    size, pages = max(1, query.page_size), max(1, ceil(len(found) / max(1, query.page_size)))
    first = (min(max(1, query.page), pages) - 1) * size
    preferences = ports.store.preferences(actor.account_id)
    lines = tuple(
        _line(entry, (people[entry.person_id], read[entry.person_id]), panels, preferences, now)
        for entry in found[first : first + size]
    )
    names = tuple((one.panel_id, one.name) for one in panels)
    return WorklistView(query, now, tuple(ranked.counts.items()), names, lines, len(found), ranked.total, pages)


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


def _read(
    ports: Ports, grant: Grant, actor: Actor, people: Mapping[str, Person | None], how: tuple[WorklistShelf, datetime, Told | None]
) -> dict[str, Gathered]:
    shelf, now, told = how
    language = ports.store.preferences(actor.account_id).language
    found: dict[str, Gathered] = {}
    for done, (person_id, person) in enumerate(people.items(), 1):
        if person is None:
            found[person_id] = Gathered(PersonFacts(person_id, broken=("person_unreadable",)))
            continue
        key = (person.revision, now.toordinal(), language)
        held = shelf.read.get(person_id)
        if held is None or held[0] != key:
            held = (key, gathered(ports, grant, person, now, language))
            shelf.read[person_id] = held
        found[person_id] = held[1]
        if told is not None:
            told(done, len(people))
    for gone in [one for one in shelf.read if one not in people]:
        del shelf.read[gone]
    return found


def _waiting(ports: Ports, grant: Grant, people: tuple[str, ...], now: datetime) -> dict[str, list[Open]]:
    """What of these people waits for the team (or for them), read in two questions."""
    found: dict[str, list[Open]] = {}
    if not people:
        return found
    for asked in ports.store.requests(people, grant.event("worklist"), open_only=True):
        rule = _REQUESTS.get(asked.kind, "request_question")
        if asked.asked_at <= now:
            found.setdefault(asked.person_id, []).append(
                Open(rule, asked.asked_at.timestamp(), asked.request_id, {"title": asked.title})
            )
    for check in ports.store.checks(people, grant.event("worklist"), states=(*CHECKS_OPEN, CheckState.RETAKE_ASKED)):
        since = asked_at(check) or check.submitted_at
        if since > now:
            continue
        pressing = rank_of(check, now) == "show_soon"
        rule = (
            "photo_awaited"
            if check.state is CheckState.RETAKE_ASKED and not is_late(check, now)
            else "review_soon"
            if pressing
            else "review_other"
        )
        found.setdefault(check.person_id, []).append(Open(rule, since.timestamp(), check.check_id, {"kind": check.kind.value}))
    return found


def _fits(person: Person | None, query: WorkQuery) -> bool:
    words = folded(query.text).split()
    if person is None:
        return not words
    profile = person.profile
    names = [text for name in profile.names for text in (name.text, name.family, *name.given)]
    text = folded(" ".join((*names, profile.birth_date, *(value for _, value in profile.identifiers))))
    return all(word in text for word in words)


def _line(
    entry: Entry, known: tuple[Person | None, Gathered], panels: tuple[Panel, ...], preferences: Preferences, now: datetime
) -> WorkLine:
    person, read = known
    profile = person.profile if person else PersonProfile()
    reasons = tuple(_reason(one, preferences) for one in entry.reasons)
    signal = next((one.signal for one in reasons if one.signal in read.sparks), next(iter(read.sparks), ""))
    points = tuple((when, number_for(signal, value, preferences)) for when, value in read.sparks.get(signal, ()))
    last = read.facts.last_at
    return WorkLine(
        entry.person_id, profile.name, age_at(profile.birth_date, profile.deceased, now)[0], profile.birth_date, profile.gender,
        bool(person and person.synthetic) or profile.synthetic, tuple(one.name for one in panels if entry.person_id in one.persons),
        entry.lane, reasons, points, signal, _instant(last), worklist_marks.standing(read.looks, now), person.revision if person else 0,
    )  # fmt: skip


def _reason(one: Reason, preferences: Preferences) -> ReasonLine:
    rule = RULES[one.rule]
    signal = one.what if one.value is not None else str(one.facts.get("signal", "")) if one.rule.startswith("notice") else ""
    return ReasonLine(
        one.rule, one.lane, _says(one, preferences), rule.source, rule.status, _instant(one.at), one.known, signal, one.mark
    )


def _says(one: Reason, preferences: Preferences) -> Fact:
    """A notice in its own words; a rule of ours in ours, with the value in the reader's unit."""
    if one.rule.startswith("notice"):
        return Fact(one.what, dict(facts_for(one.facts, preferences)))
    said: dict[str, str | int | float] = {
        key: value for key, value in one.facts.items() if key in ("title", "kind", "before", "after")
    }
    if one.value is not None:
        said |= {
            "signal": one.what,
            "value": number_for(one.what, one.value, preferences),
            "unit": shown_as(one.what, preferences).unit,
        }
        for key, name in (("usual", "from_value"), ("limit", "to_value"), ("jump", "from_value")):
            if key in one.facts:
                said[name] = number_for(one.what, float(one.facts[key]), preferences)
    elif one.rule in ("bad_value", "bad_time"):
        said["signal"] = one.what
    elif one.rule in _SILENT:
        said["n"] = int(one.facts.get("days", 0))
    elif one.rule == "broken":
        said["why"] = one.what
    return Fact(f"worklist.rule.{one.rule}", said)


def _instant(at: float | None) -> datetime | None:
    try:
        return None if at is None else datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None
