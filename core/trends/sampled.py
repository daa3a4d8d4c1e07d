"""This is the place where the series that records hold (FHIR SampledData) become samples, as if a device had brought them.

They are made from the current records each time they are asked for and are kept nowhere else: a record that is replaced, taken back, set
apart or gone with its source has no samples. Clock: the record names the offset at its beginning. Where the person's zone had that very
offset then, the zone says what the clock showed later (a day on which the clock is changed); else the record's offset holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

import numpy as np

from core.domain.bins import bins_of
from core.domain.plausible import marked
from core.domain.records import Record, Sampled, Value
from core.domain.samples import ABOVE, BELOW, FLOATING, UTC_ONLY, BinStrand, Columns, Samples, Strand, Stream
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.domain.units import linear
from core.trends.columns import ns
from core.trends.reading import usable

_LIMITS = {"L": BELOW, "U": ABOVE}
_FIRST, _LAST = ns(datetime(1900, 1, 1, tzinfo=UTC)), ns(datetime(2100, 1, 1, tzinfo=UTC))


def strands(records: Iterable[Record], zone: tzinfo | None, signal: str = "") -> tuple[Strand, ...]:
    """The samples of all usable records (of one signal, where one is named), one strand for each signal and (first) source, ascending by start; what is outside the signal's
    guard range, or later than the record was received, is marked. `zone` None: it isn't known."""
    found: dict[tuple[str, str], list[Columns]] = defaultdict(list)
    for record in records:
        if usable(record):
            source_id = record.sources[0].source_id if record.sources else ""
            for value in record.item.values:
                if value.sampled is None or signal not in ("", value.signal):
                    continue
                columns = samples_of(value, record.item.start, zone)
                if len(columns):
                    sound = marked(Samples(value.signal, columns), ns(record.received_at)).columns
                    found[value.signal, source_id].append(sound)
    return tuple(_strand(*key, found[key]) for key in sorted(found))


def merged(
    kept: Sequence[Strand], more: Iterable[Strand], signals: Sequence[str], span: tuple[datetime, datetime]
) -> tuple[Strand, ...]:
    """Stored strands together with those of `more` that are of these signals and meet the span."""
    first, last = ns(span[0]), ns(span[1])
    inside = []
    for one in more:
        if one.stream.signal in signals:
            rows = (one.columns.start < last) & ((one.columns.end > first) | (one.columns.start >= first))
            if rows.any():
                inside.append(Strand(one.stream, one.columns.take(rows)))
    return (*kept, *inside)


def binned(more: Iterable[Strand], signal: str, span: tuple[datetime, datetime]) -> tuple[BinStrand, ...]:
    """Those of one signal that meet the span, in quarter hours."""
    return tuple(BinStrand(one.stream, bins_of(one.columns, SIGNALS[signal])) for one in merged((), more, (signal,), span))


def samples_of(value: Value, start: str, zone: tzinfo | None) -> Columns:
    """What one value of a record that begins at `start` (FHIR text) holds; nothing where it holds no series that may be used."""
    row, time = SIGNALS.get(value.signal), PartialTime.parse(start)
    if value.sampled is None or value.problem or row is None or time is None or time.precision != "instant":
        return Columns.empty()
    factors = linear(value.unit, row.unit, row.key)
    if factors is None:
        return Columns.empty()
    steps, numbers, bits = _read(value.sampled)
    begins = ns(time.earliest)
    lasts = value.sampled.step_ms * 1e6 if row.kind == "cumulative" and not value.sampled.at else 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        at = begins + np.round(steps * value.sampled.step_ms * 1e6)
        numbers = (numbers * value.sampled.factor + value.sampled.origin) * factors[0] + factors[1]
    sound = np.isfinite(numbers) & (at >= _FIRST) & (at + lasts <= _LAST)
    starts = begins + np.round(steps[sound] * value.sampled.step_ms * 1e6).astype(np.int64)
    return Columns.of(starts, numbers[sound], starts + round(lasts), bits[sound], _clock(time, zone))


def _strand(signal: str, source_id: str, parts: list[Columns]) -> Strand:
    joined = Columns.joined(parts)
    columns = joined.take(np.argsort(joined.start, kind="stable"))
    first, last = int(columns.start[0]), int(columns.end.max())
    return Strand(Stream(f"sampled:{source_id}", source_id, signal, "", "", len(columns), first, last), columns)


def _read(held: Sampled) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(steps after the beginning, numbers, quality bits) of the words that say a value."""
    words, numbers = _numbers(held.data)
    steps = _numbers(held.at)[1] if held.at else np.arange(len(words), dtype=float)
    most = min(len(words), len(steps))
    words, numbers, steps = words[:most], numbers[:most], steps[:most]
    bits = np.zeros(most, dtype=np.uint8)
    for word, limit in (("L", held.low), ("U", held.high)):
        here = words == word
        bits[here] = _LIMITS[word]
        numbers[here] = np.nan if limit is None else limit
    told = np.isfinite(numbers) & np.isfinite(steps)
    return steps[told], numbers[told], bits[told]


def _numbers(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The words of a text and their numbers, NaN for those that are none (Python's "1_000" is none of FHIR)."""
    words = np.array(text.split(" ") if text else [], dtype=object)
    try:
        if "_" not in text:
            return words, words.astype(np.float64)
    except ValueError:
        pass  # some words are no numbers: one by one
    return words, np.array([_number(word) for word in words.tolist()], dtype=np.float64)


def _number(word: str) -> float:
    try:
        return float("nan") if "_" in word else float(word)
    except ValueError:
        return float("nan")


def _clock(time: PartialTime, zone: tzinfo | None) -> int:
    """The offset that the samples of a record bear (see the columns' `offset`)."""
    if not time.zoned:
        return FLOATING
    if time.text.endswith("Z"):
        return UTC_ONLY
    sign = -1 if time.text[-6] == "-" else 1
    minutes = sign * (int(time.text[-5:-3]) * 60 + int(time.text[-2:]))
    there = time.earliest.astimezone(zone).utcoffset() if zone else None
    return UTC_ONLY if there is not None and there.total_seconds() == minutes * 60 else minutes
