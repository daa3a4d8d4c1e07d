"""This is the place where a long JSON document is cut into its entries while it is being read, in constant memory.

Only quotes, backslashes and brackets matter for finding where an entry begins and ends; numpy finds them a chunk at a
time. Each entry comes out as the bytes it was sent as; what is left (the document without its entries) is the skeleton.
Whether both are good JSON is for the caller to see when it parses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from core.errors import FileRefused

_QUOTE, _BACKSLASH = 1, 2
_OPENING, _CLOSING = (3, 4), (5, 6)
_KINDS = np.zeros(256, np.uint8)
for _byte, _kind in zip(b'"\\{[}]', (1, 2, 3, 4, 5, 6), strict=True):
    _KINDS[_byte] = _kind
_ENTRY_KEY = re.compile(rb'"entry"\s*:\s*\[$')
_LOOK_BACK = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """`what` is "element" (an object or array in the list), "between" (elements that are neither, as JSON text with commas
    between them), "too_large" (an element past the limit, left out) or "skeleton" (comes last). `at` is the byte offset."""

    what: str
    data: bytes
    at: int


@dataclass(slots=True)
class Splitter:
    """Cuts one document: the elements of a top-level array, or of the array under the top-level key "entry".

    `buffer` holds the bytes from offset `begin` on, of which those before `base` are done with.
    """

    largest: int
    depth: int = 0
    in_string: bool = False
    odd_backslash: bool = False
    array_depth: int = 0
    root: bytes = b""
    begin: int = 0
    base: int = 0
    buffer: bytearray = field(default_factory=bytearray)
    skeleton: bytearray = field(default_factory=bytearray)
    element_at: int = -1
    skipping: bool = False
    elements: int = 0

    def pieces(self, chunks: Iterable[bytes]) -> Iterator[Piece]:
        """Every piece in order. Raises FileRefused where the brackets don't close ("truncated") or close too early."""
        for chunk in chunks:
            start = self._end
            self.buffer += chunk
            for at, step, depth in self._brackets(chunk, start):
                yield from self._at_bracket(at, step, depth)
            self._let_go()
        if self.depth or self.in_string:
            raise FileRefused("truncated", place=f"byte {self._end}", need="the end of the document")
        self._to_skeleton(self._end)
        yield Piece("skeleton", bytes(self.skeleton), 0)

    def _brackets(self, chunk: bytes, start: int) -> list[tuple[int, int, int]]:
        """(offset, +1 or -1, depth after it) of the brackets near the top, those inside strings left out."""
        kinds = _KINDS[np.frombuffer(chunk, np.uint8)]
        places = np.flatnonzero(kinds)
        kinds = kinds[places]
        quotes = kinds == _QUOTE
        if self.odd_backslash or (kinds == _BACKSLASH).any():
            quotes &= ~self._escaped(chunk, places, kinds)
        outside = (np.cumsum(quotes) + self.in_string) % 2 == 0
        self.in_string = bool((int(quotes.sum()) + self.in_string) % 2)
        real = (kinds >= _OPENING[0]) & outside
        places, steps = places[real], np.where(kinds[real] <= _OPENING[1], 1, -1)
        depths = self.depth + np.cumsum(steps)
        if len(depths):
            if int(depths.min()) < 0:
                raise FileRefused("not_json", place=f"byte {start + int(places[int(depths.argmin())])}", need="matching brackets")
            self.depth = int(depths[-1])
        near = np.where(steps > 0, depths <= 3, depths <= 2)
        return list(zip((places[near] + start).tolist(), steps[near].tolist(), depths[near].tolist(), strict=True))

    def _escaped(self, chunk: bytes, places: np.ndarray, kinds: np.ndarray) -> np.ndarray:
        """For each place whether an odd run of backslashes stands right before it."""
        slashes = places[kinds == _BACKSLASH]
        carried = self.odd_backslash
        first = np.flatnonzero(np.diff(slashes, prepend=-2) != 1)
        lengths = np.diff(first, append=len(slashes))
        begins = slashes[first]
        odd = lengths % 2 == 1
        if carried and len(begins) and begins[0] == 0:
            odd[0] = not odd[0]
        ends = (begins + lengths)[odd]
        if carried and not (len(begins) and begins[0] == 0):
            ends = np.append(ends, 0)
        self.odd_backslash = bool(len(ends) and (ends == len(chunk)).any())
        return np.isin(places, ends)

    @property
    def _end(self) -> int:
        return self.begin + len(self.buffer)

    def _bytes(self, at: int, end: int) -> bytes:
        return bytes(self.buffer[at - self.begin : end - self.begin])

    def _at_bracket(self, at: int, step: int, depth: int) -> Iterator[Piece]:
        if not self.array_depth:
            if step > 0 and self._opens_entries(at, depth):
                self._to_skeleton(at + 1)
                self.array_depth = depth
        elif step > 0 and depth == self.array_depth + 1:
            yield from self._between(at)
            self.element_at = at
        elif step < 0 and depth == self.array_depth:
            yield self._element(at + 1)
        elif step < 0 and depth == self.array_depth - 1:
            yield from self._between(at, closing=True)
            self.array_depth = 0

    def _opens_entries(self, at: int, depth: int) -> bool:
        sign = self._bytes(at, at + 1)
        self.root = self.root or sign
        if sign != b"[" or depth > 2:
            return False
        if depth == 1:
            return True
        before = bytes(self.skeleton[-_LOOK_BACK:]) + self._bytes(max(self.base, at - _LOOK_BACK), at + 1)
        return self.root == b"{" and bool(_ENTRY_KEY.search(before))

    def _element(self, end: int) -> Piece:
        at, self.element_at = self.element_at, -1
        data = b"" if self.skipping else self._bytes(at, end)
        too_large = self.skipping or len(data) > self.largest
        self.skipping = False
        self.base = end
        self.elements += 1
        return Piece("too_large" if too_large else "element", b"" if too_large else data, at)

    def _between(self, at: int, *, closing: bool = False) -> Iterator[Piece]:
        """What stands before an element or before the end of the list: a comma where one is due, and plain values."""
        said = self._bytes(self.base, at).strip(b" \t\r\n")
        start, self.base = self.base, at
        before, after = (b"," if self.elements else b""), (b"" if closing else b",")
        if said == (b"" if closing or not self.elements else b","):
            return
        plain = said[len(before) : len(said) - len(after)].strip()
        if not (plain and said.startswith(before) and said.endswith(after)):
            raise FileRefused("not_json", place=f"byte {start}", need="one comma between two entries")
        yield Piece("between", plain, start)

    def _let_go(self) -> None:
        """After a chunk: keep in the buffer what an open element needs, put the rest away."""
        end = self._end
        if not self.array_depth:
            self._to_skeleton(end)
        elif self.element_at >= 0 and end - self.element_at > self.largest:
            self.skipping = True
            self.base = end
        elif self.element_at < 0 and end - self.base > self.largest:
            raise FileRefused("not_json", place=f"byte {self.base}", need="entries in the list")
        del self.buffer[: self.base - self.begin]
        self.begin = self.base

    def _to_skeleton(self, end: int) -> None:
        self.skeleton += self._bytes(self.base, end)
        self.base = end
        if len(self.skeleton) > self.largest:
            raise FileRefused("entry_too_large", limit=self.largest)
