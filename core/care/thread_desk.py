"""This is the place where threads are listed in the order in which they need somebody, counted truly, and opened one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from math import ceil

from core.care import letters, reminder_book, thread_hours, thread_letters
from core.care.access import Action, Grant, reach, require
from core.care.requests import has_team
from core.care.thread_papers import Said, kept_thread, said_of, side_of, thread_of
from core.care.thread_views import FILTERS, Counts, Inbox, InboxQuery, MessageView, Receipt, ThreadLine, ThreadView
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor
from core.domain.threads import CLOSED, WAITING_TEAM, Thread, Writer, mark_of, seen_by, unread
from core.errors import BadInput
from core.ports import Ports

_NOBODY = Writer("", "", "", "")


def inbox(ports: Ports, actor: Actor, query: InboxQuery) -> Inbox:
    """The threads within reach (or of one person): what speaks of danger first, then who waits longest for the team, then the newest. Raises BadInput."""
    grant = require(ports, actor, Action.LIST_MESSAGES, query.person_id)
    if query.only not in FILTERS:
        raise BadInput("bad_choice", place="only", need=" ".join(FILTERS))
    lines = _lines(ports, actor, grant, query.person_id)
    fitting = sorted((one for one in lines if _fits(one, query.only, actor)), key=_order)
    size = max(1, query.page_size)
    pages = max(1, ceil(len(fitting) / size))
    page = min(max(1, query.page), pages)
    shown = tuple(fitting[(page - 1) * size : page * size])
    people = {one.person_id for one in shown}
    names = {one.person_id: one.profile.name for one in ports.store.people(tuple(people), grant.event("names"))} if people else {}
    named = tuple(_named(one, names.get(one.person_id, "")) for one in shown)
    return Inbox(query, named, len(fitting), pages, _counted(lines))


def unread_now(ports: Ports, actor: Actor, person_id: str = "") -> Counts:
    """How many messages wait to be read, and how many threads for the team's answer; of one person, or of all within reach."""
    grant = require(ports, actor, Action.LIST_MESSAGES, person_id)
    return _counted(_lines(ports, actor, grant, person_id))


def opened(ports: Ports, actor: Actor, person_id: str, thread_id: str, language: str = "") -> ThreadView:
    """A thread as this reader sees it (who reads that language; "": the one they chose). To read is not to have read: `threads.mark_read` says that. Raises NotFound; BadInput (paper_damaged)."""
    grant = require(ports, actor, Action.READ_MESSAGES, person_id)
    now = ports.clock.now()
    paper, thread = kept_thread(ports.store, person_id, thread_id, grant.event(thread_id))
    said = _said(ports, person_id, thread_id, grant)
    told = letters.of(ports.store, (person_id,), grant.event("letters"), about=thread_id)
    language = language or ports.store.preferences(actor.account_id).language or "en"
    side, mark, gone = (
        side_of(actor.role.value),
        mark_of(thread, actor.account_id),
        {one.about: one for one in thread.steps if one.what == "taken_back"},
    )
    messages = []
    for number, head in enumerate(thread.heads, start=1):
        if head.key not in said:
            continue
        mine = head.account_id == actor.account_id
        receipt = _receipt(thread, number, thread_letters.told(told, head.key)) if head.side == side else None
        foreign = said[head.key].language != language and bool(said[head.key].text) and not mine
        messages.append(
            MessageView(head.key, number, said[head.key], mine, receipt, foreign, number > mark and not mine, gone.get(head.key))
        )
    name = ports.store.person(person_id, grant.event("name")).profile.name
    line = _named(_line(paper, actor, now), name)
    offices = thread_hours.offices(ports.store, now)
    there = has_team(ports, person_id)
    return ThreadView(
        line,
        tuple(messages),
        offices,
        there,
        _reachable(ports, person_id, grant),
        len(thread.heads) - len(messages),
    )


def reachable(ports: Ports, actor: Actor, person_id: str) -> bool:
    """Whether the person can be told outside the app that there is a message."""
    grant = require(ports, actor, Action.READ_MESSAGES, person_id)
    return _reachable(ports, person_id, grant)


def _lines(ports: Ports, actor: Actor, grant: Grant, person_id: str) -> list[ThreadLine]:
    within = (person_id,) if person_id else _within(ports, grant)
    now = ports.clock.now()
    papers = ports.store.papers(within, grant.event("threads"), kinds=(PaperKind.THREAD,)) if within else ()
    return [_line(one, actor, now) for one in papers]


def _within(ports: Ports, grant: Grant) -> tuple[str, ...]:
    if grant.account is not None:
        return reach(ports, grant.account)
    return tuple(one.person_id for one in ports.store.people(None, grant.event("threads")))


def _line(paper: Paper, actor: Actor, now: datetime) -> ThreadLine:
    """A thread that can't be read is there, and says so."""
    try:
        thread = thread_of(paper)
    except BadInput:
        return ThreadLine(paper.person_id, "", paper.key, Thread("", paper.at, _NOBODY, state=paper.state), damaged=True)
    late = thread.state == WAITING_TEAM and thread.promised_by is not None and thread.promised_by < now
    return ThreadLine(paper.person_id, "", paper.key, thread, unread(thread, actor.account_id, side_of(actor.role.value)), late)


def _named(line: ThreadLine, name: str) -> ThreadLine:
    return ThreadLine(line.person_id, name, line.thread_id, line.thread, line.unread, line.late, line.damaged)


def _fits(line: ThreadLine, only: str, actor: Actor) -> bool:
    thread = line.thread
    if line.damaged:
        return only == ""
    return {
        "": thread.state != CLOSED or bool(thread.urgent) or line.unread > 0,
        "waiting": thread.state == WAITING_TEAM or bool(thread.urgent),
        "mine": thread.assigned == actor.account_id and thread.state != CLOSED,
        "unread": line.unread > 0,
        "open": thread.state != CLOSED,
        "closed": thread.state == CLOSED,
    }[only]


def _order(line: ThreadLine) -> tuple[int, float, str]:
    thread = line.thread
    if thread.urgent or line.damaged:
        return 0, (thread.waiting_since or thread.last_at).timestamp(), line.thread_id
    if thread.state == WAITING_TEAM:
        return 1, (thread.waiting_since or thread.last_at).timestamp(), line.thread_id
    return 2, -thread.last_at.timestamp(), line.thread_id


def _counted(lines: Iterable[ThreadLine]) -> Counts:
    whole = list(lines)
    return Counts(
        sum(one.unread for one in whole),
        sum(one.thread.state == WAITING_TEAM for one in whole if not one.damaged),
        sum(one.late for one in whole),
        sum(bool(one.thread.urgent) for one in whole),
    )


def _said(ports: Ports, person_id: str, thread_id: str, grant: Grant) -> dict[str, Said]:
    """The messages that can be read; how many can't is told by the thread."""
    found: dict[str, Said] = {}
    papers = ports.store.papers((person_id,), grant.event(thread_id), kinds=(PaperKind.MESSAGE,), parent=thread_id)
    for one in papers:
        try:
            found[one.key] = said_of(one)
        except BadInput:
            continue
    return found


def _receipt(thread: Thread, number: int, told: tuple[str, datetime | None]) -> Receipt:
    return Receipt(told[0], told[1], tuple((one.name, one.at) for one in seen_by(thread, number)))


def _reachable(ports: Ports, person_id: str, grant: Grant) -> bool:
    """Whether the person has any way out of the app on which a message could be announced."""
    kinds = ports.channels.kinds if ports.channels else frozenset[str]()
    try:
        book = reminder_book.load(ports.store, person_id, grant)
    except BadInput:
        return False
    return any(one.on and one.kind in kinds for one in book.channels)
