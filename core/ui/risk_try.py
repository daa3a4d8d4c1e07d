"""This is the place where values are tried out: one control for each input that may change, and what the equation would say then.

It is a fragment: moving a control draws this part again and nothing else, and nothing is ever kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from core.care import risks
from core.care.risk_views import EquationView, LeverView, OutcomeView
from core.care.risks import Shelf
from core.ui import risk_words as say
from core.ui.markup import box, note
from core.ui.risk_array import array
from core.ui.risk_cards import main_of
from core.ui.session import here
from core.ui.words import Words


@st.fragment
def show(shelf: Shelf, equation: EquationView) -> None:
    """The controls and the answer. What came before stays beside it, so that the difference is seen."""
    visit = here()
    visit.reading()  # whether this may still be seen is asked again on every move
    t, outcome = visit.t, main_of(equation)
    if not equation.levers or outcome.value is None:
        st.html(note(t("risks.try_none" if outcome.value is not None else "risks.no_answer_yet")))
        return
    st.html(note(t("risks.try_note")))
    changes = {one.key: given for one in equation.levers if (given := _control(t, equation.key, one)) != one.value}
    found = risks.what_if(shelf, equation.key, outcome.key, changes) if changes else outcome
    st.html(said(t, equation, outcome, found, changes))
    st.button(
        t("risks.try_reset"), key=f"risk_reset_{equation.key}", icon=":material/undo:", disabled=not changes, on_click=reset,
        args=(equation.key, equation.levers),
    )  # fmt: skip


def said(t: Words, equation: EquationView, before: OutcomeView, now: OutcomeView, changes: Mapping[str, float]) -> str:
    """The result in words, with the hundred people where it is a chance."""
    old = say.result(t, before)
    if not changes:
        text = t("risks.try_same", value=old)
    elif now.value is None:
        reasons = t.joined(say.fault(t, one) for one in now.faults)
        return box("unknown", t("risks.try_declined"), reasons)
    else:
        text = t.joined((t("risks.try_now", value=say.result(t, now), before=old), say.answer(t, equation.key, now)))
    picture = ""
    if now.unit == "fraction" and now.value is not None and before.value is not None:
        counts = [round(one.value * 100) if one.of_hundred is None else one.of_hundred for one in (now, before) if one.value is not None]
        picture = array(t, counts[0], counts[1] if changes else None)
    return f'<div class="risk" aria-live="polite"><div><p class="sentence">{escape(text)}</p></div>{picture}</div>'


def reset(equation: str, levers: Sequence[LeverView]) -> None:
    """Back to the person's own values."""
    for one in levers:
        st.session_state[_key(equation, one)] = _own(one)


def _control(t: Words, equation: str, one: LeverView) -> float:
    """A slider, or yes and no; it starts at the person's own value."""
    name = say.name(t, one.key)
    key = _key(equation, one)
    st.session_state.setdefault(key, _own(one))
    if one.kind == "flag":
        label = t("risks.try_flag", name=name, value=say.choice(t, one.key, "yes" if one.value else "no"))
        picked = st.radio(label, ("yes", "no"), format_func=lambda code: say.choice(t, one.key, code), horizontal=True, key=key)
        return 1.0 if picked == "yes" else 0.0
    label = t("risks.try_lever", name=name, value=say.measured(t, one.value, one.unit))
    digits = f"%.{max(0, len(f'{one.step:g}'.partition('.')[2]))}f"
    return float(st.slider(label, float(one.low), float(one.high), step=float(one.step), format=digits, key=key))


def _own(one: LeverView) -> str | float:
    return ("yes" if one.value else "no") if one.kind == "flag" else float(one.value)


def _key(equation: str, one: LeverView) -> str:
    """One control for each person's own value: another person, or a newer value, starts anew."""
    return f"risk_try_{equation}_{one.key}_{one.value:g}"
