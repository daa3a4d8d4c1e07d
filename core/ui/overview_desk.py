"""This is the place where a clinician reads, as it is now, what waits about one person: open alerts, conversations, tasks, and the next visit."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.care import alerts, tasks, thread_desk
from core.care.task_views import DAMAGED, DOING, OPEN
from core.care.thread_views import InboxQuery
from core.care.visit_views import Brought, VisitLine
from core.domain.threads import CLOSED
from core.errors import HealthboardError, NotPermitted, SessionExpired
from core.ui import overview_parts, thread_list, visit_cards, visit_today, worklist_tasks
from core.ui.incident import tell
from core.ui.markup import h2, note, row, rows
from core.ui.session import Reading, Visit

MOST = 6


def urgent(visit: Visit, reading: Reading) -> None:
    """The open alerts, as they are now: the other parts of the page may be some minutes old."""
    person_id, t = reading.person_id, visit.t
    part(visit, t("nav.alerts"), lambda: overview_parts.alerts(visit, alerts.alerts_of(visit.ports, visit.who, person_id)))


def waiting(visit: Visit, reading: Reading) -> None:
    """What else waits, as it is now."""
    person_id, t = reading.person_id, visit.t
    part(visit, t("nav.messages"), lambda: conversations(visit, person_id))
    part(visit, t("overview.tasks"), lambda: open_tasks(visit, person_id))
    part(visit, t("visits.next"), lambda: next_visit(visit, reading))


def part(visit: Visit, title: str, write: Callable[[], str]) -> None:
    """One part; where it can't be read that is said in its place, and takes nothing else away."""
    try:
        if html := write():
            st.html(html)
    except (NotPermitted, SessionExpired):
        raise
    except HealthboardError as error:
        st.html(h2(title))
        tell(visit.t, error)


def conversations(visit: Visit, person_id: str) -> str:
    """The conversations that are not over, those that wait longest first; nothing where there is none."""
    t = visit.t
    found = [
        one
        for one in thread_desk.inbox(visit.ports, visit.who, InboxQuery("", person_id)).lines
        if one.damaged or one.thread.state != CLOSED
    ]
    if not found:
        return ""
    listed = [
        row(t("messages.damaged") if one.damaged else one.thread.subject, "", "" if one.damaged else thread_list.details(visit, one), "" if one.damaged else thread_list.tags(visit, one))
        for one in found[:MOST]
    ]  # fmt: skip
    return h2(t("nav.messages")) + rows(listed) + _more(visit, len(found))


def open_tasks(visit: Visit, person_id: str) -> str:
    """What is still to be done, what is late first; nothing where there is none."""
    found = [one for one in tasks.of_person(visit.ports, visit.who, person_id) if one.task.state in (OPEN, DOING, DAMAGED)]
    if not found:
        return ""
    drawn = "".join(worklist_tasks.head(visit, one) for one in sorted(found, key=lambda one: not one.late)[:MOST])
    return h2(visit.t("overview.tasks")) + drawn + _more(visit, len(found))


def next_visit(visit: Visit, reading: Reading) -> str:
    found = visit_today.view_of(visit, reading).next
    return h2(visit.t("visits.next")) + _visit(visit, found) if found is not None else ""


def _visit(visit: Visit, found: VisitLine | Brought) -> str:
    return rows([visit_cards.brought(visit, found)]) if isinstance(found, Brought) else visit_today.said(visit, found)


def _more(visit: Visit, found: int) -> str:
    return note(visit.t("overview.more", n=found - MOST)) if found > MOST else ""
