"""This is the place where a person logs what they took because they needed it, and is told first where the order would not allow it yet."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape

import streamlit as st

from core.care import doses
from core.care.dose_views import DosesView, NeededLine
from core.ui.changing import tried
from core.ui.dose_parts import amount, mark, there, upcoming
from core.ui.markup import box, dotted, h3, note, tag
from core.ui.session import Reading, Visit
from core.ui.words import Words

_SURE = "hb.dose_sure"


def draw(visit: Visit, reading: Reading, view: DosesView) -> None:
    """Each with what the order allows, when the last one was, and one button."""
    t = there(visit.t, view.zone)
    with st.container(key="card_doses_needed"):
        st.html(h3(t("needed.title")) + (note(t("needed.note")) if view.may_log else ""))
        for one in view.needed:
            key = mark(one.medicine_id)
            with st.container(key=f"dose_need_{key}", horizontal=True):
                st.html(row(t, visit, one))
                if view.may_log:
                    with st.container(key=f"dosebtn_need_{key}", horizontal=True, width="content"):
                        st.button(t("needed.took"), key=f"need_{key}", icon=":material/add:", help=one.title, on_click=_took, args=(visit, reading, one))
            if view.may_log and st.session_state.get(_SURE) == one.medicine_id:
                _sure(visit, reading, t, one)


def row(t: Words, visit: Visit, one: NeededLine) -> str:
    """One medicine: what for, how much, the order's limits, when it was taken last."""
    last = t("needed.last", age=t.age(one.last_at, visit.now), time=t.moment(one.last_at)) if one.last_at else t("needed.never")
    details = dotted(escape(said) for said in (amount(t, one.amount), t("medicines.reason", reason=one.reason) if one.reason else "") if said)
    below = "".join(f'<span class="dose-d">{escape(said)}</span>' for said in (limits(t, one), last) if said)
    return f'<div class="dose need"><span class="dose-n">{escape(one.title)}</span><span class="dose-d">{details}</span><span class="dose-s">{_mark(t, one, visit.now)}</span>{below}</div>'


def limits(t: Words, one: NeededLine) -> str:
    """What the order allows; that it says nothing is said too."""
    parts = []
    if one.least_minutes:
        hours, rest = divmod(one.least_minutes, 60)
        parts.append(t("how.least_hours", n=hours) if not rest else t("how.least_minutes", n=one.least_minutes))
    if one.most_doses is not None:
        parts.append(t("how.most", n=one.most_doses, hours=one.per_hours))
    elif one.most_amount is not None:
        parts.append(t("how.most_amount", amount=amount(t, one.most_amount), hours=one.per_hours))
    return t("needed.order", limits=t("list.comma").join(parts)) if parts else t("needed.no_limits")


def _mark(t: Words, one: NeededLine, now: datetime) -> str:
    taken = tag(t("needed.today", n=one.today), "check", "plain") if one.today else ""
    if one.why_not and one.next_from is not None:
        return taken + tag(t("needed.from", time=upcoming(t, one.next_from, now)), "soon", "soon")
    return taken


def _took(visit: Visit, reading: Reading, one: NeededLine) -> None:
    """Log it; where the order would not allow it yet, ask first."""
    st.session_state.pop(_SURE, None)
    if one.why_not:
        st.session_state[_SURE] = one.medicine_id
        return
    _log(visit, reading, one, anyway=False)


def _log(visit: Visit, reading: Reading, one: NeededLine, anyway: bool) -> None:
    def log() -> None:
        if doses.log_needed(visit.ports, visit.who, reading.person_id, one.medicine_id, anyway=anyway).why_not and not anyway:
            st.session_state[_SURE] = one.medicine_id  # something was logged meanwhile, elsewhere

    if tried(visit.t("dose.logged", title=one.title), log) and anyway:
        st.session_state.pop(_SURE, None)


def _sure(visit: Visit, reading: Reading, t: Words, one: NeededLine) -> None:
    """What the order says against it, whom to ask, and both answers."""
    why = t("needed.day_full" if one.why_not == "day_full" else "needed.too_soon", title=one.title)
    since = t("needed.allowed_from", time=upcoming(t, one.next_from, visit.now)) if one.next_from else ""
    st.html(box("soon", t.joined((why, since)), t("needed.ask")))
    key = mark(one.medicine_id)
    with st.container(key=f"tools_need_{key}", horizontal=True):
        st.button(t("needed.not_taken"), key=f"need_no_{key}", type="primary", on_click=lambda: st.session_state.pop(_SURE, None))
        st.button(t("needed.anyway"), key=f"need_anyway_{key}", on_click=partial(_log, visit, reading, one, anyway=True))
