"""This is the place where the team sets what is a person's own: limits of alerts within what can be, how often something is expected, a pause, NEWS2's second scale."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

import streamlit as st

from core.alerts.own import SOURCES, WIDEST
from core.alerts.rules import HIGH, LOW
from core.care import alert_limits
from core.care.alert_limits import DAYS, LONGEST_PAUSE, LimitRow, LimitsView
from core.domain.signals import SIGNALS
from core.domain.units import linear
from core.errors import BadInput
from core.trends.conversion import number_for, shown_as
from core.ui import alert_words as say
from core.ui.changing import attempt
from core.ui.markup import Cell, box, h2, note, table
from core.ui.session import Visit
from core.ui.values import unit

_KEY = "limit_"


def draw(visit: Visit, person_id: str) -> None:
    """All of it for one person."""
    t = visit.t
    view = alert_limits.view(visit.ports, visit.who, person_id)
    if view.damaged:
        st.html(box("soon", t("limits_of.damaged"), t("limits_of.damaged_next")))
        if view.may_edit:
            st.button(
                t("limits_of.start_over"),
                key="danger_limits",
                on_click=attempt,
                args=(t("limits_of.kept"), partial(alert_limits.start_over, visit.ports, visit.who, person_id)),
            )
        return
    st.html(h2(t("limits_of.title"), t("limits_of.aside")))
    heads = (t("limits_of.what"), t("limits_of.usual"), t("limits_of.own"), t("limits_of.widest"), t("limits_of.set_by"))
    st.html(table(t("limits_of.title"), heads, (_row(visit, one) for one in view.rows if one.usual or one.own is not None)))
    st.html(note(t("limits_of.floor")))
    if view.may_edit:
        _form(visit, person_id, view)
        _expected(visit, person_id, view)
        _pause(visit, person_id, view)


def _row(visit: Visit, one: LimitRow) -> tuple[Cell, ...]:
    t = visit.t
    usual = t("list.comma").join(
        t(
            "limits_of.at",
            value=_value(visit, one.signal, rule.limit),
            state=t("state." + say.STATES.get(int(rule.severity), "unknown")),
        )
        for rule in one.usual
    )
    by = t("limits_of.by", name=one.by, when=t.day(one.at)) if one.at else ""
    return (
        Cell(t("limits_of.side." + one.direction, name=t("signal." + one.signal))), Cell(usual or t("limits_of.none_usual")), Cell(_value(visit, one.signal, one.own) if one.own is not None else "–"),
        Cell(_value(visit, one.signal, one.widest) if one.widest is not None else t("limits_of.any")), Cell(by or "–"),
    )  # fmt: skip


def _value(visit: Visit, signal: str, value: float) -> str:
    t, shown = visit.t, shown_as(signal, visit.preferences)
    return f"{t.number(number_for(signal, value, visit.preferences), shown.decimals)} {unit(t, shown.unit)}".strip()


def bounds(signal: str, direction: str, view: LimitsView) -> tuple[float, float]:
    """Between what a limit may be, in the signal's canonical unit: what can be measured, and no wider than the floor."""
    low, high = SIGNALS[signal].plausible or (0.0, 0.0)
    widest = next((one.widest for one in view.rows if (one.signal, one.direction) == (signal, direction)), None)
    if widest is None:
        return low, high
    return (low, widest) if direction == HIGH else (widest, high)


def _form(visit: Visit, person_id: str, view: LimitsView) -> None:
    t = visit.t
    st.html(h2(t("limits_of.set_title")))
    signals = tuple(dict.fromkeys(one.signal for one in view.rows))
    signal = (
        st.selectbox(t("limits_of.what"), signals, format_func=lambda one: t("signal." + one), key=_KEY + "signal", width=320)
        or signals[0]
    )
    shown = shown_as(signal, visit.preferences)
    kept = {one.direction: one.own for one in view.rows if one.signal == signal}
    with st.container(key="tools_limit", horizontal=True, vertical_alignment="bottom"):
        for side, direction in (("lower", LOW), ("upper", HIGH)):
            low, high = bounds(signal, direction, view)
            own = kept.get(direction)
            st.number_input(
                t("limits_of." + side, unit=unit(t, shown.unit)), value=None if own is None else number_for(signal, own, visit.preferences), step=10.0**-shown.decimals,
                format=f"%.{shown.decimals}f", key=f"{_KEY}{side}_{signal}", width=260, placeholder=t("limits_of.usual_holds"),
            )  # fmt: skip
            st.html(note(t("limits_of.between_" + side, low=_value(visit, signal, low), high=_value(visit, signal, high))))
    with st.container(key="tools_limit_do", horizontal=True):
        st.button(
            t("limits_of.set"),
            key="limit_set",
            type="primary",
            icon=":material/check:",
            on_click=_set,
            args=(visit, person_id, signal),
        )
        if any(one is not None for one in kept.values()):
            st.button(
                t("limits_of.unset"), key="limit_unset", icon=":material/undo:", on_click=_unset, args=(visit, person_id, signal)
            )


def _set(visit: Visit, person_id: str, signal: str) -> None:
    attempt(visit.t("limits_of.kept"), partial(_keep, visit, person_id, signal))


def _keep(visit: Visit, person_id: str, signal: str) -> None:
    """Set what was typed. Raises BadInput, in the reader's unit, where it can't be a limit."""
    lower, upper = (_canonical(visit, signal, st.session_state.get(f"{_KEY}{side}_{signal}")) for side in ("lower", "upper"))
    view = alert_limits.view(visit.ports, visit.who, person_id)
    for direction, value in ((LOW, lower), (HIGH, upper)):
        low, high = bounds(signal, direction, view)
        if value is not None and not low <= value <= high:
            raise BadInput("limit_bounds", low=_value(visit, signal, low), high=_value(visit, signal, high))
    alert_limits.set_limit(visit.ports, visit.who, person_id, signal, lower, upper)


def _unset(visit: Visit, person_id: str, signal: str) -> None:
    for side in ("lower", "upper"):
        st.session_state.pop(f"{_KEY}{side}_{signal}", None)
    attempt(visit.t("limits_of.kept"), partial(alert_limits.set_limit, visit.ports, visit.who, person_id, signal, None, None))


def _canonical(visit: Visit, signal: str, typed: float | None) -> float | None:
    """What was typed, in the signal's own unit: to four digits after the point, so that a floor that is shown can be typed."""
    if typed is None:
        return None
    mult, add = linear(shown_as(signal, visit.preferences).unit, SIGNALS[signal].unit, signal) or (1.0, 0.0)
    value = round(typed * mult + add, 4)
    edges = [one for one in (WIDEST.get((signal, side)) for side in (LOW, HIGH)) if one is not None]
    return next((edge for edge in edges if number_for(signal, edge, visit.preferences) == typed), value)


def _expected(visit: Visit, person_id: str, view: LimitsView) -> None:
    t = visit.t
    st.html(h2(t("limits_of.expected"), t("limits_of.expected_aside")))
    kept = {one.source: one.every_days for one in view.expected}
    said = [
        t("limits_of.source_line", source=t("limits_of.source." + one.source), days=_days(visit, kept.get(one.source)))
        for one in SOURCES
    ]
    st.html("".join(note(one) for one in said))
    with st.container(key="tools_expected", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("limits_of.source_head"),
            [one.source for one in SOURCES],
            format_func=lambda one: t("limits_of.source." + one),
            key=_KEY + "source",
            width=260,
        )
        st.number_input(
            t("limits_of.every"), DAYS[0], DAYS[1], None, 0.5, key=_KEY + "every", width=220, placeholder=t("limits_of.usual_holds")
        )
        st.button(t("limits_of.set"), key="expected_set", icon=":material/check:", on_click=_set_expected, args=(visit, person_id))


def _days(visit: Visit, days: float | None) -> str:
    return visit.t("limits_of.days", days=days) if days is not None else visit.t("limits_of.days_usual")


def _set_expected(visit: Visit, person_id: str) -> None:
    state = st.session_state
    attempt(
        visit.t("limits_of.kept"),
        partial(
            alert_limits.set_expected,
            visit.ports,
            visit.who,
            person_id,
            state.get(_KEY + "source") or SOURCES[0].source,
            state.get(_KEY + "every"),
        ),
    )


def _pause(visit: Visit, person_id: str, view: LimitsView) -> None:
    t = visit.t
    st.html(h2(t("limits_of.pause"), t("limits_of.pause_aside")))
    today = visit.now.astimezone(t.zone).date()
    if view.paused_until and view.paused_until > visit.now:
        st.html(note(t("limits_of.paused", when=t.moment(view.paused_until))))
        st.button(
            t("limits_of.pause_end"),
            key="pause_end",
            on_click=attempt,
            args=(t("limits_of.kept"), partial(alert_limits.pause, visit.ports, visit.who, person_id, None)),
        )
    with st.container(key="tools_pause", horizontal=True, vertical_alignment="bottom"):
        st.date_input(
            t("limits_of.pause_until"),
            today + timedelta(days=7),
            today + timedelta(days=1),
            today + LONGEST_PAUSE - timedelta(days=1),
            key=_KEY + "pause",
            width=240,
        )
        st.button(t("limits_of.pause_do"), key="pause_do", on_click=_set_pause, args=(visit, person_id))
    st.html(h2(t("limits_of.scale2"), t("limits_of.scale2_aside")))
    on = view.spo2_scale2
    st.html(note(t("limits_of.scale2_on" if on else "limits_of.scale2_off")))
    st.button(
        t("limits_of.scale2_unset" if on else "limits_of.scale2_set"), key="scale2", on_click=attempt,
        args=(t("limits_of.kept"), partial(alert_limits.set_scale2, visit.ports, visit.who, person_id, not on)),
    )  # fmt: skip


def _set_pause(visit: Visit, person_id: str) -> None:
    day = st.session_state.get(_KEY + "pause")
    until = datetime.combine(day, time(12), visit.t.zone) if day else None
    attempt(visit.t("limits_of.kept"), partial(alert_limits.pause, visit.ports, visit.who, person_id, until))
