"""A backup is the whole store in one file, opens with the same key alone, and comes back on either database."""

from __future__ import annotations

import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import BadInput, Conflict, StoreDamaged, StoreLocked
from core.settings import Settings
from core.store import SqlStore, open_store, restore
from core.store.engine import FILE_NAME
from tests.store.conftest import DATABASES
from tests.store.given import EVENT, bring, everything, head, incoming, later, profile, shown
from tests.store.test_at_rest import MARK, Canaries, fill

NewSettings = Callable[..., Settings]
BACKUP, RESTORE = replace(EVENT, action="backup"), replace(EVENT, action="restore")
SIGNED_IN = {"sessions", "tickets"}


def with_key_of(one: Settings, other: Settings) -> Settings:
    """Bring the key by hand, as the administrator must."""
    other.key_path.parent.mkdir(parents=True, mode=0o700)
    shutil.copy(one.key_path, other.key_path)
    return other


@pytest.fixture
def archive(store: SqlStore, tmp_path: Path) -> Path:
    fill(store, Canaries())
    store.backup(tmp_path / "backup.zip", BACKUP)
    return tmp_path / "backup.zip"


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_backed_up_comes_back_on_either_database(
    settings: Settings, store: SqlStore, archive: Path, new_settings: NewSettings, database: str
) -> None:
    before = everything(store)
    target = with_key_of(settings, new_settings(database))
    seen: list[tuple[int, int]] = []
    counts = restore(target, archive, RESTORE, lambda done, total: seen.append((done, total)))
    again = open_store(target)
    after = everything(again)
    for table, rows in before.items():
        if table not in {"audit_lines", "audit_head", *SIGNED_IN}:
            assert sorted(map(plain, after[table])) == sorted(map(plain, rows)), table
            assert counts[table] == len(rows)
    assert all(after[table] == [] for table in SIGNED_IN)
    assert len(after["audit_lines"]) == len(before["audit_lines"]) + 1
    assert again.verify()["ok"] == 1
    assert [line.event.action for line in again.audit_lines(EVENT, limit=2)] == ["restore", "backup"]
    assert seen[-1][0] == seen[-1][1] > 0
    person = again.people(None, EVENT)[0].person_id
    assert bring(again, person, [incoming("new")]).outcomes == ("stored",)
    again.close()


def plain(row: tuple) -> str:
    return repr([int(cell) if isinstance(cell, bool) else bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])


def test_the_file_says_nothing_and_holds_no_key(settings: Settings, archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        content = b"".join(opened.read(name) for name in opened.namelist())
        manifest = json.loads(opened.read("manifest.json"))
    key = settings.key_path.read_bytes().strip()
    assert MARK.encode() not in content
    assert key not in content
    assert "key is not in this file" in manifest["note"]
    assert archive.stat().st_mode & 0o077 == 0


def test_without_the_key_or_with_another_nothing_is_restored(archive: Path, new_settings: NewSettings) -> None:
    bare = new_settings("sqlite")
    with pytest.raises(StoreLocked, match="key_missing"):
        restore(bare, archive, RESTORE)
    other = new_settings("sqlite", key="ab" * 32)
    with pytest.raises(StoreLocked, match="backup_other_key"):
        restore(other, archive, RESTORE)
    for settings in (bare, other):
        assert not (settings.home / FILE_NAME).exists()


def test_a_store_is_never_overwritten(settings: Settings, store: SqlStore, archive: Path) -> None:
    before = everything(store)
    with pytest.raises(Conflict, match="store_not_empty"):
        restore(settings, archive, RESTORE)
    assert everything(store) == before


def test_a_file_is_never_overwritten(store: SqlStore, archive: Path) -> None:
    content = archive.read_bytes()
    with pytest.raises(Conflict, match="file_exists"):
        store.backup(archive, BACKUP)
    assert archive.read_bytes() == content


def changed(archive: Path, member: str, change: Callable[[bytes], bytes | None]) -> None:
    with zipfile.ZipFile(archive) as opened:
        content = {name: opened.read(name) for name in opened.namelist()}
    made = change(content.pop(member))
    with zipfile.ZipFile(archive, "w") as written:
        for name, data in {**content, **({member: made} if made is not None else {})}.items():
            written.writestr(name, data)


CHANGES: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
    "a byte": ("records/000000", lambda data: data[:50] + bytes([data[50] ^ 1]) + data[51:]),
    "a part left out": ("persons/000000", lambda _: None),
    "a table left out of the manifest": (
        "manifest.json",
        lambda data: json.dumps({**(m := json.loads(data)), "tables": m["tables"][1:]}).encode(),
    ),
    "another date": ("manifest.json", lambda data: data.replace(b"2026-03-01", b"2026-03-02")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_backup_is_refused_whole(settings: Settings, archive: Path, new_settings: NewSettings, change: str) -> None:
    changed(archive, *CHANGES[change])
    target = with_key_of(settings, new_settings("sqlite"))
    with pytest.raises(StoreDamaged, match="backup_changed"):
        restore(target, archive, RESTORE)
    assert not (target.home / FILE_NAME).exists()


@pytest.mark.needs_postgres
def test_a_changed_backup_leaves_an_empty_server_empty(
    settings: Settings, archive: Path, new_settings: NewSettings, tmp_path: Path
) -> None:
    whole = shutil.copy(archive, tmp_path / "whole.zip")
    changed(archive, *CHANGES["a byte"])
    target = with_key_of(settings, new_settings("postgresql"))
    with pytest.raises(StoreDamaged):
        restore(target, archive, RESTORE)
    assert restore(target, whole, RESTORE)["persons"] == 1


@pytest.mark.parametrize("content", [b"", b"not a zip", None])
def test_what_is_no_backup_is_refused(new_settings: NewSettings, tmp_path: Path, content: bytes | None) -> None:
    target = new_settings("sqlite", key="ab" * 32)
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match="backup_illegible"):
        restore(target, path, RESTORE)


def test_a_backup_that_breaks_off_leaves_no_file(store: SqlStore, archive: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.backup(tmp_path / "other.zip", BACKUP, stop)
    assert [path.name for path in tmp_path.iterdir() if "zip" in path.name] == ["backup.zip"]


def test_a_backup_is_one_moment_though_others_write(
    settings: Settings, store: SqlStore, new_settings: NewSettings, tmp_path: Path
) -> None:
    person = store.add_person(profile(), EVENT).person_id
    for number in range(3):
        bring(store, person, [incoming(str(number), float(number))], head(f"{number}.json"))
    writer = threading.Thread(target=lambda: bring(store, person, [incoming("late", 99.0)], head("late.json", at=later(9))))

    def write_meanwhile(done: int, total: int) -> None:
        if not writer.ident:
            writer.start()
            writer.join()

    store.backup(tmp_path / "backup.zip", BACKUP, write_meanwhile)
    target = with_key_of(settings, new_settings("sqlite"))
    restore(target, tmp_path / "backup.zip", RESTORE)
    again = open_store(target)
    assert again.verify()["ok"] == 1
    assert shown(again, person) == [0.0, 1.0, 2.0]
    assert shown(store, person) == [0.0, 1.0, 2.0, 99.0]
    again.close()
