"""This is the place where one signal over time comes together: points by source, bands, gaps, medicines, sentence and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from core.care.access import Action, require
from core.care.freshness import revision as revision
from core.care.log import zone_of
from core.care.series import zone_named
from core.care.views import Band as ShownBand
from core.care.views import Fact, Gap, MedicineSpan, SignalChoice, TrendColumns, TrendQuery, TrendRow, TrendView
from core.domain.people import Actor, Preferences
from core.domain.records import Record, SourceMark, Standing
from core.domain.samples import Strand
from core.domain.signals import SIGNALS
from core.domain.targets import HOME, OFFICE
from core.errors import BadInput
from core.ports import Ports
from core.trends import sampled
from core.trends.columns import Series, instant, ns
from core.trends.conversion import band_for, converted, facts_for, number_for, shown_as
from core.trends.judging import Row, judge, judge_pressure, target_of
from core.trends.medicines import Span, medicine_spans
from core.trends.newest import PRESSURE
from core.trends.reading import Readings, readings
from core.trends.standards import Standards, standards
from core.trends.window import RANGES, Window, window

HALVES = ("sbp", "dbp")
_NO_VISIT = frozenset({"cancelled", "entered-in-error", "planned"})


@dataclass(frozen=True, eq=False)
class TrendShelf:
    """A person's readings as columns, read once, to be drawn again and again without asking the store."""

    revision: int
    made_at: datetime
    readings: Readings
    standards: Standards
    medicines: tuple[Span, ...]
    sources: dict[str, SourceMark]
    preferences: Preferences
    visits: tuple[tuple[str, str], ...] = ()
    """(FHIR time, title) of every visit that took place."""
    sampled: tuple[Strand, ...] = ()
    """The series that records hold (core/trends/sampled.py)."""


def shelf(ports: Ports, actor: Actor, person_id: str) -> TrendShelf:
    """All readings of a person."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    revision_now = ports.store.revision(person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event("trends"))
    preferences = ports.store.preferences(actor.account_id)
    sources = {mark.source_id: mark for record in records for mark in record.sources}
    held_against = standards(records, person.profile, now, language=preferences.language)
    medicines, visits = medicine_spans(records, now), _visits(records)
    zone = zone_named(ports.store.series_choices(person_id).zone or preferences.timezone)
    series = sampled.strands(records, zone)
    return TrendShelf(revision_now, now, readings(records), held_against, medicines, sources, preferences, visits, series)


def _visits(records: Sequence[Record]) -> tuple[tuple[str, str], ...]:
    """The visits that count, those without a time left aside."""
    found = (one for one in records if one.item.kind == "Encounter" and one.standing is Standing.CURRENT)
    return tuple((one.item.start, one.item.concept.title) for one in found if one.item.start and one.item.status not in _NO_VISIT)


def view(ports: Ports, actor: Actor, person_id: str, query: TrendQuery) -> TrendView:
    """One signal over a range, asked for once."""
    require(ports, actor, Action.VIEW_RECORD, person_id)
    return draw(shelf(ports, actor, person_id), query)


def draw(kept: TrendShelf, query: TrendQuery) -> TrendView:
    """One signal over a range, from what was read. Raises BadInput for an unknown range or day."""
    if query.range not in RANGES:
        raise BadInput(place="range", need=" ".join(RANGES))
    offered = choices(kept)
    known = [choice.signal for choice in offered]
    signal = query.signal if query.signal in known else next(iter(known), "")
    end = _end(kept, query)
    parts = _parts(kept, signal)
    windows = [_window(kept, series, query, end) for series in parts]
    first = parts[0].signal if parts else ""
    shown = shown_as(first, kept.preferences) if first else None
    starts = [one.start for one in windows]
    return TrendView(
        revision=kept.revision,
        made_at=kept.made_at,
        query=replace(query, signal=signal),
        choices=offered,
        signal=signal,
        label=f"signal.{signal}" if signal else "",
        unit=shown.unit if shown else "",
        decimals=shown.decimals if shown else 0,
        start=instant(min(starts)) if starts else end,
        end=end,
        columns=tuple(column for one in windows for column in _columns(kept, one)),
        bands=tuple(band for one in windows for band in _bands(kept, one)),
        gaps=tuple(Gap(one.series.signal, gap.start, gap.end, gap.why) for one in windows for gap in one.gaps),
        medicines=tuple(_medicine(span) for span in kept.medicines if span.ends != "unknown"),
        sentence=tuple(fact for one in windows for fact in _sentence(kept, one)),
        rows=_rows(kept, windows),
        left_out=kept.readings.left_out,
    )


def choices(kept: TrendShelf) -> tuple[SignalChoice, ...]:
    """The signals that the record holds numbers of, with how many and the newest time."""
    pairs = kept.readings.pressures
    found = []
    if len(pairs):
        found.append(SignalChoice(PRESSURE, f"signal.{PRESSURE}", "vital", len(pairs), pairs.sbp.when[-1]))
    for signal, series in kept.readings.series.items():
        if len(series) and not (len(pairs) and signal in HALVES):
            row = SIGNALS[signal]
            found.append(SignalChoice(signal, row.label, row.category, len(series), series.when[-1]))
    return tuple(found)


def _parts(kept: TrendShelf, signal: str) -> tuple[Series, ...]:
    if signal == PRESSURE:
        return (kept.readings.pressures.sbp, kept.readings.pressures.dbp)
    return (kept.readings.get(signal),) if signal else ()


def _end(kept: TrendShelf, query: TrendQuery) -> datetime:
    """The end of the asked day where the person lives, or the asked instant; never after now."""
    if not query.end:
        return kept.made_at
    if "T" in query.end:
        return min(moment(query.end, "end"), kept.made_at)
    try:
        day = date.fromisoformat(query.end)
    except ValueError:
        raise BadInput(place="end", need="a day as YYYY-MM-DD") from None
    over = datetime(day.year, day.month, day.day, tzinfo=zone_of(kept.preferences.timezone)) + timedelta(days=1)
    return min(over.astimezone(UTC), kept.made_at)


def moment(text: str, place: str) -> datetime:
    """An instant as it stands in a query. Raises BadInput."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(place=place, need="an instant as ISO 8601") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _window(kept: TrendShelf, series: Series, query: TrendQuery, end: datetime) -> Window:
    target = target_of(series.signal, _setting(series), kept.standards)
    most = min(max(100, query.max_points), 5000)
    since = moment(query.start, "start") if query.start else None
    return window(series, query.range, end, target[0] if target else None, most, since)


def _setting(series: Series) -> str:
    """Where most of a series was measured, where the records say it; the office where a blood pressure doesn't say."""
    said = [place for place in series.setting if place]
    if said:
        return HOME if said.count(HOME) * 2 >= len(said) else OFFICE
    return OFFICE if series.signal in HALVES else ""


def _columns(kept: TrendShelf, one: Window) -> list[TrendColumns]:
    """The points of one component, parted by the (first) source that says so."""
    series = converted(one.shown, kept.preferences)
    first = np.array([sources[0] if sources else "" for sources in series.source], dtype=object)
    found = []
    for source_id in dict.fromkeys(first):
        part = series.take(first == source_id)
        mark = kept.sources.get(source_id, SourceMark(source_id, "manual", ""))
        found.append(TrendColumns(series.signal, mark, part.time, part.value, tuple(part.bound), tuple(part.record)))
    return found


def _bands(kept: TrendShelf, one: Window) -> list[ShownBand]:
    signal = one.series.signal
    found = []
    target = target_of(signal, _setting(one.series), kept.standards)
    if target:
        band = band_for(signal, target[0], kept.preferences)
        found.append(ShownBand(signal, "target", band.low, band.high, target[1]))
    if one.usual:
        low, high = (number_for(signal, edge, kept.preferences) for edge in (one.usual.low, one.usual.high))
        found.append(ShownBand(signal, "usual", low, high))
    return found


def _medicine(span: Span) -> MedicineSpan:
    return MedicineSpan(span.title, span.start, span.end, span.records[0], span.status)


def _sentence(kept: TrendShelf, one: Window) -> list[Fact]:
    """What the chart says in words, in the person's units."""
    said = one.sentence
    facts = [Fact(said.code, dict(facts_for(said.facts, kept.preferences)))]
    if said.target:
        code, more = said.target
        facts.append(Fact(code, {"signal": one.series.signal, **more}))
    if said.gaps:
        longest = max(said.gaps, key=lambda gap: gap.end - gap.start)
        days = {"start": instant(longest.start).date().isoformat(), "end": instant(longest.end).date().isoformat()}
        facts.append(Fact("change.gaps", {"n": len(said.gaps), "signal": one.series.signal, **days}))
    return facts


def _rows(kept: TrendShelf, windows: Sequence[Window]) -> tuple[TrendRow, ...]:
    """The table, newest first; both halves of a blood pressure in one row."""
    if not windows:
        return ()
    rows = [_row(kept, [(one.series, at) for one in windows]) for at in range(min(len(one.series) for one in windows))]
    return tuple(reversed(rows))


def _row(kept: TrendShelf, halves: Sequence[tuple[Series, int]]) -> TrendRow:
    series, at = halves[0]
    values = tuple((s.signal, number_for(s.signal, float(s.value[i]), kept.preferences), s.bound[i]) for s, i in halves)
    sources = tuple(kept.sources[source] for source in series.source[at] if source in kept.sources)
    unit = shown_as(series.signal, kept.preferences).unit
    return TrendRow(series.when[at], values, unit, _state(kept, halves), sources, series.record[at])


def _state(kept: TrendShelf, halves: Sequence[tuple[Series, int]]) -> str:
    """What a reading meant when it was taken: judged as if it were new."""
    rows = [Row.of(series, at, ns(instant(series.time[at]))) for series, at in halves]
    judged = judge_pressure(rows[0], rows[1], kept.standards) if len(rows) == 2 else judge(rows[0], kept.standards)
    return judged[0].severity.word
