"""This is the place where open alerts are listed: the gravest and longest waiting first, who has each, what comes next, and whether anybody was reached at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from core.care.alert_views import AlertsView, AlertView, PanelAlerts
from core.ui import alert_state, paging
from core.ui import alert_words as say
from core.ui.markup import box, empty, grid, literal, note
from core.ui.session import Visit

PAGE = 25
SILENT_AFTER = timedelta(minutes=5)
"""How long the worker may say nothing before we say that nobody may be told (it says so every few seconds)."""


def ordered(found: Sequence[AlertView]) -> list[AlertView]:
    """The gravest first, among equals the longest waiting; what is put off comes last among its like."""
    return sorted(found, key=lambda one: (-one.severity, one.held_until is not None, bool(one.taken_by), one.raised_at))


def running(visit: Visit, seen: datetime | None) -> None:
    """That nobody is told of anything while the worker is not at work."""
    t = visit.t
    if seen is None or visit.now - seen > SILENT_AFTER:
        said = t("alerts.never_ran") if seen is None else t("alerts.not_running", age=t.age(seen, visit.now))
        st.html(box("now", said, t("alerts.not_running_next") if say.team(visit) else t("alerts.not_running_next_own")))


def panel(visit: Visit, view: PanelAlerts, person_id: str = "") -> None:
    """Everybody's within reach, or those of one person."""
    t = visit.t
    found = ordered([one for one in view.alerts if person_id in ("", one.person_id)])
    running(visit, view.worker_seen_at)
    unread(visit, view)
    nobody = sum(not one.taken_by and one.held_until is None for one in found)
    missed = sum(bool(one.unreached) for one in found)
    said = [t("alerts.count_open", n=len(found)), t("alerts.count_nobody", n=nobody)]
    said += [t("alerts.count_missed", n=missed)] if missed else []
    if not found:
        looked = view.people - view.unseen - len(view.damaged)
        st.html(empty(t("alerts.none"), t("alerts.none_next", n=looked)))
        return
    st.html(note(t.joined(said)))
    asked = (person_id, len(found) > PAGE)
    at = (paging.page_of("alerts_page", asked) - 1) * PAGE
    with st.container(key="list_alerts"):
        for one in found[at : at + PAGE]:
            with st.container(key=f"line_alert_{one.person_id}_{one.alert_id}", horizontal=True):
                st.html(row(visit, one))
                st.button(
                    t("alert.look"), key=f"alert_open_{one.person_id}_{one.alert_id}", help=literal(one.name), on_click=alert_state.open_one,
                    args=(one.person_id, one.alert_id),
                )  # fmt: skip
    paging.pages("alerts_page", asked, -(-len(found) // PAGE))


def unread(visit: Visit, view: PanelAlerts) -> None:
    """Whose alerts could not be read or were never looked at: that is not "no alerts"."""
    t = visit.t
    if view.damaged:
        st.html(box("now", t("alerts.damaged", n=len(view.damaged)), t("alerts.damaged_next")))
    if view.broken:
        st.html(box("unknown", t("alerts.broken", n=len(view.broken)), t("alerts.broken_next")))
    if view.unseen:
        st.html(box("unknown", t("alerts.unseen", n=view.unseen), t("alerts.unseen_next")))


def row(visit: Visit, one: AlertView) -> str:
    """Whose, how grave, what, who has it, how long it waits and what comes next."""
    t = visit.t
    details = say.line(
        say.waited(visit, one), say.comes_next(visit, one.next), *(t("alert.seen_by", name=who) for who, _ in one.seen[-1:])
    )
    name = escape(one.name or t("person.no_name"))
    return f'<div class="al"><span class="al-m">{say.marks(visit, one)}</span><b>{name}</b><span>{escape(say.title(visit, one))}</span><span class="row-d">{details}</span></div>'


def own(visit: Visit, view: AlertsView) -> None:
    """A person's alerts in plain words, for them and for who helps them."""
    t = visit.t
    running(visit, view.worker_seen_at)
    trouble(visit, view)
    if not view.alerts:
        if not view.damaged:
            st.html(empty(t("alerts.none_own"), t("alerts.none_own_next") if view.looked_at else t("alerts.never_looked")))
        return
    for one in ordered(view.alerts):
        with st.container(key=f"card_alert_{one.alert_id}"):
            st.html(plain(visit, one))
            st.button(
                t("alert.more_about"), key=f"alert_open_{one.person_id}_{one.alert_id}", help=literal(say.title(visit, one)), icon=":material/chevron_right:",
                on_click=alert_state.open_one, args=(one.person_id, one.alert_id),
            )  # fmt: skip


def trouble(visit: Visit, view: AlertsView) -> None:
    """That the alerts can't be read, or that the last look could not read everything."""
    t = visit.t
    if view.damaged:
        st.html(box("now", t("alerts.damaged_one"), t("alerts.damaged_next") if say.team(visit) else t("alerts.damaged_next_own")))
    if view.broken:
        parts = t("list.and").join(t("alert.broken." + part) for part in view.broken)
        st.html(box("unknown", t("alerts.broken_one", parts=parts), t("alerts.broken_next")))


def plain(visit: Visit, one: AlertView) -> str:
    """One alert as a card: how grave, what was seen, what to do (for the team what comes next), how long ago."""
    t = visit.t
    means = say.comes_next(visit, one.next) if say.team(visit) else t("alert.do." + say.do(one))
    return (
        f'<div class="at"><div class="al-m">{say.marks(visit, one)}</div><div><b>{escape(say.title(visit, one))}</b></div><div class="mean">{escape(means)}</div>'
        f'<div class="meta">{say.line(say.waited(visit, one))}</div></div>'
    )


def cards(visit: Visit, view: AlertsView, most: int) -> str:
    """The open alerts as cards for other pages; what is left out is said."""
    t, found = visit.t, ordered(view.alerts)
    more = note(t("alerts.more", n=len(found) - most)) if len(found) > most else ""
    return grid((plain(visit, one) for one in found[:most]), "two") + more
