"""This is the place where a person sees what they need to do now: doses, attention, newest readings, the record in short."""

import streamlit as st

from core.care import alerts, lately, photo_checks, today
from core.care.access import Action
from core.care.lately_views import LatelyView
from core.care.views import NewestReading, RecordLine, TodayView
from core.ui import (
    advice_card,
    alert_list,
    cards,
    check_sending,
    check_spots,
    dose_day,
    entry,
    lately_cards,
    lines,
    shell,
    visit_today,
)
from core.ui.files import summary_button
from core.ui.markup import card, empty, grid, h2, head, note
from core.ui.session import Reading, Visit, here

MOST_LISTED = 6
MOST_READINGS = 6
MOST_ALERTS = 4
_SOON = 2
_RANK = {"now": 0, "soon": 1, "watch": 2}


def page(visit: Visit) -> None:
    reading = visit.reading()
    view = reading.view("today", "", lambda: today.view(visit.ports, visit.who, reading.person_id))
    recent = reading.view("lately", "", lambda: lately.view(visit.ports, visit.who, reading.person_id))
    st.html(greeting(visit, view))
    open_alerts(visit, reading)
    dose_day.show()
    visit_today.on_today(visit, reading)
    advice_card.on_today(visit, reading)
    from_team(visit, reading, view)
    st.html(reading.prepared("today.top", "", lambda: top(visit, view, recent)))
    more = pressing(view)[MOST_READINGS:]
    if more:
        with st.expander(visit.t("today.more_readings", n=len(more))):
            st.html(reading.prepared("today.more", "", lambda: grid(cards.reading(visit.t, one, visit.now) for one in more)))
    entry.button(visit, reading)
    if recent.tiles:
        from_devices(visit, reading, recent)
    st.html(reading.prepared("today.rest", "", lambda: rest(visit, view)))
    with st.container(key="tools_today", horizontal=True):
        if visit.may(Action.PRINT_SUMMARY):
            summary_button(visit, reading)
        st.button(visit.t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


def open_alerts(visit: Visit, reading: Reading) -> None:
    """The open alerts of the person, before everything else."""
    if not visit.may(Action.VIEW_ALERTS):
        return
    t, view = visit.t, alerts.alerts_of(visit.ports, visit.who, reading.person_id)
    if view.damaged:
        alert_list.trouble(visit, view)
    if view.alerts:
        st.html(h2(t("nav.alerts"), t("alerts.count_open", n=len(view.alerts))) + alert_list.cards(visit, view, MOST_ALERTS))
        st.page_link(visit.pages["alerts"], label=t("alerts.to_all"), icon=":material/notification_important:")


def from_team(visit: Visit, reading: Reading, view: TodayView) -> None:
    """What the team answered about photos and recordings, until it is read; for the team, the way to what waits."""
    codes = {one.says.code for one in view.attention}
    if any(code.startswith("attention.check_") for code in codes):
        held = (check_sending.turn(), int(visit.now.timestamp() // 60))
        found = reading.view("photo_checks", held, lambda: photo_checks.view(visit.ports, visit.who, reading.person_id))
        check_spots.unseen(visit, reading, found.unseen)
    elif "attention.checks_waiting" in codes and "reviews" in visit.pages and visit.may(Action.REVIEW_CHECK):
        st.page_link(visit.pages["reviews"], label=visit.t("nav.reviews"), icon=":material/fact_check:")


def from_devices(visit: Visit, reading: Reading, recent: LatelyView) -> None:
    """What devices recorded in the last weeks, each beside what is usual."""
    t, first, more = visit.t, recent.tiles[: lately_cards.MOST_TILES], recent.tiles[lately_cards.MOST_TILES :]
    st.html(reading.prepared("today.tiles", "", lambda: h2(t("lately.title"), t("lately.aside")) + lately_cards.tiles(t, first, visit.now)))
    if more:
        with st.expander(t("lately.more", n=len(more))):
            st.html(reading.prepared("today.more_tiles", "", lambda: lately_cards.tiles(t, more, visit.now)))


def greeting(visit: Visit, view: TodayView) -> str:
    """Who, the question of the page, the day."""
    t = visit.t
    title = t(f"today.{part_of_day(visit)}", name=view.person.name) if visit.own and view.person.name else view.person.name or t("person.no_name")
    return head(title, t("today.question"), t.as_written(visit.now, "weekday"))


def top(visit: Visit, view: TodayView, recent: LatelyView) -> str:
    """What needs attention, what changed, newest readings."""
    t, now = visit.t, visit.now
    parts = [h2(t("today.attention"))]
    pressing_now = [cards.attention(t, one, because(visit, one.because)) for one in view.attention if one.severity >= _SOON]
    found = [lately_cards.finding(t, one) for one in recent.findings]
    others = [cards.attention(t, one, because(visit, one.because)) for one in view.attention if one.severity < _SOON]
    asks = [*pressing_now, *found, *others]
    parts.append(grid(asks, "two") if asks else note(t("today.nothing")))
    parts.append(lately_cards.changes(t, recent))
    parts.append(h2(t("today.readings"), t("today.readings_aside")))
    if view.readings:
        parts.append(grid(cards.reading(t, one, now) for one in pressing(view)[:MOST_READINGS]))
    else:
        parts.append(empty(t("today.no_readings"), t("today.no_readings_next")))
    return "".join(parts)


def pressing(view: TodayView) -> list[NewestReading]:
    """The readings in the order given, those that ask for the eye first, those too old to judge last."""
    return sorted(view.readings, key=lambda one: (one.stale, _RANK.get(one.state, 3)))


def rest(visit: Visit, view: TodayView) -> str:
    """The record in short, and the emergency card."""
    t = visit.t
    allergic = lines.listed(t, view.allergies.lines, visit.now, plain=False) if view.allergies.lines else note(t("allergies." + view.allergies.state))
    shelves = [
        h2(t("today.problems")) + shelf(visit, view.problems),
        h2(t("today.medicines")) + shelf(visit, view.medicines),
        h2(t("today.allergies")) + allergic,
    ]
    if view.appointments:
        shelves.insert(0, h2(t("today.appointments")) + shelf(visit, view.appointments))
    parts = [grid(shelves, "two"), h2(t("emergency.title"), t("emergency.aside")), card(cards.emergency(t, view.emergency, visit.now), "sos")]
    if view.quarantined:
        parts.append(note(t("today.quarantined", n=view.quarantined)))
    if view.raw:
        parts.append(note(t("today.raw", n=view.raw)))
    return "".join(parts)


def shelf(visit: Visit, found: tuple[RecordLine, ...]) -> str:
    t = visit.t
    if not found:
        return note(t("today.none_recorded"))
    more = note(t("today.more_in_records", n=len(found) - MOST_LISTED)) if len(found) > MOST_LISTED else ""
    return lines.listed(t, found[:MOST_LISTED], visit.now, plain=False) + more


def because(visit: Visit, record_ids: tuple[str, ...]) -> str:
    return visit.t("today.because", n=len(record_ids)) if record_ids else ""


def part_of_day(visit: Visit) -> str:
    hour = visit.now.astimezone(visit.t.zone).hour
    return "morning" if 4 <= hour < 12 else "afternoon" if hour < 18 else "evening"


page(here())
