"""This is the place where an administrator looks after kiosks: adds and revokes them, sees whether they live, and says how they work."""

from __future__ import annotations

import streamlit as st

from core.care import kiosk_clinic, kiosk_registry
from core.errors import HealthboardError
from core.ui import kiosk_admin
from core.ui.changing import attempt, refused
from core.ui.incident import tell
from core.ui.markup import empty, h2, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.kiosks"), t("kiosks.question")))
    refused(t)
    kiosk_admin.add(visit)
    try:
        lines = kiosk_registry.listed(visit.ports, visit.who)
    except HealthboardError as error:
        tell(t, error)
        lines = ()
    if not lines:
        st.html(empty(t("kiosks.none"), t("kiosks.none_next")))
    for line in lines:
        kiosk_admin.one(visit, line)
    st.html(h2(t("kiosks.settings")) + note(t("kiosks.settings_about")))
    try:
        kept = kiosk_clinic.settings(visit.ports, visit.who)
    except HealthboardError as error:
        tell(t, error)
        st.button(
            t("kiosks.forget"),
            key="kiosk_forget",
            on_click=attempt,
            args=(t("settings.saved"), lambda: kiosk_clinic.forget(visit.ports, visit.who)),
        )
        return
    kiosk_admin.settings(visit, kept)


page(here())
