"""This is the place where every day of a stream gets exactly one state, with the reason: why is it missing?

The rules are asked from the top; the first that holds decides. What is there comes first: data explain themselves, whatever
else happened that day. Then what forbids or prevents asking, from the person's own decision (consent) to the connection to a try that failed:
without an answer nothing can be said of the wearing. Then what the answer was: nothing, although the device was worn, or the
source itself said "nothing": returned none. What remains was asked for, was expected, and shows no wear: not worn.

A day to come, and today while it goes on, are no fault of anybody: today is "partly" at most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.contact import MOST, Contact
from core.trends.day_slots import NIGHTLY, Axis
from core.trends.day_states import COUNTED, NOT_MISSING, REASONS, STATES, DayState, Judged, StreamDays
from core.trends.habit import Habit, habit
from core.trends.wear import MEASURES_BY_ITSELF, SHOWS_WEAR, Wear

DENSE_HOURS = 20
SOMETIMES = 0.2
SOME = 0.2
LAZY = 0.2
"""So little of the usual hours may a day of sparse amounts have while the device was worn all day."""
NIGHT_HOURS = slice(6, 12)
"""Midnight to six, in hours of a night that begins at six in the evening."""

__all__ = ["NOT_MISSING", "REASONS", "STATES", "DayState", "Judged", "StreamDays", "judged"]


def judged(stream: StreamDays, wear: Wear, contact: Contact, axis: Axis, now_local: int) -> Judged:
    """The state of every day. `wear` is what the other streams of the device say; `now_local` ns is now on the person's clock."""
    view = _View.of(stream, wear, contact, axis, now_local)
    rules = _rules(view)
    place = np.select([holds for holds, _, _ in rules], np.arange(len(rules)), default=len(rules) - 1)
    states = np.array([STATES.index(state) for _, state, _ in rules], dtype=np.int8)
    reasons = np.array([why for _, _, why in rules], dtype=object)
    expected = np.where(view.daily, np.round(view.usual), 0).astype(np.int64)
    why = reasons[place]
    part = states[place] == STATES.index("partly")
    why = np.where(part, _why_part(view), why)
    had = stream.usable + stream.odd > 0
    return Judged(
        axis, stream.signal, states[place], why, stream.kept, expected, contact.why, view.hours, view.least, _nearest(had)
    )


@dataclass(frozen=True, eq=False, slots=True)
class _View:
    """What the rules ask about, worked out once. All masks are (days,)."""

    stream: StreamDays
    wear: Wear
    contact: Contact
    axis: Axis
    hours: np.ndarray
    usual: np.ndarray
    least: np.ndarray
    whole: np.ndarray
    daily: np.ndarray
    idle: np.ndarray
    worn: np.ndarray
    lacks: np.ndarray
    over: np.ndarray
    to_come: np.ndarray

    @classmethod
    def of(cls, stream: StreamDays, wear: Wear, contact: Contact, axis: Axis, now_local: int) -> _View:
        by_itself = stream.signal in MEASURES_BY_ITSELF
        idle = _idle(stream, wear)
        had: np.ndarray = (stream.usable > 0) & ~idle
        hours = _counting(stream, wear, had)
        amount = stream.usable.astype(float) if stream.kind in COUNTED else hours.sum(axis=1).astype(float)
        by_amount, by_count = habit(amount, had), habit(stream.usable, had)
        whole = _whole(stream, wear, (amount, by_amount, by_count), had)
        any_of: np.ndarray = np.asarray(stream.source_slots.any(axis=1))
        busy = habit(stream.source_slots.sum(axis=1), any_of)
        complete = (stream.source_slots.sum(axis=1) >= busy.least) & any_of
        return cls(
            stream, wear, contact, axis, hours, by_count.usual, by_amount.least, whole, by_amount.daily(by_itself), idle,
            _worn(stream, wear, axis, had), ~complete, axis.end <= now_local, axis.start > now_local,
        )  # fmt: skip


_Rule = tuple[np.ndarray, str, str]


def _rules(view: _View) -> tuple[_Rule, ...]:
    """The table: when, the state, the reason. The last one always holds."""
    s, c = view.stream, view.contact
    some: np.ndarray = s.usable > 0
    passive = s.signal in MEASURES_BY_ITSELF
    before = (view.axis.days < s.first_day) & ~c.known
    answered = c.answered | s.source_slots.any(axis=1) | (c.known & (c.empty >= MOST))
    all_days = np.ones(len(s.usable), dtype=bool)
    no_wear = ("off_at_night" if s.signal in NIGHTLY and view.wear.speaks else "no_wear") if passive else "not_used"
    return (
        # there is something: it says itself what it is
        (s.odd > s.usable, "out_of_range", "implausible"),
        (some & (s.kept * 2 < s.usable), "duplicate_discarded", "covered"),
        (some & ~view.idle & view.whole & view.over, "received", "complete"),
        (some & ~view.idle, "partly", "part"),
        (view.to_come, "not_connected", "day_to_come"),
        # it came, but under a date that cannot be
        (c.misdated, "out_of_range", "clock_wrong"),
        # we may not ask; there is nobody to ask; we asked in vain; nobody asked
        ((c.withdrawn >= MOST) | c.ends_withdrawn, "consent_withdrawn", "withdrawn"),
        ((c.off >= MOST) | c.ends_off, "not_connected", "disconnected"),
        (before, "not_connected", "before_first"),
        (view.lacks & (c.failed >= MOST), "sync_failed", "failed"),
        (~view.over & (answered | np.array(c.live)), "returned_none", "day_not_over"),
        (~answered, "not_connected", "not_asked"),
        # it was asked and answered
        (~view.daily & ~some, "returned_none", "not_expected"),
        (view.wear.off, "not_worn", "taken_off"),
        (view.idle, "not_worn", "zeros"),
        # a part of the day that was forbidden, cut off or asked for in vain explains more than nothing does
        (view.lacks & (c.withdrawn >= SOME), "consent_withdrawn", "withdrawn"),
        (view.lacks & (c.off >= SOME), "not_connected", "disconnected"),
        (view.lacks & (c.failed >= SOME), "sync_failed", "failed"),
        (c.empty >= MOST, "returned_none", "asked_empty"),
        (view.worn & np.array(passive), "returned_none", "worn_but_none"),
        (np.asarray(view.wear.on.any(axis=1)), "not_worn", no_wear),
        (all_days, "not_worn", "no_wear" if passive else "not_used"),
    )


def _idle(stream: StreamDays, wear: Wear) -> np.ndarray:
    """Days on which a device that counts wrote nothing but zeros, although it counts on others: it lay in a drawer."""
    if stream.kind != "cumulative" or stream.signal not in SHOWS_WEAR or not stream.active.any():
        return np.zeros(len(stream.usable), dtype=bool)
    return (stream.usable > 0) & ~stream.active.any(axis=1) & ~wear.on.any(axis=1)


def _counting(stream: StreamDays, wear: Wear, had: np.ndarray) -> np.ndarray:
    """The hours that count as there. An hour of zeros counts only where something else shows wear, if something else does as a rule."""
    if stream.kind == "cumulative" and stream.signal in SHOWS_WEAR and wear.dense:
        return stream.slots & (stream.active | wear.on)
    return stream.slots


def _whole(stream: StreamDays, wear: Wear, habits: tuple[np.ndarray, Habit, Habit], had: np.ndarray) -> np.ndarray:
    """Whether all of a day is there. Amounts that are written only while there are any (the steps of a walk) say little of that
    themselves: where other signals tell how long the device was worn, those decide, and a lazy day is a whole one."""
    amount, by_amount, by_count = habits
    hours = stream.slots[had].sum(axis=1)
    sparse = len(hours) > 0 and np.median(hours) < DENSE_HOURS
    if stream.kind == "cumulative" and stream.signal in SHOWS_WEAR and wear.dense and sparse:
        usually = stream.slots[had].mean(axis=0) >= SOMETIMES
        both = (stream.slots | wear.on)[:, usually].sum(axis=1)
        return (both >= habit(both, had).least) & (amount >= LAZY * by_amount.usual)
    return (amount >= by_amount.least) & (stream.usable >= by_count.least)


def _worn(stream: StreamDays, wear: Wear, axis: Axis, had: np.ndarray) -> np.ndarray:
    """Whether the other streams of the device show wear when this one should have measured: at least two hours of the day, or half of
    the hours of the night in which it usually has something."""
    if not axis.shift and stream.signal != "rhr":
        return wear.on.sum(axis=1) >= 2
    usually = np.zeros(wear.on.shape[1], dtype=bool)
    if had.sum() >= 3:
        usually = stream.slots[had].mean(axis=0) >= MOST
    if not 3 <= usually.sum() <= 14:
        usually = np.zeros_like(usually)
        usually[NIGHT_HOURS if axis.shift else slice(0, 6)] = True
    return wear.on[:, usually].mean(axis=1) >= MOST


def _why_part(view: _View) -> np.ndarray:
    """Why only a part is there."""
    s, c, wear = view.stream, view.contact, view.wear
    typical = view.hours[view.whole].mean(axis=0) >= MOST if view.whole.any() else np.ones(view.hours.shape[1], dtype=bool)
    lacking = typical & ~view.hours
    worn_then = (wear.on & lacking).sum(axis=1) >= MOST * np.maximum(lacking.sum(axis=1), 1)
    speaks = wear.speaks & wear.dense & lacking.any(axis=1)
    told = [
        (~view.over, "day_not_over"),
        (c.withdrawn > 0, "withdrawn_part"),
        (c.off > 0, "disconnected_part"),
        ((c.failed > 0) & view.lacks, "failed_part"),
        (s.odd * 10 > s.usable, "implausible_part"),
        (speaks & worn_then, "returned_part"),
        (speaks & ~worn_then, "worn_part"),
    ]
    return np.select([holds for holds, _ in told], np.array([[why] for _, why in told], dtype=object), default="part")


def _nearest(had: np.ndarray) -> np.ndarray:
    """How many days away the nearest day with samples is."""
    far = np.iinfo(np.int64).max // 2
    days = np.arange(len(had))
    before = np.maximum.accumulate(np.where(had, days, -far))
    after = np.minimum.accumulate(np.where(had, days, far)[::-1])[::-1]
    return np.minimum(days - before, after - days)
