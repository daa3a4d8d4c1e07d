"""The audit trail: nothing is read or written without a line, and no line can be changed, lost or moved unseen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.domain.people import Account, Role
from core.errors import NotFound
from core.store import SqlStore
from tests.store.given import EVENT, bring, head, incoming, later, profile, run

Tampering = Callable[[SqlStore], object]


@pytest.fixture
def trail(store: SqlStore) -> SqlStore:
    """A store with ten lines, the fifth about two people at once."""
    people = [store.add_person(profile(name), EVENT).person_id for name in ("Ada", "Ben")]
    for number in range(2):
        store.append_audit(replace(EVENT, what=f"before{number}"))
    store.people(people, replace(EVENT, action="list_people"))
    for number in range(5):
        store.append_audit(replace(EVENT, what=f"after{number}", subject_id=people[0]))
    assert store.verify_audit().lines == 10
    return store


def test_a_trail_left_alone_verifies(trail: SqlStore) -> None:
    seen: list[tuple[int, int]] = []
    check = trail.verify_audit(lambda done, total: seen.append((done, total)))
    assert (check.lines, check.broken_at, seen[-1]) == (10, 0, (10, 10))


TAMPERINGS: dict[str, tuple[Tampering, int]] = {
    "a line edited": (lambda s: run(s, "UPDATE audit_lines SET actor_id = 'somebody' WHERE number = 4"), 4),
    "a time moved": (lambda s: run(s, "UPDATE audit_lines SET at = at + 1 WHERE number = 7"), 7),
    "a line deleted": (lambda s: run(s, "DELETE FROM audit_lines WHERE number = 6"), 6),
    "the first line deleted": (lambda s: run(s, "DELETE FROM audit_lines WHERE number = 1"), 1),
    "the last lines cut off": (lambda s: run(s, "DELETE FROM audit_lines WHERE number > 8"), 9),
    "all lines cut off": (lambda s: run(s, "DELETE FROM audit_lines"), 1),
    "the end cut off and the head set back": (lambda s: _set_back(s), 8),
    "the head removed": (lambda s: run(s, "DELETE FROM audit_head"), 1),
    "a person taken out of a list": (lambda s: run(s, "DELETE FROM audit_subjects WHERE number = 5"), 5),
    "a person put into a line": (lambda s: run(s, "INSERT INTO audit_subjects VALUES ('somebody', 7)"), 7),
    "a name put past the end": (lambda s: run(s, "INSERT INTO audit_subjects VALUES ('somebody', 70)"), 11),
    "a line put at the end": (
        lambda s: run(s, "INSERT INTO audit_lines SELECT 11, at, actor_id, role, action, subject_id, purpose, what, session, digest FROM audit_lines WHERE number = 10"),
        11,
    ),
}  # fmt: skip


def _set_back(store: SqlStore) -> None:
    run(store, "DELETE FROM audit_lines WHERE number > 8")
    run(store, "UPDATE audit_head SET number = 8, digest = (SELECT digest FROM audit_lines WHERE number = 8)")


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_at_its_line(trail: SqlStore, tampering: str) -> None:
    tamper, line = TAMPERINGS[tampering]
    tamper(trail)
    check = trail.verify_audit()
    assert (check.broken_at, bool(check.why)) == (line, True)


def test_two_lines_that_change_places_are_found(trail: SqlStore) -> None:
    for one, other in ((4, 100), (7, 4), (100, 7)):
        run(trail, "UPDATE audit_lines SET number = :other WHERE number = :one", one=one, other=other)
    assert trail.verify_audit().broken_at == 4


def test_the_people_in_a_list_find_the_line(trail: SqlStore) -> None:
    people = {person.profile.name: person.person_id for person in trail.people(None, EVENT)}
    for person_id in people.values():
        assert "list_people" in [line.event.action for line in trail.audit_of(person_id, EVENT)]
    assert "after0" not in [line.event.what for line in trail.audit_of(people["Ben"], EVENT)]


def test_a_session_is_recognised_but_cannot_be_taken_over(store: SqlStore) -> None:
    for _ in range(2):
        store.append_audit(replace(EVENT, session_id="secret-session"))
    store.append_audit(replace(EVENT, session_id="another"))
    marks = [line.event.session_id for line in store.audit_lines(EVENT)]
    assert marks[1] == marks[2] != marks[0]
    assert "secret-session" not in marks


def test_every_call_about_a_person_leaves_its_line(store: SqlStore) -> None:
    person = store.add_person(profile(), replace(EVENT, action="add_person")).person_id
    ended = bring(store, person, [incoming("1")])
    source_id = store.sources(person, EVENT)[0].source_id
    calls: dict[str, Callable[[], object]] = {
        "person": lambda: store.person(person, event("person")),
        "people": lambda: store.people([person], replace(event("people"), subject_id="")),
        "records": lambda: store.records(person, event("records")),
        "original": lambda: store.original(person, ended.record_ids[0], event("original")),
        "originals": lambda: store.originals(person, event("originals")),
        "sources": lambda: store.sources(person, event("sources")),
        "token": lambda: store.source_token(person, source_id, event("token")),
        "ledgers": lambda: store.ledgers(person, event("ledgers")),
        "lines": lambda: store.ledger_lines(person, ended.ledger.import_id, event("lines")),
        "strands": lambda: store.strands(person, ["hr"], later(0), later(1), event("strands")),
        "bins": lambda: store.bins(person, ["hr"], later(0), later(1), event("bins")),
        "streams": lambda: store.streams(person, event("streams")),
        "notes": lambda: store.notes(person, event("notes")),
        "happened": lambda: store.sync_events(person, event("happened")),
        "tokens": lambda: store.tokens(person, event("tokens")),
        "put": lambda: store.put_in_drawer(person, "risk", b"x", event("put")),
        "drawer": lambda: store.drawer(person, "risk", event("drawer")),
        "import": lambda: bring(store, person, [incoming("2")]),
        "remove": lambda: store.remove_source(person, source_id, event("remove")),
        "audit": lambda: store.audit_of(person, event("audit")),
        "erase": lambda: store.erase_person(person, event("erase")),
    }

    def event(action: str) -> object:
        return replace(EVENT, action=action, subject_id=person)

    for name, call in calls.items():
        before = store.verify_audit().lines
        call()
        after = store.verify_audit()
        assert (after.lines, after.broken_at) == (before + 1, 0), name
        newest = store.audit_of(person, EVENT)[0]
        assert newest.event.action == {"import": "import_records"}.get(name, name)


def test_what_is_refused_is_not_read(store: SqlStore) -> None:
    lines = store.verify_audit().lines
    with pytest.raises(NotFound):
        store.person("nobody", EVENT)
    assert store.verify_audit().lines == lines


def test_an_import_of_many_leaves_a_line_for_each(store: SqlStore) -> None:
    with store.importing(head(), replace(EVENT, action="import_records")) as importing:
        people = [importing.add_person(profile(str(number))) for number in range(3)]
        ledger = importing.finish(finished_at=later(1))
    for person_id in people:
        assert [(line.event.action, line.event.what) for line in store.audit_of(person_id, EVENT)] == [
            ("import_records", ledger.import_id)
        ]


def test_many_at_once_lose_no_line(store: SqlStore) -> None:
    """Eight threads, each with 25 reads and writes of every sort."""
    people = [store.add_person(profile(str(number)), EVENT).person_id for number in range(8)]
    before = store.verify_audit().lines

    def work(thread: int) -> int:
        done = 0
        for turn in range(25):
            event = replace(EVENT, actor_id=f"actor{thread}", what=f"turn{turn}")
            match turn % 5:
                case 0:
                    bring(store, people[thread], [incoming(str(turn), float(turn))], head(f"{turn}.json"))
                case 1:
                    store.records(people[(thread + turn) % 8], event)
                case 2:
                    store.add_account(Account("", Role.PATIENT, f"user{thread}.{turn}", "U"), "hash", event)
                case 3:
                    store.append_audit(event)
                case 4:
                    store.people(people, event)
            done += 1
        return done

    with ThreadPoolExecutor(8) as threads:
        done = sum(threads.map(work, range(8)))
    check = store.verify_audit()
    assert (check.lines, check.broken_at) == (before + done, 0)
    assert done == 200
    assert len(store.accounts(EVENT)) == 40
    assert sum(len(store.records(person_id, EVENT)) for person_id in people) == 40
