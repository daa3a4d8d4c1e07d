"""This is the place where a person sees their medicines in plain language: what for, how to take them, what is left, and what the safety checks found."""

from __future__ import annotations

import streamlit as st

from core.care import medicine_cards
from core.care.access import Action
from core.care.dose_views import CardsView, MedicineCard
from core.domain.people import Role
from core.ui import medicine_card, medicine_form, medicine_refill, medicine_safety, medicine_settings, shell
from core.ui.changing import refused
from core.ui.dose_parts import mark, there
from core.ui.markup import empty, h2, head, note
from core.ui.medicine_form import Opened
from core.ui.session import Reading, Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    minutes = int(visit.now.timestamp() // 300)
    view = reading.view("cards", minutes, lambda: medicine_cards.view(visit.ports, visit.who, reading.person_id))
    st.html(head(t("nav.medicines"), t("medicines.question" if visit.own else "medicines.question_other")))
    refused(t)
    tools(visit, reading, view)
    clinician = visit.role is Role.COORDINATOR
    if not (view.current or view.other):
        st.html(empty(t("medicines.empty"), t("medicines.empty_next")))
    else:
        st.html(medicine_safety.section(t, view.checked, clinician))
        left_out(visit, view)
        st.html(h2(t("medicines.current"), t("medicines.count", n=len(view.current))))
        if not view.current:
            st.html(note(t("medicines.none_current")))
        for one in view.current:
            card(visit, reading, view, one)
        others(visit, reading, view)
        st.html(note(t("medicines.no_schedule")))
        with st.container(key="tools_medicines_end", horizontal=True):
            st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)
    medicine_form.dialog(visit, reading)
    medicine_settings.dialog(visit, reading, view)


def tools(visit: Visit, reading: Reading, view: CardsView) -> None:
    """What leads on from here: adding one, comparing, what was taken, reminders."""
    t = visit.t
    with st.container(key="tools_medicines", horizontal=True):
        if view.may_edit:
            new = Opened(reading.person_id, view.habits.zone)
            st.button(t("form.add"), key="add_medicine", type="primary", icon=":material/add:", on_click=medicine_form.begin, args=(new,))
        for place, look in (("reconcile", "compare_arrows"), ("adherence", "calendar_month"), ("reminders", "notifications")):
            if place in visit.pages and (place != "reminders" or visit.role is not Role.COORDINATOR):
                st.page_link(visit.pages[place], label=t("nav." + place), icon=f":material/{look}:")


def left_out(visit: Visit, view: CardsView) -> None:
    """What was not checked, and what the checks rest on."""
    t = visit.t
    if view.checked.not_checked:
        with st.expander(t("safety.left_out", n=len(view.checked.not_checked))):
            st.html(medicine_safety.left_out(t, view.checked.not_checked))
    if visit.role is Role.COORDINATOR:
        with st.expander(t("safety.tables")):
            st.html(medicine_safety.tables(t, view.checked))


def card(visit: Visit, reading: Reading, view: CardsView, one: MedicineCard) -> None:
    """One medicine with what may be done about it."""
    t, key = there(visit.t, view.habits.zone), mark(one.medicine_id)
    with st.container(key=f"card_med_{key}"):
        st.html(medicine_card.card(t, one, visit.now, visit.role))
        answered = view.book.answers.get(one.medicine_id)
        now = answered.dosages if answered else one.own.dosages if one.own else ()
        opened = Opened(reading.person_id, view.habits.zone, one.medicine_id, one.title, one.asks, one.own, now)
        for asked in one.asks[:1]:
            st.html(medicine_form.asked(t, one.title, asked, visit.own))
            if view.may_edit:
                medicine_form.answer_with(visit, opened)
        medicine_refill.draw(visit, reading, one, visit.may(Action.ASK_TEAM))
        if view.may_edit:
            with st.container(key=f"tools_medcard_{key}", horizontal=True):
                if not one.asks:
                    st.button(t("medicine.change"), key=f"change_{key}", icon=":material/edit:", help=one.title, on_click=medicine_form.begin, args=(opened,))
                st.button(t("medicine.settings"), key=f"settings_{key}", icon=":material/tune:", help=one.title, on_click=medicine_settings.begin, args=(one.medicine_id,))
        if one.history:
            with st.expander(t("medicine.history_n", n=len(one.history))):
                st.html(medicine_card.history(t, one))


def others(visit: Visit, reading: Reading, view: CardsView) -> None:
    """What was, what will be, and what nobody can tell."""
    if not view.other:
        return
    t = there(visit.t, view.habits.zone)
    with st.expander(t("medicines.other", n=len(view.other))):
        for one in view.other:
            with st.container(key=f"card_old_{mark(one.medicine_id)}"):
                st.html(medicine_card.card(t, one, visit.now, visit.role))
                if one.own is not None and view.may_edit:
                    st.button(t("medicine.settings"), key=f"settings_{mark(one.medicine_id)}", icon=":material/tune:", on_click=medicine_settings.begin, args=(one.medicine_id,))


page(here())
