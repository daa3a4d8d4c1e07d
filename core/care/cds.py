"""This is the place where cards that another system was shown, and what clinicians said to them, are kept for the person they were about.

Whose they are is never guessed: the other system sends the token that the person gave it on Sources. Without one nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.advice import feedback
from core.advice.feedback import Count, Heard, ShownCard
from core.care.access import Action, require
from core.care.door import agreed, grant_of, let_in
from core.care.identity import is_blank, same_person
from core.domain.people import Actor, Role
from core.domain.records import PersonProfile
from core.errors import Conflict, NotPermitted
from core.ports import DeviceToken, Ports

_TRIES = 3
Change = Callable[[tuple[ShownCard, ...]], tuple[tuple[ShownCard, ...], int]]


@dataclass(frozen=True, eq=False)
class FeedbackView:
    """The cards, the newest first, and the counts by rule. Only the care team is told of them: `told` is false for everybody else."""

    told: bool
    cards: tuple[ShownCard, ...] = ()
    counts: tuple[Count, ...] = ()


def who_asks(ports: Ports, secret: str) -> DeviceToken:
    """The connection this token is of. Raises NotPermitted for one that is unknown or revoked, and where the person took their consent back."""
    token = let_in(ports, secret)
    if not agreed(ports, token):
        raise NotPermitted("consent_withdrawn")
    return token


def is_theirs(ports: Ports, token: DeviceToken, sent: PersonProfile) -> bool:
    """Whether the person that was sent along can be the one who gave the token."""
    known = ports.store.person(token.person_id, grant_of(ports, token).event("profile")).profile
    return is_blank(known) or same_person(known, sent)


def keep_shown(ports: Ports, token: DeviceToken, cards: Sequence[ShownCard]) -> None:
    """Remember which cards were shown. The same again changes nothing."""
    _change(ports, token, lambda kept: (feedback.with_shown(kept, cards), 0))


def keep_said(ports: Ports, token: DeviceToken, said: Mapping[str, Heard]) -> int:
    """Keep what was said to cards; how many of them were never shown to this person's connections (those are not kept). The same again changes nothing."""
    return _change(ports, token, lambda kept: feedback.with_heard(kept, said))


def view(ports: Ports, actor: Actor, person_id: str) -> FeedbackView:
    """What clinicians said. Raises BadInput where the drawer is damaged."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    if actor.role not in (Role.COORDINATOR, Role.SYSTEM):
        return FeedbackView(told=False)
    kept = feedback.read(ports.store.drawer(person_id, feedback.DRAWER, grant.event(feedback.DRAWER)))
    return FeedbackView(True, tuple(reversed(kept)), feedback.counted(kept))


def _change(ports: Ports, token: DeviceToken, change: Change) -> int:
    event = grant_of(ports, token).event(feedback.DRAWER)
    for left in range(_TRIES, 0, -1):
        raw = ports.store.drawer(token.person_id, feedback.DRAWER, event)
        made, unknown = change(feedback.read(raw))
        try:
            ports.store.put_in_drawer(token.person_id, feedback.DRAWER, feedback.written(made), event, was=raw)
        except Conflict:
            if left == 1:
                raise
            continue
        return int(unknown)
    raise AssertionError
