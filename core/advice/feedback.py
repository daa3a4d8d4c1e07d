"""This is the place where what clinicians said to cards of other systems is held: which cards were shown, what became of each, and the counts. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from core.errors import BadInput
from core.medications.strict_json import UNREADABLE, instant, node, one_of, several, text, whole

DRAWER = "cds"
MOST = 300
"""How many cards are kept, with what was said to them: the newest."""
OUTCOMES = ("accepted", "overridden")
ORDER_REASONS = ("benefit", "tolerated", "monitored", "wrong_facts", "other")
"""Why somebody orders a medicine all the same: `cds.reason.<code>` says it."""
MOST_COMMENT = 500
MOST_WORD = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said to a card: accepted, or overridden and why (a code, with its system and words where it isn't ours); `suggestions` how many were
    accepted; `at` when, as the other system says; `kept_at` when it came."""

    outcome: str
    at: datetime
    kept_at: datetime
    reason: str = ""
    system: str = ""
    words: str = ""
    comment: str = ""
    suggestions: int = 0


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card that another system was given: `rule` of advice or of the checks, `hook`, `severity` as the rule has it, `by` the name of the connection."""

    card: str
    hook: str
    rule: str
    severity: int
    at: datetime
    by: str = ""
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Of one rule: how many cards were shown, accepted, overridden (by reason), and had no word."""

    rule: str
    hook: str
    shown: int = 0
    accepted: int = 0
    overridden: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def silent(self) -> int:
        return self.shown - self.accepted - self.overridden


def with_shown(kept: Sequence[ShownCard], new: Iterable[ShownCard]) -> tuple[ShownCard, ...]:
    """With these cards too. One that was shown before, under the same id, stays as it is."""
    known = {one.card for one in kept}
    fresh = {one.card: one for one in new if one.card not in known}
    return tuple(sorted((*kept, *fresh.values()), key=lambda one: (one.at, one.card))[-MOST:])


def with_heard(kept: Sequence[ShownCard], said: Mapping[str, Heard]) -> tuple[tuple[ShownCard, ...], int]:
    """With what was said to these cards, and how many of them were never shown here. The last word counts, by the other system's own time; the same
    again changes nothing."""
    made = tuple(replace(one, heard=_later(one.heard, said[one.card])) if one.card in said else one for one in kept)
    return made, len(said.keys() - {one.card for one in kept})


def _later(before: Heard | None, now: Heard) -> Heard:
    if before is None or now.at > before.at:
        return now
    return before


def counted(kept: Iterable[ShownCard]) -> tuple[Count, ...]:
    """By rule and hook, what was overridden most first."""
    found: dict[tuple[str, str], Count] = {}
    for one in kept:
        key = (one.rule, one.hook)
        before = found.get(key, Count(*key))
        reasons = dict(before.reasons)
        if one.heard is not None and one.heard.outcome == "overridden":
            reasons[one.heard.reason] = reasons.get(one.heard.reason, 0) + 1
        found[key] = replace(
            before, shown=before.shown + 1, accepted=before.accepted + (one.heard is not None and one.heard.outcome == "accepted"),
            overridden=sum(reasons.values()), reasons=reasons,
        )  # fmt: skip
    return tuple(sorted(found.values(), key=lambda one: (-one.overridden, -one.shown, one.rule, one.hook)))


def read(raw: bytes) -> tuple[ShownCard, ...]:
    """The drawer's bytes as cards; b"" is nothing. Raises BadInput for anything else that isn't ours."""
    if not raw:
        return ()
    try:
        return several(node(json.loads(raw))["cards"], _card)
    except UNREADABLE:
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None


def written(kept: Sequence[ShownCard]) -> bytes:
    """The other way."""
    return json.dumps({"cards": [_row(one) for one in kept[-MOST:]]}, ensure_ascii=False, sort_keys=True).encode() if kept else b""


def _row(one: ShownCard) -> dict[str, Any]:
    heard = one.heard
    said = None if heard is None else {
        "outcome": heard.outcome, "at": heard.at.isoformat(), "kept_at": heard.kept_at.isoformat(), "reason": heard.reason, "system": heard.system,
        "words": heard.words, "comment": heard.comment, "suggestions": heard.suggestions,
    }  # fmt: skip
    return {
        "card": one.card, "hook": one.hook, "rule": one.rule, "severity": one.severity, "at": one.at.isoformat(), "by": one.by, "heard": said,
    }  # fmt: skip


def _card(found: Any) -> ShownCard:
    row = node(found)
    heard = None if row["heard"] is None else _heard(node(row["heard"]))
    return ShownCard(
        text(row["card"]), text(row["hook"]), text(row["rule"]), whole(row["severity"]), instant(row["at"]), text(row["by"]), heard
    )


def _heard(row: Mapping[str, Any]) -> Heard:
    reason, system, words, comment = (text(row[key]) for key in ("reason", "system", "words", "comment"))
    times = instant(row["at"]), instant(row["kept_at"])
    return Heard(one_of(row["outcome"], OUTCOMES), *times, reason, system, words, comment, whole(row["suggestions"]))
