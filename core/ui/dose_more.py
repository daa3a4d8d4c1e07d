"""This is the place where everything else is said about a dose: taken earlier, skipped and why, not now."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from core.care import doses
from core.care.dose_views import DoseLine, DosesView
from core.domain.doses import DoseState
from core.medications.administrations import REASONS
from core.ui.changing import refused, tried
from core.ui.dose_parts import OPEN, amount, clock, there
from core.ui.markup import h3, note
from core.ui.reminder_parts import span
from core.ui.session import Reading, Visit

_OPEN, _TIME, _WHY = "hb.dose_open", "dose_more_time", "dose_more_why"
SNOOZES = (15, 30, 60)


def begin(dose_id: str) -> None:
    """Open what can be said about this dose."""
    close()
    st.session_state[_OPEN] = dose_id


def close() -> None:
    for key in (_OPEN, _TIME, _WHY):
        st.session_state.pop(key, None)


def dialog(visit: Visit, reading: Reading, view: DosesView) -> None:
    """The dialog while it is open."""
    one = next((dose for part in view.parts for dose in part.doses if dose.dose_id == st.session_state.get(_OPEN)), None)
    if one is not None and view.may_log:
        st.dialog(one.title, width="small", on_dismiss=close)(form)(visit, reading, view, one)


def form(visit: Visit, reading: Reading, view: DosesView, one: DoseLine) -> None:
    """Three ways to answer, each with its own button."""
    t = there(visit.t, view.zone)
    st.html(note(t("dose.due_at", time=clock(t, one.at), amount=amount(t, one.amount) or t("how.dose"))))
    refused(t)
    kept = partial(_keep, visit, reading, one)
    st.html(h3(t("dose.earlier")))
    if visit.now < one.at:
        st.session_state.setdefault(_TIME, visit.now.astimezone(ZoneInfo(view.zone)).time().replace(second=0, microsecond=0))
    else:
        st.session_state.setdefault(_TIME, one.at.astimezone(ZoneInfo(view.zone)).time().replace(second=0, microsecond=0))
    st.time_input(t("dose.taken_when"), key=_TIME, step=300)
    st.button(t("dose.earlier_do"), key="dose_earlier", type="primary", icon=":material/check:", width="stretch", on_click=_earlier, args=(visit, view, one, kept))
    st.html(h3(t("dose.skip")))
    st.selectbox(t("dose.skip_why"), REASONS, index=None, format_func=lambda code: t("skip." + code), key=_WHY, placeholder=t("dose.skip_choose"))
    st.html(note(t("dose.skip_note")))
    st.button(t("dose.skip_do"), key="dose_skip", width="stretch", icon=":material/block:", on_click=_skip, args=(kept,))
    if one.state in OPEN:
        st.html(h3(t("dose.not_now"), t("dose.not_now_aside")))
        with st.container(key="tools_snooze", horizontal=True):
            for minutes in SNOOZES:
                label = t("dose.snooze", time=span(t, minutes))
                st.button(label, key=f"dose_snooze_{minutes}", on_click=_snooze, args=(visit, reading, one, minutes))
    if _OPEN not in st.session_state:
        st.rerun()


def _keep(visit: Visit, reading: Reading, one: DoseLine, state: DoseState, taken_at: datetime | None = None, reason: str = "") -> None:
    """Keep an answer and close; where it is refused, the dialog stays open and says why."""
    said = visit.t("dose.logged" if state is DoseState.TAKEN else "dose.logged_skipped", title=one.title)
    change = partial(doses.answer, visit.ports, visit.who, reading.person_id, (one.dose_id,), state, taken_at=taken_at, reason=reason)
    if tried(said, change, f"dose_back_{one.dose_id}"):
        close()


def _earlier(visit: Visit, view: DosesView, one: DoseLine, kept: partial[None]) -> None:
    """A time of the clock is that of the day of the dose; one that has not come yet there was the day before."""
    zone = ZoneInfo(view.zone)
    at = datetime.combine(one.at.astimezone(zone).date(), st.session_state[_TIME], zone)
    now = visit.ports.clock.now()
    kept(DoseState.TAKEN, at if at <= now else at - timedelta(days=1))


def _skip(kept: partial[None]) -> None:
    kept(DoseState.SKIPPED, None, st.session_state.get(_WHY) or "")


def _snooze(visit: Visit, reading: Reading, one: DoseLine, minutes: int) -> None:
    said = visit.t("dose.snoozed", time=span(visit.t, minutes))
    if tried(said, partial(doses.snooze, visit.ports, visit.who, reading.person_id, (one.dose_id,), minutes), f"dose_take_{one.dose_id}"):
        close()
