"""This is the place where somebody does something about an alert: takes it, begins, ends it with a reason, puts it off; or says that they have seen it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from types import MappingProxyType

import streamlit as st

from core.care import alerts, people
from core.care.alert_views import AlertView
from core.care.alerts import LONGEST_WHY, REASONS
from core.ui import alert_state
from core.ui.changing import tried
from core.ui.markup import h2, literal, note
from core.ui.session import Visit, choose_person
from core.ui.words import Words

ACTS = ("acknowledge", "act", "resolve", "snooze")
TAKEN_REASONS = ("will_call", "looking", "asked_to_measure", "handed_on", "other")
BEGUN_REASONS = ("called", "visit_planned", "asked_colleague", "other")
HELD_REASONS = ("known", "measured_again_later", "plan_running", "other")
BY_ACT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"acknowledge": TAKEN_REASONS, "act": BEGUN_REASONS, "resolve": REASONS, "snooze": HELD_REASONS}
)
HOURS = (4, 12, 24, 72, 168)


def draw(visit: Visit, one: AlertView) -> None:
    """What can be done now, one thing at a time: what, why, in own words, and one button."""
    t, key = visit.t, alert_state.ACT
    st.html(h2(t("alert.do_title")))
    can = [act for act in ACTS if act in one.may]
    with st.container(key="card_alert_act"):
        what = (
            st.segmented_control(
                t("alert.do_what"),
                can,
                format_func=lambda act: t("alert.act." + act),
                default=can[0],
                key=key + "what",
                required=True,
            )
            or can[0]
        )
        st.html(note(explained(visit, one, what)))
        with st.container(key="tools_alert_act", horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                t("alert.reason"), BY_ACT[what], format_func=lambda code: t("alert.why." + code), key=f"{key}why_{what}", width=280
            )
            if what == "snooze":
                st.selectbox(t("alert.until"), HOURS, index=2, format_func=partial(until, visit), key=key + "hours", width=320)
        st.text_input(t("alert.words"), key=f"{key}words", max_chars=LONGEST_WHY - 40, help=t("alert.words_help"))
        st.button(
            t("alert.act_do." + what),
            key=key + "do",
            type="primary",
            icon=":material/check:",
            on_click=act,
            args=(visit, one, what),
        )
    with st.container(key="tools_alert_more", horizontal=True):
        if st.button(
            t("alert.open_record", name=literal(one.name) or t("person.no_name")), key="alert_record", icon=":material/person:"
        ):
            opened = people.open_person(visit.ports, visit.who, one.person_id)
            choose_person(opened.person_id, opened.name)
            st.switch_page(visit.pages["overview"])


def explained(visit: Visit, one: AlertView, what: str) -> str:
    """What the act does, and what a snooze does not hold back."""
    t = visit.t
    if what == "snooze":
        other = "low" if one.direction == "high" else "high"
        return t("alert.explain.snooze", what=held(t, one.direction, one.signal), other=held(t, other, one.signal))
    return t("alert.explain." + what)


def held(t: Words, direction: str, signal: str) -> str:
    """What a snooze holds back: "high values: weight"."""
    return t("alert.held." + direction, name=t.first("signal." + signal, "alert.held_all"))


def until(visit: Visit, hours: int) -> str:
    return visit.t("alert.hours_until", n=hours, when=visit.t.moment(visit.now + timedelta(hours=hours)))


def act(visit: Visit, one: AlertView, what: str) -> None:
    """Do it. What was typed is read here: it may have come together with the click."""
    state, key = st.session_state, alert_state.ACT
    reason, words, hours = (
        state.get(f"{key}why_{what}") or "other",
        str(state.get(f"{key}words") or ""),
        state.get(f"{key}hours") or HOURS[0],
    )
    said = f"{reason}: {words}" if words.strip() else reason
    do = {
        "acknowledge": partial(alerts.acknowledge, visit.ports, visit.who, one.person_id, one.alert_id, said),
        "act": partial(alerts.begin, visit.ports, visit.who, one.person_id, one.alert_id, said),
        "resolve": partial(alerts.resolve, visit.ports, visit.who, one.person_id, one.alert_id, said),
        "snooze": partial(alerts.snooze, visit.ports, visit.who, one.person_id, one.alert_id, hours, said),
    }[what]
    if tried(visit.t("alert.said." + what), do):
        alert_state.counted_anew()
        if what == "resolve":
            alert_state.close()
            return
        alert_state.open_one(one.person_id, one.alert_id)


def saw(visit: Visit, one: AlertView) -> None:
    tried(visit.t("alert.said.see"), partial(alerts.see, visit.ports, visit.who, one.person_id, one.alert_id))
