"""This is the place where it is counted what alerts and asking cost a team: how many for each hundred patient-days, for whom, and how long until somebody looked.

What nobody has looked at yet is not left out of the waiting times, it has waited at least so long (Kaplan and Meier, J Am Stat Assoc 1958;53:457-481).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.panel.terms import DAY

WINDOW_DAYS = 28
LEAST_DAYS = 28.0
"""Patient-days below which nothing is said for each hundred of them (house)."""


class Raised(NamedTuple):
    """One alert or one thing that was asked: whose, how severe (0 where that isn't said), when, when somebody looked, when it ended (unix seconds, None not yet).
    An end by a person is a look too; one by itself is none."""

    person_id: str
    severity: int
    raised_at: float
    acknowledged_at: float | None = None
    resolved_at: float | None = None


@dataclass(frozen=True, slots=True)
class Burden:
    """`patient_days`: the days that each person was there, added up. `per_100` and `by_severity` (severity, count) are of what was raised in the window, `open` of all that has
    not ended. `half_seen_after` hours: by then somebody had looked at half of it, None where that is not known yet. `top_share`: of all, what the tenth of the people
    with the most raised."""

    days: int
    patient_days: float
    count: int
    per_100: float | None
    by_severity: tuple[tuple[int, int], ...]
    people: int
    top_share: float | None
    open: int
    unseen: int
    half_seen_after: float | None


def burden(raised: Iterable[Raised], since: Mapping[str, float], now: float, days: int = WINDOW_DAYS) -> Burden:
    """What was raised in the last so many days. `since`: from when on each person is kept here; nobody else is counted."""
    start = now - days * DAY
    known = [one for one in raised if one.person_id in since and one.raised_at <= now]
    within = [one for one in known if one.raised_at > start]
    patient_days = sum(max(0.0, now - max(start, begun)) for begun in since.values()) / DAY
    by_person = Counter(one.person_id for one in within)
    severities = Counter(one.severity for one in within)
    return Burden(
        days, patient_days, len(within), 100 * len(within) / patient_days if patient_days >= LEAST_DAYS else None,
        tuple(sorted(severities.items(), reverse=True)), len(by_person), _top(by_person, len(since)),
        sum(one.resolved_at is None or one.resolved_at > now for one in known), sum(_unseen(one, now) for one in known), _half(within, now),
    )  # fmt: skip


def in_time(raised: Sequence[Raised], now: float, within: float) -> bool | None:
    """Whether somebody looked at each of these in time; None where there is nothing, or what there is may still be in time."""
    waited = [_waited(one, now) for one in raised if one.raised_at <= now]
    if any(seconds > within for seconds, _ in waited):
        return False
    return True if waited and all(seen for _, seen in waited) else None


def _unseen(one: Raised, now: float) -> bool:
    return not _waited(one, now)[1] and (one.resolved_at is None or one.resolved_at > now)


def _waited(one: Raised, now: float) -> tuple[float, bool]:
    """(seconds until somebody looked; else until it ended by itself, or now; whether somebody looked)."""
    seen = one.acknowledged_at
    if seen is not None and seen <= now:
        return max(0.0, seen - one.raised_at), True
    ended = one.resolved_at if one.resolved_at is not None and one.resolved_at <= now else now
    return max(0.0, ended - one.raised_at), False


def _half(raised: Sequence[Raised], now: float) -> float | None:
    """Hours by which half was seen, with what is still unseen counted as waiting at least so long."""
    waited = sorted((_waited(one, now) for one in raised), key=lambda pair: (pair[0], not pair[1]))
    left, at_risk = 1.0, len(waited)
    for seconds, seen in waited:
        if seen:
            left *= 1 - 1 / at_risk
            if left <= 0.5 + 1e-12:
                return seconds / 3600
        at_risk -= 1
    return None


def _top(by_person: Mapping[str, int], people: int) -> float | None:
    total = sum(by_person.values())
    if not total:
        return None
    most = sorted(by_person.values(), reverse=True)[: max(1, round(people / 10))]
    return sum(most) / total
