"""This is the place where a coordinator looks at treatment options of one person: to confirm, never orders."""

import streamlit as st

from core.care import options
from core.errors import BadInput
from core.ui import option_parts, shell
from core.ui.incident import tell
from core.ui.markup import box, empty, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    st.html(head(t("nav.options"), t("options.question")) + box("unknown", t("options.lead"), ""))
    minutes = int(visit.now.timestamp() // 300)
    try:
        view = reading.view("options", minutes, lambda: options.view(visit.ports, visit.who, reading.person_id))
    except BadInput as error:  # a drawer that can't be read: said, never taken for an empty one
        tell(t, error)
        return
    with st.container(key="tools_options", horizontal=True):
        st.page_link(visit.pages["advice"], label=t("connects.to_advice"), icon=":material/arrow_back:")
        st.page_link(visit.pages["connects"], label=t("options.to_connects"), icon=":material/hub:")
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)
    if view.fault:
        st.html(box("now", t("options.unavailable"), t("options.unavailable_next", table=view.fault)))
        return
    if view.deceased:
        st.html(note(t("options.deceased")))
        return
    if view.unread:
        st.html(box("soon", t("options.unread", names=t("message.between").join(view.unread)), ""))
    if not view.of("open"):
        st.html(empty(t("options.none"), t("options.none_next")))
    option_parts.open_ones(t, view)
    st.html(option_parts.needs(t, view))
    shown, count = option_parts.looked_at(t, view)
    with st.expander(t("options.looked_at", n=count), key="options_looked_at"):
        st.html(shown)
    st.html(option_parts.foot(t, view))


page(here())
