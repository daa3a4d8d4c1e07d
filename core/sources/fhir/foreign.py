"""This is the place where foreign JSON is taken by kind: what is missing is empty, what is of the wrong kind is noted with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import nh3

Node = dict[str, Any]

LONGEST = 4_000
"""Characters of one text that are kept; the original keeps all."""

_TAG = re.compile(
    r"<[/!?]?[A-Za-z][^<>]*>|<!--|<(?:script|style|img|svg|iframe|object|embed|link|meta|form|input)\b", re.IGNORECASE
)
"""A whole tag, or the beginning of one that could do harm; "a <b" in a text is none."""


@dataclass(slots=True)
class Notes:
    """What was odd about one record: (reason code, element) in the order in which it was met, each once."""

    found: dict[tuple[str, str], None] = field(default_factory=dict)

    def add(self, code: str, place: str) -> None:
        if len(self.found) < 50:
            self.found[code, place] = None


def text_of(node: Node, key: str, notes: Notes, at: str = "") -> str:
    """The text under a key, without spaces around it."""
    value = node.get(key)
    if value is None:
        return ""
    if type(value) is str:
        return clean(value)
    notes.add("wrong_kind", f"{at}{key}")
    return ""


def clean(value: str) -> str:
    """Plain text fit to keep: no markup, no zero bytes, no endless length."""
    value = value[: LONGEST * 2].strip()
    if "\x00" in value:
        value = value.replace("\x00", "")
    if "<" in value and _TAG.search(value):
        value = _without_tags(value)
    return value if len(value) <= LONGEST else value[:LONGEST] + "…"


def _without_tags(value: str) -> str:
    plain = nh3.clean(value, tags=set(), clean_content_tags={"script", "style"}).strip()
    opened = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
    return plain if _TAG.search(opened) else opened


def node_of(node: Node, key: str, notes: Notes, at: str = "") -> Node | None:
    """The object under a key; the first one where there is a list (releases differ in that)."""
    value = node.get(key)
    if value is None or type(value) is dict:
        return value
    found = nodes_of(node, key, notes, at)
    return found[0] if found else None


def nodes_of(node: Node, key: str, notes: Notes, at: str = "") -> list[Node]:
    """The objects under a key; one object counts as a list of one. Nulls are left out."""
    value = node.get(key)
    if value is None:
        return []
    if type(value) is dict:
        return [value]
    if type(value) is not list:
        notes.add("wrong_kind", f"{at}{key}")
        return []
    found = [item for item in value if type(item) is dict]
    if len(found) != len(value) and any(item is not None and type(item) is not dict for item in value):
        notes.add("wrong_kind", f"{at}{key}")
    return found


def leaves(node: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Every value at the end of a path of keys, through lists on the way. Wrong kinds lead nowhere."""
    if not path:
        if type(node) is list:
            yield from (item for item in node if item is not None)
        elif node is not None:
            yield node
    elif type(node) is dict:
        found = node.get(path[0])
        if found is not None:
            yield from leaves(found, path[1:])
    elif type(node) is list:
        for item in node:
            if type(item) is dict:
                yield from leaves(item, path)


def is_number(value: object) -> bool:
    """A JSON number (truth values are not numbers)."""
    return type(value) in (int, float)
