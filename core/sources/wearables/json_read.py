"""This is the place where the JSON of a device becomes Python values, a short document as a whole (long ones: json_list.py).

Depth is looked at before anything is parsed. UTF-8 with or without its mark and UTF-16 are read. NaN and infinities come as such. An
object that says one name twice cannot be trusted: it is a fault. A document that was cut off keeps the whole elements of its
outermost list.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from core.sources.wearables.csv_rows import encoding_of
from core.sources.wearables.form import Member
from core.sources.wearables.json_scan import Glance, built, glance, mended

LARGEST = 4_000_000
"""Bytes of one element of a list, and of all that stands beside the lists."""
WHOLE = 16_000_000
"""Bytes of a document that is read as a whole."""
NODES = 600_000
"""Values in such a document."""
DOCUMENT = "{}"
"""The key of the piece that is the object around the lists."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Elements that follow each other in one list: `key` the name that the list has in the file's object ("" for the file's own list
    or lines, DOCUMENT for the object itself), `first` the number of the first, or `why` there is none."""

    key: str = ""
    first: int = 0
    items: list[Any] = field(default_factory=list)
    why: str = ""


def glance_at(head: bytes) -> Glance:
    """What the first bytes of a file tell, whatever they are written in."""
    return glance(b"".join(as_utf8([head])))


def as_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    decoder: codecs.IncrementalDecoder | None = None
    first = True
    for chunk in chunks:
        if first:
            first = False
            encoding = encoding_of(chunk[:65_536])
            if encoding.startswith("utf-16"):
                decoder = codecs.getincrementaldecoder(encoding)("replace")
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        yield decoder.decode(chunk).removeprefix("\ufeff").encode("utf-8", "replace") if decoder else chunk


def are_lines(text: bytes) -> bool:
    """Whether this is an object a line: the first line is a whole one and another begins after it, or, where the first is damaged,
    the two after it are whole (no list is written so, without commas)."""
    first, second, third = ([line for line in text.split(b"\n", 6)[:6] if line.strip()] + [b""] * 3)[:3]
    if text.partition(b"\n")[2].lstrip()[:1] != b"{":
        return False
    if _whole_line(first):
        return True
    return _whole_line(second) and _whole_line(third)


def _whole_line(line: bytes) -> bool:
    line = line.strip()
    return line.startswith(b"{") and line.endswith(b"}") and not one(line)[1]


def one(raw: bytes) -> tuple[Any, str]:
    """(value, "") or (None, why there is none)."""
    how = built(raw)
    if how.too_deep:
        return None, "json_too_deep"
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        try:
            found = json.loads(raw.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None, "not_json"
    return (found, "") if how.colons == names_in(found) else (None, "two_values")


def names_in(value: Any) -> int:
    """How many names stand in a value, at any depth."""
    count, level = 0, [value]
    while level:
        inner: list[Any] = []
        for found in level:
            if type(found) is dict:
                count += len(found)
                inner += found.values()
            elif type(found) is list:
                inner += found
        level = [found for found in inner if type(found) is dict or type(found) is list]
    return count


def documents(member: Member) -> Iterator[Piece]:
    """The short documents of a file (one, or one a line), each a piece with one item; a file too large for that is a fault."""
    taken = bytearray()
    for chunk in as_utf8(member.chunks()):
        taken += chunk
        if len(taken) > WHOLE:
            yield Piece(DOCUMENT, 0, why="too_large")
            return
    data = bytes(taken).strip()
    if not data:
        yield Piece(DOCUMENT, 0, why="file_empty")
    elif built(data[:65_536]).too_deep:
        yield Piece(DOCUMENT, 0, why="json_too_deep")
    elif sum(data.count(sign) for sign in (b",", b"[", b"{")) > NODES:
        yield Piece(DOCUMENT, 0, why="too_large")
    elif data[:1] == b"{" and are_lines(data):
        for number, line in enumerate(line for line in data.split(b"\n") if line.strip()):
            item, why = one(line.strip())
            yield Piece(DOCUMENT, number, [] if why else [item], why)
    else:
        yield from _document(data)


def _document(data: bytes) -> Iterator[Piece]:
    item, why = one(data)
    how = built(data)
    if why == "not_json" and (how.open > 0 or how.in_string):
        whole = mended(data, how)
        item, why = one(whole) if whole else (None, "not_json")
        yield Piece(DOCUMENT, 0, why="cut_short")
        if not why:
            yield Piece(DOCUMENT, 0, [item])
        return
    yield Piece(DOCUMENT, 0, [] if why else [item], why)
