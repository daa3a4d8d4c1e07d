"""This is the place where a browser session knows who is here, in which language, about whom, and what it holds for them.

What is held about a person lives in this session's own `st.session_state`, keyed by person and revision; before it is used
again, care is asked whether the actor may still see this person and whether the revision is still the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import streamlit as st

from core.care import freshness, sessions
from core.care.access import Action, allowed
from core.care.desk_views import Landing
from core.domain.people import Actor, Preferences, Role
from core.errors import SessionExpired
from core.ports import Ports
from core.ui import shell
from core.ui.browser import cookie, language_of, zone_of
from core.ui.words import Words, words

COOKIE = "hb_session"
SPOKEN = "hb.spoken"
"""The language somebody at a kiosk chose; it ends with their stay."""
_SESSION, _LANDING, _PERSON, _LANGUAGE, _ENDED = "hb.session", "hb.landing", "hb.person", "hb.language", "hb.ended"
_HELD, _TOUCHED, _VISIT = "hb.held", "hb.touched", "hb.visit"
TOUCH_EVERY = timedelta(seconds=20)
MOST_HELD = 48
PREPARED_FOR = timedelta(minutes=5)
"""How long prepared HTML may say "2 hours ago" before it is written anew."""

T = TypeVar("T")


@dataclass(frozen=True)
class Chosen:
    """Whose record is open: our id, and the name as the list said it."""

    person_id: str
    name: str = ""


@dataclass(frozen=True)
class Visit:
    """One run of one browser session: the ports, who acts (None: nobody is signed in), their words, the time, whose record."""

    ports: Ports
    t: Words
    now: datetime
    actor: Actor | None = None
    landing: Landing | None = None
    person: Chosen | None = None
    ended: str = ""
    pages: Mapping[str, st.Page] = field(default_factory=dict)

    @property
    def who(self) -> Actor:
        """The actor; asking for one while nobody is signed in is the end of a session."""
        if self.actor is None:
            raise SessionExpired()
        return self.actor

    @property
    def role(self) -> Role:
        return self.who.role

    @property
    def preferences(self) -> Preferences:
        return self.landing.preferences if self.landing else Preferences()

    def may(self, action: Action) -> bool:
        """Whether a button for this action should be there at all; the use case asks again."""
        return self.actor is not None and allowed(self.actor.role, action)

    @property
    def own(self) -> bool:
        """Whether one looks at one's own record."""
        return self.actor is not None and self.actor.role is Role.PATIENT

    def reading(self) -> Reading:
        """What may be read of the chosen person now. Raises NotPermitted or SessionExpired."""
        person_id = self.person.person_id if self.person else ""
        return Reading(self, person_id, freshness.revision(self.ports, self.who, person_id))


@dataclass(frozen=True)
class Reading:
    """The chosen person at one revision: views and prepared HTML are made once and held for this session only."""

    visit: Visit
    person_id: str
    revision: int

    def view(self, what: str, query: Hashable, make: Callable[[], T]) -> T:
        """A view of care, as held for this revision or made now."""
        return self._held((what, query, self.visit.preferences), make)

    def prepared(self, what: str, query: Hashable, make: Callable[[], T]) -> T:
        """HTML or a figure made from a view: also depends on language, timezone and (for ages) roughly on the time."""
        t = self.visit.t
        window = int(self.visit.now.timestamp() // PREPARED_FOR.total_seconds())
        return self._held((what, query, self.visit.preferences, t.language, str(t.zone), window), make)

    def _held(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        held: dict[Any, Any] = st.session_state.setdefault(_HELD, {})
        whole = (self.person_id, self.revision, *key)
        if whole not in held:
            for old in [k for k in held if k[:2] != whole[:2]] or list(held)[: max(len(held) - MOST_HELD + 1, 0)]:
                del held[old]
            held[whole] = make()
        return held[whole]  # type: ignore[no-any-return]


def arrive(ports: Ports) -> Visit:
    """Find out who is here. Called once at the start of every run, by app.py alone."""
    now = ports.clock.now()
    actor, ended = _actor(ports)
    landing = _landing(ports, actor) if actor else None
    preferences = landing.preferences if landing else Preferences()
    if actor:
        _touch(ports, actor, now)
    t = words(st.session_state.get(SPOKEN, "") or language_of(preferences, st.session_state.get(_LANGUAGE, "")), zone_of(preferences))
    visit = Visit(ports, t, now, actor, landing, _chosen(actor, landing), ended)
    st.session_state[_VISIT] = visit
    return visit


def with_pages(visit: Visit, pages: Mapping[str, st.Page]) -> Visit:
    """The same visit, knowing where links lead."""
    visit = replace(visit, pages=pages)
    st.session_state[_VISIT] = visit
    return visit


def here() -> Visit:
    """The visit of this run, for pages and fragments."""
    visit = st.session_state.get(_VISIT)
    if not isinstance(visit, Visit):
        raise SessionExpired()
    return visit


def enter(ports: Ports, session_id: str) -> None:
    """Sign this browser session in: nothing of whoever was here before stays."""
    language = st.session_state.get(_LANGUAGE, "")
    st.session_state.clear()
    st.session_state[_SESSION] = session_id
    if language:
        st.session_state[_LANGUAGE] = language
    shell.trade_ticket(sessions.make_ticket(ports, sessions.actor_of(ports, session_id)))


def leave(visit: Visit) -> None:
    """Sign out: end the session, clear everything this browser session holds, and have the cookie removed."""
    if visit.actor:
        sessions.sign_out(visit.ports, visit.actor)
    _forget("signed_out")
    shell.drop_cookie()


def end(code: str) -> None:
    """The sign-in turned out to be over: clear everything and say why on the sign-in page."""
    _forget(code)


def choose_language(language: str) -> None:
    """The language chosen before signing in; the browser remembers it."""
    st.session_state[_LANGUAGE] = language
    shell.remember_language(language)


def choose_person(person_id: str, name: str) -> None:
    """Open somebody's record: nothing of the person before stays."""
    st.session_state.pop(_HELD, None)
    st.session_state[_PERSON] = Chosen(person_id, name)


def close_person() -> None:
    st.session_state.pop(_HELD, None)
    st.session_state.pop(_PERSON, None)


def preferences_changed() -> None:
    """Have who is signed in and what they chose read again in the next run."""
    st.session_state.pop(_LANDING, None)


def _actor(ports: Ports) -> tuple[Actor | None, str]:
    state = st.session_state
    session_id = state[_SESSION] if _SESSION in state else cookie(COOKIE)
    if not session_id:
        return None, state.get(_ENDED, "")
    try:
        actor = sessions.actor_of(ports, session_id)
    except SessionExpired as error:
        _forget(error.code)
        return None, error.code
    state[_SESSION] = session_id
    return actor, ""


def _landing(ports: Ports, actor: Actor) -> Landing:
    """Who is signed in, read once for each sign-in: reading names leaves a line in the audit trail."""
    kept = st.session_state.get(_LANDING)
    if isinstance(kept, Landing) and kept.account.account_id == actor.account_id:
        return kept
    landing = sessions.landing(ports, actor)
    st.session_state[_LANDING] = landing
    return landing


def _touch(ports: Ports, actor: Actor, now: datetime) -> None:
    last = st.session_state.get(_TOUCHED)
    if last is None or not timedelta(0) <= now - last < TOUCH_EVERY:
        sessions.touch(ports, actor)
        st.session_state[_TOUCHED] = now


def _chosen(actor: Actor | None, landing: Landing | None) -> Chosen | None:
    if actor is None or landing is None:
        return None
    kept = st.session_state.get(_PERSON)
    if actor.role is Role.COORDINATOR:
        return kept if isinstance(kept, Chosen) else None
    known = dict(landing.people)
    if isinstance(kept, Chosen) and kept.person_id in known:
        return kept
    return Chosen(landing.person_id, known.get(landing.person_id, "")) if landing.person_id else None


def _forget(code: str) -> None:
    language = st.session_state.get(_LANGUAGE, "")
    st.session_state.clear()
    st.session_state[_SESSION] = ""  # the cookie of this connection is not tried again
    st.session_state[_ENDED] = code
    if language:
        st.session_state[_LANGUAGE] = language
