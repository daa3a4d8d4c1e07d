"""This is the place where the plain stretches of an Apple Health export are read by their pattern, faster than any parser.

Nine tenths of an export are records one like the other, with the attributes in Apple's order. A stretch is plain where every "<"
of it belongs to such a record or its metadata, all closed: then XML leaves nothing open in it. What is not plain to the last
bracket goes to the parser, which is the reference: on any well-formed file both ways give the same.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from core.sources.wearables.apple_groups import Group
from core.sources.wearables.apple_sink import NOTED, Sink

_RECORD = re.compile(
    r'<Record (type="[^"]*" sourceName="[^"]*")(?: sourceVersion="[^"]*")?(?: device="[^"]*")?(?: unit="([^"]*)")?(?: creationDate="[^"]*")?'
    r' startDate="([^"&\n\t\r]*)" endDate="([^"&\n\t\r]*)"(?: value="([^"&\n\t\r]*)")?'
    r'(/>|>(?:\s*<MetadataEntry key="[^"]*" value="[^"]*"/>)*\s*</Record>)'
)
_BEGINNING = re.compile(r'[^<>]*? device="([^"]*)"')
_NOTED = re.compile(rf'<MetadataEntry key="({"|".join(sorted(NOTED))})" value="([^"]*)"')
_EMPTY = "/>"
_MOST = 4_000

Notes = tuple[int, tuple[tuple[str, str], ...]]
"""The brackets of a record's end, and what of its metadata matters."""


class Plain:
    """Takes plain stretches for a sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._tails: dict[str, Notes] = {}

    def take(self, piece: bytes) -> bool:
        """Whether the piece was plain; then all its records have been taken, else none."""
        text = piece.decode()
        found = _RECORD.findall(text)
        tails = self._tails
        if len(tails) > _MOST:
            tails.clear()
        brackets = len(found)
        for _, _, _, _, _, tail in found:
            if tail != _EMPTY:
                known = tails.get(tail)
                if known is None:
                    known = tails[tail] = _notes(tail)
                brackets += known[0]
        if not found or brackets != text.count("<"):
            return False
        groups = self._groups({(opening, unit) for opening, unit, _, _, _, _ in found}, text)
        if groups is None:
            return False
        for opening, unit, start, end, value, tail in found:
            group = groups[opening, unit]
            group.rows += (start, end, value)
            if tail != _EMPTY:
                for key, said in tails[tail][1]:
                    self._sink.note(group, key, said)
        self._sink.all_closed()
        return True

    def _groups(self, keys: set[tuple[str, str]], text: str) -> dict[tuple[str, str], Group] | None:
        """The group of each way a record begins here; None where one is not well formed."""
        known = self._sink.by_opening
        for opening, unit in keys - known.keys():
            device = _BEGINNING.match(text, text.index(opening) + len(opening))
            more = f' device="{device[1]}"' if device else ""
            attributes = _attributes(f'<Record {opening}{more} unit="{unit}"/>')
            if attributes is None:
                return None
            known[opening, unit] = self._sink.group_of(attributes)
        return known


def _notes(tail: str) -> Notes:
    return tail.count("<"), tuple(_NOTED.findall(tail)) if "HK" in tail else ()


def _attributes(text: str) -> list[str] | None:
    """The attributes of an element, or None where it is none."""
    found: list[list[str]] = []
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.StartElementHandler = lambda name, attributes: found.append(attributes)
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError:
        return None
    return found[0] if len(found) == 1 else None
