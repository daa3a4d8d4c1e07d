"""This is the place where every equation of the registry is shown to refuse: each input missing, beyond each limit, each exclusion; and never to clamp."""

from __future__ import annotations

import numpy as np
import pytest

from core.risk.equation import evaluate, one
from core.risk.registry import EQUATIONS
from core.risk.terms import LIMITS, Equation, Input
from core.risk.vocabulary import TERMS
from tests.risk.everybody import ANSWERED_ONLY, person

EVERY = tuple(EQUATIONS)
PAIRS = [(key, item.key) for key, equation in EQUATIONS.items() for item in equation.inputs]
LIMITED = [(key, item.key) for key, equation in EQUATIONS.items() for item in equation.inputs if item.low is not None or item.high is not None]
APART = [(key, item.key) for key, equation in EQUATIONS.items() for item in equation.inputs if item.key in ANSWERED_ONLY]


def stopped(equation: Equation, values: dict[str, float], code: str, key: str) -> None:
    """It is declined with this reason, and no outcome that the reason stops has a value."""
    made = one(equation, values)
    found = [fault for fault in made.faults_at(0) if fault.code == code and fault.input == key]
    assert found, (equation.key, key, made.declined()[0])
    for outcome in found[0].outcomes or [outcome.key for outcome in equation.outcomes]:
        assert np.isnan(made.values[outcome][0])
        assert np.isnan(made.predictors[outcome][0])


@pytest.mark.parametrize("key", EVERY)
def test_somebody_gets_an_answer(key: str) -> None:
    equation = EQUATIONS[key]
    made = one(equation, person(equation, 1))
    assert any(np.isfinite(column[0]) for column in made.values.values())


@pytest.mark.parametrize(("key", "asked"), [(key, asked) for key, asked in PAIRS if EQUATIONS[key].input(asked).required])
def test_a_missing_input_is_named_and_nothing_is_filled_in(key: str, asked: str) -> None:
    equation = EQUATIONS[key]
    values = person(equation, 2)
    del values[asked]
    stopped(equation, values, "missing", asked)


@pytest.mark.parametrize(("key", "asked"), LIMITED)
def test_beyond_a_limit_nothing_is_said_and_at_the_limit_nothing_is_cut(key: str, asked: str) -> None:
    equation = EQUATIONS[key]
    item, values = equation.input(asked), person(equation, 3)
    for limit, beyond, code in ((item.low, -np.inf, "below_range"), (item.high, np.inf, "above_range")):
        if limit is None:
            continue
        stopped(equation, values | {asked: float(np.nextafter(limit, beyond))}, code, asked)
        at_limit = one(equation, values | {asked: float(limit)})
        assert (code, asked) not in {(fault.code, fault.input) for fault in at_limit.faults_at(0) if not fault.outcomes}


@pytest.mark.parametrize(("key", "asked"), APART)
def test_who_it_is_not_for_gets_nothing(key: str, asked: str) -> None:
    equation = EQUATIONS[key]
    values = person(equation, 4) | {asked: 1.0}
    if any(asked in rule.inputs for rule in equation.rules):
        stopped(equation, values, "not_for", asked)
    else:
        assert key == "meld3"  # where dialysis is a term of the score
        assert asked == "dialysis"


@pytest.mark.parametrize(("key", "asked"), PAIRS)
def test_nonsense_is_refused(key: str, asked: str) -> None:
    equation = EQUATIONS[key]
    item, values = equation.input(asked), person(equation, 5)
    for nonsense in (np.inf, *((0.5,) if item.kind != "number" else ())):
        made = one(equation, values | {asked: float(nonsense)})
        assert asked in {fault.input for fault in made.faults_at(0)}


@pytest.mark.parametrize("key", EVERY)
def test_one_persons_fault_is_nobody_elses(key: str) -> None:
    equation = EQUATIONS[key]
    people = [person(equation, seed) for seed in range(6)]
    columns = {item.key: np.array([one_person[item.key] for one_person in people]) for item in equation.inputs}
    first = next(item for item in equation.inputs if item.required)
    alone = evaluate(equation, columns)
    columns[first.key] = np.where(np.arange(6) == 2, np.nan, columns[first.key])
    together = evaluate(equation, columns)
    rest = np.arange(6) != 2
    for outcome in equation.outcomes:
        np.testing.assert_array_equal(alone.values[outcome.key][rest], together.values[outcome.key][rest])


@pytest.mark.parametrize("key", EVERY)
def test_an_equation_speaks_the_one_vocabulary_and_stands_on_a_citation(key: str) -> None:
    equation = EQUATIONS[key]
    for item in equation.inputs:
        assert TERMS[item.key].kind == item.kind
        assert not item.choices or item.choices == TERMS[item.key].choices
        assert item.limits in LIMITS
    assert len(equation.citation) > 20
    for reading in equation.thresholds:
        assert reading.outcome in {outcome.key for outcome in equation.outcomes}
        assert reading.bands[0].low is None
        lows = [band.low for band in reading.bands[1:]]
        assert lows == sorted(lows)


def test_a_limit_is_not_a_plateau() -> None:
    """Just inside a limit differs from the limit itself wherever the equation depends on the input: nothing is clamped."""
    equation = EQUATIONS["prevent_base"]
    values = person(equation, 6)
    depends: dict[str, str] = {"sbp": "total_cvd_10yr", "tc": "ascvd_10yr", "hdl": "ascvd_10yr", "egfr": "total_cvd_10yr", "bmi": "heart_failure_10yr"}
    for key, outcome in depends.items():
        item: Input = equation.input(key)
        for limit, inward in ((item.low, 0.01), (item.high, -0.01)):
            assert limit is not None
            both = [one(equation, values | {key: limit + step}).values[outcome][0] for step in (0.0, inward)]
            assert both[0] != both[1], key
