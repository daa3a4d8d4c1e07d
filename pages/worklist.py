"""This is the place where a coordinator's day begins: who is next and why, everybody of the panel in one of the sections."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.care import worklist
from core.care.worklist_views import WorkLine, WorklistView, WorkQuery
from core.ui import address, paging, worklist_acts
from core.ui import worklist_cards as cards
from core.ui.changing import refused
from core.ui.markup import empty, h2, head, note
from core.ui.session import Visit, close_person, here

LANES = ("", "now", "today", "week", "data", "waiting", "stable", "never")


def page(visit: Visit) -> None:
    t = visit.t
    if visit.person is not None:
        close_person()  # the list is the way back; nothing of the person stays held
    st.html(head(t("nav.worklist"), t("worklist.question")))
    refused(t)
    query = choose(visit)
    view = read(visit, query)
    if not view.total:
        st.html(empty(t("worklist.empty"), t("worklist.empty_next")))
        return
    st.html(cards.strip(visit, view.counts))
    if not view.found:
        st.html(empty(t("worklist.nothing_found"), t("worklist.nothing_found_next")))
        return
    sections(visit, view)
    paging.pages("worklist_page", replace(query, page=1), view.pages)
    st.html(note(t("worklist.note_holds")))
    worklist_acts.dialog(visit, view.lines)


def read(visit: Visit, query: WorkQuery) -> WorklistView:
    """The list, with a word on how far reading is."""
    place = st.empty()

    def told(done: int, of: int) -> None:
        if done % 20 == 0:
            place.progress(done / of, visit.t("worklist.reading", done=done, n=of))

    found = worklist.worklist(visit.ports, visit.who, query, worklist_acts.shelf(), told=told)
    place.empty()
    return found


def choose(visit: Visit) -> WorkQuery:
    t = visit.t
    with st.container(key="tools_worklist", horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(t("worklist.search"), key="worklist_text", type="search", placeholder=t("worklist.search_hint"), icon=":material/search:", width=340)
        address.before("lane", LANES, "")
        lane = address.after("lane", st.selectbox(t("worklist.lane"), LANES, format_func=lambda one: t("worklist.lane_" + (one or "all")), key="lane", width=240), "")
    query = WorkQuery(lane, text or "")
    return replace(query, page=paging.page_of("worklist_page", query))


def sections(visit: Visit, view: WorklistView) -> None:
    """Every section with its people; one without says so."""
    t, plain = visit.t, not (view.query.lane or view.query.text)
    for lane, count in view.counts:
        mine = [line for line in view.lines if line.lane == lane]
        if not mine and not plain:
            continue
        many = t.number(count) if count else t("worklist.nobody")
        st.html(h2(t("worklist.lane_" + lane), many if plain else ""))
        if not mine and count:
            st.html(note(t("worklist.other_page")))
        for line in mine:
            one(visit, view, line)


def one(visit: Visit, view: WorklistView, line: WorkLine) -> None:
    t = visit.t
    with st.container(key=f"card_wl_{line.person_id}"):
        st.html(cards.card(visit, line))
        if line.reasons:
            more = len(line.reasons) - 1
            with st.expander(t("worklist.more_reasons", n=more) if more else t("worklist.the_rule"), key=f"wl_more_{line.person_id}"):
                st.html(cards.rules(visit, line))
        worklist_acts.buttons(visit, line, view.lines)


page(here())
