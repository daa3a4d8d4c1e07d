"""Long series: columns in, columns out, each time once per source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, NotFound
from core.ports import SeriesChunk
from core.store import SqlStore
from core.store.series import join
from tests.store.given import EVENT, bring, head, incoming, later, profile, run

START = datetime(2026, 1, 30, tzinfo=UTC)


def chunk(times: list[int], values: list[float] | None = None) -> SeriesChunk:
    """Minutes after START."""
    at = np.array([int((START + timedelta(minutes=minute)).timestamp()) * 10**9 for minute in times], dtype=np.int64)
    return SeriesChunk(at, np.array(times if values is None else values, dtype=np.float64), np.zeros(len(times), np.uint8))


def minutes(found: SeriesChunk) -> list[int]:
    return [round((time / 10**9 - START.timestamp()) / 60) for time in found.time]


@pytest.fixture
def person(store: SqlStore) -> str:
    return store.add_person(profile(), EVENT).person_id


@pytest.fixture
def source(store: SqlStore, person: str) -> str:
    bring(store, person, [incoming("1")])
    return store.sources(person, EVENT)[0].source_id


def test_what_is_appended_comes_back_in_order(store: SqlStore, person: str, source: str) -> None:
    week = list(range(0, 7 * 24 * 60, 5))  # crosses the end of January
    assert store.append_series(person, "heart_rate", source, chunk(week[::-1]), EVENT) == len(week)
    found = store.series(person, "heart_rate", START, START + timedelta(days=30), EVENT)
    assert minutes(found) == week
    assert found.value.tolist() == [float(minute) for minute in week]
    assert (found.time.dtype, found.value.dtype, found.quality.dtype) == (np.int64, np.float64, np.uint8)
    assert run(store, "SELECT count(*), sum(samples) FROM series_chunks") == [(2, len(week))]


def test_a_range_holds_its_start_and_not_its_end(store: SqlStore, person: str, source: str) -> None:
    store.append_series(person, "heart_rate", source, chunk([0, 10, 20, 30]), EVENT)
    found = store.series(person, "heart_rate", START + timedelta(minutes=10), START + timedelta(minutes=30), EVENT)
    assert minutes(found) == [10, 20]
    assert store.series(person, "steps", START, START + timedelta(days=1), EVENT).time.size == 0


def test_the_same_samples_again_change_nothing(store: SqlStore, person: str, source: str) -> None:
    store.append_series(person, "heart_rate", source, chunk([0, 10]), EVENT)
    revision = store.revision(person)
    assert store.append_series(person, "heart_rate", source, chunk([0, 10]), EVENT) == 0
    assert store.revision(person) == revision
    assert store.append_series(person, "heart_rate", source, chunk([10, 20], [99.0, 20.0]), EVENT) == 1
    assert store.series(person, "heart_rate", START, later(0), EVENT).value.tolist() == [0.0, 99.0, 20.0]
    assert store.revision(person) == revision + 1


def test_two_sources_keep_their_own_samples(store: SqlStore, person: str, source: str) -> None:
    bring(store, person, [incoming("2")], head("watch.json"))
    other = next(s.source_id for s in store.sources(person, EVENT) if s.label == "watch.json")
    store.append_series(person, "heart_rate", source, chunk([0, 10]), EVENT)
    assert store.append_series(person, "heart_rate", other, chunk([5, 10]), EVENT) == 2
    assert minutes(store.series(person, "heart_rate", START, later(0), EVENT)) == [0, 5, 10, 10]
    store.remove_source(person, other, EVENT)
    assert minutes(store.series(person, "heart_rate", START, later(0), EVENT)) == [0, 10]


def test_columns_of_different_lengths_and_strange_sources_are_refused(store: SqlStore, person: str, source: str) -> None:
    bad = SeriesChunk(np.arange(3), np.arange(2.0), np.zeros(3, np.uint8))
    with pytest.raises(BadInput):
        store.append_series(person, "heart_rate", source, bad, EVENT)
    with pytest.raises(NotFound):
        store.append_series(person, "heart_rate", "nobody", chunk([1]), EVENT)
    assert store.append_series(person, "heart_rate", source, chunk([]), EVENT) == 0


SAMPLES = st.lists(st.tuples(st.integers(-5, 5), st.floats(allow_nan=False)), max_size=12)


@given(SAMPLES, SAMPLES)
def test_joining_is_what_a_dictionary_does(before: list[tuple[int, float]], after: list[tuple[int, float]]) -> None:
    def columns(samples: list[tuple[int, float]]) -> SeriesChunk:
        return SeriesChunk(
            np.array([time for time, _ in samples], np.int64),
            np.array([value for _, value in samples], np.float64),
            np.zeros(len(samples), np.uint8),
        )

    joined = join(columns(before), columns(after))
    assert list(zip(joined.time.tolist(), joined.value.tolist(), strict=True)) == sorted({**dict(before), **dict(after)}.items())
