"""This is the place where a person chooses about one medicine: whether it is reminded of, whether it must not be forgotten, how many are left."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from core.care import medicine_book
from core.care.dose_views import CardsView, MedicineCard
from core.medications.book import Choices, Stock
from core.medications.entered import UNITS
from core.medications.supply import same_unit
from core.ui.changing import refused, tried
from core.ui.dose_parts import there
from core.ui.markup import h3, note
from core.ui.medicine_fields import unit_name
from core.ui.reminder_parts import among, span
from core.ui.session import Reading, Visit
from core.ui.words import Words

_OPEN = "hb.medicine_settings"
_LEADS, _LEAD_DAYS = (0, 5, 10, 15, 30, 60), (3, 5, 7, 10, 14, 21)


def begin(medicine_id: str) -> None:
    close()
    st.session_state[_OPEN] = medicine_id


def close() -> None:
    for key in [key for key in st.session_state if str(key).startswith("med_set_")]:
        del st.session_state[key]
    st.session_state.pop(_OPEN, None)


def dialog(visit: Visit, reading: Reading, view: CardsView) -> None:
    """The dialog while it is open."""
    one = next((each for each in (*view.current, *view.other) if each.medicine_id == st.session_state.get(_OPEN)), None)
    if one is not None and view.may_edit:
        st.dialog(one.title, width="small", on_dismiss=close)(form)(visit, reading, view, one)


def form(visit: Visit, reading: Reading, view: CardsView, one: MedicineCard) -> None:
    """Reminders, stock, and the end of what was added by hand."""
    t = there(visit.t, view.habits.zone)
    refused(t)
    _reminding(visit, reading, t, view, one)
    _counting(visit, reading, t, view, one)
    if one.own is not None:
        _ending(visit, reading, t, view, one)
    if _OPEN not in st.session_state:
        st.rerun()


def _reminding(visit: Visit, reading: Reading, t: Words, view: CardsView, one: MedicineCard) -> None:
    chosen = view.book.choices.get(one.medicine_id, Choices())
    st.html(h3(t("choices.title")))
    reminded = st.toggle(t("choices.reminded"), value=chosen.reminded, key="med_set_reminded")
    critical = st.toggle(t("choices.critical"), value=chosen.critical, key="med_set_critical", help=t("choices.critical_help"))
    leads = among(_LEADS, chosen.lead)
    lead = st.selectbox(t("choices.lead"), leads, index=leads.index(chosen.lead), format_func=lambda n: span(t, n) if n else t("choices.lead_none"), key="med_set_lead")
    made = replace(chosen, reminded=bool(reminded), critical=bool(critical), lead=lead or 0)
    st.button(
        t("choices.keep"), key="med_set_keep", icon=":material/check:", disabled=made == chosen, on_click=_keep,
        args=(t("choices.kept", title=one.title), partial(medicine_book.choose, visit.ports, visit.who, reading.person_id, one.medicine_id, made)),
    )  # fmt: skip


def _counting(visit: Visit, reading: Reading, t: Words, view: CardsView, one: MedicineCard) -> None:
    there_now = view.book.stock.get(one.medicine_id)
    st.html(h3(t("stock.title")) + note(t("stock.note")))
    with st.container(key="tools_stock", horizontal=True, vertical_alignment="bottom"):
        count = st.number_input(t("stock.count"), min_value=0.0, max_value=medicine_book.MOST_LEFT, value=None, step=1.0, format="%g", key="med_set_count")
        unit = st.selectbox(t("form.unit"), _units(there_now), key="med_set_unit", format_func=lambda each: unit_name(t, each) if each in UNITS else each)
    days = among(_LEAD_DAYS, there_now.lead_days if there_now else 7)
    lead = st.selectbox(
        t("stock.lead"), days, index=days.index(there_now.lead_days if there_now else 7), format_func=lambda n: t("stock.lead_days", n=n), key="med_set_days",
    )  # fmt: skip
    made = Stock(float(count or 0), str(unit), visit.ports.clock.now(), lead or 7)
    st.button(
        t("stock.keep"), key="med_set_stock", icon=":material/check:", disabled=count is None, on_click=_keep,
        args=(t("stock.kept", title=one.title), partial(medicine_book.count_stock, visit.ports, visit.who, reading.person_id, one.medicine_id, made)),
    )  # fmt: skip
    if there_now is not None:
        forget = partial(medicine_book.forget_stock, visit.ports, visit.who, reading.person_id, one.medicine_id)
        st.button(t("stock.forget"), key="med_set_forget", type="tertiary", on_click=_keep, args=(t("stock.forgotten", title=one.title), forget))


def _units(there_now: Stock | None) -> tuple[str, ...]:
    """What may be counted, with what was counted last among it and first."""
    if there_now is None:
        return UNITS
    known = next((each for each in UNITS if same_unit(each, there_now.unit)), there_now.unit)
    return tuple(dict.fromkeys((known, *UNITS)))


def _ending(visit: Visit, reading: Reading, t: Words, view: CardsView, one: MedicineCard) -> None:
    today = visit.now.astimezone(t.zone).date()
    st.html(h3(t("own.end_title")) + note(t("own.end_note")))
    end = partial(medicine_book.end_own, visit.ports, visit.who, reading.person_id, one.medicine_id)
    if one.own is not None and one.own.until is not None:
        st.button(t("own.go_on"), key="med_set_go_on", on_click=_keep, args=(t("own.goes_on", title=one.title), partial(end, None)))
    else:
        st.button(t("own.end"), key="danger_own_end", on_click=_keep, args=(t("own.ended", title=one.title), partial(end, today)))


def _keep(said: str, change: partial[object]) -> None:
    if tried(said, change):
        close()
