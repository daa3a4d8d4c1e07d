"""This is the place where a FreeStyle LibreView export is read (and the older one of the reader's own program, tab-separated).

A row is of one kind, its value in that kind's column: 0 the sensor's value every quarter of an hour (Libre 3: every five minutes), 1 a
scan of the sensor, 2 a test strip, 3 ketones, 4 insulin, 5 food, 6 a change of the clock. Both sensor columns are `cgm_glucose` as
measured, under the device's name; strips are `glucose`. Units stand in the header; "LO" and "HI" are readings beyond 40 to
500 mg/dL (FreeStyle Libre user manuals). Clock: the device's local time without a zone (FLOATING). Day before month or month before
day is decided by all times of the file and its first lines; where nothing tells, the values are set apart (`date_order_unclear`).
Columns are found in English, German, French, Spanish, Italian, Dutch, Portuguese and Chinese. Written from documented columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.domain.samples import ABOVE, BELOW, Parsed
from core.domain.signals import SIGNALS
from core.domain.units import linear
from core.sources.wearables.collect import Place
from core.sources.wearables.csv_columns import Books, no_header
from core.sources.wearables.csv_numbers import NOTHING, number
from core.sources.wearables.csv_rows import Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import UNCLEAR, Times, day_order
from core.sources.wearables.form import Format, Member

_UNIT = r".*?\(?(mg/dl|mmol/l)\)?"
_HISTORIC = re.compile(r"(?=.*(?:glu[ck]o|glic|glyc|葡萄糖|血糖)).*(?:histor|verlauf|storico|历史)" + _UNIT)
_SCAN = re.compile(r"(?=.*(?:glu[ck]o|glic|glyc|葡萄糖|血糖)).*(?:scan|numéris|escane|digitaliza|扫描)" + _UNIT)
_STRIP = re.compile(
    r"(?=.*(?:glu[ck]o|glic|glyc|葡萄糖|血糖)).*(?:strip|streifen|bandelette|électrode|tira|striscia|strisce|试纸)" + _UNIT
)
_TIME = re.compile(
    r".*(?:timestamp|zeitstempel|horodatage|sello de tiempo|marca temporal|marca de tiempo|data/hora|tijdstempel|时间戳).*"
    r"|time|zeit|uhrzeit|heure|hora|ora|tijd|时间"
)
_STRUCTURAL = re.compile(
    r"device|serial number|record type|id|gerät|seriennummer|aufzeichnungstyp|appareil|numéro de série|type d.enregistrement"
    r"|dispositivo|número de serie|tipo de registro|numero di serie|tipo di registrazione|apparaat|serienummer|recordtype"
    r"|número de série|设备|序列号|记录类型|"
)
_DEVICES = ("device", "gerät", "appareil", "dispositivo", "apparaat", "设备")
_LOW, _HIGH = frozenset({"lo", "low", "bas", "niedrig", "bajo", "低"}), frozenset({"hi", "high", "haut", "hoch", "alto", "高"})
_LEAST, _MOST = 40.0, 500.0
_UNITS = {"mg/dl": "mg/dL", "mmol/l": "mmol/L"}


def _column(names: Sequence[str], form: re.Pattern[str]) -> int:
    return next((at for at, name in enumerate(names) if form.fullmatch(name)), -1)


def _wanted(names: Sequence[str]) -> bool:
    return _column(names, _TIME) >= 0 and (_column(names, _HISTORIC) >= 0 or _column(names, _SCAN) >= 0)


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
        self._sheet, self._books = sheet, books
        self._time, self._device = _column(sheet.names, _TIME), sheet.index(*_DEVICES)
        self._taken: dict[int, tuple[str, str]] = {}
        for form, signal in ((_HISTORIC, "cgm_glucose"), (_SCAN, "cgm_glucose"), (_STRIP, "glucose")):
            at = _column(sheet.names, form)
            found = form.fullmatch(sheet.names[at]) if at >= 0 else None
            if found and at not in self._taken:
                self._taken[at] = (signal, _UNITS[found[1]])
        self._left = [
            at for at, name in enumerate(sheet.names)
            if at not in self._taken and at != self._time and not _STRUCTURAL.fullmatch(name)
        ]  # fmt: skip

    def read(self, member: Member) -> Parsed:
        times = Times(day_order(self._written(member)))
        for block in blocks(member, self._sheet):
            self._books.faults(block)
            for line, row in zip(block.lines, block.rows, strict=True):
                self._row(line, row, times)
            yield from self._books.collector.ready()

    def _written(self, member: Member) -> Iterator[str]:
        """Every time of the file, each day once, and those in its first lines."""
        for line in self._sheet.preamble:
            yield from re.findall(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[^,;\t]*", line)
        seen: set[str] = set()
        for block in blocks(member, self._sheet):
            for row in block.rows:
                text = row[self._time].strip()
                mark = text[:10] + text[-2:]
                if mark not in seen and len(seen) < 100_000:
                    seen.add(mark)
                    yield text

    def _row(self, line: int, row: list[str], times: Times) -> None:
        at, any_value = times.local(row[self._time]), False
        for index, (signal, unit) in self._taken.items():
            cell = row[index].strip()
            if cell.lower() not in NOTHING:
                any_value = True
                self._reading((line, row), signal, (cell, unit), at, times.order)
        for index in self._left:
            if row[index].strip():
                any_value = True
                self._books.all(self._sheet.header[index], "not_followed", "signal_not_kept", 1)
        if not any_value:
            self._books.all("row", "not_followed", "no_reading", 1)

    def _reading(
        self, where: tuple[int, list[str]], signal: str, written: tuple[str, str], at: tuple[int, int] | None, order: str
    ) -> None:
        (line, row), (cell, unit) = where, written
        value, word = number(cell, self._sheet.delimiter != ","), cell.casefold()
        factors = linear(unit, SIGNALS[signal].unit, signal)
        quality = BELOW if word in _LOW else ABOVE if word in _HIGH else 0
        if at is None and order == UNCLEAR and re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", row[self._time].strip()):
            self._books.row(line, signal, "quarantined", "date_order_unclear")
        elif at is None:
            self._books.row(line, signal, "refused", "time_invalid")
        elif value is None and not quality:
            self._books.row(line, signal, "refused", "not_a_number")
        elif not quality and (value or 0.0) <= 0:
            self._books.row(line, signal, "not_followed", "no_reading")
        elif factors is not None:
            limit = _LEAST if quality == BELOW else _MOST
            canonical = limit if quality or value is None else value * factors[0] + factors[1]
            device = row[self._device].strip() if self._device >= 0 else ""
            place = Place(signal, device or "FreeStyle Libre", path=self._books.path)
            self._books.collector.add(place, at[0], canonical, quality=quality, offset=at[1])


FORMAT = Format("libreview", recognises, read)
