"""This is the place where a person chooses what a locked screen may show, when it stays quiet, and how each kind of reminder comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import partial
from html import escape

import streamlit as st

from core.care import reminder_book
from core.care.dose_views import RemindersView
from core.medications.book import USUAL, Kind
from core.medications.reminder_json import DETAILS
from core.ui.markup import facts, h2, note
from core.ui.reminder_parts import among, attempt, listed, span
from core.ui.session import Reading, Visit

_DETAIL = "reminder_detail"
_LEADS = {"dose": (0, 5, 10, 15, 30), "measure": (0, 5, 10, 15, 30), "refill": (0,), "questionnaire": (0,), "visit": (60, 2 * 60, 24 * 60, 48 * 60)}
_REPEATS = {"dose": (5, 10, 15, 30, 60), "measure": (15, 30, 60), "refill": (24 * 60,), "questionnaire": (24 * 60,), "visit": (60, 22 * 60)}
_LATE = (60, 120, 180, 240, 360)


def detail(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """What may stand on a locked screen, each choice with an example."""
    t = visit.t
    st.html(h2(t("reminders.detail"), t("reminders.detail_aside")))
    if not view.may_edit:
        st.html(note(t("reminders.detail." + view.book.detail)))
        return
    st.session_state[_DETAIL] = view.book.detail
    st.radio(
        t("reminders.detail"), DETAILS, key=_DETAIL, label_visibility="collapsed",
        format_func=lambda code: t("reminders.detail." + code), on_change=_set_detail, args=(visit, reading, view),
    )  # fmt: skip
    st.html(note(t("reminders.example." + view.book.detail)))


def _set_detail(visit: Visit, reading: Reading, view: RemindersView) -> None:
    chosen = str(st.session_state[_DETAIL])
    attempt(visit, reading, view, visit.t("reminders.kept"), partial(reminder_book.set_detail, visit.ports, visit.who, reading.person_id, chosen))


def quiet(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """Quiet hours, and after how long a dose is no longer reminded of."""
    t, book = visit.t, view.book
    st.html(h2(t("reminders.quiet"), t("reminders.quiet_aside")))
    hours = "" if book.quiet is None else t("reminders.from_to", start=f"{book.quiet[0]:%H:%M}", end=f"{book.quiet[1]:%H:%M}")
    if not view.may_edit:
        st.html(facts([(t("reminders.quiet"), hours or t("reminders.quiet_none")), (t("reminders.late"), span(t, book.late))]))
        return
    st.html(note(hours or t("reminders.quiet_none")))
    with st.form("quiet", border=False):
        on = st.toggle(t("reminders.quiet_on"), value=book.quiet is not None, key="quiet_on")
        start, end = book.quiet or (time(22, 0), time(7, 0))
        with st.container(key="tools_quiet", horizontal=True):
            first = st.time_input(t("reminders.from"), value=start, key="quiet_from")
            last = st.time_input(t("reminders.to"), value=end, key="quiet_to")
        late = st.selectbox(t("reminders.late"), among(_LATE, book.late), index=among(_LATE, book.late).index(book.late), format_func=partial(span, t), key="late")
        sent = st.form_submit_button(t("reminders.keep"))
    if sent:
        chosen = (first, last) if on and first is not None and last is not None else None

        def keep() -> None:
            reminder_book.set_quiet(visit.ports, visit.who, reading.person_id, chosen)
            reminder_book.set_late(visit.ports, visit.who, reading.person_id, late or book.late)

        attempt(visit, reading, view, t("reminders.kept"), keep)
        st.rerun()


def kinds(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """Each kind of reminder: whether, through what, how often again."""
    t = visit.t
    st.html(h2(t("reminders.kinds"), t("reminders.kinds_aside")))
    for name in USUAL:
        kind = view.book.kind(name)
        label = t("reminders.kind." + name)
        if not view.may_edit:
            st.html(facts([(label, _said(visit, view, kind))]))
            continue
        with st.expander(t("reminders.kind_now", kind=label, how=_said(visit, view, kind)), key=f"kind_{name}"):
            _form(visit, reading, view, name, kind)


def _said(visit: Visit, view: RemindersView, kind: Kind) -> str:
    t = visit.t
    if not kind.on:
        return t("reminders.off")
    used = [one.name or t("channel." + one.kind) for one in view.book.channels if one.key in kind.channels]
    through = listed(t, used) if used else t("reminders.all_channels")
    return t("reminders.how", through=through, n=kind.rounds, every=span(t, kind.repeat))


def _form(visit: Visit, reading: Reading, view: RemindersView, name: str, kind: Kind) -> None:
    t = visit.t
    named = {one.key: one.name or t("channel." + one.kind) for one in view.book.channels}
    with st.form(f"kind_form_{name}", border=False):
        on = st.toggle(t("reminders.kind_on"), value=kind.on, key=f"on_{name}")
        through = st.multiselect(
            t("reminders.through"), list(named), default=[key for key in kind.channels if key in named], format_func=lambda key: named[key],
            placeholder=t("reminders.all_channels"), key=f"through_{name}",
        )  # fmt: skip
        leads, repeats = among(_LEADS[name], kind.lead), among(_REPEATS[name], kind.repeat)
        with st.container(key=f"tools_kind_{name}", horizontal=True):
            lead = st.selectbox(t("reminders.lead"), leads, index=leads.index(kind.lead), format_func=lambda n: _ahead(visit, n), key=f"lead_{name}")
            repeat = st.selectbox(t("reminders.repeat"), repeats, index=repeats.index(kind.repeat), format_func=partial(span, t), key=f"repeat_{name}")
            rounds = st.selectbox(t("reminders.rounds"), [1, 2, 3, 4, 5, 6], index=kind.rounds - 1, key=f"rounds_{name}")
        held = st.toggle(t("reminders.kind_quiet"), value=kind.quiet, key=f"held_{name}")
        if name == "dose":
            st.html(f'<p class="note">{escape(t("reminders.critical_note"))}</p>')
        sent = st.form_submit_button(t("reminders.keep"))
    if sent:
        made = replace(kind, on=on, channels=tuple(through), lead=lead or 0, repeat=repeat or kind.repeat, rounds=rounds or kind.rounds, quiet=held)
        attempt(visit, reading, view, t("reminders.kept"), partial(reminder_book.set_kind, visit.ports, visit.who, reading.person_id, name, made))
        st.rerun()


def _ahead(visit: Visit, minutes: int) -> str:
    return visit.t("reminders.on_time") if not minutes else visit.t("reminders.ahead", time=span(visit.t, minutes))
