"""Days and minutes against codes: a golden table with every edge, and what holds for any month."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.monitoring.rules import REASONS, counted

GOLDEN = (
    # days, minutes, live, codes, why
    (0, 0, False, "", "too_few_days too_few_minutes"),
    (1, 9, True, "", "too_few_days too_few_minutes"),
    (2, 0, False, "99445", "too_few_minutes"),
    (15, 9, True, "99445", "too_few_minutes"),
    (16, 9, True, "99454", "too_few_minutes"),
    (30, 10, True, "99454 99470", ""),
    (31, 19, True, "99454 99470", ""),
    (16, 19, False, "99454", "no_live_contact"),
    (16, 20, True, "99454 99457", ""),
    (2, 39, True, "99445 99457", ""),
    (2, 40, True, "99445 99457 99458", ""),
    (2, 59, True, "99445 99457 99458", ""),
    (16, 60, True, "99454 99457 99458 99458", ""),
    (16, 100, True, "99454 99457 99458 99458 99458 99458", ""),
    (0, 100, False, "", "too_few_days no_live_contact"),
    (0, 20, True, "99457", "too_few_days"),
)


@pytest.mark.parametrize(("days", "minutes", "live", "codes", "why"), GOLDEN)
def test_golden(days: int, minutes: int, live: bool, codes: str, why: str) -> None:
    found = counted(2026, days, minutes, live)
    assert " ".join(code for code, times in found.codes for _ in range(times)) == codes
    assert " ".join(found.why) == why


@pytest.mark.parametrize("year", [1999, 2025, 2027])
def test_of_another_year_nothing_is_said(year: int) -> None:
    found = counted(year, 31, 60, True)
    assert (found.codes, found.why) == ((), ("year_not_known",))


@pytest.mark.parametrize(("days", "minutes"), [(-1, 0), (0, -1)])
def test_nothing_is_below_nothing(days: int, minutes: int) -> None:
    with pytest.raises(ValueError, match="from 0"):
        counted(2026, days, minutes, True)


@given(st.integers(0, 31), st.integers(0, 10_000), st.booleans())
def test_what_holds_for_any_month(days: int, minutes: int, live: bool) -> None:
    found = counted(2026, days, minutes, live)
    names = [code for code, _ in found.codes]
    assert len(set(names)) == len(names) and set(found.why) <= set(REASONS)
    assert not {"99445", "99454"} <= set(names) and not {"99470", "99457"} <= set(names)
    assert live or not set(names) & {"99470", "99457", "99458"}
    more = counted(2026, days, minutes + 20, live)
    assert sum(times for _, times in more.codes) >= sum(times for _, times in found.codes), "more minutes never count for less"
    assert sum(times for code, times in found.codes if code in ("99457", "99458")) * 20 <= minutes, "no minute counts twice"
