"""This is the place where what a person said about advice is written as bytes and read again, strictly."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from core.advice.terms import ASIDE, REASONS, Said
from core.errors import BadInput
from core.medications.strict_json import UNREADABLE, day_or_none, instant, node, one_of, several, text

DRAWER = "advice"
MOST = 500
"""How many answers are kept: the newest of each rule."""


def read(raw: bytes) -> tuple[Said, ...]:
    """The drawer's bytes as what was said; b"" is nothing. Raises BadInput for anything else that isn't ours."""
    if not raw:
        return ()
    try:
        return several(node(json.loads(raw))["said"], _one)
    except UNREADABLE:
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None


def written(said: Iterable[Said]) -> bytes:
    """The other way: of each rule the newest answer."""
    newest = {one.rule: one for one in sorted(said, key=lambda one: one.at)}
    kept = sorted(newest.values(), key=lambda one: (one.at, one.rule))[-MOST:]
    if not kept:
        return b""
    rows = [{"rule": one.rule, "said": one.said, "at": one.at.isoformat(), "why": one.why, "until": one.until.isoformat() if one.until else None} for one in kept]
    return json.dumps({"said": rows}, sort_keys=True).encode()


def _one(found: Any) -> Said:
    row = node(found)
    why = text(row["why"])
    return Said(text(row["rule"]), one_of(row["said"], ASIDE), instant(row["at"]), one_of(why, REASONS) if why else "", day_or_none(row["until"]))
