"""This is the place where one visit without a name is looked at and given to a person of the coordinator's panels, or thrown away for a reason."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.care import kiosk_sheet, kiosk_unmatched, people
from core.care.desk_views import PanelQuery
from core.care.kiosk_unmatched import MOST_WHY, Contents, Waiting
from core.errors import HealthboardError
from core.ui.changing import attempt, tried
from core.ui.incident import tell
from core.ui.markup import dotted, facts, note
from core.ui.session import Visit

_OPEN = "hb.kiosk_visit"


def draw(visit: Visit, one: Waiting) -> None:
    """A line; opened, what was said and measured, and what can be done."""
    t = visit.t
    with st.container(key=f"card_visit_{one.visit_id}"):
        details = (escape(one.kiosk), escape(t.moment(one.started_at)), escape(t("desk.unmatched_why." + one.why)))
        st.html(
            f'<div class="line"><b class="row-t">{escape(t("desk.unmatched_one"))}</b><span class="row-d">{dotted(details)}</span></div>'
        )
        if st.session_state.get(_OPEN) != one.visit_id:
            st.button(t("desk.unmatched_open"), key=f"open_{one.visit_id}", on_click=_open, args=(one.visit_id,))
            return
        try:
            found = kiosk_unmatched.look(visit.ports, visit.who, one.visit_id)
        except HealthboardError as error:
            tell(t, error)
        else:
            contents(visit, found)
            match(visit, one)
        discard(visit, one)


def contents(visit: Visit, found: Contents) -> None:
    t, proof = visit.t, found.proof
    said = [(t("desk.said_code"), t("desk.said_a_code") if proof and proof.kind == "code" else "")]
    if proof is not None and proof.kind == "birth":
        said = [
            (t("desk.said_born"), proof.birth_date),
            (t("desk.said_initials"), proof.initials),
            (t("desk.said_factor"), proof.factor),
        ]
    values = [(t.moment(one.at), kiosk_sheet.reading(one, t, visit.preferences)) for one in found.readings]
    signs = [(t("desk.said_danger"), ", ".join(t("flag." + one) for one in found.danger))] if found.danger else []
    if not values:
        st.html(note(t("kiosk_home.nothing_measured")))
    if shown := facts([*said, *signs, *values]) + (note("; ".join(found.notes)) if found.notes else ""):
        st.html(shown)


def match(visit: Visit, one: Waiting) -> None:
    """Whose it is: somebody of the coordinator's panels, found by name."""
    t = visit.t
    text = st.text_input(t("desk.match_find"), key=f"find_{one.visit_id}", autocomplete="off")
    if not text.strip():
        return
    found = people.panel(visit.ports, visit.who, PanelQuery(text=text)).lines[:8]
    if not found:
        st.html(note(t("desk.match_nobody")))
    for line in found:
        said = t("desk.match_do", name=line.name or t("person.no_name"), born=line.birth_date)
        st.button(said, key=f"match_{one.visit_id}_{line.person_id}", on_click=_match, args=(visit, line.person_id, one.visit_id))


def discard(visit: Visit, one: Waiting) -> None:
    t = visit.t
    with st.form(f"discard_{one.visit_id}", border=False):
        why = st.text_input(t("desk.discard_why"), key=f"why_{one.visit_id}", max_chars=MOST_WHY, autocomplete="off")
        sent = st.form_submit_button(t("desk.discard"))
    if sent:
        tried(t("desk.discarded"), lambda: kiosk_unmatched.discard(visit.ports, visit.who, one.visit_id, why))
        st.rerun()


def _open(visit_id: str) -> None:
    st.session_state[_OPEN] = visit_id


def _match(visit: Visit, person_id: str, visit_id: str) -> None:
    attempt(visit.t("desk.matched"), lambda: kiosk_unmatched.match(visit.ports, visit.who, person_id, visit_id))
