"""This is the place where what stands in a cell of a file becomes a number, a yes or no, a sex, a choice, or nothing: any text, never an error.

NaN means that the cell is empty; `WRONG` (an infinity, so that it can never be taken for a measurement) that what stands there can't be read. A decimal
comma, a unit beside the number or a "<" is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from math import inf, nan

import numpy as np

from core.risk.terms import FEMALE, MALE

WRONG = inf
EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_YES = frozenset({"true", "yes", "y", "t", "是", "有"})
_NO = frozenset({"false", "no", "n", "f", "否", "无"})
_MALE = frozenset({"male", "m", "man", "男", "男性"})
_FEMALE = frozenset({"female", "f", "woman", "女", "女性"})
_ALSO = {"alert": "a", "confusion": "c", "voice": "v", "pain": "p", "unresponsive": "u", "north_america": "na", "non_north_america": "non_na"}
"""Further ways of writing a choice."""

Read = Callable[[str], float]


def number(text: str) -> float:
    """A number with a decimal point."""
    bare = text.strip()
    if _NUMBER.fullmatch(bare):
        return float(bare)
    return nan if bare.lower() in EMPTY else WRONG


def flag(text: str) -> float:
    """1.0 for yes, 0.0 for no."""
    bare = text.strip().lower()
    if bare in _YES:
        return 1.0
    if bare in _NO:
        return 0.0
    found = number(bare)
    return found if found != found or found in (0.0, 1.0) else WRONG


def sex(text: str) -> float:
    """`MALE` or `FEMALE`. A number says neither: nobody knows which is which."""
    bare = text.strip().lower()
    if bare in _MALE:
        return MALE
    if bare in _FEMALE:
        return FEMALE
    return nan if bare in EMPTY else WRONG


def is_female(text: str) -> float:
    """The sex, of a column that says whether it is female."""
    found = flag(text)
    return 1.0 - found if found in (0.0, 1.0) else found


def a_choice(choices: tuple[str, ...]) -> Read:
    """The place of a choice; capitals, spaces and hyphens don't count. "NA" in capitals is refused where "na" is a choice (North America): it may as well
    mean that nobody knows."""
    places = {choice.lower(): float(at) for at, choice in enumerate(choices)}

    def read(text: str) -> float:
        bare = text.strip()
        if bare == "NA" and "na" in places:
            return WRONG
        plain = re.sub(r"[\s-]+", "_", bare.lower())
        for form in (plain, _ALSO.get(plain, plain)):
            if form in places:
                return places[form]
        value = number(bare)
        written = f"{value:g}"
        return places.get(written, value if value != value else WRONG)

    return read


def column(texts: Iterable[str], read: Read) -> np.ndarray:
    """A column of texts, each different one read once."""
    known: dict[str, float] = {}
    found = []
    for text in texts:
        value = known.get(text)
        if value is None:
            value = known[text] = read(text)
        found.append(value)
    return np.array(found, dtype=float)
