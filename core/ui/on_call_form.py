"""This is the place where the team says who is on call, panel by panel, and reads in which hours nobody is."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import partial
from html import escape

import streamlit as st

from core.care import on_call
from core.care.access import Action
from core.care.on_call import OnCallView, PanelOnCall
from core.care.on_call_hours import MOST_IN_ORDER, Rota, Shift
from core.medications.terms import DAYS
from core.ui.browser import browser_zone
from core.ui.changing import attempt, tried
from core.ui.markup import box, empty, h2, literal, note, row
from core.ui.session import Visit

MOST_GAPS = 8


def draw(visit: Visit) -> None:
    """Every panel the reader works on."""
    t = visit.t
    view = on_call.view(visit.ports, visit.who)
    st.html(note(t("oncall.about")))
    if view.damaged:
        st.html(box("now", t("oncall.damaged"), t("oncall.damaged_next")))
        if visit.may(Action.MANAGE_PANELS):
            st.button(
                t("oncall.start_over"),
                key="danger_oncall",
                on_click=attempt,
                args=(t("oncall.kept"), partial(on_call.start_over, visit.ports, visit.who)),
            )
        return
    if not view.panels:
        st.html(empty(t("oncall.no_panel"), t("oncall.no_panel_next")))
    for one in view.panels:
        panel(visit, view, one)


def panel(visit: Visit, view: OnCallView, one: PanelOnCall) -> None:
    """Who is on call now, the gaps of the next seven days, and the list."""
    t = visit.t
    st.html(h2(one.name))
    stand_in = t("list.and").join(name for _, name in one.stand_in)
    if one.gap:
        st.html(
            box("soon", t("oncall.nobody_now"), t("oncall.stand_in", names=stand_in) if stand_in else t("oncall.stand_in_none"))
        )
    else:
        st.html(note(t("oncall.now", names=t("oncall.then").join(name for _, name in one.now))))
    if one.gaps:
        listed = "".join(
            f"<li>{escape(t('oncall.gap', start=t.moment(start), end=t.moment(end)))}</li>" for start, end in one.gaps[:MOST_GAPS]
        )
        more = note(t("oncall.gaps_more", n=len(one.gaps) - MOST_GAPS)) if len(one.gaps) > MOST_GAPS else ""
        st.html(note(t("oncall.gaps", names=stand_in or t("alert.to.coordinator"))) + f'<ul class="advice">{listed}</ul>' + more)
    else:
        st.html(note(t("oncall.no_gaps")))
    if one.rota is not None and not one.own:
        st.html(note(t("oncall.for_all")))
    if one.may_edit:
        with st.expander(t("oncall.edit", name=literal(one.name)), key=f"oncall_{one.panel_id}", icon=":material/edit:"):
            edit(visit, view, one)


def edit(visit: Visit, view: OnCallView, one: PanelOnCall) -> None:
    """The hours as lines, each with its way out, and a form for one more."""
    t = visit.t
    names = {account: name for account, name, panels in view.choices if one.panel_id in panels}
    rota = (
        one.rota if one.own and one.rota else Rota(one.panel_id, one.rota.zone if one.rota else browser_zone() or str(t.zone), ())
    )
    st.html(note(t("oncall.zone_is", zone=rota.zone)))
    for at, shift in enumerate(rota.shifts):
        with st.container(key=f"line_shift_{one.panel_id}_{at}", horizontal=True, vertical_alignment="center"):
            st.html(row(said(visit, shift, names)))
            rest = replace(rota, shifts=rota.shifts[:at] + rota.shifts[at + 1 :])
            st.button(
                t("oncall.remove"), key=f"danger_shift_{one.panel_id}_{at}", help=literal(said(visit, shift, names)), on_click=attempt,
                args=(t("oncall.kept"), partial(keep, visit, rest)),
            )  # fmt: skip
    with st.form(f"oncall_form_{one.panel_id}", border=False):
        days = st.multiselect(
            t("oncall.days"),
            DAYS,
            default=list(DAYS[:5]),
            format_func=lambda day: t("weekday." + day),
            key=f"oncall_days_{one.panel_id}",
            placeholder=t("oncall.choose"),
        )
        with st.container(key=f"tools_oncall_{one.panel_id}", horizontal=True):
            start = st.time_input(t("oncall.from"), time(8), key=f"oncall_from_{one.panel_id}", step=900, width=180)
            end = st.time_input(t("oncall.to"), time(18), key=f"oncall_to_{one.panel_id}", step=900, width=180)
        who = st.multiselect(
            t("oncall.who"), list(names), format_func=lambda account: literal(names[account]), key=f"oncall_who_{one.panel_id}", max_selections=MOST_IN_ORDER,
            help=t("oncall.who_help"), placeholder=t("oncall.choose"),
        )  # fmt: skip
        zone = st.text_input(t("oncall.zone"), rota.zone, key=f"oncall_zone_{one.panel_id}")
        sent = st.form_submit_button(t("oncall.add"), type="primary")
    if sent:
        made = Shift(tuple(day for day in DAYS if day in days), start.strftime("%H:%M"), end.strftime("%H:%M"), tuple(who))
        tried(t("oncall.kept"), partial(keep, visit, replace(rota, zone=zone.strip(), shifts=(*rota.shifts, made))))
        st.rerun()


def keep(visit: Visit, rota: Rota) -> None:
    """Put the list down; one without hours is no list, and that for all holds again."""
    if rota.shifts:
        on_call.set_rota(visit.ports, visit.who, rota)
    else:
        on_call.remove_rota(visit.ports, visit.who, rota.panel_id)


def said(visit: Visit, shift: Shift, names: dict[str, str]) -> str:
    """A shift in words: days, hours, who in which order; that somebody left is said."""
    t = visit.t
    days = (
        t("oncall.every_day") if set(shift.days) == set(DAYS) else t("list.comma").join(t("weekday." + day) for day in shift.days)
    )
    who = t("oncall.then").join(names.get(one, t("oncall.left")) for one in shift.accounts)
    return t("oncall.shift", days=days, start=shift.start, end=shift.end, names=who)
