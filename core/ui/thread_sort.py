"""This is the place where a conversation is sorted: closed, opened again, given to somebody, marked for an interpreter, or as dealt with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.care import people, thread_acts
from core.care.thread_views import ThreadView
from core.domain.people import Role
from core.domain.threads import CLOSED, WAITING_TEAM
from core.ui import thread_state
from core.ui.changing import attempt, tried
from core.ui.session import Visit, choose_person
from core.ui.thread_state import Opened

_NOBODY = ""


def draw(visit: Visit, one: Opened, view: ThreadView) -> None:
    """What can be done with it by who reads it."""
    t, thread = visit.t, view.line.thread
    with st.container(key="tools_thread", horizontal=True, vertical_alignment="bottom"):
        if visit.role is Role.COORDINATOR:
            team(visit, one, view)
        if thread.state == CLOSED:
            button(visit, one, "reopen", ":material/undo:", thread_acts.reopen)
        else:
            button(visit, one, "close", ":material/check:", thread_acts.close)
    if visit.role is Role.COORDINATOR:
        st.toggle(t("thread.needs_interpreter"), value=thread.interpreter, key=f"message_interpreter_{one.thread_id}_{thread.interpreter}", help=t("thread.interpreter_help"),
                  on_change=interpreter, args=(visit, one, not thread.interpreter))  # fmt: skip


def team(visit: Visit, one: Opened, view: ThreadView) -> None:
    """The team's own acts: the record, whose it is, no answer needed, dealt with."""
    t, thread = visit.t, view.line.thread
    if thread.urgent:
        button(visit, one, "handled", ":material/verified:", thread_acts.handled, primary=True)
    if thread.state == WAITING_TEAM:
        button(visit, one, "no_answer", ":material/done_all:", thread_acts.no_answer)
    if st.button(t("thread.record"), key="thread_record", icon=":material/person:"):
        who = people.open_person(visit.ports, visit.who, one.person_id)
        choose_person(who.person_id, who.name)
        st.switch_page(visit.pages["today"])
    names = {_NOBODY: t("thread.nobody"), **dict(thread_acts.team(visit.ports, visit.who, one.person_id))}
    known = thread.assigned if thread.assigned in names else _NOBODY
    key = f"message_assigned_{one.thread_id}_{known}"
    st.selectbox(t("thread.give"), list(names), index=list(names).index(known), format_func=names.__getitem__, key=key, width=240, on_change=give, args=(visit, one, key))


def button(visit: Visit, one: Opened, what: str, look: str, act: Callable[..., None], *, primary: bool = False) -> None:
    do = partial(act, visit.ports, visit.who, one.person_id, one.thread_id)
    st.button(visit.t("thread.do_" + what), key=f"thread_{what}", icon=look, type="primary" if primary else "secondary", on_click=acted, args=(visit, what, do))


def acted(visit: Visit, what: str, do: Callable[[], object]) -> None:
    attempt(visit.t("thread.done_" + what), do)
    thread_state.counted_anew()


def interpreter(visit: Visit, one: Opened, needed: bool) -> None:
    do = partial(thread_acts.interpreter, visit.ports, visit.who, one.person_id, one.thread_id, needed)
    tried(visit.t("thread.done_interpreter" if needed else "thread.done_no_interpreter"), do)


def give(visit: Visit, one: Opened, key: str) -> None:
    account_id = str(st.session_state.get(key) or "")
    do = partial(thread_acts.assign, visit.ports, visit.who, one.person_id, one.thread_id, account_id)
    tried(visit.t("thread.done_given"), do)
