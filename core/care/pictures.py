"""This is the place where a picture of one or several signals comes together on one time axis, with what happened meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.care import trends
from core.care.absence import explained
from core.care.access import Action, require
from core.care.counting import Reader, count
from core.care.dense import dense_part
from core.care.picture_views import Happening, Part, Picture, PictureQuery
from core.care.sight import Sight, is_spot, look, parts_of
from core.care.spots import spot_part
from core.care.trends import TrendShelf
from core.care.views import Fact, MedicineSpan
from core.domain.people import Actor
from core.domain.records import SourceMark
from core.domain.samples import Note
from core.domain.signal import Signal
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.ports import Ports
from core.trends.columns import instant, ns
from core.trends.days import Settled
from core.trends.summary import BASELINE_DAYS

EVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
KNOWN_FROM = timedelta(days=BASELINE_DAYS + 2)
"""What is usual is known from so far back."""
_MOST_HAPPENINGS = 400


def picture(ports: Ports, actor: Actor, person_id: str, query: PictureQuery, kept: TrendShelf | None = None) -> Picture:
    """The signals asked for. `kept` is the person's shelf of readings, where the caller holds it. Raises BadInput for a query that
    asks for no signal, an unknown one or a stretch that isn't one."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    kept = kept or trends.shelf(ports, actor, person_id)
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, query, kept)
    parts = tuple(explained(reader, actor, sight, _part(reader, sight, signal)) for signal in query.signals)
    notes = ports.store.notes(person_id, grant.event("notes"))
    return Picture(
        revision=kept.revision,
        made_at=kept.made_at,
        query=query,
        start=sight.start,
        end=sight.end,
        zone=sight.zone_name,
        parts=parts,
        medicines=_medicines(kept),
        happenings=_happenings(sight, notes),
        said=_said(sight),
    )


def exportable(ports: Ports, actor: Actor, person_id: str, query: PictureQuery, kept: TrendShelf) -> Picture:
    """The same picture, to be taken away as a file."""
    require(ports, actor, Action.EXPORT_RECORD, person_id)
    return picture(ports, actor, person_id, query, kept)


def taken(ports: Ports, actor: Actor, person_id: str, what: str) -> None:
    """Somebody takes a view away as a file (`what`: which kind): access is asked for, and the trail says so."""
    grant = require(ports, actor, Action.EXPORT_RECORD, person_id)
    ports.store.append_audit(grant.event(what))


def sight_of(reader: Reader, query: PictureQuery, kept: TrendShelf) -> Sight:
    """What a query looks at, with the person's choices, streams and sources."""
    ports, grant, person_id = reader.ports, reader.grant, reader.person_id
    streams = ports.store.streams(person_id, grant.event("streams"))
    sources = ports.store.sources(person_id, grant.event("streams"))
    marks = {one.source_id: SourceMark(one.source_id, one.kind, one.label) for one in sources}
    return look(kept, query, ports.store.series_choices(person_id), (streams, marks))


def counted(reader: Reader, sight: Sight, row: Signal, span: tuple[datetime, datetime]) -> Settled:
    """The samples of one signal in a span that count, never quarter hours, oldest first."""
    series = count(reader, sight, row, span, raw=True).series
    return series.take((series.start >= ns(span[0])) & (series.start < ns(span[1])))


def _part(reader: Reader, sight: Sight, signal: str) -> Part:
    names = parts_of(signal)
    streams = [stream for name in names for stream in sight.streams.get(name, ())]
    if is_spot(signal, streams):
        return spot_part(sight, signal, reader.strands(sight, names, EVER) if streams else [])
    row = SIGNALS[signal]
    return dense_part(sight, count(reader, sight, row, (min(sight.before, sight.end - KNOWN_FROM), sight.end)))


def _medicines(kept: TrendShelf) -> tuple[MedicineSpan, ...]:
    spans = (span for span in kept.medicines if span.ends != "unknown")
    return tuple(MedicineSpan(span.title, span.start, span.end, span.records[0], span.status) for span in spans)


def _happenings(sight: Sight, notes: Sequence[Note]) -> tuple[Happening, ...]:
    """Visits of the record and what the person wrote, within the shown time, oldest first."""
    found = []
    for when, title in sight.kept.visits:
        time = PartialTime.parse(when)
        if time and time.precision in ("day", "instant") and sight.start <= time.earliest < sight.end:
            found.append(Happening(sight.wall(time.earliest), "visit", title))
    for note in notes:
        mine = not note.signal or note.signal in sight.query.signals
        if mine and sight.start <= instant(note.at_ns) < sight.end:
            found.append(Happening(sight.wall(instant(note.at_ns)), note.kind, note.text, note.note_id, note.signal))
    return tuple(sorted(found, key=lambda one: one.at)[-_MOST_HAPPENINGS:])


def _said(sight: Sight) -> tuple[Fact, ...]:
    """What holds for the whole picture: that nobody said where the person lives, where that matters."""
    devices = any(sight.streams.get(name) for signal in sight.query.signals for name in parts_of(signal))
    return (Fact("trends.zone_unknown"),) if devices and sight.zone is None else ()
