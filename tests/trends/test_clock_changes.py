"""Changes of the clock, journeys and half-hour zones: the hours and days of a series beside a plain engine that goes minute by minute."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.bins import bins_of
from core.domain.samples import FLOATING, UTC_ONLY, BinStrand, Columns, Stream
from core.domain.signals import SIGNALS
from core.trends.bin_overlap import resolve_bins
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.days import MINUTE_NS, Settled, day_span, instants, midnights, settle
from core.trends.overlap import Resolved, resolve
from core.trends.periods import EVERY, periods, periods_of_bins, state_hours

BERLIN, LORD_HOWE, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")
ZONES: tuple[tzinfo, ...] = (
    BERLIN,
    LORD_HOWE,
    APIA,
    ZoneInfo("America/New_York"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("America/Havana"),
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp()) * 10**9


def utc(*parts: int, zone: tzinfo = BERLIN, fold: int = 0) -> int:
    return round(datetime(*parts, tzinfo=zone, fold=fold).timestamp()) * 10**9


def clocks(found: Settled) -> list[float]:
    return ((found.local - found.start) / HOUR_NS).tolist()


def floating(*times: tuple[int, ...], lasts: int = 0, zone: tzinfo = BERLIN) -> Settled:
    start = np.array([wall(*one) for one in times], dtype=np.int64)
    return settle(Columns.of(start, np.arange(len(times)), start + lasts * MINUTE_NS, 0, FLOATING), zone)


AUTUMN = (2026, 10, 25)


def test_a_table_sorted_by_clock_shows_the_second_pass_where_each_time_stands_twice() -> None:
    times = [(*AUTUMN, 1, 45), *((*AUTUMN, 2, m) for m in (0, 0, 15, 15, 30, 30, 45, 45)), (*AUTUMN, 3, 0)]
    found = floating(*times, lasts=15)
    assert clocks(found) == [2, 2, 1, 2, 1, 2, 1, 2, 1, 1]
    order = np.argsort(found.start)
    assert (found.end[order][:-1] == found.start[order][1:]).all()  # without a hole and without an overlap


def test_newest_first_shows_the_second_pass_as_well() -> None:
    times = [(*AUTUMN, 3, 0), *((*AUTUMN, 2, m) for m in (45, 30, 15, 0, 45, 30, 15, 0)), (*AUTUMN, 1, 45)]
    assert clocks(floating(*times, lasts=15)) == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]


def test_a_table_that_counts_through_has_no_second_pass() -> None:
    found = floating(*((*AUTUMN, 2, m) for m in range(60)), lasts=1)
    assert set(clocks(found)) == {2.0}
    assert (found.end - found.start == MINUTE_NS).all()  # also the last, which ends when the first pass ends


def test_in_spring_what_was_left_out_moves_forward_and_keeps_its_length() -> None:
    found = floating((2026, 3, 29, 1, 45), (2026, 3, 29, 2, 15), (2026, 3, 29, 3, 15), lasts=15)
    assert clocks(found) == [1, 2, 2]
    assert found.start.tolist() == [utc(2026, 3, 29, 1, 45), utc(2026, 3, 29, 3, 15), utc(2026, 3, 29, 3, 15)]
    assert (found.end - found.start == 15 * MINUTE_NS).all()
    over = floating((2026, 3, 29, 2, 50), lasts=20)  # starts in the gap, ends behind it: its device did not make the change
    assert (over.end - over.start)[0] == 20 * MINUTE_NS


def test_a_night_by_the_clock_is_as_long_as_it_was() -> None:
    spring, autumn = floating((2026, 3, 28, 22, 0), lasts=8 * 60), floating((2026, 10, 24, 22, 0), lasts=8 * 60)
    assert [(one.end - one.start)[0] / HOUR_NS for one in (spring, autumn)] == [7, 9]


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), BERLIN, 23), (date(2026, 10, 25), BERLIN, 25), (date(2026, 4, 5), LORD_HOWE, 24.5), (date(2026, 10, 4), LORD_HOWE, 23.5),
        (date(2011, 12, 30), APIA, 0), (date(2026, 11, 1), ZoneInfo("America/Havana"), 25), (date(2026, 3, 8), ZoneInfo("America/Havana"), 23),
    ],
)  # fmt: skip
def test_days_have_their_own_length(day: date, zone: tzinfo, hours: float) -> None:
    start, end = day_span(day, zone)
    assert (end - start) / HOUR_NS == hours


@given(st.dates(date(1995, 1, 1), date(2035, 1, 1)), st.integers(0, 500), st.sampled_from(ZONES))
def test_midnights_are_where_the_date_changes(first: date, days: int, zone: tzinfo) -> None:
    found = midnights(first, first + timedelta(days=days), zone)
    assert len(found) == days + 2 and (np.diff(found) >= 0).all()
    for at, day in ((0, first), (days, first + timedelta(days=days))):
        begin = EPOCH + timedelta(microseconds=int(found[at]) // 1000)
        assert begin.astimezone(zone).date() >= day > (begin - timedelta(seconds=1)).astimezone(zone).date()


# ------------------------------------------------------------------------------------------------- hours of an amount


def counted(columns: Columns, zone: tzinfo | None, signal: str = "steps", device: str = "Watch") -> Resolved:
    stream = Stream(device, "s", signal, device, "", len(columns), 0, 0)
    return resolve([(stream, settle(columns, zone))], SIGNALS[signal])


def test_an_hour_that_was_left_out_gets_nothing() -> None:
    """01:30 to 03:30 on the clock was one hour."""
    night = Columns.of([utc(2026, 3, 29, 1, 30)], [120.0], [utc(2026, 3, 29, 3, 30)], 0, UTC_ONLY)
    found = periods(counted(night, BERLIN), SIGNALS["steps"], "1h")
    assert [(int(at - wall(2026, 3, 29)) // HOUR_NS, value) for at, value in zip(found.start, found.value, strict=True)] == [
        (1, 60.0),
        (3, 60.0),
    ]


def test_an_hour_that_came_twice_is_two_rows_in_their_order() -> None:
    whole = Columns.of([utc(2026, 10, 25, 1)], [400.0], [utc(2026, 10, 25, 4)], 0, UTC_ONLY)
    found = periods(counted(whole, BERLIN), SIGNALS["steps"], "1h")
    assert ((found.start - wall(2026, 10, 25)) // HOUR_NS).tolist() == [1, 2, 2, 3]
    assert ((found.start - found.at) // HOUR_NS).tolist() == [2, 2, 1, 1]
    assert found.value.tolist() == [100.0] * 4 and found.count.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(("day", "quarters"), [((2026, 3, 29), 92), ((2026, 10, 25), 100), ((2026, 7, 1), 96)])
def test_a_day_that_is_told_whole_is_covered_whole(day: tuple[int, int, int], quarters: int) -> None:
    start = np.arange(utc(*day), day_span(date(*day), BERLIN)[1], 15 * MINUTE_NS)
    assert len(start) == quarters
    found = periods(counted(Columns.of(start, np.ones(len(start)), start + 15 * MINUTE_NS), BERLIN), SIGNALS["steps"], "1d")
    assert (found.value.tolist(), found.covered.tolist(), found.at.tolist()) == ([quarters], [1.0], [start[0]])
    assert periods(counted(Columns.of(start[:23], np.ones(23)), BERLIN, "hr"), SIGNALS["hr"], "1d").covered[0] == pytest.approx(
        23 / quarters
    )


def test_a_journey_keeps_the_clocks_that_were_lived() -> None:
    """Lives in Berlin, walked in New York until midnight there."""
    steps = Columns.of([utc(2026, 7, 2, 3, 30)], [60.0], [utc(2026, 7, 2, 6, 30)], 0, -240)
    found = periods(counted(steps, BERLIN), SIGNALS["steps"], "1d")
    assert (found.start.tolist(), found.value.tolist()) == ([wall(2026, 7, 1), wall(2026, 7, 2)], [50.0, 10.0])
    assert found.at.tolist() == [wall(2026, 7, 1, 4), wall(2026, 7, 2, 4)]


START = st.integers(0, 3 * 24 * 4).map(lambda quarter: quarter * 15)
ROWS = st.lists(st.tuples(START, st.integers(0, 300), st.integers(1, 50)), min_size=1, max_size=12)
AROUND = (wall(2026, 3, 28), wall(2026, 10, 24), wall(2026, 4, 4), wall(2026, 10, 3), wall(2026, 10, 31))


def of_rows(rows: list[tuple[int, int, int]], base: int, offset: int = UTC_ONLY) -> Columns:
    start = base + np.array([at for at, _, _ in rows], dtype=np.int64) * MINUTE_NS
    return Columns.of(
        start,
        [float(value) for *_, value in rows],
        start + np.array([n for _, n, _ in rows], dtype=np.int64) * MINUTE_NS,
        0,
        offset,
    )


def minute_by_minute(columns: Columns, zone: tzinfo, every: str) -> dict[tuple[datetime, timedelta], float]:
    """Each minute of each interval goes to the period that the clock shows then."""
    found: dict[tuple[datetime, timedelta], float] = defaultdict(float)
    for start, end, value in zip(columns.start.tolist(), columns.end.tolist(), columns.value.tolist(), strict=True):
        minutes = range(start, max(end, start + 1), MINUTE_NS)
        for minute in minutes:
            local = (EPOCH + timedelta(microseconds=minute // 1000)).astimezone(zone)
            ahead = local.utcoffset() if every == "1h" else timedelta()
            hour = local.hour if every == "1h" else 0
            day = local.date()
            if every == "1w":
                day -= timedelta(days=day.weekday())
            if every == "1mo":
                day = day.replace(day=1)
            found[datetime(day.year, day.month, day.day, hour), ahead or timedelta()] += value / len(minutes)
    return found


@settings(max_examples=60)
@given(ROWS, st.sampled_from(AROUND), st.sampled_from(ZONES), st.sampled_from(EVERY))
def test_amounts_agree_with_going_minute_by_minute(rows: list[tuple[int, int, int]], base: int, zone: tzinfo, every: str) -> None:
    columns = of_rows(rows, base)
    found = periods(counted(columns, zone), SIGNALS["steps"], every)
    plain = minute_by_minute(columns, zone, every)
    made = {}
    for at, instant, value in zip(found.start.tolist(), found.at.tolist(), found.value.tolist(), strict=True):
        ahead = timedelta(microseconds=(at - instant) // 1000) if every == "1h" else timedelta()
        made[datetime(1970, 1, 1) + timedelta(microseconds=at // 1000), ahead] = value
    assert made.keys() == plain.keys()
    assert all(made[key] == pytest.approx(plain[key]) for key in plain)
    assert ((found.covered > 0) & (found.covered <= 1)).all()


@settings(max_examples=60)
@given(ROWS, st.sampled_from(AROUND), st.sampled_from(ZONES), st.integers(-200, 200))
def test_moving_all_times_by_weeks_in_a_zone_without_changes_changes_nothing(rows, base: int, zone: tzinfo, weeks: int) -> None:
    by = weeks * 7 * DAY_NS
    for signal in ("steps", "hr"):
        here, there = (periods(counted(of_rows(rows, base + shift, 345), None, signal), SIGNALS[signal], "1d") for shift in (0, by))
        assert (there.start - here.start == by).all() and (there.at - here.at == by).all()
        assert there.value == pytest.approx(here.value)
        assert (there.count == here.count).all() and there.covered == pytest.approx(here.covered)


@settings(max_examples=60)
@given(ROWS, st.sampled_from(AROUND), st.sampled_from(ZONES))
def test_sleep_is_as_long_as_it_was_over_all_steps(rows: list[tuple[int, int, int]], base: int, zone: tzinfo) -> None:
    columns = of_rows([(at, lasts, 3) for at, lasts, _ in rows], base)
    minutes = {
        m for start, end in zip(columns.start.tolist(), columns.end.tolist(), strict=True) for m in range(start, end, MINUTE_NS)
    }
    found = counted(columns, zone, "sleep_stage")
    for every in EVERY:
        made = periods(found, SIGNALS["sleep_stage"], every)
        assert made.value.sum() * 60 == pytest.approx(len(minutes))
        assert state_hours(found, SIGNALS["sleep_stage"], every)["light"] == pytest.approx(made.value)


def test_lying_awake_is_no_sleep() -> None:
    """A short time awake within a long "asleep" of the same device."""
    night = Columns.of([0, 3 * HOUR_NS], [2.0, 1.0], [8 * HOUR_NS, 3 * HOUR_NS + 30 * MINUTE_NS], 0, 0)
    assert periods(counted(night, None, "sleep_stage"), SIGNALS["sleep_stage"], "1d").value.tolist() == [7.5]


def test_codes_and_recordings_are_counted() -> None:
    at = np.array([0, HOUR_NS, 2 * HOUR_NS])
    for signal in ("ecg", "rhythm_flag"):
        found = periods(counted(Columns.of(at, [0.0, 2.0, 2.0], None, 0, 0), None, signal), SIGNALS[signal], "1d")
        assert (found.value.tolist(), found.low.tolist(), found.high.tolist()) == ([3.0], [0.0], [2.0])


# ------------------------------------------------------------------------------------------------------- quarter hours


def strand(name: str, rows: list[tuple[int, int, int]], signal: str, grain: str = "") -> tuple[Stream, Columns]:
    whole = [(at, 15 if grain == "" else 1440, value) for at, _, value in rows]
    columns = of_rows(whole, wall(2026, 3, 28) - HOUR_NS)
    return Stream(f"{name}{grain}", "s", signal, name, grain, len(rows), 0, 0), columns


@settings(max_examples=60)
@given(ROWS, ROWS, st.sampled_from(["steps", "hr"]), st.sampled_from(EVERY))
def test_quarter_hours_of_two_devices_say_what_the_samples_say(first, second, signal: str, every: str) -> None:
    row = SIGNALS[signal]
    strands = [strand("Watch", first, signal), strand("iPhone", second, signal)]
    if signal == "hr":  # one sample each quarter hour, so that a window of five minutes and a quarter hour tell the same
        strands = [(stream, Columns.of(columns.start, columns.value, None, 0, UTC_ONLY)) for stream, columns in strands]
    bins = [BinStrand(stream, bins_of(columns, row)) for stream, columns in strands]
    made = periods_of_bins(bins, row, every, BERLIN)
    plain = periods(resolve([(stream, settle(columns, BERLIN)) for stream, columns in strands], row), row, every)
    assert made.start.tolist() == plain.start.tolist()
    assert made.at.tolist() == plain.at.tolist()
    assert made.covered == pytest.approx(plain.covered)
    alike = resolve_bins(bins, row, BERLIN)
    if not any(one.reason == "same_measurement" for one in resolve([(s, settle(c, BERLIN)) for s, c in strands], row).discarded):
        assert made.value == pytest.approx(plain.value)
        assert made.sources == plain.sources
    assert sum(one.count for one in alike.resolved.discarded) + alike.count.sum() == len(first) + len(second)


def test_a_days_total_in_quarter_hours_does_not_add_to_the_devices_own() -> None:
    fine, total = (
        strand("Watch", [(120, 0, 30), (300, 0, 40)], "steps"),
        strand("Watch", [(60, 0, 500), (60 + 1440, 0, 700)], "steps", "1d"),
    )
    bins = [BinStrand(stream, bins_of(columns, SIGNALS["steps"])) for stream, columns in (fine, total)]
    found = periods_of_bins(bins, SIGNALS["steps"], "1d", None)
    assert found.value.sum() == pytest.approx(30 + 40 + 700)
    assert [(one.stream_id, one.reason, one.count) for one in resolve_bins(bins, SIGNALS["steps"], None).resolved.discarded] == [
        ("Watch1d", "summary_of_finer", 1)
    ]


def test_quarter_hours_hold_levels_and_amounts_only() -> None:
    with pytest.raises(ValueError, match="event"):
        periods_of_bins([], SIGNALS["weight"], "1d", None)
    assert len(periods_of_bins([], SIGNALS["hr"], "1d", BERLIN)) == 0


def test_periods_can_be_cut_to_the_days_asked_for() -> None:
    start = wall(2026, 5, 1) + np.arange(5, dtype=np.int64) * DAY_NS
    found = periods(counted(Columns.of(start, np.ones(5), start + DAY_NS, 0, 0), None), SIGNALS["steps"], "1d")
    cut = found.within(wall(2026, 5, 2), wall(2026, 5, 4))
    assert (cut.start.tolist(), len(cut.sources)) == ([wall(2026, 5, 2), wall(2026, 5, 3)], 2)


def test_instants_without_a_zone_are_the_clock_itself() -> None:
    walls = np.array([wall(2026, 5, 2)])
    assert instants(walls, None).tolist() == walls.tolist()
