"""This is the place where a person's hours and journeys, as they keep them, become the habits that doses are planned by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.medications.book import Book, Trip
from core.medications.book_json import HOURS
from core.medications.terms import Habits
from core.medications.zones import at_clock


def habits(book: Book, zone: str) -> Habits:
    """The usual hours with those the person changed, at home in `zone` (IANA), away from 00:00 of a journey's first day until 00:00 of the day after
    its last. Raises ValueError or KeyError where a zone is none."""
    hours = {**{name: getattr(Habits(), name) for name in HOURS}, **book.hours}
    settled = Habits(zone, *(hours[name] for name in HOURS))
    moves: list[tuple[datetime, str]] = []
    for trip in sorted(book.trips, key=lambda one: one.first):
        moves.append((at_clock(Habits(zone=trip.zone), trip.first, 0), trip.zone))
        if trip.last is not None:
            moves.append((at_clock(Habits(zone=zone), trip.last + timedelta(days=1), 0), zone))
    return replace(settled, moves=_in_order(moves))


def overlaps(trips: Iterable[Trip], new: Trip) -> bool:
    """Whether the new journey shares a day with one of these."""
    return any(
        (one.last is None or new.first <= one.last) and (new.last is None or one.first <= new.last)
        for one in trips
    )  # fmt: skip


def _in_order(moves: list[tuple[datetime, str]]) -> tuple[tuple[datetime, str], ...]:
    """A journey that begins the day after another ends may come before the return home: then there was none."""
    kept: list[tuple[datetime, str]] = []
    for move in moves:
        while kept and kept[-1][0] >= move[0]:
            kept.pop()
        kept.append(move)
    return tuple(kept)
