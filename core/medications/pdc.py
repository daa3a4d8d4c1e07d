"""This is the place where the proportion of days covered (PDC) is computed by the rules of the Pharmacy Quality Alliance, or declined with a reason.

Definition: unique covered days of the treatment period / its days; the period runs from the first fill to the end. A fill of the same ingredient that
begins while the one before still lasts begins the day after that one ends; other ingredients don't shift. Needs two fills on different dates, the first at
least 91 days before the end. At 80 % it is reached, at 90 % for antiretrovirals (PQA measure definitions as in the shared facts, pdc_vectors.json:
intervals verified against PQA's worked examples). PQA names 80 % for medicines of diabetes, RAS antagonists, statins, DOACs, beta and calcium channel
blockers; for other medicines it is the usual yardstick, not a measure of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

THRESHOLD, THRESHOLD_ANTIRETROVIRAL = 0.80, 0.90
LEAST_DAYS_BEFORE_END = 91
LEAST_FILL_DATES = 2
LONGEST_SUPPLY = 366
"""Days of one fill; more is no supply but a slip of the pen (house)."""
ANTIRETROVIRALS = ("J05AE", "J05AF", "J05AG", "J05AJ", "J05AR")
"""ATC groups."""
EXCLUDED = ("A10A",)
"""ATC: insulins, whose days of supply say nothing (PQA leaves them out)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fill:
    """A supply that was handed over: the day, what (an ingredient's name or code), for how many days."""

    on: date
    ingredient: str
    days: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Days covered by one fill, both included."""

    first: date
    last: date
    ingredient: str


@dataclass(frozen=True, slots=True)
class Covered:
    """`days` covered of `period`; `reached` against `threshold`."""

    days: int
    period: int
    threshold: float

    @property
    def share(self) -> float:
        return self.days / self.period

    @property
    def reached(self) -> bool:
        """In whole days, so that 80 % exactly counts."""
        return self.days >= self.threshold * self.period - 1e-9


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Why there is no PDC: "no_fills", "one_fill", "too_short", "excluded"."""

    why: str


def intervals(fills: Iterable[Fill]) -> tuple[Interval, ...]:
    """What each fill covers, by the day it begins: the same ingredient shifted, not cut at any end."""
    free: dict[str, date] = {}
    found = []
    for fill in sorted(fills, key=lambda one: (one.on, one.ingredient, one.days)):
        if not 0 < fill.days <= LONGEST_SUPPLY:
            continue
        first = max(fill.on, free.get(fill.ingredient, fill.on))
        last = first + timedelta(days=fill.days - 1)
        free[fill.ingredient] = last + _DAY
        found.append(Interval(first, last, fill.ingredient))
    return tuple(sorted(found, key=lambda one: (one.first, one.last, one.ingredient)))


def coverage(fills: Sequence[Fill], end: date, threshold: float = THRESHOLD) -> Covered | NotMeasured:
    """Covered days from the first fill to `end` (included), whatever the number of fills."""
    counted = [one for one in fills if one.on <= end and 0 < one.days <= LONGEST_SUPPLY]
    if not counted:
        return NotMeasured("no_fills")
    start = min(one.on for one in counted)
    days: set[int] = set()
    for one in intervals(counted):
        days.update(range(one.first.toordinal(), min(one.last, end).toordinal() + 1))
    return Covered(len(days), (end - start).days + 1, threshold)


def pdc(fills: Sequence[Fill], start: date, end: date, threshold: float = THRESHOLD) -> Covered | NotMeasured:
    """The PDC of the fills handed over in [start, end], where PQA's conditions are met."""
    counted = [one for one in fills if start <= one.on <= end and 0 < one.days <= LONGEST_SUPPLY]
    if not counted:
        return NotMeasured("no_fills")
    if len({one.on for one in counted}) < LEAST_FILL_DATES:
        return NotMeasured("one_fill")
    if (end - min(one.on for one in counted)).days < LEAST_DAYS_BEFORE_END:
        return NotMeasured("too_short")
    return coverage(counted, end, threshold)


def threshold_of(atc: Collection[str]) -> float | None:
    """From which share on it counts as reached, by the ATC codes of what is in it; None where PQA leaves the medicine out."""
    if any(code.startswith(EXCLUDED) for code in atc):
        return None
    return THRESHOLD_ANTIRETROVIRAL if any(code.startswith(ANTIRETROVIRALS) for code in atc) else THRESHOLD
