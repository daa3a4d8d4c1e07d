"""This is the place where a coordinator sees a panel as a whole: who is in it, how they do, which groups there are, and what work it will be."""

from __future__ import annotations

import streamlit as st

from core.care import panel_report
from core.care.panel_report import Shelves
from core.care.panel_views import PanelReport, PanelShelf
from core.ui import address, panel_hours, panel_parts, panel_tables, shell, worklist_acts
from core.ui.changing import refused
from core.ui.markup import empty, h2, head, note
from core.ui.session import Visit, close_person, here

PARTS = ("people", "groups", "burden", "work")
_SHELF, _HELD = "hb.panel_shelf", "hb.panel_report"


def page(visit: Visit) -> None:
    t = visit.t
    if visit.person is not None:
        close_person()
    st.html(head(t("nav.panel_report"), t("panel_report.question")))
    refused(t)
    panels = dict(panel_report.panels_of(visit.ports, visit.who))
    if not panels:
        st.html(empty(t("panel.no_panel"), t("panel.no_panel_next")))
        return
    chosen, part = choose(visit, panels)
    report = read(visit, chosen)
    if not report.total:
        st.html(empty(t("panel.nobody"), t("panel.nobody_next")))
        return
    st.html(panel_parts.summary(t, report))
    draw(visit, report, part)
    with st.container(key="tools_panel", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


def choose(visit: Visit, panels: dict[str, str]) -> tuple[str, str]:
    """Which panel, and which part of its figures."""
    t = visit.t
    with st.container(key="tools_panel_choice", horizontal=True, vertical_alignment="bottom"):
        first = next(iter(panels))
        chosen = st.selectbox(t("panel.which"), list(panels), format_func=panels.__getitem__, key="panel_chosen", width=320) if len(panels) > 1 else first
        address.before("part", PARTS, PARTS[0])
        part = st.segmented_control(t("panel.part"), PARTS, format_func=lambda one: t("panel.part_" + one), key="part", required=True)
    return chosen or first, address.after("part", part, PARTS[0])


def read(visit: Visit, panel_id: str) -> PanelReport:
    """The report, as held for the same people and records for five minutes, or made now with a word on how far reading is."""
    t, state = visit.t, st.session_state
    same = panel_report.fresh(visit.ports, visit.who, panel_id)
    key = (panel_id, same, int(visit.now.timestamp() // 300), visit.preferences, state.get(panel_hours.TURN, 0))
    held = state.get(_HELD)
    if isinstance(held, tuple) and held[0] == key:
        return held[1]  # type: ignore[no-any-return]
    place, shelf = st.empty(), state.setdefault(_SHELF, PanelShelf())

    def told(done: int, of: int) -> None:
        if done % 10 == 0:
            place.progress(done / of, t("panel.reading", done=done, n=of))

    made = panel_report.report(visit.ports, visit.who, panel_id, Shelves(shelf, worklist_acts.shelf()), told=told)
    place.empty()
    state[_HELD] = (key, made)
    return made


def draw(visit: Visit, report: PanelReport, part: str) -> None:
    t = visit.t
    if part == "people":
        st.html(h2(t("panel.tables")) + note(t("panel.tables_about")) + panel_tables.tables(t, report.tables))
    elif part == "groups":
        st.html(panel_parts.cohorts(t, report.cohorts, visit.preferences) + panel_parts.gaps(t, report.gaps))
    elif part == "burden":
        st.html(panel_parts.burden(t, report) + panel_parts.models(t, report.models))
    else:
        panel_hours.work(visit, report)


page(here())
