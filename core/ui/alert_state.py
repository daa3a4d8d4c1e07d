"""This is the place where a browser session knows which alert is open, and how many alerts are, for the bar."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core.care import alerts
from core.care.access import Action
from core.domain.people import Role
from core.ui.session import Visit

_OPEN, _COUNT = "hb.alert", "hb.alerts"
COUNTED_FOR = timedelta(seconds=60)
ACT = "alert_act_"
"""How the keys of the fields of an act begin."""


def opened() -> tuple[str, str] | None:
    """Whose alert is open, and which."""
    found = st.session_state.get(_OPEN)
    return found if isinstance(found, tuple) and len(found) == 2 else None


def open_one(person_id: str, alert_id: str) -> None:
    close()
    st.session_state[_OPEN] = (person_id, alert_id)


def close() -> None:
    """Back to the list; what was typed and not sent is gone."""
    for key in [key for key in st.session_state if str(key).startswith(ACT)]:
        del st.session_state[key]
    st.session_state.pop(_OPEN, None)


def count(visit: Visit) -> int:
    """How many alerts are open: a minute old at most, and anew after each act of one's own."""
    if visit.role is not Role.COORDINATOR or not visit.may(Action.VIEW_PANEL_ALERTS):
        return 0
    kept = st.session_state.get(_COUNT)
    if isinstance(kept, tuple) and timedelta(0) <= visit.now - kept[0] < COUNTED_FOR:
        return int(kept[1])
    number = len(alerts.panel(visit.ports, visit.who).alerts)
    st.session_state[_COUNT] = (visit.now, number)
    return number


def counted(visit: Visit, number: int) -> bool:
    """The page has just counted; whether the bar, which was drawn before it, said another number."""
    kept = st.session_state.get(_COUNT)
    st.session_state[_COUNT] = (visit.now, number)
    return isinstance(kept, tuple) and int(kept[1]) != number


def counted_anew() -> None:
    st.session_state.pop(_COUNT, None)
