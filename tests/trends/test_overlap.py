"""Several devices, one series: nothing counts twice, everything left out is counted, and a plain engine agrees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import IMPLAUSIBLE, Columns, Stream
from core.domain.signals import SIGNALS
from core.trends.days import MINUTE_NS, Settled, settle
from core.trends.overlap import WINDOW_NS, Resolved, resolve

Row = tuple[int, int, float]


def strand(device: str, rows: Sequence[Row], signal: str = "steps", grain: str = "", source: str = "s") -> tuple[Stream, Settled]:
    """Rows of (start minute, end minute, value)."""
    start, end, value = zip(*rows, strict=True) if rows else ((), (), ())
    columns = Columns.of(np.array(start, dtype=np.int64) * MINUTE_NS, value, np.array(end, dtype=np.int64) * MINUTE_NS, 0, 0)
    return Stream(f"{source}/{device}/{grain}", source, signal, device, grain, len(rows), 0, 0), settle(columns, None)


def total(found: Resolved) -> float:
    return float((found.series.value * found.share).sum())


def lost(found: Resolved) -> dict[tuple[str, str], int]:
    return {(one.stream_id.split("/")[1], one.reason): one.count for one in found.discarded}


STEPS, HR, WEIGHT, STAGE = SIGNALS["steps"], SIGNALS["hr"], SIGNALS["weight"], SIGNALS["sleep_stage"]


def test_a_watch_and_a_phone_do_not_count_twice() -> None:
    watch, phone = (
        strand("Apple Watch", [(0, 10, 100.0), (20, 30, 100.0)]),
        strand("iPhone", [(0, 10, 90.0), (5, 25, 200.0), (40, 50, 80.0)]),
    )
    found = resolve([phone, watch], STEPS)
    assert total(found) == pytest.approx(100 + 100 + 200 * 0.5 + 80)
    assert lost(found) == {("iPhone", "overlap"): 1, ("iPhone", "partly_overlap"): 1}
    assert [found.streams[at].device for at in found.source] == ["Apple Watch", "iPhone", "Apple Watch", "iPhone"]


def test_the_person_may_trust_the_phone_first() -> None:
    watch, phone = strand("Apple Watch", [(0, 10, 100.0)]), strand("iPhone", [(0, 10, 90.0)])
    assert total(resolve([watch, phone], STEPS, ("iPhone",))) == 90.0


def test_a_summary_never_adds_to_its_own_samples() -> None:
    minutes = strand("Fitbit", [(m, m + 1, 10.0) for m in range(60)], grain="1min")
    hours = strand("Fitbit", [(0, 60, 600.0), (60, 120, 50.0)], grain="1h")
    day = strand("Fitbit", [(0, 1440, 650.0), (1440, 2880, 70.0)], grain="1d")
    found = resolve([day, hours, minutes], STEPS)
    assert total(found) == 600 + 50 + 70
    assert {(one.stream_id, one.count) for one in found.discarded} == {("s/Fitbit/1h", 1), ("s/Fitbit/1d", 1)}


def test_of_a_level_one_device_tells_at_a_time() -> None:
    band = strand("Fitbit", [(0, 0, 60.0), (1, 1, 62.0)], "hr")
    chest = strand("Strap", [(2, 2, 61.0), (7, 7, 70.0)], "hr")
    found = resolve([chest, band], HR)
    assert found.series.value.tolist() == [60.0, 62.0, 70.0]
    assert lost(found) == {("Strap", "overlap"): 1}


def test_one_measurement_told_by_two_sources_counts_once() -> None:
    scale = strand("Scale", [(0, 0, 80.04), (600, 600, 80.1)], "weight")
    app = strand("App", [(0, 0, 80.0), (600, 600, 79.5)], "weight", source="t")
    found = resolve([scale, app], WEIGHT)
    assert len(found) == 3
    assert sum(one.count for one in found.discarded) == 1
    assert {one.reason for one in found.discarded} == {"same_measurement"}


def test_the_phones_bed_is_cut_where_the_watch_knows_better() -> None:
    watch = strand("Watch", [(60, 120, 3.0), (120, 180, 4.0)], "sleep_stage")
    phone = strand("Phone", [(0, 240, 0.0), (70, 80, 0.0)], "sleep_stage")
    found = resolve([phone, watch], STAGE)
    spans = sorted(zip((found.series.start // MINUTE_NS).tolist(), (found.series.end // MINUTE_NS).tolist(), strict=True))
    assert spans == [(0, 60), (60, 120), (120, 180), (180, 240)]
    assert lost(found) == {("Phone", "overlap"): 1, ("Phone", "partly_overlap"): 1}


def test_what_is_implausible_never_counts() -> None:
    stream, settled = strand("Watch", [(0, 1, 5.0), (1, 2, 7.0)])
    odd = Settled(
        settled.start,
        settled.end,
        settled.local,
        settled.local_end,
        settled.value,
        np.array([0, IMPLAUSIBLE], np.uint8),
        settled.guessed,
    )
    assert total(resolve([(stream, odd)], STEPS)) == 5.0
    assert len(resolve([], STEPS)) == 0


# --------------------------------------------------------------------------------------------------------- a plain engine

DEVICES = ("Apple Watch", "iPhone", "Scale")
INTERVALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 25), st.integers(1, 9)).map(lambda t: (t[0], t[0] + t[1], float(t[2]))), max_size=8
)


def plainly(parts: Sequence[Sequence[Row]]) -> float:
    """Minute by minute, in order of rank: who told of a minute first keeps it, and what was told already is not told again. A moment tells
    of the time up to the next sample, an hour at most."""
    taken: set[int] = set()
    told: set[Row] = set()
    counted = 0.0
    for rows in parts:
        before, already = set(taken), set(told)
        told.update(rows)
        for start, end, value in rows:
            if (start, end, value) in already:
                continue
            if end == start:
                counted += 0.0 if start in before else value
                after = min((other for other, _, _ in rows if other > start), default=start + 60)
                taken.update(range(start, min(after, start + 60)))
                continue
            free = [minute for minute in range(start, end) if minute not in before]
            counted += value * len(free) / (end - start)
            taken.update(range(start, end))
    return counted


@given(st.tuples(INTERVALS, INTERVALS, INTERVALS))
def test_amounts_agree_with_the_plain_engine(parts: tuple[list[Row], list[Row], list[Row]]) -> None:
    found = resolve([strand(device, rows) for device, rows in zip(DEVICES, parts, strict=True)], STEPS, DEVICES)
    assert total(found) == pytest.approx(plainly(parts))
    gone = sum(one.count for one in found.discarded if one.reason in ("overlap", "same_measurement"))
    assert len(found) + gone == sum(map(len, parts))


@given(
    st.tuples(INTERVALS, INTERVALS, INTERVALS),
    st.permutations([0, 1, 2]),
    st.sampled_from(["steps", "hr", "weight", "sleep_stage"]),
)
def test_the_order_in_which_streams_come_does_not_matter(
    parts: tuple[list[Row], list[Row], list[Row]], order: list[int], signal: str
) -> None:
    strands = [strand(device, rows, signal) for device, rows in zip(DEVICES, parts, strict=True)]
    one, other = resolve(strands, SIGNALS[signal]), resolve([strands[at] for at in order], SIGNALS[signal])
    assert total(one) == pytest.approx(total(other))
    assert set(one.discarded) == set(other.discarded)
    assert np.all(np.diff(one.series.start) >= 0)


@given(INTERVALS, INTERVALS, st.integers(-10_000, 10_000))
def test_shifting_all_times_changes_nothing(first: list[Row], second: list[Row], windows: int) -> None:
    by = windows * WINDOW_NS // MINUTE_NS
    moved = [[(a + by, b + by, v) for a, b, v in rows] for rows in (first, second)]
    for signal in ("steps", "hr", "sleep_stage"):
        here = resolve([strand(d, rows, signal) for d, rows in zip(DEVICES, (first, second), strict=False)], SIGNALS[signal])
        there = resolve([strand(d, rows, signal) for d, rows in zip(DEVICES, moved, strict=False)], SIGNALS[signal])
        assert total(here) == pytest.approx(total(there))
        assert here.discarded == there.discarded


def test_a_watch_on_the_table_does_not_silence_the_phone() -> None:
    """Zeros for hours are not a count; zeros for some minutes are a person who sits."""
    left = strand("Apple Watch", [(m, m + 1, 0.0) for m in range(600)], grain="1min")
    walked = strand("iPhone", [(100, 110, 900.0)])
    assert total(resolve([left, walked], STEPS)) == 900.0
    worn = strand("Apple Watch", [(m, m + 1, 90.0 if m < 90 or m >= 120 else 0.0) for m in range(200)], grain="1min")
    assert total(resolve([worn, walked], STEPS)) == 90.0 * 170
