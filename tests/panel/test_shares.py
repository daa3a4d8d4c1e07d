"""Tables in which everybody is once, and gaps that are named only where they are no chance."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.panel.shares import DIMENSIONS, counted, gaps, wilson
from core.panel.terms import CONDITIONS, LEAST, TABLES, UNKNOWN, Row, bin_of
from tests.panel.given import people

states = st.sampled_from(["in_target", "above", "below", "unknown", "not_asked", "", "odd"])
rows = st.builds(
    Row,
    st.text(max_size=4),
    st.none() | st.integers(-5, 200),
    st.sampled_from(["female", "male", "", "unknown", "x"]),
    st.sampled_from(["china", "", "moon"]),
    st.sampled_from(["en", "zh", "tr", "", "unknown"]),
    st.dictionaries(st.sampled_from(CONDITIONS), st.sampled_from(["yes", "no", "unknown", "perhaps"])),
    states,
    states,
    states,
    covered=st.lists(st.booleans(), max_size=3).map(tuple),
    doses=st.sampled_from([(0, 0, 0), (10, 0, 0), (10, 9, 9), (10, 6, 8), (10, 2, 9)]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=20))
def test_everybody_is_in_one_bar_of_every_table(found: list[Row]) -> None:
    counts = counted(found)
    assert list(counts) == list(TABLES)
    assert all(sum(bars.values()) == len(found) and tuple(bars) == TABLES[table] for table, bars in counts.items())


def test_what_is_not_known_has_its_own_bar() -> None:
    nobody = Row("p")
    assert {table: bin_of(table, nobody) for table in TABLES} == {
        table: "none_due" if table == "logged" else UNKNOWN for table in TABLES
    }
    assert bin_of("logged", Row("p", doses=(10, 0, 0))) == "nothing_logged"
    assert bin_of("language", Row("p", language="tr")) == "other"


def test_an_interval_of_wilson() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == 1.0


def test_a_true_gap_is_named_with_both_shares() -> None:
    found = [
        Row(f"p{at}", 50, "female" if at % 2 else "male", "china", "en", {}, "in_target" if at % 2 or at % 8 == 0 else "above")
        for at in range(200)
    ]
    named = {(one.dimension, one.group, one.outcome): one for one in gaps(found)}
    lower = named["sex", "male", "pressure"]
    assert lower.says == "lower"
    assert lower.mine is not None and lower.others is not None
    assert (lower.mine.hits, lower.mine.of, lower.others.hits, lower.others.of) == (25, 100, 100, 100)
    assert named["sex", "female", "pressure"].says == "higher"
    assert named["region", "china", "pressure"].says == "too_few", "there is nobody else to compare with"


def test_a_small_group_has_no_shares() -> None:
    found = [Row(f"p{at}", 50, "female" if at < LEAST - 1 else "male", "us", "en", {}, "above") for at in range(60)]
    small = next(one for one in gaps(found) if (one.group, one.outcome) == ("female", "pressure"))
    assert (small.says, small.mine, small.others, small.p) == ("too_few", None, None, None)


def test_who_is_not_known_counts_on_neither_side() -> None:
    found = [
        Row(f"p{at}", 50, "female" if at % 2 else "male", pressure="unknown" if at < 100 else "in_target") for at in range(200)
    ]
    assert {one.known for one in gaps(found) if one.outcome == "pressure" and one.dimension == "sex"} == {50}
    assert not any(one.group == UNKNOWN for one in gaps(found))


def test_chance_alone_is_seldom_called_a_gap() -> None:
    """Of panels in which nothing differs, at most one in ten or so names any gap at all."""
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(20):
        found = [
            Row(
                f"p{at}", int(rng.integers(20, 85)), ("female", "male")[rng.integers(2)], ("us", "china")[rng.integers(2)], "en", {},
                ("in_target", "above")[rng.integers(2)], ("in_target", "above")[rng.integers(2)], pressing=bool(rng.integers(2)),
            )
            for at in range(150)
        ]  # fmt: skip
        wrong += any(one.says in ("higher", "lower") for one in gaps(found))
    assert wrong <= 3


def test_every_dimension_is_a_table() -> None:
    assert set(DIMENSIONS) <= set(TABLES)
    assert people(4)[0].sex in TABLES["sex"]
