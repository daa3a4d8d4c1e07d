"""This is the place where it is told whether an order allows one more dose of what is taken when needed, and from when on.

The maxima of an order are counted over the time before now that they are given for (any 24 hours, not the calendar day): the stricter reading of "in 24 hours".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.medications.supply import same_unit
from core.medications.terms import Amount, AsNeeded


@dataclass(frozen=True, slots=True)
class TakenDose:
    """A dose that was logged: when, how much (None: not known)."""

    at: datetime
    amount: tuple[float, float, str] | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """`why_not` is "", "too_soon" or "day_full"; `next_from` when the order allows it again (None: now); `last_at` the last dose until now; `counted` the
    doses within the order's time. `unread` where a limit in another unit than the doses could not be held against them."""

    why_not: str = ""
    next_from: datetime | None = None
    last_at: datetime | None = None
    counted: int = 0
    unread: bool = False


def allowed(need: AsNeeded, taken: Sequence[TakenDose], now: datetime, amount: Amount | None = None) -> Allowed:
    """Whether one more may be taken `now` by the order: `amount` of it (None: as much as the order says)."""
    before = sorted((one for one in taken if one.at <= now), key=lambda one: one.at)
    within = [one for one in before if one.at > now - need.per]
    last = before[-1].at if before else None
    soonest: datetime | None = None
    if need.least_between is not None and last is not None and last + need.least_between > now:
        soonest = last + need.least_between
    full, unread = _full(need, within, amount or need.amount)
    later = max((at for at in (soonest, full) if at is not None), default=None)
    if later is None:
        return Allowed("", None, last, len(within), unread)
    return Allowed("day_full" if full is not None and full == later else "too_soon", later, last, len(within), unread)


def _full(need: AsNeeded, within: Sequence[TakenDose], amount: Amount | None) -> tuple[datetime | None, bool]:
    """From when on the maxima leave room again (None: they do), and whether one of them can't be held against the doses."""
    until: list[datetime] = []
    if need.most_doses is not None and len(within) >= max(need.most_doses, 1):
        until.append(within[len(within) - max(need.most_doses, 1)].at + need.per)
    if need.most_amount is None:
        return max(until, default=None), False
    if amount is None or any(_in(one.amount, need.most_amount.unit) is None for one in within) or _of(amount, need.most_amount.unit) is None:
        return max(until, default=None), need.most_doses is None
    room = need.most_amount.high - (_of(amount, need.most_amount.unit) or 0.0)
    used = sum(_in(one.amount, need.most_amount.unit) or 0.0 for one in within)
    for one in within:
        if used <= room + 1e-9:
            break
        used -= _in(one.amount, need.most_amount.unit) or 0.0
        until.append(one.at + need.per)
    return max(until, default=None), False


def _in(amount: tuple[float, float, str] | None, unit: str) -> float | None:
    return amount[1] if amount is not None and same_unit(amount[2], unit) else None


def _of(amount: Amount, unit: str) -> float | None:
    return amount.high if same_unit(amount.unit, unit) else None


def at_least(span: timedelta | None) -> int | None:
    """A span in whole minutes, rounded up."""
    return None if span is None else -int(-span.total_seconds() // 60)
