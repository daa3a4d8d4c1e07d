"""This is the place where an equation is laid open as tables: what went in, all results, what makes the difference, others side by side."""

from __future__ import annotations

from html import escape

from core.care.risk_views import ContributionView, EquationView, FamilyView, InputView, OutcomeView
from core.domain.time import PartialTime
from core.ui import risk_words as say
from core.ui.markup import Cell, note, table, tag
from core.ui.risk_cards import main_of, marks, reading, todo
from core.ui.session import Visit
from core.ui.values import source_marks
from core.ui.words import Words

_STATES = {"used": ("check", "plain"), "unneeded": ("info", "plain"), "missing": ("unknown", "unknown"), "stale": ("clock", "unknown")}


def inputs(visit: Visit, equation: EquationView) -> str:
    """Every input as it stands: value, date and age, where from, state."""
    t = visit.t
    columns = [t("risks.input"), t("risks.input_value"), t("risks.input_when"), t("risks.input_origin"), t("risks.input_state")]
    return table(t("risks.inputs_caption"), columns, (_input(visit, one) for one in equation.inputs))


def _input(visit: Visit, one: InputView) -> list[Cell]:
    t = visit.t
    time = PartialTime.parse(one.when)
    age = f"<small>{escape(t.age(time, visit.now))}</small>" if time else ""
    dated = f"{escape(t.day(time))}{age}" if time else "–"
    derived = t("risks.derived_from", names=t("list.comma").join(say.name(t, key) for key in one.from_keys)) if one.from_keys else ""
    origin = t("risk.origin." + one.origin) if one.origin else ""
    marked = f"<small>{source_marks(t, one.sources)}</small>" if one.sources else ""
    place = escape(derived or origin) + marked
    why = f"<small>{escape(said)}</small>" if (said := say.why(t, one)) else ""
    state = tag(t("risk.input_state." + one.state), *_STATES.get(one.state, ("watch", "watch"))) + why
    return [Cell(say.name(t, one.key)), Cell(say.input_value(t, one) or "–"), Cell("", html=dated), Cell("", html=place or "–"), Cell("", html=state)]


def results(t: Words, equation: EquationView) -> str:
    """All outcomes of one equation: the number and how it is read, or why there is none."""
    rows = [[Cell(say.outcome_name(t, equation.key, one)), Cell(*_result(t, one)), Cell("", html=_reading(t, equation, one))] for one in equation.outcomes]
    return table(t("risks.results_caption"), [t("risks.result"), t("risks.result_value"), t("risks.result_reading")], rows)


def _result(t: Words, one: OutcomeView) -> tuple[str, bool]:
    if one.value is None and one.interval:
        return f"{say.result(t, one, one.interval.low)} – {say.result(t, one, one.interval.high)}", True
    return say.result(t, one) or "–", True


def _reading(t: Words, equation: EquationView, one: OutcomeView) -> str:
    if one.value is None and not one.category and not one.interval:
        return todo(t, equation, one) or "–"
    return "<br>".join(reading(t, equation, band) for band in one.bands) or "–"


def why(t: Words, equation: EquationView) -> str:
    """What raises and what lowers the number against the reference person: in words, as bars, and as a table with the same facts."""
    told, outcome = equation.explained, main_of(equation)
    if told is None:
        return note(t("risks.no_answer_yet"))
    outcome = next((one for one in equation.outcomes if one.key == told.outcome), outcome)
    if told.declined:
        return note(t.first("risk.declined." + told.declined, "risks.why_declined"))
    shown = [one for one in told.contributions if one.share or one.points]
    if not shown:
        return note(t("risks.why_none"))
    reference = told.reference_value
    lead = t("risks.why_no_reference") if reference is None else t("risks.why_plain", value=say.result(t, outcome, reference))
    source = note(t("risks.why_source", source=told.reference_source)) if told.reference_source else ""
    return f'<div class="chart-said"><p class="sentence">{escape(lead)}</p></div>' + _bars(t, equation, outcome, shown) + note(t("risks.why_scale")) + source


def _bars(t: Words, equation: EquationView, outcome: OutcomeView, shown: list[ContributionView]) -> str:
    kinds = {one.key: one.kind for one in equation.inputs}
    most = max(abs(one.share) for one in shown) or 1.0
    rows = []
    for one in shown:
        values = [say.plain_value(t, one.key, kinds.get(one.key, "number"), value, one.unit) for value in (one.value, one.reference)]
        rows.append([Cell(say.name(t, one.key)), Cell(values[0]), Cell(values[1]), Cell("", html=_bar(t, one.share, most)), Cell(moved(t, outcome, one.points))])
    columns = [t("risks.input"), t("risks.why_yours"), t("risks.why_reference"), t("risks.why_bar"), t("risks.why_effect")]
    return table(t("risks.why_caption"), columns, rows)


def _bar(t: Words, share: float, most: float) -> str:
    """A bar to the right that raises, or to the left, striped, that lowers; its word stands beside it."""
    way = "up" if share > 0 else "down"
    word = t("risks.raises" if share > 0 else "risks.lowers") if share else t("risks.points_same")
    bar = f'<span class="{way}" style="width:{abs(share) / most:.0%}"></span>' if share else ""
    return f'<div class="rb" aria-hidden="true">{bar}</div><small>{escape(word)}</small>'


def moved(t: Words, outcome: OutcomeView, points: float) -> str:
    """By how much the outcome differs: "2.1 of 100 higher", or in its own unit."""
    decimals = outcome.decimals if outcome.unit != "fraction" else max(outcome.decimals, 1)
    size = abs(points) * (100 if outcome.unit == "fraction" else 1)
    if not round(size, decimals):
        return t("risks.points_same")
    value = t.number(size, decimals)
    said = t("risks.of_100", value=value) if outcome.unit == "fraction" else value
    return t("risks.points_up" if points > 0 else "risks.points_down", value=said)


def compare(t: Words, family: FamilyView) -> str:
    """Equations that answer the same question, side by side, and why they differ."""
    if len(family.equations) < 2:
        return note(t("risks.compare_one"))
    columns = [t("risks.compare_equation"), t("risks.result_value"), t("risks.compare_what"), t("risks.compare_people")]
    differ = "".join(f"<li>{escape(t('risk.differs.' + code))}</li>" for code in family.differs if t.has("risk.differs." + code))
    reasons = f'<h3 class="hb-h3">{escape(t("risks.compare_why"))}</h3><ul class="plain">{differ}</ul>' if differ else ""
    return table(t("risks.compare_caption"), columns, (_beside(t, one) for one in family.equations)) + reasons


def _beside(t: Words, equation: EquationView) -> list[Cell]:
    outcome = main_of(equation)
    people = t("risk.people." + (equation.region or "any"))
    value = say.result(t, outcome) or _result(t, outcome)[0]
    answer = Cell(value, number=True) if value != "–" else Cell("", html=todo(t, equation, outcome) or "–")
    return [Cell("", html=escape(say.title(t, equation)) + marks(t, equation)), answer, Cell(say.outcome_name(t, equation.key, outcome)), Cell(people)]
