"""This is the place where a person asks to be reminded to measure something, or to fill a questionnaire in."""

from __future__ import annotations

from datetime import time
from functools import partial

import streamlit as st

from core.care import reminder_book
from core.care.dose_views import RemindersView
from core.medications.book import Measuring
from core.medications.terms import DAYS
from core.questionnaires.instruments import BY_KEY
from core.ui.markup import empty, h2, row, rows
from core.ui.questionnaire_words import wording
from core.ui.reminder_parts import attempt, listed
from core.ui.session import Reading, Visit

MEASURED = ("blood_pressure", "weight", "glucose", "temp", "spo2")
_THINGS = (*(("measure", key) for key in MEASURED), *(("questionnaire", key) for key in BY_KEY))


def measuring(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """What is measured or answered when; a new one is added below."""
    t = visit.t
    st.html(h2(t("measuring.title"), t("measuring.aside")))
    if not view.book.measuring:
        st.html(empty(t("measuring.none"), t("measuring.none_next")))
    for one in view.book.measuring:
        name = named(visit, one.kind, one.what)
        with st.container(key=f"card_measuring_{one.kind}_{one.what}"):
            st.html(rows([row(name, detail=_when(visit, one))]))
            if view.may_edit:
                st.button(
                    t("measuring.remove"), key=f"danger_measuring_{one.kind}_{one.what}", icon=":material/delete:", on_click=attempt,
                    args=(visit, reading, view, t("measuring.removed", name=name),
                          partial(reminder_book.set_measuring, visit.ports, visit.who, reading.person_id, Measuring(one.kind, one.what, ()))),
                )  # fmt: skip
    if view.may_edit:
        _add(visit, reading, view)


def named(visit: Visit, kind: str, what: str) -> str:
    """What a measurement or a questionnaire is called."""
    if kind == "questionnaire":
        return wording(visit.t)(BY_KEY[what].title) if what in BY_KEY else visit.t("reminders.kind.questionnaire")
    return visit.t.first("signal." + what, "reminders.kind.measure")


def _when(visit: Visit, one: Measuring) -> str:
    t = visit.t
    times = listed(t, [f"{at:%H:%M}" for at in one.times])
    days = listed(t, [t("weekday." + day) for day in one.days]) if one.days else t("measuring.every_day")
    return f"{days} · {times}"


def _add(visit: Visit, reading: Reading, view: RemindersView) -> None:
    t = visit.t
    with st.expander(t("measuring.add"), key="measuring_add", icon=":material/add:"), st.form("measuring", border=False, clear_on_submit=True):
        thing = st.selectbox(t("measuring.what"), _THINGS, format_func=lambda one: named(visit, *one), key="measuring_what")
        with st.container(key="tools_measuring", horizontal=True):
            first = st.time_input(t("measuring.at"), value=time(8, 0), key="measuring_at")
            second = st.time_input(t("measuring.again_at"), value=None, key="measuring_again")
        days = st.pills(t("measuring.days"), DAYS, selection_mode="multi", format_func=lambda day: t("weekday." + day), key="measuring_days", help=t("measuring.days_help"))
        sent = st.form_submit_button(t("measuring.add_do"), type="primary")
    if sent and thing:
        times = tuple(at for at in (first, second) if at is not None)
        made = Measuring(thing[0], thing[1], times, tuple(day for day in DAYS if day in days))
        attempt(visit, reading, view, t("measuring.added", name=named(visit, *thing)), partial(reminder_book.set_measuring, visit.ports, visit.who, reading.person_id, made))
        st.rerun()
