"""This is the place where a UCUM expression is read: is it one, how is it best written, and what is its size."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.domain.unit_table import ATOMS, COUNTED, PREFIXES, SAME_CODE

_ANNOTATION = r"\{[^{}]*\}"
_TOKEN = re.compile(
    rf"(?P<note>{_ANNOTATION})|(?P<sign>[/.()])|(?P<ten>10[*^])(?P<power>-?\d{{1,2}})"
    r"|(?P<name>(?:[A-Za-z%]|\[[A-Za-z0-9_']+\])+)(?P<exp>-?[1-4])?|(?P<number>100|24|12|1)(?![\d*^])"
)
_LONGEST = 60
_KEPT_NOTES = frozenset({"FEU", "DDU"})


@dataclass(frozen=True)
class Size:
    """What a unit measures: `factor` in base dimensions; numerator and denominator stay apart, so that a ratio of two
    different things (mmol/mol, mg/g) never turns into a percentage by cancelling."""

    factor: float
    above: tuple[tuple[str, int], ...]
    below: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Expression:
    """A unit as UCUM writes it, with its size."""

    text: str
    size: Size


class _NotUcumError(ValueError):
    pass


def _atom(name: str) -> tuple[str, float, tuple[tuple[str, int], ...]]:
    """The canonical spelling, factor and dimensions of one unit symbol with or without a prefix."""
    name = SAME_CODE.get(name, name)
    if name in ATOMS:
        found = ATOMS[name]
        return name, found.factor, found.dims
    prefix, rest = name[:1], SAME_CODE.get(name[1:], name[1:])
    if prefix in PREFIXES and rest in ATOMS and ATOMS[rest].metric:
        found = ATOMS[rest]
        return prefix + rest, PREFIXES[prefix] * found.factor, found.dims
    raise _NotUcumError


class _Reader:
    """Reads one expression left to right; one instance per text."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.written: list[str] = []
        self.factor = 1.0
        self.sides: tuple[dict[str, int], dict[str, int]] = ({}, {})

    def take(self) -> re.Match[str]:
        match = _TOKEN.match(self.rest)
        if not match:
            raise _NotUcumError
        self.rest = self.rest[match.end() :]
        return match

    def term(self, below: bool, depth: int) -> None:
        """component (("." | "/") component)*, with a leading "/" allowed."""
        if depth > 3:
            raise _NotUcumError
        under = below
        if self.rest.startswith("/"):
            self.written.append(self.take()["sign"])
            under = not below
        self.component(under, depth)
        while self.rest[:1] in ("/", ".") and self.rest:
            sign = self.take()["sign"]
            self.written.append(sign)
            self.component((not below) if sign == "/" else below, depth)

    def component(self, below: bool, depth: int) -> None:
        match = self.take()
        if match["sign"] == "(":
            self.written.append("(")
            self.term(below, depth + 1)
            if self.take()["sign"] != ")":
                raise _NotUcumError
            self.written.append(")")
        elif match["note"]:
            self._note(match["note"], below, alone=True)
        elif match["ten"]:
            self.written.append(f"10*{match['power']}")
            self._scale(10.0 ** int(match["power"]), below)
            self._following_note(below)
        elif match["number"]:
            self.written.append(match["number"])
            self._scale(float(match["number"]), below)
            self._following_note(below)
        elif match["name"]:
            self._unit(match["name"], int(match["exp"] or 1), below)
            self.written.append(match["exp"] or "")
            self._following_note(below)
        else:
            raise _NotUcumError

    def _unit(self, name: str, exponent: int, below: bool) -> None:
        written, factor, dims = _atom(name)
        self.written.append(written)
        self._scale(factor**exponent, below)
        for dim, power in dims:
            self._dim(dim, power * exponent, below)

    def _scale(self, factor: float, below: bool) -> None:
        self.factor = self.factor / factor if below else self.factor * factor

    def _dim(self, dim: str, power: int, below: bool) -> None:
        side = self.sides[below != (power < 0)]
        side[dim] = side.get(dim, 0) + abs(power)

    def _following_note(self, below: bool) -> None:
        if self.rest.startswith("{"):
            self._note(self.take()["note"], below, alone=False)

    def _note(self, note: str, below: bool, alone: bool) -> None:
        self.written.append(note)
        said = note[1:-1]
        if said in _KEPT_NOTES or (alone and said not in COUNTED):
            self._dim(note, 1, below)


def read(text: str) -> Expression | None:
    """The expression, or None where the text is not UCUM of the atoms known here. Case matters, as in UCUM."""
    if not text or len(text) > _LONGEST or not text.isascii():
        return None
    reader = _Reader(text)
    try:
        reader.term(below=False, depth=0)
    except _NotUcumError:
        return None
    if reader.rest or (text.isdigit() and text != "1"):
        return None
    above, below = (tuple(sorted(side.items())) for side in reader.sides)
    return Expression("".join(reader.written), Size(reader.factor, above, below))
