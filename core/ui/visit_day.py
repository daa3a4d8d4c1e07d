"""This is the place where the team's day of visits is drawn: what waits for them, who comes when, how full the days are."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import streamlit as st

from core.care import people, visit_day
from core.care.visit_views import DayView, Load, VisitLine
from core.ui import visit_words
from core.ui.markup import Cell, box, empty, h2, note, table
from core.ui.session import Visit, choose_person
from core.ui.visit_cards import acted

_DAY = "visits_day"


def draw(visit: Visit) -> None:
    """The day that was chosen, today first."""
    t = visit.t
    chosen = st.session_state.get(_DAY)
    zone = getattr(t.zone, "key", "") or "UTC"
    view = visit_day.day(visit.ports, visit.who, chosen, zone)
    if view.damaged:
        st.html(box("now", t("visits.damaged_n", n=len(view.damaged)), t("visits.damaged_next")))
    if view.waiting:
        st.html(h2(t("visits.waiting", n=len(view.waiting))))
        with st.container(key="list_visits_waiting"):
            for line in view.waiting:
                row(visit, line, view.zone, "wait")
    with st.container(key="tools_visits_day", horizontal=True, vertical_alignment="bottom"):
        st.button(t("visits.day_before"), key="visits_before", icon=":material/chevron_left:", on_click=go, args=(view, -1))
        st.session_state.setdefault(_DAY, view.day)
        st.date_input(t("visits.day"), key=_DAY, width=160)
        st.button(t("visits.day_after"), key="visits_after", icon=":material/chevron_right:", on_click=go, args=(view, 1))
    st.html(h2(t.day(view.day), t("visits.by_clock", zone=visit_words.place_name(t, view.zone))))
    st.html(note(loads(visit, view)))
    if not view.lines:
        st.html(empty(t("visits.none_day"), t("visits.none_day_next")))
    with st.container(key="list_visits_day"):
        for line in view.lines:
            row(visit, line, view.zone, "day")
    with st.expander(t("visits.week")):
        st.html(week(visit, view))


def go(view: DayView, days: int) -> None:
    st.session_state[_DAY] = view.day + timedelta(days=days)


def row(visit: Visit, line: VisitLine, zone: str, where: str) -> None:
    """One visit, by the clock of that zone, with what can be done about it at once."""
    t, one, key = visit.t, line.visit, line.visit_id
    place = visit_words.in_zone(t, zone)
    clock = place.as_written(line.at, "clock")
    if where == "wait":
        clock = t("visits.day_and_clock", day=place.as_written(line.at, "weekday"), clock=clock)
    asked = (
        [t("visits.filled_n", done=sum(bool(form.filled) for form in line.prepared), n=len(line.prepared))] if line.prepared else []
    )
    there = visit_words.in_zone(t, one.zone).as_written(line.at, "clock")
    asked += (
        [t("visits.there", zone=visit_words.place_name(t, one.zone), clock=there)]
        if there != place.as_written(line.at, "clock")
        else []
    )
    details = " · ".join(
        [
            visit_words.how(t, one),
            visit_words.reason(t, one),
            t("visits.minutes_n", n=one.minutes),
            *asked,
            *([one.where] if one.where else []),
        ]
    )
    wish = f'<span class="row-d">{escape(t("visits.wish_said", words=one.wish))}</span>' if one.wish else ""
    with st.container(key=f"line_visit_{where}_{key}", horizontal=True):
        st.html(
            f'<div class="line visit-line"><b>{escape(clock)} · {escape(line.person_name or t("person.no_name"))}</b>'
            f'{visit_words.state(t, line, visit.role)}<span class="row-d">{escape(details)}</span>{wish}</div>'
        )
        for what in (each for each in ("arrive", "done", "missed") if each in line.moves):
            st.button(t("visit.do." + what), key=f"visit_{where}_{what}_{key}", on_click=acted, args=(visit, line, what))
        st.button(t("visits.open"), key=f"visit_{where}_open_{key}", on_click=open_one, args=(visit, line))


def open_one(visit: Visit, line: VisitLine) -> None:
    """Open the record of whom it is about, on this page."""
    who = people.open_person(visit.ports, visit.who, line.person_id)
    choose_person(who.person_id, who.name)


def loads(visit: Visit, view: DayView) -> str:
    """How full the day is, and by whom."""
    t = visit.t
    said = [load(visit, view.loads[0])]
    said += [
        t("visits.load_of", name=name or t("visits.with_nobody"), n=number, minutes=minutes)
        for name, (number, minutes) in sorted(view.by_name.items())
    ]
    return " · ".join(said)


def load(visit: Visit, one: Load) -> str:
    t = visit.t
    if one.open_minutes is None:
        return t("visits.load", n=one.visits, minutes=one.minutes)
    return (
        t("visits.load_closed", n=one.visits, minutes=one.minutes)
        if one.open_minutes == 0
        else t("visits.load_open", n=one.visits, minutes=one.minutes, open=one.open_minutes)
    )


def week(visit: Visit, view: DayView) -> str:
    t = visit.t
    opened = [
        t("visits.closed")
        if one.open_minutes == 0
        else t("visits.unset")
        if one.open_minutes is None
        else t.number(one.open_minutes)
        for one in view.loads
    ]
    found = [
        (
            Cell(t.day(one.day)),
            Cell(t.number(one.visits), number=True),
            Cell(t.number(one.minutes), number=True),
            Cell(said, number=True),
        )
        for one, said in zip(view.loads, opened, strict=True)
    ]
    return table(
        t("visits.week"), (t("visits.day"), t("visits.col_visits"), t("visits.col_minutes"), t("visits.col_open")), found, (1, 2, 3)
    )
