"""This is the place where several signals that each say little say something together: the pulse rises as the oxygen falls, or as the pressure does.

Each part is how far a value is from the person's own level of EARLIER days, in spreads, at most MOST (one wrong reading can't carry a rule alone). Every part must have
moved, and all were measured within ONE_DAY_PART. The sum over the root of their number is Stouffer's z (1949) if the parts are independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from core.alerts.baseline import Level
from core.alerts.rules import HIGH, Part, Rule

MOST = 3.5
ONE_DAY_PART = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest value of a signal, and the person's level before it."""

    at: datetime
    value: float
    level: Level


@dataclass(frozen=True, slots=True)
class Combined:
    """The sum, and each part's distance."""

    score: float
    parts: tuple[tuple[str, float], ...]


def combined(rule: Rule, seen: Mapping[str, Seen], now: datetime) -> Combined | None:
    """None where a part is missing, too old, or its level is of too few days."""
    far = []
    for part in rule.parts:
        one = seen.get(part.signal)
        if one is None or now - one.at > ONE_DAY_PART or one.level.days < rule.least:
            return None
        far.append((part.signal, min(_far(one, part), MOST)))
    if min(value for _, value in far) < rule.floor:
        return Combined(0.0, tuple(far))
    return Combined(sum(value for _, value in far) / sqrt(len(far)), tuple(far))


def _far(one: Seen, part: Part) -> float:
    least = part.spread / 100 * one.level.level if part.percent else part.spread
    far = one.value - one.level.level if part.direction == HIGH else one.level.level - one.value
    return far / max(one.level.spread, least)
