"""This is the place where the tables (CSV) of a Fitbit archive from Google Takeout are read, Fitbit's own and Google's newer ones.

Clocks. Times with "Z" are UTC as they say (Google's tables, minute SpO2); where a table has `..._utc_offset` beside them (sleeps, stages,
exercises) the offset is kept. Times without a zone (HRV details, temperatures, full-night breathing) are local (FLOATING). A row that
stands for a day ("daily ...", summaries of HRV, breathing, SpO2) belongs to the date as written, also where "T00:00:00Z" follows:
the date is the local one (community; unverified). Units are in Google's column names; distance is metres, calories are kcal with the
basal part (the README files of the archive). HRV is RMSSD at steps of five minutes.

Which device: Google's "data source" is its name; Fitbit's own tables are of "Fitbit". The same minutes from several sources (a phone, its
mirror in Health Connect, the band) are thus several devices, of which one counts at a time. A heart rate table without a telling
name may be of each moment or of rest, and is quarantined ("signal_unclear"). "Device" and "Wrist Temperature" are written as degrees
or as change from one's usual: 15 and more is a temperature, less a change, as no skin is and no change reaches 15 degrees. Minutes of
moderate and of very active motion are both active minutes, the former a nanosecond shorter so that they add up. Written from
documented columns; no real file was at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.domain.samples import MANUAL, Parsed
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.clock import DAY, moment
from core.sources.wearables.csv_columns import Books, Column, Frame, Leave, Take, no_header, settle, take
from core.sources.wearables.csv_numbers import EMPTY, FINE, numbers
from core.sources.wearables.csv_rows import Block, Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import Moment, Times, midnight
from core.sources.wearables.fitbit_csv_tables import CLASSIC, DAY_OF, GOOGLE, SPAN, WITH_SOURCE, Table
from core.sources.wearables.fitbit_records import DEVICE, sport
from core.sources.wearables.form import Format, Member

_STAGES = {
    "wake": "awake",
    "awake": "awake",
    "light": "light",
    "deep": "deep",
    "rem": "rem",
    "asleep": "asleep",
    "restless": "restless",
}
_STRUCTURAL = frozenset({
    "", "timestamp", "data source", "recorded time", "sensor type", "date time", "heart zone id", "heart rate zone", "heart rate zone type",
    "sleep log entry id", "session id", "type", "sleep start", "sleep end", "temperature samples", "start time", "end time", "date",
    "updated at", "status", "calculation failed", "start utc offset", "end utc offset", "utc offset",
})  # fmt: skip
_CHANGE_BELOW = 15.0


def _plain(names: Sequence[str]) -> list[str]:
    return [name.replace("_", " ") for name in names]


def _table_of(names: Sequence[str], file: str) -> Table | None:
    """The table that has these columns."""
    have, name = frozenset(_plain(names)), file.replace("\\", "/").rsplit("/", 1)[-1].lower()
    for table in CLASSIC + GOOGLE:
        if table.needs <= have and table.named in name:
            if table.named == "spo2" and have != table.needs:
                continue
            return table
    for table in WITH_SOURCE:
        stem = next(iter(table.needs - {"timestamp"}), "")
        if table.needs <= have and ("data source" in have or (have == table.needs and stem and name.startswith(f"{stem}_2"))):
            return table
    return None


def _look(head: bytes, file: str) -> Sheet | None:
    return look(head, lambda names: _table_of(names, file) is not None)


def recognises(head: bytes, name: str) -> bool:
    return _look(head, name) is not None


def read(member: Member) -> Parsed:
    sheet = _look(head_of(member), member.name)
    table = _table_of(sheet.names, member.name) if sheet else None
    if sheet is None or table is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    yield from books.closed(_Reader(sheet, table, books).read(member))


class _Reader:
    def __init__(self, sheet: Sheet, table: Table, books: Books) -> None:
        self._sheet, self._table, self._books, self._times = sheet, table, books, Times()
        self._names = _plain(sheet.names)
        self._plan: dict[int, Take | Leave] = {}
        worded = {"sleep stage type", "activity name"} if table.how == SPAN else {"temperature"}
        for at, name in enumerate(self._names):
            if name in worded:
                continue
            if (what := table.takes.get(name)) is not None:
                self._plan[at] = what if name not in self._names[:at] else Leave("same_as_another", "duplicate")
            elif table.counted:
                if name.startswith(table.counted):
                    self._plan[at] = table.rest
            elif name not in _STRUCTURAL:
                self._plan[at] = table.rest

    def read(self, member: Member) -> Parsed:
        for block in blocks(member, self._sheet):
            if not block.rows:
                self._books.faults(block)
                continue
            columns = block.columns
            frame = self._frame(columns)
            if "temperature" in self._names and "recorded time" in self._names:
                yield from self._temperatures(block, columns, frame)
            elif "sleep stage type" in self._names:
                yield from self._states(block, columns, frame, "sleep stage type", "sleep_stage", _stage)
            elif "activity name" in self._names and self._table.how == SPAN:
                yield from self._states(block, columns, frame, "activity name", "workout", sport)
            yield from take(block, frame, self._plan, self._sheet, self._books)

    def _at(self, name: str) -> int:
        return self._names.index(name) if name in self._names else -1

    def _cells(self, columns: list[tuple[str, ...]], name: str) -> tuple[str, ...]:
        return columns[self._at(name)] if self._at(name) >= 0 else ("",) * len(columns[0])

    def _frame(self, columns: list[tuple[str, ...]]) -> Frame:
        device = [cell.strip()[:80] or DEVICE for cell in self._cells(columns, "data source")]
        starts = [self._times.iso(text) for text in columns[self._at(self._table.times[0])]]
        if self._table.how == DAY_OF:
            days = [midnight(one) for one in starts]
            return Frame.of(days, [one[0] + DAY if one else 0 for one in days], "", device)
        if self._table.how != SPAN:
            return Frame.of(starts, None, "", device)
        ends = [self._times.iso(text) for text in columns[self._at(self._table.times[1])]]
        zone = "start utc offset" if self._at("start utc offset") >= 0 else "utc offset"
        zones = self._cells(columns, zone)
        both = [_local(start, zone) if start and end else None for start, end, zone in zip(starts, ends, zones, strict=True)]
        typed = [MANUAL if "MANUAL" in cell.upper() else 0 for cell in self._cells(columns, "log type")]
        return Frame.of(both, [end[0] if end else 0 for end in ends], "", device, np.array(typed, np.uint8))

    def _temperatures(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        """Degrees and changes of degrees, which stand in one column."""
        at = self._at("temperature")
        values, state = numbers(columns[at], self._sheet.delimiter != ",")
        change = (state == FINE) & (values < _CHANGE_BELOW)
        for signal, rows in (("skin_temp", ~change), ("skin_temp_change", change)):
            column = Column(self._sheet.header[at], Take(signal), values, np.where(rows, state, EMPTY).astype(np.uint8))
            yield from settle(column, frame, block.lines, self._books)

    def _states(
        self, block: Block, columns: list[tuple[str, ...]], frame: Frame, name: str, signal: str, of: Callable[[str], float]
    ) -> Parsed:
        at = self._at(name)
        words = [cell.strip() for cell in columns[at]]
        state = np.array([FINE if word else EMPTY for word in words], np.uint8)
        values = np.array([of(word) if word else 0.0 for word in words])
        names = SLEEP_STAGES if signal == "sleep_stage" else WORKOUTS
        what = Take(signal, states={float(index): index for index in range(len(names))})
        yield from settle(Column(self._sheet.header[at], what, values, state), frame, block.lines, self._books)


def _stage(word: str) -> float:
    name = _STAGES.get(word.lower())
    return float(SLEEP_STAGES.index(name)) if name else -1.0


def _local(at: Moment, zone: str) -> Moment:
    """A moment with the offset beside it ("+05:30"), where it is one."""
    found = moment(f"1970-01-01T00:00:00{zone.strip()}") if zone.strip() else None
    return (at[0], found[1]) if found and at[1] < -30_000 and found[1] > -30_000 else at


FORMAT = Format("fitbit_takeout_csv", recognises, read)
