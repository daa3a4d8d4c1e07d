"""This is the place where somebody finds whom to call at once, what to do until help comes, and the card that tells a stranger about them."""

import streamlit as st

from core.ui import help_call, help_card, help_signs, help_where, shell
from core.ui.markup import head
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    st.html(head(t("nav.help_now"), t("help_now.question" if visit.own else "help_now.question_other")))
    view = help_signs.view_of(visit, reading.person_id)
    st.html(help_call.numbers(t, view) + help_call.talk(t, view) + help_call.after(t))
    help_where.draw(visit, reading.person_id)
    st.html(help_signs.every(t, view) + help_call.others(t, view))
    help_card.draw(visit, reading)
    with st.container(key="tools_help_now", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


page(here())
