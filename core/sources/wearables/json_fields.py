"""This is the place where fields of foreign JSON are taken, each with its reason where it is not what it should be.

An accessor gives the value, or an `Odd`: how the entry ends and why. `Entries.put` takes both, so that a reader says what belongs
together and every entry ends once. The file's lists are walked with `Entries.each`, which keeps the account of what was damaged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from core.domain.samples import UTC_ONLY, Columns, Parsed, Samples, Tally
from core.domain.signals import SIGNALS
from core.domain.units import linear, ucum
from core.errors import FileRefused
from core.sources.wearables.clock import SECOND
from core.sources.wearables.collect import LEAST_NS, MOST_NS, Collector, Place
from core.sources.wearables.csv_numbers import number as number_of
from core.sources.wearables.json_read import Piece


class Odd(NamedTuple):
    """An entry that becomes no sample: its outcome and why."""

    outcome: str
    why: str


class When(NamedTuple):
    """The time of an entry: ns and offset as in core/domain/samples.py; `end` None is an instant."""

    start: int
    end: int | None = None
    offset: int = UTC_ONLY


MISSING = Odd("refused", "value_missing")
NOT_A_NUMBER = Odd("refused", "not_a_number")
BAD_TIME = Odd("refused", "time_invalid")
NO_READING = Odd("not_followed", "no_reading")
UNKNOWN = Odd("not_followed", "unknown_type")
NOT_KEPT = Odd("not_followed", "signal_not_kept")
PART = Odd("not_followed", "part_of_another")
GOAL = Odd("not_followed", "goal_not_measured")
NO_MEASUREMENT = Odd("not_followed", "not_a_measurement")
UNIT_MISSING = Odd("quarantined", "unit_missing")
UNIT_UNKNOWN = Odd("quarantined", "unit_unknown")
WRONG_KIND = Odd("refused", "wrong_kind_of_value")
_NAMED = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


def dig(value: Any, path: str) -> Any:
    """What stands at "a.b.c", or None."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text(value: Any, path: str = "", longest: int = 80) -> str:
    """A text without control signs, cut at `longest`; "" where there is none."""
    found = dig(value, path) if path else value
    return _CONTROL.sub(" ", found)[:longest].strip() if isinstance(found, str) else ""


def listing(value: Any, path: str) -> list[Any]:
    """The list at a path, or an empty one."""
    found = dig(value, path)
    return found if isinstance(found, list) else []


def number(value: Any, path: str = "", *, written: bool = False) -> float | Odd:
    """The number at a path; with `written` also one inside a text."""
    found = dig(value, path) if path else value
    if found is None or found == "":
        return MISSING
    if isinstance(found, str) and written:
        read = number_of(found)
        return NOT_A_NUMBER if read is None else read
    if isinstance(found, bool) or not isinstance(found, int | float):
        return NOT_A_NUMBER
    try:
        whole = float(found)
    except OverflowError:
        return NOT_A_NUMBER
    return whole if math.isfinite(whole) else NOT_A_NUMBER


def times(value: float | Odd, mult: float, add: float = 0.0) -> float | Odd:
    """The value in another unit."""
    return value if isinstance(value, Odd) else value * mult + add


def above_zero(value: float | Odd) -> float | Odd:
    """A value whose zero (or less) means that nothing was read."""
    return NO_READING if not isinstance(value, Odd) and value <= 0 else value


def in_unit(value: float | Odd, unit: str, signal: str) -> float | Odd:
    """A value with its unit as the file writes it, in the signal's unit."""
    if isinstance(value, Odd):
        return value
    if not unit:
        return UNIT_MISSING
    code = ucum(unit)
    if code is None:
        return UNIT_UNKNOWN
    factors = linear(code, SIGNALS[signal].unit, signal)
    return Odd("quarantined", "unit_unfit") if factors is None else value * factors[0] + factors[1]


def epoch(value: Any, unit: int = SECOND) -> int | None:
    """The ns of a number (or digits in a text) of units since 1970; None where it is none or further than the calendar we take."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.lstrip("-").isdigit() and len(value) <= 20 else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e20 < value < 1e20:
        return None
    ns = int(value * unit)
    return ns if LEAST_NS <= ns <= MOST_NS else None


class Entries:
    """The account of one file. `put` ends an entry as a sample or as what is odd about it."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._collector = Collector()
        self._named: set[str] = set()

    def put(self, kind: str, place: Place, when: When | Odd | None, value: float | Odd, quality: int = 0, at: str = "") -> None:
        """One entry. `kind` is the source's word for it, `at` where in the file it stands."""
        if isinstance(when, When) and not isinstance(value, Odd):
            place = place._replace(path=self.path)
            self._collector.add(place, when.start, value, end=when.end, quality=quality, offset=when.offset)
        else:
            self.odd(
                kind, value if isinstance(value, Odd) else when if isinstance(when, Odd) else BAD_TIME, at, subject=place.subject
            )

    def odd(self, kind: str, odd: Odd, at: str = "", count: int = 1, subject: str = "") -> None:
        """Entries that became no sample; the first refused ones are named by their place."""
        path = self.path
        if at and odd.outcome != "not_followed":
            if len(self._named) < _NAMED:
                self._named.add(at)
            path = f"{path}:{at}" if at in self._named else path
        self._collector.odd(path, text(kind, longest=60), odd.outcome, odd.why, count, subject)

    def bulk(self, place: Place, columns: Columns, kind: str) -> Iterator[Samples]:
        """Many samples at once; those whose time or value cannot be are counted."""
        near = (columns.start >= LEAST_NS) & (columns.start <= MOST_NS) & (columns.end >= LEAST_NS) & (columns.end <= MOST_NS)
        forward = columns.end >= columns.start
        self.odd(kind, Odd("refused", "time_out_of_reach"), count=int((~near).sum()), subject=place.subject)
        self.odd(kind, Odd("refused", "ends_before_start"), count=int((near & ~forward).sum()), subject=place.subject)
        columns = columns.take(near & forward)
        if len(columns):
            yield Samples(place.signal, columns, place.device, place.grain, place.subject, self.path)

    def each(self, pieces: Iterable[Piece]) -> Iterator[tuple[str, Any]]:
        """(where, element) of every element that could be read; faults are counted."""
        for piece in pieces:
            if piece.why:
                self.fault(piece)
            for number, item in enumerate(piece.items, piece.first):
                yield f"{piece.key}[{number}]", item

    def fault(self, piece: Piece) -> None:
        self.odd("entry", Odd("refused", piece.why), f"{piece.key}[{piece.first}]")

    def ready(self) -> Iterator[Samples]:
        yield from self._collector.ready()

    def closed(self, parsed: Parsed) -> Parsed:
        """What a reader yields, then the account, also where the stream was refused on the way."""
        try:
            yield from parsed
        except FileRefused:
            yield from self._collector.rest()
            raise
        yield from self._collector.rest()


def nothing() -> Iterator[Samples | Tally]:
    """No entries."""
    yield from ()
