"""Drawers: small things of a person under a name, sealed, in the audit trail, gone with the person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import BadInput, Conflict, NotFound
from core.settings import Settings
from core.store import SqlStore, open_store, restore
from tests.store.given import EVENT, profile, run
from tests.store.test_archive import NewSettings, with_key_of


@pytest.fixture
def person(store: SqlStore) -> str:
    return store.add_person(profile(), EVENT).person_id


def test_what_is_put_in_a_drawer_is_found_there_by_its_person_and_name_alone(store: SqlStore, person: str) -> None:
    other = store.add_person(profile("Ben"), EVENT).person_id
    assert store.drawer(person, "risk", EVENT) == b""
    store.put_in_drawer(person, "risk", b"\x00first", EVENT)
    store.put_in_drawer(person, "risk", b"second", EVENT)
    assert store.drawer(person, "risk", EVENT) == b"second"
    assert store.drawer(person, "questionnaire.phq9", EVENT) == store.drawer(other, "risk", EVENT) == b""
    store.put_in_drawer(person, "risk", b"", EVENT)
    assert store.drawer(person, "risk", EVENT) == b""
    assert run(store, "SELECT count(*) FROM series_facts") == [(0,)]


def test_neither_the_name_nor_what_lies_in_it_can_be_read_in_the_database(store: SqlStore, person: str) -> None:
    store.put_in_drawer(person, "questionnaire.CANARY", b"answers CANARY", EVENT)
    assert "CANARY" not in repr([tuple(row) for row in run(store, "SELECT * FROM series_facts")])
    assert store.verify()["ok"] == 1


def test_views_are_told_when_something_changed_and_only_then(store: SqlStore, person: str) -> None:
    before = store.revision(person)
    store.put_in_drawer(person, "risk", b"x", EVENT)
    changed = store.revision(person)
    store.put_in_drawer(person, "risk", b"x", EVENT)
    assert before < changed == store.revision(person)


def test_nobody_writes_over_what_they_have_not_seen(store: SqlStore, person: str) -> None:
    store.put_in_drawer(person, "risk", b"mine", EVENT, was=b"")
    with pytest.raises(Conflict):
        store.put_in_drawer(person, "risk", b"theirs", EVENT, was=b"")
    assert store.drawer(person, "risk", EVENT) == b"mine"


def test_opening_and_filling_leave_a_line_in_the_audit_trail(store: SqlStore, person: str) -> None:
    store.put_in_drawer(person, "risk", b"x", replace(EVENT, action="edit_risk_inputs", subject_id=person))
    store.drawer(person, "risk", replace(EVENT, action="view_record", subject_id=person))
    lines = [line.event.action for line in store.audit_of(person, EVENT)]
    assert lines[:2] == ["view_record", "edit_risk_inputs"]


def test_drawers_go_with_their_person(store: SqlStore, person: str) -> None:
    store.put_in_drawer(person, "risk", b"x", EVENT)
    store.erase_person(person, EVENT)
    assert run(store, "SELECT count(*) FROM series_facts") == [(0,)]
    with pytest.raises(NotFound):
        store.drawer(person, "risk", EVENT)


def test_a_drawer_holds_a_page_not_a_file(store: SqlStore, person: str) -> None:
    for key, body in (("", b"x"), ("k" * 101, b"x"), ("risk", bytes(1_000_001))):
        with pytest.raises(BadInput):
            store.put_in_drawer(person, key, body, EVENT)


def test_a_backup_has_the_drawers(
    store: SqlStore, settings: Settings, new_settings: NewSettings, person: str, tmp_path: Path
) -> None:
    store.put_in_drawer(person, "risk", b"typed", EVENT)
    store.backup(tmp_path / "backup.zip", EVENT)
    target = with_key_of(settings, new_settings("sqlite"))
    restore(target, tmp_path / "backup.zip", EVENT)
    assert open_store(target).drawer(person, "risk", EVENT) == b"typed"


def test_many_drawers_are_read_at_once_and_what_was_worked_out_is_put_in_quietly(store: SqlStore) -> None:
    one, two, three = (store.add_person(profile(name), EVENT).person_id for name in ("A", "B", "C"))
    before = store.revision(one)
    store.put_in_drawer(one, "worked_out", b"1", EVENT, quiet=True)
    store.put_in_drawer(two, "worked_out", b"2", EVENT, quiet=True)
    store.put_in_drawer(two, "other", b"3", EVENT)
    assert store.revision(one) == before
    assert store.drawers((one, two, three, "nobody"), "worked_out", EVENT) == {one: b"1", two: b"2"}
    assert store.drawer(one, "worked_out", EVENT) == b"1"
    run(store, "UPDATE series_facts SET sealed_fact = :bad WHERE person_id = :p", bad=b"\x00", p=one)
    assert store.drawers((one, two), "worked_out", EVENT) == {two: b"2"}
