"""The order of cards: drawn once a day, never past a graver card; what is kept of it; and what may be said of another order, or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.advice_ranking import KINDS, cohort, known
from core.advice import shown
from core.advice.engine import advise
from core.advice.offpolicy import LEAST_EFFECTIVE, ORDERS, Seen, judged
from core.advice.ranking import Candidate, Choice, choices, counted, first_chances, ordered
from core.advice.terms import ASIDE, Outcome, Severity
from core.errors import BadInput
from tests.advice.given import AT, facts, table

TABLE = table()
ILL = facts(
    "age=50 sbp_now=200@0 dbp_now=130@0 bmi=31@5 pregnant=0 region_china=0 smoker=1 physically_active=0 hypertension=1 colorectal_cancer=0 ibd=0"
)
OUTCOMES = st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.sampled_from(list(Severity))), unique_by=lambda one: one[0]).map(
    lambda found: [Outcome(rule, "card", severity) for rule, severity in found]
)
COUNTS = st.dictionaries(st.sampled_from(sorted(set(KINDS.values()))), st.tuples(st.integers(0, 30), st.integers(0, 30)))


@given(OUTCOMES, COUNTS, st.text(max_size=5))
def test_no_card_passes_a_graver_one_and_none_is_lost(cards: list[Outcome], counts: dict[str, tuple[int, int]], coin: str) -> None:
    found = ordered(cards, KINDS, counts, coin)
    assert [one.severity for one in found] == sorted((one.severity for one in cards), reverse=True)
    assert sorted(one.rule for one in found) == sorted(one.rule for one in cards)
    assert ordered(cards, KINDS, counts, coin) == found
    urgent = [one for one in cards if one.severity is Severity.URGENT]
    assert [one for one in found if one.severity is Severity.URGENT] == urgent


def test_the_order_is_drawn_anew_each_day_and_is_the_same_all_day() -> None:
    by_day = [tuple(one.rule for one in advise(ILL, TABLE, AT, coin=f"p1|{day}").cards) for day in range(12)]
    assert len(set(by_day)) > 3
    assert len({frozenset(one) for one in by_day}) == 1
    assert {one[0] for one in by_day} == {"bp_very_high"}
    assert by_day[0] == tuple(one.rule for one in advise(ILL, TABLE, AT, coin="p1|0").cards)


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=2, max_size=8))
def test_chances_to_come_first_add_up_and_favour_what_helped(pairs: list[tuple[int, int]]) -> None:
    found = first_chances(pairs)
    assert abs(sum(found) - 1) < 1e-9 and all(0 <= one <= 1 for one in found)
    more = first_chances([(pairs[0][0] + 1, pairs[0][1]), *pairs[1:]])
    assert more[0] >= found[0] - 1e-9


def test_chances_are_those_of_the_draws() -> None:
    counts = {"screening": (0, 0), "vaccine": (3, 1), "lifestyle": (9, 4), "talk": (0, 6)}
    cards = [Outcome(rule, "card", Severity.SOON) for rule in ("screening_0", "vaccine_0", "lifestyle_0", "lifestyle_1", "talk_0")]
    (choice,) = choices(cards, KINDS, counts, tried=True)
    tops = [ordered(cards, KINDS, counts, str(coin))[0].rule for coin in range(4000)]
    for one in choice.cards:
        assert tops.count(one.rule) / len(tops) == pytest.approx(one.chance, abs=0.025)


def test_equal_kinds_have_equal_chances_and_without_trying_out_the_first_is_certain() -> None:
    cards = [Outcome(rule, "card", Severity.SOON) for rule in ("screening_0", "screening_1", "talk_0")]
    assert first_chances([(0, 0)] * 3) == pytest.approx([1 / 3] * 3, abs=1e-3)
    (choice,) = choices(cards, KINDS, {}, tried=False)
    assert [one.chance for one in choice.cards] == [1.0, 0.0, 0.0]
    assert choices(cards[:1], KINDS, {}, tried=False) == ()
    assert choices([replace(one, severity=Severity.URGENT) for one in cards], KINDS, {}, tried=True) == ()


def test_later_counts_for_neither_side() -> None:
    assert counted([("a", "done"), ("a", "later"), ("a", "not_for_me"), ("b", "later")]) == {"a": (1, 1), "b": (0, 0)}


# -------------------------------------------------------------------------------------------------------------- what is kept

CHOICE = Choice(2, (Candidate("x", "screening", 1, 0, 0.75), Candidate("y", "talk", 0, 0, 0.25)), "x")


def day(number: int) -> datetime:
    return datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=number)


def test_the_first_look_of_a_day_counts_and_a_word_belongs_to_the_last_look() -> None:
    kept = shown.with_choices((), [CHOICE], day(0))
    again = shown.with_choices(kept, [replace(CHOICE, top="y")], day(0) + timedelta(hours=3))
    assert again == kept
    kept = shown.with_choices(kept, [CHOICE], day(1))
    said = shown.with_said(kept, "x", "done", day(2))
    assert [one.said for one in said] == ["", "done"]
    assert shown.with_said(said, "x", "not_for_me", day(2)) == said
    assert shown.with_said(kept, "y", "done", day(2)) == kept
    assert shown.with_said(kept, "x", "done", day(9)) == kept
    assert [one.ripe(day(8).date()) for one in said] == [True, True]
    assert [one.ripe(day(7).date()) for one in said] == [False, True]


LOOKS = st.lists(
    st.builds(shown.Look, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.just(CHOICE), st.sampled_from(["", *ASIDE])), max_size=5
)


@given(LOOKS)
def test_what_is_kept_is_read_as_it_was_written(looks: list[shown.Look]) -> None:
    assert shown.read(shown.written(looks)) == tuple(looks)


@given(st.binary(max_size=40))
def test_a_damaged_log_is_said_to_be_damaged(raw: bytes) -> None:
    if raw:
        with pytest.raises(BadInput, match="drawer_damaged"):
            shown.read(raw)


def test_the_log_is_bounded() -> None:
    kept: tuple[shown.Look, ...] = ()
    for number in range(shown.MOST + 5):
        kept = shown.with_choices(kept, [CHOICE], day(number))
    assert (len(shown.read(shown.written(kept))), kept[0].on) == (shown.MOST, day(5).date())


# ------------------------------------------------------------------------------------------------------- judging another order


@pytest.fixture(scope="module")
def looks() -> tuple[list[Seen], list[dict[str, float]]]:
    return cohort(120, 12, np.random.default_rng(3))


@pytest.mark.parametrize("name", sorted(ORDERS))
def test_what_is_said_of_an_order_holds_the_truth(looks: tuple[list[Seen], list[dict[str, float]]], name: str) -> None:
    seen, truth = looks
    found = judged(name, seen, ORDERS[name])
    real = known(seen, truth, ORDERS[name])
    assert found.why == "" and set(found.estimates) == {"inverse_propensity", "self_normalised", "doubly_robust"}
    for one in found.estimates.values():
        assert one.low <= one.value <= one.high
        assert one.low <= real <= one.high
    assert judged(name, seen, ORDERS[name]).estimates == found.estimates
    assert LEAST_EFFECTIVE <= found.effective <= found.looks


def test_of_the_order_that_was_always_shown_the_plain_share_is_said() -> None:
    seen, _ = cohort(60, 10, np.random.default_rng(4), ORDERS["mean"])
    sure = [replace(one, choice=_certain(one.choice)) for one in seen]
    found = judged("mean", sure, ORDERS["mean"])
    plain = float(np.mean([one.done for one in seen]))
    assert found.estimates["inverse_propensity"].value == pytest.approx(plain)
    assert found.estimates["self_normalised"].value == pytest.approx(plain)
    assert judged("table", sure, ORDERS["table"]).why == "never_shown"


def _certain(choice: Choice) -> Choice:
    return replace(choice, cards=tuple(replace(one, chance=float(one.rule == choice.top)) for one in choice.cards))


def test_where_too_little_is_known_nothing_is_said(looks: tuple[list[Seen], list[dict[str, float]]]) -> None:
    seen, _ = looks
    few = [one for one in seen if one.person < "p00020"]
    rare = [
        replace(
            one,
            choice=replace(
                one.choice,
                cards=tuple(replace(card, chance=0.001 if card.rule == one.choice.top else 0.5) for card in one.choice.cards),
            ),
        )
        for one in seen[:60]
        for _ in range(1)
    ]
    sparse = [replace(one, person=f"q{at}") for at, one in enumerate(rare)]
    nothing = [replace(one, done=False) for one in seen]
    for found, why in ((few, "few_people"), (sparse, "small_effective_sample"), (nothing, "few_done"), ([], "few_people")):
        told = judged("mean", found, ORDERS["mean"])
        assert (told.why, told.estimates) == (why, {})


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.floats(0, 1)), max_size=40))
def test_judging_never_raises(rows: list[tuple[int, bool, float]]) -> None:
    seen = [
        Seen(f"p{number}", Choice(2, (Candidate("x", "a", 0, 0, chance), Candidate("y", "b", 0, 0, 1 - chance)), "x"), done)
        for number, done, chance in rows
    ]
    assert judged("mean", seen, ORDERS["mean"], repeats=5).looks == len(rows)
