"""This is the place where a coordinator's day begins: who is next and why, everybody of the panel in one of the sections."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.care import worklist
from core.care.worklist_views import WorkLine, WorklistView, WorkQuery
from core.ui import paging, worklist_acts, worklist_filters, worklist_keys, worklist_message, worklist_plan, worklist_tasks
from core.ui import worklist_cards as cards
from core.ui.changing import refused
from core.ui.markup import empty, h2, head, note
from core.ui.session import Visit, close_person, here


def page(visit: Visit) -> None:
    t = visit.t
    if visit.person is not None:
        close_person()  # the list is the way back; nothing of the person stays held
    st.html(head(t("nav.worklist"), t("worklist.question")))
    refused(t)
    controls = st.container(key="wl_controls")
    asked = worklist_filters.asked()
    view = read(visit, replace(asked, page=paging.page_of("worklist_page", asked)))
    if not view.total:
        st.html(empty(t("worklist.empty"), t("worklist.empty_next")))
        return
    with controls:
        gone = worklist_filters.draw(visit, view)
    if gone:
        st.rerun()
    st.html(cards.strip(visit, view.counts))
    worklist_filters.told(visit, view)
    at = worklist_keys.marked(view.lines)
    if at:
        worklist_keys.tools(visit, view.lines, at)
        sections(visit, view, at)
        paging.pages("worklist_page", asked, view.pages)
    else:
        st.html(empty(t("worklist.nothing_found"), t("worklist.nothing_found_next")))
    worklist_tasks.panel(visit, view.tasks)
    worklist_plan.lists(visit)
    st.html(note(t("worklist.note_holds")) + note(t("worklist.note_due")))
    for dialog in (worklist_acts.dialog, worklist_plan.dialog, worklist_message.dialog):
        dialog(visit, view.lines)


def read(visit: Visit, query: WorkQuery) -> WorklistView:
    """The list, with a word on how far reading is."""
    place = st.empty()

    def told(done: int, of: int) -> None:
        if done % 20 == 0:
            place.progress(done / of, visit.t("worklist.reading", done=done, n=of))

    found = worklist.worklist(visit.ports, visit.who, query, worklist_acts.shelf(), told=told)
    place.empty()
    return found


def sections(visit: Visit, view: WorklistView, at: str) -> None:
    """Every section with its people; one without says so."""
    t, asked = visit.t, view.query
    plain = not (asked.lane or asked.text or asked.tag or asked.assignee or asked.panel)
    for lane, count in view.counts:
        mine = [line for line in view.lines if line.lane == lane]
        if not mine and not plain:
            continue
        many = t.number(count) if count else t("worklist.nobody")
        st.html(h2(t("worklist.lane_" + lane), many if plain else ""))
        if not mine and count:
            st.html(note(t("worklist.other_page")))
        for line in mine:
            one(visit, view, line, at)


def one(visit: Visit, view: WorklistView, line: WorkLine, at: str) -> None:
    t, marked = visit.t, line.person_id == at
    with st.container(key=f"card_wl_{line.person_id}"):
        st.html(cards.card(visit, line, marked=marked))
        if line.reasons:
            more = len(line.reasons) - 1
            with st.expander(
                t("worklist.more_reasons", n=more) if more else t("worklist.the_rule"), key=f"wl_more_{line.person_id}"
            ):
                st.html(cards.rules(visit, line))
        worklist_acts.buttons(visit, line, view.lines, at)


page(here())
