"""This is the place where the answer to one question about the future is written: what it means, the number, how it is read, what to do, where from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from core.care.risk_views import BandView, EquationView, FamilyView, FaultView, InputView, OutcomeView
from core.ui import risk_words as say
from core.ui.icons import icon
from core.ui.markup import STATES, box, note, tag
from core.ui.risk_array import array
from core.ui.words import Words

_EXCLUDED = frozenset({"not_for", "only_for"})
"""Faults that nobody can mend: the equation is made for other people."""
_WORSE = {"fine": 0, "watch": 1, "soon": 2, "now": 3}


def main_of(equation: EquationView) -> OutcomeView:
    """The outcome that the card is about."""
    return next((one for one in equation.outcomes if one.key == equation.main), equation.outcomes[0])


def card(t: Words, family: FamilyView) -> str:
    """One family: the answer of the equation that fits best, or what is needed for one."""
    heading = f'<h2 class="risk-h">{escape(t("risk.family." + family.key))}</h2>'
    if family.state == "no_region":
        return heading + box("unknown", t("risks.declined"), t("risk.how.region"))
    if not family.equations:
        return heading + box("unknown", t("risks.declined"), "")
    equation = family.equations[0]
    outcome = main_of(equation)
    body = _answered(t, family, equation, outcome) if outcome.value is not None or outcome.category else _open(t, equation, outcome)
    return f'{heading}{body}<div class="risk-foot">{marks(t, equation)}{remarks(t, equation)}{source(t, equation)}</div>'


def _answered(t: Words, family: FamilyView, equation: EquationView, outcome: OutcomeView) -> str:
    """What it means, the number, the reading, the next step; beside them the hundred people."""
    left = _number(t, equation, outcome) + readings(t, equation, outcome)
    next_step = f'<p class="risk-do">{escape(say.do_now(t, family.key, worst(outcome)))}</p>'
    picture = array(t, outcome.of_hundred) if outcome.unit == "fraction" and outcome.of_hundred is not None else ""
    return f'<div class="risk"><div>{left}{next_step}</div>{picture}</div>'


def _number(t: Words, equation: EquationView, outcome: OutcomeView) -> str:
    """What it means in a sentence and the number; a score or a measure has its name in place of the sentence."""
    told = [f"risk.means.{equation.key}.{one.code}" for one in outcome.bands if one.status == "verified"]
    means = t.joined(t(key) for key in told if t.has(key))
    if outcome.unit == "fraction":
        means = t.joined((say.answer(t, equation.key, outcome), means))
    sentence = f'<p class="sentence">{escape(means)}</p>' if means else ""
    name = "" if outcome.unit == "fraction" else f'<div class="mean">{escape(say.outcome_name(t, equation.key, outcome))}</div>'
    number, unit = say.result_parts(t, outcome)
    return f'{sentence}{name}<div class="big">{escape(number)}<small>{escape(unit)}</small></div>'


def _open(t: Words, equation: EquationView, outcome: OutcomeView) -> str:
    """No answer: between what and what it lies where that can be said, and what is needed."""
    shown = ""
    if outcome.interval:
        same = t("risk.between_same") if outcome.interval.same_band and outcome.bands else ""
        shown = f'<p class="sentence">{escape(t.joined((say.interval(t, equation.key, outcome), same)))}</p>' + readings(t, equation, outcome)
        lead = note(t("risks.interval"))
    else:
        out = any(_for_others(one) for one in outcome.faults)
        lead = f'<p class="sentence">{escape(t("risks.declined_out" if out else "risks.declined"))}</p>'
    return f'<div class="risk"><div>{shown}{lead}{todo(t, equation, outcome)}</div></div>'


def todo(t: Words, equation: EquationView, outcome: OutcomeView) -> str:
    """What is missing, too old or contradictory, each with what the record holds and how to go on."""
    return needs(t, reasons(outcome), equation.inputs)


def needs(t: Words, faults: Sequence[FaultView], held: Sequence[InputView]) -> str:
    """Reasons as a list of things to do."""
    inputs = {one.key: one for one in held}
    shown = "".join(f"<li>{_need(t, one, inputs.get(one.input))}</li>" for one in faults)
    return f'<ul class="todo">{shown}</ul>' if shown else ""


def reasons(outcome: OutcomeView) -> tuple[FaultView, ...]:
    """Why there is no answer: where the equation is for other people, that alone, since nothing typed in would help."""
    out = tuple(one for one in outcome.faults if _for_others(one))
    return out or tuple({(one.code, one.input): one for one in outcome.faults}.values())


def _for_others(fault: FaultView) -> bool:
    """Whether the equation is made for other people: an exclusion, or another age."""
    return fault.code in _EXCLUDED or (fault.input == "age" and fault.code in ("below_range", "above_range"))


def _need(t: Words, fault: FaultView, held: InputView | None) -> str:
    more = []
    if held is not None and held.state != "missing" and (value := say.input_value(t, held)):
        dated = held.when and held.origin != "profile"
        more.append(t("risks.todo_found", value=value, when=say.when(t, held.when)) if dated else t("risks.todo_known", value=value))
    if held is not None:
        limit = held.facts.get("limit", held.oldest_days)
        aged = held.state == "stale" and isinstance(limit, int) and held.days is not None and held.days > limit
        more.append(t("risks.todo_oldest", age=say.span(t, int(limit or 0))) if aged else say.why(t, held))
    more.append(say.how(t, fault.how or (held.how if held else ""), fault.input))
    small = t.joined(one for one in more if one)
    return escape(say.fault(t, fault)) + (f"<small>{escape(small)}</small>" if small else "")


def worst(outcome: OutcomeView) -> str:
    """The gravest state among the readings that were checked; "unknown" where none was."""
    checked = [one.state for one in outcome.bands if one.status == "verified" and one.state in _WORSE]
    return max(checked, key=lambda state: _WORSE[state], default="unknown")


def readings(t: Words, equation: EquationView, outcome: OutcomeView) -> str:
    """How guidelines read it: word, icon and colour where that was checked; else the word alone, and that it wasn't."""
    return "".join(f'<div class="risk-reading">{reading(t, equation, one)}</div>' for one in outcome.bands)


def reading(t: Words, equation: EquationView, one: BandView) -> str:
    word = say.band(t, equation.key, one)
    small = f"<small>{escape(t('risk.by_guideline', guideline=say.guideline(t, one)))}</small>"
    if one.status != "verified":
        return tag(word, "info") + small + f"<small>{escape(t('risk.unchecked_band'))}</small>"
    state = one.state if one.state in STATES else "unknown"
    return f'<span class="chip s-{state}">{icon(state)}{escape(word)}</span>{small}'


def marks(t: Words, equation: EquationView) -> str:
    """What kind of equation it is: approximation, not checked, for comparison only, for clinicians."""
    return f'<div class="risk-reading">{"".join(_marks(t, equation))}</div>'


def _marks(t: Words, equation: EquationView) -> Iterator[str]:
    tone = {"verified": ("check", "plain"), "approximation": ("info", "watch")}.get(equation.status, ("unknown", "unknown"))
    yield tag(t("risk.status." + equation.status), *tone)
    if "comparison_only" in equation.notes:
        yield tag(t("risk.comparison_only"), "info", "watch")
    if equation.audience != "patient":
        yield tag(t("risk.audience." + equation.audience), "people")


def remarks(t: Words, equation: EquationView) -> str:
    """What always stands beside the result."""
    return "".join(note(t("risk.note." + code)) for code in equation.notes if t.has("risk.note." + code))


def source(t: Words, equation: EquationView) -> str:
    """Where it comes from."""
    first = t("risk.from", equation=say.title(t, equation), version=equation.version)
    return f'<p class="risk-from">{escape(first)} · {escape(equation.citation)}</p>'
