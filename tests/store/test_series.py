"""Samples: columns in, columns out, each time once in a stream; only the months asked for are opened; steps and stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.samples import FLOATING, IMPLAUSIBLE, Columns, Note, Samples, SeriesChoices, SyncEvent
from core.errors import Conflict, NotFound
from core.ports import DeviceToken, ImportHead
from core.store import SqlStore
from core.store.columns import KNOWN, NEW, REPLACED, TWICE, bins_from_bytes, bins_to_bytes, from_bytes, join, to_bytes
from tests.store.given import EVENT, NOW, head, profile, run

START = datetime(2026, 1, 30, tzinfo=UTC)
MINUTE = 60 * 10**9
FAR = (START - timedelta(days=4000), START + timedelta(days=4000))


def minutes_to_ns(minutes: Iterable[int]) -> np.ndarray:
    """Minutes after START as ns."""
    return int(START.timestamp()) * 10**9 + np.array(list(minutes), dtype=np.int64) * MINUTE


def samples(minutes: Iterable[int], values: Iterable[float] | None = None, signal: str = "hr", **more: str) -> Samples:
    minutes = list(minutes)
    columns = Columns.of(minutes_to_ns(minutes), [60.0 + m % 50 for m in minutes] if values is None else list(values))
    return Samples(signal, columns, **{"device": "Watch", "path": "export.xml: HR", **more})


def bring(store: SqlStore, person: str, batches: Iterable[Samples], of: ImportHead | None = None, digest: str = "d") -> Ledger:
    with store.importing_samples(of or head("Watch"), digest, EVENT, person_id=person) as importing:
        for batch in batches:
            importing.append(person, batch)
        return importing.finish(finished_at=NOW)


def got(store: SqlStore, person: str, signal: str = "hr", span: tuple[datetime, datetime] = FAR) -> list[tuple[int, float]]:
    found = store.strands(person, [signal], *span, EVENT)
    zero = int(START.timestamp()) * 10**9
    return sorted(((int(at) - zero) // MINUTE, value) for one in found for at, value in zip(one.columns.start, one.columns.value, strict=True))


@pytest.fixture
def person(store: SqlStore) -> str:
    return store.add_person(profile(), EVENT).person_id


def test_what_is_brought_comes_back_in_order(store: SqlStore, person: str) -> None:
    week = list(range(0, 7 * 24 * 60, 5))  # crosses the end of January
    ledger = bring(store, person, [samples(week[::-1])])
    assert (ledger.count(Outcome.STORED), ledger.entries, ledger.state, ledger.complete) == (len(week), len(week), "done", True)
    (strand,) = store.strands(person, ["hr"], *FAR, EVENT)
    assert got(store, person) == [(m, 60.0 + m % 50) for m in week]
    assert np.all(np.diff(strand.columns.start) > 0)
    kinds = tuple(getattr(strand.columns, name).dtype for name in ("start", "end", "value", "quality", "offset"))
    assert kinds == (np.int64, np.int64, np.float64, np.uint8, np.int16)
    assert run(store, "SELECT count(*), sum(samples) FROM series_chunks") == [(2, len(week))]
    (stream,) = store.streams(person, EVENT)
    assert (stream.signal, stream.device, stream.samples, stream.first) == ("hr", "Watch", len(week), int(minutes_to_ns([0])[0]))


def test_a_range_holds_its_start_and_not_its_end(store: SqlStore, person: str) -> None:
    bring(store, person, [samples(range(0, 400 * 24 * 60, 60))])
    inside = got(store, person, span=(START + timedelta(minutes=60), START + timedelta(minutes=180)))
    assert [m for m, _ in inside] == [60, 120]
    assert store.strands(person, ["steps"], *FAR, EVENT) == ()


def test_damage_in_one_month_does_not_hide_another(store: SqlStore, person: str) -> None:
    """What is not asked for is not opened: another month may be damaged."""
    bring(store, person, [samples([0])])
    first = run(store, "SELECT chunk_id FROM series_chunks")[0][0]
    bring(store, person, [samples([60 * 24 * 90])])
    run(store, "UPDATE series_chunks SET sealed_columns = :bad WHERE chunk_id = :id", bad=b"\x01bad", id=first)
    assert [m for m, _ in got(store, person, span=(START + timedelta(days=60), START + timedelta(days=120)))] == [60 * 24 * 90]


def test_the_same_samples_again_change_nothing(store: SqlStore, person: str) -> None:
    bring(store, person, [samples([0, 10])])
    revision = store.revision(person)
    again = bring(store, person, [samples([0, 10])])
    assert (again.count(Outcome.UNCHANGED), again.entries) == (2, 2)
    assert store.revision(person) == revision
    corrected = bring(store, person, [samples([10, 20], [99.0, 20.0])])
    assert corrected.count(Outcome.STORED) == 2
    assert got(store, person) == [(0, 60.0), (10, 99.0), (20, 20.0)]
    lines, _ = store.ledger_lines(person, corrected.import_id, EVENT)
    assert {(line.reason, line.count) for line in lines} == {("", 1), ("value_replaced", 1)}


def test_what_stands_twice_in_one_file_counts_once(store: SqlStore, person: str) -> None:
    ledger = bring(store, person, [samples([0, 0, 5], [1.0, 2.0, 3.0])])
    assert (ledger.count(Outcome.STORED), ledger.count(Outcome.DUPLICATE)) == (2, 1)
    assert got(store, person) == [(0, 2.0), (5, 3.0)]


def test_devices_and_sources_keep_their_own_samples(store: SqlStore, person: str) -> None:
    bring(store, person, [samples([0, 10]), samples([5, 10], device="Phone")])
    bring(store, person, [samples([10])], head("Other"), "e")
    assert len(store.streams(person, EVENT)) == 3
    assert [m for m, _ in got(store, person)] == [0, 5, 10, 10, 10]
    sources = {one.label: one for one in store.sources(person, EVENT)}
    assert {label: one.samples for label, one in sources.items()} == {"Watch": 4, "Other": 1}
    store.remove_source(person, sources["Watch"].source_id, EVENT)
    assert [m for m, _ in got(store, person)] == [10]
    assert run(store, "SELECT count(*) FROM series_chunks") == [(1,)]
    assert [one.source_id for one in store.sync_events(person, EVENT)] == [sources["Other"].source_id]


def test_states_over_the_same_time_are_several(store: SqlStore, person: str) -> None:
    bring(store, person, [samples([0, 0], [0.0, 3.0], "sleep_stage")])
    assert got(store, person, "sleep_stage") == [(0, 0.0), (0, 3.0)]


def test_what_is_implausible_is_kept_apart_and_counted(store: SqlStore, person: str) -> None:
    batch = samples([0, 5], [70.0, 900.0])
    odd = Columns(batch.columns.start, batch.columns.end, batch.columns.value, np.array([0, IMPLAUSIBLE], np.uint8), batch.columns.offset)
    ledger = bring(store, person, [batch.with_columns(odd)])
    assert (ledger.count(Outcome.STORED), ledger.count(Outcome.QUARANTINED)) == (1, 1)
    (strand,) = store.strands(person, ["hr"], *FAR, EVENT)
    assert strand.columns.usable.tolist() == [True, False]


def test_a_stopped_import_keeps_its_steps_and_goes_on_there(store: SqlStore, person: str) -> None:
    batches = [samples(range(n * 100, n * 100 + 100)) for n in range(5)]
    with store.importing_samples(head("Watch"), "same", EVENT, person_id=person) as importing:
        for batch in batches[:3]:
            importing.append(person, batch)
        importing.line(person, LedgerLine("export.xml", "gps", Outcome.NOT_FOLLOWED, "workout_route", count=7))
        importing.step(3)
        stopped = importing.stop(NOW)
    assert (stopped.state, stopped.complete, stopped.entries) == ("stopped", False, 307)
    assert len(got(store, person)) == 300
    with store.importing_samples(head("Watch"), "other bytes", EVENT, person_id=person) as importing:
        assert importing.done == 0
        importing.finish(finished_at=NOW)
    with store.importing_samples(head("Watch"), "same", EVENT, person_id=person) as importing:
        assert importing.done == 3
        for batch in batches[importing.done :]:
            importing.append(person, batch)
        ledger = importing.finish(finished_at=NOW)
    assert (ledger.state, ledger.entries, ledger.count(Outcome.STORED), ledger.count(Outcome.NOT_FOLLOWED)) == ("done", 507, 500, 7)
    assert ledger.import_id == stopped.import_id
    assert [one.state for one in store.ledgers(person, EVENT) if one.entries] == ["done"]
    assert run(store, "SELECT count(*) FROM import_marks") == [(0,)]


def test_an_import_that_breaks_keeps_its_finished_steps_only(store: SqlStore, person: str) -> None:
    with pytest.raises(RuntimeError), store.importing_samples(head("Watch"), "d", EVENT, person_id=person) as importing:
        importing.append(person, samples([1]))
        importing.step(1)
        importing.append(person, samples([2]))
        raise RuntimeError("power cut")
    assert [m for m, _ in got(store, person)] == [1]
    assert [one.state for one in store.ledgers(person, EVENT)] == ["stopped"]
    with pytest.raises(Conflict), store.importing_samples(head("Watch"), "e", EVENT, person_id=person):
        pass


def test_several_people_in_one_import(store: SqlStore) -> None:
    with store.importing_samples(head("study.csv"), "d", EVENT) as importing:
        people = []
        for name in ("a", "b"):
            person_id = importing.match(f"study|{name}") or importing.add_person(profile(name))
            importing.link(person_id, f"study|{name}")
            importing.append(person_id, samples([1, 2]))
            people.append(person_id)
        importing.line("", LedgerLine("row 3", "", Outcome.REFUSED, "not_a_number"))
        ledger = importing.finish(finished_at=NOW)
    assert (ledger.entries, ledger.source_id) == (5, "")
    for person_id in people:
        assert store.ledgers(person_id, EVENT)[0].entries == 2
    with store.importing_samples(head("study.csv"), "f", EVENT) as importing:
        assert importing.match("study|b") == people[1]
        importing.finish(finished_at=NOW)


def test_nobody_is_nobodys(store: SqlStore) -> None:
    with pytest.raises(NotFound), store.importing_samples(head(), "d", EVENT, person_id="nobody"):
        pass


def test_quarter_hours_say_the_same_as_the_samples(store: SqlStore, person: str) -> None:
    bring(store, person, [samples(range(3 * 24 * 60))])
    assert run(store, "SELECT count(*) FROM series_chunks WHERE sealed_bins IS NOT NULL") == [(2,)]
    (one,) = store.bins(person, ["hr"], *FAR, EVENT)
    (strand,) = store.strands(person, ["hr"], *FAR, EVENT)
    assert one.bins.count.sum() == len(strand.columns)
    assert one.bins.sum.sum() == pytest.approx(strand.columns.value.sum())
    assert (one.bins.low.min(), one.bins.high.max()) == (strand.columns.value.min(), strand.columns.value.max())


def test_choices_notes_and_what_happened_are_kept_sealed(store: SqlStore, person: str) -> None:
    assert store.series_choices(person) == SeriesChoices()
    chosen = SeriesChoices("Asia/Kolkata", (("steps", ("Watch", "Phone")),), ("Old band",))
    store.save_series_choices(person, chosen, EVENT)
    store.save_series_choices(person, chosen, EVENT)
    assert store.series_choices(person) == chosen
    note_id = store.add_note(person, Note("", 5_000, "felt dizzy CANARY", "symptom", "hr"), EVENT)
    assert store.notes(person, EVENT) == (Note(note_id, 5_000, "felt dizzy CANARY", "symptom", "hr"),)
    store.remove_note(person, note_id, EVENT)
    with pytest.raises(NotFound):
        store.remove_note(person, note_id, EVENT)
    source_id = store.open_source(person, head("Blood pressure", kind="manual"), EVENT)
    assert store.open_source(person, head("Blood pressure", kind="manual"), EVENT) == source_id
    store.add_sync_event(person, SyncEvent(source_id, "failed", 2_000, why="no_answer"), EVENT)
    assert {one.kind for one in store.sync_events(person, EVENT)} == {"connected", "failed"}
    assert not any(b"CANARY" in bytes(row[0]) for row in run(store, "SELECT sealed_fact FROM series_facts"))
    assert store.verify()["ok"] == 1


def test_a_device_token_opens_one_person_until_it_is_revoked(store: SqlStore, person: str) -> None:
    source_id = store.open_source(person, head("Scale", kind="device"), EVENT)
    token = store.add_token(DeviceToken("", person, source_id, "Scale in the bathroom", NOW), "digest", EVENT)
    assert store.token_of("digest") == token
    assert store.token_of("other") is None
    store.touch_token(token.token_id, NOW)
    assert store.tokens(person, EVENT)[0].seen_at == NOW
    store.revoke_token(person, token.token_id, EVENT)
    assert store.token_of("digest") is None
    with pytest.raises(NotFound):
        store.revoke_token(person, token.token_id, EVENT)
    assert store.seen_key(person, "k1") == ""
    store.keep_key(person, "k1", '{"stored": 1}', NOW)
    assert store.seen_key(person, "k1") == '{"stored": 1}'
    store.keep_key(person, "k2", "x", NOW + timedelta(days=100))
    assert store.seen_key(person, "k1") == ""
    assert store.verify()["ok"] == 1


def test_erasing_a_person_leaves_nothing_of_the_series(store: SqlStore, person: str) -> None:
    bring(store, person, [samples([0, 1])])
    store.add_note(person, Note("", 5, "x"), EVENT)
    store.erase_person(person, EVENT)
    for table in ("streams", "series_chunks", "series_facts", "device_tokens", "seen_keys"):
        assert run(store, f"SELECT count(*) FROM {table}") == [(0,)]


# ------------------------------------------------------------------------------------------------------------ pure columns

ROWS = st.lists(st.tuples(st.integers(-4, 4), st.integers(0, 2), st.sampled_from([0.0, 1.0, 2.5])), max_size=14)


def columns_of(rows: list[tuple[int, int, float]]) -> Columns:
    return Columns.of([a for a, _, _ in rows], [v for _, _, v in rows], [a + b for a, b, _ in rows], 0, FLOATING)


@given(ROWS, ROWS, st.booleans())
def test_joining_is_what_a_dictionary_does(before: list[tuple[int, int, float]], after: list[tuple[int, int, float]], by_value: bool) -> None:
    def key(row: tuple[int, int, float]) -> tuple[float, ...]:
        return (row[0], row[0] + row[1], *((row[2],) if by_value else ()))

    was = {key(row): row for row in before}
    old = join(Columns.empty(), columns_of(before), by_value).columns
    joined = join(old, columns_of(after), by_value)
    now = {**was, **{key(row): row for row in after}}
    assert [(int(s), int(e), v) for s, e, v in zip(joined.columns.start, joined.columns.end, joined.columns.value, strict=True)] == sorted(
        (a, a + b, v) for a, b, v in now.values()
    )
    last = {key(row): at for at, row in enumerate(after)}
    for at, row in enumerate(after):
        if last[key(row)] != at:
            expected = TWICE
        elif key(row) not in was:
            expected = NEW
        else:
            expected = KNOWN if was[key(row)][2] == row[2] else REPLACED
        assert joined.fate[at] == expected


@given(ROWS)
def test_columns_survive_their_bytes(rows: list[tuple[int, int, float]]) -> None:
    columns = columns_of(rows)
    again = from_bytes(to_bytes(columns))
    for name in ("start", "end", "value", "quality", "offset"):
        assert getattr(again, name).tolist() == getattr(columns, name).tolist()


def test_bins_survive_their_bytes() -> None:
    from core.domain.bins import bins_of
    from core.domain.signals import SIGNALS

    made = bins_of(samples(range(100)).columns, SIGNALS["hr"])
    again = bins_from_bytes(bins_to_bytes(made))
    assert again.at.tolist() == made.at.tolist()
    assert again.sum.tolist() == made.sum.tolist()
