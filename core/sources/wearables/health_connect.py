"""This is the place where an export of Google's Health Connect is read: the phone's own database (health_connect_export.db), table by table.

Times are epoch milliseconds, true instants; the local offset stands beside each in seconds (of a series or a night's stages: that of
the record they belong to), else UTC_ONLY. The device is the app that wrote an entry and, where it says so, the maker and model it
read it from: two apps on one phone count the same steps twice, so they stay apart. Typed-in entries are marked. A night
without stages is "asleep" from its beginning to its end; one with stages is told by those. Where pages of the database are
damaged, each table is read from both ends up to the damage. Written from Android's published schema and from what others
found in real exports; no real export is at hand.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.domain.samples import Parsed, Tally
from core.sources.wearables.form import Format, Member
from core.sources.wearables.health_connect_rows import Batch
from core.sources.wearables.health_connect_tables import HOUSEKEEPING, LASTED, LEFT, ONCE, PARENTS, STAGES, TABLES, TOLD, Table
from core.sources.wearables.sqlite_file import FAULTS, MAGIC, Database, Unopened, Walk, opened, quoted

_MARKS = (b"_record_table", b"application_info_table", b"health_data_category_priority_table")
_MOST_NAMES = 100_000


def recognises(head: bytes, name: str) -> bool:
    if not head.startswith(MAGIC):
        return False
    return any(mark in head for mark in _MARKS) or "health_connect" in name.lower().replace(" ", "_")


def read(member: Member) -> Parsed:
    with opened(member) as database:
        if isinstance(database, Unopened):
            yield Tally(member.name, "database", "refused", database.why)
            return
        try:
            tables = database.tables()
        except FAULTS:
            yield Tally(member.name, "database", "refused", "document_unreadable")
            return
        yield from _Export(member.name, database, tables).read()


class _Export:
    """The tables of one database: names as they stand there, and the columns of each."""

    def __init__(self, path: str, database: Database, tables: dict[str, dict[str, bool]]) -> None:
        self._path, self._database, self._tables = path, database, tables
        self._apps: dict[float, str] = {}
        self._devices: dict[float, str] = {}

    def read(self) -> Parsed:
        yield from self._origins("application_info_table", ("app_name", "package_name"), self._apps)
        yield from self._origins("device_info_table", ("manufacturer", "model"), self._devices)
        for name in self._tables:
            plain = name.lower()
            if plain in TABLES:
                yield from self._table(name, TABLES[plain])
            elif plain not in PARENTS and plain not in HOUSEKEEPING and not plain.startswith("sqlite_"):
                yield from self._counted(name, LEFT.get(plain, "unknown_type"))

    def _origins(self, name: str, columns: tuple[str, str], into: dict[float, str]) -> Parsed:
        """The names of apps, or makers and models, by their row."""
        if not {"row_id", *columns} <= set(self._tables.get(name, {})):
            return
        cells = ", ".join(f"substr(CAST({quoted(one)} AS TEXT), 1, 100)" for one in columns)
        try:
            for rows in self._database.batches(f"SELECT row_id, {cells} FROM {quoted(name)} LIMIT {_MOST_NAMES}"):  # noqa: S608 - our own names
                for row, first, second in rows:
                    if isinstance(row, int):
                        into[row] = (first or second or "") if "app_name" in columns else _model(first or "", second or "")
        except FAULTS:
            yield Tally(f"{self._path}:{name}", name, "refused", "cut_short")

    def _named(self, app: float, device: float) -> str:
        return " · ".join(one for one in (self._apps.get(app, "").strip(), self._devices.get(device, "").strip()) if one)

    def _counted(self, name: str, why: str) -> Parsed:
        """How many rows a table has that is not taken."""
        try:
            count = self._database.one(f"SELECT count(*) FROM {quoted(name)}")  # noqa: S608 - quoted
        except FAULTS:
            yield Tally(f"{self._path}:{name}", name, "refused", "document_unreadable")
            return
        if count:
            yield Tally(f"{self._path}:{name}", name, "not_followed", why, count)

    def _table(self, name: str, table: Table) -> Parsed:
        kind = name.lower().removesuffix("_table").removesuffix("_record")
        query, path = self._query(name, table), f"{self._path}:{name}"
        for rows in self._both_ways(query):
            if rows is None:
                yield Tally(path, kind, "refused", "cut_short")
            else:
                yield from Batch(np.array(rows, dtype=np.float64), table, path, kind, self._named).read()

    def _both_ways(self, query: str) -> Iterator[list[tuple] | None]:
        """All rows in their order; where the table is damaged None, and then from its end back to the damage."""
        up = Walk(self._database, query)
        yield from up.batches()
        if not up.whole:
            yield None
            yield from Walk(self._database, query, down_to=up.last).batches()

    def _query(self, name: str, table: Table) -> str:
        columns = self._tables[name]
        parent = next((one for one in self._tables if table.parent and one.lower() == table.parent), "")
        joined = bool(parent) and "parent_key" in columns and "row_id" in self._tables[parent]
        origin, of = ("p", self._tables[parent]) if joined else ("t", columns)
        cells = [
            _number("t", table.start, columns),
            _number("t", table.end or table.start, columns),
            _number(origin, table.offset, of),
            _number(origin, "app_info_id", of),
            _number(origin, "device_info_id", of),
            _number(origin, "recording_method", of),
            _code("t", table.turned[0], columns),
            *(self._cell(one, table, columns) for one in table.values),
        ]
        source = f"{quoted(name)} t"
        if joined:
            source += f" LEFT JOIN {self._once(parent)} p ON p.row_id = t.parent_key"
        return f"SELECT t.rowid, {', '.join(cells)} FROM {source}"  # noqa: S608 - quoted

    def _once(self, parent: str) -> str:
        """A parent table in which no key stands twice."""
        columns = self._tables[parent]
        if columns["row_id"]:
            return quoted(parent)
        others = ", ".join(f"min({quoted(one)}) {quoted(one)}" for one in columns if one != "row_id" and not one.startswith("uuid"))
        return f"(SELECT row_id{', ' + others if others else ''} FROM {quoted(parent)} GROUP BY row_id)"  # noqa: S608 - quoted

    def _cell(self, column: str, table: Table, columns: dict[str, bool]) -> str:
        if column == ONCE:
            return "0"
        if column == LASTED:
            return f"({_number('t', table.end, columns)}) - ({_number('t', table.start, columns)})"
        if column == TOLD:
            stages = next((one for one in self._tables if one.lower() == STAGES), "")
            if "parent_key" not in self._tables.get(stages, {}):
                return "0"
            return f"t.rowid IN (SELECT parent_key FROM {quoted(stages)} WHERE parent_key IS NOT NULL)"  # noqa: S608 - quoted
        if table.values[column].codes:
            return _code("t", column, columns)
        return _number("t", column, columns)


def _number(of: str, column: str, columns: dict[str, bool]) -> str:
    """SQL for a cell as a number: empty stays empty, anything else that is no number becomes an infinity."""
    if column not in columns:
        return "NULL"
    cell = f"{of}.{quoted(column)}"
    return f"CASE typeof({cell}) WHEN 'integer' THEN {cell} WHEN 'real' THEN {cell} WHEN 'null' THEN NULL ELSE 9e999 END"


def _code(of: str, column: str, columns: dict[str, bool]) -> str:
    """SQL for a code, which some tables keep as text."""
    return f"CAST({of}.{quoted(column)} AS INTEGER)" if column in columns else "NULL"


def _model(maker: str, model: str) -> str:
    return model if model.lower().startswith(maker.lower()) else f"{maker} {model}".strip()


FORMAT = Format("health_connect", recognises, read)
