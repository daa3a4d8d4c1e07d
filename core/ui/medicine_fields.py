"""This is the place where the fields of "How do you take it?" are drawn: how often first, then only what that needs."""

from __future__ import annotations

from datetime import date, time

import streamlit as st

from core.medications.clocks import spread
from core.medications.entered import KINDS, MOST_TIMES, TIMED, UNITS, Entered
from core.medications.terms import DAYS
from core.ui.words import Words

PREFIX = "med_form_"
"""Of the keys of all fields of the form: what was typed goes when it closes."""
MOST_OFTEN = 6
OTHER = ""


def begin_with(one: Entered) -> None:
    """Put a schedule into the fields, before they are drawn."""
    unit = one.unit if one.unit in UNITS or not one.unit else OTHER
    held: dict[str, object] = {
        "kind": one.kind, "amount": one.amount, "unit": unit or UNITS[0], "unit_other": one.unit if unit == OTHER else "", "days": list(one.days),
        "every": one.every or None, "on": one.on or None, "off": one.off or None, "first": one.first or time(8), "times": min(len(one.times), MOST_OFTEN) or 1,
        "start": one.start, "end": one.end, "needed_for": one.reason, "least": one.least or None, "most": one.most or None, "apart": bool(one.each),
    }  # fmt: skip
    if one.amount is None and not one.each:
        held["unit"] = UNITS[0]
    held |= {f"at_{len(one.times)}_{n}": at for n, at in enumerate(one.times)} | {
        f"many_{n}": many for n, many in enumerate(one.each)
    }
    st.session_state.update({PREFIX + name: what for name, what in held.items()})


def fields(t: Words, today: date) -> Entered:
    """The fields, and what stands in them now."""
    kind = str(st.selectbox(t("form.kind"), KINDS, key=PREFIX + "kind", format_func=lambda one: t("form.kind." + one)) or KINDS[0])
    apart = kind in TIMED and st.toggle(t("form.apart"), key=PREFIX + "apart")
    amount, unit = _amount(t, apart)
    if kind == "needed":
        return _needed(t, amount, unit)
    days = (
        tuple(
            st.pills(t("form.days"), DAYS, selection_mode="multi", key=PREFIX + "days", format_func=lambda day: t("weekday." + day))
        )
        if kind == "weekdays"
        else ()
    )
    every = (
        _whole(t("form.every_hours" if kind == "hours" else "form.every_days"), "every", 24 if kind == "hours" else 365)
        if kind in ("hours", "every_days")
        else 0
    )
    on, off = _cycle(t) if kind == "cycle" else (0, 0)
    st.session_state.setdefault(PREFIX + "first", time(8))
    first = st.time_input(t("form.first_at"), key=PREFIX + "first", step=300) if kind == "hours" else None
    times = _times(t) if kind != "hours" else ()
    each = _each(t, times, unit) if apart else ()
    start, end = _span(t, today)
    return Entered(
        kind, times, every, tuple(day for day in DAYS if day in days), on, off, amount, unit, start, end, first=first, each=each
    )


def _amount(t: Words, apart: bool) -> tuple[float | None, str]:
    """How much at a time (not, where that differs); nothing is put in for what is left empty."""
    with st.container(key="tools_med_amount", horizontal=True, vertical_alignment="bottom"):
        many = None if apart else _many(t("form.amount"), "amount", t("form.amount_hint"))
        unit = st.selectbox(t("form.unit"), (*UNITS, OTHER), key=PREFIX + "unit", format_func=lambda one: unit_name(t, one))
        other = st.text_input(t("form.unit_other"), key=PREFIX + "unit_other", max_chars=20) if unit == OTHER else ""
    return (float(many) if many else None, str(unit or other or "").strip() if many or apart else "")


def _many(label: str, name: str, hint: str) -> float | None:
    return st.number_input(
        label, min_value=0.0, max_value=10_000.0, value=None, step=0.5, format="%g", key=PREFIX + name, placeholder=hint
    )


def _each(t: Words, times: tuple[time, ...], unit: str) -> tuple[float, ...]:
    """How much at each time: 0 for what is left empty, which is no schedule yet."""
    with st.container(key="tools_med_each", horizontal=True):
        return tuple(
            float(_many(t("form.amount_at", time=f"{at:%H:%M}", unit=unit_name(t, unit)), f"many_{n}", t("form.amount_hint")) or 0)
            for n, at in enumerate(times)
        )


def unit_name(t: Words, unit: str) -> str:
    """What is counted, as the choice says it."""
    return t("dose_unit." + unit, n=2, many="").strip() if unit else t("form.unit_else")


def _times(t: Words) -> tuple[time, ...]:
    times = (
        st.selectbox(
            t("form.times"), list(range(1, MOST_OFTEN + 1)), key=PREFIX + "times", format_func=lambda n: t("form.times_n", n=n)
        )
        or 1
    )
    usual = [time(one.seconds // 3600, one.seconds // 60 % 60) for one in spread(times)]
    keys = [f"{PREFIX}at_{times}_{at}" for at in range(min(times, MOST_TIMES))]
    for at, key in enumerate(keys):
        st.session_state.setdefault(key, usual[at])
    with st.container(key="tools_med_times", horizontal=True):
        found = [st.time_input(t("form.time_n", number=at + 1), key=key, step=300, width=150) for at, key in enumerate(keys)]
    return tuple(at for at in found if at is not None)


def _cycle(t: Words) -> tuple[int, int]:
    with st.container(key="tools_med_cycle", horizontal=True):
        return _whole(t("form.on"), "on", 365), _whole(t("form.off"), "off", 365)


def _span(t: Words, today: date) -> tuple[date | None, date | None]:
    st.session_state.setdefault(PREFIX + "start", today)
    with st.container(key="tools_med_span", horizontal=True):
        start = st.date_input(t("form.start"), value=None, key=PREFIX + "start", format="YYYY-MM-DD")
        end = st.date_input(t("form.end"), value=None, key=PREFIX + "end", format="YYYY-MM-DD")
    return (start if isinstance(start, date) else None), (end if isinstance(end, date) else None)


def _needed(t: Words, amount: float | None, unit: str) -> Entered:
    """What is taken when needed: for what, and what was said about how often at most."""
    reason = st.text_input(t("form.needed_for"), key=PREFIX + "needed_for", max_chars=120)
    with st.container(key="tools_med_needed", horizontal=True):
        least, most = _whole(t("form.least"), "least", 168), _whole(t("form.most"), "most", 48)
    return Entered("needed", amount=amount, unit=unit, least=least, most=most, reason=" ".join(str(reason or "").split()))


def _whole(label: str, name: str, most: int) -> int:
    found = st.number_input(label, min_value=1, max_value=most, value=None, step=1, format="%d", key=PREFIX + name)
    return int(found or 0)
