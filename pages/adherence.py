"""This is the place where a person sees what they logged of their medicines in recent weeks, by day and by medicine."""

import streamlit as st

from core.care import adherence
from core.ui import adherence_parts, shell
from core.ui.markup import head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    hour = int(visit.now.timestamp() // 3600)
    view = reading.view("adherence", hour, lambda: adherence.view(visit.ports, visit.who, reading.person_id))
    st.page_link(visit.pages["medicines"], label=t("medicines.back"), icon=":material/arrow_back:")
    st.html(head(t("nav.adherence"), t("adherence.question" if visit.own else "adherence.question_other")))
    st.html(reading.prepared("adherence", hour, lambda: adherence_parts.whole(t, view)))
    if view.logged_since is not None:
        with st.expander(t("adherence.table")):
            st.html(adherence_parts.as_table(t, view.days))
    st.html(note(t("adherence.how")))
    with st.container(key="tools_adherence", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
