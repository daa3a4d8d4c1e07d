"""This is the place where it stands which states and reasons a day can have, what is known of a stream's days, and how they were judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.trends.day_slots import Axis
from core.trends.judgement import Facts

STATES = (
    "received", "partly", "not_worn", "returned_none", "sync_failed", "not_connected", "consent_withdrawn", "duplicate_discarded",
    "out_of_range",
)  # fmt: skip
"""Every state there is. "missing.<state>" is its catalogue key."""

REASONS = (
    "complete", "together", "part", "day_not_over", "withdrawn_part", "disconnected_part", "failed_part", "implausible_part", "returned_part",
    "worn_part", "implausible", "clock_wrong", "covered", "day_to_come", "withdrawn", "disconnected", "before_first", "failed", "not_asked",
    "not_expected", "taken_off", "zeros", "asked_empty", "worn_but_none", "off_at_night", "no_wear", "not_used", "never",
)  # fmt: skip
"""Every reason there is. "missing.why.<reason>" is its catalogue key."""
NOT_MISSING = frozenset({"not_expected", "day_not_over", "day_to_come"})
"""Reasons that make a day without data no missing day: it isn't counted in the sentence."""
COUNTED = ("event", "waveform")
"""Kinds of signals of which the samples count, and not the hours they cover."""


@dataclass(frozen=True, eq=False, slots=True)
class StreamDays:
    """What came of one stream (all grains of one device), by day: `usable` samples, `odd` ones outside what is plausible, `kept` the
    usable ones that count where several devices tell of one time (all int64 (days,)); `slots` and `active` bool (days, 24): hours
    with a sample, with an amount above zero; `source_slots` the same of all that its source brought; `first_day` the day (since 1970)
    of the first sample of its device."""

    signal: str
    kind: str
    usable: np.ndarray
    odd: np.ndarray
    kept: np.ndarray
    slots: np.ndarray
    active: np.ndarray
    source_slots: np.ndarray
    first_day: int


@dataclass(frozen=True, slots=True)
class DayState:
    """One day (since 1970) of one stream: how it stands, how many samples are there, how many the habit expects, and why."""

    day: int
    state: str
    have: int
    expected: int
    because: str
    facts: Facts


@dataclass(frozen=True, eq=False, slots=True)
class Judged:
    """All days of one stream, as columns: `state` an index into STATES, `why` the reason's code, `have`, `expected` counts, `failure` the code of
    a failed try; `hours` bool (days, 24) that came and `least` of them (or samples) that make a day whole; `near` int64 how many days
    away the nearest day with samples is."""

    axis: Axis
    signal: str
    state: np.ndarray
    why: np.ndarray
    have: np.ndarray
    expected: np.ndarray
    failure: np.ndarray
    hours: np.ndarray
    least: np.ndarray
    near: np.ndarray

    def __iter__(self) -> Iterator[DayState]:
        columns = (self.axis.days, self.state, self.have, self.expected, self.why, self.failure)
        for day, state, have, expected, why, failure in zip(*(column.tolist() for column in columns), strict=True):
            facts: Facts = {"failure": failure} if failure and STATES[state] in ("sync_failed", "partly") else {}
            yield DayState(day, STATES[state], have, expected, why, facts)

    def cut(self, first: int, count: int) -> Judged:
        """Only the days from `first` (since 1970)."""
        here = slice(first - self.axis.first, first - self.axis.first + count)
        axis = Axis(first, count, self.axis.shift)
        columns = (self.state, self.why, self.have, self.expected, self.failure, self.hours, self.least, self.near)
        return Judged(axis, self.signal, *(column[here] for column in columns))
