"""This is the place where a person gets a calendar address for a telephone: shown once, listed by name, taken back."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from core.care import feeds
from core.care.dose_views import RemindersView
from core.care.feeds import MOST_NAME, NewFeed
from core.errors import HealthboardError
from core.medications.reminder_json import DETAILS
from core.ui.browser import address
from core.ui.incident import tell
from core.ui.markup import box, dotted, h2, note, row, rows
from core.ui.reminder_parts import attempt
from core.ui.session import Reading, Visit

_NEW = "hb.new_feed"


def calendars(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """The addresses there are, and a new one."""
    t = visit.t
    st.html(h2(t("feeds.title"), t("feeds.aside")))
    new = st.session_state.get(_NEW)
    if isinstance(new, NewFeed) and new.feed.person_id == reading.person_id and view.may_edit:
        _show(visit, new)
    for one in view.feeds:
        with st.container(key=f"card_feed_{one.feed_id}"):
            read = t("feeds.read", age=t.age(one.seen_at, visit.now)) if one.seen_at else t("feeds.never_read")
            st.html(rows([row(one.label, detail=dotted([escape(read), escape(t("reminders.detail." + one.detail))]))]))
            if view.may_edit:
                st.button(
                    t("feeds.revoke"), key=f"danger_feed_{one.feed_id}", icon=":material/link_off:", on_click=attempt,
                    args=(visit, reading, view, t("feeds.revoked", name=one.label), partial(feeds.revoke, visit.ports, visit.who, reading.person_id, one.feed_id)),
                )  # fmt: skip
    if view.may_edit:
        _make(visit, reading)


def _make(visit: Visit, reading: Reading) -> None:
    t = visit.t
    with st.expander(t("feeds.make"), key="feed_make", icon=":material/calendar_add_on:"), st.form("feed", border=False, clear_on_submit=True):
        st.html(note(t("feeds.note")))
        name = st.text_input(t("feeds.name"), key="feed_name", max_chars=MOST_NAME, placeholder=t("feeds.name_example"), autocomplete="off")
        detail = st.selectbox(t("reminders.detail"), DETAILS, format_func=lambda code: t("reminders.detail." + code), key="feed_detail")
        sent = st.form_submit_button(t("feeds.make_do"), type="primary")
    if sent:
        try:
            st.session_state[_NEW] = feeds.make(visit.ports, visit.who, reading.person_id, name, detail or "discreet")
        except HealthboardError as error:
            tell(t, error)
            return
        st.rerun()


def _show(visit: Visit, new: NewFeed) -> None:
    t = visit.t
    where = (visit.ports.public_url or address()) + new.path
    st.html(box("watch", t("feeds.once"), t("feeds.once_note", name=new.feed.label)))
    st.code(where, language=None, wrap_lines=True)
    with st.container(key="tools_feed", horizontal=True):
        if where.startswith("http"):
            st.link_button(t("feeds.subscribe"), "webcal" + where[where.index("://") :], icon=":material/event:")
        st.button(t("feeds.copied"), key="feed_copied", type="primary", icon=":material/check:", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(_NEW, None)
