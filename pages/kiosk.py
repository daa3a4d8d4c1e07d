"""This is the place where a kiosk waits: locked, with nothing about anybody on it."""

from html import escape

import streamlit as st

from core.care import kiosk
from core.ui.icons import icon
from core.ui.session import here

visit = here()
t = visit.t
view = kiosk.locked(visit.ports, visit.who)
st.html(
    f'<div class="kq">{icon("shield")}<h1>{escape(t("kiosk.title"))}</h1><p>{escape(t("kiosk.text"))}</p></div>'
    f'<div class="kfoot">{escape(view.display_name)} · {escape(t("kiosk.foot"))}</div>'
)
