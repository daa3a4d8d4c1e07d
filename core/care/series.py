"""This is the place where one signal of a person becomes a table: as it was measured, or by hour, day or month of the local clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from core.care.access import Action, require
from core.care.freshness import revision as revision
from core.domain.people import Actor
from core.domain.records import Record, SourceMark
from core.domain.samples import ABOVE, BELOW, FLOATING, UTC_ONLY, Bins, BinStrand, Columns, SeriesChoices, Strand, Stream
from core.domain.signal import Signal
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.errors import BadInput
from core.ports import Ports
from core.trends import sampled
from core.trends.columns import ns
from core.trends.days import Settled, settle
from core.trends.overlap import Resolved, resolve
from core.trends.periods import EVERY, NIGHTLY, Periods, periods, periods_of_bins
from core.trends.reading import readings

RAW = "raw"
STEPS = (RAW, *EVERY)
_WIDER = timedelta(hours=27)
"""A local clock without a zone may be fifteen hours from UTC, and a night begins twelve before its day: asked so much wider, then cut
by the settled time."""
NIGHT_NS = 12 * 3_600_000_000_000


@dataclass(frozen=True, eq=False)
class Gathered:
    """The samples of one signal from all streams and records, settled on the person's clock, with what is said about each."""

    row: Signal
    strands: tuple[tuple[Stream, Settled], ...]
    sources: Mapping[str, SourceMark]
    zone: tzinfo | None
    choices: SeriesChoices


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """A signal as columns of one length: `time` ISO texts of the local clock with its offset, `value`, `count`, `low`, `high`, `source` (the
    device, or the source where it has no name). `discarded` are (device, reason, count) of what was left out so that nothing
    counts twice; `implausible` counts what is kept apart (None: not looked for); `zone` is "" where it isn't known, and `guessed` counts the
    samples whose day therefore may be wrong."""

    signal: str
    unit: str
    kind: str
    every: str
    zone: str
    time: tuple[str, ...] = ()
    value: tuple[float, ...] = ()
    count: tuple[int, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    source: tuple[str, ...] = ()
    discarded: tuple[tuple[str, str, int], ...] = ()
    implausible: int | None = 0
    guessed: int = 0
    states: tuple[str, ...] = ()


def table(ports: Ports, actor: Actor, person_id: str, signal: str, span: tuple[date | None, date | None], every: str) -> SeriesTable:
    """One signal over local days (both ends included, None: from the first, to the last). Raises BadInput for a signal or step
    that isn't one."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    if signal not in SIGNALS:
        raise BadInput("unknown_signal", place="signal", need="a key of the table of signals")
    if every not in STEPS:
        raise BadInput("unknown_step", place="every", need=" ".join(STEPS))
    if span[0] and span[1] and span[1] < span[0]:
        raise BadInput("days_backwards", place="to", need="a day that is not before the first")
    choices = ports.store.series_choices(person_id)
    start, end = bounds(span)
    event = grant.event("series")
    records = ports.store.records(person_id, event, kinds=("Observation",))
    if every != RAW and _alone(ports.store.streams(person_id, event), records, SIGNALS[signal]):
        bins = ports.store.bins(person_id, [signal], start, end, event)
        return _of_bins(bins, SIGNALS[signal], every, (choices, span))
    strands = ports.store.strands(person_id, [signal], start, end, event)
    marks = {one.source_id: SourceMark(one.source_id, one.kind, one.label) for one in ports.store.sources(person_id, event)}
    gathered = gather(SIGNALS[signal], strands, records, (choices, marks))
    return tabled(_cut(gathered, span, every), every, span)


def _alone(streams: Sequence[Stream], records: Sequence[Record], row: Signal) -> bool:
    """Whether one named device alone tells of a level or an amount, by short samples only: then the quarter hours that were prepared
    say the same as its samples, and ten years need not be opened."""
    mine = [one for one in streams if one.signal == row.key]
    if row.kind not in ("average", "cumulative") or len(mine) != 1 or not mine[0].device or mine[0].grain in ("1h", "1d"):
        return False
    return not any(value.signal == row.key for record in records for value in record.item.values)


def _of_bins(
    strands: Sequence[BinStrand], row: Signal, every: str, of: tuple[SeriesChoices, tuple[date | None, date | None]]
) -> SeriesTable:
    """The same table from quarter hours. What is implausible is not in them, so it is not counted here."""
    choices, span = of
    kept = [one for one in strands if one.stream.device not in choices.switched_off]
    kept = [BinStrand(one.stream, _bins_within(one, span, zone_named(choices.zone))) for one in kept]
    found = periods_of_bins(kept, row, every, zone_named(choices.zone))
    guessed = 0 if zone_named(choices.zone) else sum(int(one.bins.count[one.bins.offset <= FLOATING].sum()) for one in kept)
    apart = sum(one.stream.samples - int(one.bins.count.sum()) for one in kept) if span == (None, None) else None
    made = SeriesTable(row.key, row.unit, row.kind, every, choices.zone, implausible=apart, guessed=guessed, states=row.states)
    return _by_period(made, found, [one.stream.device for one in kept])


def _bins_within(one: BinStrand, span: tuple[date | None, date | None], zone: tzinfo | None) -> Bins:
    """The quarter hours that begin on these local days."""
    first, until = _wall_bounds(span)
    local = settle(Columns.of(one.bins.at, one.bins.sum, None, 0, one.bins.offset), zone).local
    inside = (local >= first) & (local < until)
    return Bins(*(getattr(one.bins, name)[inside] for name in Bins.__slots__))


def bounds(span: tuple[date | None, date | None]) -> tuple[datetime, datetime]:
    """Instants that surely hold these local days, whatever the zone."""
    first = datetime.combine(span[0], time(), UTC) - _WIDER if span[0] else datetime(1900, 1, 1, tzinfo=UTC)
    last = datetime.combine(span[1], time(), UTC) + timedelta(days=1) + _WIDER if span[1] else datetime(2101, 1, 1, tzinfo=UTC)
    return first, last


def gather(
    row: Signal, strands: Sequence[Strand], records: Sequence[Record], known: tuple[SeriesChoices, Mapping[str, SourceMark]]
) -> Gathered:
    """Device samples, the record's readings and the series it holds, on one clock; devices that are switched off are left aside.
    `known`: what the person chose, and the sources by their id."""
    choices, marks = known
    zone = zone_named(choices.zone)
    told = [(one.stream, one.columns) for one in (*strands, *sampled.strands(records, zone, row.key))] + _records(row, records)
    kept = [(stream, columns) for stream, columns in told if not choices.leaves_out(stream.device, _source(marks, stream))]
    return Gathered(row, tuple((stream, settle(columns, zone)) for stream, columns in kept), marks, zone, choices)


def _source(marks: Mapping[str, SourceMark], stream: Stream) -> str:
    """What the source of a stream is called."""
    mark = marks.get(stream.source_id)
    return mark.label if mark else ""


def resolved(gathered: Gathered) -> Resolved:
    """What counts, where several devices tell of the same time."""
    order = dict(gathered.choices.order)
    return resolve(gathered.strands, gathered.row, order.get(gathered.row.key, order.get("*", ())))


def tabled(gathered: Gathered, every: str, span: tuple[date | None, date | None] = (None, None)) -> SeriesTable:
    """The table of what was gathered, from the period on that holds the first day asked for."""
    counts = resolved(gathered)
    row = gathered.row
    names = [_named(gathered, stream) for stream, _ in gathered.strands]
    made = SeriesTable(
        signal=row.key,
        unit=row.unit,
        kind=row.kind,
        every=every,
        zone=gathered.choices.zone,
        discarded=_discarded(gathered, counts, names),
        implausible=int(sum(np.count_nonzero(~settled.usable) for _, settled in gathered.strands)),
        guessed=int(np.count_nonzero(counts.series.guessed)),
        states=row.states,
    )
    if every != RAW:
        found = periods(counts, row, every)
        return _by_period(made, found.within(_from(span, every), int(np.iinfo(np.int64).max)), names)
    series = counts.series
    value = _floats(series.value * counts.share if row.kind == "cumulative" else series.value)
    time, source = _texts(series.start, series.local), tuple(names[at] for at in counts.source)
    return replace(made, time=time, value=value, count=(1,) * len(series), low=value, high=value, source=source)


def _by_period(made: SeriesTable, found: Periods, names: Sequence[str]) -> SeriesTable:
    return replace(
        made,
        time=_texts(found.at, found.start),
        value=_floats(found.value),
        count=tuple(found.count.tolist()),
        low=_floats(found.low),
        high=_floats(found.high),
        source=tuple(", ".join(dict.fromkeys(names[at] for at in several)) for several in found.sources),
    )


def _discarded(gathered: Gathered, counts: Resolved, names: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """By device and reason."""
    total: Counter[tuple[str, str]] = Counter()
    for one in counts.discarded:
        total[(names[_place(gathered, one.stream_id)], one.reason)] += one.count
    return tuple((device, reason, count) for (device, reason), count in total.items())


def zone_named(name: str) -> tzinfo | None:
    """The zone a person chose, or None where none is known."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _cut(gathered: Gathered, span: tuple[date | None, date | None], every: str) -> Gathered:
    """To the local days asked for: as measured, a sample belongs to the day on which it begins; put together, what reaches into a day
    counts for it, and a night is whole."""
    first, last = _wall_bounds(span)
    if every != RAW and gathered.row.key in NIGHTLY:
        first, last = first - (NIGHT_NS if span[0] else 0), last - (NIGHT_NS if span[1] else 0)
    kept = []
    for stream, settled in gathered.strands:
        reaches = (settled.local >= first) | ((settled.local_end > first) & (every != RAW))
        inside = settled.take(reaches & (settled.local < last))
        if len(inside):
            kept.append((stream, inside))
    return replace(gathered, strands=tuple(kept))


def _from(span: tuple[date | None, date | None], every: str) -> int:
    """When the first period begins that holds a day asked for (ns of the clock on the wall)."""
    first = span[0]
    if first is None:
        return int(np.iinfo(np.int64).min)
    begins = {"1w": first - timedelta(days=first.weekday()), "1mo": first.replace(day=1)}
    return _wall_ns(begins.get(every, first))


def _wall_bounds(span: tuple[date | None, date | None]) -> tuple[int, int]:
    """From when up to before when (ns of the clock on the wall)."""
    first = _wall_ns(span[0]) if span[0] else int(np.iinfo(np.int64).min)
    return first, _wall_ns(span[1] + timedelta(days=1)) if span[1] else int(np.iinfo(np.int64).max)


def _wall_ns(day: date) -> int:
    return ns(datetime.combine(day, time(), UTC))


def _records(row: Signal, records: Sequence[Record]) -> list[tuple[Stream, Columns]]:
    """The readings of the record, one stream for each source that says them first."""
    series = readings(records).get(row.key)
    quality = np.array([{"<": BELOW, "<=": BELOW, ">": ABOVE, ">=": ABOVE}.get(bound, 0) for bound in series.bound], dtype=np.uint8)
    offsets = np.array([_clock_of(str(when)) for when in series.when], dtype=np.int16)
    first = np.array([sources[0] if sources else "" for sources in series.source], dtype=object)
    found = []
    for source_id in dict.fromkeys(first):
        mine = first == source_id
        columns = Columns.of(series.time[mine], series.value[mine], None, quality[mine], offsets[mine])
        stream = Stream(f"records:{source_id}", source_id, row.key, "", "", len(columns), int(columns.start[0]), int(columns.end[-1]))
        found.append((stream, columns))
    return found


def _clock_of(when: str) -> int:
    """The clock a record's time was written by: its offset, UTC alone, or (a bare day, a time without a zone) the local clock."""
    time = PartialTime.parse(when)
    if time is None or not time.zoned:
        return FLOATING
    if when.endswith("Z"):
        return UTC_ONLY
    return (int(when[-5:-3]) * 60 + int(when[-2:])) * (-1 if when[-6] == "-" else 1)


def _named(gathered: Gathered, stream: Stream) -> str:
    mark = gathered.sources.get(stream.source_id)
    return stream.device or (mark.label if mark else "")


def _place(gathered: Gathered, stream_id: str) -> int:
    return next(at for at, (stream, _) in enumerate(gathered.strands) if stream.stream_id == stream_id)


def _texts(at: np.ndarray, local: np.ndarray) -> tuple[str, ...]:
    """Local ISO texts with the offset of each."""
    offsets = np.round((local - at) / 60e9).astype(int)
    clock = np.datetime_as_string(local.view("datetime64[ns]"), unit="us").tolist() if len(local) else []
    return tuple(_text(text, minutes) for text, minutes in zip(clock, offsets.tolist(), strict=True))


def _text(clock: str, minutes: int) -> str:
    shown = clock.removesuffix(".000000")
    sign = "-" if minutes < 0 else "+"
    return f"{shown}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _floats(column: np.ndarray) -> tuple[float, ...]:
    return tuple(np.round(np.asarray(column, dtype=float), 6).tolist())
