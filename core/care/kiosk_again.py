"""This is the place where a call from a kiosk that nobody answered is made again, to more people each time, until somebody is on their way.

Where it is known who calls, the team of that person gets letters (core/care/letters.py); where it isn't, or nobody looks after them, every coordinator is written to
through their own ways. What is written goes out before it is marked: whoever dies in between writes once more, and nobody is forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from core.care import contacts, letters
from core.care.access import Action, Grant, require
from core.care.kiosk_desk import DOCUMENT, Call, Calls
from core.care.kiosk_papers import change, load
from core.care.letters import Letter
from core.care.requests import has_team
from core.domain.people import Account, Actor, Role
from core.errors import BadInput, NotDelivered
from core.ports import Message, Ports, Say

LOG = logging.getLogger("healthboard.worker")
AGAIN = (timedelta(minutes=3), timedelta(minutes=5), timedelta(minutes=15))
"""After the first, the second and every further time the next one comes so much later (house choices)."""
PURPOSE = "desk"


def run_due(ports: Ports, actor: Actor, words: Callable[[str], Say]) -> int:
    """Write about the calls that are due; how many there were. Raises BadInput (document_damaged)."""
    grant = require(ports, actor, Action.RUN_KIOSKS)
    now = ports.clock.now()
    due = [
        one
        for one in load(ports.store, DOCUMENT).calls
        if one.answered_at is None and one.next_at is not None and one.next_at <= now
    ]
    for one in due:
        if one.person_id and ports.store.person_exists(one.person_id) and has_team(ports, one.person_id):
            _letters(ports, grant, one, now)
        else:
            _to_all(ports, grant, one, words)
        change(ports.store, DOCUMENT, grant.event(one.call_id), lambda before, one=one: _told(before, one, now))  # type: ignore[misc]
    return len(due)


def _told(before: Calls, told: Call, now: datetime) -> Calls:
    after = replace(told, told=told.told + 1, next_at=now + AGAIN[min(told.told, len(AGAIN) - 1)])
    calls = (
        replace(after, times=one.times)
        if one.call_id == told.call_id and one.answered_at is None and one.told == told.told
        else one
        for one in before.calls
    )
    return replace(before, calls=tuple(calls))


def _letters(ports: Ports, grant: Grant, one: Call, now: datetime) -> None:
    audiences = (letters.COORDINATOR,) if not one.told else (letters.COORDINATOR, letters.ON_CALL)
    slots = [
        Letter(f"kiosk:{one.call_id}:{one.told}:{audience}", PURPOSE, one.call_id, audience, urgent=True) for audience in audiences
    ]
    papers = [letters.paper(one.person_id, letter, now) for letter in slots]
    ports.store.put_papers(one.person_id, (), grant.event(one.call_id, one.person_id), once=papers)


def _to_all(ports: Ports, grant: Grant, one: Call, words: Callable[[str], Say]) -> None:
    """Every coordinator who can be reached outside the app. Who can't sees it there."""
    for account in ports.store.accounts(grant.event("accounts")):
        if account.role is Role.COORDINATOR and not account.disabled and (ports.demo or not account.demo):
            _to(ports, account, one, words)


def _to(ports: Ports, account: Account, one: Call, words: Callable[[str], Say]) -> None:
    if ports.channels is None:
        return
    try:
        ways = contacts.load(ports.store, account.account_id).channels
    except BadInput as error:
        LOG.warning("The ways of %s can't be read: %s", account.account_id, error.code)
        return
    language = ports.store.preferences(account.account_id).language or "en"
    say = words(language)
    for way in ways:
        if way.on and way.kind in ports.channels.kinds:
            message_id = f"kiosk-{one.call_id}-{one.told}-{account.account_id}-{way.key}@healthboard"
            message = Message(message_id, say("letter.desk.title"), say("letter.desk.body"), ports.public_url, True, language)
            try:
                ports.channels.send(way.kind, way.address, message)
            except NotDelivered as error:
                LOG.warning("A call from a kiosk did not reach %s: %s; the next round tries again", account.account_id, error.code)
