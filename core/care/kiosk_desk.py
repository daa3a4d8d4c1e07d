"""This is the place where somebody at a kiosk asks for a person: the call stands on every coordinator's pages until somebody says by name that they are on their way.

A call is never dropped by time. Whom nobody answers is called again, more widely each time (`run_due`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care import kiosk_secrets
from core.care.access import Action, reach, require
from core.care.kiosk_papers import Document, change, load
from core.care.kiosk_registry import Hand
from core.domain.people import Actor
from core.errors import BadInput, NotFound
from core.ports import Ports, Store

WHYS = ("asked", "danger", "not_recognised", "offline", "equipment")
KEPT_FOR = timedelta(days=30)
"""How long a call that was answered is remembered."""
MOST_ANSWERED = 200
SAME_WITHIN = timedelta(minutes=15)
"""The same reason at the same kiosk within so long is the same call, unless it is about somebody else."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: from which kiosk, why, whose ("" nobody knows), since when and how often; who answered it. `told`: how often the team was written to."""

    call_id: str
    kiosk_id: str
    kiosk: str
    why: str
    at: datetime
    person_id: str = ""
    times: int = 1
    by: str = ""
    by_name: str = ""
    answered_at: datetime | None = None
    told: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Calls:
    calls: tuple[Call, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as a coordinator sees it: with the person's name where the person is on one of their panels."""

    call: Call
    person_id: str = ""
    person_name: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """The calls nobody has answered, what needs help at once first; those of the last day that somebody has. `damaged`: they can't be read."""

    open: tuple[CallLine, ...] = ()
    answered: tuple[CallLine, ...] = ()
    damaged: bool = False


DOCUMENT: Document[Calls] = Document("kiosk.calls", Calls())


def call(hand: Hand, why: str, ticket: str = "") -> None:
    """Call a person to this kiosk. A ticket that is none of ours, or over, calls for somebody unknown: a call is never refused for it."""
    person_id = ""
    if ticket:
        try:
            found = kiosk_secrets.read(kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key")), ticket)
            mine = found.kiosk_id == hand.kiosk_id and found.hands_in(hand.ports.clock.now())
            person_id = found.person_id if mine and hand.ports.store.person_exists(found.person_id) else ""
        except BadInput:
            person_id = ""
    put(hand, why if why in WHYS else "asked", person_id)


def put(hand: Hand, why: str, person_id: str, call_id: str = "") -> None:
    """Put a call down; the same `call_id` is the same call, answered or not."""
    now = hand.ports.clock.now()
    made = Call(call_id or f"c{secrets.token_hex(8)}", hand.kiosk_id, hand.name, why, now, person_id, next_at=now)

    def changed(before: Calls) -> Calls:
        if any(one.call_id == made.call_id for one in before.calls):
            return before
        same = next((one for one in before.calls if _same(one, made)), None)
        if same is not None:
            return replace(before, calls=tuple(replace(one, times=one.times + 1) if one is same else one for one in before.calls))
        return replace(before, calls=(*_remembered(before.calls, now), made))

    change(hand.ports.store, DOCUMENT, hand.event(what=f"desk_{why}", person_id=person_id), changed)


def desk(ports: Ports, actor: Actor) -> Desk:
    """What stands before the coordinator who asks."""
    grant = require(ports, actor, Action.ANSWER_DESK_CALL)
    try:
        calls, now = load(ports.store, DOCUMENT).calls, ports.clock.now()
    except BadInput:
        return Desk(damaged=True)
    mine = set(reach(ports, grant.account)) if grant.account else {one.person_id for one in calls}
    people = [one for one in dict.fromkeys(call.person_id for call in calls) if one and one in mine]
    names = {one.person_id: one.profile.name for one in ports.store.people(people, grant.event("desk"))} if people else {}
    lines = [_line(one, names, now) for one in calls]
    waiting = sorted(
        (one for one in lines if one.call.answered_at is None), key=lambda one: (one.call.why != "danger", one.call.at)
    )
    done = [one for one in lines if one.call.answered_at is not None and now - one.call.answered_at < timedelta(days=1)]
    return Desk(tuple(waiting), tuple(reversed(done)))


def answer(ports: Ports, actor: Actor, call_id: str) -> Call:
    """Say that one is on one's way. Who was first stays it. Raises NotFound."""
    grant = require(ports, actor, Action.ANSWER_DESK_CALL)
    now, name = ports.clock.now(), (grant.account.display_name if grant.account else actor.display_name)

    def changed(before: Calls) -> Calls:
        mine = _one(before.calls, call_id)
        if mine.answered_at is not None:
            return before
        after = replace(mine, by=actor.account_id, by_name=name, answered_at=now, next_at=None)
        return replace(before, calls=tuple(after if one.call_id == call_id else one for one in before.calls))

    return _one(change(ports.store, DOCUMENT, grant.event(call_id), changed).calls, call_id)


def start_over(ports: Ports, actor: Actor) -> None:
    """Empty a damaged list, so that calls can be kept again."""
    grant = require(ports, actor, Action.ANSWER_DESK_CALL)
    if not desk(ports, actor).damaged:
        raise BadInput("bad_choice", place="desk", need="a list that is damaged")
    ports.store.put_house_document(DOCUMENT.name, b"", grant.event("desk_calls"))


def is_answered(store: Store, call_id: str) -> bool:
    """Whether somebody is on their way, for who is about to write a letter about it. A list that can't be read answers nothing."""
    try:
        return any(one.call_id == call_id and one.answered_at is not None for one in load(store, DOCUMENT).calls)
    except BadInput:
        return False


def waiting(ports: Ports, actor: Actor) -> tuple[int, bool, bool]:
    """How many calls nobody has answered, whether one of them needs help at once, and whether the list can't be read: for the line on every page of a coordinator."""
    require(ports, actor, Action.ANSWER_DESK_CALL)
    try:
        found = [one for one in load(ports.store, DOCUMENT).calls if one.answered_at is None]
    except BadInput:
        return 0, False, True
    return len(found), any(one.why == "danger" for one in found), False


def _same(one: Call, other: Call) -> bool:
    return (
        one.answered_at is None
        and (one.kiosk_id, one.why, one.person_id) == (other.kiosk_id, other.why, other.person_id)
        and other.at - one.at < SAME_WITHIN
    )


def _remembered(calls: Sequence[Call], now: datetime) -> tuple[Call, ...]:
    """All that are open, and the newest of those that were answered."""
    done = [one for one in calls if one.answered_at is not None and now - one.answered_at < KEPT_FOR][-MOST_ANSWERED:]
    return tuple(one for one in calls if one.answered_at is None or one in done)


def _one(calls: Sequence[Call], call_id: str) -> Call:
    found = next((one for one in calls if one.call_id == call_id), None)
    if found is None:
        raise NotFound("desk_call_not_found", call=call_id)
    return found


def _line(one: Call, names: dict[str, str], now: datetime) -> CallLine:
    mine = one.person_id in names
    return CallLine(
        one, one.person_id if mine else "", names.get(one.person_id, ""), max(0, int((now - one.at).total_seconds() // 60))
    )
