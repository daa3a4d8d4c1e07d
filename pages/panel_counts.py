"""This is the place where an administrator gets counts of the people kept here: with noise, for a price, and never anybody's data."""

from __future__ import annotations

import streamlit as st

from core.care import panel_outside
from core.ui import panel_release, shell
from core.ui.changing import refused
from core.ui.markup import empty, facts, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.panel_counts"), t("panel_counts.question")))
    refused(t)
    view = panel_outside.spending_of(visit.ports, visit.who)
    left = t("panel_counts.left", left=view.left, budget=view.budget)
    st.html(note(t("panel_counts.about")) + facts([(t("panel_counts.budget", quarter=view.quarter), left)]))
    panel_release.ask(visit, view)
    shown = panel_release.chosen(view)
    if shown is None:
        st.html(empty(t("panel_counts.none"), t("panel_counts.none_next")))
        return
    st.html(panel_release.counts(visit, view, shown))
    panel_release.ledger(visit, view, shown)
    with st.container(key="tools_panel_counts", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
