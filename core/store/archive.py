"""This is the place where the store is written into one file: every row, sealed again, with a manifest that vouches for it.

The file is a zip of `manifest.json` and parts of rows, and is the same whichever database it came from. The key is not in it:
without the key the store was made with, nobody can use it.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, select

from core.domain.audit import AuditEvent
from core.errors import BadInput, Conflict, StoreDamaged, StoreLocked
from core.ports import Progress
from core.store.keys import KeyPlace, Keyring
from core.store.migrations import HEAD
from core.store.sealing import new_id
from core.store.tables import metadata, sessions, tickets
from core.store.vault import Vault

FORMAT = "healthboard-backup-1"
_LEFT_OUT = (sessions, tickets)  # a restored store begins with everybody signed out
_PART_BYTES = 4_000_000
_STREAM = {"yield_per": 100}


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one table: the member's name in the zip, its SHA-256 and the number of rows."""

    member: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableDump:
    name: str
    columns: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds. `key_mark` tells whether a key is its own; `vouched` is a keyed digest of all the rest."""

    format: str
    archive_id: str
    revision: str
    created_at: str
    tables: tuple[TableDump, ...]
    key_mark: str
    note: str = "The key is not in this file. Without it nothing here can be opened."
    vouched: str = field(default="")


class BackupStore:
    """The store's method that makes a backup."""

    _vault: Vault

    def backup(self, target: Path, event: AuditEvent, progress: Progress | None = None) -> None:
        """One consistent state of the store as a file (0600), whole or not at all. Raises Conflict where the file exists."""
        if target.exists():
            raise Conflict("file_exists", place=str(target))
        with self._vault.writing(event):
            pass
        made = target.with_name(f".{target.name}.{new_id()}")
        try:
            with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive, self._vault.looking() as connection:
                    _write(archive, connection, self._vault.keys, event.at.isoformat(), progress)
                file.flush()
                os.fsync(file.fileno())
            made.rename(target)
        finally:
            made.unlink(missing_ok=True)


def read_manifest(archive: zipfile.ZipFile, keys: Keyring, place: KeyPlace) -> Manifest:
    """What the archive says it holds, checked against the key. Raises BadInput, StoreLocked or StoreDamaged."""
    try:
        manifest = msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
    except (KeyError, msgspec.DecodeError) as error:
        raise BadInput("backup_illegible", place=str(archive.filename), need="a backup made by `healthboard backup`") from error
    if manifest.format != FORMAT:
        raise BadInput("backup_illegible", place=str(archive.filename), need=FORMAT)
    if manifest.key_mark != keys.mark("archive key", manifest.archive_id).hex():
        raise StoreLocked("backup_other_key", place=place.name, need="the key of the store this backup was made of")
    if manifest.vouched != _vouch(keys, manifest):
        raise StoreDamaged("backup_changed", place="manifest.json")
    return manifest


def read_rows(archive: zipfile.ZipFile, keys: Keyring, manifest: Manifest) -> Iterator[tuple[TableDump, list[list[Any]]]]:
    """The rows of every table, part by part, in an order in which they can be added."""
    for table in manifest.tables:
        for part in table.parts:
            try:
                sealed = archive.read(part.member)
            except (KeyError, zipfile.BadZipFile) as error:
                raise StoreDamaged("backup_changed", place=part.member) from error
            if hashlib.sha256(sealed).hexdigest() != part.sha256:
                raise StoreDamaged("backup_changed", place=part.member)
            rows = msgspec.msgpack.decode(keys.archive.open(sealed, "archive", manifest.archive_id, part.member, "rows"))
            yield table, rows


def _write(archive: zipfile.ZipFile, connection: Connection, keys: Keyring, created_at: str, progress: Progress | None) -> None:
    tables = [table for table in metadata.sorted_tables if table not in _LEFT_OUT]
    total = sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    archive_id, done, dumps = new_id(), 0, []
    for table in tables:
        parts = []
        for number, rows in enumerate(_parts(connection, table)):
            member = f"{table.name}/{number:06d}"
            sealed = keys.archive.seal(msgspec.msgpack.encode(rows), "archive", archive_id, member, "rows")
            archive.writestr(member, sealed)
            parts.append(Part(member, hashlib.sha256(sealed).hexdigest(), len(rows)))
            done += len(rows)
            if progress:
                progress(done, total)
        dumps.append(TableDump(str(table.name), tuple(map(str, table.columns.keys())), tuple(parts)))
    key_mark = keys.mark("archive key", archive_id).hex()
    manifest = Manifest(FORMAT, archive_id, HEAD, created_at, tuple(dumps), key_mark)
    written = msgspec.json.encode(replace(manifest, vouched=_vouch(keys, manifest)))
    archive.writestr("manifest.json", msgspec.json.format(written, indent=1))


def _parts(connection: Connection, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    rows: list[tuple[Any, ...]] = []
    size = 0
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options=_STREAM):
        rows.append(tuple(row))
        size += sum(len(cell) if isinstance(cell, bytes | str) else 8 for cell in row)
        if size >= _PART_BYTES:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def _vouch(keys: Keyring, manifest: Manifest) -> str:
    said = msgspec.to_builtins(manifest)
    said.pop("vouched")
    return keys.mark("archive manifest", msgspec.json.encode(said)).hex()
