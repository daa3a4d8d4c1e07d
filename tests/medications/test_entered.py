"""What a person says about how they take a medicine becomes exactly the doses they mean: read back by the reader of every other order."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.entered import KINDS, Entered, dosages, wanting
from core.medications.expanding import following
from core.medications.reading import regimen
from core.medications.terms import Habits

SHANGHAI = Habits(zone="Asia/Shanghai")
START = date(2026, 11, 27)
NOW = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)  # midnight of the 27th in Shanghai


def walls(one: Entered, n: int = 4) -> list[str]:
    found = regimen(list(dosages(one, SHANGHAI.zone)), START.isoformat())
    assert found.asked == ()
    return [f"{dose.at.astimezone(ZoneInfo(SHANGHAI.zone)):%m-%d %H:%M}" for dose in following(found, SHANGHAI, NOW, n)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Entered("daily", (time(20), time(8)), amount=1, unit="tablet", start=START), ["11-27 08:00", "11-27 20:00", "11-28 08:00", "11-28 20:00"]),
        (Entered("weekdays", (time(7, 30),), days=("mon", "thu"), start=START), ["11-30 07:30", "12-03 07:30", "12-07 07:30", "12-10 07:30"]),
        (Entered("weekdays", (time(8), time(20)), days=("fri",), start=START), ["11-27 08:00", "11-27 20:00", "12-04 08:00", "12-04 20:00"]),
        (Entered("every_days", (time(8), time(20)), every=2, start=START), ["11-27 08:00", "11-27 20:00", "11-29 08:00", "11-29 20:00"]),
        (Entered("hours", every=8, first=time(6), start=START), ["11-27 06:00", "11-27 14:00", "11-27 22:00", "11-28 06:00"]),
        (Entered("cycle", (time(22),), on=2, off=3, start=START), ["11-27 22:00", "11-28 22:00", "12-02 22:00", "12-03 22:00"]),
        (Entered("daily", (time(8),), start=START, end=date(2026, 11, 28)), ["11-27 08:00", "11-28 08:00"]),
    ],
)
def test_what_is_said_gives_the_doses_that_are_meant(said: Entered, expected: list[str]) -> None:
    assert walls(said) == expected


def test_what_is_taken_when_needed_is_limited_and_never_planned() -> None:
    said = Entered("needed", amount=1, unit="tablet", least=6, most=3, reason="pain")
    found = regimen(list(dosages(said, "UTC")))
    assert (found.steps, found.asked) == ((), ())
    (need,) = found.as_needed
    assert (need.least_between, need.most_doses, need.reason) == (timedelta(hours=6), 3, "pain")


def test_a_limit_without_an_amount_is_kept_as_a_number_of_doses() -> None:
    (need,) = regimen(list(dosages(Entered("needed", most=3), "UTC"))).as_needed
    assert (need.most_doses, need.least_between) == (3, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Entered("daily"), "times"),
        (Entered("weekdays", (time(8),)), "days"),
        (Entered("every_days", (time(8),), start=START), "every"),
        (Entered("hours", every=8), "start"),
        (Entered("cycle", (time(8),), on=21, start=START), "cycle"),
        (Entered("daily", (time(8),), start=START, end=date(2026, 11, 26)), "end"),
    ],
)
def test_what_is_wanting_is_named_and_nothing_is_planned_from_it(said: Entered, code: str) -> None:
    assert wanting(said) == code
    assert dosages(said, "UTC") == ()


@given(
    st.sampled_from(KINDS), st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), max_size=6), st.integers(0, 40),
    st.lists(st.sampled_from(("mon", "wed", "sun")), max_size=3), st.integers(0, 30), st.sampled_from((None, 0.5, 1.0, 20.0)), st.integers(0, 24),
)  # fmt: skip
def test_the_reader_leaves_nothing_open_of_what_the_form_takes(
    kind: str, times: list[time], every: int, days: list[str], off: int, amount: float | None, least: int
) -> None:
    said = Entered(kind, tuple(times), every, tuple(days), every, off, amount, "tablet" if amount else "", START, None, least, off)
    made = dosages(said, "Asia/Kathmandu")
    assert bool(made) != bool(wanting(said))
    if made:
        assert regimen(list(made), START.isoformat()).asked == ()
