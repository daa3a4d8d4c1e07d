"""This is the place where it is found how JSON is built, before anybody parses it: brackets, commas and colons outside of strings.

numpy finds them, so that a file of a million brackets costs nothing and is refused by its depth (`DEEPEST`), a file that was cut off is
seen as such, and a list can be taken apart where its elements end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DEEPEST = 64
"""Levels of brackets; no export of a device needs twenty."""
QUOTE, BACKSLASH, OPENS, CLOSES, COMMA, COLON = 1, 2, 3, 4, 5, 6
_KINDS = np.zeros(256, np.uint8)
for _byte, _kind in zip(b'"\\{[}],:', (QUOTE, BACKSLASH, OPENS, OPENS, CLOSES, CLOSES, COMMA, COLON), strict=True):
    _KINDS[_byte] = _kind


@dataclass(frozen=True, eq=False, slots=True)
class Built:
    """`at` int64 byte offsets, `kind` uint8 (OPENS, CLOSES, COMMA, COLON) and `depth` int32 after each, counted from the beginning
    of the bytes (which stand outside of any string). `in_string`: the bytes end inside a string."""

    at: np.ndarray
    kind: np.ndarray
    depth: np.ndarray
    in_string: bool

    @property
    def too_deep(self) -> bool:
        return bool(len(self.depth)) and int(self.depth.max()) > DEEPEST

    @property
    def open(self) -> int:
        """How many brackets are open at the end."""
        return int(self.depth[-1]) if len(self.depth) else 0

    def first(self, kind: int, depth: int) -> int:
        """Where the first of a kind that leaves this depth behind it stands, or -1."""
        found = np.flatnonzero((self.kind == kind) & (self.depth == depth))
        return int(self.at[found[0]]) if len(found) else -1

    def commas(self) -> list[int]:
        """Where the commas of the outermost level stand."""
        return [int(one) for one in self.at[(self.kind == COMMA) & (self.depth == 0)]]

    @property
    def colons(self) -> int:
        """How many names stand before values."""
        return int(np.count_nonzero(self.kind == COLON))


def built(data: bytes) -> Built:
    """How bytes that begin outside of any string are built."""
    kinds = _KINDS[np.frombuffer(data, np.uint8)]
    places = np.flatnonzero(kinds)
    kinds = kinds[places]
    quotes = kinds == QUOTE
    if (kinds == BACKSLASH).any():
        quotes &= ~np.isin(places, _after_odd(places[kinds == BACKSLASH]))
    inside = np.logical_xor.accumulate(quotes) if len(quotes) else quotes
    real = (kinds >= OPENS) & ~inside
    kinds, places = kinds[real], places[real]
    steps = (kinds == OPENS).astype(np.int8) - (kinds == CLOSES).astype(np.int8)
    return Built(places, kinds, np.cumsum(steps, dtype=np.int32), bool(inside[-1]) if len(inside) else False)


def _after_odd(slashes: np.ndarray) -> np.ndarray:
    """The offsets right behind an odd run of backslashes."""
    first = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
    lengths = np.diff(first, append=len(slashes))
    return (slashes[first] + lengths)[lengths % 2 == 1]


def mended(data: bytes, how: Built) -> bytes | None:
    """A document that was cut off, up to the last whole element of its outermost list that is still open; None where none is."""
    for level in range(1, how.open + 1):
        opening = np.flatnonzero((how.kind == OPENS) & (how.depth == level))[-1]
        if data[how.at[opening]] != ord("["):
            continue
        after = slice(int(opening) + 1, None)
        commas = np.flatnonzero((how.kind[after] == COMMA) & (how.depth[after] == level))
        closed = np.flatnonzero((how.kind[after] == CLOSES) & (how.depth[after] == level))
        ends = [int(how.at[opening]) + 1]
        if len(commas):
            ends.append(int(how.at[after][commas[-1]]))
        if len(closed):
            ends.append(int(how.at[after][closed[-1]]) + 1)
        return data[: max(ends)].rstrip(b", \t\r\n") + b"]" + _closers(data, how, level - 1)
    return None


def _closers(data: bytes, how: Built, levels: int) -> bytes:
    """What closes the brackets of the outer levels."""
    closing = b""
    for level in range(1, levels + 1):
        opening = np.flatnonzero((how.kind == OPENS) & (how.depth == level))[-1]
        closing = (b"]" if data[how.at[opening]] == ord("[") else b"}") + closing
    return closing


@dataclass(frozen=True, slots=True)
class Glance:
    """What the first bytes of a file tell: `root` "[" or "{" ("" where it is no JSON), `names` the names of the first object (the
    root itself, or the first element of a list), `inner` those inside them, `text` the bytes."""

    root: str
    names: frozenset[str]
    inner: frozenset[str]
    text: bytes

    @property
    def health_record(self) -> bool:
        """Whether this is FHIR, which is not ours to read."""
        return "resourceType" in self.names


NO_GLANCE = Glance("", frozenset(), frozenset(), b"")


def glance(text: bytes) -> Glance:
    """A look at the beginning of a file (UTF-8 without its mark), which may end anywhere."""
    text = text.lstrip()
    if text[:1] not in (b"[", b"{"):
        return NO_GLANCE
    how = built(text)
    level = 1
    if text[:1] == b"[":
        if text[1:2000].lstrip()[:1] != b"{":
            return Glance("[", frozenset(), frozenset(), text)
        level = 2
    ends = np.flatnonzero((how.kind == CLOSES) & (how.depth == level - 1))
    until = int(how.at[ends[0]]) if len(ends) else len(text)
    here = how.at < until
    return Glance(text[:1].decode(), _names(text, how, here, level), _names(text, how, here, level + 1), text)


def _names(text: bytes, how: Built, here: np.ndarray, level: int) -> frozenset[str]:
    colons = how.at[here & (how.kind == COLON) & (how.depth == level)][:500]
    found = set()
    for colon in colons.tolist():
        before = text[max(0, colon - 200) : colon].rstrip()
        if before.endswith(b'"'):
            found.add(before[before.rfind(b'"', 0, -1) + 1 : -1].decode("utf-8", "replace"))
    return frozenset(found)
