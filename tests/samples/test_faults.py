"""This is the place where the calendar of missing days must find out what went wrong in lives in which a lot does."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from core.care.access import COMMAND_LINE
from core.care.missing import MissingView, calendar
from core.samples.faults import FaultyLife, faulty_life
from core.trends.missing import REASONS, STATES
from tests.samples.faulty_store import ports_of

SEEDS = range(20)
DAYS = 150


def calendars(life: FaultyLife) -> dict[str, MissingView]:
    signals = dict.fromkeys(one.samples.signal for one in life.streams)
    last = life.first + timedelta(days=life.days - 1)
    return {signal: calendar(ports_of(life), COMMAND_LINE, "p", signal, life.first, last) for signal in signals}


def compared(life: FaultyLife) -> Counter[tuple[str, str]]:
    """(true state, said state) of every day of every stream whose truth is known."""
    found: Counter[tuple[str, str]] = Counter()
    views = calendars(life)
    for one in life.streams:
        mine = next(stream for stream in views[one.samples.signal].streams if stream.device == one.samples.device)
        found.update((truth, day.state) for truth, day in zip(one.labels, mine.days, strict=True) if truth)
    return found


def table(found: Counter[tuple[str, str]]) -> str:
    """The confusion table: what was true down, what was said across."""
    rows = [f"{'':>20}" + "".join(f"{said[:9]:>11}" for said in STATES)]
    rows += [f"{truth:>20}" + "".join(f"{found[truth, said]:>11}" for said in STATES) for truth in STATES]
    return "\n".join(rows)


def test_at_least_95_of_100_days_with_a_fault_are_explained_by_it() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        found += compared(faulty_life(seed, DAYS))
    wrong = {pair: count for pair, count in found.items() if pair[0] != "received"}
    right = sum(count for (truth, said), count in wrong.items() if truth == said)
    assert right / sum(wrong.values()) >= 0.95, "\n" + table(found)
    everything = sum(count for (truth, said), count in found.items() if truth == said)
    assert everything / sum(found.values()) >= 0.97, "\n" + table(found)
    for truth in STATES:
        of_this = sum(count for (state, _), count in found.items() if state == truth)
        assert of_this >= 50, f"the generator hardly makes {truth}"
        assert found[truth, truth] / of_this >= 0.9, f"{truth}\n{table(found)}"


@pytest.mark.parametrize("seed", [3, 101, 202])
def test_no_day_is_without_an_explanation_and_none_has_two(seed: int) -> None:
    life = faulty_life(seed, DAYS)
    for view in calendars(life).values():
        for lines in [view.days, *(stream.days for stream in view.streams)]:
            assert [one.day for one in lines] == [life.first + timedelta(days=n) for n in range(DAYS)]
            assert all(one.state in STATES and one.why in REASONS for one in lines)
        assert sum(view.counts.values()) == DAYS


def test_a_part_of_the_calendar_says_the_same_as_the_whole() -> None:
    life = faulty_life(7, DAYS)
    whole = calendar(ports_of(life), COMMAND_LINE, "p", "hr", life.first, life.first + timedelta(days=DAYS - 1))
    part = calendar(ports_of(life), COMMAND_LINE, "p", "hr", life.first + timedelta(days=130), life.first + timedelta(days=137))
    assert [one.state for one in part.days] == [one.state for one in whole.days[130:138]]


def test_the_same_seed_is_the_same_life_and_another_is_another() -> None:
    one, again, other = faulty_life(5, 60), faulty_life(5, 60), faulty_life(6, 60)
    assert one.events == again.events and one.events != other.events
    for mine, same in zip(one.streams, again.streams, strict=True):
        assert mine.labels == same.labels
        assert np.array_equal(mine.samples.columns.start, same.samples.columns.start)
        assert np.array_equal(mine.samples.columns.value, same.samples.columns.value)


def test_lives_pass_through_changes_of_the_clocks_and_every_kind_of_mishap() -> None:
    lives = [faulty_life(seed, DAYS) for seed in SEEDS]
    assert len({life.zone for life in lives}) >= 5
    assert len({mishap.cause for life in lives for _, mishap in life.mishaps}) == 9
    assert {event.kind for life in lives for event in life.events} == {
        "import", "empty", "failed", "connected", "disconnected", "consent_given", "consent_withdrawn",
    }  # fmt: skip
