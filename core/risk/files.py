"""This is the place where the columns of a file become the inputs of an equation: by the name of the column, with the unit that stands beside it.

A column is found by the published name of an input, its key, or one of its other names; capitals, spaces and hyphens don't count. `<column>_unit` holds each
row's unit, as people write it; a value without one there, or with one that doesn't fit, spoils its row alone. What isn't found is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.units import linear, ucum
from core.risk import cells
from core.risk.equation import Evaluated, Unreadable, evaluate
from core.risk.terms import Columns, Equation, Fault, Input
from core.risk.vocabulary import TERMS

Cells = Mapping[str, Sequence[str]]
"""Columns of text by their heading, all of one length."""
_UNREADABLE = {"number": "not_a_number", "flag": "not_yes_or_no", "sex": "not_a_sex", "choice": "not_a_choice"}
_SEXES: Mapping[str, cells.Read] = {"sex": cells.sex, "gender": cells.sex, "male": cells.flag, "female": cells.is_female}


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """What a file holds for an equation: columns by input key, what couldn't be read, and the headings of needed inputs that it lacks."""

    columns: Columns
    unreadable: Unreadable
    lacking: tuple[str, ...]

    def evaluated(self, equation: Equation) -> Evaluated:
        """The equation applied to it."""
        return evaluate(equation, self.columns, self.unreadable)


def read(equation: Equation, given: Cells, size: int) -> Table:
    """Read the inputs of an equation. `size` is the number of rows. Never raises, whatever the texts are."""
    headings = _plain(given)
    columns: dict[str, np.ndarray] = {}
    unreadable: dict[str, list[tuple[Fault, np.ndarray]]] = {}
    lacking = []
    for item in equation.inputs:
        found = _sexes(headings) if item.kind == "sex" else _named(item, headings)
        if not found:
            columns[item.key] = np.full(size, np.nan)
            lacking += [item.name] if item.required else []
            continue
        column, faults = _sex(item, found, given) if item.kind == "sex" else _one(item, found[0], given, headings)
        columns[item.key] = column
        unreadable[item.key] = [(fault, where) for fault, where in faults if where.any()]
    return Table(columns, unreadable, tuple(lacking))


def plain(heading: str) -> str:
    """A heading without what doesn't count."""
    return re.sub(r"[\s-]+", "_", heading.strip().lower())


def _plain(given: Iterable[str]) -> dict[str, str]:
    """Plain heading -> heading as it stands; of two that are alike, the one written plainly, else the first."""
    found: dict[str, str] = {}
    for heading in given:
        if heading == plain(heading):
            found[heading] = heading
        else:
            found.setdefault(plain(heading), heading)
    return found


def _named(item: Input, headings: Mapping[str, str]) -> list[str]:
    return [headings[name] for name in dict.fromkeys((item.name, item.key, *item.also)) if name in headings]


def _sexes(headings: Mapping[str, str]) -> list[str]:
    return [headings[name] for name in _SEXES if name in headings]


def _sex(item: Input, found: Sequence[str], given: Cells) -> tuple[np.ndarray, list[tuple[Fault, np.ndarray]]]:
    """The sex by whichever columns there are; what they don't agree on is refused."""
    read_all = [cells.column(given[heading], _SEXES[plain(heading)]) for heading in found]
    column = read_all[0]
    against = np.zeros(len(column), dtype=bool)
    for other in read_all[1:]:
        against |= np.isfinite(column) & np.isfinite(other) & (column != other)
        column = np.where(np.isnan(column), other, column)
    wrong = np.isinf(column)
    column = np.where(wrong | against, np.nan, column)
    return column, [(Fault("not_a_sex", item.key, item.stops), wrong), (Fault("contradiction", item.key, item.stops), against)]


def _one(item: Input, heading: str, given: Cells, headings: Mapping[str, str]) -> tuple[np.ndarray, list[tuple[Fault, np.ndarray]]]:
    how = {"number": cells.number, "flag": cells.flag}.get(item.kind) or cells.a_choice(item.choices)
    column = cells.column(given[heading], how)
    wrong = np.isinf(column)
    column = np.where(wrong, np.nan, column)
    faults = [(Fault(_UNREADABLE[item.kind], item.key, item.stops), wrong)]
    units = headings.get(f"{plain(heading)}_unit") or headings.get(f"{item.key}_unit")
    if item.kind == "number" and units:
        known = ~np.isnan(column)
        column = _converted(item, column, given[units])
        faults.append((Fault("unit_unknown", item.key, item.stops), known & np.isnan(column)))
    return column, faults


def _converted(item: Input, column: np.ndarray, units: Sequence[str]) -> np.ndarray:
    """The values in the unit of the input; NaN where the unit is unknown or can't become it."""
    texts = [text.strip() for text in units]
    factors = {text: _factors(item, text) for text in set(texts)}
    mult = np.array([factors[text][0] for text in texts], dtype=float)
    add = np.array([factors[text][1] for text in texts], dtype=float)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(mult == 1.0, column + add, column * mult + add)


def _factors(item: Input, text: str) -> tuple[float, float]:
    unit = ucum(text)
    if unit is None:
        return np.nan, np.nan
    for other, mult, add in item.conversions:
        if unit == other:
            return mult, add
    return linear(unit, item.unit, TERMS[item.key].signal) or (np.nan, np.nan)
