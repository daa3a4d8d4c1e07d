"""This is the place where those who work here, and caregivers, say how they are reached outside the app, and try it out."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import contacts
from core.care.contacts import ContactsView
from core.care.reminder_book import MOST_NAME
from core.errors import HealthboardError
from core.medications.book import Channel
from core.ui.changing import attempt, refused, tried
from core.ui.incident import tell
from core.ui.markup import box, h2, note, row, rows
from core.ui.session import Visit

_TYPED = ("email", "apprise")


def draw(visit: Visit) -> None:
    """The ways of one's own account; the app itself reaches whoever signs in, and calls nobody."""
    t = visit.t
    st.html(h2(t("contact.title"), t("contact.aside")))
    refused(t)
    view = contacts.view(visit.ports, visit.who)
    if view.damaged:
        st.html(box("soon", t("contact.damaged"), t("contact.damaged_next")))
        st.button(
            t("contact.start_over"),
            key="danger_contact",
            on_click=attempt,
            args=(t("contact.kept"), partial(contacts.start_over, visit.ports, visit.who)),
        )
        return
    if not view.reached:
        st.html(box("soon", t("contact.not_reached"), t("contact.not_reached_next")))
    st.html(rows([row(t("channel.in_app"), detail=t("contact.in_app_note"))]))
    for one in view.channels:
        _channel(visit, view, one)
    _add(visit, view)


def _add(visit: Visit, view: ContactsView) -> None:
    t = visit.t
    typed = [kind for kind in _TYPED if kind in view.can]
    if not typed:
        st.html(note(t("channels.none_set_up")))
        return
    with st.expander(t("channels.add"), key="contact_add", icon=":material/add:"), st.form("contact", border=False):
        kind = st.selectbox(t("channels.kind"), typed, format_func=lambda code: t("channel." + code), key="contact_kind")
        address = st.text_input(t("channels.address"), key="contact_address", help=t("channels.address_help"), autocomplete="email")
        name = st.text_input(
            t("channels.name"), key="contact_name", max_chars=MOST_NAME, placeholder=t("channels.name_example"), autocomplete="off"
        )
        sent = st.form_submit_button(t("channels.add_do"), type="primary")
    if sent and tried(t("channels.added"), partial(contacts.add, visit.ports, visit.who, kind or "email", address, name)):
        for field in ("contact_address", "contact_name"):
            st.session_state.pop(field, None)
        st.rerun()
    refused(t)


def _channel(visit: Visit, view: ContactsView, one: Channel) -> None:
    t = visit.t
    name = one.name or t("channel." + one.kind)
    with st.container(key=f"card_contact_{one.key}"):
        shown = one.address if one.kind == "email" else ""  # an address of a service holds its password
        st.html(
            rows(
                [
                    row(
                        name,
                        detail=note(
                            " · ".join(filter(None, (t("channel." + one.kind), shown, "" if one.on else t("reminders.off"))))
                        ),
                    )
                ]
            )
        )
        if one.kind not in view.can:
            st.html(note(t("channels.not_here_any_more")))
        with st.container(key=f"tools_contact_{one.key}", horizontal=True):
            tested = one.kind in view.can and st.button(t("channels.test"), key=f"contact_test_{one.key}", icon=":material/send:")
            st.button(
                t("channels.rest" if one.on else "channels.use"), key=f"contact_switch_{one.key}", on_click=attempt,
                args=(t("contact.kept"), partial(contacts.switch, visit.ports, visit.who, one.key, not one.on)),
            )  # fmt: skip
            st.button(
                t("channels.remove"), key=f"danger_contact_{one.key}", icon=":material/delete:", on_click=attempt,
                args=(t("channels.removed", name=name), partial(contacts.remove, visit.ports, visit.who, one.key)),
            )  # fmt: skip
        if tested:
            _try_out(visit, one, name)


def _try_out(visit: Visit, one: Channel, name: str) -> None:
    t = visit.t
    try:
        with st.spinner(t("channels.testing")):
            contacts.send_test(visit.ports, visit.who, one.key, t)
    except HealthboardError as error:
        tell(t, error)
    else:
        st.html(box("fine", t("channels.tested", name=name), t("channels.tested_note")))
