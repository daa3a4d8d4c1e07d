"""The whole store against the plainest possible account of what came in, for any records in any order from any sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.records import Incoming
from core.settings import load_settings
from core.store import SqlStore, open_store
from tests.store.given import EVENT, bring, head, incoming, later, profile, retraction

SOURCES = ("a.json", "b.json", "c.json")
Shown = frozenset[tuple[float, frozenset[str]]]
"""Each fact that counts, with the names of the sources that say so."""


@dataclass(frozen=True)
class Sent:
    """One entry of one source: version `number` of record `record`, saying `value` or that it was an error."""

    source: str
    record: int
    number: int
    value: int
    retracts: bool

    @property
    def entry(self) -> Incoming:
        version, record_id = str(self.number), str(self.record)
        if self.retracts:
            return retraction(record_id, number=float(self.value), version=version)
        return incoming(record_id, float(self.value), version=version)


def plainly(sent: list[Sent]) -> Shown:
    """Of each record the highest version counts unless it is a retraction; a value is said by whoever sent that very version."""
    facts: dict[float, set[str]] = {}
    for record in {one.record for one in sent}:
        versions = [one for one in sent if one.record == record]
        last = max(one.number for one in versions)
        for one in versions:
            if one.number == last and not one.retracts:
                facts.setdefault(float(one.value), set()).add(one.source)
    return frozenset((value, frozenset(sources)) for value, sources in facts.items())


@st.composite
def histories(draw: st.DrawFn) -> list[Sent]:
    """A version says one thing, whoever sends it; several sources may send it, in any order, more than once."""
    versions = draw(
        st.dictionaries(
            st.tuples(st.integers(1, 3), st.integers(1, 4)), st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=6
        )
    )
    sent = [
        Sent(source, record, number, value, retracts)
        for (record, number), (value, retracts) in versions.items()
        for source in draw(st.sets(st.sampled_from(SOURCES), min_size=1))
    ]
    return draw(st.permutations(sent + draw(st.lists(st.sampled_from(sent), max_size=3))))


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One store for all examples; each has a person of its own."""
    home: Path = tmp_path_factory.mktemp("any_order")
    opened = open_store(load_settings(home=home))
    yield opened
    opened.close()


def played(store: SqlStore, sent: list[Sent]) -> str:
    """Entries that follow one another from one source come in one import."""
    person = store.add_person(profile(), EVENT).person_id
    start = 0
    while start < len(sent):
        source = sent[start].source
        end = next((n for n in range(start, len(sent)) if sent[n].source != source), len(sent))
        bring(store, person, [one.entry for one in sent[start:end]], head(source, at=later(start)))
        start = end
    return person


def shown(store: SqlStore, person: str) -> Shown:
    records = store.records(person, EVENT)
    return frozenset((r.item.values[0].number or 0.0, frozenset(mark.label for mark in r.sources)) for r in records)


@settings(max_examples=40)
@given(histories())
def test_what_is_shown_is_what_the_plain_account_says(one_store: SqlStore, sent: list[Sent]) -> None:
    assert shown(one_store, played(one_store, sent)) == plainly(sent)


@settings(max_examples=40)
@given(histories(), st.sampled_from(SOURCES))
def test_without_a_source_all_is_as_if_it_had_never_been(one_store: SqlStore, sent: list[Sent], gone: str) -> None:
    person = played(one_store, sent)
    for source in one_store.sources(person, EVENT):
        if source.label == gone:
            one_store.remove_source(person, source.source_id, EVENT)
    assert shown(one_store, person) == plainly([one for one in sent if one.source != gone])


@settings(max_examples=12)
@given(histories())
def test_everything_again_changes_nothing(one_store: SqlStore, sent: list[Sent]) -> None:
    person = played(one_store, sent)
    revision = one_store.revision(person)
    for source in SOURCES:
        ended = bring(one_store, person, [one.entry for one in sent if one.source == source], head(source)).outcomes
        assert set(ended) <= {"unchanged"}
    assert one_store.revision(person) - revision <= len(set(SOURCES) - {one.source for one in sent})  # a source that was new
