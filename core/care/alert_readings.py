"""This is the place where what a person's record and devices hold becomes the readings that alerts are judged by: one by one, at rest, in one unit.

What devices record all day (a watch's pulse) is not judged: nothing here knows what the person was doing. What they measure one by one (a cuff, a scale, an oximeter
that is used a few times a day) is, as is what was typed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from core.alerts.judge_all import LOOK_BACK
from core.alerts.readings import Issue, Reading, reading
from core.alerts.rules import EVENT_SIGNALS
from core.alerts.rules_table import RULES
from core.care.access import Grant
from core.care.series import zone_named
from core.care.spot_readings import TYPED, with_spots
from core.domain.codes import LOINC, SNOMED
from core.domain.records import Record, Value
from core.domain.samples import UNVALIDATED, SeriesChoices, Stream
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.ports import Ports
from core.trends.columns import DAY_NS, Series, instant, ns
from core.trends.days import settle
from core.trends.reading import Readings, usable
from core.trends.reading import readings as columns_of

FEW_A_DAY = 12.0
"""A device that gives no more values a day than these measures one by one (our choice)."""
DAILY = ("rhr",)
CGM = "cgm_glucose"
JUDGED = frozenset(rule.signal for rule in RULES) & frozenset(SIGNALS)
SCORES = ("phq9", "gad7")
"""Told as answers to a questionnaire, not as readings."""
_WIDER = timedelta(hours=15)
_OXYGEN_FLOW, _OXYGEN_SHARE = "3151-8", "3150-6"
_OXYGEN_OF_AIR = 21.0
_ACVPU = {"248234008": 0, "130987000": 1, "300202002": 2, "450847001": 3, "422768004": 4}
"""SNOMED CT: alert, acutely confused, answers to voice, to pain, not at all. These codes and LOINC's for oxygen are from memory."""


def measured(
    ports: Ports, person_id: str, grant: Grant, records: Sequence[Record], now: datetime, more: frozenset[str] = frozenset()
) -> tuple[Reading, ...]:
    """Every reading of the last LOOK_BACK days of the signals that rules look at, and of `more`. What is no number, has no unit or no day, or can't be, is none."""
    choices = ports.store.series_choices(person_id)
    zone: tzinfo = zone_named(choices.zone) or UTC
    start = now - LOOK_BACK
    columns, _ = with_spots(ports, person_id, grant, columns_of(records), now)
    found = list(_of_columns(columns, JUDGED | more, zone, start))
    found.extend(_of_streams(ports, person_id, grant, (choices, zone, start, now)))
    found.extend(_of_news(records, zone, start))
    return tuple(found)


def _of_columns(columns: Readings, judged: frozenset[str], zone: tzinfo, start: datetime) -> Iterator[Reading]:
    for signal, series in columns.series.items():
        if signal in judged and signal not in SCORES:
            yield from _of_series(series.take(_usable(series) & (series.time >= ns(start))), zone)


def _usable(series: Series) -> np.ndarray:
    """With a day at least. A limit counts where it says at least as much as the number ("above 600" is 600 to a rule on highs), for glucose, whose meters end there."""
    dated = np.array([one in ("instant", "day") for one in series.precision], dtype=bool)
    return dated & (series.measured | (series.signal == "glucose"))


def _of_series(series: Series, zone: tzinfo) -> Iterator[Reading]:
    for at, value in zip(series.time.tolist(), series.value.tolist(), strict=True):
        yield from _made(instant(at), zone, series.signal, value)


def _made(at: datetime, zone: tzinfo, signal: str, value: float) -> Iterator[Reading]:
    if not np.isfinite(value):
        return
    unit = "" if signal in EVENT_SIGNALS else SIGNALS[signal].unit
    one = reading((at, zone), signal, value, unit)
    if not isinstance(one, Issue):
        yield one


_Of = tuple[SeriesChoices, tzinfo, datetime, datetime]


def _of_streams(ports: Ports, person_id: str, grant: Grant, of: _Of) -> Iterator[Reading]:
    """Resting pulses of a day, spot measurements of pulse, saturation and breathing, and on which days a sensor of glucose spoke."""
    choices, zone, start, now = of
    event = grant.event("alerts")
    streams = [one for one in ports.store.streams(person_id, event) if one.samples and _wanted(one)]
    signals = sorted({one.signal for one in streams if one.signal != CGM})
    wanted = {one.stream_id for one in streams}
    labels = {one.source_id: one.label for one in ports.store.sources(person_id, event)} if streams else {}
    strands = ports.store.strands(person_id, signals, start, now + _WIDER, event) if signals else ()
    for strand in strands:
        if strand.stream.stream_id not in wanted or choices.leaves_out(
            strand.stream.device, labels.get(strand.stream.source_id, "")
        ):
            continue
        settled = settle(strand.columns, zone_named(choices.zone))
        good = settled.take(settled.usable & ((settled.quality & UNVALIDATED) == 0))
        for at, value in zip(good.start.tolist(), good.value.tolist(), strict=True):
            yield from _made(instant(at), zone, strand.stream.signal, value)
    if any(one.signal == CGM for one in streams):
        for one in ports.store.bins(person_id, [CGM], start, now + _WIDER, event):
            _, last = np.unique(one.bins.at[::-1] // DAY_NS, return_index=True)
            rows = len(one.bins.at) - 1 - last
            for at, value in zip(one.bins.at[rows].tolist(), one.bins.high[rows].tolist(), strict=True):
                yield from _made(instant(at), zone, CGM, value)


def _wanted(stream: Stream) -> bool:
    if stream.signal in (*DAILY, CGM):
        return True
    days = max(1.0, (stream.last - stream.first) / DAY_NS)
    return stream.signal in TYPED and stream.samples / days <= FEW_A_DAY


def _of_news(records: Iterable[Record], zone: tzinfo, start: datetime) -> Iterator[Reading]:
    """Whether somebody breathes extra oxygen, and how awake they are: the parts of NEWS2 that are no signals."""
    for record in records:
        if not usable(record):
            continue
        at = PartialTime.parse(record.item.start)
        if at is None or at.precision != "instant" or at.earliest < start:
            continue
        for value in record.item.values:
            if value.problem or value.absent:
                continue
            for signal, number in _news_parts(value):
                yield from _made(at.earliest, zone, signal, number)


def _news_parts(value: Value) -> Iterator[tuple[str, float]]:
    code = value.concept.code_in(LOINC)
    if code == _OXYGEN_FLOW and value.number is not None:
        yield "on_oxygen", float(value.number > 0)
    elif code == _OXYGEN_SHARE and value.number is not None and value.unit == "%":
        yield "on_oxygen", float(value.number > _OXYGEN_OF_AIR)
    elif value.coding is not None and value.coding.system == SNOMED and value.coding.code in _ACVPU:
        yield "acvpu", float(_ACVPU[value.coding.code])
