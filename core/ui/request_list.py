"""This is the place where a coordinator sees what people have asked for and nobody has answered, and answers in a word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from core.care import requests
from core.care.requests import PanelRequest
from core.ui.changing import refused, tried
from core.ui.markup import h2, note, tag
from core.ui.session import Visit, here

_OPEN, _TEXT = "hb.request_open", "request_text"


def draw(visit: Visit) -> None:
    """The open requests, the oldest first; nothing where there are none."""
    t, found = visit.t, requests.open_in_panel(visit.ports, visit.who)
    if not found:
        return
    st.html(h2(t("requests.title"), t.number(len(found))))
    with st.container(key="list_requests"):
        for one in found:
            with st.container(key=f"line_request_{one.request.request_id}", horizontal=True):
                st.html(line(visit, one))
                st.button(t("requests.open"), key=f"request_{one.request.request_id}", help=one.person_name, on_click=begin, args=(visit, one))
    dialog(visit, found)


def line(visit: Visit, one: PanelRequest) -> str:
    """Who asks for what, in which words, and how long ago."""
    t, asked = visit.t, one.request
    said = f'<span class="row-d">{escape(asked.text)}</span>' if asked.text else ""
    kind = tag(t("requests.kind." + asked.kind), "clock", "accent") + (tag(t("requests.urgent"), "now", "now") if one.urgent else "")
    waiting = escape(t("requests.asked", age=t.age(asked.asked_at, visit.now)))
    return f'<div class="line"><span><b>{escape(one.person_name or t("person.no_name"))}</b> {kind}</span><span>{escape(asked.title)}</span>{said}<span class="row-d">{waiting}</span></div>'


def begin(visit: Visit, one: PanelRequest) -> None:
    """Open it; that it was opened is written down, and is no answer."""
    close()
    st.session_state[_OPEN] = one.request.request_id
    requests.seen(visit.ports, visit.who, one.request.person_id, one.request.request_id)


def close() -> None:
    for key in (_OPEN, _TEXT):
        st.session_state.pop(key, None)


def dialog(visit: Visit, found: Sequence[PanelRequest]) -> None:
    """The dialog while it is open."""
    one = next((each for each in found if each.request.request_id == st.session_state.get(_OPEN)), None)
    if one is not None:
        st.dialog(one.person_name or visit.t("person.no_name"), width="small", on_dismiss=close)(form)(one)


def form(one: PanelRequest) -> None:
    """What is asked, a word to the person, yes or no."""
    visit = here()
    t = visit.t
    st.html(line(visit, one))
    refused(t)
    st.text_area(t("requests.answer"), key=_TEXT, max_chars=500)
    st.html(note(t("requests.refuse_note")))
    with st.container(key="tools_request", horizontal=True):
        st.button(t("requests.accept"), key="request_accept", type="primary", icon=":material/check:", on_click=answer, args=(visit, one, "accepted"))
        st.button(t("requests.refuse"), key="request_refuse", on_click=answer, args=(visit, one, "failed"))
    if _OPEN not in st.session_state:
        st.rerun()


def answer(visit: Visit, one: PanelRequest, state: str) -> None:
    """Say yes or no; where that is refused, the dialog stays open and says why."""
    text = str(st.session_state.get(_TEXT, ""))
    do = partial(requests.answer, visit.ports, visit.who, one.request.person_id, one.request.request_id, state, text)
    if tried(visit.t("requests.answered", title=one.request.title), do):
        close()
