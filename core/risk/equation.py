"""This is the place where an equation is applied to columns: every row gets a value for each outcome, or the reasons why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.risk.terms import Columns, Computed, Equation, Fault, Input


@dataclass(frozen=True, eq=False, slots=True)
class Evaluated:
    """Columns of results. `values` and `predictors` hold one float64 column for each outcome, NaN where it is declined; `faults` pairs each
    reason with the rows it stops (boolean columns)."""

    equation: Equation
    size: int
    values: Mapping[str, np.ndarray]
    predictors: Mapping[str, np.ndarray]
    faults: tuple[tuple[Fault, np.ndarray], ...]

    def faults_at(self, row: int) -> tuple[Fault, ...]:
        """All reasons of one row, in the order of the inputs."""
        return tuple(fault for fault, where in self.faults if where[row])

    def declined(self) -> np.ndarray:
        """One text for each row: the reasons joined by "; ", "" where everything was answered."""
        said = np.full(self.size, "", dtype=object)
        for fault, where in self.faults:
            text = str(fault)
            said[where] = [f"{old}; {text}" if old else text for old in said[where]]
        return said


def evaluate(equation: Equation, columns: Columns, unreadable: Mapping[str, Sequence[Fault] | tuple[tuple[Fault, np.ndarray], ...]] | None = None) -> Evaluated:
    """Apply an equation to columns of one length (see `Columns`; absent columns are unknown).

    `unreadable` holds, by input key, further (fault, rows) found while the columns were read: what stands there is no number, no known unit.
    Nothing is imputed or clamped: a row with a fault has NaN in every outcome that the fault stops.
    """
    size = max((len(column) for column in columns.values()), default=0)
    full = {one.key: _column(columns, one, size) for one in equation.inputs}
    faults = [pair for one in equation.inputs for pair in _checked(one, full[one.key], dict(unreadable or {}).get(one.key, ()))]
    for rule in equation.rules:
        where = np.asarray(rule.applies(full), dtype=bool)
        if where.any():
            faults.append((rule.fault, where))
    stopped = {one.key: np.zeros(size, dtype=bool) for one in equation.outcomes}
    for fault, where in faults:
        for key in fault.outcomes or tuple(stopped):
            stopped[key] |= where
    some = ~np.logical_and.reduce(list(stopped.values())) if stopped else np.zeros(size, dtype=bool)
    values, predictors = _computed(equation, full, some, stopped)
    for key, column in values.items():
        lost = ~stopped[key] & ~np.isfinite(column)
        if lost.any():
            column[lost] = np.nan
            faults.append((Fault("not_computable", "", (key,)), lost))
    return Evaluated(equation, size, values, predictors, tuple(faults))


def one(equation: Equation, inputs: Mapping[str, float]) -> Evaluated:
    """Apply an equation to one person: a column of one. Inputs that are not named are unknown."""
    return evaluate(equation, {item.key: np.array([inputs.get(item.key, np.nan)], dtype=float) for item in equation.inputs})


def _column(columns: Columns, item: Input, size: int) -> np.ndarray:
    found = columns.get(item.key)
    return np.full(size, np.nan) if found is None else np.asarray(found, dtype=float)


def _checked(item: Input, column: np.ndarray, unreadable: Sequence[tuple[Fault, np.ndarray]]) -> list[tuple[Fault, np.ndarray]]:  # type: ignore[type-arg]
    """What is wrong with one input, each with its rows."""
    found = list(unreadable)
    spoiled = np.logical_or.reduce([where for _, where in found]) if found else np.zeros(len(column), dtype=bool)
    limits = {"low": item.low, "high": item.high, "unit": item.unit}
    with np.errstate(invalid="ignore"):
        tests = [(Fault("missing", item.key), np.isnan(column) & ~spoiled)] if item.required else []
        tests.append((Fault("not_a_number", item.key), np.isinf(column)))
        finite = np.isfinite(column)
        if item.low is not None:
            tests.append((replace(Fault("below_range", item.key), **limits), finite & (column < item.low)))  # type: ignore[arg-type]
        if item.high is not None:
            tests.append((replace(Fault("above_range", item.key), **limits), finite & (column > item.high)))  # type: ignore[arg-type]
        if item.kind in ("flag", "sex"):
            tests.append((Fault("not_yes_or_no" if item.kind == "flag" else "not_a_sex", item.key), finite & (column != 0) & (column != 1)))
        if item.kind == "choice":
            tests.append((Fault("not_a_choice", item.key), finite & ~np.isin(column, np.arange(len(item.choices)))))
    return [*found, *((fault, where) for fault, where in tests if where.any())]


def _computed(
    equation: Equation, full: Columns, some: np.ndarray, stopped: Mapping[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Values and predictors of the rows that are not stopped altogether, NaN elsewhere."""
    whole = bool(some.all())
    with np.errstate(all="ignore"):
        made: Computed = equation.compute(full if whole else {key: column[some] for key, column in full.items()}) if some.any() else {}
    values, predictors = {}, {}
    for outcome in equation.outcomes:
        pair = made.get(outcome.key)
        for into, part in ((predictors, 0), (values, 1)):
            column = np.full(len(some), np.nan)
            if pair is not None:
                column[some] = pair[part]
            column[stopped[outcome.key]] = np.nan
            into[outcome.key] = column
    return values, predictors
