"""This is the place where somebody at a kiosk says who they are: by a code typed or held before the camera, or by birth date, initials and a second factor. No name is shown."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.kiosk.terms import Clinic, Proof
from core.ui import kiosk_acts as acts
from core.ui.kiosk_frame import Forward, bottom, fields_row, heading, keys, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_scan import text_in
from core.ui.kiosk_stay import Stay, forget_widgets, say, stay, turn
from core.ui.words import Words

CODE_SIGNS = 8
LONGEST_CODE = 60
_ORDER = {"zh": ("year", "month", "day"), "en": ("day", "month", "year")}
_MOST = {"day": 2, "month": 2, "year": 4}
FACTOR_SIGNS = {"phone_last4": ("digits", 4), "postcode": ("code", 10)}


def draw(house: KioskHouse, one: Stay) -> None:
    t, clinic = house.t, one.clinic
    if clinic is None:
        return
    ways = ("code", "camera", "birth") if clinic.factor != "none" else ("code", "camera")
    with main(one, t):
        heading(token(one), t("kiosk.who"), t("kiosk.who_lead." + one.way))
        with st.container(key="kiosk_ways", horizontal=True, horizontal_alignment="center"):
            for way in ways:
                kind = "primary" if way == one.way else "secondary"
                st.button(t("kiosk.way_" + way), key=f"kq_way_{way}", type=kind, on_click=choose, args=(way,))  # type: ignore[arg-type]
        {"code": _code, "camera": _camera, "birth": _birth}[one.way](house, clinic)
    bottom(house, one)


def choose(way: str) -> None:
    one = stay()
    forget_widgets()
    one.way, one.notice = way, ("", "")


def typed_code(house: KioskHouse) -> None:
    text = str(st.session_state.get(f"kq_code_{turn()}", ""))
    if len("".join(text.split())) < CODE_SIGNS:
        say(stay(), "watch", "kiosk.code_short", n=CODE_SIGNS)
        return
    acts.identify(house, Proof("code", code=text[:LONGEST_CODE]))


def typed_birth(house: KioskHouse, factor: str) -> None:
    """The parts of a birth date together; one that can't be is said, and nobody is asked."""
    given = {name: str(st.session_state.get(f"kq_{name}_{turn()}", "")).strip() for name in (*_MOST, "initials", "factor")}
    year, month, day = (given[name] for name in ("year", "month", "day"))
    if not (len(year) == 4 and all(part.isascii() and part.isdigit() for part in (year, month, day))):
        say(stay(), "watch", "kiosk.birth_unclear")
        return
    if not given["initials"] or (factor != "none" and not given["factor"]):
        say(stay(), "watch", "kiosk.birth_more")
        return
    born = f"{year}-{int(month):02d}-{int(day):02d}"
    acts.identify(house, Proof("birth", birth_date=born, initials=given["initials"][:20], factor=given["factor"][:20]))


def photographed(house: KioskHouse) -> None:
    """A picture of the code: read here, kept nowhere."""
    shot = st.session_state.get(f"kq_cam_{turn()}")
    if shot is None:
        return
    text = text_in(shot.getvalue())
    forget_widgets()
    if text:
        acts.identify(house, Proof("code", code=text[:LONGEST_CODE]))
    else:
        say(stay(), "watch", "kiosk.no_code_seen")


def _code(house: KioskHouse, clinic: Clinic) -> None:
    t, key = house.t, f"kq_code_{turn()}"
    with st.form("kq_form_code", border=False), fields_row():
        st.text_input(t("kiosk.code"), key=key, max_chars=LONGEST_CODE, autocomplete="off", width=420)
        st.form_submit_button(t("kiosk.go"), type="primary", on_click=typed_code, args=(house,), key="kq_go", width="content")
    keys(t, ((key, "code", 9),), jump=False)


def _camera(house: KioskHouse, clinic: Clinic) -> None:
    t = house.t
    with st.container(key="photo_source", horizontal_alignment="center"):
        st.html(f'<style>.st-key-photo_source{{--camera-word:"{t("kiosk.scan")}"}}</style>')
        st.camera_input(t("kiosk.camera"), key=f"kq_cam_{turn()}", on_change=photographed, args=(house,), width=420)


def _birth(house: KioskHouse, clinic: Clinic) -> None:
    t = house.t
    parts = _ORDER.get(t.language[:2], _ORDER["en"])
    with st.form("kq_form_birth", border=False), fields_row():
        for name in parts:
            _field(t, name, _MOST[name], 120 if name == "year" else 95)
        _field(t, "initials", 8, 130)
        if clinic.factor in FACTOR_SIGNS:
            _field(t, "factor", FACTOR_SIGNS[clinic.factor][1], 220, t("kiosk.factor_" + clinic.factor))
        st.form_submit_button(
            t("kiosk.go"), type="primary", on_click=typed_birth, args=(house, clinic.factor), key="kq_go", width="content"
        )
    fields = [(f"kq_{name}_{turn()}", "digits", _MOST[name]) for name in parts]
    fields.append((f"kq_initials_{turn()}", "letters", 8))
    if clinic.factor in FACTOR_SIGNS:
        kind, most = FACTOR_SIGNS[clinic.factor]
        fields.append((f"kq_factor_{turn()}", kind, most))
    keys(t, tuple(fields))


def _field(t: Words, name: str, most: int, width: int, label: str = "") -> None:
    st.text_input(label or t("kiosk.birth_" + name), key=f"kq_{name}_{turn()}", max_chars=most, autocomplete="off", width=width)


def offline(house: KioskHouse, one: Stay) -> None:
    """The server can't be reached: what can be done, what can't, and that it is sent later."""
    t = house.t
    with main(one, t):
        heading(token(one), t("kiosk.offline"), t("kiosk.offline_lead"))
        st.html(_offline_list(t))
    bottom(house, one, Forward("kiosk.offline_go", acts.go_on_alone, (house,)))


def _offline_list(t: Words) -> str:
    rows = "".join(f"<li>{escape(t('kiosk.offline_' + one))}</li>" for one in ("can", "cannot", "kept", "person"))
    return f'<ul class="kq-list">{rows}</ul>'
