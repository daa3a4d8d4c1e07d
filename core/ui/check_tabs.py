"""This is the place where Checks is divided: questionnaires, photos, pulse, each at an address of its own."""

from __future__ import annotations

import streamlit as st

from core.ui.session import Visit

TABS = (("checks", "checklist"), ("photo_checks", "photo_camera"), ("pulse_checks", "ecg_heart"))


def draw(visit: Visit, current: str) -> None:
    """The links between the three; the one that is open is marked."""
    with st.container(key="check_tabs", horizontal=True):
        for place, look in TABS:
            with st.container(key=f"tabi_{place}{'_on' if place == current else ''}", width="content"):
                st.page_link(visit.pages[place], label=visit.t("check_tab." + place), icon=f":material/{look}:")
