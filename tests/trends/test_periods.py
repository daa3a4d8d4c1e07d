"""Hours, days, weeks and months of the wall clock: sums stay sums, borders share, quarter hours say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.bins import bins_of
from core.domain.samples import FLOATING, UTC_ONLY, BinStrand, Columns, Stream
from core.domain.signals import SIGNALS
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.days import MINUTE_NS, settle
from core.trends.overlap import Resolved, resolve
from core.trends.periods import EVERY, Periods, periods, periods_of_bins, state_hours

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def wall(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp()) * 10**9


def resolved(columns: Columns, signal: str = "steps", zone: ZoneInfo | None = None, device: str = "Watch") -> Resolved:
    stream = Stream(device, "s", signal, device, "", len(columns), 0, 0)
    return resolve([(stream, settle(columns, zone))], SIGNALS[signal])


def shown(found: Periods) -> list[tuple[str, float]]:
    return [(str(np.datetime64(int(at), "ns"))[:16], round(value, 6)) for at, value in zip(found.start, found.value, strict=True)]


def test_an_amount_is_shared_out_at_midnight() -> None:
    late = Columns.of([wall(2026, 5, 1, 23, 50)], [100.0], [wall(2026, 5, 2, 0, 10)], 0, 0)
    found = periods(resolved(late), SIGNALS["steps"], "1d")
    assert shown(found) == [("2026-05-01T00:00", 50.0), ("2026-05-02T00:00", 50.0)]
    assert found.count.tolist() == [1, 0]


def test_days_are_the_persons_days() -> None:
    """Half an hour after midnight in India is still the day before in UTC."""
    columns = Columns.of([wall(2026, 5, 1, 19, 0)], [10.0], [wall(2026, 5, 1, 19, 5)], 0, 330)
    found = periods(resolved(columns), SIGNALS["steps"], "1d")
    assert shown(found) == [("2026-05-02T00:00", 10.0)]
    assert found.at[0] == wall(2026, 5, 1, 18, 30)


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    at = [wall(2026, 11, 1, 5, 30), wall(2026, 11, 1, 6, 30)]  # 01:30 twice in New York
    found = periods(resolved(Columns.of(at, [1.0, 2.0], None, 0, UTC_ONLY), zone=NEW_YORK), SIGNALS["steps"], "1h")
    assert shown(found) == [("2026-11-01T01:00", 2.0), ("2026-11-01T01:00", 1.0)] or shown(found) == [
        ("2026-11-01T01:00", 1.0),
        ("2026-11-01T01:00", 2.0),
    ]
    assert sorted(found.at.tolist()) == [wall(2026, 11, 1, 5), wall(2026, 11, 1, 6)]


@pytest.mark.parametrize(("day", "minutes"), [((2026, 3, 8), 23 * 60), ((2026, 11, 1), 25 * 60), ((2026, 7, 1), 24 * 60)])
def test_a_day_with_a_change_of_clocks_holds_all_its_minutes(day: tuple[int, int, int], minutes: int) -> None:
    start = np.arange(wall(2026, 1, 1), wall(2027, 1, 1), 60 * 10**9)
    columns = Columns.of(start, np.ones(len(start)), start + 60 * 10**9, 0, UTC_ONLY)
    found = periods(resolved(columns, zone=NEW_YORK), SIGNALS["steps"], "1d")
    assert dict(shown(found))[f"{day[0]}-{day[1]:02d}-{day[2]:02d}T00:00"] == minutes


def test_weeks_begin_on_monday_and_months_are_months() -> None:
    start = np.arange(wall(2026, 1, 1), wall(2026, 3, 1), DAY_NS)
    columns = Columns.of(start, np.ones(len(start)), start + DAY_NS, 0, FLOATING)
    weeks = periods(resolved(columns), SIGNALS["steps"], "1w")
    assert [datetime.fromtimestamp(at / 1e9, UTC).weekday() for at in weeks.start] == [0] * len(weeks)
    assert shown(weeks)[0] == ("2025-12-29T00:00", 4.0)
    assert [value for _, value in shown(periods(resolved(columns), SIGNALS["steps"], "1mo"))] == [31.0, 28.0]


def test_levels_have_a_mean_and_their_extremes() -> None:
    columns = Columns.of([wall(2026, 5, 1, 8), wall(2026, 5, 1, 9)], [50.0, 90.0], None, 0, 0)
    found = periods(resolved(columns, "hr"), SIGNALS["hr"], "1d")
    assert (found.value[0], found.low[0], found.high[0], found.count[0]) == (70.0, 50.0, 90.0, 2)
    assert found.covered[0] == pytest.approx(2 / 96)


def test_a_night_belongs_to_the_day_on_which_it_ends() -> None:
    night = Columns.of(
        [wall(2026, 5, 1, 23), wall(2026, 5, 2, 1), wall(2026, 5, 2, 5)], [3.0, 4.0, 1.0],
        [wall(2026, 5, 2, 1), wall(2026, 5, 2, 5), wall(2026, 5, 2, 6)], 0, 0,
    )  # fmt: skip
    found = periods(resolved(night, "sleep_stage"), SIGNALS["sleep_stage"], "1d")
    assert shown(found) == [("2026-05-02T00:00", 6.0)]
    hours = state_hours(resolved(night, "sleep_stage"), SIGNALS["sleep_stage"], "1d")
    assert (hours["light"][0], hours["deep"][0], hours["awake"][0]) == (2.0, 4.0, 1.0)


def test_nothing_gives_no_periods() -> None:
    for signal in ("steps", "hr", "weight", "sleep_stage", "ecg"):
        for every in EVERY:
            assert len(periods(resolved(Columns.empty(), signal), SIGNALS[signal], every)) == 0


ROWS = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 90), st.integers(0, 50)), min_size=1, max_size=30)


@given(ROWS, st.sampled_from(EVERY), st.sampled_from([0, 330, -210]))
def test_periods_sum_to_all_that_counts(rows: list[tuple[int, int, int]], every: str, offset: int) -> None:
    start = wall(2026, 3, 27) + np.array([a for a, _, _ in rows], dtype=np.int64) * MINUTE_NS
    columns = Columns.of(start, [float(v) for _, _, v in rows], start + np.array([b for _, b, _ in rows], dtype=np.int64) * MINUTE_NS, 0, offset)
    found = resolved(columns)
    made = periods(found, SIGNALS["steps"], every)
    assert made.value.sum() == pytest.approx((found.series.value * found.share).sum())
    assert made.count.sum() == len(found)
    assert ((made.covered > 0) & (made.covered <= 1)).all()


@given(ROWS, st.sampled_from(EVERY), st.sampled_from(["steps", "hr"]), st.sampled_from([330, UTC_ONLY, FLOATING]))
def test_quarter_hours_say_the_same(rows: list[tuple[int, int, int]], every: str, signal: str, offset: int) -> None:
    start = wall(2026, 3, 27) + np.array([a for a, _, _ in rows], dtype=np.int64) // 15 * 15 * MINUTE_NS
    lasts = 15 * MINUTE_NS if signal == "steps" else 0
    columns = Columns.of(start, [float(v) for _, _, v in rows], start + lasts, 0, offset)
    stream = Stream("t", "s", signal, "Watch", "", len(rows), 0, 0)
    made = periods_of_bins([BinStrand(stream, bins_of(columns, SIGNALS[signal]))], SIGNALS[signal], every, BERLIN)
    plain = periods(resolved(columns, signal, BERLIN), SIGNALS[signal], every)
    assert made.start.tolist() == plain.start.tolist()
    assert made.value == pytest.approx(plain.value)
    if signal == "hr":
        assert (made.low.tolist(), made.high.tolist(), made.count.tolist()) == (plain.low.tolist(), plain.high.tolist(), plain.count.tolist())


def test_a_sum_of_minutes_is_the_sum_of_hours() -> None:
    rng = np.random.default_rng(1)
    start = wall(2026, 3, 20) + np.arange(0, 20 * DAY_NS, MINUTE_NS)
    columns = Columns.of(start, rng.integers(0, 120, len(start)).astype(float), start + MINUTE_NS, 0, FLOATING)
    hours = periods(resolved(columns, zone=BERLIN), SIGNALS["steps"], "1h")
    days = periods(resolved(columns, zone=BERLIN), SIGNALS["steps"], "1d")
    by_day = np.zeros(len(days))
    np.add.at(by_day, np.searchsorted(days.start, hours.start // DAY_NS * DAY_NS), hours.value)
    assert by_day == pytest.approx(days.value)
    assert HOUR_NS == 60 * MINUTE_NS
