"""This is the place where Oura's tables are read: the trends CSV of the web page, and the tables of an account's export (API v2 names).

Durations are seconds. What belongs to a day (`date`, `day`) is of that local day (FLOATING, grain "1d"); a sleep period with its own
start and end (`bedtime_start`) has them, with their offset; heart rate, temperature and workouts have their own times. "Average HRV" is
RMSSD (Oura: "HRV ... measured as rMSSD"). The average resting heart rate of the night is `rhr`; the lowest, and all scores, are
counted and not kept. `sleep_phase_5_min` is a letter for each five minutes: 1 deep, 2 light, 3 REM, 4 awake (Oura API v2); `heart_rate`
and `hrv` of a period are lists at an interval. A period whose type is "deleted" was taken back by the person. Written from documented columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import orjson

from core.domain.samples import Parsed
from core.domain.signals_table import WORKOUTS
from core.sources.wearables.clock import DAY, MINUTE, SECOND
from core.sources.wearables.csv_columns import Books, Column, Frame, Leave, Take, no_header, settle, take
from core.sources.wearables.csv_numbers import EMPTY, FINE, numbers
from core.sources.wearables.csv_rows import Block, Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import Moment, Times, midnight
from core.sources.wearables.form import Format, Member

_DEVICE = "Oura"
_HOURS = 1 / 3600
_PART, _KEPT_NOT, _SCORE = Leave("part_of_another"), Leave("signal_not_kept"), Leave("score_not_kept")
_ZERO = (0.0,)
_TAKEN: Mapping[str, Take] = {
    "total sleep duration": Take("sleep", _HOURS, grain="1d"),
    "total sleep time": Take("sleep", _HOURS, grain="1d"),
    "rem sleep duration": Take("sleep_rem", _HOURS, grain="1d"),
    "rem sleep time": Take("sleep_rem", _HOURS, grain="1d"),
    "deep sleep duration": Take("sleep_deep", _HOURS, grain="1d"),
    "deep sleep time": Take("sleep_deep", _HOURS, grain="1d"),
    "light sleep duration": Take("sleep_light", _HOURS, grain="1d"),
    "light sleep time": Take("sleep_light", _HOURS, grain="1d"),
    "average resting heart rate": Take("rhr", grain="1d", none=_ZERO),
    "average heart rate": Take("rhr", grain="1d", none=_ZERO),
    "average hrv": Take("hrv_rmssd", grain="1d", none=_ZERO),
    "respiratory rate": Take("rr", grain="1d", none=_ZERO),
    "average breath": Take("rr", grain="1d", none=_ZERO),
    "temperature deviation": Take("skin_temp_change", grain="1d"),
    "steps": Take("steps", grain="1d"),
    "activity burn": Take("energy_active", grain="1d"),
    "active calories": Take("energy_active", grain="1d"),
    "total burn": Take("energy_total", grain="1d"),
    "total calories": Take("energy_total", grain="1d"),
    "sedentary time": Take("sedentary_minutes", 1 / 60, grain="1d"),
    "vo2 max": Take("vo2max", grain="1d", none=_ZERO),
    "bpm": Take("hr", none=_ZERO),
    "skin temp": Take("skin_temp", none=_ZERO),
}
_LISTS = {"heart rate": "hr", "hrv": "hrv_rmssd"}
_PHASES = {"1": 4.0, "2": 3.0, "3": 5.0, "4": 1.0}
"""Oura's phases as SLEEP_STAGES."""
_TRENDS = frozenset({
    "sleep score", "readiness score", "activity score", "total bedtime", "total sleep time", "total sleep duration", "average hrv",
    "average resting heart rate", "lowest resting heart rate", "temperature deviation", "respiratory rate", "activity burn",
    "total burn", "deep sleep duration", "rem sleep duration", "light sleep duration", "deep sleep time", "rem sleep time",
    "light sleep time", "restless sleep", "sleep efficiency", "awake time", "non-wear time", "average met",
})  # fmt: skip
_TABLES = (
    {"bedtime start", "total sleep duration"}, {"day", "active calories", "steps"}, {"bpm", "source", "timestamp"},
    {"spo2 percentage"}, {"day", "temperature deviation"}, {"vo2 max", "day"}, {"skin temp", "timestamp"},
    {"activity", "start datetime", "end datetime"}, {"contributors", "day", "score"}, {"bedtime start", "sleep phase 5 min"},
)  # fmt: skip
_STRUCTURAL = frozenset({
    "", "id", "date", "day", "timestamp", "source", "bedtime start", "bedtime end", "start datetime", "end datetime", "type", "period",
    "label", "sleep algorithm version", "sleep analysis reason", "ring id", "app sleep phase 5 min", "sleep timing",
})  # fmt: skip
_WORKOUTS = {
    "walking": "walking", "running": "running", "cycling": "cycling", "swimming": "swimming", "strengthtraining": "strength", "yoga": "yoga",
    "hiking": "hiking", "rowing": "rowing", "elliptical": "elliptical", "soccer": "team_sport", "basketball": "team_sport",
    "volleyball": "team_sport", "football": "team_sport", "hockey": "team_sport",
}  # fmt: skip


def _plain(name: str) -> str:
    return re.sub(r" \(.*\)", "", name.replace("_", " ")).strip()


def _wanted(names: Sequence[str]) -> bool:
    have = {_plain(name) for name in names}
    return ("date" in have and len(have & _TRENDS) >= 2) or any(table <= have for table in _TABLES)


def recognises(head: bytes, name: str) -> bool:
    return look(head, _wanted) is not None


def read(member: Member) -> Parsed:
    sheet = look(head_of(member), _wanted)
    if sheet is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    yield from books.closed(_Table(sheet, books).read(member))


class _Table:
    def __init__(self, sheet: Sheet, books: Books) -> None:
        self._sheet, self._books, self._times = sheet, books, Times()
        self._names = [_plain(name) for name in sheet.names]
        self._plan: dict[int, Take | Leave] = {}
        for at, name in enumerate(self._names):
            what = _TAKEN.get(name) if name not in self._names[:at] else Leave("same_as_another", "duplicate")
            if isinstance(what, Take) and what.signal == "skin_temp_change" and sheet.names[at].endswith("(°f)"):
                what = replace(what, mult=5 / 9)
            if what is not None:
                self._plan[at] = what
            elif name.endswith("score") or name == "contributors":
                self._plan[at] = _SCORE
            elif (
                name not in _STRUCTURAL and name not in _LISTS and name not in ("sleep phase 5 min", "spo2 percentage", "activity")
            ):
                self._plan[at] = _KEPT_NOT

    def read(self, member: Member) -> Parsed:
        for block in blocks(member, self._sheet):
            if not block.rows:
                self._books.faults(block)
                continue
            columns = block.columns
            self._taken_back(block, columns)
            if not block.rows:
                continue
            columns = block.columns
            frame = self._frame(columns)
            yield from take(block, frame, self._plan, self._sheet, self._books)
            yield from self._phases(block, columns)
            yield from self._listed(block, columns)
            yield from self._oxygen(block, columns, frame)
            yield from self._workouts(block, columns, frame)

    def _at(self, name: str) -> int:
        return self._names.index(name) if name in self._names else -1

    def _taken_back(self, block: Block, columns: list[tuple[str, ...]]) -> None:
        """Take out the periods that the person deleted."""
        if (at := self._at("type")) < 0 or self._at("bedtime start") < 0:
            return
        keep = [row for row, text in enumerate(columns[at]) if text.strip().lower() != "deleted"]
        self._books.all("period", "not_followed", "taken_back", len(block.rows) - len(keep))
        block.lines, block.rows = [block.lines[row] for row in keep], [block.rows[row] for row in keep]

    def _frame(self, columns: list[tuple[str, ...]]) -> Frame:
        pairs = (("bedtime start", "bedtime end"), ("start datetime", "end datetime"))
        for begin, over in pairs:
            if self._at(begin) >= 0 and self._at(over) >= 0 and self._at("date") < 0:
                starts = [self._times.iso(text) for text in columns[self._at(begin)]]
                moments = [self._times.iso(text) for text in columns[self._at(over)]]
                both = [start if end else None for start, end in zip(starts, moments, strict=True)]
                return Frame.of(both, [end[0] if end else 0 for end in moments], "", _DEVICE)
        if (at := max(self._at("day"), self._at("date"))) >= 0:
            days = [midnight(self._times.iso(text)) for text in columns[at]]
            return Frame.of(days, [one[0] + DAY if one else 0 for one in days], "", _DEVICE)
        at = max(self._at("timestamp"), self._at("bedtime start"), 0)
        return Frame.of([self._times.iso(text) for text in columns[at]], None, "", _DEVICE)

    def _starts(self, columns: list[tuple[str, ...]]) -> list[Moment | None]:
        at = self._at("bedtime start")
        return [self._times.iso(text) for text in columns[at]] if at >= 0 else [None] * len(columns[0])

    def _phases(self, block: Block, columns: list[tuple[str, ...]]) -> Parsed:
        """A stage for each five minutes of a period."""
        if (at := self._at("sleep phase 5 min")) < 0:
            return
        lines, moments, values = [], list[Moment | None](), list[float]()
        for row, start in enumerate(self._starts(columns)):
            for n, letter in enumerate(columns[at][row].strip()[:1000]):
                lines.append(block.lines[row])
                moments.append((start[0] + n * 5 * MINUTE, start[1]) if start else None)
                values.append(_PHASES.get(letter, -1.0))
        if values:
            states = {value: int(value) for value in _PHASES.values()}
            column = Column(self._sheet.header[at], Take("sleep_stage", lasts=5 * MINUTE, states=states), np.array(values),
                            np.full(len(values), FINE, np.uint8))  # fmt: skip
            yield from settle(column, Frame.of(moments, None, "", _DEVICE), lines, self._books)

    def _listed(self, block: Block, columns: list[tuple[str, ...]]) -> Parsed:
        """The heart rate and HRV of a period, each at its interval."""
        for name, signal in _LISTS.items():
            if (at := self._at(name)) < 0:
                continue
            lines, moments, cells = [], list[Moment | None](), list[str]()
            for row, text in enumerate(columns[at]):
                if not text.strip():
                    continue
                found = list(self._items(text))
                if not found:
                    self._books.row(block.lines[row], self._sheet.header[at], "refused", "wrong_kind_of_value")
                for moment, value in found:
                    lines.append(block.lines[row])
                    moments.append(moment)
                    cells.append(value)
            if cells:
                frame = Frame.of(moments, None, "", _DEVICE)
                what = Take(signal, grain="5min", lasts=5 * MINUTE, none=_ZERO)
                yield from settle(Column(self._sheet.header[at], what, *numbers(cells)), frame, lines, self._books)

    def _items(self, text: str) -> Iterator[tuple[Moment | None, str]]:
        """(time, number) of `{"interval": 300, "items": [...], "timestamp": ...}`; other intervals are not ours to read."""
        whole = _json(text)
        items, step = (whole.get("items"), whole.get("interval")) if isinstance(whole, dict) else (None, None)
        if not isinstance(whole, dict) or not isinstance(items, list) or step not in (300, 300.0):
            return
        stamp = whole.get("timestamp")
        start = self._times.iso(stamp) if isinstance(stamp, str) else None
        for n, value in enumerate(items[:10_000]):
            if value is not None:
                yield (start[0] + n * 300 * SECOND, start[1]) if start else None, str(value)

    def _oxygen(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        if (at := self._at("spo2 percentage")) < 0:
            return
        cells = []
        for text in columns[at]:
            whole = _json(text) if text.strip().startswith("{") else text
            cells.append(str(whole.get("average") or "") if isinstance(whole, dict) else text)
        yield from settle(
            Column(self._sheet.header[at], Take("spo2", grain="1d", none=_ZERO), *numbers(cells)), frame, block.lines, self._books
        )

    def _workouts(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        if (at := self._at("activity")) < 0 or self._at("start datetime") < 0:
            return
        words = [re.sub(r"[^a-z]", "", text.lower()) for text in columns[at]]
        values = np.array([float(WORKOUTS.index(_WORKOUTS.get(word, "other"))) for word in words])
        state = np.array([FINE if word else EMPTY for word in words], np.uint8)
        yield from settle(Column(self._sheet.header[at], Take("workout"), values, state), frame, block.lines, self._books)


def _json(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


FORMAT = Format("oura_csv", recognises, read)
