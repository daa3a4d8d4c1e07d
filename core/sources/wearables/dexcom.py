"""This is the place where a Dexcom Clarity export is read: the sensor's glucose, and the meter's at a calibration.

Clock: the display's local time without a zone (FLOATING). The unit stands in the header ("Glucose Value (mg/dL)"). "Low" and
"High" are readings beyond what the sensor shows, 40 to 400 mg/dL (Dexcom G6 and G7 user guides). Rows without a time are who the
person is and how the alarms are set; insulin, food, exercise and notes are counted and not kept. The columns of an export in German,
French, Spanish, Italian, Dutch, Portuguese, Polish or Chinese are found by the form of their names. Written from Dexcom's
documented columns and public examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain.samples import ABOVE, BELOW, MANUAL, Parsed
from core.domain.signals import SIGNALS
from core.domain.units import linear
from core.sources.wearables.collect import Place
from core.sources.wearables.csv_columns import Books, no_header
from core.sources.wearables.csv_numbers import NOTHING, number
from core.sources.wearables.csv_rows import Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import Times
from core.sources.wearables.form import Format, Member

_TIME = re.compile(r"[a-zà-ÿ一-鿿 /-]+ ?\([^)]*t?hh:mm:ss\)|timestamp.*thh:mm:ss.*")
_GLUCOSE = re.compile(r"[^(]*(?:glu[ck]o|glic|glyc|葡萄糖|血糖)[^(]*\((mg/dl|mmol/l)\)")
_NO_UNIT = re.compile(r"glucose value")
_EVENTS = ("event type", "ereignistyp", "type d'événement", "type d’événement", "tipo de evento", "tipo di evento", "type gebeurtenis",
    "typ zdarzenia", "事件类型")  # fmt: skip
_LOW = frozenset(
    {"low", "lo", "niedrig", "tief", "bas", "basse", "faible", "bajo", "bassa", "basso", "laag", "baixo", "niski", "低"}
)
_HIGH = frozenset({"high", "hi", "hoch", "haut", "haute", "élevé", "élevée", "alto", "alta", "hoog", "wysoki", "高"})
_SENSOR = frozenset({"egv", "vge", "veg", "sgw", "estimated glucose value"})
_CALIBRATION = frozenset({"calibration", "kalibrierung", "étalonnage", "calibración", "calibrazione", "kalibratie", "calibração",
    "kalibracja", "校准"})  # fmt: skip
_NOT_KEPT = frozenset({"insulin", "carbs", "exercise", "health", "note", "notes", "alert", "device", "insuline", "insulina",
    "kohlenhydrate", "glucides", "carbohidratos"})  # fmt: skip
_LEAST, _MOST = 40.0, 400.0


def _wanted(names: Sequence[str]) -> bool:
    return _column(names, _TIME) >= 0 and (_column(names, _GLUCOSE) >= 0 or _column(names, _NO_UNIT) >= 0)


def _column(names: Sequence[str], form: re.Pattern[str]) -> int:
    return next((at for at, name in enumerate(names) if form.fullmatch(name)), -1)


def recognises(head: bytes, name: str) -> bool:
    return look(head, _wanted) is not None


def read(member: Member) -> Parsed:
    sheet = look(head_of(member), _wanted)
    if sheet is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    yield from books.closed(_Export(sheet, books).read(member))


class _Export:
    def __init__(self, sheet: Sheet, books: Books) -> None:
        self._sheet, self._books, self._times = sheet, books, Times()
        self._time = _column(sheet.names, _TIME)
        self._glucose = _column(sheet.names, _GLUCOSE)
        unit = _GLUCOSE.fullmatch(sheet.names[self._glucose]) if self._glucose >= 0 else None
        self._unit = {"mg/dl": "mg/dL", "mmol/l": "mmol/L"}[unit[1]] if unit else ""
        if unit is None:
            self._glucose = _column(sheet.names, _NO_UNIT)
        event = sheet.index(*_EVENTS)
        self._event = event if event >= 0 else min(self._time + 1, len(sheet.names) - 1)
        named = [at for at, name in enumerate(sheet.names) if name in ("source device id", "device info")]
        places = [self._time + 5, self._time + 4]  # in an export in another language
        self._device_at = named or [at for at in places if at < len(sheet.names) and at != self._glucose]

    def read(self, member: Member) -> Parsed:
        for block in blocks(member, self._sheet):
            self._books.faults(block)
            for line, row in zip(block.lines, block.rows, strict=True):
                self._row(line, row)
            yield from self._books.collector.ready()

    def _row(self, line: int, row: list[str]) -> None:
        event = row[self._event].strip() if self._event != self._glucose else "EGV"
        known, text = event.casefold(), row[self._time].strip()
        sensor = known in _SENSOR or (self._event == self._glucose)
        kind = event if known in _SENSOR | _CALIBRATION | _NOT_KEPT else "row"
        if not text and not sensor and known not in _CALIBRATION:
            self._books.all(kind, "not_followed", "not_a_measurement", 1)
        elif sensor or known in _CALIBRATION:
            self._reading(line, row, sensor)
        elif known in _NOT_KEPT:
            self._books.all(kind, "not_followed", "signal_not_kept", 1)
        else:
            self._books.row(line, "row", "not_followed", "unknown_type")

    def _reading(self, line: int, row: list[str], sensor: bool) -> None:
        signal, cell = ("cgm_glucose" if sensor else "glucose"), row[self._glucose].strip()
        at, value, quality = self._times.local(row[self._time]), number(cell, self._sheet.delimiter != ","), 0 if sensor else MANUAL
        if cell.casefold() in NOTHING:
            self._books.row(line, signal, "not_followed", "no_reading")
        elif at is None:
            self._books.row(line, signal, "refused", "time_invalid")
        elif cell.casefold() in _LOW | _HIGH:
            low = cell.casefold() in _LOW
            self._add(signal, row, at, _LEAST if low else _MOST, quality | (BELOW if low else ABOVE))
        elif value is None:
            self._books.row(line, signal, "refused", "not_a_number")
        elif value <= 0:
            self._books.row(line, signal, "not_followed", "no_reading")
        else:
            factors = linear(self._unit, SIGNALS[signal].unit, signal) if self._unit else None
            if factors is None:
                self._books.row(line, signal, "quarantined", "unit_missing")
            else:
                self._add(signal, row, at, value * factors[0] + factors[1], quality)

    def _add(self, signal: str, row: list[str], at: tuple[int, int], value: float, quality: int) -> None:
        place = Place(signal, self._device(row), path=self._books.path)
        self._books.collector.add(place, at[0], value, quality=quality, offset=at[1])

    def _device(self, row: list[str]) -> str:
        """As people say it, "Dexcom G6", by whichever way the row has ("iPhone G6", "Dexcom G6 Mobile App")."""
        for at in self._device_at:
            if found := re.search(r"\bG\d\+?", row[at]):
                return f"Dexcom {found[0]}"
        return "Dexcom"


FORMAT = Format("dexcom", recognises, read)
