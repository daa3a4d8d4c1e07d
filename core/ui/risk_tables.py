"""This is the place where an equation is laid open as tables: what went in, all results, what makes the difference, others side by side."""

from __future__ import annotations

from html import escape

from core.care.risk_views import ContributionView, EquationView, FamilyView, InputView, OutcomeView
from core.domain.time import PartialTime
from core.ui import risk_words as say
from core.ui.markup import Cell, note, table, tag
from core.ui.risk_cards import main_of, reading, todo
from core.ui.session import Visit
from core.ui.values import source_marks
from core.ui.words import Words

_HARDLY = 0.02
"""Below this part of the longest bar a difference is not worth a word of its own."""
_STATES = {"used": ("check", "plain"), "unneeded": ("info", "plain"), "missing": ("unknown", "unknown"), "stale": ("clock", "unknown")}


def stacked(html: str) -> str:
    """A table whose rows become blocks on a phone, so that nothing has to be pushed sideways to be read."""
    return f'<div class="stack">{html}</div>'


def inputs(visit: Visit, equation: EquationView) -> str:
    """Every input as it stands: value and state, date, age and where from."""
    t = visit.t
    columns = [t("risks.input"), t("risks.input_value"), t("risks.input_from")]
    return stacked(table(t("risks.inputs_caption"), columns, (_input(visit, one) for one in equation.inputs)))


def _input(visit: Visit, one: InputView) -> list[Cell]:
    t = visit.t
    time = PartialTime.parse(one.when)
    dated = [t.day(time), t.age(time, visit.now)] if time and one.origin != "profile" else []
    if time and time.precision in ("year", "month"):
        dated = dated[:1]  # the age of a month is the month again
    derived = t("risks.derived_from", names=t("list.comma").join(say.name(t, key) for key in one.from_keys)) if one.from_keys else ""
    origin = derived or (t("risk.origin." + one.origin) if one.origin else "")
    lines = [" · ".join(escape(part) for part in dated), escape(origin), source_marks(t, one.sources), escape(say.why(t, one))]
    where = "".join(f"<small>{line}</small>" for line in lines if line)
    state = "" if one.state == "used" else f"<small>{tag(t('risk.input_state.' + one.state), *_STATES.get(one.state, ('watch', 'watch')))}</small>"
    value = escape(say.input_value(t, one) or "–") + state
    return [Cell(say.name(t, one.key)), Cell("", html=value), Cell("", html=where or "–")]


def results(t: Words, equation: EquationView) -> str:
    """All outcomes of one equation: the number and how it is read, or why there is none."""
    rows = [[Cell(say.outcome_name(t, equation.key, one)), Cell(*_result(t, one)), Cell("", html=_reading(t, equation, one))] for one in equation.outcomes]
    return stacked(table(t("risks.results_caption"), [t("risks.result"), t("risks.result_value"), t("risks.result_reading")], rows))


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
    source = note(t("risks.why_source", source=say.reference(t, equation))) if told.reference_source else ""
    return f'<div class="chart-said"><p class="sentence">{escape(lead)}</p></div>' + _bars(t, equation, outcome, shown) + note(t("risks.why_scale")) + source


def _bars(t: Words, equation: EquationView, outcome: OutcomeView, shown: list[ContributionView]) -> str:
    kinds = {one.key: one.kind for one in equation.inputs}
    most = max(abs(one.share) for one in shown) or 1.0
    rows = []
    for one in shown:
        yours, theirs = (say.plain_value(t, one.key, kinds.get(one.key, "number"), value, one.unit) for value in (one.value, one.reference))
        name = f"{escape(say.name(t, one.key))}<small>{escape(t('risks.why_values', yours=yours, reference=theirs))}</small>"
        rows.append([Cell("", html=name), Cell("", html=_bar(t, outcome, one, most))])
    return table(t("risks.why_caption"), [t("risks.input"), t("risks.why_bar")], rows)


def _bar(t: Words, outcome: OutcomeView, one: ContributionView, most: float) -> str:
    """A bar to the right that raises, or to the left, striped, that lowers; its words stand below it."""
    if abs(one.share) < most * _HARDLY:
        return f'<div class="rb" aria-hidden="true"></div><small>{escape(t("risks.hardly"))}</small>'
    way = "up" if one.share > 0 else "down"
    bar = f'<span class="{way}" style="width:{abs(one.share) / most:.0%}"></span>'
    word = t("risks.raises" if one.share > 0 else "risks.lowers", size=moved(t, outcome, one.points))
    return f'<div class="rb" aria-hidden="true">{bar}</div><small>{escape(word)}</small>'


def moved(t: Words, outcome: OutcomeView, points: float) -> str:
    """By how much the outcome differs: "2.1 of 100 higher", or in its own unit."""
    decimals = outcome.decimals if outcome.unit != "fraction" else max(outcome.decimals, 1)
    size = abs(points) * (100 if outcome.unit == "fraction" else 1)
    if not round(size, decimals):
        return t("risks.points_same")
    value = t.number(size, decimals)
    if outcome.unit == "fraction":
        return t("risks.more_of_100" if points > 0 else "risks.fewer_of_100", value=value)
    return t("risks.points_up" if points > 0 else "risks.points_down", value=value)


def compare(t: Words, family: FamilyView) -> str:
    """Equations that answer the same question, side by side, and why they differ."""
    if len(family.equations) < 2:
        return note(t("risks.compare_one"))
    columns = [t("risks.compare_equation"), t("risks.result_value"), t("risks.compare_what"), t("risks.compare_people")]
    differ = "".join(f"<li>{escape(t('risk.differs.' + code))}</li>" for code in family.differs if t.has("risk.differs." + code))
    reasons = f'<h3 class="hb-h3">{escape(t("risks.compare_why"))}</h3><ul class="plain">{differ}</ul>' if differ else ""
    return stacked(table(t("risks.compare_caption"), columns, (_beside(t, one) for one in family.equations))) + reasons


def _beside(t: Words, equation: EquationView) -> list[Cell]:
    outcome = main_of(equation)
    people = t("risk.people." + (equation.region or "any"))
    value = say.result(t, outcome) or _result(t, outcome)[0]
    answer = Cell(value, number=True) if value != "–" else Cell("", html=todo(t, equation, outcome) or "–")
    kinds = [t("risk.status." + equation.status)] if equation.status != "verified" else []
    kinds += [t("risk.comparison_only")] if "comparison_only" in equation.notes else []
    title = escape(say.title(t, equation)) + "".join(f"<small>{escape(one)}</small>" for one in kinds)
    return [Cell("", html=title), answer, Cell(say.outcome_name(t, equation.key, outcome)), Cell(people)]
