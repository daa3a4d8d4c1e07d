"""This is the place where a person says how they can be reached, tries it out, and says who else is told."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import reminder_book
from core.care.dose_views import RemindersView
from core.care.reminder_book import MOST_NAME
from core.errors import HealthboardError
from core.medications.book import Channel, Helper
from core.medications.reminder_json import RULES
from core.ui.incident import tell
from core.ui.markup import box, empty, h2, note, row, rows
from core.ui.reminder_parts import attempt, span
from core.ui.session import Reading, Visit

_TYPED = ("email", "apprise")
"""Kinds whose address a person types in; a browser subscribes by itself."""
_AFTER = (15, 30, 60, 120, 240)


def channels(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """The ways to reach the person; the app itself is always one."""
    t = visit.t
    st.html(h2(t("channels.title"), t("channels.aside")))
    st.html(rows([row(t("channel.in_app"), detail=t("channels.in_app_note"))]))
    for one in view.book.channels:
        _channel(visit, reading, view, one)
    if not view.may_edit:
        return
    if "push" in view.can:
        st.link_button(t("channels.push_here"), "/push", icon=":material/notifications_active:", help=t("channels.push_help"))
    typed = [kind for kind in _TYPED if kind in view.can]
    if not typed:
        st.html(note(t("channels.none_set_up")))
        return
    with st.expander(t("channels.add"), key="channel_add", icon=":material/add:"), st.form("channel", border=False, clear_on_submit=True):
        kind = st.selectbox(t("channels.kind"), typed, format_func=lambda code: t("channel." + code), key="channel_kind")
        address = st.text_input(t("channels.address"), key="channel_address", help=t("channels.address_help"), autocomplete="email")
        name = st.text_input(t("channels.name"), key="channel_name", max_chars=MOST_NAME, placeholder=t("channels.name_example"), autocomplete="off")
        sent = st.form_submit_button(t("channels.add_do"), type="primary")
    if sent:
        do = partial(reminder_book.add_channel, visit.ports, visit.who, reading.person_id, kind or "email", address, name)
        attempt(visit, reading, view, t("channels.added"), do)
        st.rerun()


def _channel(visit: Visit, reading: Reading, view: RemindersView, one: Channel) -> None:
    t = visit.t
    name = one.name or t("channel." + one.kind)
    with st.container(key=f"card_channel_{one.key}"):
        shown = one.address if one.kind == "email" else ""  # an address of a service holds its password
        st.html(rows([row(name, detail=" · ".join(filter(None, (t("channel." + one.kind), shown, "" if one.on else t("reminders.off")))))]))
        if not view.may_edit:
            return
        if one.kind not in view.can:
            st.html(note(t("channels.not_here_any_more")))
        with st.container(key=f"tools_channel_{one.key}", horizontal=True):
            tried = one.kind in view.can and st.button(t("channels.test"), key=f"test_{one.key}", icon=":material/send:")
            st.button(
                t("channels.rest" if one.on else "channels.use"), key=f"switch_{one.key}", on_click=attempt,
                args=(visit, reading, view, t("reminders.kept"), partial(reminder_book.switch_channel, visit.ports, visit.who, reading.person_id, one.key, not one.on)),
            )  # fmt: skip
            st.button(
                t("channels.remove"), key=f"danger_remove_{one.key}", icon=":material/delete:", on_click=attempt,
                args=(visit, reading, view, t("channels.removed", name=name), partial(reminder_book.remove_channel, visit.ports, visit.who, reading.person_id, one.key)),
            )  # fmt: skip
        if tried:
            _try_out(visit, reading, one, name)


def _try_out(visit: Visit, reading: Reading, one: Channel, name: str) -> None:
    t = visit.t
    try:
        with st.spinner(t("channels.testing")):
            reminder_book.send_test(visit.ports, visit.who, reading.person_id, one.key, t)
    except HealthboardError as error:
        tell(t, error)
    else:
        st.html(box("fine", t("channels.tested", name=name), t("channels.tested_note")))


def helpers(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """Who else is told, when, and of what."""
    t = visit.t
    st.html(h2(t("helpers.title"), t("helpers.aside")))
    if not view.book.helpers:
        st.html(empty(t("helpers.none"), t("helpers.none_next")))
    for one in view.book.helpers:
        with st.container(key=f"card_helper_{one.key}"):
            st.html(rows([row(one.name, detail=" · ".join(filter(None, (_rule(visit, one), t("channel." + one.channel.kind)))))]))
            if view.may_edit:
                st.button(
                    t("helpers.remove", name=one.name), key=f"danger_helper_{one.key}", icon=":material/person_remove:", on_click=attempt,
                    args=(visit, reading, view, t("helpers.removed", name=one.name), partial(reminder_book.remove_helper, visit.ports, visit.who, reading.person_id, one.key)),
                )  # fmt: skip
    typed = [kind for kind in _TYPED if kind in view.can]
    if view.may_edit and typed:
        _add_helper(visit, reading, view, typed)
    elif view.may_edit:
        st.html(note(t("channels.none_set_up")))


def _rule(visit: Visit, one: Helper) -> str:
    return visit.t("helpers.rule." + one.rule, time=span(visit.t, one.after))


def _add_helper(visit: Visit, reading: Reading, view: RemindersView, typed: list[str]) -> None:
    t = visit.t
    with st.expander(t("helpers.add"), key="helper_add", icon=":material/person_add:"), st.form("helper", border=False, clear_on_submit=True):
        st.html(note(t("helpers.ask_first")))
        name = st.text_input(t("helpers.name"), key="helper_name", max_chars=MOST_NAME, autocomplete="off")
        kind = st.selectbox(t("channels.kind"), typed, format_func=lambda code: t("channel." + code), key="helper_kind")
        address = st.text_input(t("channels.address"), key="helper_address", autocomplete="off")
        rule = st.selectbox(t("helpers.rule"), RULES, index=1, format_func=lambda code: t("helpers.choose." + code), key="helper_rule")
        after = st.selectbox(t("helpers.after"), _AFTER, index=2, format_func=partial(span, t), key="helper_after")
        sent = st.form_submit_button(t("helpers.add_do"), type="primary")
    if sent:
        do = partial(reminder_book.add_helper, visit.ports, visit.who, reading.person_id, name, (kind or "email", address), rule or "unanswered", after or 60)
        attempt(visit, reading, view, t("helpers.added"), do)
        st.rerun()
