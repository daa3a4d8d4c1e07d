"""This is the place where the numbers in a file's cells are read, with their decimal points and commas."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

FINE, EMPTY, WRONG = 0, 1, 2
"""What a cell is: a number, nothing, something else."""

NOTHING = frozenset({"", "null", "nan", "na", "n/a", "none", "-", "--", "nil"})
"""Ways in which exports write that there is no value."""

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")


def number(cell: str, comma: bool = False) -> float | None:
    """The number a cell holds, or None. `comma`: cells may have a decimal comma and a point between thousands ("1.234,5");
    else a comma between threes is one between thousands ("1,234"), any other a decimal comma ("5,8")."""
    text = cell.strip()
    if "_" in text:
        return None
    if "," in text:
        if comma:
            text = text.replace(".", "").replace(",", ".") if text.count(",") == 1 else ""
        elif _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        else:
            text = text.replace(",", ".") if "." not in text else ""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def numbers(cells: Sequence[str], comma: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """(values float64, what each cell is: FINE, EMPTY or WRONG)."""
    n = len(cells)
    try:
        values = np.fromiter(map(float, cells), np.float64, n)
    except ValueError:
        return _one_by_one(cells, comma)
    if np.isfinite(values).all() and "_" not in "".join(cells):
        return values, np.zeros(n, np.uint8)
    return _one_by_one(cells, comma)


def _one_by_one(cells: Sequence[str], comma: bool) -> tuple[np.ndarray, np.ndarray]:
    values, state = np.zeros(len(cells)), np.zeros(len(cells), np.uint8)
    for at, cell in enumerate(cells):
        found = number(cell, comma)
        if found is not None:
            values[at] = found
        else:
            state[at] = EMPTY if cell.strip().lower() in NOTHING else WRONG
    return values, state
