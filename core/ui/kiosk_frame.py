"""This is the place where the frame of a kiosk's screens is drawn: how far one is, larger text, contrast, reading aloud, and what is always there at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from core.kiosk import flow
from core.kiosk.terms import Step
from core.ui import kiosk_acts as acts
from core.ui.icons import icon
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import ROUND, Stay, stay
from core.ui.words import Words

_CLOCK = st.components.v2.component("healthboard_kiosk", js=Path(__file__).with_name("kiosk.js").read_text(encoding="utf-8"))
_KEYS = st.components.v2.component(
    "healthboard_kiosk_keys", js=Path(__file__).with_name("kiosk_keys.js").read_text(encoding="utf-8")
)
BEAT_EVERY = 60
"""Seconds between two signs of life while nobody is here."""
LONG_TITLE = 60
"""Signs from which on a heading is set smaller."""
ENDINGS = ("finished", "refused", "start_over", "idle", "lost")


@dataclass(frozen=True)
class Forward:
    """The button that leads on: the key of its words, what it does, its arguments."""

    label: str
    act: Callable[..., None]
    args: tuple[Any, ...] = ()
    primary: bool = True


def top(house: KioskHouse, one: Stay, token: str) -> None:
    """How far one is, and how the screen is to be: drawn before the step."""
    t = house.t
    with st.container(key="kiosk_top", horizontal=True, vertical_alignment="center"):
        st.html(_progress(t, one))
        st.button(
            t("kiosk.smaller" if one.large else "kiosk.larger"), key="kq_large", on_click=_turn, args=("large",), width="content"
        )
        st.button(
            t("kiosk.less_contrast" if one.contrast else "kiosk.contrast"),
            key="kq_contrast",
            on_click=_turn,
            args=("contrast",),
            width="content",
        )
        with st.container(key="kiosk_clock", width="content"):
            _clock(house, token)
    chosen = [f"kq-is-{name}" for name, on in (("contrast", one.contrast), ("large", one.large)) if on]
    if chosen:
        with st.container(key="kiosk_chosen"):
            st.html(f'<i class="{" ".join(chosen)}"></i>')


@contextmanager
def main(one: Stay, t: Words) -> Iterator[None]:
    """Around what a step shows: what is to be said above it, then the step."""
    with st.container(key="kiosk_main"):
        tone, key = one.notice
        if key:
            st.html(f'<p class="kq-notice s-{tone}">{icon(tone)}<span>{escape(t(key, **one.facts))}</span></p>')
        yield


def bottom(house: KioskHouse, one: Stay, forward: Forward | None = None, skip: str = "") -> None:
    """Back, help, a person, start over; and what leads on. `skip`: the key of its words where the step may be passed over."""
    t = house.t
    with st.container(key="kiosk_bottom", horizontal=True, vertical_alignment="center"):
        if one.screen or (not one.state.alarm and not one.state.outcome and one.step is not Step.CONSENT):
            st.button(t("kiosk.back"), key="kq_back", on_click=acts.back, icon=":material/arrow_back:")
        st.button(t("kiosk.help"), key="kq_help", on_click=acts.show, args=("help",), icon=":material/help:")
        st.button(t("kiosk.person"), key="kq_person", on_click=acts.person, args=(house,), icon=":material/support_agent:")
        st.button(t("kiosk.over"), key="kq_over", on_click=acts.show, args=("over",), icon=":material/restart_alt:")
        st.space("stretch")
        if skip:
            st.button(t(skip), key="kq_skip", on_click=acts.skip)
        if forward is not None:
            kind = "primary" if forward.primary else "secondary"
            st.button(t(forward.label), key="kq_next", type=kind, on_click=forward.act, args=forward.args)  # type: ignore[arg-type]


def heading(token: str, title: str, lead: str = "") -> None:
    """The one heading of a screen: the focus goes there."""
    more = f'<p class="kq-lead">{escape(lead)}</p>' if lead else ""
    long = " kq-long" if len(title) > LONG_TITLE else ""
    st.html(f'<h1 class="kq-h kq-at-{token}{long}">{escape(title)}</h1>{more}')


def fields_row() -> AbstractContextManager[Any]:
    """Fields side by side with the button that takes what is in them."""
    return st.container(key="kiosk_fields", horizontal=True, horizontal_alignment="center", vertical_alignment="bottom")


def keys(t: Words, fields: tuple[tuple[str, str, int], ...], *, jump: bool = True) -> None:
    """Keys on the screen for fields (key of the field, "digits", "decimal", "code" or "letters", most signs)."""
    words = {one: t("kiosk.key_" + one) for one in ("keys", "back", "clear", "next", "space")}
    point = t.number(0.5)[1:2]
    data = {
        "fields": [{"key": key, "kind": kind, "most": most} for key, kind, most in fields], "words": words, "jump": jump,
        "point": point if point in ".," else ".",
    }  # fmt: skip
    with st.container(key="kiosk_keys"):
        _KEYS(data=data, key="kiosk_keys_" + "_".join(key for key, _, _ in fields)[:80])


def token(one: Stay) -> str:
    """What the screen is called for the browser: another one whenever something else is asked."""
    if one.state.alarm:
        return "alarm"
    more = f"-{one.page}" if one.page else ""
    said = {"who": f"-{one.way}", "measure": f"-{len(one.state.collected.readings) if one.state.collected else 0}"}.get(
        one.step.value, ""
    )
    shown = f"-{one.screen}" if one.screen else ""
    return f"{one.step.value}{said}{more}{shown}{'-sent' if one.state.outcome else ''}{'-shot' if one.shot else ''}"


@st.fragment
def _clock(house: KioskHouse, token: str) -> None:
    """The clock and the voice. Where it only says that somebody is there, nothing else is drawn anew."""
    t, one = house.t, stay()
    idle, warn = acts.seconds(one)
    words = {
        "warn": t("kiosk.warn"), "here": t("kiosk.here"), "left": t("kiosk.warn_left", seconds="SECONDS"), "aloud": t("kiosk.aloud"), "no_voice": t("kiosk.no_voice"),
        "over": t("kiosk.ended_start_over"), **{code: t("kiosk.ended_" + code) for code in ENDINGS},
    }  # fmt: skip
    data = {
        "lang": t.html_lang, "on": one.on, "idle": idle, "warn": warn, "every": BEAT_EVERY, "token": token, "round": int(st.session_state.get(ROUND, 0)),
        "ended": one.state.ended, "words": words, "hold": one.held, "hold_key": f"{token} {one.held}",
    }  # fmt: skip
    came = one.on
    found = _CLOCK(data=data, key="kiosk_clock_part", on_idle_change=acts.idle, on_alive_change=acts.alive, on_beat_change=_nothing)
    if getattr(found, "beat", None) is not None or (came and not stay().on):
        st.rerun()
    if getattr(found, "idle", None) is not None:
        st.rerun()


def _nothing() -> None:
    """The run that the browser asks for is all that is needed."""


def _turn(what: str) -> None:
    one = stay()
    setattr(one, what, not getattr(one, what))


def _progress(t: Words, one: Stay) -> str:
    at, of = flow.place(one.state)
    if not at:
        return f'<div class="kq-progress"><b>{escape(t("app.name"))}</b></div>'
    known = one.state.collected is not None or bool(one.state.outcome)
    said = escape(t("kiosk.progress", n=at, of=of) if known else t("kiosk.step." + one.step.value))
    bar = f'<progress value="{at}" max="{of}" aria-label="{said}"></progress>' if known else ""
    return f'<div class="kq-progress"><b>{said}</b>{bar}</div>'
