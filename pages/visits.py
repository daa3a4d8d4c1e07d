"""This is the place where visits are seen and agreed on: the next one first, and for the team the day of everybody they look after."""

from __future__ import annotations

import streamlit as st

from core.care.access import Action
from core.care.visit_views import VisitLine, VisitsView
from core.domain.people import Role
from core.ui import visit_cards, visit_day, visit_form
from core.ui.changing import refused
from core.ui.markup import box, empty, h2, head, note
from core.ui.session import Reading, Visit, here
from core.ui.visit_today import view_of


def page(visit: Visit) -> None:
    t, team = visit.t, visit.role is Role.COORDINATOR
    st.html(head(t("nav.visits"), t("visits.question" if visit.own else "visits.question_other")))
    refused(t)
    person = visit.person
    if team and (person is None or chosen(visit) == "day"):
        visit_day.draw(visit)
        if person is None:
            st.html(note(t("visits.open_first")))
        return
    if person is not None:
        of_person(visit, visit.reading())


def chosen(visit: Visit) -> str:
    """The person whose record is open, or the day of all."""
    name = (visit.person.name if visit.person else "") or visit.t("person.no_name")
    said = {"person": visit.t("visits.of_person", name=name), "day": visit.t("visits.of_day")}
    return str(
        st.segmented_control(
            visit.t("visits.show"),
            list(said),
            format_func=said.__getitem__,
            default="person",
            key="visits_show",
            required=True,
            label_visibility="collapsed",
        )
    )


def of_person(visit: Visit, reading: Reading) -> None:
    t, view = visit.t, view_of(visit, reading)
    if not view.ahead:
        st.html(empty(t("visits.none"), t("visits.none_next_team" if visit.may(Action.EDIT_VISITS) else "visits.none_next")))
    to_come(visit, reading, view)
    if view.ahead and not visit.may(Action.EDIT_VISITS):
        st.html(visit_cards.reminders(visit))
    if visit.may(Action.EDIT_VISITS):
        with st.expander(t("visits.new"), icon=":material/event_available:", expanded=not view.ahead, key="visit_new"):
            visit_form.draw(visit, reading)
    if view.past:
        with st.expander(t("visits.past", n=len(view.past))):
            st.html(visit_cards.listed(visit, view.past[: visit_cards.MOST_PAST]))
            if len(view.past) > visit_cards.MOST_PAST:
                st.html(note(t("visits.past_more", n=len(view.past) - visit_cards.MOST_PAST)))
        correct(visit, reading, view)
    if not view.has_team:
        st.html(box("watch", t("error.no_team"), t("error.no_team.next")))


def to_come(visit: Visit, reading: Reading, view: VisitsView) -> None:
    """Those made here as cards, each with what can be done; those of the record between them as they stand there."""
    t = visit.t
    for number, one in enumerate(view.ahead):
        if number < 2:
            st.html(h2(t("visits.next" if number == 0 else "visits.later")))
        if not isinstance(one, VisitLine):
            st.html(visit_cards.listed(visit, (one,)))
            continue
        visit_cards.draw(visit, reading, one, video=view.video)
        if "change" in one.moves:
            changing(visit, reading, one)


def changing(visit: Visit, reading: Reading, one: VisitLine) -> None:
    """The form of a visit that is changed: drawn once it is asked for."""
    t, is_open = visit.t, st.session_state.get(visit_form.CHANGING) == (one.visit_id, one.visit.told)
    label = t("visits.change_not") if is_open else t("visits.change")
    st.button(
        label,
        key=f"visit_change_{one.visit_id}",
        icon=":material/edit_calendar:",
        on_click=visit_form.change_this,
        args=(None if is_open else one,),
    )
    if is_open:
        with st.container(key=f"card_visit_change_{one.visit_id}"):
            visit_form.draw(visit, reading, one)


def correct(visit: Visit, reading: Reading, view: VisitsView) -> None:
    """What the team may still say of one that is over: what became of it, or that this was said in error."""
    for one in view.past:
        if isinstance(one, VisitLine) and (
            one.unsaid or ("correct" in one.moves and one.at > visit.now - visit_cards.CORRECTED_FOR)
        ):
            visit_cards.draw(visit, reading, one, video=view.video)


page(here())
