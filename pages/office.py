"""This is the place where an administrator says when the team is there and how fast it answers."""

from __future__ import annotations

from datetime import date, time

import streamlit as st

from core.care import thread_hours
from core.care.thread_hours import KeptHours
from core.domain.office import Day, OfficeHours
from core.errors import BadInput, HealthboardError
from core.ui import shell
from core.ui.browser import browser_zone
from core.ui.changing import refused
from core.ui.incident import tell
from core.ui.markup import box, h2, head, note
from core.ui.session import Visit, here

USUAL = (time(9), time(17))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 200


def page(visit: Visit) -> None:
    t = visit.t
    st.html(head(t("nav.office"), t("office.question")))
    refused(t)
    kept = thread_hours.load(visit.ports, visit.who)
    if kept.damaged:
        st.html(box("soon", t("office.damaged"), t("office.damaged_next")))
    elif kept.hours is None:
        st.html(note(t("office.none")))
    form(visit, kept)


def form(visit: Visit, kept: KeptHours) -> None:
    """The week, the zone, the promise, single days that are closed."""
    t = visit.t
    hours = kept.hours or OfficeHours(browser_zone() or "UTC", (USUAL,) * 5 + (None, None), 8 * 60)
    with st.form("office", border=False):
        st.html(h2(t("office.week")))
        days = tuple(day(visit, name, hours.days[at]) for at, name in enumerate(DAYS))
        zone = st.text_input(t("office.zone"), hours.zone, key="office_zone", help=t("office.zone_help"))
        st.html(h2(t("office.promise")))
        promise = st.number_input(t("office.promise_hours"), 0, LONGEST, hours.promise_minutes // 60, key="office_promise", help=t("office.promise_help"))
        closed = st.text_area(t("office.closed"), "\n".join(one.isoformat() for one in hours.closed), key="office_closed", help=t("office.closed_help"))
        sent = st.form_submit_button(t("office.save"), type="primary")
    if not sent:
        return
    try:
        made = OfficeHours(zone.strip(), days, int(promise) * 60, dates(closed))
        thread_hours.save(visit.ports, visit.who, made, kept.raw)
    except HealthboardError as error:
        tell(t, error)
        return
    shell.say(t("office.saved"))
    st.rerun()


def day(visit: Visit, name: str, kept: Day) -> Day:
    t = visit.t
    named = t("office.day." + name)
    with st.container(key=f"line_office_{name}", horizontal=True, vertical_alignment="center"):
        there = st.checkbox(named, value=kept is not None, key=f"office_on_{name}")
        start = st.time_input(t("office.from", day=named), (kept or USUAL)[0], key=f"office_from_{name}", step=900)
        end = st.time_input(t("office.to", day=named), (kept or USUAL)[1], key=f"office_to_{name}", step=900)
    return (start, end) if there else None


def dates(text: str) -> tuple[date, ...]:
    """Days as they were typed, one a line. Raises BadInput."""
    try:
        return tuple(date.fromisoformat(one) for one in text.split())
    except ValueError:
        raise BadInput("office_dates", place="closed", need="2026-12-25") from None


page(here())
