"""This is the place where the tables of a Samsung Health export are read.

The first line names the table ("com.samsung.shealth.step_daily_trend,6310004,3"), the second the columns, with or without the package
before their names; rows end in a comma too many. Clock: start_time and end_time are UTC (text or milliseconds) and time_offset is the
zone ("UTC+0530"): instants with their offset; without the column UTC only. day_time is a midnight written in UTC that means the local day
(FLOATING). 1970-01-01 and the year 9999 mean "no time". Of step_daily_trend only the combined rows (source_type -2) count; the rows of each
device are parts. A phone and a watch count steps side by side: their rows keep apart by the start of the device id ("Samsung Health a1b2");
what another app wrote goes by that app's package. Blood pressure by the watch (Health Monitor) has no cuff: UNVALIDATED. Averages over
more than a minute have the grain they were taken over. The details in the export's folder jsons are read by `samsung_bins`.
Written from Samsung's documented data types and public examples.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.domain.samples import UNVALIDATED, UTC_ONLY, Parsed, Samples
from core.sources.wearables import samsung_bins
from core.sources.wearables.clock import DAY, MINUTE
from core.sources.wearables.csv_columns import Books, Column, Frame, Take, no_header, settle, take
from core.sources.wearables.csv_numbers import FINE
from core.sources.wearables.csv_rows import Block, Sheet, blocks, encoding_of, fold, head_of, look
from core.sources.wearables.csv_times import Moment, Times, midnight
from core.sources.wearables.form import Format, Member
from core.sources.wearables.samsung_tables import DAILY, EXERCISES, GOALS, INSTANT, TABLES, Table

_META = re.compile(r"\s*\"?com\.samsung\.s?health\.([a-z0-9_.]+?)\"?\s*,\s*\d+\s*(?:,.*)?")
_TIMES = frozenset({"start_time", "end_time", "day_time", "create_time", "update_time", "datauuid"})
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})")
_OFFICIAL = ("com.sec.android.app.shealth", "com.samsung")
_AVERAGES = frozenset({"hr", "spo2", "rr", "skin_temp"})


def _table_of(head: bytes) -> str:
    """The name of the table, or "" where the first line is not Samsung's."""
    first = head[:2000].decode(encoding_of(head), "replace").lstrip("\ufeff").replace("\r", "\n").split("\n", 1)[0]
    found = _META.fullmatch(first)
    return found[1] if found else ""


def _wanted(names: Sequence[str]) -> bool:
    return any(name.rsplit(".", 1)[-1] in _TIMES for name in names)


def recognises(head: bytes, name: str) -> bool:
    return bool(_table_of(head)) or samsung_bins.recognises(head)


def read(member: Member) -> Parsed:
    head = head_of(member)
    if samsung_bins.recognises(head):
        yield from samsung_bins.read(member)
        return
    sheet, table = look(head, _wanted), _table_of(head)
    if sheet is None or not table:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    known = TABLES.get(table)
    yield from books.closed(_passed_over(member, sheet, table, books) if known is None else _Rows(sheet, known, books).read(member))


def _passed_over(member: Member, sheet: Sheet, table: str, books: Books) -> Parsed:
    why = "not_a_measurement" if any(word in table for word in GOALS) else "unknown_type"
    for block in blocks(member, sheet):
        books.faults(block)
        books.all(table[:80], "not_followed", why, len(block.rows))
    yield from ()


class _Rows:
    def __init__(self, sheet: Sheet, table: Table, books: Books) -> None:
        self._sheet, self._table, self._books, self._times = sheet, table, books, Times()
        self._at: dict[str, int] = {}
        for at, name in enumerate(sheet.names):
            short = fold(name).rsplit(".", 1)[-1]
            if short not in self._at or name.startswith("com.samsung"):
                self._at[short] = at
        self._offsets: dict[str, int] = {}

    def read(self, member: Member) -> Parsed:
        plan = {self._at[name]: what for name, what in self._table.columns.items() if name in self._at}
        for block in blocks(member, self._sheet):
            if self._table.combined and "source_type" in self._at:
                self._only_combined(block)
            if not block.rows:
                self._books.faults(block)
                continue
            if "exercise_type" in self._table.columns:
                self._other_workouts(block)
            frame = self._frame(block.columns)
            for samples in take(block, frame, plan, self._sheet, self._books):
                yield from _by_length(samples) if isinstance(samples, Samples) else (samples,)
            if self._table.session:
                there = np.full(len(block.rows), FINE, np.uint8)
                yield from settle(
                    Column("session", Take("sleep_stage"), np.zeros(len(there)), there), frame, block.lines, self._books
                )

    def _only_combined(self, block: Block) -> None:
        at = self._at["source_type"]
        keep = [row for row, cells in enumerate(block.rows) if cells[at].strip() in ("-2", "-2.0")]
        values = [self._at[name] for name, what in self._table.columns.items() if name in self._at]
        for row in set(range(len(block.rows))) - set(keep):
            self._books.all("source", "not_followed", "part_of_another", sum(bool(block.rows[row][one].strip()) for one in values))
        block.lines, block.rows = [block.lines[row] for row in keep], [block.rows[row] for row in keep]

    def _other_workouts(self, block: Block) -> None:
        """Codes that no table has are workouts all the same."""
        at = self._at.get("exercise_type", -1)
        for row in block.rows if at >= 0 else ():
            text = row[at].strip().removesuffix(".0")
            if text.isdigit() and float(text) not in EXERCISES:
                row[at] = "0"

    def _frame(self, columns: list[tuple[str, ...]]) -> Frame:
        n = len(columns[0])
        packages = self._texts(columns, "pkg_name", n)
        quality = np.array([UNVALIDATED if "shealthmonitor" in name else 0 for name in packages], np.uint8)
        if "systolic" not in self._table.columns:
            quality = np.zeros(n, np.uint8)
        uuids = self._texts(columns, "deviceuuid", n) if self._table.apart else [""] * n
        device = [_device(name, uuid) for name, uuid in zip(packages, uuids, strict=True)]
        if self._table.when == DAILY:
            days = [midnight(self._instant(text, UTC_ONLY)) for text in self._texts(columns, "day_time", n)]
            ends = [one[0] + DAY if one else 0 for one in days]
            return self._sentinels(Frame.of(days, ends, "", device, quality))
        offsets = [self._offset(text) for text in self._texts(columns, "time_offset", n)]
        starts = [self._instant(text, one) for text, one in zip(self._texts(columns, "start_time", n), offsets, strict=True)]
        ended = [self._instant(text, UTC_ONLY) for text in self._texts(columns, "end_time", n)]
        lasts = [None if self._table.when == INSTANT or one is None or _no_time(one[0]) else one[0] for one in ended]
        return self._sentinels(Frame.of(starts, lasts, "", device, quality))

    def _texts(self, columns: list[tuple[str, ...]], name: str, n: int) -> Sequence[str]:
        return columns[self._at[name]] if name in self._at else [""] * n

    def _instant(self, text: str, offset: int) -> Moment | None:
        """UTC as text ("2020-01-01 00:00:00.000") or milliseconds, with the row's offset."""
        text = text.strip()
        if text.lstrip("-").isdigit() and text.isascii() and len(text) <= 15:
            return int(text) * 1_000_000, offset
        found = self._times.iso(text)
        return None if found is None else (found[0], offset)

    def _offset(self, text: str) -> int:
        if text not in self._offsets:
            found = _OFFSET.fullmatch(text.strip())
            minutes = (int(found[2]) * 60 + int(found[3])) * (-1 if found[1] == "-" else 1) if found else UTC_ONLY
            if found is None and text.strip().lstrip("-").isdigit() and abs(int(text)) % 900_000 == 0 and text.isascii():
                minutes = int(text) // 60_000  # milliseconds, as in the SDK
            if len(self._offsets) > 1000:
                self._offsets.clear()
            self._offsets[text] = minutes if minutes == UTC_ONLY or abs(minutes) <= 15 * 60 else UTC_ONLY
        return self._offsets[text]

    @staticmethod
    def _sentinels(frame: Frame) -> Frame:
        frame.why[np.array([_no_time(ns) for ns in frame.start.tolist()], bool) & (frame.why != 1)] = 4
        return frame


def _no_time(ns: int) -> bool:
    return 0 <= ns < DAY or ns > 250_000_000_000 * 1_000_000_000 or ns >= 1 << 62


def _device(package: str, uuid: str) -> str:
    package, uuid = package.strip(), uuid.strip()
    if package and not package.startswith(_OFFICIAL):
        return package[:80]
    return f"Samsung Health {uuid[:4]}" if uuid else "Samsung Health"


def _by_length(samples: Samples) -> Parsed:
    """Averages apart by how long they were taken over; all else as it is."""
    if samples.signal not in _AVERAGES:
        yield samples
        return
    lasts = samples.columns.end - samples.columns.start
    edges = (
        (-1, MINUTE, ""),
        (MINUTE, 5 * MINUTE, "5min"),
        (5 * MINUTE, 15 * MINUTE, "15min"),
        (15 * MINUTE, 90 * MINUTE, "1h"),
        (90 * MINUTE, 1 << 62, "1d"),
    )
    for above, most, grain in edges:
        rows = (lasts > above) & (lasts <= most)
        if rows.any():
            yield replace(samples, grain=grain, columns=samples.columns.take(np.flatnonzero(rows)))


FORMAT = Format("samsung_health", recognises, read)
