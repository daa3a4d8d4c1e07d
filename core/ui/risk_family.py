"""This is the place where one question about the future is drawn as a card: the answer, what to type in, and closer looks, each made when it is opened."""

from __future__ import annotations

import streamlit as st

from core.care import trained
from core.care.risk_views import EquationView, FamilyView, InputView
from core.care.risks import Shelf
from core.errors import ModelUnavailable
from core.ui import charts, model_card, risk_cards, risk_history, risk_tables, risk_try, risk_typing
from core.ui.markup import empty
from core.ui.session import Reading, Visit
from core.ui.words import Words

LOOKS = ("why", "try", "inputs", "history", "results", "compare")
"""The closer looks, in the order in which they are offered."""


def show(visit: Visit, reading: Reading, shelf: Shelf, family: FamilyView) -> None:
    """The card of one family."""
    t = visit.t
    with st.container(key=f"card_risk_{family.key}"):
        st.html(reading.prepared("risks.card", family.key, lambda: risk_cards.card(t, family)))
        risk_typing.buttons(visit, family.key, risk_typing.wanted_of(family))
        offered = looks(family)
        if not offered:
            return
        with st.expander(t("risks.closer"), key=f"risk_more_{family.key}", on_change="rerun") as more:
            if more.open:
                _closer(visit, reading, shelf, family, offered)


def compare_trained(visit: Visit, reading: Reading, shelf: Shelf) -> tuple[InputView, ...]:
    """The trained comparison, experimental, after the published questionnaires; where it can't be asked nothing stands in its place. Returns what it
    asks for."""
    t = visit.t
    with st.container(key="card_risk_trained"):
        try:
            found = reading.view("risks.trained", "", lambda: trained.compared(visit.ports, visit.who, shelf))
        except ModelUnavailable:
            st.html(empty(t("model_card.unavailable"), t("model_card.unavailable_next")))
            return ()
        st.html(reading.prepared("risks.trained.card", "", lambda: model_card.compared(t, found)))
        risk_typing.buttons(visit, "trained", risk_typing.wanted(found.faults, found.inputs))
        st.page_link(visit.pages["model_card"], label=t("model_card.open"), icon=":material/science:")
    return found.inputs


def looks(family: FamilyView) -> tuple[str, ...]:
    """What can be looked at: nothing is offered that would be empty."""
    if not family.equations or family.state == "no_region":
        return ()
    equation = family.equations[0]
    there = {
        "why": equation.explained is not None and risk_cards.main_of(equation).value is not None,
        "try": bool(equation.levers) and risk_cards.main_of(equation).value is not None,
        "inputs": bool(equation.inputs),
        "history": any(point.value is not None for point in equation.history),
        "results": len(equation.outcomes) > 1,
        "compare": len(family.equations) > 1,
    }
    return tuple(look for look in LOOKS if there[look])


def _closer(visit: Visit, reading: Reading, shelf: Shelf, family: FamilyView, offered: tuple[str, ...]) -> None:
    t, equation = visit.t, family.equations[0]
    key = f"risk_look_{family.key}"
    if st.session_state.get(key) not in offered:
        st.session_state[key] = offered[0]
    st.segmented_control(t("risks.choose_look"), offered, format_func=lambda code: t("risks.look_" + code), key=key, required=True, label_visibility="collapsed")
    look = str(st.session_state[key] or offered[0])
    if look == "try":
        risk_try.show(shelf, equation)
    elif look == "history":
        _history(visit, reading, equation)
    else:
        st.html(reading.prepared("risks.look", (family.key, look), lambda: table_of(visit, t, family, look)))


def table_of(visit: Visit, t: Words, family: FamilyView, look: str) -> str:
    """The looks that are words and tables."""
    equation = family.equations[0]
    if look == "why":
        return risk_tables.why(t, equation)
    if look == "inputs":
        return risk_tables.inputs(visit, equation)
    return risk_tables.results(t, equation) if look == "results" else risk_tables.compare(t, family)


def _history(visit: Visit, reading: Reading, equation: EquationView) -> None:
    t, theme = visit.t, st.context.theme.type or "light"
    st.html(risk_history.said(t, equation))
    if risk_history.drawable(equation):
        figure = reading.prepared("risks.history", (equation.key, theme), lambda: risk_history.figure(visit, equation, theme))
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key=f"risk_chart_{equation.key}", alt=t("risks.history_alt"))
    st.html(reading.prepared("risks.history_rows", equation.key, lambda: risk_history.rows(t, equation)))
