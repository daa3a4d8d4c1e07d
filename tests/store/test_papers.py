"""Papers of the care team: all or none, one worker at a time, watched for changes, sealed, verified, gone with the person. Both databases, and the plain store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.domain.papers import LARGEST_PAPER, Paper, PaperKind
from core.errors import BadInput, Conflict, NotFound, StoreDamaged
from core.settings import load_settings
from core.store import SqlStore, open_store
from tests.care.memory_store import MemoryStore
from tests.store.conftest import DATABASES
from tests.store.given import EVENT, NOW, later, profile, run

LEASE = timedelta(minutes=2)
TASK, LETTER, DESK = PaperKind.TASK, PaperKind.LETTER, PaperKind.DESK


@pytest.fixture(params=["plain", *DATABASES])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The reference store, and the real one on each database."""
    if request.param == "plain":
        yield MemoryStore()
        return
    url = request.getfixturevalue("databases").new() if request.param == "postgresql" else ""
    made = open_store(load_settings(home=tmp_path / "home", database_url=url))
    yield made
    made.close()


@pytest.fixture
def person(kept: Any) -> str:
    return kept.add_person(profile(), EVENT).person_id


def paper(person: str, key: str, kind: PaperKind = TASK, **more: Any) -> Paper:
    return Paper(person, kind, key, more.pop("state", "open"), more.pop("at", NOW), more.pop("body", key.encode()), **more)


def test_papers_are_read_by_person_kind_state_and_parent(kept: Any, person: str) -> None:
    other = kept.add_person(profile("Ben"), EVENT).person_id
    kept.put_papers(
        person, [paper(person, "b", at=later(1)), paper(person, "a"), paper(person, "m", PaperKind.MESSAGE, parent="a")], EVENT
    )
    kept.put_papers(other, [paper(other, "a", state="done")], EVENT)
    both = (person, other)
    assert [(one.person_id, one.key) for one in kept.papers(both, EVENT, kinds=(TASK,))] == [
        *sorted([(person, "a"), (other, "a")]),
        (person, "b"),
    ]
    assert [one.key for one in kept.papers((person,), EVENT, kinds=(TASK, PaperKind.MESSAGE), parent="a")] == ["m"]
    assert [one.person_id for one in kept.papers(both, EVENT, kinds=(TASK,), states=("done",))] == [other]
    assert kept.paper(person, TASK, "a", EVENT).body == b"a"
    assert kept.paper(person, LETTER, "a", EVENT) is None
    assert kept.paper(other, TASK, "b", EVENT) is None


def test_all_are_written_or_none_and_an_older_edition_replaces_nothing(kept: Any, person: str) -> None:
    first, _ = kept.put_papers(person, [paper(person, "a"), paper(person, "b")], EVENT)
    kept.put_papers(person, [replace(first, body=b"newer")], EVENT)
    revision = kept.revision(person)
    with pytest.raises(Conflict, match="paper_changed"):
        kept.put_papers(person, [paper(person, "c"), replace(first, body=b"lost")], EVENT)
    with pytest.raises(Conflict, match="paper_changed"):
        kept.put_papers(person, [paper(person, "b", body=b"a second one")], EVENT)
    assert [(one.key, one.body) for one in kept.papers((person,), EVENT, kinds=(TASK,))] == [("a", b"newer"), ("b", b"b")]
    assert kept.revision(person) == revision
    kept.put_papers(person, [], EVENT, once=[paper(person, "b", body=b"ignored"), paper(person, "d")])
    assert [(one.key, one.body) for one in kept.papers((person,), EVENT, kinds=(TASK,))] == [
        ("a", b"newer"),
        ("b", b"b"),
        ("d", b"d"),
    ]


def test_what_is_too_large_or_nobodys_is_refused(kept: Any, person: str) -> None:
    with pytest.raises(BadInput):
        kept.put_papers(person, [paper(person, "a", body=bytes(LARGEST_PAPER + 1))], EVENT)
    with pytest.raises(NotFound):
        kept.put_papers("nobody", [paper("nobody", "a")], EVENT)


def test_of_two_workers_one_gets_each_paper_and_one_that_died_is_taken_over_from(kept: Any, person: str) -> None:
    kept.put_papers(person, [paper(person, str(n), LETTER, next_at=later(n)) for n in range(3)], EVENT)
    first = kept.claim_papers(LETTER, "w1", later(1), LEASE, 10)
    assert [one.key for one in first] == ["0", "1"]
    assert kept.claim_papers(LETTER, "w2", later(1), LEASE, 10) == ()
    taken = kept.claim_papers(LETTER, "w2", later(4), LEASE, 10)
    assert [one.key for one in taken] == ["0", "1", "2"]
    assert not kept.settle_papers("w1", replace(first[0], state="sent", next_at=None), later(4))
    assert kept.settle_papers("w2", replace(taken[0], state="sending"), later(4), keep_lease=True)
    assert kept.settle_papers("w2", replace(taken[0], state="sent", next_at=None), later(4), more=[paper(person, "task")])
    assert not kept.settle_papers("w2", replace(taken[0], state="again"), later(4))
    assert [(one.key, one.state) for one in kept.papers((person,), EVENT, kinds=(LETTER, TASK), states=("sent", "open"))] == [
        ("0", "sent"), ("1", "open"), ("2", "open"), ("task", "open"),
    ]  # fmt: skip


def test_who_writes_a_paper_takes_it_from_the_worker_that_had_it(kept: Any, person: str) -> None:
    kept.put_papers(person, [paper(person, "a", LETTER, next_at=NOW)], EVENT)
    (held,) = kept.claim_papers(LETTER, "w1", NOW, LEASE, 10)
    kept.put_papers(person, [replace(kept.paper(person, LETTER, "a", EVENT), body=b"taken", next_at=None)], EVENT)
    assert not kept.settle_papers("w1", replace(held, body=b"lost"), NOW)
    assert kept.paper(person, LETTER, "a", EVENT).body == b"taken"


def test_a_watched_person_is_looked_at_once_for_each_change_and_when_time_comes(kept: Any, person: str) -> None:
    (desk,) = kept.claim_watched(DESK, "w1", NOW, LEASE, 10)
    assert (desk.key, desk.state, desk.body, desk.revision) == ("desk", "new", b"", kept.revision(person))
    assert kept.settle_papers("w1", replace(desk, state="quiet", body=b"1", next_at=later(60)), NOW)
    assert kept.claim_watched(DESK, "w1", later(5), LEASE, 10) == ()
    kept.put_in_drawer(person, "x", b"changed", EVENT)
    (again,) = kept.claim_watched(DESK, "w1", later(5), LEASE, 10)
    assert again.body == b"1"
    kept.put_in_drawer(person, "x", b"changed while it was judged", EVENT)
    assert kept.settle_papers("w1", replace(again, body=b"2", next_at=later(60)), later(5))
    (missed,) = kept.claim_watched(DESK, "w1", later(9), LEASE, 10)
    assert kept.settle_papers("w1", replace(missed, next_at=later(60)), later(9))
    assert kept.claim_watched(DESK, "w1", later(59), LEASE, 10) == ()
    assert [one.body for one in kept.claim_watched(DESK, "w1", later(60), LEASE, 10)] == [b"2"]


def test_everybody_is_watched_in_turns(kept: Any) -> None:
    everybody = {kept.add_person(profile(str(n)), EVENT).person_id for n in range(5)}
    seen: set[str] = set()
    for _ in range(3):
        for one in kept.claim_watched(DESK, "w1", NOW, LEASE, 2):
            seen.add(one.person_id)
            kept.settle_papers("w1", replace(one, next_at=None), NOW)
    assert seen == everybody


def test_a_document_of_the_house_is_changed_by_one_at_a_time(kept: Any) -> None:
    assert kept.house_document("on_call") == b""
    kept.put_house_document("on_call", b"1", EVENT, was=b"")
    with pytest.raises(Conflict, match="document_changed"):
        kept.put_house_document("on_call", b"2", EVENT, was=b"")
    kept.put_house_document("on_call", b"2", EVENT, was=b"1")
    kept.put_house_document("other", b"3", EVENT)
    assert (kept.house_document("on_call"), kept.house_document("other")) == (b"2", b"3")


def test_papers_are_sealed_verified_and_erased(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    store.put_papers(person, [paper(person, "CANARY", body=b"CANARY", parent="CANARY")], EVENT)
    store.put_house_document("on_call", b"CANARY", EVENT)
    for table in ("papers", "house_documents"):
        cells = [cell for row in run(store, f"SELECT * FROM {table}") for cell in row]
        assert all(b"CANARY" not in bytes(cell) for cell in cells if isinstance(cell, bytes | memoryview))
    found = store.verify()
    assert (found["ok"], found["papers"], found["house_documents"]) == (1, 1, 1)
    run(store, "UPDATE papers SET kind = 'letter'")
    with pytest.raises(StoreDamaged):
        store.papers((person,), EVENT, kinds=(LETTER,))
    run(store, "UPDATE house_documents SET name = 'other'")
    with pytest.raises(StoreDamaged):
        store.house_document("other")
    assert store.verify()["damaged"] == 2
    store.erase_person(person, EVENT)
    assert run(store, "SELECT count(*) FROM papers") == [(0,)]
