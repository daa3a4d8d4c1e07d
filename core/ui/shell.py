"""This is the place where the frame of every page is put up: stylesheet, language, text size, spoken line, leaving for elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from core.ui.stylesheet import stylesheet
from core.ui.words import Words

_SAY, _FOCUS, _ENTER, _LEAVE, _REMEMBER = "hb.say", "hb.focus", "hb.enter", "hb.leave", "hb.remember"
_RUN, _PRINT = "hb.run", "hb.print"
_COMPONENT = st.components.v2.component("healthboard_shell", js=Path(__file__).with_name("shell.js").read_text(encoding="utf-8"))

TOLD_RUNS = 4
"""For how many runs the browser is told to trade a ticket."""

SIZES: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "roomy": MappingProxyType({"normal": 18, "large": 20, "largest": 24}),
        "dense": MappingProxyType({"normal": 16, "large": 18, "largest": 22}),
        "kiosk": MappingProxyType({"normal": 22, "large": 22, "largest": 24}),
    }
)
"""Base size in CSS pixels by density and chosen text size; every other size is relative to it."""


@dataclass(frozen=True)
class Frame:
    """What the frame needs: how dense the role works, the chosen text size, seconds until an unused session is asked about."""

    density: str = "roomy"
    text_size: str = "normal"
    idle_seconds: int = 0


def put_up(t: Words, frame: Frame) -> None:
    """Stylesheet and frame; drawn once a run, before anything else. Says aloud what `say` left in the run before."""
    size = SIZES[frame.density].get(frame.text_size, SIZES[frame.density]["normal"])
    st.html(stylesheet())
    run = int(st.session_state.get(_RUN, 0)) + 1
    st.session_state[_RUN] = run  # the frame looks at the page anew after every run
    data = {
        "lang": t.html_lang,
        "nav": t("nav.landmark"),
        "say": st.session_state.pop(_SAY, ""),
        "focus": st.session_state.pop(_FOCUS, ""),
        "enter": _ticket(run),
        "leave": st.session_state.get(_LEAVE, ""),
        "remember": st.session_state.get(_REMEMBER, ""),
        "print": st.session_state.pop(_PRINT, False),
        "idle": frame.idle_seconds,
        "run": run,
    }
    with st.container(key="shell"), st.container(key=f"size_{size}"), st.container(key=f"density_{frame.density}"):
        _COMPONENT(data=data, key="shell_frame", on_idle_change=_nothing)


def say(text: str, focus: str = "") -> None:
    """Have the next run say this to screen readers, and put the focus back on the control with that key."""
    st.session_state[_SAY] = text
    st.session_state[_FOCUS] = focus


def say_aside(key: str) -> None:
    """What `say` left is said by a part of the page that is drawn on its own (a fragment), so that it need not wait for the next run."""
    data = {"aside": True, "say": st.session_state.pop(_SAY, ""), "focus": st.session_state.pop(_FOCUS, "")}
    with st.container(key=f"aside_{key}"):
        _COMPONENT(data=data, key=f"shell_aside_{key}", on_idle_change=_nothing)


def trade_ticket(ticket: str) -> None:
    """Have the browser trade a one-time ticket for the session cookie, so that a refresh stays signed in."""
    st.session_state[_ENTER] = (f"/auth/enter?ticket={ticket}", int(st.session_state.get(_RUN, 0)) + TOLD_RUNS)


def remember_language(language: str) -> None:
    """Have the browser remember the language that was chosen before signing in."""
    st.session_state[_REMEMBER] = language


def drop_cookie() -> None:
    """Have the browser forget the session cookie and start afresh; nothing of this page stays in its memory."""
    st.session_state[_LEAVE] = "/auth/leave"


def print_page() -> None:
    """Have the browser open its print dialog for this page."""
    st.session_state[_PRINT] = True


def _ticket(run: int) -> str:
    """The ticket's address for the first few runs: two runs in quick succession reach the browser as one. It trades it once."""
    address, last = st.session_state.get(_ENTER, ("", 0))
    if run > last:
        st.session_state.pop(_ENTER, None)
        return ""
    return str(address)


def _nothing() -> None:
    """The run that the idle clock asks for is all that is needed: it finds the session over."""
