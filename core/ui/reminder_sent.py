"""This is the place where a person reads what was sent lately, what did not go out and why, and whether reminders run at all."""

from __future__ import annotations

from datetime import timedelta
from html import escape

import streamlit as st

from core.care.dose_views import ReminderLine, RemindersView
from core.domain.doses import Delivery
from core.ui.markup import box, dotted, empty, h2, note, row, rows, tag
from core.ui.reminder_parts import listed
from core.ui.session import Visit

SILENT_AFTER = timedelta(minutes=5)
"""How long the worker may say nothing before we say that reminders may not be running (it says so every few seconds)."""
_LOOK = {
    "answered": ("check", "accent"), "sent": ("clock", "plain"), "escalated": ("people", "watch"), "snoozed": ("clock", "plain"),
    "unanswered": ("unknown", "unknown"), "missed": ("soon", "soon"),
}  # fmt: skip


def running(visit: Visit, view: RemindersView) -> None:
    """Whether somebody is there to send reminders."""
    t, seen = visit.t, view.worker_seen_at
    if seen is None or visit.now - seen > SILENT_AFTER:
        said = t("reminders.never_ran") if seen is None else t("reminders.not_running", age=t.age(seen, visit.now))
        st.html(box("soon", said, t("reminders.not_running_next")))
    else:
        st.html(note(t("reminders.running")))


def sent(visit: Visit, view: RemindersView) -> None:
    """What went out in the last days, newest first."""
    t = visit.t
    st.html(h2(t("sent.title"), t("sent.aside")))
    shown = [one for one in view.recent if one.state not in ("waiting", "ended")]
    if not shown:
        st.html(empty(t("sent.none"), t("sent.none_next")))
        return
    st.html(rows(_line(visit, one) for one in shown))


def _line(visit: Visit, one: ReminderLine) -> str:
    t = visit.t
    look, tone = _LOOK.get(one.state, ("info", "plain"))
    title = listed(t, one.titles) if one.titles else t("reminders.kind." + one.kind)
    parts = [escape(t.moment(one.due_at))]
    if one.why and (one.state == "missed" or t.has("missed_why." + one.why)):
        parts.append(escape(t.first("missed_why." + one.why, "missed_why.other")))
    parts += [escape(_delivery(visit, each)) for each in one.deliveries]
    return row(title, tag(t.first("reminder_state." + one.state, "reminder_state.sent"), look, tone), dotted(parts))


def _delivery(visit: Visit, one: Delivery) -> str:
    t = visit.t
    channel = t.first("channel." + one.channel, "channel.other")
    if one.state == "sent":
        said = t("sent.went", channel=channel, time=t.moment(one.at)) if one.at else t("sent.went_out", channel=channel)
        return t.joined((said, t("sent.maybe_twice") if one.maybe_twice else ""))
    if one.state == "sending":
        return t("sent.sending", channel=channel)
    why = t.first("error." + one.why, "error.not_delivered")
    return t("sent.given_up" if one.state == "given_up" else "sent.failed", channel=channel, why=why)
