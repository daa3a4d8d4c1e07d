"""This is the place where the elements of a long JSON file come out piece by piece, in constant memory.

The elements of a list (the file itself, or lists under the names of its one object), lines of JSON, and at last the object without
its lists. A damaged element loses itself; where a quote or a bracket was lost, the next whole elements are looked for. Of a file
that was cut off, the whole elements before the cut are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from core.sources.wearables.form import Member
from core.sources.wearables.json_read import DOCUMENT, LARGEST, Piece, are_lines, as_utf8, names_in, one
from core.sources.wearables.json_scan import CLOSES, COMMA, OPENS, built

_DECODER = json.JSONDecoder(strict=False)


def listed(member: Member) -> Iterator[Piece]:
    """All elements of a file, in pieces; the first that says "json_too_deep", "cut_short" ... of the whole ends it. FileRefused of the stream passes, after what was read before it."""
    reader = _Listing()
    for chunk in as_utf8(member.chunks()):
        yield from reader.take(chunk)
        if reader.mode == "done" and reader.stopped:
            return
    yield from reader.take(b"", last=True)


@dataclass(slots=True)
class _Listing:
    """Goes through a file. `buffer` begins outside of strings, at the level that `mode` says."""

    mode: str = "start"
    buffer: bytes = b""
    key: str = ""
    number: int = 0
    around: bytearray = field(default_factory=bytearray)
    stopped: bool = False
    opening: re.Pattern[bytes] | None = None

    def take(self, chunk: bytes, last: bool = False) -> Iterator[Piece]:
        self.buffer += chunk
        steps = {"start": self._start, "list": self._list, "object": self._object, "lines": self._lines}
        before = ("", -1)
        while self.mode != "done" and before != (self.mode, len(self.buffer)):
            before = (self.mode, len(self.buffer))
            yield from steps[self.mode](last)
        if self.mode == "done":
            self.buffer = b""

    def _stop(self, why: str) -> Piece:
        self.mode, self.stopped, self.buffer = "done", True, b""
        return Piece(self.key, self.number, why=why)

    def _start(self, last: bool) -> Iterator[Piece]:
        self.buffer = self.buffer.lstrip()
        if not self.buffer:
            if last:
                yield self._stop("file_empty")
            return
        sign = self.buffer[:1]
        if sign == b"[":
            self.mode, self.buffer = "list", self.buffer[1:]
        elif sign == b"{" and are_lines(self.buffer):
            self.mode = "lines"
        elif sign == b"{":
            self.mode, self.buffer = "object", self.buffer[1:]
            self.around += b"{"
        else:
            yield self._stop("not_json")

    def _list(self, last: bool) -> Iterator[Piece]:
        how = built(self.buffer)
        if how.too_deep:
            yield self._stop("json_too_deep")
            return
        end = how.first(CLOSES, -1)
        inside = how.at < end if end >= 0 else slice(None)
        commas = how.at[inside][(how.kind[inside] == COMMA) & (how.depth[inside] == 0)]
        cut = end if end >= 0 else int(commas[-1]) if len(commas) else -1
        sign = self.buffer[cut : cut + 1]
        if cut >= 0:
            block, self.buffer = self.buffer[:cut], self.buffer[cut + 1 :]
            yield from self._elements(block)
        if sign == b"}" and self.buffer.strip():
            yield Piece(self.key, self.number, why="not_json")  # a bracket too many
        elif end >= 0:
            self.around += b"]"
            self.mode = "object" if self.key else "done"
            if self.mode == "done" and self.buffer.strip():
                yield Piece("", self.number, why="not_json")
        elif last:
            yield from self._rest_of_list()
        elif len(self.buffer) > LARGEST:
            yield from self._oversize()

    def _rest_of_list(self) -> Iterator[Piece]:
        """What stands before the end of a file that was cut off inside a list."""
        rest, self.buffer = self.buffer.strip(), b""
        if rest:
            item, why = one(rest)
            if why:
                yield from self._salvaged(rest)
            else:
                yield Piece(self.key, self.number, [item])
        yield self._stop("cut_short")

    def _oversize(self) -> Iterator[Piece]:
        found = list(self._salvaged(self.buffer))
        yield from found
        if any(one.items for one in found):
            self.buffer = b""
        else:
            yield self._stop("entry_too_large")

    def _elements(self, block: bytes) -> Iterator[Piece]:
        if not block.strip():
            return
        try:
            items = orjson.loads(b"[" + block + b"]")
        except orjson.JSONDecodeError:
            items = None
        how = built(block)
        if items is not None and how.colons == names_in(items):
            self._learn(items)
            yield Piece(self.key, self.number, items)
            self.number += len(items)
            return
        edges = [-1, *how.commas(), len(block)]
        for begin, end in pairwise(edges):
            yield from self._element(block[begin + 1 : end].strip())

    def _element(self, raw: bytes) -> Iterator[Piece]:
        if not raw:
            return
        item, why = one(raw)
        if not why:
            self._learn([item])
            yield Piece(self.key, self.number, [item])
        else:
            found = list(self._salvaged(raw)) if why == "not_json" else []
            yield Piece(self.key, self.number, why=why)
            yield from found
        self.number += 1

    def _learn(self, items: list[Any]) -> None:
        if self.opening is None and items and isinstance(items[0], dict) and items[0]:
            name = next(iter(items[0])).encode("utf-8", "replace")
            self.opening = re.compile(rb'[\[,{\s]\s*(\{\s*"' + re.escape(name) + rb'"\s*:)')

    def _salvaged(self, raw: bytes) -> Iterator[Piece]:
        """Whole elements behind a damaged one that swallowed them: a quote or a bracket was lost."""
        text = raw.decode("utf-8", "replace")
        if self.opening is None or built(raw[:65_536]).too_deep:
            return
        opening = re.compile(self.opening.pattern.decode("utf-8", "replace"))
        at, items = 1, []
        while found := opening.search(text, at):
            try:
                item, at = _DECODER.raw_decode(text, found.start(1))
                items.append(item)
            except (ValueError, RecursionError):
                at = found.start(1) + 1
        if items:
            yield Piece(self.key, self.number, items)
            self.number += len(items)

    def _object(self, last: bool) -> Iterator[Piece]:
        how = built(self.buffer)
        if how.too_deep:
            yield self._stop("json_too_deep")
            return
        end = how.first(CLOSES, -1)
        opened = how.at[(how.kind == OPENS) & (how.depth == 1)].tolist()
        lists = [at for at in opened if self.buffer[at] == ord("[") and (end < 0 or at < end)]
        if lists:
            self._move(lists[0] + 1)
            found = re.search(rb'"((?:[^"\\]|\\.)*)"\s*:\s*\[$', bytes(self.around[-400:]))
            self.key = found[1].decode("utf-8", "replace") if found else "?"
            self.mode, self.number = "list", 0
        elif end >= 0:
            self._move(end + 1)
            yield from self._whole()
            self.buffer = self.buffer.lstrip()
            self.key, self.number = "", 0
            self.mode = "lines" if self.buffer[:1] == b"{" else "done"
            if self.mode == "done" and self.buffer:
                yield Piece(DOCUMENT, 0, why="not_json")
        else:
            commas = how.commas()
            self._move(commas[-1] + 1 if commas else 0)
            if len(self.buffer) > LARGEST or len(self.around) > LARGEST:
                yield self._stop("entry_too_large")
            elif last:
                yield self._stop("cut_short")

    def _move(self, end: int) -> None:
        self.around += self.buffer[:end]
        self.buffer = self.buffer[end:]

    def _whole(self) -> Iterator[Piece]:
        item, why = one(bytes(self.around))
        yield Piece(DOCUMENT, 0, [] if why else [item], why)
        self.around = bytearray()

    def _lines(self, last: bool) -> Iterator[Piece]:
        *lines, rest = self.buffer.split(b"\n")
        self.buffer = rest
        if len(rest) > LARGEST:
            yield self._stop("entry_too_large")
            return
        if last and rest.strip():
            lines.append(rest)
            self.buffer = b""
        for number, line in enumerate(lines):
            if line.strip():
                item, why = one(line.strip())
                cut = last and number == len(lines) - 1 and why == "not_json"
                yield Piece("", self.number, [] if why else [item], "cut_short" if cut else why)
                self.number += 1
