"""This is the place where a browser session knows which conversation is open, what its composer was given, and how many messages wait to be read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

import streamlit as st

from core.care import freshness, thread_desk, threads
from core.care.access import Action
from core.domain.people import Role
from core.ui.session import Visit

_OPEN, _COMPOSER, _FRESH, _DANGER, _COUNT, _DRAFT = "hb.thread", "hb.composer", "hb.thread_fresh", "hb.message_danger", "hb.unread", "hb.message_draft"
COUNTED_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Opened:
    """A conversation that is open: whose, which ("" a new one), and the token of the composer that was shown with it."""

    person_id: str
    thread_id: str
    token: str
    first_fresh: int = 0


def opened() -> Opened | None:
    found = st.session_state.get(_OPEN)
    return found if isinstance(found, Opened) else None


def open_thread(person_id: str, thread_id: str = "") -> None:
    """Open a conversation, or an empty composer. What was typed elsewhere is gone: it belonged there."""
    close()
    st.session_state[_OPEN] = Opened(person_id, thread_id, secrets.token_hex(16))


def close() -> None:
    for key in [key for key in st.session_state if str(key).startswith(("message_", "hb.file.file_"))]:
        del st.session_state[key]
    for name in (_OPEN, _DANGER, _DRAFT):
        st.session_state.pop(name, None)


def sent(person_id: str, thread_id: str, danger: str = "") -> None:
    """Something was sent: the composer starts anew, on the conversation it belongs to. `danger`: what was said, where it speaks of it."""
    close()
    st.session_state[_OPEN] = Opened(person_id, thread_id, secrets.token_hex(16))
    if danger:
        st.session_state[_DANGER] = danger
    counted_anew()


def danger() -> str:
    """What was sent last, where its words speak of danger."""
    return str(st.session_state.get(_DANGER, ""))


def drafted(token: str) -> tuple[str, str]:
    """Subject and text that were typed into this composer and not sent: another page leaves them where they are."""
    kept = st.session_state.get(_DRAFT)
    return (str(kept[1]), str(kept[2])) if isinstance(kept, tuple) and kept[0] == token else ("", "")


def keep_draft(token: str, subject: str, text: str) -> None:
    st.session_state[_DRAFT] = (token, subject, text)


def read_up_to(visit: Visit, one: Opened, fresh: int, last: int) -> None:
    """Write down that everything on the screen has been seen; the count in the bar is drawn anew by the next run."""
    threads.mark_read(visit.ports, visit.who, one.person_id, one.thread_id, last)
    st.session_state[_OPEN] = replace(one, first_fresh=one.first_fresh or fresh)
    counted_anew()


def unread(visit: Visit) -> int:
    """How many messages wait to be read, for the bar: exactly for a person and their caregivers, a minute old at most for the team."""
    if not visit.may(Action.LIST_MESSAGES):
        return 0
    now = _mark(visit)
    kept = st.session_state.get(_COUNT)
    if isinstance(kept, tuple) and kept[0] == now and (visit.role is not Role.COORDINATOR or timedelta(0) <= visit.now - kept[1] < COUNTED_FOR):
        return int(kept[2])
    number = thread_desk.unread_now(visit.ports, visit.who).unread
    st.session_state[_COUNT] = (now, visit.now, number)
    return number


def counted_anew() -> None:
    st.session_state.pop(_COUNT, None)


def _mark(visit: Visit) -> tuple[object, ...]:
    """What a count depends on: the revisions of the few people a person or a caregiver may read."""
    if visit.role is Role.COORDINATOR or visit.landing is None:
        return (visit.who.account_id,)
    return (visit.who.account_id, *(freshness.revision(visit.ports, visit.who, person_id) for person_id, _ in visit.landing.people))
