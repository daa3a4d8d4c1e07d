"""This is the place where it is kept who has looked at a person, when, with which note: in a drawer of the person's own, sealed with their key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.care.worklist_views import Look
from core.errors import BadInput

DRAWER = "worklist"
MOST_KEPT, LONGEST_NOTE, MOST_SEEN, LONGEST_MARK = 100, 1000, 200, 64


def written(looks: Sequence[Look]) -> bytes:
    """The newest of them, as they are laid into the drawer."""
    return json.dumps(
        {"version": 1, "looks": [_document(one) for one in looks[-MOST_KEPT:]]}, ensure_ascii=False, separators=(",", ":")
    ).encode()


def read(body: bytes) -> tuple[Look, ...]:
    """What lies in the drawer, the oldest first. Raises BadInput (drawer_damaged)."""
    if not body:
        return ()
    try:
        document = json.loads(body)
        if document["version"] != 1:
            raise ValueError
        return tuple(_look(one) for one in document["looks"])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise BadInput("drawer_damaged", place=DRAWER) from None


def standing(looks: Sequence[Look], at: datetime) -> Look | None:
    """The last one that nobody took back by then."""
    return next((one for one in reversed(looks) if one.at <= at and (one.undone_at is None or one.undone_at > at)), None)


def _document(one: Look) -> dict[str, Any]:
    return {
        "id": one.look_id, "at": one.at.isoformat(), "by": one.by, "name": one.name, "note": one.note, "seen": list(one.seen),
        "undone_at": one.undone_at.isoformat() if one.undone_at else None,
    }  # fmt: skip


def _look(one: Any) -> Look:
    texts = [one[key] for key in ("id", "by", "name", "note")]
    if not all(isinstance(text, str) for text in (*texts, *one["seen"])) or not isinstance(one["seen"], list):
        raise TypeError
    return Look(
        one["id"],
        _instant(one["at"]),
        one["by"],
        one["name"],
        one["note"],
        tuple(one["seen"]),
        _instant(one["undone_at"]) if one["undone_at"] else None,
    )


def _instant(text: Any) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError
    return found
