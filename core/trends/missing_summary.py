"""This is the place where the states of several streams become one for the signal, and many days become one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.signals import SIGNALS
from core.trends.day_slots import NIGHTLY, Axis
from core.trends.day_states import COUNTED, NOT_MISSING, STATES, Judged
from core.trends.judgement import Facts
from core.trends.wear import MEASURES_BY_ITSELF

_RECEIVED, _PARTLY = STATES.index("received"), STATES.index("partly")
_NOTHING_MISSING = ("received", "duplicate_discarded")
SAID = ("partly", "not_worn", "returned_none", "sync_failed", "not_connected", "consent_withdrawn", "out_of_range")
SENTENCE = "missing.sentence"


@dataclass(frozen=True, slots=True)
class Said:
    """The facts of one sentence: its code, and (state, how many, "day" or "night") for each state worth saying, most telling first."""

    code: str
    parts: tuple[tuple[str, int, str], ...]
    facts: Facts


@dataclass(frozen=True, eq=False, slots=True)
class Overall:
    """The best state of each day over all streams, and `of` int64: which stream it is (-1: nobody ever delivered)."""

    days: Judged
    of: np.ndarray


def overall(streams: Sequence[Judged], axis: Axis, signal: str) -> Overall:
    """For each day: received from any stream wins, then partly; else the state of the stream that was in use nearest to that day.
    Several that each brought a part are a whole day where their hours together are."""
    if not streams:
        return Overall(_never(axis, signal), np.full(axis.count, -1))
    state = np.stack([one.state for one in streams])
    why = np.stack([one.why for one in streams])
    near = np.stack([one.near for one in streams]).astype(float)
    excused = np.isin(why, list(NOT_MISSING - {"day_not_over"}))
    rank = np.where(state == _RECEIVED, 0.0, np.where(state == _PARTLY, 1.0, 2.0 + excused))
    best = np.lexsort((near, rank), axis=0)[0]
    rows = np.arange(axis.count)
    state, why = state[best, rows], why[best, rows]
    have = np.sum(np.stack([one.have for one in streams]), axis=0)
    hours = np.any(np.stack([one.hours for one in streams]), axis=0).sum(axis=1)
    together = have if SIGNALS[signal].kind in COUNTED else hours
    parted = np.sum(np.stack([one.state for one in streams]) == _PARTLY, axis=0) > 1
    enough = together >= np.max(np.stack([one.least for one in streams]), axis=0)
    whole = parted & (state == _PARTLY) & enough & (why != "day_not_over")
    pick = {
        name: np.stack([getattr(one, name) for one in streams])[best, rows]
        for name in ("expected", "failure", "hours", "least", "near")
    }
    made = Judged(axis, signal, np.where(whole, _RECEIVED, state).astype(np.int8), np.where(whole, "together", why), have, **pick)
    return Overall(made, best)


def counts(days: Judged) -> dict[str, int]:
    """How many days are in each state, all nine named."""
    found = np.bincount(days.state, minlength=len(STATES))
    return {state: int(n) for state, n in zip(STATES, found, strict=True)}


def sentence(days: Judged) -> Said:
    """What one sentence says: the days that miss something, by state. Days that should bring nothing are not counted."""
    counting = ~np.isin(days.why, list(NOT_MISSING))
    found = np.bincount(days.state[counting], minlength=len(STATES))
    unit = "night" if days.signal in NIGHTLY else "day"
    parts = tuple((state, int(found[STATES.index(state)]), unit) for state in SAID if found[STATES.index(state)])
    whole = int(sum(found[STATES.index(state)] for state in _NOTHING_MISSING))
    return said(days.signal, parts, (int(counting.sum()), whole), unit)


def said(signal: str, parts: tuple[tuple[str, int, str], ...], of: tuple[int, int], unit: str) -> Said:
    """The facts of the sentence about one signal; `of` is how many days count and how many of them were received."""
    facts: Facts = {"days": of[0], "received": of[1], "unit": unit, "by_itself": int(signal in MEASURES_BY_ITSELF)}
    return Said(SENTENCE, parts, facts)


def runs(days: Judged) -> tuple[tuple[int, int, str], ...]:
    """Days in a row with one state: (first day since 1970, how many, state)."""
    if not len(days.state):
        return ()
    begins = np.flatnonzero(np.append(True, days.state[1:] != days.state[:-1]))
    lasts = np.diff(np.append(begins, len(days.state)))
    return tuple((int(days.axis.first + at), int(n), STATES[days.state[at]]) for at, n in zip(begins, lasts, strict=True))


def _never(axis: Axis, signal: str) -> Judged:
    """Nobody ever delivered this signal."""
    n = axis.count
    none, texts = np.zeros(n, dtype=np.int64), np.full(n, "", dtype=object)
    state = np.full(n, STATES.index("not_connected"), dtype=np.int8)
    why = np.full(n, "never", dtype=object)
    hours = np.zeros((n, 24), dtype=bool)
    return Judged(axis, signal, state, why, none, none, texts, hours, none.astype(float), none)
