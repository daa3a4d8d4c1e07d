"""This is the place where it is worked out how long what is left will last, and when to ask for more.

Nothing is guessed: where a dose has no amount, or is counted in another unit than the stock (tablets and milligrams), it can't be told.
House choices: a dose that was due and not logged is taken as taken (and said so), a range counts with its larger number, to ask is at 10:00 local time
on a weekday, "soon" from the day to ask on, "now" where the next day is not covered, "watch" in the week before the day to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from core.medications.book import Stock
from core.medications.expanding import due
from core.medications.steps import Regimen
from core.medications.terms import Amount, Due, Habits
from core.medications.zones import at_clock, zone_at

ASK_AT = time(10, 0)
LOOKED_AHEAD = timedelta(days=730)
WATCH_DAYS = 7
_SLACK = 1e-9
_UNITS: dict[str, str] = {
    "tab": "tablet", "tabs": "tablet", "tablets": "tablet", "{tablet}": "tablet", "tbl": "tablet", "片": "tablet",
    "cap": "capsule", "caps": "capsule", "capsules": "capsule", "{capsule}": "capsule", "胶囊": "capsule",
    "puffs": "puff", "{puff}": "puff", "喷": "puff", "drops": "drop", "[drp]": "drop", "滴": "drop", "ml": "mL", "毫升": "mL", "mg": "mg", "毫克": "mg",
    "units": "unit", "iu": "unit", "[iu]": "unit", "patches": "patch", "贴": "patch", "sachets": "sachet", "袋": "sachet",
    "pills": "pill", "丸": "pill", "粒": "grain",
}  # fmt: skip
"""Ways of writing one unit. Only what is the same thing beyond doubt."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A dose since the stock was counted: how much, or None where that isn't known; `assumed` where it was due and nobody said anything, `ahead` where it
    was taken before it was due, so that it won't be taken again."""

    amount: tuple[float, float, str] | None
    assumed: bool = False
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Supply:
    """What is `left` (None: can't be told, `why` says so), the local day on which the last whole dose is covered, the day and instant to ask for more.
    `state` as in the views; `assumed` doses were due and not logged. `why`: "", "unit_unfit", "no_amount", "as_needed", "unclear", "lasts"."""

    left: float | None
    runs_out: date | None = None
    refill_by: date | None = None
    ask_at: datetime | None = None
    state: str = "unknown"
    assumed: int = 0
    why: str = ""


def same_unit(one: str, other: str) -> bool:
    """Whether two units are one, however they are written."""
    return bool(one.strip()) and _unit(one) == _unit(other)


def supply(stock: Stock, taken: Sequence[Logged], plan: tuple[Regimen, Habits, datetime | None], now: datetime) -> Supply:
    """What is left of `stock` after what was taken since, and how long that lasts by the regimen (`plan`: with the person's habits and the anchor)."""
    left, why = _left(stock, taken)
    assumed = sum(one.assumed for one in taken)
    if left is None:
        return Supply(None, assumed=assumed, why=why)
    regimen, habits, anchor = plan
    if not regimen.steps:
        why = "unclear" if regimen.asked or not regimen.as_needed else "as_needed"
        return Supply(left, assumed=assumed, why=why, state="now" if left <= _SLACK else "unknown")
    doses = islice(_ahead(regimen, habits, now, anchor), sum(one.ahead for one in taken), None)
    rest, last = left, _day(habits, now)
    for dose in doses:
        needed = _amount(dose.amount, stock.unit)
        if needed is None:
            return Supply(left, assumed=assumed, why="no_amount" if dose.amount is None else "unit_unfit")
        if needed > rest + _SLACK:
            return _running_out(left, last, (stock, habits, now), assumed)
        rest, last = rest - needed, dose.at.date()
    return Supply(left, assumed=assumed, state="fine", why="lasts")


def ask_at(habits: Habits, day: date) -> datetime:
    """When to ask on that day: 10:00 where the person is, on the Friday before where it is a weekend."""
    weekday = day - timedelta(days=max(0, day.weekday() - 4))
    return at_clock(habits, weekday, ASK_AT.hour * 3600 + ASK_AT.minute * 60)


def _running_out(left: float, last: date, at: tuple[Stock, Habits, datetime], assumed: int) -> Supply:
    stock, habits, now = at
    today = _day(habits, now)
    ask = ask_at(habits, last - timedelta(days=stock.lead_days))
    days_left = (last - today).days
    if days_left < 1:
        state = "now"
    elif today >= ask.date():
        state = "soon"
    else:
        state = "watch" if (ask.date() - today).days <= WATCH_DAYS else "fine"
    return Supply(left, last, ask.date(), ask, state, assumed)


def _left(stock: Stock, taken: Sequence[Logged]) -> tuple[float | None, str]:
    left = stock.count
    for one in taken:
        if one.amount is None:
            return None, "no_amount"
        if not same_unit(one.amount[2], stock.unit):
            return None, "unit_unfit"
        left -= one.amount[1]
    return max(left, 0.0), ""


def _amount(amount: Amount | None, unit: str) -> float | None:
    if amount is None or not (same_unit(amount.unit, unit) or same_unit(amount.code, unit)):
        return None
    return amount.high


def _ahead(regimen: Regimen, habits: Habits, now: datetime, anchor: datetime | None) -> Iterator[Due]:
    """The doses from now on, in growing steps, so that a short supply asks for few."""
    start, span = now, timedelta(days=30)
    while start < now + LOOKED_AHEAD:
        end = min(start + span, now + LOOKED_AHEAD)
        yield from due(regimen, habits, start, end, anchor or now)
        start, span = end, span * 2


def _day(habits: Habits, at: datetime) -> date:
    return at.astimezone(zone_at(habits, at)).date()


def _unit(unit: str) -> str:
    plain = unit.strip().casefold().replace("(s)", "s")
    return _UNITS.get(plain, _UNITS.get(plain.rstrip("s"), plain.rstrip("s") if plain.isascii() else plain)).casefold()
