"""This is the place where it is settled what a picture looks at: from when to when, on whose clock, which devices, how many points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from core.care.picture_views import MOST_SIGNALS, PictureQuery
from core.care.series import zone_named
from core.care.trends import TrendShelf, moment
from core.domain.records import SourceMark
from core.domain.samples import SeriesChoices, Stream
from core.domain.signals import SIGNALS
from core.errors import BadInput
from core.trends.columns import instant, ns
from core.trends.window import RANGES

PRESSURE = "blood_pressure"
HALVES = ("sbp", "dbp")
SHORTEST = timedelta(minutes=10)
SPOTS_A_DAY = 5.0
"""A level that is written down less often than this is drawn reading by reading, as a record's values are."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What a picture looks at. `zone` None: no zone is known, days are those of UTC; `streams` by signal; `marks` the sources."""

    kept: TrendShelf
    query: PictureQuery
    start: datetime
    end: datetime
    zone_name: str
    choices: SeriesChoices
    streams: Mapping[str, tuple[Stream, ...]]
    marks: Mapping[str, SourceMark]

    @property
    def zone(self) -> tzinfo | None:
        return zone_named(self.zone_name)

    @property
    def before(self) -> datetime:
        """Where the time before begins, as long as this one."""
        return self.start - (self.end - self.start)

    @property
    def days(self) -> float:
        return (self.end - self.start) / timedelta(days=1)

    def wall(self, at: datetime) -> int:
        """An instant as ns of the person's clock."""
        local = at.astimezone(self.zone or UTC)
        return ns(local.replace(tzinfo=UTC))

    def is_off(self, stream: Stream) -> bool:
        """Whether this device is left out, here or for good."""
        return self.key(stream) in (*self.query.off, *self.choices.switched_off)

    def key(self, stream: Stream) -> str:
        """What names the device of a stream where it is switched off: its name, or its source's where it has none."""
        mark = self.marks.get(stream.source_id)
        return stream.device or (mark.label if mark else stream.source_id)

    def mark(self, stream: Stream) -> SourceMark:
        """The device as a source of points."""
        mark = self.marks.get(stream.source_id)
        return SourceMark(f"{stream.source_id}|{stream.device}", mark.kind if mark else "file", self.key(stream))


def look(
    kept: TrendShelf, query: PictureQuery, chosen: SeriesChoices, known: tuple[Sequence[Stream], Mapping[str, SourceMark]]
) -> Sight:
    """What to look at. Raises BadInput for a range, stretch or signal that isn't one."""
    if query.range not in RANGES:
        raise BadInput(place="range", need=" ".join(RANGES))
    if len(query.signals) > MOST_SIGNALS:
        raise BadInput(place="signals", need=MOST_SIGNALS)
    for signal in query.signals:
        if signal not in SIGNALS and signal != PRESSURE:
            raise BadInput("unknown_signal", place="signal", need="a key of the table of signals")
    streams: dict[str, tuple[Stream, ...]] = {}
    for stream in (*known[0], *(one.stream for one in kept.sampled)):
        if stream.samples:
            streams[stream.signal] = (*streams.get(stream.signal, ()), stream)
    start, end = _span(kept, query, streams)
    zone = chosen.zone or kept.preferences.timezone
    return Sight(kept, query, start, end, zone if zone_named(zone) else "", chosen, streams, known[1])


def parts_of(signal: str) -> tuple[str, ...]:
    """The stored signals behind one that is offered."""
    return HALVES if signal == PRESSURE else (signal,)


def is_spot(signal: str, streams: Sequence[Stream]) -> bool:
    """Whether device samples of a signal are drawn one by one: events, and levels that are written down a few times a day."""
    kind = SIGNALS[signal].kind if signal in SIGNALS else "event"
    if kind != "average":
        return kind in ("event", "waveform")
    if not streams:
        return True
    days = (max(one.last for one in streams) - min(one.first for one in streams)) / 86_400e9 + 1
    return sum(one.samples for one in streams) / days < SPOTS_A_DAY


def _span(kept: TrendShelf, query: PictureQuery, streams: Mapping[str, Sequence[Stream]]) -> tuple[datetime, datetime]:
    if query.zoomed:
        start, end = moment(query.start, "start"), moment(query.end, "end")
        if end - start < SHORTEST:
            raise BadInput("stretch_too_short", place="start", need="at least ten minutes")
        return start, end
    end = kept.made_at
    if query.days:
        return end - timedelta(days=query.days), end
    return min([*_firsts(kept, query, streams), end - timedelta(days=1)]), end


def _firsts(kept: TrendShelf, query: PictureQuery, streams: Mapping[str, Sequence[Stream]]) -> list[datetime]:
    """The first time of each signal, in the record and on each device."""
    names = [name for signal in query.signals for name in parts_of(signal)]
    series = (kept.readings.get(name) for name in names)
    records = [instant(int(one.time[0])) for one in series if len(one)]
    return records + [instant(stream.first) for name in names for stream in streams.get(name, ())]
