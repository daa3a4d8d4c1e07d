"""This is the place where somebody can have their place shown, to read it out to whoever is on the line: in the browser alone, after a tap."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.ui.markup import h2, note
from core.ui.session import Visit

_COMPONENT = st.components.v2.component("healthboard_where", js=Path(__file__).with_name("where.js").read_text(encoding="utf-8"))


def draw(visit: Visit, person_id: str) -> None:
    """The button and what comes of it. The place is neither sent to us nor kept; it is that of this device."""
    t = visit.t
    st.html(h2(t("help.where")) + note(t("help.where_note")))
    data = {
        "ask": t("help.where_ask"), "asking": t("help.where_asking"), "refused": t("help.where_refused"), "unable": t("help.where_unable"),
        "about": t("help.where_about", metres="METRES", time="TIME"), "language": t.language.replace("_", "-"), "whose": person_id,
    }  # fmt: skip
    with st.container(key="noprint_where"):
        _COMPONENT(data=data, key="help_where")
