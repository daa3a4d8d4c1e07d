"""This is the place where records, devices and typed measurements of a person become the evidence that equations read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.care.risks_drawer import Kept, region_choices
from core.domain.codes import LOINC
from core.domain.records import PersonProfile, Record, SourceMark
from core.risk.asof import evidence as of_records
from core.risk.sourcing_types import Evidence, Point
from core.risk.vocabulary import TERMS
from core.trends.columns import Series
from core.trends.reading import Readings

SIGNALS_READ = (*dict.fromkeys(term.signal for term in TERMS.values() if term.signal), "glucose_fasting")
_CODED = ("egfr",)
"""Signals of which the code is asked for: their results differ by the formula."""
_MANUAL = "manual"


def evidence(
    profile: PersonProfile, records: Sequence[Record], readings: Readings, marks: Mapping[str, SourceMark], kept: Kept, now: int
) -> Evidence:
    """All that is known, with what the person typed in and what follows from the region."""
    codes = _codes(records)
    points = {signal: _points(readings.get(signal), codes, marks) for signal in SIGNALS_READ if signal in readings.series}
    found = of_records(profile, records, points, now)
    return replace(found, typed=kept.typed, fixed=region_choices(kept.region))


def marks_of(records: Iterable[Record], devices: Mapping[str, SourceMark]) -> dict[str, SourceMark]:
    """Every source by its id."""
    return {mark.source_id: mark for record in records for mark in record.sources} | dict(devices)


def _codes(records: Iterable[Record]) -> dict[str, str]:
    """LOINC codes by record, where the code matters."""
    found = {}
    for record in records:
        for value in record.item.values:
            if value.signal in _CODED:
                found[record.record_id] = value.concept.code_in(LOINC) or record.item.concept.code_in(LOINC)
    return found


def _points(series: Series, codes: Mapping[str, str], marks: Mapping[str, SourceMark]) -> list[Point]:
    def typed(source_ids: tuple[str, ...]) -> bool:
        kinds = {marks[one].kind for one in source_ids if one in marks}
        return kinds == {_MANUAL}

    columns = (series.time.tolist(), series.value.tolist(), series.when, series.bound, series.setting, series.record, series.source)
    coded = series.signal in _CODED
    return [
        Point(at, value, when, bound, setting, codes.get(record, "") if coded else "", record, source, typed(source))
        for at, value, when, bound, setting, record, source in zip(*columns, strict=True)
    ]
