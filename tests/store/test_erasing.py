"""A person is erased: nothing opens any more, nothing is left, and the audit trail says that it was done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.domain.people import Account, Panel, Preferences, Role
from core.errors import NotFound
from core.settings import load_settings
from core.store import SqlStore, open_store
from core.store.engine import FILE_NAME, clear_pages
from core.store.tables import PERSONAL
from tests.store.given import EVENT, bring, everything, incoming, profile, run, shown
from tests.store.test_at_rest import Canaries, fill

ERASE = replace(EVENT, action="erase_person")


def test_nothing_of_an_erased_person_is_left_but_lines_in_the_audit(store: SqlStore) -> None:
    person = fill(store, Canaries())
    store.erase_person(person, replace(ERASE, subject_id=person))
    holding = [table for table, rows in everything(store).items() if person in repr(rows)]
    assert set(holding) <= {"audit_lines", "audit_subjects"}
    tombstone = store.audit_of(person, EVENT)[0].event
    assert (tombstone.action, tombstone.what) == ("erase_person", "erased")
    assert store.verify()["ok"] == 1


def test_an_erased_person_is_nobody(store: SqlStore) -> None:
    person = fill(store, Canaries())
    store.erase_person(person, ERASE)
    assert not store.person_exists(person)
    assert store.revision(person) == 0
    assert store.people(None, EVENT) == ()
    for call in (store.person, store.records, store.sources, store.ledgers, store.originals, store.erase_person):
        with pytest.raises(NotFound):
            call(person, EVENT)


def test_others_keep_everything(store: SqlStore) -> None:
    person, other = fill(store, Canaries()), store.add_person(profile("Ben"), EVENT).person_id
    bring(store, other, [incoming("1")])
    store.erase_person(person, ERASE)
    assert shown(store, other) == [120.0]
    assert [left.profile.name for left in store.people(None, EVENT)] == ["Ben"]


def test_accounts_and_panels_forget_the_person(store: SqlStore) -> None:
    ada, ben = (store.add_person(profile(name), EVENT).person_id for name in ("Ada", "Ben"))
    own = store.add_account(Account("", Role.PATIENT, "ada", "Ada Example", (ada,)), "x", EVENT)
    carer = store.add_account(Account("", Role.CAREGIVER, "carol", "Carol", (ada, ben)), "x", EVENT)
    panel = store.save_panel(Panel("", "Heart", (ada, ben)), EVENT)
    store.save_preferences(own.account_id, Preferences(language="en"))
    store.note_failure("ada", EVENT.at, EVENT)
    store.erase_person(ada, ERASE)
    assert store.accounts(EVENT) == (replace(carer, persons=(ben,)),)
    assert store.panels() == (replace(panel, persons=(ben,)),)
    assert store.account_by_username("ada") is None
    assert store.failures("ada") == (0, None)
    assert store.preferences(own.account_id) == Preferences()


def test_progress_is_told_to_the_end(store: SqlStore) -> None:
    person = fill(store, Canaries())
    seen: list[tuple[int, int]] = []
    store.erase_person(person, ERASE, lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_the_sealed_bytes_themselves_are_gone_from_the_file(tmp_path: Path) -> None:
    """In SQLite's journal too: somebody who copies the folder later, and has every key, finds no cell of the person."""
    store = open_store(load_settings(home=tmp_path))
    person = fill(store, Canaries())
    clear_pages(store._vault.engine, ())
    rows = [row for table in PERSONAL for row in run(store, f"SELECT * FROM {table.name}")]
    cells = [bytes(cell) for row in rows for cell in row if isinstance(cell, bytes)]
    assert [cell for cell in cells if cell not in pages_of(store, tmp_path)] == [], "they can be found while they are there"
    store.erase_person(person, ERASE)
    assert (tmp_path / (FILE_NAME + "-wal")).stat().st_size == 0
    assert [cell for cell in cells if cell in pages_of(store, tmp_path)] == []
    store.close()


def pages_of(store: SqlStore, home: Path) -> bytes:
    """Every page of the file as it lies there, the free ones too, opened with the database's key (SQLCipher 4: AES-256-CBC,
    at the end of each page 16 bytes of initialisation vector and 64 of HMAC; 16 bytes of salt begin the file)."""
    content, size, reserved = (home / FILE_NAME).read_bytes(), 4096, 80
    opened = []
    for start in range(0, len(content), size):
        page = content[start : start + size]
        vector = page[size - reserved : size - reserved + 16]
        decryptor = Cipher(algorithms.AES(store._vault.keys.database), modes.CBC(vector)).decryptor()
        opened.append(decryptor.update(page[16 if start == 0 else 0 : size - reserved]))
    return b"".join(opened)
