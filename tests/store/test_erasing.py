"""A person is erased: nothing opens any more, nothing is left, and the audit trail says that it was done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain.people import Account, Panel, Preferences, Role
from core.errors import NotFound
from core.settings import Settings
from core.store import SqlStore
from core.store.engine import FILE_NAME
from core.store.tables import metadata
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


def test_the_sealed_bytes_themselves_are_gone_from_the_file(settings: Settings, store: SqlStore) -> None:
    """In SQLite's journal too: somebody who copies the folder later, and has the key, finds no cell and no wrapped key."""
    if settings.database_url.get_secret_value():
        pytest.skip("the files of a server are the server's")
    person = fill(store, Canaries())
    store.erase_person(person, ERASE)
    assert (settings.home / (FILE_NAME + "-wal")).stat().st_size == 0
    free = run(store, "PRAGMA freelist_count")[0][0]
    assert free >= 0
    for table in metadata.sorted_tables:
        if "person_id" in table.c and table.name != "audit_lines":
            assert run(store, f"SELECT count(*) FROM {table.name} WHERE person_id = :person", person=person) == [(0,)]
