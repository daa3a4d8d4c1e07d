"""This is the place where conversations are listed: who waits for whom, since when, what has not been read, and by when an answer was promised."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care.thread_views import Inbox, ThreadLine
from core.domain.people import Role
from core.domain.threads import CLOSED, WAITING_TEAM
from core.ui import thread_state
from core.ui.markup import dotted, literal, tag
from core.ui.session import Visit


def draw(visit: Visit, found: Inbox) -> None:
    """The list, one button for each."""
    t = visit.t
    with st.container(key="list_threads"):
        for one in found.lines:
            with st.container(key=f"line_thread_{one.thread_id}", horizontal=True):
                st.html(line(visit, one))
                label = t("messages.read_n", n=one.unread) if one.unread else t("messages.open")
                said = literal(one.thread.subject) or t("messages.damaged")
                st.button(label, key=f"thread_{one.thread_id}", help=said, disabled=one.damaged, type="primary" if one.unread else "secondary",
                          on_click=thread_state.open_thread, args=(one.person_id, one.thread_id))  # fmt: skip


def line(visit: Visit, one: ThreadLine) -> str:
    """Whose, about what, how it stands."""
    t = visit.t
    if one.damaged:
        return f'<div class="line"><b>{escape(t("messages.damaged"))}</b><span class="row-d">{escape(t("messages.damaged_next"))}</span></div>'
    whose = "" if visit.own else f"<span>{escape(one.person_name or t('person.no_name'))}</span>"
    return f'<div class="line th"><b>{escape(one.thread.subject)}</b>{whose}<span class="th-tags">{tags(visit, one)}</span><span class="row-d">{details(visit, one)}</span></div>'


def tags(visit: Visit, one: ThreadLine) -> str:
    """How it stands, in words with an icon each."""
    t, thread = visit.t, one.thread
    team = visit.role is Role.COORDINATOR
    marks = [tag(t("thread.urgent"), "now", "now")] if thread.urgent else []
    if one.unread:
        marks.append(tag(t("messages.new_n", n=one.unread), "info", "accent"))
    if one.late:
        marks.append(tag(t("thread.late"), "soon", "soon"))
    marks.append(tag(t(f"thread.state.{thread.state}" + ("_team" if team else "")), "check" if thread.state == CLOSED else "clock"))
    if thread.interpreter and team:
        marks.append(tag(t("thread.interpreter"), "people", "unknown"))
    return " ".join(marks)


def details(visit: Visit, one: ThreadLine, *, promise: bool = True) -> str:
    t, thread = visit.t, one.thread
    parts = [escape(t("messages.count", n=len(thread.heads))), escape(t("messages.last", age=t.age(thread.last_at, visit.now)))]
    if promise and thread.state == WAITING_TEAM and thread.promised_by is not None:
        parts.append(escape(t("thread.was_promised" if one.late else "thread.promised", when=t.moment(thread.promised_by))))
    if thread.assigned_name and thread.assigned:
        parts.append(escape(t("thread.assigned", name=thread.assigned_name)))
    return dotted(parts)
