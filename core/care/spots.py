"""This is the place where what is measured reading by reading becomes a part of a picture: the record and devices in the same columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from core.care.counting import Strands
from core.care.dense_facts import Daily, compared
from core.care.picture_views import DeviceUse, Part
from core.care.sight import PRESSURE, Sight, parts_of
from core.care.trends import TrendShelf, choices, draw
from core.care.views import Fact, TrendColumns, TrendQuery, TrendView
from core.domain.records import SourceMark
from core.domain.samples import ABOVE, BELOW, UNVALIDATED
from core.domain.signals import SIGNALS
from core.domain.units import linear
from core.trends.columns import DAY_NS, Series, instant
from core.trends.conversion import Shown, shown_as
from core.trends.days import Settled, offsets
from core.trends.reading import with_devices
from core.trends.setting import HOME
from core.trends.spread import spread
from core.trends.summary import BASELINE_DAYS

_VENDOR = frozenset({"rhythm_flag", "ecg", "ppg"})
_CHANGES = frozenset({"change.rising", "change.falling", "change.steady", "change.compared", "change.too_few"})
"""Sentences of the record's own trend that the comparison of days takes the place of."""
MOST_DAYS = 15
"""Of the last 28 days, from so many on a value is measured nearly every day (our choice)."""


def record_view(sight: Sight, signal: str, shelf: TrendShelf | None = None) -> TrendView:
    """What the record (or a shelf with devices) says of a signal reading by reading; without any, an empty view of it."""
    kept = shelf or sight.kept
    if any(choice.signal == signal for choice in choices(kept)):
        view = draw(kept, _asked(sight, signal, sight.start.isoformat(), sight.end.isoformat()))
    else:
        shown = shown_as(signal, kept.preferences) if signal in SIGNALS else Shown("mm[Hg]", 0)
        view = TrendView(
            revision=kept.revision, made_at=kept.made_at, query=TrendQuery(signal, sight.query.range), choices=(), signal=signal,
            label=f"signal.{signal}", unit=shown.unit, decimals=shown.decimals, start=sight.start, end=sight.end, columns=(), bands=(),
            gaps=(), medicines=(), sentence=(), rows=(),
        )  # fmt: skip
    return replace(
        view, query=TrendQuery(signal, sight.query.range), signal=signal, label=f"signal.{signal}", start=sight.start, end=sight.end
    )


def spot_part(sight: Sight, signal: str, strands: Strands) -> Part:
    """One signal, reading by reading. `strands` are the device samples of its stored signals, settled, whole."""
    shelf = _with(sight, {name: [one for one in strands if one[0].signal == name] for name in parts_of(signal)})
    view = _unjudged(record_view(sight, signal, shelf), sight, strands)
    row = SIGNALS.get(signal)
    told: tuple[Fact, ...] = ()
    if row and row.states:
        view, told = replace(view, sentence=(), bands=(), gaps=()), _counted(view, signal)
    elif row and (days := _daily(sight, shelf.readings.get(signal))):
        told = compared(sight, signal, days)
        view = replace(view, sentence=tuple(fact for fact in view.sentence if fact.code not in _CHANGES)) if told else view
    return Part(
        signal=signal,
        kind="event",
        trend=replace(view, columns=(*view.columns, *_earlier(sight, signal, shelf))) if sight.query.compare else view,
        devices=_devices(sight, signal, view, strands),
        facts=told,
        states=row.states if row else (),
        cautions=cautions(signal, strands),
    )


def _daily(sight: Sight, series: Series) -> Daily | None:
    """One value a day (the median) of what is measured nearly every day; None where it is measured more seldom."""
    known = series.take(series.measured)
    if not len(known):
        return None
    local = known.time + (offsets(known.time, sight.zone) if sight.zone else 0)
    found = spread(local // DAY_NS, known.value)
    last = sight.wall(sight.end) // DAY_NS
    if np.count_nonzero((found.period > last - BASELINE_DAYS) & (found.period <= last)) < MOST_DAYS:
        return None
    shown = shown_as(series.signal, sight.kept.preferences)
    scale, add = linear(series.unit, shown.unit, series.signal) or (1.0, 0.0)
    until = found.period <= last
    return Daily(found.period[until], found.middle[until] * scale + add, shown)


def _counted(view: TrendView, signal: str) -> tuple[Fact, ...]:
    """How often a coded signal was given in the shown time."""
    return (Fact("trends.times", {"signal": signal, "n": len(view.rows)}),)


def cautions(signal: str, strands: Strands) -> tuple[str, ...]:
    """What must be said beside the values."""
    found = ["caution.vendor_finding"] if signal in _VENDOR else []
    if signal in (PRESSURE, "sbp", "dbp") and any((one.quality & UNVALIDATED).any() for _, one in strands):
        found.append("caution.cuffless")
    return tuple(found)


def _with(sight: Sight, strands: Mapping[str, Strands]) -> TrendShelf:
    """The shelf with the devices that are switched on, without the sources that are switched off."""
    kept = sight.kept
    off = {mark.source_id for mark in kept.sources.values() if mark.label in (*sight.query.off, *sight.choices.switched_off)}
    extra: dict[str, Series] = {}
    marks = dict(kept.sources)
    for name, mine in strands.items():
        rows: list[tuple[Any, ...]] = []
        for stream, settled in mine:
            if not sight.is_off(stream):
                mark = sight.mark(stream)
                marks[mark.source_id] = mark
                rows += _rows(name, mark.source_id, settled.take(settled.usable))
        if rows:
            extra[name] = Series.of(name, rows)
    readings = kept.readings
    if off:
        series = {
            name: one.take(np.array([not s or s[0] not in off for s in one.source], dtype=bool))
            for name, one in readings.series.items()
        }
        readings = replace(readings, series=series)
    return replace(kept, readings=with_devices(readings, extra), sources=marks)


def _rows(signal: str, source_id: str, settled: Settled) -> list[tuple[Any, ...]]:
    """Device samples as rows of a series (see `Series.of`)."""
    setting = HOME if signal in ("sbp", "dbp") else ""
    bound = np.where(settled.quality & BELOW, "<", np.where(settled.quality & ABOVE, ">", "")).tolist()
    columns = zip(settled.start.tolist(), settled.value.tolist(), bound, strict=True)
    return [
        (at, value, sign, np.nan, np.nan, "", instant(at).isoformat(), "instant", setting, "", (source_id,))
        for at, value, sign in columns
    ]


def _asked(sight: Sight, signal: str, start: str, end: str) -> TrendQuery:
    return TrendQuery(signal, sight.query.range, end, sight.query.most, start)


def _unjudged(view: TrendView, sight: Sight, strands: Strands) -> TrendView:
    """A way of measuring that is not validated gets no verdict."""
    doubtful = {sight.mark(stream).source_id for stream, one in strands if (one.quality & UNVALIDATED).any()}
    if not doubtful:
        return view
    rows = tuple(replace(row, state="unknown") if {m.source_id for m in row.sources} & doubtful else row for row in view.rows)
    return replace(view, rows=rows)


def _earlier(sight: Sight, signal: str, shelf: TrendShelf) -> tuple[TrendColumns, ...]:
    """The readings of the time before, moved onto this one."""
    if not any(choice.signal == signal for choice in choices(shelf)):
        return ()
    before = draw(shelf, _asked(sight, signal, sight.before.isoformat(), (sight.start - timedelta(microseconds=1)).isoformat()))
    moved = round((sight.end - sight.start).total_seconds() * 1e9)
    mark = SourceMark("before", "before", "")
    return tuple(TrendColumns(one.component, mark, one.time + moved, one.value, one.bound) for one in before.columns)


def _devices(sight: Sight, signal: str, view: TrendView, strands: Strands) -> tuple[DeviceUse, ...]:
    """Everything that told of this signal, with how much of it is in the picture."""
    shown: Counter[str] = Counter(mark.label for row in view.rows for mark in row.sources[:1])
    known: dict[str, SourceMark] = {sight.key(stream): sight.mark(stream) for stream, _ in strands}
    for name in parts_of(signal):
        for sources in {s for s in sight.kept.readings.get(name).source if s}:
            mark = sight.kept.sources.get(sources[0])
            if mark:
                known.setdefault(mark.label, mark)
    off, always = sight.query.off, sight.choices.switched_off
    return tuple(
        DeviceUse(key, mark, shown[mark.label], shown[mark.label], on=key not in (*off, *always), always_off=key in always)
        for key, mark in known.items()
    )
