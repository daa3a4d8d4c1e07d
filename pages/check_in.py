"""This is the place where somebody gets a code to check in with at the clinic's kiosk: shown once, as signs and as a picture, and taken back at will."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import kiosk_codes
from core.care.kiosk_codes import CheckIn
from core.ui.changing import attempt, refused
from core.ui.markup import box, head, note
from core.ui.session import Visit, here

_NEW = "hb.check_in"


def page(visit: Visit) -> None:
    t = visit.t
    person_id = visit.reading().person_id
    st.html(head(t("nav.check_in"), t("check_in.question" if visit.own else "check_in.question_other")))
    refused(t)
    whose, new = st.session_state.get(_NEW, ("", None))
    if whose == person_id and isinstance(new, CheckIn) and new.ends_at > visit.now:
        shown(visit, person_id, new)
        return
    standing = kiosk_codes.standing(visit.ports, visit.who, person_id)
    st.html(note(t("check_in.about")))
    if standing.ends_at is not None:
        st.html(box("watch", t("check_in.there_is", when=t.moment(standing.ends_at)), t("check_in.there_is_next")))
    with st.container(key="tools_check_in", horizontal=True):
        st.button(
            t("check_in.make"),
            key="check_in_make",
            type="primary",
            icon=":material/qr_code_2:",
            on_click=_make,
            args=(visit, person_id),
        )
        if standing.ends_at is not None:
            st.button(t("check_in.revoke"), key="check_in_revoke", on_click=_revoke, args=(visit, person_id))
    st.html(note(t("check_in.without")))


def shown(visit: Visit, person_id: str, new: CheckIn) -> None:
    t = visit.t
    with st.container(key="card_check_in"):
        st.html(f'<p class="note">{escape(t("check_in.show"))}</p><p class="checkin-code" translate="no">{escape(new.spaced)}</p>')
        st.image(new.qr, caption=t("check_in.qr"), width=260)
        st.html(note(t("check_in.until", when=t.moment(new.ends_at))))
    with st.container(key="tools_check_in", horizontal=True):
        st.button(t("check_in.done"), key="check_in_done", on_click=_forget)
        st.button(t("check_in.revoke"), key="check_in_revoke", on_click=_revoke, args=(visit, person_id))


def _make(visit: Visit, person_id: str) -> None:
    def do() -> None:
        st.session_state[_NEW] = (person_id, kiosk_codes.make(visit.ports, visit.who, person_id))

    attempt(visit.t("check_in.made"), do)


def _revoke(visit: Visit, person_id: str) -> None:
    _forget()
    attempt(visit.t("check_in.revoked"), lambda: kiosk_codes.revoke(visit.ports, visit.who, person_id))


def _forget() -> None:
    st.session_state.pop(_NEW, None)


page(here())
