"""This is the place where the team writes down a visit: when, how, with whom, what for, how to prepare; what is odd about it is said before it is kept."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from core.care import thread_acts, thread_hours, visit_prepare, visits
from core.care.visit_views import NewVisit, VisitLine
from core.domain.visits import AHEAD, BOOKED, KINDS, REASONS
from core.errors import HealthboardError
from core.ui import visit_words
from core.ui.changing import tried
from core.ui.markup import box
from core.ui.questionnaire_words import wording
from core.ui.session import Reading, Visit

_TOKEN, _CONCERNS, CHANGING = "hb.visit_token", "hb.visit_concerns", "hb.visit_changing"
MINUTES = (10, 15, 20, 30, 45, 60, 90, 120)


def draw(visit: Visit, reading: Reading, line: VisitLine | None = None) -> None:
    """The form of a new visit, or of one that is changed."""
    t, person_id, key = visit.t, reading.person_id, line.visit_id if line else "new"
    one = line.visit if line else None
    zones = _zones(visit, one.zone if one else "")
    local = (one.start.astimezone(ZoneInfo(one.zone)) if one and one.start else None) or _tomorrow(visit, zones[0])
    with st.container(key=f"tools_visit_when_{key}", horizontal=True, vertical_alignment="bottom"):
        st.date_input(t("visits.day"), key=f"visit_day_{key}", value=local.date(), width=150)
        st.time_input(t("visits.clock"), key=f"visit_clock_{key}", value=local.time(), step=300, width=120)
        lasts = sorted({*MINUTES, one.minutes if one else 30})
        st.selectbox(
            t("visits.minutes"), lasts, index=lasts.index(one.minutes if one else 30), key=f"visit_minutes_{key}", width=120
        )
        st.selectbox(
            t("visits.zone"),
            zones,
            key=f"visit_zone_{key}",
            format_func=partial(visit_words.place_name, t),
            width=220,
            help=t("visits.zone_help"),
        )
    with st.container(key=f"tools_visit_how_{key}", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("visits.kind"),
            KINDS,
            index=KINDS.index(one.kind) if one else 0,
            key=f"visit_kind_{key}",
            width=200,
            format_func=lambda kind: t("visit.kind." + kind),
        )
        names = {
            "": t("visits.with_nobody"),
            **dict(reading.view("visit.team", "", lambda: thread_acts.team(visit.ports, visit.who, person_id))),
        }
        mine = one.with_account if one and one.with_account in names else "" if one else visit.who.account_id
        st.selectbox(
            t("visits.with"),
            list(names),
            index=list(names).index(mine if mine in names else ""),
            key=f"visit_with_{key}",
            width=220,
            format_func=names.__getitem__,
        )
        st.selectbox(t("visits.reason"), REASONS, index=REASONS.index(one.reason) if one and one.reason in REASONS else 0, key=f"visit_reason_{key}", width=220,
                     format_func=lambda why: t("visit.reason." + why))  # fmt: skip
    st.text_input(t("visits.words"), value=one.words if one else "", key=f"visit_words_{key}", max_chars=300)
    st.text_input(
        t("visits.where"), value=one.where if one else "", key=f"visit_where_{key}", max_chars=200, help=t("visits.where_help")
    )
    forms = dict(reading.view("visit.forms", "", lambda: visit_prepare.forms(visit.ports, visit.who, person_id)))
    chosen = [form for form in (one.forms if one else ()) if form in forms]
    st.multiselect(
        t("visits.forms"),
        list(forms),
        default=chosen,
        placeholder=t("visits.forms_none"),
        key=f"visit_forms_{key}",
        max_selections=5,
        format_func=lambda form: wording(t)(forms[form]),
    )
    st.checkbox(t("visits.medicines_ask"), value=one.medicines if one else False, key=f"visit_medicines_{key}")
    st.text_input(t("visits.bring"), value=one.bring if one else "", key=f"visit_bring_{key}", max_chars=300)
    st.text_input(
        t("visits.elsewhere"),
        value=one.elsewhere if one else "",
        key=f"visit_elsewhere_{key}",
        max_chars=80,
        help=t("visits.elsewhere_help"),
    )
    if line is not None:
        st.text_input(t("visits.change_why"), key=f"visit_because_{key}", max_chars=300)
    first = AHEAD.index(one.state) if one and one.state in AHEAD else AHEAD.index(BOOKED)
    st.radio(
        t("visits.as"),
        AHEAD,
        index=first,
        key=f"visit_state_{key}",
        horizontal=True,
        format_func=lambda state: t("visits.as_" + state),
    )
    found = st.session_state.get(_CONCERNS)
    odd = found[1] if isinstance(found, tuple) and found[0] == key else ()
    if odd:
        st.html(box("watch", t("visits.odd"), t.joined(t("visits.concern." + each) for each in odd)))
    with st.container(key=f"tools_visit_keep_{key}", horizontal=True):
        st.button(
            t("visits.keep"),
            key=f"visit_keep_{key}",
            type="primary",
            icon=":material/event_available:",
            on_click=keep,
            args=(visit, person_id, line),
        )
        if odd:
            st.button(t("visits.keep_anyway"), key=f"visit_anyway_{key}", on_click=keep, args=(visit, person_id, line, tuple(odd)))


def change_this(line: VisitLine | None) -> None:
    """Open the form of this visit, with what it says now; None: put it away, and what was typed with it."""
    for each in [
        name
        for name in st.session_state
        if line is not None and str(name).startswith("visit_") and str(name).endswith(f"_{line.visit_id}")
    ]:
        del st.session_state[each]
    st.session_state.pop(_CONCERNS, None)
    if line is None:
        st.session_state.pop(CHANGING, None)
    else:
        st.session_state[CHANGING] = (line.visit_id, line.visit.told)


def keep(visit: Visit, person_id: str, line: VisitLine | None, anyway: tuple[str, ...] = ()) -> None:
    """Keep what was typed; what is odd and hasn't been seen is shown first."""
    key = line.visit_id if line else "new"
    new = replace(_typed(key), anyway=anyway)
    st.session_state.pop(_CONCERNS, None)
    try:
        odd = tuple(
            one
            for one in visits.concerns(visit.ports, visit.who, person_id, new, line.visit_id if line else "")
            if one not in anyway
        )
    except HealthboardError as error:
        tried("", partial(_again, error))
        return
    if odd:
        st.session_state[_CONCERNS] = (key, odd)
        return
    if line is not None:
        why = str(st.session_state.get(f"visit_because_{key}") or "")
        tried(
            visit.t("visits.said_changed"),
            partial(visits.change, visit.ports, visit.who, person_id, line.visit_id, (new, line.visit.told), why),
        )
        return
    token = st.session_state.setdefault(_TOKEN, secrets.token_hex(12))
    if tried(visit.t("visits.said_made"), partial(visits.make, visit.ports, visit.who, person_id, new, token)):
        st.session_state.pop(_TOKEN, None)
        for each in [name for name in st.session_state if str(name).startswith("visit_") and str(name).endswith("_new")]:
            del st.session_state[each]


def _typed(key: str) -> NewVisit:
    state = st.session_state

    def text(name: str) -> str:
        return str(state.get(f"visit_{name}_{key}") or "")

    return NewVisit(
        state[f"visit_day_{key}"], state[f"visit_clock_{key}"], text("zone"), int(state[f"visit_minutes_{key}"]), text("kind"), text("reason"), text("words"),
        text("where"), text("with"), tuple(state.get(f"visit_forms_{key}") or ()), bool(state.get(f"visit_medicines_{key}")), text("bring"), text("elsewhere"), text("state"),
    )  # fmt: skip


def _again(error: HealthboardError) -> None:
    raise error


def _zones(visit: Visit, kept: str) -> list[str]:
    """The clocks it can be agreed by: that of the visit, of the office, of whoever looks."""
    hours = thread_hours.now_there(visit.ports, visit.who).hours
    found = [kept, hours.zone if hours else "", getattr(visit.t.zone, "key", "") or "UTC", "UTC"]
    return list(dict.fromkeys(one for one in found if one))


def _tomorrow(visit: Visit, zone: str) -> datetime:
    day = visit.now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(day, time(10, 0), ZoneInfo(zone))
