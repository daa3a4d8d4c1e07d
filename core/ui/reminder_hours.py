"""This is the place where a person says when they wake, eat and sleep, and where they travel: what "with breakfast" means on the clock."""

from __future__ import annotations

from datetime import date, time
from functools import partial
from zoneinfo import available_timezones

import streamlit as st

from core.care import medicine_book
from core.care.dose_views import RemindersView
from core.medications.book import Trip
from core.medications.book_json import HOURS
from core.ui.browser import browser_zone
from core.ui.markup import facts, h2, note, row, rows
from core.ui.reminder_parts import attempt
from core.ui.session import Reading, Visit


def hours(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """The hours of the person's day; those who only read see them."""
    t = visit.t
    st.html(h2(t("hours.title"), t("hours.aside")))
    now = {name: getattr(view.habits, name) for name in HOURS}
    if not view.may_edit:
        st.html(facts([(t("hours." + name), f"{at:%H:%M}") for name, at in now.items()]))
        return
    with st.form("hours", border=False):
        with st.container(key="tools_hours", horizontal=True):
            chosen: dict[str, time | None] = {name: st.time_input(t("hours." + name), value=at, key="hours_" + name) for name, at in now.items()}
        sent = st.form_submit_button(t("hours.keep"))
    if sent:
        attempt(visit, reading, view, t("reminders.kept"), partial(medicine_book.set_hours, visit.ports, visit.who, reading.person_id, chosen))
        st.rerun()


def trips(visit: Visit, reading: Reading, view: RemindersView) -> None:
    """Journeys: the doses move to the clock of where the person is."""
    t = visit.t
    st.html(h2(t("trips.title"), t("trips.aside")))
    if not view.trips:
        st.html(note(t("trips.none")))
    for at, one in enumerate(view.trips):
        last = t("trips.until", day=t.day(one.last)) if one.last else t("trips.for_good")
        with st.container(key=f"card_trip_{at}"):
            st.html(rows([row(one.zone, detail=t("trips.from", first=t.day(one.first), until=last))]))
            if view.may_edit:
                remove = partial(medicine_book.remove_trip, visit.ports, visit.who, reading.person_id, one.first)
                st.button(
                    t("trips.remove"), key=f"danger_trip_{at}", icon=":material/delete:", on_click=attempt,
                    args=(visit, reading, view, t("trips.removed"), remove),
                )  # fmt: skip
    if view.may_edit:
        _add(visit, reading, view)


def _add(visit: Visit, reading: Reading, view: RemindersView) -> None:
    t, today = visit.t, visit.now.astimezone(visit.t.zone).date()
    with st.expander(t("trips.add"), key="trip_add", icon=":material/add:"), st.form("trip", border=False, clear_on_submit=True):
        zone = st.selectbox(t("trips.zone"), _zones(), index=None, key="trip_zone")
        with st.container(key="tools_trip", horizontal=True):
            first = st.date_input(t("trips.first"), value=today, key="trip_first", format="YYYY-MM-DD")
            last = st.date_input(t("trips.last"), value=None, key="trip_last", format="YYYY-MM-DD")
        sent = st.form_submit_button(t("trips.add_do"), type="primary")
    if sent and zone and isinstance(first, date):
        made = Trip(first, last if isinstance(last, date) else None, zone)
        attempt(visit, reading, view, t("trips.added"), partial(medicine_book.add_trip, visit.ports, visit.who, reading.person_id, made))
        st.rerun()


def _zones() -> list[str]:
    """All zones of the world, the browser's first."""
    near = browser_zone()
    others = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    return ([near] if near else []) + [zone for zone in others if zone != near]
