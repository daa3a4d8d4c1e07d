"""This is the place where contact, medicines and allergies are confirmed at a kiosk, a few at a time, and where something that isn't listed can be added."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st

from core.kiosk.terms import Step, ToConfirm
from core.ui import kiosk_acts as acts
from core.ui.kiosk_frame import Forward, bottom, fields_row, heading, keys, main, token
from core.ui.kiosk_house import KioskHouse
from core.ui.kiosk_stay import Stay, forget_widgets, say, stay, turn

A_PAGE = 4
MOST_ADDED, LONGEST = 10, 60
ANSWERS = {Step.CONTACT: ("yes", "no"), Step.MEDICINES: ("yes", "no", "unsure"), Step.ALLERGIES: ("yes", "no", "unsure")}
FIELDS = {Step.CONTACT: "contact", Step.MEDICINES: "medicines", Step.ALLERGIES: "allergies"}
ADDED = {Step.MEDICINES: "medicines_added", Step.ALLERGIES: "allergies_added"}


def draw(house: KioskHouse, one: Stay) -> None:
    """A page of what is listed; for medicines and allergies a last page for what isn't."""
    listed = _listed(one)
    pages = [listed[at : at + A_PAGE] for at in range(0, len(listed), A_PAGE)]
    if one.page < len(pages):
        _page(house, one, pages[one.page], (one.page, len(pages)))
    else:
        _more(house, one)


def give(key: str, given: str) -> None:
    acts.answer(FIELDS[stay().step], key, given)


def all_right(keys_: Sequence[str]) -> None:
    """Everything on this page still holds."""
    for key in keys_:
        give(key, "yes")
    forward()


def forward() -> None:
    """The next page, or the next step."""
    one = stay()
    pages = -(-len(_listed(one)) // A_PAGE)
    last = pages if one.step in ADDED else pages - 1
    if one.page < last:
        acts.page(1)
    else:
        acts.forward()


def add() -> None:
    """Something that isn't listed."""
    one = stay()
    text = " ".join(str(st.session_state.get(f"kq_more_{turn()}", "")).split())[:LONGEST]
    field = ADDED[one.step]
    before: tuple[str, ...] = getattr(one.state.collected, field) if one.state.collected else ()
    forget_widgets()
    if not text:
        say(one, "watch", "kiosk.add_empty")
    elif len(before) >= MOST_ADDED:
        say(one, "watch", "kiosk.add_most", n=MOST_ADDED)
    elif text not in before:
        acts.put(field, (*before, text))
        one.notice = ("", "")


def take_back(text: str) -> None:
    one = stay()
    field = ADDED[one.step]
    if one.state.collected is not None:
        acts.put(field, tuple(each for each in getattr(one.state.collected, field) if each != text))


def _listed(one: Stay) -> tuple[ToConfirm, ...]:
    return tuple(getattr(one.welcomed, FIELDS[one.step])) if one.welcomed else ()


def _page(house: KioskHouse, one: Stay, rows: Sequence[ToConfirm], place: tuple[int, int]) -> None:
    t, step = house.t, one.step
    given = dict(getattr(one.state.collected, FIELDS[step])) if one.state.collected else {}
    aside = f" · {t('kiosk.page_of', n=place[0] + 1, of=place[1])}" if place[1] > 1 else ""
    with main(one, t):
        heading(token(one), t("kiosk.ask." + step.value), t("kiosk.ask_lead." + step.value) + aside)
        for at, row in enumerate(rows):
            with st.container(key=f"kiosk_row_{at}", horizontal=True, vertical_alignment="center"):
                label = t.first("kiosk.contact." + row.key.partition(":")[0]) if step is Step.CONTACT else ""
                st.html(_row(label if label and not label.startswith("kiosk.") else "", row))
                for answer in ANSWERS[step]:
                    kind: Literal["primary", "secondary"] = "primary" if given.get(row.key) == answer else "secondary"
                    said = t(f"kiosk.{step.value}_{answer}")
                    st.button(said, key=f"kq_{at}_{answer}", type=kind, on_click=give, args=(row.key, answer), width="content")
        open_ = [row.key for row in rows if row.key not in given]
        if len(open_) == len(rows):
            with st.container(key="kiosk_all", horizontal=True, horizontal_alignment="center"):
                st.button(
                    t("kiosk.all_" + step.value),
                    key="kq_all",
                    type="primary",
                    on_click=all_right,
                    args=([row.key for row in rows],),
                    width="content",
                )
    bottom(house, one, None if len(open_) == len(rows) else Forward("kiosk.next", forward), "kiosk.skip")


def _row(label: str, row: ToConfirm) -> str:
    detail = f"<small>{escape(row.detail)}</small>" if row.detail else ""
    named = f"<small>{escape(label)}</small>" if label else ""
    return f'<div class="kq-row">{named}<b>{escape(row.text)}</b>{detail}</div>'


def _more(house: KioskHouse, one: Stay) -> None:
    """What isn't listed: typed in a few words, which the team sorts out."""
    t, step, key = house.t, one.step, f"kq_more_{turn()}"
    added: tuple[str, ...] = getattr(one.state.collected, ADDED[step]) if one.state.collected else ()
    lead = t(f"kiosk.more_lead.{step.value}")
    if not _listed(one):
        known = one.welcomed.allergies_known if one.welcomed and step is Step.ALLERGIES else "none_recorded"
        lead = t.joined((t(f"kiosk.none.{step.value}_{known}" if step is Step.ALLERGIES else "kiosk.none.medicines"), lead))
    with main(one, t):
        heading(token(one), t("kiosk.more." + step.value), lead)
        with st.form("kq_form_more", border=False), fields_row():
            st.text_input(t("kiosk.more_field." + step.value), key=key, max_chars=LONGEST, autocomplete="off", width=520)
            st.form_submit_button(t("kiosk.add"), on_click=add, key="kq_add", width="content")
        if added:
            with st.container(key="kiosk_added", horizontal=True, horizontal_alignment="center"):
                for at, text in enumerate(added):
                    st.button(
                        t("kiosk.take_back", text=text),
                        key=f"kq_added_{at}",
                        on_click=take_back,
                        args=(text,),
                        icon=":material/close:",
                        width="content",
                    )
        keys(t, ((key, "letters", LONGEST),), jump=False)
    bottom(house, one, Forward("kiosk.next" if added else "kiosk.nothing_more", forward))
