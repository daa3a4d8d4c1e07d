"""The budget is never overspent, the same question gets the kept answer, and the noise is OpenDP's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.panel import noise
from core.panel.privacy import BUDGET, Release, Spending, cost_of, quarter_of, read, with_release, written
from core.panel.terms import OUTSIDE, TABLES

AT = datetime(2026, 11, 21, tzinfo=UTC)


def release(cost: int, scope: str = "", quarter: str = "2026-Q4") -> Release:
    counts = {table: dict.fromkeys(TABLES[table], 3) for table in OUTSIDE}
    return Release(f"{quarter}-{scope}-{cost}", quarter, AT, "admin", scope, cost, counts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-10, 3000), st.sampled_from(["2026-Q4", "2027-Q1"])), max_size=30))
def test_whatever_is_asked_no_quarter_is_overspent(asked: list[tuple[int, str]]) -> None:
    spending = Spending()
    for cost, quarter in asked:
        try:
            spending = with_release(spending, release(cost, quarter=quarter))
        except BadInput as error:
            assert error.code == "budget_spent"
            assert cost <= 0 or spending.spent(quarter) + cost > BUDGET
        assert all(spending.spent(one) <= BUDGET and spending.left(one) >= 0 for one in ("2026-Q4", "2027-Q1"))
    assert read(written(spending)) == spending


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["read", "write"]), st.integers(100, 2500)), max_size=40))
def test_in_whatever_order_several_read_and_write_nothing_is_overspent_or_lost(steps: list[tuple[int, str, int]]) -> None:
    """Everybody writes only in the place of what they read (as the store does); what they show is what was written."""
    kept, held, shown = b"", dict.fromkeys(range(4), b""), []
    for number, (who, what, cost) in enumerate(steps):
        if what == "read":
            held[who] = kept
            continue
        try:
            after = with_release(read(held[who]), release(cost, f"{number}"))
        except BadInput:
            continue
        if held[who] == kept:
            kept = held[who] = written(after)
            shown.append(after.releases[-1])
    assert read(kept).releases == tuple(shown)
    assert read(kept).spent("2026-Q4") <= BUDGET


def test_the_same_question_is_known_again() -> None:
    spending = with_release(Spending(), release(1000, "north"))
    assert spending.kept("2026-Q4", "north", 1000) == release(1000, "north")
    assert spending.kept("2026-Q4", "south", 1000) is None
    assert spending.kept("2026-Q4", "north", 500) is None
    assert spending.kept("2027-Q1", "north", 1000) is None


@pytest.mark.parametrize("epsilon", [0, -1, float("nan"), float("inf"), 4.5, 0.05])
def test_an_epsilon_that_cannot_be(epsilon: float) -> None:
    with pytest.raises(BadInput):
        cost_of(epsilon)


@given(st.floats(0.1, 4.0))
def test_a_cost_is_never_more_than_was_allowed_and_is_shared_evenly(epsilon: float) -> None:
    cost = cost_of(epsilon)
    assert 0 < cost <= epsilon * 1000 + 1e-6
    assert cost % len(OUTSIDE) == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"version":2,"releases":[]}', b'{"version":1,"releases":[{}]}', b"\xff"])
def test_a_damaged_ledger_is_never_taken_for_an_empty_one(body: bytes) -> None:
    with pytest.raises(BadInput, match="ledger_damaged"):
        read(body)


def test_a_quarter_is_that_of_utc() -> None:
    assert quarter_of(AT) == "2026-Q4"
    assert quarter_of(datetime.fromisoformat("2027-01-01T05:00:00+08:00")) == "2026-Q4"
    assert quarter_of(AT + timedelta(days=50)) == "2027-Q1"


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1.0])
def test_the_noise_is_as_wide_as_epsilon_says(epsilon: float) -> None:
    """The variance of the two-sided geometric distribution is 2a / (1 - a)^2 with a = exp(-epsilon); 20,000 draws, within a tenth."""
    drawn = np.array(noise.noised([1000] * 20_000, epsilon)) - 1000
    a = np.exp(-epsilon)
    assert drawn.var() == pytest.approx(2 * a / (1 - a) ** 2, rel=0.1)
    assert abs(drawn.mean()) < 6 * drawn.std() / np.sqrt(len(drawn))
    assert 0.93 < (np.abs(drawn) <= noise.within(epsilon)).mean() < 0.985
    assert len(set(noise.noised([5] * 40, 0.1))) > 5


def test_noise_comes_from_opendp_and_costs_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    import opendp.prelude as dp

    asked = []
    made = dp.m.make_geometric

    def heard(*given: object, scale: float) -> object:
        mechanism = made(*given, scale=scale)
        asked.append(mechanism.map(d_in=noise.ONE_PERSON))
        return mechanism

    monkeypatch.setattr(dp.m, "make_geometric", heard)
    noise.noised([1, 2, 3], 0.1)
    assert asked and asked[-1] <= 0.1


@pytest.mark.parametrize("epsilon", [0.0, -0.1, float("nan"), 11.0])
def test_noise_that_is_none_is_refused(epsilon: float) -> None:
    with pytest.raises(BadInput):
        noise.noised([1], epsilon)
