"""This is the place where a backup becomes a store again, in an empty place alone, whichever database it came from."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, Engine, column, insert, table

from core.domain.audit import AuditEvent
from core.errors import BadInput, Conflict
from core.ports import Progress
from core.store import chain
from core.store.archive import Manifest, read_manifest, read_rows
from core.store.engine import clear_pages
from core.store.keys import Keyring
from core.store.opening import StoreSettings, connect, database_file, key_place, make_home, store_exists
from core.store.schema import one_at_a_time, upgrade

_ROWS_AT_ONCE = 500


def restore(settings: StoreSettings, archive: Path, event: AuditEvent, progress: Progress | None = None) -> Mapping[str, int]:
    """Fill an empty data folder or database from a backup; the number of rows by table.

    The key must already be in its place: it is not in the backup. Raises StoreLocked without it or with another,
    Conflict where there is a store already, BadInput or StoreDamaged where the file is none or was changed.
    """
    place = key_place(settings)
    master = place.read()
    if master is None:
        raise place.missing()
    keys = Keyring.derive(master)
    if store_exists(settings):
        raise Conflict("store_not_empty", place=str(settings.home))
    try:
        opened = zipfile.ZipFile(archive)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput("backup_illegible", place=str(archive), need="a backup made by `healthboard backup`") from error
    with opened:
        manifest = read_manifest(opened, keys, place)
        make_home(settings.home)
        unfinished = database_file(settings).with_suffix(".restoring")
        _remove(unfinished)
        engine = connect(settings, keys, unfinished)
        try:
            _fill(engine, keys, (opened, manifest), event, progress)
        finally:
            engine.dispose()
        if unfinished.exists():
            unfinished.rename(database_file(settings))
    return {dump.name: dump.rows for dump in manifest.tables}


def _fill(
    engine: Engine, keys: Keyring, source: tuple[zipfile.ZipFile, Manifest], event: AuditEvent, progress: Progress | None
) -> None:
    opened, manifest = source
    with engine.begin() as connection:
        one_at_a_time(connection)
        upgrade(connection, manifest.revision)
        _insert(connection, keys, opened, manifest, progress)
        upgrade(connection)
        chain.append(connection, keys, event)
    clear_pages(engine, ())  # all of it is in the one file that will be renamed


def _insert(connection: Connection, keys: Keyring, opened: zipfile.ZipFile, manifest: Manifest, progress: Progress | None) -> None:
    total, done = sum(dump.rows for dump in manifest.tables), 0
    for dump, rows in read_rows(opened, keys, manifest):
        into = table(dump.name, *(column(name) for name in dump.columns))
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[start : start + _ROWS_AT_ONCE]
            connection.execute(insert(into), [dict(zip(dump.columns, row, strict=True)) for row in part])
        done += len(rows)
        if progress:
            progress(done, total)


def _remove(unfinished: Path) -> None:
    """What an earlier attempt left."""
    for end in ("", "-wal", "-shm"):
        unfinished.with_name(unfinished.name + end).unlink(missing_ok=True)
