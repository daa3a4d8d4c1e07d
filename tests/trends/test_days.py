"""Both clocks of every sample: zones, changes of the clocks, travel, and days that are not 24 hours long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import FLOATING, UTC_ONLY, Columns
from core.trends.columns import HOUR_NS
from core.trends.days import MINUTE_NS, Settled, day_numbers, day_of, day_span, instants, midnights, number_of, offsets, settle

NEW_YORK, KOLKATA, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")
ZONES = ("America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu", "UTC")


def wall(*parts: int) -> int:
    """ns of a clock reading as if it were UTC."""
    return round(datetime(*parts, tzinfo=UTC).timestamp()) * 10**9


def one(at: int, offset: int, lasts: int = 0, zone: ZoneInfo | None = None) -> Settled:
    return settle(Columns.of([at], [1.0], [at + lasts], 0, offset), zone)


def test_a_known_offset_is_kept_whatever_the_zone() -> None:
    """A traveller: lives in New York, measured in India."""
    at = wall(2026, 5, 1, 20, 0)
    found = one(at, 330, zone=NEW_YORK)
    assert (found.start[0], found.local[0], found.guessed[0]) == (at, wall(2026, 5, 2, 1, 30), False)


def test_utc_only_takes_the_zones_clock() -> None:
    found = one(wall(2026, 7, 1, 2, 0), UTC_ONLY, zone=NEW_YORK)
    assert (found.local[0], found.guessed[0]) == (wall(2026, 6, 30, 22, 0), False)
    assert day_of(day_numbers(found.local)[0]) == date(2026, 6, 30)


def test_without_a_zone_it_is_said() -> None:
    for offset in (UTC_ONLY, FLOATING):
        found = one(wall(2026, 7, 1, 2, 0), offset)
        assert (found.start[0], found.local[0], found.guessed[0]) == (wall(2026, 7, 1, 2, 0), wall(2026, 7, 1, 2, 0), True)


@pytest.mark.parametrize(
    ("clock", "hours_utc"),
    [
        ((2026, 3, 8, 1, 30), 6.5),
        ((2026, 3, 8, 2, 30), 7.5),  # jumped over: as if not yet
        ((2026, 3, 8, 3, 30), 7.5),
        ((2026, 11, 1, 0, 30), 4.5),
        ((2026, 11, 1, 1, 30), 5.5),  # comes twice: the first
        ((2026, 11, 1, 2, 30), 7.5),
    ],
)
def test_a_clock_without_an_offset_over_a_change(clock: tuple[int, ...], hours_utc: float) -> None:
    found = one(wall(*clock), FLOATING, zone=NEW_YORK)
    assert (found.start[0] - wall(*clock[:3])) / HOUR_NS == hours_utc


def test_a_series_that_goes_back_on_the_clock_is_in_the_second_hour() -> None:
    clocks = [wall(2026, 11, 1, h, m) for h, m in ((0, 30), (1, 0), (1, 30), (1, 0), (1, 30), (2, 0))]
    found = settle(Columns.of(clocks, np.ones(6), None, 0, FLOATING), NEW_YORK)
    assert ((found.start - wall(2026, 11, 1)) / HOUR_NS).tolist() == [4.5, 5.0, 5.5, 6.0, 6.5, 7.0]


def test_an_interval_over_a_change_ends_by_the_new_clock() -> None:
    night = one(wall(2026, 3, 8, 4, 0), -300, 6 * HOUR_NS, NEW_YORK)  # 23:00 to 06:00, six hours of sleep
    assert night.local_end[0] == wall(2026, 3, 8, 6, 0)
    abroad = one(wall(2026, 3, 8, 4, 0), 60, 6 * HOUR_NS, NEW_YORK)
    assert abroad.local_end[0] - abroad.local[0] == 6 * HOUR_NS


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 8), "America/New_York", 23),
        (date(2026, 11, 1), "America/New_York", 25),
        (date(2026, 7, 1), "Asia/Kolkata", 24),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # midnight does not exist
    ],
)
def test_days_are_as_long_as_they_are(day: date, zone: str, hours: float) -> None:
    start, end = day_span(day, ZoneInfo(zone))
    assert (end - start) / HOUR_NS == hours
    assert (midnights(day, day, ZoneInfo(zone))).tolist() == [start, end]
    assert number_of(day_of(number_of(day))) == number_of(day)


INSTANT = st.integers(wall(1995, 1, 1) // MINUTE_NS, wall(2035, 1, 1) // MINUTE_NS).map(lambda minute: minute * MINUTE_NS)


@given(st.lists(INSTANT, min_size=1, max_size=40), st.sampled_from(ZONES))
def test_offsets_are_those_of_the_zone_database(at: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    found = offsets(np.array(at, dtype=np.int64), zone)
    for instant, offset in zip(at, found.tolist(), strict=True):
        said = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant // 1000)).astimezone(zone).utcoffset()
        assert said is not None and offset == said.total_seconds() * 1e9


@given(st.lists(INSTANT, min_size=1, max_size=40), st.sampled_from(ZONES))
def test_a_clock_leads_back_to_an_instant_that_shows_it(at: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    instant = np.sort(np.array(at, dtype=np.int64))
    local = instant + offsets(instant, zone)
    back = instants(local, zone)
    assert (back + offsets(back, zone) == local).all()


@given(st.lists(INSTANT, max_size=20), st.integers(-10**6, 10**6), st.sampled_from([-300, 0, 330, 345, 840]))
def test_shifting_all_times_shifts_both_clocks(at: list[int], minutes: int, offset: int) -> None:
    before = settle(Columns.of(at, np.ones(len(at)), None, 0, offset), None)
    after = settle(Columns.of(np.array(at, dtype=np.int64) + minutes * MINUTE_NS, np.ones(len(at)), None, 0, offset), None)
    assert (after.start - before.start == minutes * MINUTE_NS).all()
    assert (after.local - before.local == minutes * MINUTE_NS).all()
