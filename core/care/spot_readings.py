"""This is the place where single measurements of devices, and values that were typed in, join the readings of the record for Today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from core.care.access import Grant
from core.care.series import zone_named
from core.domain.records import SourceMark
from core.domain.samples import ABOVE, BELOW, MANUAL, UNVALIDATED, Stream
from core.ports import Ports, SourceInfo
from core.trends.columns import Series, instant
from core.trends.days import Settled, settle
from core.trends.reading import Readings, with_devices
from core.trends.setting import HOME

SINGLE = ("sbp", "dbp", "weight", "glucose", "temp", "waist", "peak_flow", "pain", "mood", "symptom", "height", "bmi")
"""Measured one by one, a few times a day at most."""
TYPED = ("hr", "spo2", "rr")
"""Recorded all day by devices: here only what a person typed in."""
SINGLE_FOR, TYPED_FOR = timedelta(days=120), timedelta(days=14)
_WIDER = timedelta(hours=15)
"""A local clock without a zone may be so far from UTC."""
_TYPED_IN = "manual"


def with_spots(
    ports: Ports, person_id: str, grant: Grant, known: Readings, now: datetime, single_for: timedelta = SINGLE_FOR
) -> tuple[Readings, Mapping[str, SourceMark]]:
    """(the readings with what devices and people added lately, the devices as sources). Left out: devices that are switched off, and
    ways of measuring that are not validated, which nothing is judged by."""
    event = grant.event("today")
    streams = [one for one in ports.store.streams(person_id, event) if one.samples and one.signal in (*SINGLE, *TYPED)]
    if not streams:
        return known, {}
    choices = ports.store.series_choices(person_id)
    sources = {one.source_id: one for one in ports.store.sources(person_id, event)}
    zone = zone_named(choices.zone)
    typed = {one.signal for one in streams if one.source_id in sources and sources[one.source_id].kind == _TYPED_IN}
    marks: dict[str, SourceMark] = {}
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for asked, lasts in (
        ([s for s in SINGLE if any(one.signal == s for one in streams)], single_for),
        ([s for s in TYPED if s in typed], TYPED_FOR),
    ):
        for one in ports.store.strands(person_id, asked, now - lasts, now + _WIDER, event) if asked else ():
            source = sources.get(one.stream.source_id)
            if choices.leaves_out(one.stream.device, source.label if source else ""):
                continue
            settled = settle(one.columns, zone)
            good = settled.usable & ((settled.quality & UNVALIDATED) == 0)
            if one.stream.signal in TYPED:
                good &= (settled.quality & MANUAL) != 0
            mark = _mark(one.stream, sources)
            marks[mark.source_id] = mark
            rows.setdefault(one.stream.signal, []).extend(_rows(one.stream.signal, mark.source_id, settled.take(good)))
    extra = {signal: Series.of(signal, made) for signal, made in rows.items() if made}
    return (with_devices(known, extra) if extra else known), marks


def _mark(stream: Stream, sources: Mapping[str, SourceInfo]) -> SourceMark:
    source = sources.get(stream.source_id)
    kind = source.kind if source else "file"
    label = stream.device or (source.label if source and kind != _TYPED_IN else "")
    return SourceMark(f"{stream.source_id}|{stream.device}", kind, label)


def _rows(signal: str, source_id: str, settled: Settled) -> list[tuple[Any, ...]]:
    """Samples as rows of a series (see `Series.of`); at home is where people measure themselves."""
    setting = HOME if signal in ("sbp", "dbp") else ""
    bound = np.where(settled.quality & BELOW, "<", np.where(settled.quality & ABOVE, ">", "")).tolist()
    columns = zip(settled.start.tolist(), settled.value.tolist(), bound, strict=True)
    return [
        (at, value, sign, np.nan, np.nan, "", instant(at).isoformat(), "instant", setting, "", (source_id,))
        for at, value, sign in columns
    ]
