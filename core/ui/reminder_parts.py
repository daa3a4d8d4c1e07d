"""This is the place where changes to the reminder settings are made from a page: tried, said, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.care import reminder_book
from core.care.dose_views import RemindersView
from core.errors import HealthboardError
from core.ui import shell
from core.ui.incident import tell
from core.ui.session import Reading, Visit
from core.ui.words import Words

_REFUSED = "hb.reminder_refused"


def attempt(visit: Visit, reading: Reading, view: RemindersView, said: str, do: Callable[[], object]) -> None:
    """Make a change; what came of it is said now, or in the next run. Messages are written in the language the settings are read in."""
    try:
        do()
        if view.book.language != visit.t.language:
            reminder_book.set_language(visit.ports, visit.who, reading.person_id, visit.t.language)
    except HealthboardError as error:
        st.session_state[_REFUSED] = error
        return
    shell.say(said)


def refused(t: Words) -> None:
    """Why the last change was not made."""
    if isinstance(error := st.session_state.pop(_REFUSED, None), HealthboardError):
        tell(t, error)


def span(t: Words, minutes: int) -> str:
    """A length of time in words."""
    if minutes == 0:
        return t("reminders.at_once")
    if minutes % (24 * 60) == 0:
        return t("reminders.days", n=minutes // (24 * 60))
    return t("reminders.hours", n=minutes // 60) if minutes % 60 == 0 else t("reminders.minutes", n=minutes)


def among(options: Sequence[int], current: int) -> list[int]:
    """The choices, with what is chosen now among them."""
    return sorted({*options, current})


def listed(t: Words, texts: Sequence[str]) -> str:
    return t("list.comma").join(texts)
