"""This is the place where a person, or whoever looks after them, sees how what is known hangs together, where each connection comes from, and what is missing."""

import streamlit as st

from core.care import connects
from core.errors import BadInput
from core.ui import connect_parts
from core.ui.incident import tell
from core.ui.markup import box, empty, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    st.html(head(t("nav.connects"), t("connects.question")) + note(t("connects.lead")))
    minutes = int(visit.now.timestamp() // 300)
    try:
        view = reading.view("connects", minutes, lambda: connects.view(visit.ports, visit.who, reading.person_id))
    except BadInput as error:  # a drawer that can't be read: said, never taken for an empty one
        tell(t, error)
        return
    st.page_link(visit.pages["advice"], label=t("connects.to_advice"), icon=":material/arrow_back:")
    if view.fault:
        st.html(box("now", t("connects.unavailable"), t("connects.unavailable_next", table=view.fault)))
        return
    if view.deceased:
        st.html(note(t("connects.deceased")))
        return
    if view.joined:
        connect_parts.picture(visit, reading, view)
        connect_parts.listed(visit, view)
    else:
        st.html(empty(t("connects.none"), t("connects.none_next")))
    connect_parts.unlocks(visit, view)
    st.html(connect_parts.foot(t, view))


page(here())
