"""This is the place where a person sees what is worth doing, why, what is missing to say more, and what was looked at and not shown."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.care import advice, advice_order, cds
from core.care.access import Action
from core.care.advice_views import AdviceView
from core.errors import BadInput, Conflict
from core.ui import advice_card, advice_feedback, shell
from core.ui.changing import refused
from core.ui.incident import tell
from core.ui.markup import box, card, empty, h2, head, note
from core.ui.session import Reading, Visit, here


def page(visit: Visit) -> None:
    t, reading = visit.t, visit.reading()
    st.html(head(t("nav.advice"), t("advice.question")) + note(t("advice.lead")))
    refused(t)
    minutes = int(visit.now.timestamp() // 300)
    try:
        view = reading.view("advice", minutes, lambda: looked(visit, reading.person_id))
    except BadInput as error:  # a drawer that can't be read: said, never taken for an empty one
        tell(t, error)
        return
    around(visit)
    if view.table.fault:
        st.html(box("now", t("advice.unavailable"), t("advice.unavailable_next")))
        return
    if view.advice.deceased:
        st.html(note(t("advice.deceased")))
        return
    if view.advice.unavailable:
        st.html(box("soon", t("advice.expired", n=len(view.advice.unavailable)), t("advice.unavailable_next")))
    if not view.advice.cards:
        st.html(empty(t("advice.none"), t("advice.none_next")))
    for one in view.advice.cards:
        advice_card.card(visit, reading, view, one)
    below(visit, reading, view)


def around(visit: Visit) -> None:
    """The ways to how it hangs together and, for those who may, to treatment options."""
    with st.container(key="tools_advice_around", horizontal=True):
        st.page_link(visit.pages["connects"], label=visit.t("nav.connects"), icon=":material/hub:")
        if visit.may(Action.VIEW_OPTIONS):
            st.page_link(visit.pages["options"], label=visit.t("nav.options"), icon=":material/healing:")


def looked(visit: Visit, person_id: str) -> AdviceView:
    """The advice; of a look by the person it is kept which cards came first."""
    view = advice.view(visit.ports, visit.who, person_id)
    if visit.own and view.may_answer and view.advice.cards:
        with suppress(Conflict):  # somebody else wrote meanwhile: the next look is kept
            advice_order.note_shown(visit.ports, visit.who, person_id, view)
    return view


def below(visit: Visit, reading: Reading, view: AdviceView) -> None:
    """What is missing, what was put aside, what was looked at, and which table it rests on."""
    t = visit.t
    mine, theirs, n = advice_card.lacking(visit, view)
    if mine or theirs:
        st.html(h2(t("advice.missing")) + note(t("advice.missing_lead")) + (card(mine) if mine else ""))
    if theirs:
        with st.expander(t("advice.team_knows", n=n), key="advice_team"):
            st.html(theirs)
    if view.advice.aside:
        st.html(h2(t("advice.aside")))
        for one in view.advice.aside:
            advice_card.aside(visit, reading, one, t("advice.reason." + one.reason) if one.reason else "")
    shown, count = advice_card.considered(visit, view)
    with st.expander(t("advice.considered", n=count), key="advice_considered"):
        st.html(shown)
    if view.clinician:
        heard(visit, reading)
    hidden = note(t("advice.hidden", n=view.hidden)) if view.hidden else ""
    st.html(note(t("advice.rests", day=view.table.version, digest=view.table.digest, n=len(view.rows))) + hidden)
    with st.container(key="tools_advice", horizontal=True):
        st.button(t("button.print"), key="print_page", icon=":material/print:", on_click=shell.print_page)


def heard(visit: Visit, reading: Reading) -> None:
    """What clinicians of other systems said, for the care team; nothing where no card was ever shown."""
    t = visit.t
    try:
        said = reading.view("advice_feedback", 0, lambda: cds.view(visit.ports, visit.who, reading.person_id))
    except BadInput as error:
        tell(t, error)
        return
    if said.told and said.cards:
        with st.expander(t("cds.feedback_title", n=len(said.cards)), key="advice_feedback"):
            st.html(advice_feedback.told(t, said))


page(here())
