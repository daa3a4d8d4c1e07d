"""What is connected, and what is left when a source goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from core.domain.records import Standing
from core.domain.samples import Columns, Samples
from core.errors import NotFound
from core.store import SqlStore
from tests.store.given import EVENT, HOSPITAL, bring, head, incoming, later, profile, retraction, run, shown

SERVER = head("Hospital", kind="server", address=HOSPITAL, patient_ref="Patient/1", token="t0ken", at=later(1))


@pytest.fixture
def person(store: SqlStore) -> str:
    return store.add_person(profile(), EVENT).person_id


def source_of(store: SqlStore, person: str, label: str) -> str:
    return next(source.source_id for source in store.sources(person, EVENT) if source.label == label)


def test_a_server_is_remembered_with_its_token(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1"), incoming("2", 3.0)], SERVER)
    (source,) = store.sources(person, EVENT)
    assert (source.kind, source.address, source.patient_ref, source.records, source.has_token) == (
        "server",
        HOSPITAL,
        "Patient/1",
        2,
        True,
    )
    assert store.source_token(person, source.source_id, EVENT) == "t0ken"


def test_where_a_pull_left_off_is_remembered_until_the_next(store: SqlStore, person: str) -> None:
    for since in ("2026-03-01T00:00:00Z", ""):
        with store.importing(SERVER, EVENT, person_id=person) as importing:
            importing.finish(finished_at=later(2), next_since=since)
    assert store.sources(person, EVENT)[0].next_since == "2026-03-01T00:00:00Z"


def test_removing_a_source_takes_what_only_it_brought(store: SqlStore, person: str) -> None:
    only_here = bring(store, person, [incoming("1", 1.0), incoming("2", 2.0)]).record_ids[0]
    bring(store, person, [incoming("2", 2.0), incoming("3", 3.0)], SERVER)
    gone = store.remove_source(person, source_of(store, person, "a.json"), EVENT)
    assert gone == 1
    assert shown(store, person) == [2.0, 3.0]
    assert [source.label for source in store.sources(person, EVENT)] == ["Hospital"]
    assert all([mark.label for mark in record.sources] == ["Hospital"] for record in store.records(person, EVENT))
    with pytest.raises(NotFound):
        store.original(person, only_here, EVENT)
    assert store.person(person, EVENT).record_counts == (("vitals", 2),)


def test_an_older_version_counts_again_when_the_newer_goes(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1", 1.0, version="1")])
    bring(store, person, [retraction("1", version="2")], SERVER)
    assert shown(store, person) == []
    store.remove_source(person, source_of(store, person, "Hospital"), EVENT)
    (record,) = store.records(person, EVENT, every_standing=True)
    assert (record.standing, record.item.values[0].number) == (Standing.CURRENT, 1.0)


def test_nothing_of_a_removed_source_is_left(store: SqlStore, person: str) -> None:
    bring(store, person, [replace(incoming(str(n)), fact=str(n)) for n in range(5)], SERVER)
    source_id = source_of(store, person, "Hospital")
    with store.importing_samples(SERVER, "d", EVENT, person_id=person) as bringing:
        bringing.append(person, Samples("hr", Columns.of(np.arange(3), np.arange(3.0))))
        bringing.finish(finished_at=later(1))
    with store.importing(SERVER, EVENT) as importing:
        importing.link(person, ["h|Patient/1"])
        importing.finish(finished_at=later(2))
    store.remove_source(person, source_id, EVENT)
    for table in ("records", "originals", "record_sources", "sources", "imports", "ledger_chunks", "series_chunks", "streams", "series_facts", "patient_refs"):
        assert run(store, f"SELECT count(*) FROM {table}") == [(0,)], table


def test_a_wrong_link_goes_with_its_source_and_the_older_holds_again(store: SqlStore, person: str) -> None:
    other = store.add_person(profile("Ben"), EVENT).person_id
    for number, who in enumerate((person, other)):
        with store.importing(head(f"{number}.json", at=later(number)), EVENT, person_id=who) as importing:
            importing.link(who, ["h|Patient/7"])
            importing.finish(finished_at=later(number))
    with store.importing(head(), EVENT) as importing:
        assert importing.match("h|Patient/7") == other
        importing.finish(finished_at=later(3))
    store.remove_source(other, source_of(store, other, "1.json"), EVENT)
    with store.importing(head(), EVENT) as importing:
        assert importing.match("h|Patient/7") == person
        importing.finish(finished_at=later(4))


def test_removing_is_seen_in_the_audit_trail_and_the_revision(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1")])
    revision = store.revision(person)
    source_id = source_of(store, person, "a.json")
    store.remove_source(person, source_id, replace(EVENT, action="remove_source", subject_id=person, what=source_id))
    assert store.revision(person) == revision + 1
    line = store.audit_of(person, EVENT)[0]
    assert (line.event.action, line.event.what) == ("remove_source", source_id)


def test_one_persons_source_is_nobody_elses(store: SqlStore, person: str) -> None:
    other = store.add_person(profile("Ben"), EVENT).person_id
    bring(store, person, [incoming("1")], SERVER)
    source_id = source_of(store, person, "Hospital")
    for call in (store.remove_source, store.source_token):
        with pytest.raises(NotFound):
            call(other, source_id, EVENT)
    assert shown(store, person) == [120.0]


def test_a_reading_is_of_one_moment(store: SqlStore, person: str) -> None:
    """While a source comes and goes, whoever reads finds all of it or nothing."""
    entries = [incoming(str(number), float(number)) for number in range(3)]
    found: list[tuple[int, int]] = []

    def come_and_go() -> None:
        for turn in range(1000):
            if turn >= 12 and len(found) > 12:  # on a machine with much to do, the reader is let come to its turn
                return
            bring(store, person, entries, head(f"{turn}.json"))
            store.remove_source(person, source_of(store, person, f"{turn}.json"), EVENT)

    with ThreadPoolExecutor(1) as writer:
        writing = writer.submit(come_and_go)
        while not writing.done():
            records = store.records(person, EVENT)
            found.append((len(records), sum(len(record.sources) for record in records)))
        writing.result()
    assert set(found) <= {(0, 0), (3, 3)}
    assert len(found) > 12
