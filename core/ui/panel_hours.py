"""This is the place where a panel's work is held against its hours: what is expected by weekday, the hours that somebody enters, and what that comes to."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.care import panel_report
from core.care.panel_views import PanelReport, WorkView
from core.care.panel_work import MOST_HOURS, MOST_MINUTES
from core.medications.terms import DAYS
from core.panel.capacity import AHEAD_DAYS, ASSUMED_MINUTES, BUSY, KINDS, LEAST_DAYS, Expected, Hours
from core.ui.changing import tried
from core.ui.markup import Cell, box, facts, h2, note, table
from core.ui.panel_tables import percent
from core.ui.session import Visit
from core.ui.words import Words

TURN = "hb.panel_turn"


def work(visit: Visit, report: PanelReport) -> None:
    """The whole part."""
    t, view = visit.t, report.work
    st.html(h2(t("panel.work_comes")) + note(t("panel.work_about", zone=view.zone)) + expected(t, view))
    st.html(h2(t("panel.work_means")) + outcome(t, view))
    st.html(h2(t("panel.hours_enter")) + note(entered(t, view)))
    form(visit, report)


def expected(t: Words, view: WorkView) -> str:
    """What comes, by kind and weekday, and the visits that are booked."""
    heads = (
        t("panel.kind_head"),
        *(t("panel.weekday_short." + day) for day in DAYS),
        t("panel.a_week"),
        t("panel.nine_of_ten"),
        t("panel.waits_now"),
    )
    rows = [_row(t, one, view) for one in view.work]
    rows.append(
        (
            Cell(t("panel.booked", days=AHEAD_DAYS)),
            *(Cell(t.number(count), number=True) for count in view.booked),
            Cell(t.number(sum(view.booked)), number=True),
            Cell("–", number=True),
            Cell("–", number=True),
        )
    )
    few = [t("panel.kind." + one.kind) for one in view.work if not one.enough]
    said = note(t("panel.too_few_days", kinds=t("list.comma").join(few), least=LEAST_DAYS)) if few else ""
    return f'<div class="pn-week">{table(t("panel.work_comes"), heads, rows, range(1, len(heads)))}</div>{said}'


def outcome(t: Words, view: WorkView) -> str:
    """Whether the hours are enough."""
    plan = view.plan
    if not view.hours.weekdays:
        return box("unknown", t("panel.no_hours"), t("panel.no_hours_next"))
    if not plan.enough:
        return box("unknown", t("panel.no_history"), t("panel.no_history_next", least=LEAST_DAYS))
    short = plan.missing is not None and plan.missing >= 0.05
    state = "fine" if not short else "soon" if plan.used is None or plan.used >= 1 else "watch"
    title = t("panel.hours_missing", hours=t.number(plan.missing or 0, 1)) if short else t("panel.hours_enough")
    after = plan.after or (0.0, 0.0, 0.0)
    said = [
        (t("panel.load"), t("panel.load_of", load=t.number(sum(plan.load), 1), hours=t.number(sum(plan.hours), 1))),
        (t("panel.used"), percent(t, plan.used) if plan.used is not None else t("panel.used_none")),
        (t("panel.waiting_now"), t("panel.hours_of_work", hours=t.number(plan.waiting, 1))),
        (
            t("panel.waiting_after", days=AHEAD_DAYS),
            t("panel.hours_between", middle=t.number(after[1], 1), low=t.number(after[0], 1), high=t.number(after[2], 1)),
        ),
        (t("panel.grows"), t("panel.of_100", n=round(100 * (plan.grows or 0)))),
    ]
    return box(state, title, t("panel.hours_why", share=percent(t, BUSY))) + facts(said)


def entered(t: Words, view: WorkView) -> str:
    if view.hours_at is None:
        return t("panel.hours_never")
    return t("panel.hours_by", who=view.hours_by, when=t.moment(view.hours_at))


def form(visit: Visit, report: PanelReport) -> None:
    """Staff hours of each weekday, all staff together, and minutes for each kind."""
    t, hours = visit.t, report.work.hours
    with st.form(f"panel_hours_{report.panel_id}", border=True):
        with st.container(horizontal=True, key="fields_hours", vertical_alignment="bottom"):
            for at, day in enumerate(DAYS):
                there = hours.weekdays[at] if hours.weekdays else 0.0
                st.number_input(
                    t("weekday." + day), 0.0, MOST_HOURS, there, 0.5, format="%.1f", key=f"panel_hours_{day}", width=130
                )
        st.html(note(t("panel.minutes_assumed")))
        with st.container(horizontal=True, key="fields_minutes", vertical_alignment="bottom"):
            for kind in KINDS:
                st.number_input(
                    t("panel.minutes." + kind),
                    0.5,
                    MOST_MINUTES,
                    hours.minutes_of(kind),
                    0.5,
                    format="%.1f",
                    key=f"panel_minutes_{kind}",
                    width=200,
                )
        st.form_submit_button(
            t("panel.hours_keep"), type="primary", icon=":material/check:", on_click=_keep, args=(visit, report.panel_id)
        )


def _keep(visit: Visit, panel_id: str) -> None:
    state = st.session_state
    minutes = {kind: float(state[f"panel_minutes_{kind}"]) for kind in KINDS}
    hours = Hours(
        tuple(float(state[f"panel_hours_{day}"]) for day in DAYS),
        {kind: one for kind, one in minutes.items() if one != ASSUMED_MINUTES[kind]},
    )
    if tried(visit.t("panel.hours_kept"), partial(panel_report.save_hours, visit.ports, visit.who, panel_id, hours)):
        state[TURN] = state.get(TURN, 0) + 1


def _row(t: Words, one: Expected, view: WorkView) -> tuple[Cell, ...]:
    name, waits = Cell(t("panel.kind." + one.kind)), view.waiting.get(one.kind)
    last = Cell(t.number(waits) if waits is not None else "–", number=True)
    if not one.enough:
        return (name, *(Cell("–", number=True) for _ in DAYS), Cell("–", number=True), Cell("–", number=True), last)
    days = (Cell(t.number(rate, 1), number=True) for rate in one.weekdays)
    return (
        name,
        *days,
        Cell(t.number(one.week, 1), number=True),
        Cell(t("panel.from_to", low=one.low, high=one.high), number=True),
        last,
    )
