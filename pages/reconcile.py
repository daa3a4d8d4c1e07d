"""This is the place where a person compares what the record says with what they take, and asks their team about a difference."""

import streamlit as st

from core.care import medicine_cards, reconciliation
from core.ui import reconcile_parts, shell
from core.ui.changing import refused
from core.ui.markup import empty, h2, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    view = reading.view("reconciliation", "", lambda: reconciliation.view(visit.ports, visit.who, reading.person_id))
    book = reading.view("cards", "", lambda: medicine_cards.view(visit.ports, visit.who, reading.person_id)).book
    st.page_link(visit.pages["medicines"], label=t("medicines.back"), icon=":material/arrow_back:")
    st.html(head(t("nav.reconcile"), t("reconcile.question" if visit.own else "reconcile.question_other")))
    refused(t)
    if not view.lines:
        st.html(empty(t("medicines.empty"), t("medicines.empty_next")))
        return
    differ = [one for one in view.lines if one.kind != "same"]
    st.html(h2(t("reconcile.differ"), t("reconcile.differ_n", n=len(differ)) if differ else "") + ("" if differ else note(t("reconcile.none_differ"))))
    for one in (*differ, *(one for one in view.lines if one.kind == "same")):
        reconcile_parts.line(visit, reading, view, one, book)
    with st.container(key="tools_reconcile", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
