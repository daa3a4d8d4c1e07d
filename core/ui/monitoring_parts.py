"""This is the place where the ledger of remote monitoring is drawn: the month, what it comes to and why not more, the entries, and the form for another."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from html import escape

import streamlit as st

from core.care import monitoring
from core.care.monitoring import MOST_MINUTES, MOST_NOTE, MonthView, Work
from core.monitoring.rules import SOURCE
from core.ui.changing import tried
from core.ui.markup import facts, h2, note
from core.ui.session import Reading, Visit
from core.ui.words import Words

MONTHS = 12
_TURN = "hb.monitoring_turn"


def chosen(visit: Visit, reading: Reading) -> MonthView:
    """The month that is chosen, the running one first."""
    t = visit.t
    first = _today(visit).replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    picked: date = st.selectbox(t("monitoring.month"), months, format_func=lambda one: t.as_written(one, "month"), key="monitoring_month")
    held = (picked.isoformat(), st.session_state.get(_TURN, 0), int(visit.now.timestamp() // 600))
    return reading.view("monitoring", held, lambda: monitoring.month(visit.ports, visit.who, reading.person_id, picked.year, picked.month))


def whole(t: Words, view: MonthView) -> str:
    """Days, minutes, codes and what stands in the way."""
    said = [
        (t("monitoring.days"), t.number(len(view.days))),
        (t("monitoring.devices"), t("message.between").join(view.devices) if any(view.devices) else t("monitoring.none")),
        (t("monitoring.minutes"), t.number(view.minutes)),
        (t("monitoring.live"), t("monitoring.yes" if view.live else "monitoring.no")),
        (t("monitoring.codes"), t("message.between").join(f"{code} × {times}" for code, times in view.counted.codes) or t("monitoring.none")),
    ]
    why = "".join(note(t("monitoring.why." + one)) for one in view.counted.why)
    zone = "" if view.zone else note(t("missing.zone_unknown"))
    return f'{facts(said)}{why}{zone}{note(t("monitoring.about"))}{note(t("monitoring.source", source=SOURCE))}'


def entries(visit: Visit, reading: Reading, view: MonthView) -> None:
    """What was written down, the newest first; what was struck stays to be read."""
    t = visit.t
    st.html(h2(t("monitoring.entries"), t.number(len(view.entries))))
    if not view.entries:
        st.html(note(t("monitoring.no_entries")))
        return
    for one in view.entries:
        with st.container(key=f"line_minutes_{one.entry_id}", horizontal=True):
            said = [t("monitoring.line", day=t.day(one.day), n=one.minutes), one.who, t("monitoring.live_short") if one.live else "", one.note]
            struck = t("monitoring.struck", who=one.struck_by, day=t.day(one.struck_at)) if one.struck_at is not None else ""
            st.html(f'<div class="line"><span>{escape(t("message.between").join(part for part in said if part))}</span><span class="row-d">{escape(struck)}</span></div>')
            if one.struck_at is None:
                st.button(t("monitoring.strike"), key=f"strike_{one.entry_id}", on_click=_strike, args=(visit, reading.person_id, one.entry_id))


def form(visit: Visit, reading: Reading) -> None:
    """Another entry."""
    t, today = visit.t, _today(visit)
    st.html(h2(t("monitoring.add")))
    with st.container(key="card_monitoring"):
        st.date_input(t("monitoring.day"), today, min_value=today - monitoring.LATE, max_value=today, key="monitoring_day", format="YYYY-MM-DD")
        st.number_input(t("monitoring.spent"), 1, MOST_MINUTES, 5, key="monitoring_spent")
        st.checkbox(t("monitoring.was_live"), key="monitoring_live")
        st.text_input(t("monitoring.note"), key="monitoring_note", max_chars=MOST_NOTE)
        st.button(t("monitoring.keep"), key="monitoring_keep", type="primary", icon=":material/check:", on_click=_keep, args=(visit, reading.person_id))


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.t.zone).date()


def _keep(visit: Visit, person_id: str) -> None:
    state = st.session_state
    work = Work(state["monitoring_day"], int(state["monitoring_spent"]), bool(state["monitoring_live"]), str(state["monitoring_note"]))
    do = partial(monitoring.write, visit.ports, visit.who, person_id, work)
    if tried(visit.t("monitoring.kept"), do, "monitoring_keep"):
        state["monitoring_note"], state["monitoring_live"] = "", False
        state[_TURN] = state.get(_TURN, 0) + 1


def _strike(visit: Visit, person_id: str, entry_id: str) -> None:
    if tried(visit.t("monitoring.struck_said"), lambda: monitoring.strike(visit.ports, visit.who, person_id, entry_id)):
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
