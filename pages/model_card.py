"""This is the place where a person reads what the trained model is, where it fails, and what was measured."""

from __future__ import annotations

import streamlit as st

from core.care import trained
from core.errors import ModelUnavailable
from core.ui import model_card, shell
from core.ui.markup import empty, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t = visit.t
    visit.reading()  # whoever may not see the record has no business here
    st.html(head(t("nav.model_card"), t("model_card.question")))
    st.page_link(visit.pages["risks"], label=t("nav.risks"), icon=":material/arrow_back:")
    try:
        about = trained.card(visit.ports)
    except ModelUnavailable:
        st.html(empty(t("model_card.unavailable"), t("model_card.unavailable_next")))
        return
    st.html(model_card.whole(t, about))
    with st.expander(t("model_card.attributes"), key="model_statements"):
        st.html(model_card.statements(t, about))
    st.html(note(t("model_card.version", version=about.version)))
    with st.container(key="tools_model", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
