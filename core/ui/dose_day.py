"""This is the place where Today says which medicines are due, and takes the answer with one tap.

It is a fragment: a tap draws this part again and nothing else, so that nothing on the page jumps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from html import escape

import streamlit as st

from core.care import doses, series_choices
from core.care.dose_views import DoseLine, DosePart, DosesView
from core.domain.doses import DoseState
from core.ui import dose_more, dose_needed, medicine_form, shell
from core.ui.browser import browser_zone
from core.ui.changing import attempt, refused
from core.ui.dose_parts import ANSWERED, answered, logged, row, there, waiting
from core.ui.markup import box, empty, h2, h3, note
from core.ui.session import Reading, Visit, here
from core.ui.words import Words

DAYS = ("yesterday", "today", "tomorrow")
_STEPS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@st.fragment
def show() -> None:
    """The doses of a day of the person whose record is open, as they are at this moment."""
    visit = replace(here(), now=here().ports.clock.now())
    reading = visit.reading()
    today = view_of(visit, reading, None)
    step = _STEPS[_chosen(visit, today)] if today.gap != "no_medicines" else 0
    view = view_of(visit, reading, today.day + timedelta(days=step)) if step else today
    with st.container(key="doses"):
        draw(visit, reading, view)
    dose_more.dialog(visit, reading, view)
    medicine_form.dialog(visit, reading)
    shell.say_aside("doses")  # last: what it gives the focus to has to be there


def view_of(visit: Visit, reading: Reading, day: date | None) -> DosesView:
    """The doses of a day (None: today where the person is), looked up anew every minute."""
    minute = int(visit.now.timestamp() // 60)
    return reading.view("doses", (day, minute), lambda: doses.day(visit.ports, visit.who, reading.person_id, day))


def draw(visit: Visit, reading: Reading, view: DosesView) -> None:
    """Questions first, then the day by its parts, then what is taken when needed."""
    t = there(visit.t, view.zone)
    refused(t)
    _where(visit, reading, view)
    if view.gap == "no_medicines":
        st.html(empty(t("doses.none"), t("doses.none_next")))
    for one in view.asks:
        medicine_form.ask(visit, reading, view, one)
    if view.gap == "all_unclear":
        st.html(note(t("doses.all_unclear")))
    if not view.parts and not view.gap:
        st.html(note(t("doses.nothing_due")))
    for part in view.parts:
        _part(visit, reading, view, part)
    if view.needed:
        dose_needed.draw(visit, reading, view)


def _chosen(visit: Visit, today: DosesView) -> str:
    """The heading, and which of three days is looked at."""
    t = visit.t
    done, of = logged(today.parts)
    st.html(h2(t("doses.title" if visit.own else "doses.title_other"), t("doses.logged", n=of, done=done) if of else ""))
    if today.gap == "no_medicines":
        return "today"
    picked = st.segmented_control(
        t("doses.day"), DAYS, default="today", key="dose_look", format_func=lambda one: t("doses." + one), label_visibility="collapsed", required=True,
    )  # fmt: skip
    return picked or "today"


def _where(visit: Visit, reading: Reading, view: DosesView) -> None:
    """Where the person is: asked once with the browser's own answer, and said where the reader is elsewhere."""
    t, zone = visit.t, browser_zone()
    if view.zone_known:
        if str(t.zone) != view.zone:
            st.html(note(t("doses.zone", zone=view.zone)))
        return
    st.html(box("watch", t("doses.zone_unknown"), t("doses.zone_unknown_next" if view.may_log else "doses.zone_unknown_other")))
    if view.may_log and zone:
        change = partial(series_choices.set_zone, visit.ports, visit.who, reading.person_id, zone)
        label = t("doses.zone_here", zone=zone)
        st.button(label, key="dose_zone", type="primary", icon=":material/public:", on_click=attempt, args=(t("doses.zone_kept", zone=zone), change))


def _part(visit: Visit, reading: Reading, view: DosesView, part: DosePart) -> None:
    t, open_now = there(visit.t, view.zone), waiting(part)
    with st.container(key=f"card_doses_{part.code}"):
        st.html(h3(t("dose_part." + part.code)))
        if view.may_log and len(open_now) > 1:
            take = _taken(visit, reading, open_now)
            label = t("doses.take_all", n=len(open_now), part=t("dose_part." + part.code).lower())
            said = t("doses.all_logged", n=len(open_now))
            st.button(label, key=f"dose_all_{part.code}", type="primary", icon=":material/done_all:", width="stretch", on_click=attempt, args=(said, take))
        elif view.may_log and (done := answered(part)) + len(open_now) > 1:
            st.html(f'<p class="dose-room">{escape(t("doses.part_logged", done=done, all=done + len(open_now)))}</p>')  # nothing moves where the button was
        for one in part.doses:
            _dose(visit, reading, view, one, main=len(open_now) == 1)


def _dose(visit: Visit, reading: Reading, view: DosesView, one: DoseLine, main: bool) -> None:
    """One dose with its one tap, and everything else behind "More"."""
    t = there(visit.t, view.zone)
    with st.container(key=f"dose_{one.dose_id}", horizontal=True):
        st.html(row(t, one))
        if not view.may_log or one.state == "ended" or one.at > visit.now + doses.NEAR:
            return
        with st.container(key=f"dosebtn_{one.dose_id}", horizontal=True, width="content"):
            _answer(visit, reading, t, one, main)


def _answer(visit: Visit, reading: Reading, t: Words, one: DoseLine, main: bool) -> None:
    if one.state in ANSWERED:
        back = partial(doses.answer, visit.ports, visit.who, reading.person_id, (one.dose_id,), DoseState.PLANNED)
        st.button(
            t("dose.take_back"), key=f"dose_back_{one.dose_id}", icon=":material/undo:", help=one.title, on_click=attempt,
            args=(t("dose.taken_back", title=one.title), back, f"dose_take_{one.dose_id}"),
        )  # fmt: skip
        return
    st.button(
        t("dose.take"), key=f"dose_take_{one.dose_id}", icon=":material/check:", type="primary" if main and one.state != "later" else "secondary",
        help=one.title, on_click=attempt, args=(t("dose.logged", title=one.title), _taken(visit, reading, (one,)), f"dose_back_{one.dose_id}"),
    )  # fmt: skip
    st.button(t("dose.more"), key=f"dose_more_{one.dose_id}", help=one.title, on_click=dose_more.begin, args=(one.dose_id,))


def _taken(visit: Visit, reading: Reading, lines: Sequence[DoseLine]) -> Callable[[], object]:
    ids = tuple(one.dose_id for one in lines)
    return partial(doses.answer, visit.ports, visit.who, reading.person_id, ids, DoseState.TAKEN)
