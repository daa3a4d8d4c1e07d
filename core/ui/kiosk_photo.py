"""This is the place where a photo the team asked for is taken at a kiosk: judged at once, kept in memory until it is sealed."""

from __future__ import annotations

from base64 import b64encode
from html import escape

import streamlit as st

from core.errors import HealthboardError
from core.kiosk.terms import Photo
from core.ui import kiosk_acts as acts
from core.ui.kiosk_frame import Forward, bottom, heading, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import Stay, forget_widgets, say, stay, turn


def draw(house: KioskHouse, one: Stay) -> None:
    t = house.t
    kind = one.welcomed.photo if one.welcomed else ""
    if one.shot:
        _judged(house, one, kind)
        return
    with main(one, t):
        heading(token(one), t("photo.take." + kind), t("kiosk.photo_lead"))
        with st.container(key="photo_source", horizontal_alignment="center"):
            st.html(f'<style>.st-key-photo_source{{--camera-word:"{t("photo.camera_take")}"}}</style>')
            st.camera_input(t("kiosk.camera"), key=f"kq_photo_{turn()}", on_change=taken, args=(house, kind), width=480)
    bottom(house, one, None, "kiosk.skip")


def taken(house: KioskHouse, kind: str) -> None:
    """Look at the photo; the upload itself is forgotten with its field."""
    one, shot = stay(), st.session_state.get(f"kq_photo_{turn()}")
    if shot is None:
        return
    content = shot.getvalue()
    forget_widgets()
    if house.look is None:
        say(one, "soon", "kiosk.photo_unable")
        return
    try:
        seen = house.look(kind, content)
    except HealthboardError:
        say(one, "watch", "kiosk.photo_unreadable")
        return
    one.shot, one.reasons, one.notice = seen.content, seen.reasons, ("", "")


def use(kind: str) -> None:
    one = stay()
    content, one.shot, one.reasons = one.shot, b"", ()
    acts.forward({"photos": (Photo(kind, content),)})


def another() -> None:
    one = stay()
    one.shot, one.reasons = b"", ()


def _judged(house: KioskHouse, one: Stay, kind: str) -> None:
    t = house.t
    good = not one.reasons
    rows = "".join(f"<li><b>{escape(t('quality.' + each))}</b> {escape(t('quality_do.' + each))}</li>" for each in one.reasons[:3])
    picture = (
        f'<img class="kq-photo" alt="{escape(t("kiosk.photo_alt"))}" src="data:image/jpeg;base64,{b64encode(one.shot).decode()}">'
    )
    with main(one, t):
        heading(token(one), t("photo.good" if good else "photo.poor"))
        st.html(f'<div class="kq-pair">{picture}<ul class="kq-list">{rows}</ul></div>')
        with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
            st.button(
                t("photo.another"), key="kq_another", type="secondary" if good else "primary", on_click=another, width="content"
            )
    bottom(house, one, Forward("kiosk.use_photo" if good else "kiosk.use_anyway", use, (kind,), primary=good), "kiosk.skip")
