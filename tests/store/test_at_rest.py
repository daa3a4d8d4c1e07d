"""What somebody finds who has the files or the database, but not the keys; and who moves sealed cells about."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from core.domain.checks import (
    Area,
    CheckKind,
    CheckResult,
    CheckState,
    Finding,
    KeptCheck,
    ModelRef,
    Quality,
    SkinFacts,
    Spot,
    Step,
)
from core.domain.doses import Delivery, DoseAnswer, DoseState, Feed, Plan, PlannedDose, PlannedReminder, Request
from core.domain.ledger import LedgerLine, Outcome
from core.domain.papers import Paper, PaperKind
from core.domain.people import Account, Panel, Preferences, Role, Session
from core.domain.records import Contact, PersonName, PersonProfile, Version
from core.domain.samples import Columns, Note, Samples, SeriesChoices, SyncEvent
from core.errors import StoreDamaged
from core.ports import DeviceToken
from core.settings import Settings
from core.store import SqlStore, open_store
from core.store.engine import FILE_NAME
from core.store.staging import FOLDER
from tests.store import postgres
from tests.store.given import EVENT, NOW, everything, head, incoming, later, profile, run

MARK = "CANARY"


class Canaries:
    """Makes texts that must not be found again, each once."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, what: str) -> str:
        self.made.append(f"{MARK}{len(self.made):02d}{what}")
        return self.made[-1]


def fill(store: SqlStore, canary: Canaries) -> str:
    """A person of whom everything that can be said is said, by somebody of whom everything is said too."""
    who = PersonProfile(
        (PersonName(canary("name"), canary("family"), (canary("given"),)),), canary("born"), canary("gender"), canary("died"), (canary("speaks"),),
        ((canary("system"), canary("number")),), (canary("phone"),), canary("address"), (Contact(canary("friend"), canary("kin"), canary("call")),),
    )  # fmt: skip
    person = store.add_person(who, EVENT).person_id
    item = replace(incoming().item, narrative=canary("story"), detail=((canary("key"), canary("detail")),), start="2024-05-06")
    entry = replace(
        incoming(canary("id")), item=item, fact=canary("fact"), raw=json.dumps({canary("field"): canary("original")}).encode(),
        origin="https://" + canary("origin"), version=Version(canary("version"), canary("updated")), problems=(canary("problem"),),
    )  # fmt: skip
    source = head(canary("label"), kind="server", address=canary("url"), patient_ref=canary("patient"), token=canary("token"))
    source = replace(source, file_name=canary("file"))
    with store.importing(source, EVENT, person_id=person) as importing:
        for put in (entry, replace(entry, record_id=canary("claim"), kind=canary("kind"), item=None)):
            outcome, record_id = importing.put(person, put)
            importing.line(person, LedgerLine(canary("path"), put.kind, outcome, canary("reason"), record_id))
        importing.line("", LedgerLine(canary("nobodys"), "", Outcome.REFUSED, ""))
        importing.link(person, [canary("reference")])
        importing.finish(finished_at=NOW, problems=[canary("trouble")], next_since=canary("since"))
    source_id = store.sources(person, EVENT)[0].source_id
    watch = replace(source, label=canary("watch"), address=canary("place"))
    with store.importing_samples(watch, canary("digest of bytes"), EVENT, person_id=person) as bringing:
        columns = Columns.of(np.arange(3), np.arange(3.0) + 60)
        bringing.append(person, Samples("hr", columns, canary("device"), "", canary("subject"), canary("member")))
        bringing.link(person, canary("subject link"))
        bringing.line(person, LedgerLine(canary("row"), canary("word"), Outcome.NOT_FOLLOWED, canary("why")))
        bringing.step(1)
        bringing.stop(NOW)
    store.save_series_choices(person, SeriesChoices(canary("home"), (("hr", (canary("first"),)),), (canary("off"),)), EVENT)
    store.add_note(person, Note("", 5, canary("note"), canary("note kind"), canary("note signal")), EVENT)
    store.add_sync_event(person, SyncEvent(source_id, canary("happened"), 5, why=canary("because"), device=canary("which")), EVENT)
    store.add_token(DeviceToken("", person, source_id, canary("label of device"), NOW), canary("token digest"), EVENT)
    store.keep_key(person, canary("repeat"), canary("answer"), NOW)
    store.put_in_drawer(person, canary("drawer"), canary("in the drawer").encode(), EVENT)
    fill_doses(store, canary, person)
    fill_checks(store, canary, person)
    fill_papers(store, canary, person)
    account = store.add_account(Account("", Role.PATIENT, canary("user"), canary("display"), (person,)), canary("hash"), EVENT)
    store.save_preferences(account.account_id, Preferences(language=canary("language"), timezone=canary("zone")))
    store.save_panel(Panel("", canary("panel"), (person,)), EVENT)
    store.open_session(
        Session(canary("session"), account.account_id, NOW, NOW, later(60)), replace(EVENT, session_id=canary("session"))
    )
    store.keep_ticket(canary("digest"), canary("ticket"), later(5))
    store.note_failure(canary("stranger"), NOW, EVENT)
    return person


def fill_doses(store: SqlStore, canary: Canaries, person: str) -> None:
    """A dose that was reminded of and answered, what was asked of the care team, and an address for a calendar."""
    medicine = canary("medicine")
    dose = PlannedDose(canary("slot"), medicine, canary("pill"), NOW, canary("dose zone"), (1.0, 2.0, canary("tablet")), canary("with food"))
    due = PlannedReminder(canary("reminder"), "dose", NOW, NOW, (dose.slot, canary("about")))
    store.put_plan(person, Plan(NOW, later(60), (dose,), (due,), later(30)), EVENT)
    (mine,) = store.claim_reminders("w1", later(1), timedelta(minutes=2), 10)
    message = Delivery("", 1, "email", canary("recipient"), "sending", canary("message"))
    begun = store.begin_delivery("w1", mine, message, later(1))
    assert begun
    assert store.end_delivery("w1", mine, replace(begun, state="failed", why="no_answer"), later(1))
    (kept,) = store.doses(person, NOW, later(60), EVENT)
    answer = DoseAnswer(DoseState.SKIPPED, reason="felt_ill", text=canary("why not"), said_at=later(2), said_by=canary("helper"))
    store.answer_dose(person, kept.dose_id, answer, EVENT)
    store.beat("w1", NOW)
    asked = Request("", person, "question", medicine, canary("title"), "requested", NOW, canary("asker"), canary("question"))
    store.change_request(replace(store.add_request(asked, EVENT), state="failed", decided_by=canary("nurse"), answer=canary("reply")), EVENT)
    store.add_feed(Feed("", person, canary("telephone"), NOW), canary("feed digest"), EVENT)


def fill_papers(store: SqlStore, canary: Canaries, person: str) -> None:
    """A paper of each kind, one of them a file, and a document of the house."""
    kinds = [Paper(person, kind, canary("paper"), "open", NOW, canary("body").encode(), NOW, canary("parent")) for kind in PaperKind]
    store.put_papers(person, kinds, EVENT)
    store.put_house_document("on_call", canary("document").encode(), EVENT)


def fill_checks(store: SqlStore, canary: Canaries, person: str) -> None:
    """A photo of a spot that was checked, decided and spoken about, and a model that was switched on."""
    spot = store.put_spot(Spot("", person, CheckKind.SKIN, canary("body place"), "front", 0.5, 0.5, canary("spot"), NOW), EVENT)
    found = Finding(canary("decision"), 0.5, ((canary("class"), 1.0),), Area(0.1, 1.0, canary("marker")))
    quality, model = Quality((canary("dark"),), {canary("measure"): 1.0}), ModelRef(canary("model"), "1", "digest", canary("runner"))
    result = CheckResult(CheckKind.SKIN, quality, found, 0.5, model, found)
    facts, content = SkinFacts(70, canary("lies on"), 2, {canary("itches"): True}), canary("photo").encode()
    step = Step(
        CheckState.WAITING_REVIEW, NOW, canary("sender"), canary("sender role"), canary("label"), canary("why"), canary("words")
    )
    check = KeptCheck(
        "", person, CheckKind.SKIN, CheckState.WAITING_REVIEW, NOW, canary("submitter"), hashlib.sha256(content).hexdigest(), result, spot.spot_id, facts,
        canary("photo note"), NOW, canary("earlier check"), canary("overlay"), (step,),
    )  # fmt: skip
    store.put_check(check, content, canary("heat map").encode(), EVENT)
    store.switch_model("skin", True, EVENT)


def test_nothing_that_describes_anybody_is_in_any_column(store: SqlStore) -> None:
    canary = Canaries()
    fill(store, canary)
    rows = everything(store)
    found = [table for table, content in rows.items() if MARK in repr(content) or MARK.encode() in b"".join(_bytes(content))]
    assert found == []
    assert all(rows[table] for table in rows if table != "audit_subjects"), "every table has been put to the test"
    assert len(canary.made) > 45


def _bytes(rows: list[tuple]) -> Iterator[bytes]:
    return (bytes(cell) for row in rows for cell in row if isinstance(cell, bytes | memoryview))


def test_the_files_on_disk_say_nothing_at_all(settings: Settings, store: SqlStore) -> None:
    canary = Canaries()
    person = fill(store, canary)
    files = [path for path in settings.home.rglob("*") if path.is_file() and path != settings.key_path]
    for path in files:
        content = path.read_bytes()
        assert MARK.encode() not in content
        assert person.encode() not in content, "not even which people there are"
        assert not content.startswith(b"SQLite format 3")
    if not settings.database_url.get_secret_value():
        assert settings.home / FILE_NAME in files
        with pytest.raises(sqlite3.DatabaseError):
            sqlite3.connect(settings.home / FILE_NAME).execute("SELECT * FROM sqlite_master")


def test_a_dump_made_with_the_databases_own_tools_says_nothing(settings: Settings, store: SqlStore, tmp_path: Path) -> None:
    canary = Canaries()
    fill(store, canary)
    url = settings.database_url.get_secret_value()
    dump = server_dump(url) if url else plain_dump(store, tmp_path / "plain.db")
    assert b"sealed_original" in dump, "it is a dump of our tables"
    for text in canary.made:
        assert text.encode() not in dump
        assert text.encode().hex().encode() not in dump


def plain_dump(store: SqlStore, path: Path) -> bytes:
    """The whole file without SQLCipher's encryption, as somebody with its key can make it."""
    with store._vault.engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("ATTACH DATABASE ? AS plain KEY ''", (str(path),))
        cursor.execute("SELECT sqlcipher_export('plain')")
        cursor.execute("DETACH DATABASE plain")
    return path.read_bytes()


def server_dump(url: str) -> bytes:
    found = postgres.programs()
    program = found / "pg_dump" if found else None
    if program is None or not program.exists():
        pytest.skip("no pg_dump here")
    return subprocess.run([program, "--inserts", url], capture_output=True, check=True).stdout


def test_what_an_import_gathers_is_sealed_and_has_no_name(settings: Settings, store: SqlStore, tmp_path: Path) -> None:
    person = store.add_person(profile(), EVENT).person_id
    with store.importing(head(), EVENT, person_id=person) as importing:
        importing.put(person, replace(incoming("1"), raw=b'{"note": "CANARY"}'))
        assert list((settings.home / FOLDER).iterdir()) == []
        importing.finish(finished_at=NOW)


_FROM_THE_OTHER_RECORD = """
    UPDATE records SET sealed_item = (
        SELECT o.sealed_item FROM records o WHERE o.record_id <> records.record_id AND o.person_id = records.person_id
    ) WHERE person_id = :ada
"""
SWAPS: dict[str, tuple[str, Callable[[SqlStore, str], object]]] = {
    "two records of one person": (
        _FROM_THE_OTHER_RECORD,
        lambda store, ada: store.records(ada, EVENT),
    ),
    "the same column of two people": (
        "UPDATE persons SET sealed_profile = (SELECT o.sealed_profile FROM persons o WHERE o.person_id <> persons.person_id)",
        lambda store, ada: store.person(ada, EVENT),
    ),
    "the keys of two people": (
        "UPDATE persons SET sealed_key = (SELECT o.sealed_key FROM persons o WHERE o.person_id <> persons.person_id)",
        lambda store, ada: store.person(ada, EVENT),
    ),
    "two columns of one row": (
        "UPDATE records SET sealed_item = sealed_head WHERE person_id = :ada",
        lambda store, ada: store.records(ada, EVENT),
    ),
}


@pytest.mark.parametrize("swap", SWAPS)
def test_cells_that_were_moved_do_not_open(store: SqlStore, swap: str) -> None:
    people = [store.add_person(profile(name), EVENT).person_id for name in ("Ada", "Ben")]
    for person in people:
        with store.importing(head(), EVENT, person_id=person) as importing:
            for number in range(2):
                importing.put(person, incoming(str(number), float(number)))
            importing.finish(finished_at=NOW)
    statement, read = SWAPS[swap]
    assert store.verify()["ok"] == 1
    run(store, statement, **({"ada": people[0]} if ":ada" in statement else {}))
    with pytest.raises(StoreDamaged, match="cell_damaged"):
        read(store, people[0])
    found = store.verify()
    assert found["ok"] == 0 and int(found["damaged"]) > 0 and str(found["first_damaged"])


def test_verify_counts_everything_it_opened(store: SqlStore) -> None:
    person = fill(store, Canaries())
    seen: list[tuple[int, int]] = []
    found = store.verify(lambda done, total: seen.append((done, total)))
    assert (found["ok"], found["persons"], found["records"], found["originals"], found["series_chunks"], found["accounts"]) == (
        1,
        1,
        2,
        2,
        1,
        1,
    )
    assert seen[-1][0] == seen[-1][1] > 0
    for table in ("originals", "record_sources"):
        run(store, f"DELETE FROM {table} WHERE person_id = :person", person=person)
        assert store.verify()["ok"] == 0


def test_verify_walks_the_audit_trail(store: SqlStore) -> None:
    fill(store, Canaries())
    run(store, "DELETE FROM audit_lines WHERE number = 2")
    found = store.verify()
    assert (found["ok"], found["audit_broken_at"]) == (0, 2)


def test_everything_said_is_found_again(settings: Settings, store: SqlStore) -> None:
    """The canaries are not missing because nothing was kept."""
    canary = Canaries()
    person = fill(store, canary)
    store.close()
    again = open_store(settings)
    said = repr((
        again.person(person, EVENT), again.records(person, EVENT, every_standing=True), again.sources(person, EVENT), again.ledgers(person, EVENT),
        [again.ledger_lines(person, one.import_id, EVENT) for one in again.ledgers(person, EVENT)], again.accounts(EVENT), again.panels(), again.raw_counts(person),
        list(again.originals(person, EVENT)), [again.source_token(person, one.source_id, EVENT) for one in again.sources(person, EVENT)],
            again.streams(person, EVENT), again.notes(person, EVENT), again.sync_events(person, EVENT), again.series_choices(person),
            again.tokens(person, EVENT), again.seen_key(person, next(text for text in canary.made if text.endswith("repeat"))),
            again.drawer(person, next(text for text in canary.made if text.endswith("drawer")), EVENT),
            again.doses(person, NOW, later(60), EVENT), again.reminders(person, NOW, later(60), EVENT), again.requests((person,), EVENT), again.feeds(person, EVENT),
            again.papers((person,), EVENT, kinds=tuple(PaperKind)), again.house_document("on_call"),
            again.spots(person, EVENT), [(one, again.check_content(person, one.check_id, EVENT), again.check_overlay(person, one.check_id, EVENT)) for one in again.checks((person,), EVENT)],
    ))  # fmt: skip
    unsaid = {
        "fact",
        "origin",
        "version",
        "updated",
        "reference",
        "digest of bytes",
        "subject",
        "subject link",
        "token digest",
        "repeat",
        "drawer",
        "feed digest",
        "hash",
        "language",
        "zone",
        "session",
        "digest",
        "ticket",
        "stranger",
    }
    assert [text for text in canary.made if text not in said and text.removeprefix(MARK).lstrip("0123456789") not in unsaid] == []
    again.close()
