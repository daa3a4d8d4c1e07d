"""This is the place where it is kept which card came first when, how likely that was, and what the person said to it: the log that an order is judged by.

A word counts for the last look on which that card came first, at most a week before. Small, of the person alone, the newest only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from core.advice.ranking import Candidate, Choice
from core.advice.terms import ASIDE
from core.errors import BadInput
from core.medications.strict_json import UNREADABLE, day, node, number, one_of, several, text, whole

DRAWER = "advice_shown"
MOST = 200
"""How many looks are kept."""
WITHIN = timedelta(days=7)
"""For how long a word still belongs to a look; and after which a look without one had none."""


@dataclass(frozen=True, slots=True)
class Look:
    """One severity on one day: what was chosen from what, and what was said to the card that came first ("" nothing)."""

    on: date
    choice: Choice
    said: str = ""

    def ripe(self, today: date) -> bool:
        """Whether it is known by then what came of it."""
        return bool(self.said) or today - self.on > WITHIN


def with_choices(kept: Sequence[Look], choices: Iterable[Choice], at: datetime) -> tuple[Look, ...]:
    """With today's choices; the first look of a day counts, for each severity."""
    today = at.date()
    known = {(one.on, one.choice.severity) for one in kept}
    fresh = [Look(today, one) for one in choices if (today, one.severity) not in known]
    return tuple(sorted((*kept, *fresh), key=lambda one: (one.on, -one.choice.severity))[-MOST:])


def with_said(kept: Sequence[Look], rule: str, said: str, at: datetime) -> tuple[Look, ...]:
    """With what was said to a card: at the newest look on which it came first and which has no word yet."""
    mine = [place for place, one in enumerate(kept) if one.choice.top == rule and timedelta(0) <= at.date() - one.on <= WITHIN]
    if not mine or kept[mine[-1]].said:
        return tuple(kept)
    return tuple(replace(one, said=said) if place == mine[-1] else one for place, one in enumerate(kept))


def read(raw: bytes) -> tuple[Look, ...]:
    """The drawer's bytes as looks; b"" is nothing. Raises BadInput for anything else that isn't ours."""
    if not raw:
        return ()
    try:
        return several(node(json.loads(raw))["looks"], _look)
    except UNREADABLE:
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None


def written(kept: Sequence[Look]) -> bytes:
    """The other way."""
    rows = [
        {
            "on": one.on.isoformat(), "severity": one.choice.severity, "top": one.choice.top, "said": one.said,
            "cards": [[each.rule, each.kind, each.helped, each.refused, round(each.chance, 9)] for each in one.choice.cards],
        }
        for one in kept[-MOST:]
    ]  # fmt: skip
    return json.dumps({"looks": rows}, sort_keys=True, separators=(",", ":")).encode() if rows else b""


def _look(found: Any) -> Look:
    row = node(found)
    cards, top, said = several(row["cards"], _candidate), text(row["top"]), text(row["said"])
    if top not in [one.rule for one in cards]:
        raise ValueError
    return Look(day(row["on"]), Choice(whole(row["severity"]), cards, top), one_of(said, ASIDE) if said else "")


def _candidate(found: Any) -> Candidate:
    rule, kind, helped, refused, chance = found
    share = number(chance)
    if share > 1:
        raise ValueError
    return Candidate(text(rule), text(kind), whole(helped), whole(refused), share)
