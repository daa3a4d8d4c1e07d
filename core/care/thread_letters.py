"""This is the place where it is decided who is told of a message outside the app, and where it is read from the letters whether anybody was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.care import letters
from core.care.letters import KeptLetter, Letter
from core.care.thread_papers import Said
from core.care.thread_views import NOT_CALLED, ON_ITS_WAY, TOLD
from core.domain.papers import Paper
from core.domain.people import Role
from core.domain.threads import PERSON, TEAM, Thread
from core.errors import NotFound
from core.ports import Store


def papers(store: Store, person_id: str, thread_id: str, thread: Thread, message: tuple[str, Said]) -> list[Paper]:
    """The letters about a message, to be kept together with it. From the team: the person, and the caregivers who write in this thread. From the person's side:
    whoever the thread was given to, else (and where it speaks of danger) everybody of the team."""
    key, said = message
    if said.writer.side == TEAM:
        helping = dict.fromkeys(one.account_id for one in thread.heads if one.side == PERSON and one.role == Role.CAREGIVER.value)
        audiences = [letters.PATIENT, *(letters.ACCOUNT + one for one in helping if _still(store, one, person_id))]
    else:
        given = [letters.ACCOUNT + thread.assigned] if thread.assigned and _still(store, thread.assigned, person_id) else []
        audiences = given if given and not said.flags else [*given, letters.COORDINATOR]
    made = [Letter(slot(key, one), "message", thread_id, one, bool(said.flags)) for one in audiences]
    return [letters.paper(person_id, one, said.at) for one in made]


def slot(message_id: str, audience: str) -> str:
    """The name of the letter about a message to an audience."""
    return f"message:{message_id}:{audience}"


def told(found: Iterable[KeptLetter], message_id: str) -> tuple[str, datetime | None]:
    """Whether the other side was told of a message, and when: TOLD by the first way that worked; else ON_ITS_WAY, NOT_CALLED, or "" where there is no letter."""
    mine = [one for one in found if one.letter.slot.startswith(f"message:{message_id}:")]
    sent = [
        sending.at
        for one in mine
        for sending in one.sendings
        if sending.state == "sent" and sending.channel != "in_app" and sending.at is not None
    ]
    if sent:
        return TOLD, min(sent)
    if any(one.state not in letters.ENDED for one in mine):
        return ON_ITS_WAY, None
    return (NOT_CALLED, None) if any(one.state in letters.NOT_REACHED for one in mine) else ("", None)


def _still(store: Store, account_id: str, person_id: str) -> bool:
    """Whether the account may still read about this person."""
    try:
        account = store.account(account_id)
    except NotFound:
        return False
    if account.disabled:
        return False
    if account.role is Role.COORDINATOR:
        return any(person_id in one.persons for one in store.panels(account.panels)) if account.panels else False
    return person_id in account.persons
