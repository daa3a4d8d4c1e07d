"""This is the place where a visit at a kiosk ends: what will be sent, then what became of it, what happens next, and what can be taken home."""

from __future__ import annotations

from base64 import b64encode
from html import escape

import streamlit as st

from core.kiosk.flow import left_out
from core.kiosk.sending import QUEUED, REFUSED, UNMATCHED
from core.kiosk.terms import Collected
from core.ui import kiosk_acts as acts
from core.ui import shell
from core.ui.icons import icon
from core.ui.kiosk_frame import Forward, bottom, heading, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_measure import said
from core.ui.kiosk_stay import Stay
from core.ui.words import Words


def draw(house: KioskHouse, one: Stay) -> None:
    t, collected = house.t, one.state.collected
    if one.state.outcome:
        _sent(house, one)
        return
    if collected is None:
        return
    with main(one, t):
        heading(token(one), t("kiosk.summary"), t("kiosk.summary_lead"))
        st.html(f'<ul class="kq-values">{"".join(f"<li>{escape(row)}</li>" for row in rows(t, one, collected))}</ul>')
    bottom(house, one, Forward("kiosk.send", acts.send, (house,)))


def rows(t: Words, one: Stay, collected: Collected) -> list[str]:
    """What is in the visit, a line each."""
    found = []
    for field, count in (("contact", len(collected.contact)), ("medicines", len(collected.medicines) + len(collected.medicines_added)),
                         ("allergies", len(collected.allergies) + len(collected.allergies_added))):  # fmt: skip
        if count:
            found.append(t("kiosk.sum_" + field, n=count))
    found += [f"{t('kiosk.measure_name.' + each.measure.value)}: {said(t, one, each)}" for each in collected.readings]
    if collected.questionnaires:
        found.append(t("kiosk.sum_questions", n=sum(len(each) for each in collected.questionnaires.values())))
    if collected.photos:
        found.append(t("kiosk.sum_photo"))
    found.append(t("kiosk.sum_danger", n=len(collected.danger)) if collected.danger else t("kiosk.sum_no_danger"))
    if not one.state.due.server and left_out(one.state.due):
        found.append(t("kiosk.sum_offline"))
    return found


def _sent(house: KioskHouse, one: Stay) -> None:
    t = house.t
    how = {QUEUED: "queued", REFUSED: "refused", UNMATCHED: "unmatched"}.get(one.receipt, "kept")
    with main(one, t):
        heading(token(one), t(f"kiosk.sent.{how}"), t(f"kiosk.sent_next.{how}"))
        if one.called == "called":
            st.html(f'<p class="kq-notice s-fine">{icon("fine")}<span>{escape(t("kiosk.person_called"))}</span></p>')
        if one.link and house.qr is not None:
            picture = b64encode(house.qr(one.link)).decode()
            st.html(
                f'<div class="kq-pair"><img class="kq-qr" alt="{escape(t("kiosk.home_alt"))}" src="data:image/png;base64,{picture}">'
                f"<div><h2>{escape(t('kiosk.home'))}</h2><p>{escape(t('kiosk.home_how'))}</p></div></div>"
            )
            with st.container(key="kiosk_choice", horizontal=True, horizontal_alignment="center"):
                st.button(t("kiosk.print"), key="kq_print", on_click=shell.print_page, width="content")
    bottom(house, one, Forward("kiosk.finish", acts.finish))
