"""This is the place where it is found out for each day whether a source could have delivered: consent, connection, tries and answers.

What happened to a source (`SyncEvent`) is laid over the days as shares of time. What is true and what is only likely:

- Consent and connection hold from one event to the next. Where a first event takes something away, it was there before.
- An import answers for the days it brought, and for the time up to itself where its newest sample was fresh (two days): then it
  was a sync and not an old file. A connection also answers for the time between what it brought before and after. Files answer for
  what lies between them only where that is no more than two days.
- "Asked, nothing came" answers for the time that was asked for, or since the last answer where none is named.
- A failed try stands for the time it asked for, or since the last answer (its own day where there was none). It stands until the day is
  answered by a catch-up: a later sync that begins where the last good one ended. A later file that holds everything is none.
  A failed try with no answer since stands until now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.samples import SyncEvent
from core.trends.columns import DAY_NS
from core.trends.reach import Line, Lines, Reach, lines_of, share

__all__ = ["Contact", "Reach", "contact"]

MOST = 0.4
"""A day without data is explained by what holds for so much of it: seven hours of sleep are not when most things are measured."""
BACKLOG_NS = 3 * DAY_NS
"""What was recorded and not yet fetched when consent or connection went is never fetched: so far back that is taken for the reason."""


@dataclass(frozen=True, eq=False, slots=True)
class Contact:
    """For each day (columns of one length): `withdrawn`, `off`, `failed` and `empty` the share of it (0..1) without consent,
    disconnected, asked for in vain, asked for and answered with nothing; `ends_withdrawn`, `ends_off` whether it ended so;
    `answered` whether the source has told all it had of that day; `why` the code of the failure. `live`: it is a connection and no
    file. `misdated`: an import of that day brought only samples of another time."""

    withdrawn: np.ndarray
    off: np.ndarray
    failed: np.ndarray
    empty: np.ndarray
    ends_withdrawn: np.ndarray
    ends_off: np.ndarray
    answered: np.ndarray
    misdated: np.ndarray
    why: np.ndarray
    known: np.ndarray
    """Whether it was said before the end of each day that the source is connected."""
    live: bool


def contact(events: Sequence[SyncEvent], reach: Reach) -> Contact:
    """What these events (of one source, and of one of its devices or of all) say about each day."""
    happened = sorted(events, key=lambda one: one.at_ns)
    lines = lines_of(happened, reach)
    withdrawn = _unfetched(_periods(happened, "consent_withdrawn", "consent_given", reach.now_ns), lines)
    off = _unfetched(_periods(happened, "disconnected", "connected", reach.now_ns), lines)
    failed, why = _failures(happened, lines.good, reach)
    connected = [one.at_ns for one in happened if one.kind == "connected"]
    known = reach.end > connected[0] if connected else np.zeros(len(reach.start), dtype=bool)
    answered = share(reach, [*lines.answers, *lines.silences]) >= MOST
    return Contact(
        withdrawn=share(reach, withdrawn), off=share(reach, off), failed=failed, empty=share(reach, lines.silences),
        ends_withdrawn=_ends(reach, withdrawn), ends_off=_ends(reach, off), answered=answered,
        misdated=share(reach, lines.misdated) >= MOST, why=why, known=known, live=lines.live,
    )  # fmt: skip


def _periods(happened: Sequence[SyncEvent], takes: str, gives: str, now_ns: int) -> list[tuple[int, int]]:
    """From where something is taken to where it is given again, in ns."""
    found: list[tuple[int, int]] = []
    since: int | None = None
    for one in happened:
        if one.kind == takes and since is None:
            since = one.at_ns
        elif one.kind == gives and since is not None:
            found.append((since, one.at_ns))
            since = None
    return found if since is None else [*found, (since, max(now_ns, since) + DAY_NS)]


def _unfetched(periods: Sequence[tuple[int, int]], lines: Lines) -> list[tuple[int, int]]:
    """The same, each begun where the last answer before it ended."""
    found = []
    for first, last in periods:
        reached = max((line.reached for line in lines.good if line.at <= first), default=first)
        found.append((reached if lines.live and 0 <= first - reached <= BACKLOG_NS else first, last))
    return found


def _ends(reach: Reach, periods: Sequence[tuple[int, int]]) -> np.ndarray:
    """Whether each day ends within one of the periods."""
    ends = np.zeros(len(reach.start), dtype=bool)
    for first, last in periods:
        ends |= (reach.end - 1 >= first) & (reach.end - 1 < last)
    return ends


def _failures(happened: Sequence[SyncEvent], good: Sequence[Line], reach: Reach) -> tuple[np.ndarray, np.ndarray]:
    """(share of each day that was asked for in vain and never made good, the code of the last such failure)."""
    failed = np.zeros(len(reach.start))
    why = np.full(len(reach.start), "", dtype=object)
    for one in happened:
        if one.kind != "failed":
            continue
        before = [line for line in good if line.at < one.at_ns]
        first, last = _asked(one, before, reach)
        later = [line for line in good if line.at > one.at_ns]
        if not later:
            last = max(last, reach.now_ns)
        mine = share(reach, [(first, last)])
        for line in later:
            if line.last <= first or line.begins >= last:
                continue
            if line.silent or (before and line.begins >= before[-1].last - 2 * DAY_NS):
                mine = np.where(share(reach, [(line.begins, line.last)]) >= MOST, 0.0, mine)
        failed = np.maximum(failed, mine)
        why[mine > 0] = one.why
    return failed, why


def _asked(one: SyncEvent, before: Sequence[Line], reach: Reach) -> tuple[int, int]:
    """The time that a failed try asked for."""
    if one.last:
        return one.first, max(one.last, one.first + 1)
    day = np.flatnonzero((reach.start <= one.at_ns) & (one.at_ns < reach.start + DAY_NS))
    own = int(reach.start[day[0]]) if len(day) else one.at_ns - DAY_NS // 2
    if before:
        return min(before[-1].reached, one.at_ns - 1), one.at_ns
    return own, own + DAY_NS
