"""This is the place where people are counted into the bars of a table, and shares of groups are compared, each with how sure it is.

Intervals of a share: Wilson, J Am Stat Assoc 1927;22:209-212. Whether two shares differ: Fisher's exact test of a group against everybody else whose answer is
known, and of all comparisons together at most one in twenty of those that are named may be chance (Benjamini and Hochberg, J R Stat Soc B 1995;57:289-300). Both from
memory, for the team's eyes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.panel.terms import LEAST, TABLES, UNKNOWN, Row, bin_of

Z = 1.959964
FALSE_FINDS = 0.05
DIMENSIONS = ("sex", "age", "region", "language")
"""What groups are made of."""


def _known(state: str, *, hit: str = "in_target") -> bool | None:
    return None if state in (UNKNOWN, "not_asked") else state == hit


OUTCOMES: Mapping[str, Callable[[Row], bool | None]] = {
    "pressure": lambda row: _known(row.pressure),
    "hba1c": lambda row: _known(row.hba1c),
    "covered": lambda row: all(row.covered) if row.covered else None,
    "pressing": lambda row: row.pressing,
    "in_time": lambda row: row.in_time,
}
"""What is compared; None where it isn't known of a person, who then counts on neither side."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.hits / self.of


@dataclass(frozen=True, slots=True)
class Gap:
    """One group of a dimension and one outcome: the share in it and in everybody else. `says`: "too_few", "no_difference" (none was found, which is not the
    same as there being none), "higher" or "lower". A group below LEAST has no shares."""

    dimension: str
    group: str
    outcome: str
    known: int
    mine: Share | None
    others: Share | None
    says: str
    p: float | None = None


def counted(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Every table with every bar, also the empty ones; the bars of each come to the number of people."""
    found = {}
    for table, bars in TABLES.items():
        counts = Counter(bin_of(table, row) for row in rows)
        found[table] = {bar: counts[bar] for bar in bars}
    return found


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share. `of` above 0."""
    share, spread = hits / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) / of + spread / (4 * of)) * Z / (1 + spread)
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))  # rounding leaves the share inside


def share_of(hits: int, of: int) -> Share | None:
    """None of nobody."""
    return Share(hits, of, *wilson(hits, of)) if of else None


def gaps(rows: Sequence[Row]) -> tuple[Gap, ...]:
    """Every group of every dimension against everybody else, for every outcome."""
    found: list[Gap] = []
    for outcome, said in OUTCOMES.items():
        answers = [said(row) for row in rows]
        for dimension in DIMENSIONS:
            groups = [bin_of(dimension, row) for row in rows]
            found += [
                _gap((dimension, group, outcome), answers, groups)
                for group in TABLES[dimension]
                if group in groups and group != UNKNOWN
            ]
    return _judged(found)


def _gap(what: tuple[str, str, str], answers: Sequence[bool | None], groups: Sequence[str]) -> Gap:
    mine = Counter(answer for answer, group in zip(answers, groups, strict=True) if answer is not None and group == what[1])
    others = Counter(answer for answer, group in zip(answers, groups, strict=True) if answer is not None and group != what[1])
    sizes = (mine.total(), others.total())
    if min(sizes) < LEAST:
        return Gap(*what, sizes[0], None, None, "too_few")
    p = _fisher((mine[True], mine[False]), (others[True], others[False]))
    return Gap(*what, sizes[0], share_of(mine[True], sizes[0]), share_of(others[True], sizes[1]), "no_difference", p)


def _fisher(mine: tuple[int, int], others: tuple[int, int]) -> float:
    from scipy.stats import fisher_exact  # not before somebody looks

    return float(fisher_exact([mine, others]).pvalue)


def _judged(found: Sequence[Gap]) -> tuple[Gap, ...]:
    """Those that differ, with the false finds of all comparisons held down together."""
    ordered = sorted(one.p for one in found if one.p is not None)
    limit = max((p for rank, p in enumerate(ordered, 1) if p <= FALSE_FINDS * rank / len(ordered)), default=-1.0)
    return tuple(_said(one) if one.p is not None and one.p <= limit else one for one in found)


def _said(one: Gap) -> Gap:
    assert one.mine is not None and one.others is not None
    return replace(one, says="higher" if one.mine.share > one.others.share else "lower")
