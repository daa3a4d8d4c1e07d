"""This is the place where the sign-in page is drawn: language, demo choices as cards, name and password."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.care import sessions
from core.care.desk_views import DemoAccount
from core.errors import SignInRefused
from core.ui.icons import icon
from core.ui.incident import tell
from core.ui.markup import box, h2, head, note
from core.ui.session import Visit, choose_language, enter
from core.ui.words import languages, own_names

_ICONS = {"patient": "person", "caregiver": "heart", "coordinator": "people", "administrator": "key", "kiosk": "screen"}


def draw(visit: Visit) -> None:
    """The whole page."""
    t = visit.t
    _language(visit)
    demo = sessions.demo_accounts(visit.ports)
    st.html(head(t("sign_in.title"), t("sign_in.question")))
    _why_here(visit)
    if demo:
        _demo(visit, demo)
        with st.expander(t("sign_in.with_password")):
            _form(visit)
    else:
        _form(visit)


def _language(visit: Visit) -> None:
    names = own_names()
    picked = st.segmented_control(
        visit.t("settings.language"), languages(), format_func=lambda one: names[one], default=visit.t.language,
        key="door_language", required=True, label_visibility="collapsed",
    )  # fmt: skip
    if picked and picked != visit.t.language:
        choose_language(picked)
        st.rerun()


def _why_here(visit: Visit) -> None:
    """Why one is back at the door, in one plain sentence."""
    code = visit.ended or ("session_expired" if st.query_params.get("signin") == "again" else "")
    if code:
        t = visit.t
        st.html(box("unknown", t.first("error." + code, "error.session_expired"), t.first(f"error.{code}.next", "error.session_expired.next")))


def _demo(visit: Visit, accounts: Sequence[DemoAccount]) -> None:
    t = visit.t
    st.html(h2(t("sign_in.demo_title")) + note(t("sign_in.demo_note")))
    grid = st.grid(3, min_column_width=270)
    for at, account in enumerate(accounts):
        with grid.container(key=f"card_demo_{at}", height="stretch", vertical_alignment="distribute"):
            about = escape(t("sign_in.demo_" + account.role, n=len(account.people)))
            name = escape(account.display_name)
            kind = f'<span>{icon(_ICONS[account.role])}{escape(t("role." + account.role))}</span>'
            st.html(f'<div class="at"><div class="meta">{kind}</div><h3 class="hb-h3">{name}</h3><div class="mean">{about}</div></div>')
            if st.button(t("sign_in.as", name=account.display_name), key=f"demo_{at}", width="stretch", type="primary" if at == 0 else "secondary"):
                enter(visit.ports, sessions.demo_sign_in(visit.ports, account.account_id).session_id)
                st.rerun()


def _form(visit: Visit) -> None:
    t = visit.t
    with st.form("sign_in", border=False):
        username = st.text_input(t("sign_in.username"), key="sign_in_username", autocomplete="username")
        password = st.text_input(t("sign_in.password"), key="sign_in_password", type="password", autocomplete="current-password")
        sent = st.form_submit_button(t("sign_in.go"), type="primary")
    if not sent:
        return
    try:
        opened = sessions.sign_in(visit.ports, username, password)
    except SignInRefused as error:
        tell(t, error)
        return
    enter(visit.ports, opened.session_id)
    st.rerun()
