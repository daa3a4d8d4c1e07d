"""This is the place where Today and Checks say which visit comes next and what is still to be filled in for it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import visits
from core.care.visit_prepare import open_for
from core.care.visit_views import Brought, VisitLine, VisitsView
from core.domain.visits import DAMAGED
from core.ui import visit_cards, visit_words
from core.ui.markup import box, card, h2, rows
from core.ui.questionnaire_words import wording
from core.ui.session import Reading, Visit


def view_of(visit: Visit, reading: Reading) -> VisitsView:
    """The person's visits as they are known at this revision and about this time."""
    mark = int(visit.now.timestamp() // 60)
    return reading.view("visits", mark, lambda: visits.of_person(visit.ports, visit.who, reading.person_id))


def on_today(visit: Visit, reading: Reading) -> None:
    """The next visit, with the way to all; nothing where there is none."""
    t, view = visit.t, view_of(visit, reading)
    if view.next is None:
        return
    st.html(h2(t("visits.next")))
    with st.container(key="card_visit_next"):
        st.html(rows([visit_cards.brought(visit, view.next)]) if isinstance(view.next, Brought) else said(visit, view.next))
        if "visits" in visit.pages:
            st.page_link(visit.pages["visits"], label=t("visits.see_all"), icon=":material/event:")


def said(visit: Visit, line: VisitLine) -> str:
    """In a few lines: when, how, and what is still to be done."""
    t, one = visit.t, line.visit
    if one.state == DAMAGED:
        return box("now", t("visits.damaged"), t("visits.damaged_next"))
    left = sum(not form.filled for form in line.prepared)
    todo = [t("visits.left", n=left)] if left else []
    todo += [t("visits.medicines")] if one.medicines else []
    far = visit_words.distance(t, one, visit.now)
    return (
        f'<div class="visit"><p class="visit-when">{escape(visit_words.when(t, one))} <span>{escape(far)}</span></p>'
        f'<p class="visit-how">{escape(visit_words.how(t, one))} {visit_words.state(t, line, visit.role)}</p>'
        f"{''.join(f'<p class=note>{escape(each)}</p>' for each in todo)}</div>"
    )


def on_checks(visit: Visit, reading: Reading) -> None:
    """What is to be filled in before which visit."""
    t, view = visit.t, view_of(visit, reading)
    found = open_for((one.visit, one.prepared) for one in view.ahead if isinstance(one, VisitLine))
    if found:
        lines = [
            t("visits.due", form=wording(t)(form.title) if form.title else t("visits.form_gone"), when=visit_words.when(t, one))
            for one, form in found
        ]
        st.html(h2(t("visits.before")) + card("".join(f"<p>{escape(each)}</p>" for each in lines)))
