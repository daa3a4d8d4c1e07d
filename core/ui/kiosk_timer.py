"""This is the place where somebody at a kiosk waits for a minute or five: a countdown in the browser that says when it is over."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.ui.words import Words

_TIMER = st.components.v2.component(
    "healthboard_kiosk_timer", js=Path(__file__).with_name("kiosk_timer.js").read_text(encoding="utf-8")
)


def countdown(t: Words, seconds: int, name: str) -> None:
    """Counts down to nothing, then has the page drawn anew."""
    data = {"seconds": seconds, "name": name, "left": t("kiosk.left", time="TIME"), "over": t("kiosk.wait_over")}
    with st.container(key="kiosk_timer"):
        _TIMER(data=data, key=f"kiosk_timer_{name}", on_over_change=_nothing)


def _nothing() -> None:
    """The run that follows asks what comes next."""
