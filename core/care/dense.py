"""This is the place where what a device records all day becomes a part of a picture: curves, medians with bands, daily amounts, hours of states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, tzinfo

import numpy as np

from core.care.counting import Counted, devices
from core.care.dense_facts import daily, facts, usual_band
from core.care.picture_views import Cells, Part
from core.care.sight import Sight
from core.care.spots import cautions, record_view
from core.care.views import Band, Gap, TrendColumns
from core.domain.signal import Signal
from core.domain.targets import Band as Limits
from core.domain.units import linear
from core.trends.columns import DAY_NS, HOUR_NS, instant, ns
from core.trends.conversion import band_for, shown_as
from core.trends.gaps import gaps, habit
from core.trends.glucose_ranges import BASIS, RANGES, group_of
from core.trends.judging import target_of
from core.trends.overlap import Resolved
from core.trends.periods import periods, state_hours
from core.trends.spread import begin, spread, thinned
from core.trends.spread import end as end_of

POINTS_UP_TO_DAYS = 15.0
"""Up to here every sample may be drawn; beyond, days are summed up."""
HOURS_UP_TO_DAYS = 3.1
DAYS_UP_TO, WEEKS_UP_TO = 740.0, 2600.0
BARS_UP_TO = 200.0


def dense_part(sight: Sight, told: Counted) -> Part:
    """One signal between start and end; `told` reaches further back, for what is usual and what was before."""
    row, counted = told.row, told.between(sight.start, sight.end)
    before = told.between(sight.before, sight.start) if sight.query.compare else None
    days = daily(sight, told)
    usual = usual_band(told, days)
    step = every(sight.days, row.kind)
    view = record_view(sight, row.key)
    cells = cells_of(sight, counted, step)
    points = row.kind == "average" and step == ""
    bands = (*_bands(sight, row), *((usual,) if usual and step == "1d" else ()))
    view = replace(view, bands=bands)
    if points:
        view = replace(view, columns=(*_curves(sight, counted), *view.columns), gaps=_silences(sight, counted))
    else:
        view = replace(view, gaps=_missing_cells(sight, cells, step))
    if row.kind == "state":
        view = replace(view, unit="h", decimals=1)
    return Part(
        signal=row.key,
        kind=row.kind,
        trend=view,
        cells=cells,
        before=tuple(_moved(sight, one) for one in cells_of(sight, before, step or "1h")) if before else (),
        devices=devices(sight, counted),
        facts=facts(sight, told, days),
        states=row.states,
        every=step,
        cautions=cautions(row.key, ()),
    )


def every(days: float, kind: str) -> str:
    """The step in which a stretch of so many days is summed up; "" where a level is drawn sample by sample."""
    if kind == "average":
        return "" if days <= POINTS_UP_TO_DAYS else "1d" if days <= DAYS_UP_TO else "1w" if days <= WEEKS_UP_TO else "1mo"
    if days <= HOURS_UP_TO_DAYS and kind == "cumulative":
        return "1h"
    return "1d" if days <= BARS_UP_TO else "1w" if days <= WEEKS_UP_TO else "1mo"


def cells_of(sight: Sight, counted: Counted, step: str) -> tuple[Cells, ...]:
    """The signal summed up: one column of medians for a level, one column of bars for each device or state."""
    if not len(counted.series) or not step:
        return ()
    if counted.row.kind == "average":
        return (_band_cells(sight, counted, step),)
    if counted.row.kind == "state":
        return _state_cells(sight, counted, step)
    return _bar_cells(sight, counted, step)


def _band_cells(sight: Sight, counted: Counted, step: str) -> Cells:
    scale, add = _factors(sight, counted.row)
    local, value = counted.series.local, counted.series.value * scale + add
    period = begin(local, step)
    found = spread(period, value)
    low, high = spread(period, counted.low * scale + add), spread(period, counted.high * scale + add)
    count = np.bincount(np.searchsorted(found.period, period), weights=counted.weight).astype(np.int64)
    end = end_of(found.period, step)
    digits = shown_as(counted.row.key, sight.kept.preferences).decimals + 1
    middle, tenth, ninetieth, least, most = (
        np.round(column, digits) for column in (found.middle, found.low, found.high, low.least, high.most)
    )
    whole = end <= sight.wall(sight.kept.made_at)
    return Cells(counted.row.key, "band", step, found.period, end, middle, tenth, ninetieth, least, most, count, whole)


def _bar_cells(sight: Sight, counted: Counted, step: str) -> tuple[Cells, ...]:
    """Amounts by hour or day, one column for each device; of longer steps the mean of the days with data."""
    scale, _ = _factors(sight, counted.row)
    found = []
    daily = "1h" if step == "1h" else "1d"
    all_days = periods(counted.counts, counted.row, daily).start
    for at, stream in enumerate(counted.counts.streams):
        mine = counted.counts.source == at
        if mine.any():
            part = Resolved(
                counted.series.take(mine), counted.counts.source[mine], counted.counts.share[mine], counted.counts.streams, ()
            )
            made = periods(part, counted.row, daily)
            found.append(_amounts(sight, sight.key(stream), step, (made.start, made.value * scale, made.count, all_days)))
    return _same_names_joined(found)


def _state_cells(sight: Sight, counted: Counted, step: str) -> tuple[Cells, ...]:
    made = periods(counted.counts, counted.row, "1d")
    hours = state_hours(counted.counts, counted.row, "1d")
    columns = {state: hours[state] for state in counted.row.states if hours[state].any()}
    return tuple(_amounts(sight, state, step, (made.start, amount, made.count, made.start)) for state, amount in columns.items())


def _amounts(sight: Sight, name: str, step: str, told: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> Cells:
    """Bars of days or hours; for longer steps the mean per day with data of any device."""
    start, value, count, all_days = told
    if step in ("1w", "1mo"):
        period, at = np.unique(begin(start, step), return_inverse=True)
        whole_period, number = np.unique(begin(all_days, step), return_counts=True)
        days = number[np.searchsorted(whole_period, period)]
        value = np.bincount(at, weights=value, minlength=len(period)) / days
        start, count = period, np.bincount(at, weights=count, minlength=len(period)).astype(np.int64)
    end = end_of(start, step)
    nothing = np.full(len(start), np.nan)
    return Cells(
        name,
        "bar",
        step,
        start,
        end,
        np.round(value, 2),
        nothing,
        nothing,
        nothing,
        nothing,
        count,
        end <= sight.wall(sight.kept.made_at),
    )


def _same_names_joined(found: list[Cells]) -> tuple[Cells, ...]:
    """Several streams of one device are one column."""
    by_name: dict[str, Cells] = {}
    for cells in found:
        known = by_name.get(cells.name)
        by_name[cells.name] = _added(known, cells) if known else cells
    return tuple(by_name.values())


def _added(one: Cells, other: Cells) -> Cells:
    start = np.union1d(one.start, other.start)
    value, count = np.zeros(len(start)), np.zeros(len(start), dtype=np.int64)
    for cells in (one, other):
        at = np.searchsorted(start, cells.start)
        value[at] += cells.middle
        count[at] += cells.count
    end = end_of(start, one.every)
    nothing = np.full(len(start), np.nan)
    last = max(int(one.end[one.whole].max(initial=0)), int(other.end[other.whole].max(initial=0)))
    return Cells(one.name, "bar", one.every, start, end, value, nothing, nothing, nothing, nothing, count, end <= last)


def _curves(sight: Sight, counted: Counted) -> tuple[TrendColumns, ...]:
    """The samples that count, thinned, by device."""
    scale, add = _factors(sight, counted.row)
    digits = shown_as(counted.row.key, sight.kept.preferences).decimals + 1
    by_mark: dict[str, list[int]] = {}
    for at, stream in enumerate(counted.counts.streams):
        by_mark.setdefault(sight.mark(stream).source_id, []).append(at)
    found = []
    for places in by_mark.values():
        mine = np.isin(counted.counts.source, places)
        if mine.any():
            series = counted.series.take(mine)
            rows = thinned(series.start, series.value, series.local // DAY_NS, sight.query.most)
            value = np.round(series.value[rows] * scale + add, digits)
            found.append(TrendColumns(counted.row.key, sight.mark(counted.counts.streams[places[0]]), series.start[rows], value))
    return tuple(found)


def _silences(sight: Sight, counted: Counted) -> tuple[Gap, ...]:
    """Where a sensor's usual step is broken."""
    time = np.unique(counted.series.start)
    found = gaps(time, habit(time), ns(sight.start), ns(min(sight.end, sight.kept.made_at)))
    return tuple(Gap(counted.row.key, one.start, one.end, one.why) for one in found)


def _missing_cells(sight: Sight, cells: tuple[Cells, ...], step: str) -> tuple[Gap, ...]:
    """Days or hours without anything, between the first and the last that have something."""
    if not cells or step not in ("1d",):
        return ()
    starts = np.unique(np.concatenate([one.start for one in cells]))
    lacking = np.flatnonzero(np.diff(starts) > DAY_NS)
    zone = sight.zone or UTC
    edges = ((int(starts[at]) + DAY_NS, int(starts[at + 1])) for at in lacking)
    return tuple(Gap("", _ns_of(left, zone), _ns_of(right, zone), "gap.no_readings") for left, right in edges)


def _ns_of(wall: int, zone: tzinfo) -> int:
    """The instant (ns) at which a clock shows this."""
    return ns(instant(wall).replace(tzinfo=zone))


def _bands(sight: Sight, row: Signal) -> tuple[Band, ...]:
    target = target_of(row.key, "", sight.kept.standards) if row.kind == "average" else None
    if row.key == "cgm_glucose" and (group := group_of(sight.kept.standards.traits)):
        inside = next(one for one in RANGES[group] if one.code == "tir")
        target = target or (Limits(inside.low, inside.high, row.unit), BASIS)
    if not target:
        return ()
    band = band_for(row.key, target[0], sight.kept.preferences)
    return (Band(row.key, "target", band.low, band.high, target[1]),)


def _moved(sight: Sight, cells: Cells) -> Cells:
    """The time before, laid under this one: by whole days, so that weekdays' nights stay nights."""
    by = (
        round((sight.end - sight.start) / timedelta(days=1)) * DAY_NS
        or round((sight.end - sight.start) / timedelta(hours=1)) * HOUR_NS
    )
    return replace(cells, start=cells.start + by, end=cells.end + by)


def _factors(sight: Sight, row: Signal) -> tuple[float, float]:
    """From the canonical unit to the person's."""
    shown = shown_as(row.key, sight.kept.preferences)
    return linear(row.unit, shown.unit, row.key) or (1.0, 0.0)
