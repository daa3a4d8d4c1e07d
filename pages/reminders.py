"""This is the place where a person says how and when they want to be reminded, and sees what was sent."""

import streamlit as st

from core.care import reminder_book, reminders
from core.ui import (
    reminder_channels,
    reminder_choices,
    reminder_feeds,
    reminder_hours,
    reminder_measuring,
    reminder_parts,
    reminder_sent,
)
from core.ui.markup import box, head, note
from core.ui.session import Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    view = reminders.view(visit.ports, visit.who, reading.person_id)
    st.html(head(t("nav.reminders"), t("reminders.question")))
    if not view.may_edit:
        st.html(note(t("reminders.read_only")))
    reminder_parts.refused(t)
    if view.damaged:
        st.html(box("soon", t("error.drawer_damaged"), t("error.drawer_damaged.next")))
        if view.may_edit:
            st.button(
                t("reminders.start_over"), key="danger_start_over", on_click=reminder_parts.attempt,
                args=(visit, reading, view, t("reminders.kept"), lambda: reminder_book.start_over(visit.ports, visit.who, reading.person_id)),
            )  # fmt: skip
        return
    reminder_sent.running(visit, view)
    reminder_choices.detail(visit, reading, view)
    reminder_channels.channels(visit, reading, view)
    reminder_choices.kinds(visit, reading, view)
    reminder_choices.quiet(visit, reading, view)
    reminder_channels.helpers(visit, reading, view)
    reminder_hours.hours(visit, reading, view)
    reminder_hours.trips(visit, reading, view)
    reminder_measuring.measuring(visit, reading, view)
    reminder_feeds.calendars(visit, reading, view)
    reminder_sent.sent(visit, view)


page(here())
