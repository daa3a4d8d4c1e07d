"""This is the place where a coordinator sends a person one of the team's templates, from the worklist, in the person's own language, after having read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from uuid import uuid4

import streamlit as st

from core.care import thread_templates, threads
from core.care.thread_views import Filled
from core.care.worklist_views import WorkLine
from core.errors import HealthboardError
from core.ui import worklist_keys
from core.ui.changing import refused, tried
from core.ui.incident import tell
from core.ui.markup import note
from core.ui.session import Visit, here

_OPEN, _TOKEN = "hb.worklist_message", "hb.worklist_message_token"
_TEMPLATE = "wl_template"


def begin(person_id: str) -> None:
    close()
    worklist_keys.mark(person_id)
    st.session_state[_OPEN], st.session_state[_TOKEN] = person_id, uuid4().hex


def close() -> None:
    for key in (_OPEN, _TOKEN, _TEMPLATE):
        st.session_state.pop(key, None)


def dialog(visit: Visit, lines: Sequence[WorkLine]) -> None:
    """The dialog, while it is open."""
    line = next((one for one in lines if one.person_id == st.session_state.get(_OPEN)), None)
    if line is not None:
        st.dialog(line.name or visit.t("person.no_name"), width="medium", on_dismiss=close)(form)(line)


def form(line: WorkLine) -> None:
    """Which template, and what the person will read: what is not known of them is said before it is sent."""
    visit = here()
    t = visit.t
    refused(t)
    if _OPEN not in st.session_state:
        st.rerun()
    there = {one.key: one for one in thread_templates.listed(visit.ports, visit.who).templates}
    shown = {key: one.subjects.get(t.language) or next(iter(one.subjects.values()), key) for key, one in there.items()}
    chosen = st.selectbox(t("worklist.template"), list(shown), format_func=lambda one: shown.get(one, one), key=_TEMPLATE)
    filled = _filled(visit, line, chosen) if chosen else None
    if filled is not None:
        text = escape(filled.text).replace("\n", "<br>")
        st.html(note(t("worklist.message_language")))
        lang = filled.language.replace("_", "-")
        st.html(f'<blockquote lang="{escape(lang)}"><strong>{escape(filled.subject)}</strong><br>{text}</blockquote>')
    st.button(
        t("worklist.send"), key="wl_send", type="primary", icon=":material/send:", disabled=filled is None, on_click=send, args=(visit, line),
    )  # fmt: skip


def _filled(visit: Visit, line: WorkLine, key: str) -> Filled | None:
    try:
        return thread_templates.filled(visit.ports, visit.who, line.person_id, key)
    except HealthboardError as error:
        tell(visit.t, error)
        return None


def send(visit: Visit, line: WorkLine) -> None:
    key, token = str(st.session_state.get(_TEMPLATE, "")), str(st.session_state.get(_TOKEN, ""))
    said = visit.t("worklist.said_sent", name=line.name or visit.t("person.no_name"))
    if tried(said, partial(threads.begin_from_template, visit.ports, visit.who, line.person_id, key, token)):
        close()
