"""This is the place where the team sorts its people: tags from the house's lists, and who of the team looks after whom. Both lie in the person's own drawer,
sealed with their key; the lists of tags are the house's and say nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from core.care.access import Action, Grant, require
from core.care.medicine_entries import text_within
from core.care.team import Team, team
from core.domain.people import Actor, Panel
from core.errors import BadInput, NotPermitted
from core.ports import Ports

DRAWER, TAGS = "worklist_sorting", "worklist_tags"
MOST_TAGS, MOST_ON_ONE, LONGEST, MOST_STEPS = 60, 12, 40, 100


@dataclass(frozen=True, slots=True)
class Sorted:
    """How a person was sorted: their tags, who looks after them ("" nobody in particular), and who gave them to whom, when."""

    tags: tuple[str, ...] = ()
    assigned: str = ""
    steps: tuple[tuple[datetime, str, str], ...] = ()
    version: int = 1


def read(body: bytes) -> Sorted:
    """What lies in the drawer. Raises BadInput (drawer_damaged)."""
    if not body:
        return Sorted()
    try:
        found = msgspec.json.decode(body, type=Sorted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput("drawer_damaged", place=DRAWER) from None
    if found.version != 1:
        raise BadInput("drawer_damaged", place=DRAWER)
    return found


def kept(ports: Ports, grant: Grant, person_id: str) -> Sorted:
    """For a use case that has asked for access already. Raises BadInput (drawer_damaged)."""
    return read(ports.store.drawer(person_id, DRAWER, grant.event("sorting")))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person can be sorted by, and how they are now: colleagues by account id, and the tags of their panels with those they have."""

    team: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    now: Sorted


def choices(ports: Ports, actor: Actor, person_id: str) -> Choices:
    """For the form. Raises BadInput (drawer_damaged, document_damaged)."""
    grant = require(ports, actor, Action.SORT_PEOPLE, person_id)
    of, before = _team(ports, person_id), kept(ports, grant, person_id)
    found = lists(ports)
    tags = dict.fromkeys((*(one for panel in of.panels for one in found.get(panel.panel_id, ())), *before.tags))
    return Choices(tuple((one, of.name(one)) for one in of.of(person_id)), tuple(tags), before)


def own_lists(ports: Ports, actor: Actor) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The lists of the panels one works on: id, name, tags. Raises BadInput (document_damaged)."""
    grant = require(ports, actor, Action.EDIT_TAGS)
    panels = ports.store.panels(grant.account.panels if grant.account is not None else None)
    found = lists(ports)
    return tuple((one.panel_id, one.name, found.get(one.panel_id, ())) for one in panels)


def assign(ports: Ports, actor: Actor, person_id: str, account_id: str) -> Sorted:
    """Say who of the team looks after the person ("" nobody in particular). Raises BadInput where that one doesn't work on their panels; Conflict."""
    grant = require(ports, actor, Action.SORT_PEOPLE, person_id)
    if account_id and not _team(ports, person_id).has(person_id, account_id):
        raise BadInput("task_owner", place="assigned", need="somebody who looks after this person")
    body = ports.store.drawer(person_id, DRAWER, grant.event("sorting"))
    before = read(body)
    if before.assigned == account_id:
        return before
    step = (ports.clock.now(), actor.account_id, account_id)
    return _put(ports, grant, person_id, body, replace(before, assigned=account_id, steps=(*before.steps, step)[-MOST_STEPS:]))


def tag(ports: Ports, actor: Actor, person_id: str, tags: Iterable[str]) -> Sorted:
    """Give the person these tags and no others: of the lists of their panels, or ones they have already. Raises BadInput, Conflict."""
    grant = require(ports, actor, Action.SORT_PEOPLE, person_id)
    body = ports.store.drawer(person_id, DRAWER, grant.event("sorting"))
    before, wanted = read(body), tuple(dict.fromkeys(tags))
    panels = {panel.panel_id for panel in ports.store.panels() if person_id in panel.persons}
    may = {one for panel_id, found in lists(ports).items() if panel_id in panels for one in found} | set(before.tags)
    if len(wanted) > MOST_ON_ONE:
        raise BadInput("too_many_entries", place="tags", need=MOST_ON_ONE)
    if not set(wanted) <= may:
        raise BadInput("bad_choice", place="tags", need="a tag of the panel's list")
    return before if wanted == before.tags else _put(ports, grant, person_id, body, replace(before, tags=wanted))


def save_tags(ports: Ports, actor: Actor, panel_id: str, tags: Iterable[str]) -> tuple[str, ...]:
    """The list of tags of a panel one works on. Who has a tag that is taken off the list keeps it. Raises NotPermitted for somebody else's panel, BadInput,
    Conflict where a colleague was faster."""
    grant = require(ports, actor, Action.EDIT_TAGS)
    if grant.account is not None and panel_id not in grant.account.panels:
        raise NotPermitted(action=Action.EDIT_TAGS.value)
    wanted = tuple(dict.fromkeys(one for one in (text_within(text, "tag", LONGEST) for text in tags) if one))
    if len(wanted) > MOST_TAGS:
        raise BadInput("too_many_entries", place="tags", need=MOST_TAGS)
    body = ports.store.house_document(TAGS)
    after = {**_lists(body), panel_id: wanted}
    ports.store.put_house_document(TAGS, msgspec.json.encode({"version": 1, "tags": after}), grant.event("tags"), was=body)
    return wanted


def lists(ports: Ports) -> dict[str, tuple[str, ...]]:
    """Every panel's list of tags, for a use case that has asked for access already. Raises BadInput (document_damaged)."""
    return _lists(ports.store.house_document(TAGS))


class _Lists(msgspec.Struct, frozen=True):
    version: int
    tags: dict[str, tuple[str, ...]]


def _lists(body: bytes) -> dict[str, tuple[str, ...]]:
    if not body:
        return {}
    try:
        return msgspec.json.decode(body, type=_Lists).tags
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("document_damaged", place=TAGS) from None


def _put(ports: Ports, grant: Grant, person_id: str, was: bytes, after: Sorted) -> Sorted:
    ports.store.put_in_drawer(person_id, DRAWER, msgspec.json.encode(after), grant.event("sorting"), was=was)
    return after


def _team(ports: Ports, person_id: str) -> Team:
    panels: list[Panel] = [panel for panel in ports.store.panels() if person_id in panel.persons]
    return team(ports, panels)
