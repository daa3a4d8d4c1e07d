"""This is the place where a person sees for every day why something is there or missing, for each device and for the signal as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import numpy as np

from core.care.access import Action, require
from core.care.freshness import revision as revision
from core.care.series import Gathered, bounds, gather, resolved
from core.domain.audit import AuditEvent
from core.domain.people import Actor
from core.domain.records import Record, SourceMark
from core.domain.samples import BIN_NS, FLOATING, Columns, SeriesChoices, Strand, Stream, SyncEvent
from core.domain.signals import SIGNALS
from core.errors import BadInput
from core.ports import Ports
from core.trends.columns import DAY_NS, ns
from core.trends.contact import Reach, contact
from core.trends.day_counts import Came, stream_days
from core.trends.day_slots import NIGHTLY, Axis, occupied
from core.trends.days import settle
from core.trends.judgement import Facts
from core.trends.missing import Judged, judged
from core.trends.missing_summary import Said, counts, overall, runs, sentence
from core.trends.wear import SHOWS_WEAR, Trace, wear

BEFORE, AFTER = timedelta(days=120), timedelta(days=40)
"""How much is read around the days asked for, to know the habit."""
MOST_DAYS = 3700
_WHOLE = ("worn", "sleep_stage")
"""Signals of long stretches: read as they are; of all others quarter hours are enough to see wear."""

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day (or night): its state, how many samples there are and how many the habit expects, which device, and why."""

    day: date
    state: str
    have: int
    expected: int
    device: str
    why: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamCalendar:
    """The days of one device of one source."""

    device: str
    source_id: str
    source: str
    days: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class MissingView:
    """The calendar of one signal: a line for each day, the same for each device, the count of every state, the facts of a sentence,
    and runs of days with one state (first day, how many, state). `zone` is "" where it isn't known: then days may be off by one."""

    signal: str
    label: str
    zone: str
    unit: str
    days: tuple[DayLine, ...]
    streams: tuple[StreamCalendar, ...]
    counts: Mapping[str, int]
    said: Said
    runs: tuple[tuple[date, int, str], ...]


@dataclass(frozen=True, eq=False, slots=True)
class _Shelf:
    """Everything that was read."""

    gathered: Gathered
    streams: tuple[Stream, ...]
    floating: frozenset[str]
    traces: Mapping[_Place, tuple[Trace, ...]]
    events: tuple[SyncEvent, ...]
    axis: Axis
    now: datetime


def calendar(ports: Ports, actor: Actor, person_id: str, signal: str, start_day: date, end_day: date) -> MissingView:
    """Why is it missing, from `start_day` to `end_day` (both included, of the local calendar)? Raises BadInput."""
    return calendars(ports, actor, person_id, (signal,), (start_day, end_day))[0]


def calendars(ports: Ports, actor: Actor, person_id: str, signals: Sequence[str], span: tuple[date, date]) -> tuple[MissingView, ...]:
    """The calendars of several signals, the record read once. Raises BadInput."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    if any(signal not in SIGNALS or SIGNALS[signal].category == "panel" for signal in signals):
        raise BadInput("unknown_signal", place="signal", need="a key of the table of signals")
    if span[1] < span[0]:
        raise BadInput("days_backwards", place="to", need="a day that is not before the first")
    if (span[1] - span[0]).days >= MOST_DAYS:
        raise BadInput("too_many_days", place="to", need=f"no more than {MOST_DAYS} days")
    first, count = _since_1970(span[0]), (span[1] - span[0]).days + 1
    event = grant.event("missing")
    records = ports.store.records(person_id, event, kinds=("Observation",))
    made = []
    for signal in signals:
        mine = [one for one in records if any(value.signal == signal or value.form == "series" for value in one.item.values)]
        shelf = _read(ports, person_id, signal, (span, mine), event)
        found = [(place, one.cut(first, count)) for place, one in _judge(shelf).items()]
        made.append(_view(shelf, found, Axis(first, count, shelf.axis.shift)))
    return tuple(made)


def _read(ports: Ports, person_id: str, signal: str, known: tuple[tuple[date, date], Sequence[Record]], event: AuditEvent) -> _Shelf:
    store = ports.store
    span, records = known
    first, last = max(span[0] - BEFORE, date(1900, 2, 1)), span[1] + AFTER
    choices = store.series_choices(person_id)
    marks = {one.source_id: SourceMark(one.source_id, one.kind, one.label) for one in store.sources(person_id, event)}
    streams = tuple(one for one in store.streams(person_id, event) if not _off(choices, marks, one))
    start, end = bounds((first, last))
    strands = store.strands(person_id, [signal], start, end, event)
    gathered = gather(SIGNALS[signal], strands, records, (choices, marks))
    floating = frozenset(one.stream.source_id for one in strands if bool((one.columns.offset == FLOATING).all()))
    others = sorted(SHOWS_WEAR - {signal})
    whole = store.strands(person_id, [key for key in others if key in _WHOLE], start, end, event)
    bins = store.bins(person_id, [key for key in others if key not in _WHOLE], start, end, event)
    parts = [
        *whole,
        *(
            Strand(one.stream, Columns.of(one.bins.at, one.bins.sum, one.bins.at + _lasts(one.stream), 0, one.bins.offset))
            for one in bins
        ),
    ]
    kept = [one for one in parts if not _off(choices, marks, one.stream)]
    axis = Axis.of(signal, _since_1970(first), (last - first).days + 1)
    events = store.sync_events(person_id, event)
    return _Shelf(gathered, streams, floating, _traces(kept, gathered.zone), events, axis, ports.clock.now())


def _off(choices: SeriesChoices, marks: Mapping[str, SourceMark], stream: Stream) -> bool:
    mark = marks.get(stream.source_id)
    return choices.leaves_out(stream.device, mark.label if mark else "")


def _lasts(stream: Stream) -> int:
    """How long a bin of a stream speaks for: its quarter hour, or the day that it sums up."""
    return DAY_NS if stream.grain == "1d" else BIN_NS


def _traces(parts: Sequence[Strand], zone: tzinfo | None) -> Mapping[_Place, tuple[Trace, ...]]:
    found: dict[_Place, list[Trace]] = {}
    for one in parts:
        s = settle(one.columns, zone)
        signal, sound = one.stream.signal, s.usable
        trace = Trace(signal, SIGNALS[signal].kind, s.local[sound], s.local_end[sound], s.value[sound])
        found.setdefault((one.stream.source_id, one.stream.device), []).append(trace)
    return {place: tuple(traces) for place, traces in found.items()}


def _judge(shelf: _Shelf) -> dict[_Place, Judged]:
    """Every device that ever delivered the signal, day by day."""
    gathered = shelf.gathered
    row = gathered.row
    counts_of = resolved(gathered) if len(gathered.strands) > 1 else None
    came: dict[_Place, list[Came]] = {(one.source_id, one.device): [] for one in shelf.streams if one.signal == row.key}
    for at, (stream, s) in enumerate(gathered.strands):
        kept = s.local[s.usable] if counts_of is None else counts_of.series.local[counts_of.source == at]
        came.setdefault((stream.source_id, stream.device), []).append(
            Came(s.local, s.local_end, s.value, s.quality, s.usable, kept, stream.grain)
        )
    found = {}
    for place, parts in came.items():
        ahead = _ahead(shelf, place)
        days = stream_days(shelf.axis, (row.key, row.kind), parts, _source_slots(shelf, place[0]), _first_day(shelf, place, ahead))
        events = [one for one in shelf.events if one.source_id in ("", place[0]) and one.device in ("", place[1])]
        reach = _reach(shelf, place, ahead)
        signs = wear(shelf.axis, shelf.traces.get(place, ()))
        now_local = ns(shelf.now) + int(_offset(shelf.gathered.zone, shelf.now) if shelf.gathered.zone else ahead)
        found[place] = judged(days, signs, contact(events, reach), shelf.axis, now_local)
    return found


def _source_slots(shelf: _Shelf, source_id: str) -> np.ndarray:
    """The hours in which anything of the source is there."""
    slots = np.zeros((shelf.axis.count, 24), dtype=bool)
    for (of, _), traces in shelf.traces.items():
        for one in traces if of == source_id else ():
            slots |= occupied(shelf.axis, one.local, one.local_end)
    for stream, s in shelf.gathered.strands:
        if stream.source_id == source_id:
            slots |= occupied(shelf.axis, s.local, s.local_end)
    return slots


def _reach(shelf: _Shelf, place: _Place, ahead: int) -> Reach:
    """The days as instants, on the person's clock, or (zone not known) on the one that the samples bear."""
    zone, axis = shelf.gathered.zone, shelf.axis
    if zone is None:
        offsets = np.full(axis.count + 1, ahead, dtype=np.int64)
    else:
        noons = [
            datetime.combine(date(1970, 1, 1) + timedelta(days=int(day)), time(), UTC)
            for day in range(axis.first, axis.first + axis.count + 1)
        ]
        offsets = np.array([_offset(zone, noon.replace(tzinfo=zone)) for noon in noons], dtype=np.int64)
    spans = tuple((one.first, one.last) for one in shelf.streams if one.source_id == place[0])
    spans += tuple((s.first, s.last) for s, _ in shelf.gathered.strands if s.source_id == place[0])
    end = axis.end - (offsets[:-1] if axis.shift else offsets[1:])
    return Reach(axis.start - offsets[:-1], end, ns(shelf.now), offsets[:-1], place[0] in shelf.floating, spans)


def _offset(zone: tzinfo, when: datetime) -> int:
    """How far a zone's clock is ahead of UTC then, ns."""
    ahead = when.astimezone(zone).utcoffset() or timedelta()
    return (ahead.days * 86_400 + ahead.seconds) * 1_000_000_000


def _ahead(shelf: _Shelf, place: _Place) -> int:
    """How far the clock of a device's samples is ahead of UTC as a rule, ns (0 where they don't say)."""
    mine = [s for stream, s in shelf.gathered.strands if (stream.source_id, stream.device) == place and len(s)]
    few = [s.take(slice(None, None, max(1, len(s) // 1000))) for s in mine]
    gaps = [s.local - s.start for s in few]
    return int(np.median(np.concatenate(gaps))) if gaps else 0


def _first_day(shelf: _Shelf, place: _Place, ahead: int) -> int:
    """The first day (since 1970) of anything by this device."""
    mine = [one.first for one in shelf.streams if (one.source_id, one.device) == place and one.samples]
    mine += [s.first for s, _ in shelf.gathered.strands if (s.source_id, s.device) == place]
    here = 0 if place[0] in shelf.floating else ahead
    return (min(mine) + here) // DAY_NS if mine else np.iinfo(np.int32).max


def _view(shelf: _Shelf, found: Sequence[tuple[_Place, Judged]], axis: Axis) -> MissingView:
    row = shelf.gathered.row
    best = overall([one for _, one in found], axis, row.key)
    names = [_named(shelf, place) for place, _ in found]
    devices = [names[at] if at >= 0 else "" for at in best.of.tolist()]
    streams = tuple(
        StreamCalendar(place[1], place[0], _label(shelf, place[0]), _lines(one, [name] * axis.count))
        for (place, one), name in zip(found, names, strict=True)
    )
    spans = tuple((_date(first), count, state) for first, count, state in runs(best.days))
    unit = "night" if row.key in NIGHTLY else "day"
    zone = shelf.gathered.choices.zone if shelf.gathered.zone else ""
    return MissingView(
        row.key, row.label, zone, unit, _lines(best.days, devices), streams, counts(best.days), sentence(best.days), spans
    )


def _lines(days: Judged, devices: Sequence[str]) -> tuple[DayLine, ...]:
    return tuple(
        DayLine(_date(one.day), one.state, one.have, one.expected, device, one.because, one.facts)
        for one, device in zip(days, devices, strict=True)
    )


def _named(shelf: _Shelf, place: _Place) -> str:
    return place[1] or _label(shelf, place[0])


def _label(shelf: _Shelf, source_id: str) -> str:
    mark = shelf.gathered.sources.get(source_id)
    return mark.label if mark else ""


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)


def _since_1970(day: date) -> int:
    return (day - date(1970, 1, 1)).days
