"""This is the place where the emergency card is drawn as a stranger reads it, with its QR code and a sheet to print."""

from __future__ import annotations

from base64 import b64encode
from html import escape

import streamlit as st

from core.care import emergency
from core.care.access import Action
from core.care.emergency_views import EmergencySheet
from core.ui.files import offer
from core.ui.markup import facts, h2, note
from core.ui.session import Reading, Visit
from core.ui.words import Words


def draw(visit: Visit, reading: Reading) -> None:
    """The card, for those who may print it."""
    if not visit.may(Action.PRINT_SUMMARY):
        return
    t = visit.t
    sheet = reading.view("emergency_card", t.language, lambda: emergency.card(visit.ports, visit.who, reading.person_id, t, t.language))
    st.html(text(t, sheet))
    with st.container(key="tools_help", horizontal=True):
        offer(visit, reading, "emergency", t("help.pdf"), lambda: emergency.card_pdf(visit.ports, visit.who, reading.person_id, t, t.language))


def text(t: Words, sheet: EmergencySheet) -> str:
    """The sections with the code beside them, who can read it, and what had no room."""
    pairs = [(one.title, "; ".join(one.entries)) for one in sheet.sections]
    code = f'<img class="help-qr" alt="{escape(t("help.qr_alt"))}" src="data:image/png;base64,{b64encode(sheet.qr).decode("ascii")}">'
    cut = sum(n for _, n in sheet.cut)
    parts = [note(t("help.qr_who")), note(t("emergency.qr_cut", n=cut)) if cut else "", note(t("help.damaged")) if sheet.medicines_damaged else ""]
    said = f'<details class="help-sign"><summary>{escape(t("help.qr_text"))}</summary><pre class="help-text">{escape(sheet.text)}</pre></details>'
    return f'{h2(t("emergency.title"), t("emergency.aside"))}<div class="card sos help-card"><div>{facts(pairs)}</div><div>{code}{"".join(parts)}{said}</div></div>'
