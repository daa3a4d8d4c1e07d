"""This is the place where open alerts are seen and dealt with: by the team everybody's, by a person and who helps them their own in plain words."""

from __future__ import annotations

import streamlit as st

from core.care import alerts
from core.domain.people import Role
from core.ui import address, alert_limits_form, alert_list, alert_open, alert_rules, alert_state, nav, on_call_form
from core.ui import alert_words as say
from core.ui.changing import refused
from core.ui.markup import box, empty, h2, head, literal
from core.ui.session import Visit, here

TEAM_VIEWS = ("open", "past", "limits", "on_call", "judged")
OWN_VIEWS = ("open", "past", "judged")


def page(visit: Visit) -> None:
    opened = alert_state.opened()
    if visit.role is Role.CAREGIVER:
        nav.whose(visit)
    if opened is not None and (say.team(visit) or (visit.person is not None and opened[0] == visit.person.person_id)):
        one_alert(visit, *opened)
        return
    t = visit.t
    st.html(head(t("nav.alerts"), t("alerts.question" if visit.own else "alerts.question_other")))
    refused(t)
    shown = choose(visit)
    if shown == "judged":
        alert_rules.judged(visit)
    elif shown == "on_call":
        on_call_form.draw(visit)
    elif shown in ("past", "limits"):
        of_one(visit, shown)
    elif say.team(visit):
        everybody(visit)
    else:
        own(visit)


def choose(visit: Visit) -> str:
    """Which part of the page; the address keeps it."""
    t, views = visit.t, TEAM_VIEWS if say.team(visit) else OWN_VIEWS
    address.before("show", views, "open")
    picked = st.segmented_control(
        t("alerts.show"),
        views,
        format_func=lambda one: t("alerts.show_" + one),
        key="show",
        required=True,
        label_visibility="collapsed",
    )
    return address.after("show", picked, "open")


def everybody(visit: Visit) -> None:
    """All open alerts within reach, or those of whose record is open."""
    t = visit.t
    found = alerts.panel(visit.ports, visit.who)
    if alert_state.counted(visit, len(found.alerts)):
        st.rerun()  # the number in the bar was drawn before this page
    just = visit.person is not None and st.toggle(
        t("messages.just", name=literal(visit.person.name) or t("person.no_name")), key="alerts_just"
    )
    alert_list.panel(visit, found, visit.person.person_id if visit.person is not None and just else "")


def own(visit: Visit) -> None:
    if visit.person is None:
        st.html(empty(visit.t("alerts.none_own"), visit.t("alerts.never_looked")))
        return
    alert_list.own(visit, alerts.alerts_of(visit.ports, visit.who, visit.person.person_id))


def of_one(visit: Visit, shown: str) -> None:
    """What is about one person: for the team, whose record is open."""
    t = visit.t
    if visit.person is None:
        st.html(empty(t("alerts.open_first"), t("alerts.open_first_next")))
        return
    if say.team(visit):
        st.html(h2(visit.person.name or t("person.no_name")))
    if shown == "past":
        alert_rules.history(visit, visit.person.person_id)
    else:
        alert_limits_form.draw(visit, visit.person.person_id)


def one_alert(visit: Visit, person_id: str, alert_id: str) -> None:
    """One alert, whole; one that ended meanwhile says so."""
    t = visit.t
    view = alerts.alerts_of(visit.ports, visit.who, person_id)
    one = next((each for each in view.alerts if each.alert_id == alert_id), None)
    st.html(
        head(
            say.title(visit, one) if one else t("nav.alerts"),
            t("alert.question") if visit.own else t("alert.question_of", name=view.name or t("person.no_name")),
        )
    )
    st.button(t("alerts.back"), key="alerts_back", type="tertiary", icon=":material/arrow_back:", on_click=alert_state.close)
    refused(t)
    if one is None:
        st.html(box("unknown", t("alert.ended_meanwhile"), t("alert.ended_meanwhile_next")))
        return
    alert_open.draw(visit, view, one)


page(here())
