"""This is the place where an administrator looks after accounts. No record is shown here, only ids and counts."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from core.care import admin
from core.care.desk_views import AccountLine, AdminView, NewAccount
from core.domain.people import Role
from core.errors import HealthboardError
from core.ui import shell
from core.ui.incident import tell
from core.ui.markup import dotted, h2, head, note, tag
from core.ui.session import Visit, here

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.accounts"), t("accounts.question")))
    view = admin.desk(visit.ports, visit.who)
    with st.expander(t("accounts.add"), icon=":material/person_add:"):
        add(visit, view)
    st.html(h2(t("accounts.all"), t("accounts.count", n=len(view.accounts))))
    with st.container(key="list_accounts"):
        for line in view.accounts:
            one(visit, view, line)


def one(visit: Visit, view: AdminView, line: AccountLine) -> None:
    t, account = visit.t, line.account
    with st.container(key=f"line_{account.account_id}", horizontal=True):
        closed = tag(t("accounts.closed"), "now", "soon") if account.disabled else ""
        made_up = tag(t("accounts.demo"), "demo") if account.demo else ""
        details = [escape(account.username), escape(t("role." + account.role.value)), escape(t("accounts.open_people", n=line.open_people))]
        st.html(f'<div class="line"><b class="row-t">{escape(account.display_name)} {closed} {made_up}</b><span class="row-d">{dotted(details)}</span></div>')
        if st.button(t("accounts.change"), key=f"change_{account.account_id}", help=account.username):
            st.dialog(t("accounts.change_title", name=account.username), width="medium")(change)(view, line)


def change(view: AdminView, line: AccountLine) -> None:
    visit = here()
    t, account = visit.t, line.account
    with st.form("change_account", border=False):
        name = st.text_input(t("accounts.display_name"), account.display_name)
        persons = person_ids(visit, account.persons) if account.role in (Role.PATIENT, Role.CAREGIVER) else account.persons
        panels = panel_ids(visit, view, account.panels) if account.role is Role.COORDINATOR else account.panels
        fresh = st.text_input(t("accounts.new_password"), type="password", autocomplete="new-password", help=t("accounts.new_password_help"))
        closed = st.checkbox(t("accounts.close"), account.disabled, help=t("accounts.close_help"))
        sent = st.form_submit_button(t("accounts.save"), type="primary")
    if not sent:
        return
    try:
        admin.update_account(visit.ports, visit.who, replace(account, display_name=name, persons=persons, panels=panels, disabled=closed))
        if fresh:
            admin.reset_password(visit.ports, visit.who, account.account_id, fresh)
    except HealthboardError as error:
        tell(t, error)
        return
    shell.say(t("settings.saved"))
    st.rerun()


def add(visit: Visit, view: AdminView) -> None:
    t = visit.t
    role = st.selectbox(t("accounts.role"), ROLES, format_func=lambda one: t("role." + one), key="new_role")
    st.html(note(t("role_about." + role)))
    with st.form("add_account", border=False):
        username = st.text_input(t("sign_in.username"), key="new_username", autocomplete="off")
        name = st.text_input(t("accounts.display_name"), key="new_name", autocomplete="off")
        password = st.text_input(t("sign_in.password"), type="password", key="new_password", autocomplete="new-password")
        persons = person_ids(visit, ()) if role in (Role.PATIENT.value, Role.CAREGIVER.value) else ()
        panels = panel_ids(visit, view, ()) if role == Role.COORDINATOR.value else ()
        sent = st.form_submit_button(t("accounts.add"), type="primary")
    if not sent:
        return
    try:
        admin.add_account(visit.ports, visit.who, NewAccount(username, password, role, name, persons, panels))
    except HealthboardError as error:
        tell(t, error)
        return
    shell.say(t("accounts.added"))
    st.rerun()


def person_ids(visit: Visit, known: tuple[str, ...]) -> tuple[str, ...]:
    """Administrators see no names: people are put in by the id that `healthboard people` prints."""
    typed = st.text_input(visit.t("accounts.persons"), " ".join(known), help=visit.t("accounts.persons_help"))
    return tuple(dict.fromkeys((typed or "").replace(",", " ").split()))


def panel_ids(visit: Visit, view: AdminView, known: tuple[str, ...]) -> tuple[str, ...]:
    names = {panel.panel_id: panel.name for panel in view.panels}
    return tuple(st.multiselect(visit.t("accounts.panels"), list(names), [one for one in known if one in names], format_func=names.__getitem__))


page(here())
