"""This is the place where a phone finds what has no room in the bar: sources, settings, signing out."""

import streamlit as st

from core.ui import nav
from core.ui.markup import head, note
from core.ui.session import here, leave

visit = here()
t = visit.t
st.html(head(t("nav.more"), t("more.question")))
for place in nav.linked(visit.role, visit.person is not None):
    if place.wide(visit.role, visit.person is not None):
        with st.container(key=f"card_more_{place.key}"):
            st.page_link(visit.pages[place.key], label=t("nav." + place.key), icon=place.icon)
            st.html(note(t("more." + place.key)))
with st.container(key="card_more_leave"):
    st.html(note(t("more.signed_in_as", name=visit.who.display_name)))
    st.button(t("button.sign_out"), key="sign_out", icon=":material/logout:", on_click=leave, args=(visit,))
