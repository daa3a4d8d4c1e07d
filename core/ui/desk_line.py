"""This is the place where it is said on every page of a coordinator that somebody at a kiosk needs a person: at once, without anybody having to look for it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import kiosk_desk
from core.care.access import Action
from core.errors import SessionExpired
from core.ui.icons import icon
from core.ui.session import Visit, here

LOOK_EVERY = "20s"
"""How often an open page looks for new calls by itself (house choice)."""


def draw(visit: Visit, current: str) -> None:
    """The line above the page; nothing where nobody calls, and on the page of the calls itself."""
    if visit.may(Action.ANSWER_DESK_CALL) and current != "kiosk_calls":
        with st.container(key="noprint_desk"):
            line()


@st.fragment(run_every=LOOK_EVERY)
def line() -> None:
    visit = here()
    t = visit.t
    try:
        many, danger, damaged = kiosk_desk.waiting(visit.ports, visit.who)
    except SessionExpired:
        return  # the page says so at the next touch
    if not many and not damaged:
        return
    said = t("desk.damaged") if damaged else t("desk.line_danger" if danger else "desk.line", n=many)
    st.html(
        f'<div class="box s-{"now" if danger else "soon"}" role="alert">{icon("now" if danger else "soon")}<b>{escape(said)}</b></div>'
    )
    st.page_link(visit.pages["kiosk_calls"], label=t("desk.see"), icon=":material/support_agent:")
