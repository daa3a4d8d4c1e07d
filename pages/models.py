"""This is the place where it is read what the models of checks are, where they fail, how clinicians judged them here, and where they are switched."""

import streamlit as st

from core.care import check_models
from core.ui import check_models as parts
from core.ui import shell
from core.ui.changing import refused
from core.ui.markup import empty, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.models"), t("models.question")))
    refused(t)
    lines = check_models.lines(visit.ports, visit.who)
    if not lines:
        st.html(empty(t("models.none"), t("models.none_next")))
    for line in lines:
        parts.draw(visit, line)
    st.html(note(t("models.loop")))
    with st.container(key="tools_models", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
