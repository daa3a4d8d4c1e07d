"""This is the place where a thread is sorted: closed and opened again, given to somebody, marked as needing no answer, an interpreter, or no more hurry."""

from __future__ import annotations

from dataclasses import replace

from core.care.access import Action, require
from core.care.threads import change, writer_of
from core.domain.people import Account, Actor, Role
from core.domain.threads import Thread, stepped
from core.errors import BadInput, NotFound
from core.ports import Ports


def close(ports: Ports, actor: Actor, person_id: str, thread_id: str) -> None:
    """End a thread; writing opens it again. What is urgent stays urgent until the team has dealt with it. Raises NotFound."""
    _step(ports, actor, person_id, thread_id, "closed")


def reopen(ports: Ports, actor: Actor, person_id: str, thread_id: str) -> None:
    _step(ports, actor, person_id, thread_id, "reopened")


def no_answer(ports: Ports, actor: Actor, person_id: str, thread_id: str) -> None:
    """The team says that what was written needs no answer: nobody waits any more."""
    _step(ports, actor, person_id, thread_id, "no_answer", Action.ANSWER_MESSAGE)


def handled(ports: Ports, actor: Actor, person_id: str, thread_id: str) -> None:
    """The team has dealt with the danger that the words speak of (the alert about it has its own end)."""
    _step(ports, actor, person_id, thread_id, "handled", Action.ANSWER_MESSAGE)


def interpreter(ports: Ports, actor: Actor, person_id: str, thread_id: str, needed: bool) -> None:
    """Mark that somebody has to translate, or take that mark away."""
    _step(ports, actor, person_id, thread_id, "interpreter_on" if needed else "interpreter_off", Action.ANSWER_MESSAGE)


def assign(ports: Ports, actor: Actor, person_id: str, thread_id: str, account_id: str = "") -> None:
    """Give the thread to a coordinator of the person ("" to nobody). Raises BadInput for anybody else."""
    grant = require(ports, actor, Action.ANSWER_MESSAGE, person_id)
    who, at = writer_of(actor), ports.clock.now()
    chosen = next((one for one in _team(ports, person_id) if one.account_id == account_id), None)
    if account_id and chosen is None:
        raise BadInput("bad_choice", place="account", need="a coordinator of this person")

    def given(thread: Thread) -> Thread:
        if chosen is None:
            return stepped(thread, "unassigned", who, at)
        if thread.assigned == chosen.account_id:
            return thread
        return stepped(replace(thread, assigned_name=chosen.display_name), "assigned", who, at, chosen.account_id)

    change(ports, person_id, grant, thread_id, given)


def team(ports: Ports, actor: Actor, person_id: str) -> tuple[tuple[str, str], ...]:
    """The coordinators who look after the person: account id and name."""
    require(ports, actor, Action.ANSWER_MESSAGE, person_id)
    return tuple((one.account_id, one.display_name) for one in _team(ports, person_id))


def _team(ports: Ports, person_id: str) -> list[Account]:
    ids = dict.fromkeys(one for panel in ports.store.panels() if person_id in panel.persons for one in panel.coordinators)
    found = []
    for account_id in ids:
        try:
            account = ports.store.account(account_id)
        except NotFound:
            continue
        if account.role is Role.COORDINATOR and not account.disabled:
            found.append(account)
    return found


def _step(ports: Ports, actor: Actor, person_id: str, thread_id: str, what: str, action: Action = Action.READ_MESSAGES) -> None:
    grant = require(ports, actor, action, person_id)
    who, at = writer_of(actor), ports.clock.now()
    change(ports, person_id, grant, thread_id, lambda thread: stepped(thread, what, who, at))
