"""This is the place where an equation is applied to columns: every row gets a value for each outcome, or the reasons why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from core.risk.terms import Columns, Computed, Equation, Fault, Input

Unreadable = Mapping[str, Sequence[tuple[Fault, np.ndarray]]]
"""By input key: what is wrong with cells that hold no number or no known unit, each with its rows."""
Results = dict[str, np.ndarray]
_ROWS = 1 << 12
"""Rows worked on at a time: their columns and everything made of them stay within a processor's cache."""


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


@dataclass(slots=True)
class _Found:
    """The faults of all rows, put together part by part. They come out by the order of the inputs, then of the rules, then of the outcomes."""

    size: int
    faults: dict[tuple[int, int, Fault], np.ndarray] = field(default_factory=dict)

    def add(self, rank: tuple[int, int], fault: Fault, cut: slice, where: np.ndarray) -> None:
        whole = self.faults.setdefault((*rank, fault), np.zeros(self.size, dtype=bool))
        whole[cut] |= where

    def in_order(self) -> tuple[tuple[Fault, np.ndarray], ...]:
        ranked = sorted(self.faults.items(), key=lambda item: item[0][:2])
        return tuple((fault, where) for (_, _, fault), where in ranked)


def evaluate(equation: Equation, columns: Columns, unreadable: Unreadable | None = None) -> Evaluated:
    """Apply an equation to columns of one length (see `Columns`; absent columns are unknown).

    `unreadable` holds, by input key, further (fault, rows) found while the columns were read: what stands there is no number, no known unit.
    Nothing is imputed or clamped: a row with a fault has NaN in every outcome that the fault stops. Memory beyond the results stays the
    same however many rows there are.
    """
    size = max((len(column) for column in columns.values()), default=0)
    given = {one.key: np.asarray(columns[one.key], dtype=float) for one in equation.inputs if one.key in columns}
    spoiled = dict(unreadable or {})
    found = _Found(size)
    predictors = {one.key: np.empty(size) for one in equation.outcomes}
    values = {one.key: np.empty(size) for one in equation.outcomes}
    with np.errstate(all="ignore"):
        for start in range(0, size, _ROWS):
            cut = slice(start, min(start + _ROWS, size))
            part = {one.key: given[one.key][cut] if one.key in given else np.full(cut.stop - start, np.nan) for one in equation.inputs}
            stopped = _stopped(equation, part, spoiled, cut, found)
            _fill(equation, part, stopped, cut, found, (predictors, values))
    return Evaluated(equation, size, values, predictors, found.in_order())


def one(equation: Equation, inputs: Mapping[str, float]) -> Evaluated:
    """Apply an equation to one person: a column of one. Inputs that are not named are unknown."""
    return evaluate(equation, {item.key: np.array([inputs.get(item.key, np.nan)], dtype=float) for item in equation.inputs})


def _stopped(equation: Equation, part: Columns, spoiled: Unreadable, cut: slice, found: _Found) -> dict[str, np.ndarray]:
    """The rows of this part that each outcome is declined for; outcomes that nothing stops are absent. Notes why."""
    stopped: dict[str, np.ndarray] = {}

    def stop(rank: tuple[int, int], fault: Fault, where: np.ndarray) -> None:
        found.add(rank, fault, cut, where)
        for key in fault.outcomes or tuple(one.key for one in equation.outcomes):
            stopped[key] = stopped[key] | where if key in stopped else where

    for at, item in enumerate(equation.inputs):
        cells = [(fault, where[cut]) for fault, where in spoiled.get(item.key, ())]
        if cells or not _sound(item, part[item.key]):
            for rank, (fault, where) in enumerate(_checked(item, part[item.key], cells)):
                if where.any():
                    stop((at, rank), fault, where)
    for at, rule in enumerate(equation.rules):
        where = np.asarray(rule.applies(part), dtype=bool)
        if where.any():
            stop((len(equation.inputs), at), rule.fault, where)
    return stopped


def _sound(item: Input, column: np.ndarray) -> bool:
    """Whether nothing can be wrong with a column, told by its extremes alone; NaN anywhere makes both NaN, and compares false."""
    low, high = float(column.min()), float(column.max())
    if item.kind == "number":
        above = item.low is None or low >= item.low
        return above and (item.high is None or high <= item.high) and bool(np.isfinite(low) and np.isfinite(high))
    if item.kind == "choice":
        return low >= 0 and high < len(item.choices) and bool((column == np.floor(column)).all())
    return low >= 0 and high <= 1 and bool(((column == 0) | (column == 1)).all())


def _checked(item: Input, column: np.ndarray, cells: Sequence[tuple[Fault, np.ndarray]]) -> Iterator[tuple[Fault, np.ndarray]]:
    """Everything that can be wrong with one input, each with its rows."""
    yield from cells
    spoiled = np.logical_or.reduce([where for _, where in cells]) if cells else np.zeros(len(column), dtype=bool)
    yield Fault("missing", item.key, item.stops), np.isnan(column) & ~spoiled & item.required
    yield Fault("not_a_number", item.key, item.stops), np.isinf(column)
    finite = np.isfinite(column)
    missed = Fault("below_range", item.key, item.stops, item.low, item.high, item.unit)
    if item.low is not None:
        yield missed, finite & (column < item.low)
    if item.high is not None:
        yield replace(missed, code="above_range"), finite & (column > item.high)
    if item.kind in ("flag", "sex"):
        yield Fault("not_yes_or_no" if item.kind == "flag" else "not_a_sex", item.key, item.stops), finite & (column != 0) & (column != 1)
    if item.kind == "choice":
        yield Fault("not_a_choice", item.key, item.stops), finite & ~np.isin(column, np.arange(len(item.choices)))


def _fill(
    equation: Equation, part: Columns, stopped: Mapping[str, np.ndarray], cut: slice, found: _Found, into: tuple[Results, Results]
) -> None:
    """Compute one part and write it into (predictors, values); NaN where it is declined."""
    made = _made(equation, part, stopped)
    for at, outcome in enumerate(equation.outcomes):
        pair = made.get(outcome.key)
        none = stopped.get(outcome.key)
        for whole, column in zip(into, pair or (np.nan, np.nan), strict=True):
            whole[outcome.key][cut] = column
            if none is not None:
                whole[outcome.key][cut][none] = np.nan
        lost = ~np.isfinite(into[1][outcome.key][cut])
        if none is not None:
            lost &= ~none
        if lost.any():
            into[1][outcome.key][cut][lost] = np.nan
            found.add((len(equation.inputs) + 1, at), Fault("not_computable", "", (outcome.key,)), cut, lost)


def _made(equation: Equation, part: Columns, stopped: Mapping[str, np.ndarray]) -> Computed:
    """The outcomes of a part. Rows in which every outcome is declined are computed as if they were the first sound row, so that an
    equation never meets what it isn't made for; `_fill` takes their numbers away."""
    if len(stopped) < len(equation.outcomes):
        return equation.compute(part)
    nothing = np.logical_and.reduce(list(stopped.values()))
    if nothing.all():
        return {}
    if not nothing.any():
        return equation.compute(part)
    stand_in = int(np.argmin(nothing))
    return equation.compute({key: np.where(nothing, column[stand_in], column) for key, column in part.items()})
