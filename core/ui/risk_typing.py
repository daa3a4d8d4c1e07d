"""This is the place where a person types in what an equation lacks: kept apart from the record, marked as theirs, taken back at will."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

from core.care import risks
from core.care.access import Action
from core.care.risk_views import FamilyView, FaultView, InputView, RisksView, TypedView
from core.errors import HealthboardError
from core.ui import risk_words as say
from core.ui import shell
from core.ui.incident import tell
from core.ui.markup import box, h2, note
from core.ui.risk_cards import main_of, reasons
from core.ui.session import Reading, Visit, here
from core.ui.values import unit
from core.ui.words import Words

_OPEN, _REFUSED, _EMPTY = "hb.risk_open", "hb.risk_refused", "hb.risk_empty"
_VALUE = "risk_typed_value"
_HELPED = frozenset({"missing", "stale", "unclear"})
"""States that typing something in can mend; what contradicts itself is for a clinician."""


def wanted(faults: Sequence[FaultView], held: Sequence[InputView]) -> tuple[InputView, ...]:
    """Of what is lacking, that which the person may say."""
    inputs = {one.key: one for one in held}
    lacking = dict.fromkeys(fault.input for fault in faults)
    return tuple(inputs[key] for key in lacking if key in inputs and inputs[key].may_type and inputs[key].state in _HELPED)


def wanted_of(family: FamilyView) -> tuple[InputView, ...]:
    """What the first equation of a family lacks and the person may say."""
    if not family.equations:
        return ()
    equation = family.equations[0]
    return wanted(reasons(main_of(equation)), equation.inputs)


def buttons(visit: Visit, place: str, asked: Sequence[InputView]) -> None:
    """One button for each thing that may be typed in; for the person alone."""
    if not asked or not visit.may(Action.EDIT_RISK_INPUTS):
        return
    with st.container(key=f"tools_risk_{place}", horizontal=True):
        for one in asked:
            label = visit.t("risks.type_it", name=say.name(visit.t, one.key))
            st.button(label, key=f"risk_type_{place}_{one.key}", icon=":material/edit:", on_click=begin, args=(one.key,))


def begin(key: str) -> None:
    """Open the dialog for one input, with nothing in it."""
    close()
    st.session_state[_OPEN] = key


def close() -> None:
    for key in (_OPEN, _REFUSED, _EMPTY, _VALUE):
        st.session_state.pop(key, None)


def dialog(visit: Visit, reading: Reading, view: RisksView, more: Sequence[InputView] = ()) -> None:
    """The dialog while it is open; `more` are inputs that only the trained comparison asks for."""
    known = {**{one.key: one for one in more}, **inputs_of(view.families)}
    one = known.get(str(st.session_state.get(_OPEN, "")))
    if one is None or not one.may_type or not view.may_edit:
        return
    st.dialog(visit.t("risks.type_title"), width="small", on_dismiss=close)(form)(reading.person_id, one)


def inputs_of(families: Iterable[FamilyView]) -> Mapping[str, InputView]:
    """Every input of every equation by its key; one that may be typed in before one that may not."""
    found: dict[str, InputView] = {}
    for equation in (equation for family in families for equation in family.equations):
        found.update({one.key: one for one in equation.inputs if one.key not in found or (one.may_type and not found[one.key].may_type)})
    return found


def form(person_id: str, one: InputView) -> None:
    """One question with its answers, or one number with its unit."""
    visit = here()
    t = visit.t
    name = say.name(t, one.key)
    if one.kind == "number":
        label = t("risks.type_number", name=name, unit=unit(t, one.typed_unit)) if unit(t, one.typed_unit) else name
        st.number_input(label, value=None, key=_VALUE, placeholder=t("entry.placeholder"), step=None)
    else:
        question = t("risk.ask." + one.key) if t.has("risk.ask." + one.key) else name
        st.radio(question, one.choices or ("yes", "no"), index=None, format_func=lambda code: say.choice(t, one.key, code), key=_VALUE)
    st.html(note(t("risks.type_apart")))
    if st.session_state.get(_EMPTY):
        st.html(box("soon", t("risks.type_empty"), ""))
    if isinstance(refused := st.session_state.get(_REFUSED), HealthboardError):
        why_not(t, refused)
    pressed = st.button(t("risks.type_keep"), key="risk_keep", type="primary", icon=":material/check:", on_click=keep, args=(visit, person_id, one))
    if pressed and _OPEN not in st.session_state:
        st.rerun()


def why_not(t: Words, refused: HealthboardError) -> None:
    """Why it can't be kept, with what is possible in words and in the unit as people read it."""
    if refused.code != "number_impossible":
        tell(t, refused)
        return
    limits, _, code = str(refused.facts.get("need", "")).rpartition(" ")
    need = f"{limits} {unit(t, code)}".strip()
    st.html(box("soon", t("error.number_impossible", need=need), t("error.number_impossible.next")))


def keep(visit: Visit, person_id: str, one: InputView) -> None:
    """Keep what was typed, or remember why not."""
    state = st.session_state
    given = state.get(_VALUE)
    state.pop(_REFUSED, None)
    state[_EMPTY] = given is None
    if given is None:
        return
    value, chosen = (float(given), "") if one.kind == "number" else (0.0, str(given))
    try:
        risks.type_in(visit.ports, visit.who, person_id, one.key, value, one.typed_unit if one.kind == "number" else "", chosen)
    except HealthboardError as error:
        state[_REFUSED] = error
        return
    close()
    shell.say(visit.t("risks.type_kept", name=say.name(visit.t, one.key)))


def typed(visit: Visit, reading: Reading, view: RisksView) -> None:
    """Everything typed in, each with a way to take it back."""
    if not view.typed:
        return
    t = visit.t
    st.html(h2(t("risks.typed")) + note(t("risks.typed_note" if view.may_edit else "risks.typed_not_yours")))
    kinds = {key: one.kind for key, one in inputs_of(view.families).items()}
    with st.container(key="list_typed"):
        for one in view.typed:
            with st.container(key=f"line_typed_{one.key}", horizontal=True):
                said = f"<b>{escape(say.name(t, one.key))}</b><span>{escape(_value(t, one, kinds))}</span>"
                st.html(f'<div class="line">{said}<span class="row-d">{escape(say.when(t, one.at))}</span></div>')
                if view.may_edit:
                    help_text = t("risks.take_back_of", name=say.name(t, one.key))
                    st.button(help_text, key=f"risk_back_{one.key}", icon=":material/undo:", on_click=take_back, args=(visit, reading.person_id, one.key))


def take_back(visit: Visit, person_id: str, key: str) -> None:
    try:
        risks.take_back(visit.ports, visit.who, person_id, key)
    except HealthboardError as error:
        st.session_state[_REFUSED] = error
        return
    shell.say(visit.t("risks.taken_back"))


def over(visit: Visit, reading: Reading) -> None:
    """The way on where what was typed in can't be read: begin afresh, for the person alone."""
    if visit.may(Action.EDIT_RISK_INPUTS):
        with st.container(key="danger_risks"):
            label = visit.t("risks.start_over")
            st.button(label, key="risk_start_over", icon=":material/restart_alt:", on_click=_start_over, args=(visit, reading.person_id))


def _start_over(visit: Visit, person_id: str) -> None:
    risks.start_over(visit.ports, visit.who, person_id)
    shell.say(visit.t("risks.started_over"))


def _value(t: Words, one: TypedView, kinds: Mapping[str, str]) -> str:
    if one.choice:
        return say.choice(t, one.key, one.choice)
    return say.plain_value(t, one.key, kinds.get(one.key, "number"), one.value, one.unit)

