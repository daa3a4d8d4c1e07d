"""Records come in: how each entry ends, what is then shown, and that a half-read file leaves nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.domain.ledger import LedgerLine, Outcome
from core.domain.records import Incoming, PersonProfile, Standing, Version
from core.errors import Conflict, NotFound
from core.store import SqlStore
from tests.store.given import EVENT, HOSPITAL, NOW, bring, everything, head, incoming, later, profile, retraction, shown


@pytest.fixture
def person(store: SqlStore) -> str:
    return store.add_person(profile(), EVENT).person_id


def test_the_same_file_twice_changes_nothing(store: SqlStore, person: str) -> None:
    first = bring(store, person, [incoming("1"), incoming("2", 80.0)])
    revision = store.revision(person)
    again = bring(store, person, [incoming("1"), incoming("2", 80.0)])
    assert first.outcomes == ("stored", "stored")
    assert again.outcomes == ("unchanged", "unchanged")
    assert again.record_ids == first.record_ids
    assert store.revision(person) == revision
    assert len(store.sources(person, EVENT)) == 1


def test_key_order_and_blanks_make_no_other_record(store: SqlStore, person: str) -> None:
    one = incoming("1")
    bring(store, person, [one])
    raw = json.dumps(dict(reversed(list(json.loads(one.raw).items()))), indent=3).encode()
    assert bring(store, person, [replace(one, raw=raw)]).outcomes == ("unchanged",)


def test_the_same_record_from_another_source_shows_once_with_both(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1")])
    hospital = head("Hospital", kind="server", address=HOSPITAL, at=later(1))
    assert bring(store, person, [incoming("1")], hospital).outcomes == ("duplicate",)
    (record,) = store.records(person, EVENT)
    assert [(mark.kind, mark.label) for mark in record.sources] == [("file", "a.json"), ("server", "Hospital")]
    assert bring(store, person, [incoming("1")], hospital).outcomes == ("unchanged",)


def test_the_same_fact_under_other_ids_shows_once_and_best_informed(store: SqlStore, person: str) -> None:
    poor = replace(incoming("1"), item=replace(incoming().item, see_original="modifier"))
    rich = replace(incoming("77"), origin="https://other.example")
    bring(store, person, [poor])
    second = bring(store, person, [rich], head("b.json"))
    assert second.outcomes == ("duplicate",)
    (record,) = store.records(person, EVENT)
    assert record.record_id == second.record_ids[0]
    assert {mark.label for mark in record.sources} == {"a.json", "b.json"}


def test_a_retracted_copy_leaves_the_fact_to_the_other_source(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1")])
    bring(store, person, [replace(incoming("77"), origin="https://other.example")], head("b.json"))
    bring(store, person, [retraction("1")])
    (record,) = store.records(person, EVENT)
    assert [mark.label for mark in record.sources] == ["b.json"]


def test_a_later_version_takes_the_place_of_the_earlier(store: SqlStore, person: str) -> None:
    assert bring(store, person, [incoming("1", 120.0, version="1")]).outcomes == ("stored",)
    assert bring(store, person, [incoming("1", 130.0, version="2")]).outcomes == ("stored",)
    assert shown(store, person) == [130.0]
    standings = {r.item.values[0].number: r.standing for r in store.records(person, EVENT, every_standing=True)}
    assert standings == {120.0: Standing.SUPERSEDED, 130.0: Standing.CURRENT}


def test_an_earlier_version_that_comes_late_is_kept_as_history(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1", 130.0, version="10")])
    assert bring(store, person, [incoming("1", 120.0, version="9")]).outcomes == ("superseded",)
    assert shown(store, person) == [130.0]


@pytest.mark.parametrize("retraction_first", [False, True])
def test_a_retraction_wins_whichever_comes_first(store: SqlStore, person: str, retraction_first: bool) -> None:
    entries = [incoming("1"), retraction("1")]
    for entry in reversed(entries) if retraction_first else entries:
        bring(store, person, [entry])
    assert shown(store, person) == []
    assert {r.standing for r in store.records(person, EVENT, every_standing=True)} == {Standing.SUPERSEDED, Standing.RETRACTED}


def test_one_id_for_two_things_keeps_both(store: SqlStore, person: str) -> None:
    ended = bring(store, person, [incoming("1", 120.0, code="8480-6"), incoming("1", 36.6, code="8310-5")])
    assert ended.outcomes == ("stored", "stored")
    assert shown(store, person) == [36.6, 120.0]


def test_a_value_that_cannot_be_used_is_quarantined_and_shown(store: SqlStore, person: str) -> None:
    assert bring(store, person, [incoming("1", None)]).outcomes == ("quarantined",)
    (record,) = store.records(person, EVENT)
    assert record.standing is Standing.QUARANTINED
    assert store.person(person, EVENT).quarantined == 1
    assert bring(store, person, [incoming("1", None)]).outcomes == ("unchanged",)


def test_a_corrected_version_ends_the_quarantine(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1", None, version="1"), incoming("1", 121.0, version="2")])
    (record,) = store.records(person, EVENT)
    assert record.standing is Standing.CURRENT


def test_kinds_we_do_not_show_are_kept_and_counted(store: SqlStore, person: str) -> None:
    claims = [replace(incoming(str(n), n), kind="Claim", item=None, fact="") for n in range(3)]
    odd = replace(incoming("9"), kind="Ada Example's own kind", item=None, fact="")
    ended = bring(store, person, [*claims, odd])
    assert set(ended.outcomes) == {"kept_raw"}
    assert store.raw_counts(person) == (("Ada Example's own kind", 1), ("Claim", 3))
    assert store.records(person, EVENT) == ()
    assert store.original(person, ended.record_ids[0], EVENT) == claims[0].raw
    raw = store.records(person, EVENT, every_standing=True)
    assert {(r.item.kind, r.item.group, r.standing) for r in raw} == {
        ("Claim", "raw", Standing.RAW),
        (odd.kind, "raw", Standing.RAW),
    }


def test_a_record_without_an_id_is_known_by_its_content(store: SqlStore, person: str) -> None:
    entry = incoming("")
    assert bring(store, person, [entry, entry, incoming("", 99.0)]).outcomes == ("stored", "unchanged", "stored")


def test_the_ledger_sums_to_what_came_in(store: SqlStore, person: str) -> None:
    with store.importing(head(), EVENT, person_id=person) as importing:
        outcome, record_id = importing.put(person, incoming("1"))
        importing.line(person, LedgerLine("entry[0]", "Observation", outcome, "", record_id))
        importing.line("", LedgerLine("entry[1]", "", Outcome.REFUSED, "not_an_object"))
        importing.line("", LedgerLine("entry[2]", "Observation", Outcome.REFUSED, "another_person"))
        ledger = importing.finish(finished_at=later(1), complete=False, problems=["page_missing"])
    assert (ledger.entries, ledger.count(Outcome.STORED), ledger.count(Outcome.REFUSED)) == (3, 1, 2)
    assert store.ledgers(person, EVENT) == (ledger,)
    assert len(ledger.counts) == len(Outcome)
    lines, total = store.ledger_lines(person, ledger.import_id, EVENT)
    assert ([line.path for line in lines], total) == (["entry[0]", "entry[1]", "entry[2]"], 3)
    refused, total = store.ledger_lines(person, ledger.import_id, EVENT, outcome="refused", offset=1, limit=5)
    assert ([line.reason for line in refused], total) == (["another_person"], 2)


def test_a_long_ledger_is_read_page_by_page(store: SqlStore, person: str) -> None:
    with store.importing(head(), EVENT, person_id=person) as importing:
        for number in range(2500):
            outcome = Outcome.REFUSED if number % 100 == 0 else Outcome.NOT_FOLLOWED
            importing.line(person, LedgerLine(f"entry[{number}]", "Basic", outcome, "x"))
        ledger = importing.finish(finished_at=NOW)
    lines, total = store.ledger_lines(person, ledger.import_id, EVENT, offset=990, limit=30)
    assert ([line.path for line in lines], total) == ([f"entry[{n}]" for n in range(990, 1020)], 2500)
    refused, total = store.ledger_lines(person, ledger.import_id, EVENT, outcome="refused", offset=8, limit=4)
    assert ([line.path for line in refused], total) == ([f"entry[{n}]" for n in (800, 900, 1000, 1100)], 25)
    assert store.ledger_lines(person, ledger.import_id, EVENT, offset=2500) == ((), 2500)


def test_lines_of_nobody_in_an_import_of_many_are_for_who_imported(store: SqlStore) -> None:
    event = replace(EVENT, actor_id="clinic", role="coordinator")
    with store.importing(head("cohort.ndjson"), event) as importing:
        people = [importing.add_person(profile(name)) for name in ("Ada", "Ben")]
        for person_id in people:
            outcome, record_id = importing.put(person_id, incoming("1"))
            importing.line(person_id, LedgerLine("line 1", "Observation", outcome, "", record_id))
        importing.line("", LedgerLine("line 3", "", Outcome.REFUSED, "not_json"))
        whole = importing.finish(finished_at=NOW)
    assert whole.entries == 3
    assert [store.ledgers(person_id, event)[0].entries for person_id in people] == [1, 1]
    (nobodys,) = store.ledgers("", event)
    assert store.ledger_lines("", nobodys.import_id, event)[0][0].path == "line 3"
    assert store.ledgers("", replace(event, actor_id="somebody else")) == ()


def test_an_import_that_breaks_off_leaves_everything_as_it_was(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1", 120.0, version="1")])
    before = everything(store)
    with pytest.raises(KeyboardInterrupt), store.importing(head("b.json"), EVENT, person_id=person) as importing:
        importing.put(person, incoming("1", 140.0, version="2"))
        importing.add_person(profile("Ben"))
        raise KeyboardInterrupt
    assert everything(store) == before


def test_what_goes_wrong_after_the_finish_takes_it_back_too(store: SqlStore, person: str) -> None:
    before = everything(store)
    with pytest.raises(KeyboardInterrupt), store.importing(head(), EVENT, person_id=person) as importing:
        importing.put(person, incoming("1"))
        importing.finish(finished_at=NOW)
        raise KeyboardInterrupt
    assert everything(store) == before


def test_an_import_that_is_not_finished_says_so(store: SqlStore, person: str) -> None:
    with pytest.raises(Conflict), store.importing(head(), EVENT, person_id=person) as importing:
        importing.put(person, incoming("1"))
    assert shown(store, person) == []


def test_others_can_write_while_a_file_is_being_read(store: SqlStore, person: str) -> None:
    with store.importing(head(), EVENT, person_id=person) as importing:
        importing.put(person, incoming("1"))
        other = store.add_person(profile("Ben"), EVENT).person_id
        bring(store, other, [incoming("5")])
        importing.finish(finished_at=NOW)
    assert shown(store, person) == [120.0]


def test_two_imports_of_one_person_do_not_lose_each_other(store: SqlStore, person: str) -> None:
    with pytest.raises(Conflict), store.importing(head("slow.json"), EVENT, person_id=person) as importing:
        importing.put(person, incoming("1", 120.0, version="1"))
        bring(store, person, [incoming("1", 130.0, version="2")])
        importing.finish(finished_at=NOW)
    assert shown(store, person) == [130.0]


def test_a_patient_is_found_again_by_reference(store: SqlStore) -> None:
    with store.importing(head(), EVENT) as importing:
        assert importing.match("h|Patient/7") == ""
        person = importing.add_person(profile())
        importing.link(person, ["h|Patient/7", "urn:uuid:1"])
        assert importing.match("h|Patient/7") == person
        importing.finish(finished_at=NOW)
    with store.importing(head("b.json"), EVENT) as importing:
        assert importing.match("urn:uuid:1") == person
        assert importing.match("h|Patient/8") == ""
        importing.finish(finished_at=NOW)


def test_a_newer_patient_record_renews_the_profile_and_leaves_no_gap(store: SqlStore) -> None:
    person = store.add_person(profile("Ada Example", birth_date="1980-05-06"), EVENT).person_id
    newer = Incoming(
        "p", "Patient", HOSPITAL, "7", Version("2"), "", b'{"id":"7"}', replace(incoming().item, kind="Patient"),
        profile=PersonProfile(profile("Ada Married").names, gender="female"),
    )  # fmt: skip
    bring(store, person, [newer])
    found = store.person(person, EVENT).profile
    assert (found.name, found.birth_date, found.gender) == ("Ada Married", "1980-05-06", "female")


def test_nobody_can_be_imported_for_who_is_unknown(store: SqlStore) -> None:
    with pytest.raises(NotFound), store.importing(head(), EVENT, person_id="nobody"):
        pass


def test_text_that_no_encoding_can_say_is_kept_all_the_same(store: SqlStore, person: str) -> None:
    odd = replace(incoming("\ud800", 5.0), item=replace(incoming().item, narrative="\udfff and \x00"))
    (outcome,) = bring(store, person, [odd]).outcomes
    assert outcome == "stored"
    assert store.records(person, EVENT)[0].item.narrative == "? and \x00"


def test_counts_of_a_person_are_facts_by_shelf(store: SqlStore, person: str) -> None:
    bring(store, person, [incoming("1", 1.0), incoming("2", 2.0), incoming("3", 2.0), incoming("4", None)], head(at=later(5)))
    found = store.person(person, EVENT)
    assert (found.record_counts, found.quarantined, found.last_at) == ((("vitals", 2),), 1, later(5))


def test_originals_are_those_of_what_is_shown(store: SqlStore, person: str) -> None:
    kept = [incoming("1", 1.0), incoming("2", 2.0)]
    bring(store, person, [*kept, incoming("3", 2.0), incoming("4", 9.0, version="1"), retraction("4", version="2")])
    assert [original.raw for original in store.originals(person, EVENT) if not original.shown_as] == [entry.raw for entry in kept]
