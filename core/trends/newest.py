"""This is the place where the newest reading of each signal is found, with its age and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.signals import SIGNALS
from core.domain.targets import Band
from core.trends.columns import DAY_NS, Series, ns
from core.trends.freshness import stale_after_days
from core.trends.judgement import Judgement
from core.trends.judging import Row, judge, judge_pressure
from core.trends.reading import Readings
from core.trends.standards import Standards

PRESSURE = "blood_pressure"
_CLOCK_SKEW_NS = DAY_NS
_NOT_ALONE = ("sbp_mean", "dbp_mean", "map", "head", "pdw", "mpv", "rdw_sd")
_HALVES = ("sbp", "dbp")


@dataclass(frozen=True, slots=True)
class Measured:
    """One number of a newest reading, in the signal's unit."""

    signal: str
    number: float
    unit: str
    bound: str


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest reading of a signal ("blood_pressure" has two numbers, upper first): `seconds` old at `now`, `when` as sent,
    `stale` where too old to be judged, the judgement, the band it was held against, and where it comes from."""

    signal: str
    values: tuple[Measured, ...]
    when: str
    precision: str
    seconds: int
    stale: bool
    judgement: Judgement
    band: Band | None
    setting: str
    record_id: str
    source_ids: tuple[str, ...]


def latest(readings: Readings, standards: Standards, now: datetime) -> tuple[Latest, ...]:
    """The newest of each signal, in the order of the signals, blood pressure as one. A reading dated more than a day after
    `now` is no reading yet; one within that day counts as measured now (clocks differ)."""
    at = ns(now)
    found = []
    pressure = _newest_pressure(readings, standards, at)
    if pressure:
        found.append(pressure)
    for signal, series in readings.series.items():
        row = _newest(series, at)
        if row is None or signal in _NOT_ALONE:
            continue
        if signal in _HALVES and pressure and not _later(series, row, readings, at):
            continue
        found.append(_one(series, row, standards, at))
    order = {PRESSURE: -1} | {key: place for place, key in enumerate(SIGNALS)}
    return tuple(sorted(found, key=lambda one: order[one.signal]))


def _newest(series: Series, at: int) -> int | None:
    """The row of the newest reading that is not in the future; of several at one instant the last by record id."""
    place = int((series.time <= at + _CLOCK_SKEW_NS).sum()) - 1
    return place if place >= 0 else None


def _later(series: Series, row: int, readings: Readings, at: int) -> bool:
    """Whether a lone half is newer than the newest whole pressure."""
    whole = _newest(readings.pressures.sbp, at)
    return whole is None or bool(series.time[row] > readings.pressures.sbp.time[whole])


def _newest_pressure(readings: Readings, standards: Standards, at: int) -> Latest | None:
    pairs = readings.pressures
    row = _newest(pairs.sbp, at)
    if row is None:
        return None
    halves = [Row.of(series, row, at) for series in (pairs.sbp, pairs.dbp)]
    judgement, band = judge_pressure(halves[0], halves[1], standards)
    return _made(PRESSURE, (pairs.sbp, pairs.dbp), row, at, (judgement, band))


def _one(series: Series, row: int, standards: Standards, at: int) -> Latest:
    return _made(series.signal, (series,), row, at, judge(Row.of(series, row, at), standards))


def _made(signal: str, parts: tuple[Series, ...], row: int, at: int, judged: tuple[Judgement, Band | None]) -> Latest:
    first = parts[0]
    seconds = max(0, (at - int(first.time[row])) // 1_000_000_000)
    return Latest(
        signal=signal,
        values=tuple(Measured(s.signal, float(s.value[row]), s.unit, s.bound[row]) for s in parts),
        when=first.when[row],
        precision=first.precision[row],
        seconds=int(seconds),
        stale=seconds > stale_after_days(first.signal) * 86_400,
        judgement=judged[0],
        band=judged[1],
        setting=first.setting[row],
        record_id=first.record[row],
        source_ids=first.source[row],
    )
