"""This is the place where a coordinator keeps the ledger of remote monitoring of one person, month by month."""

import streamlit as st

from core.ui import monitoring_parts
from core.ui.changing import refused
from core.ui.markup import head
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    st.html(head(t("nav.monitoring"), t("monitoring.question")))
    refused(t)
    view = monitoring_parts.chosen(visit, reading)
    st.html(monitoring_parts.whole(t, view))
    monitoring_parts.entries(visit, reading, view)
    monitoring_parts.form(visit, reading)


page(here())
