"""This is the place where an administrator makes panels: which people, looked after by which coordinators."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import admin
from core.care.desk_views import AdminView
from core.domain.people import Panel, Role
from core.errors import HealthboardError
from core.ui import shell
from core.ui.incident import tell
from core.ui.markup import dotted, empty, h2, head
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.panels"), t("panels.question")))
    view = admin.desk(visit.ports, visit.who)
    with st.expander(t("panels.add"), icon=":material/group_add:"):
        fill(visit, view, Panel("", ""))
    st.html(h2(t("panels.all"), t("panels.count", n=len(view.panels))))
    if not view.panels:
        st.html(empty(t("panels.empty"), t("panels.empty_next")))
        return
    with st.container(key="list_panels"):
        for panel in view.panels:
            one(visit, view, panel)


def one(visit: Visit, view: AdminView, panel: Panel) -> None:
    t = visit.t
    names = {line.account.account_id: line.account.display_name for line in view.accounts}
    with st.container(key=f"line_{panel.panel_id}", horizontal=True):
        who = t("list.comma").join(names.get(one, one) for one in panel.coordinators) or t("panels.nobody")
        details = dotted([escape(t("panels.people", n=len(panel.persons))), escape(who)])
        st.html(f'<div class="line"><b class="row-t">{escape(panel.name)}</b><span class="row-d">{details}</span></div>')
        if st.button(t("accounts.change"), key=f"change_{panel.panel_id}", help=panel.name):
            st.dialog(t("panels.change_title", name=panel.name), width="medium")(change)(view, panel)


def change(view: AdminView, panel: Panel) -> None:
    fill(here(), view, panel)


def fill(visit: Visit, view: AdminView, panel: Panel) -> None:
    """The form of a panel, empty for a new one."""
    t, key = visit.t, panel.panel_id or "new"
    coordinators = {line.account.account_id: line.account.display_name for line in view.accounts if line.account.role is Role.COORDINATOR}
    with st.form(f"panel_{key}", border=False):
        name = st.text_input(t("panels.name"), panel.name, key=f"panel_name_{key}")
        typed = st.text_area(t("accounts.persons"), "\n".join(panel.persons), key=f"panel_persons_{key}", help=t("accounts.persons_help"))
        known = [one for one in panel.coordinators if one in coordinators]
        chosen = st.multiselect(t("panels.coordinators"), list(coordinators), known, format_func=coordinators.__getitem__, key=f"panel_who_{key}")
        sent = st.form_submit_button(t("accounts.save"), type="primary")
    if not sent:
        return
    persons = tuple(dict.fromkeys(typed.replace(",", " ").split()))
    try:
        admin.save_panel(visit.ports, visit.who, Panel(panel.panel_id, name, persons, tuple(chosen)))
    except HealthboardError as error:
        tell(t, error)
        return
    shell.say(t("settings.saved"))
    st.rerun()


page(here())
