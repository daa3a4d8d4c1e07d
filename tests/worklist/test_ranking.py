"""That nobody is lost, whatever is known of them, and that the order is the clinical one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import inf, isfinite, nan
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.risk.warning import NEWS2
from core.worklist.ranking import rank
from core.worklist.reasons import due_at, reasons
from core.worklist.rules import HOLDS, LIMITS, NOISE, RULES
from core.worklist.terms import DAY, LANES, Mark, Newest, Noticed, Open, PersonFacts, Reason, Usual, Worklist

AT = 1_795_000_000.0

_number: Any = st.one_of(
    st.floats(), st.integers(-(10**400), 10**400), st.sampled_from([nan, inf, -inf, AT, AT + 400 * DAY, AT - DAY])
)
_odd: Any = st.one_of(_number, st.none(), st.text(max_size=4), st.binary(max_size=2), st.just([]), st.just({}))
_signal: Any = st.one_of(st.sampled_from([*NOISE, "news2"]), st.text(max_size=4), _odd)
_usual: Any = st.one_of(
    st.none(), st.builds(Usual, _odd, _odd, _odd), st.builds(Usual, st.floats(), st.floats(), st.integers(0, 30))
)
_facts: Any = st.builds(
    PersonFacts,
    person_id=st.text(max_size=3),
    newest=st.lists(st.builds(Newest, _signal, _odd, _odd, _usual), max_size=4).map(tuple),
    weights=st.one_of(st.lists(st.tuples(_number, _number), max_size=6).map(tuple), _odd),
    noticed=st.lists(
        st.builds(Noticed, st.text(max_size=5), st.one_of(st.integers(-5, 9), _odd), _odd, st.one_of(st.just({}), _odd)), max_size=3
    ).map(tuple),
    open=st.lists(st.builds(Open, st.one_of(st.sampled_from(list(RULES)), _odd), _odd), max_size=3).map(tuple),
    last_at=st.one_of(st.none(), _odd),
    silent_after=st.one_of(st.none(), _odd),
    broken=st.one_of(st.just(()), st.just(("store_damaged",)), _odd),
    mark=st.one_of(st.none(), st.builds(Mark, _odd, st.one_of(st.just(frozenset()), _odd))),
)


def lane_of(found: Worklist, person_id: str = "p") -> str:
    (lane,) = (one.lane for one in found.sections for entry in one.entries if entry.person_id == person_id)
    return lane


def one(**known: Any) -> PersonFacts:
    return PersonFacts("p", **known)


@given(st.lists(_facts, max_size=6))
def test_everybody_is_in_exactly_one_lane_whatever_is_known(people: list[PersonFacts]) -> None:
    found = rank(people, AT)
    assert tuple(section.lane for section in found.sections) == LANES
    assert Counter(entry.person_id for section in found.sections for entry in section.entries) == Counter(
        p.person_id for p in people
    )
    for section in found.sections:
        for entry in section.entries:
            assert entry.lane == section.lane
            assert not entry.reasons or entry.reasons[0].lane == entry.lane
            assert entry.reasons or entry.lane == "stable"


@given(st.lists(_facts, max_size=6, unique_by=lambda facts: facts.person_id), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_they_came_in(people: list[PersonFacts], random: Any) -> None:
    mixed = list(people)
    random.shuffle(mixed)
    ids = [[[e.person_id for e in s.entries] for s in rank(some, AT).sections] for some in (people, mixed)]
    assert ids[0] == ids[1]


@given(st.lists(_facts, max_size=4))
def test_more_known_of_a_person_never_puts_them_further_down(people: list[PersonFacts]) -> None:
    for facts in people:
        before = LANES.index(lane_of(rank([replace(facts, person_id="p", mark=None)], AT)))
        worse = replace(facts, person_id="p", mark=None, broken=("x",)) if isinstance(facts.broken, tuple) else facts
        after = LANES.index(lane_of(rank([replace(worse, person_id="p")], AT))) if worse is not facts else before
        assert after <= max(before, LANES.index("data"))


@pytest.mark.parametrize(
    ("facts", "lane", "rule"),
    [
        (one(newest=(Newest("spo2", 88, AT - DAY),)), "now", "vital_red"),
        (one(newest=(Newest("spo2", 88, AT - 90 * DAY),)), "now", "vital_red"),
        (one(noticed=(Noticed("attention.self_harm", 3, AT),)), "now", "notice_now"),
        (one(noticed=(Noticed("attention.bp_severe_earlier", 2, AT),)), "today", "notice_soon"),
        (one(weights=((AT - DAY, 80.0), (AT, 82.3))), "today", "weight_week"),
        (one(open=(Open("request_refill", AT - DAY / 2),)), "week", "request_refill"),
        (one(open=(Open("request_refill", AT - 30 * DAY),)), "today", "request_refill"),
        (one(open=(Open("review_soon", AT - 3 * DAY),)), "now", "review_soon"),
        (one(open=(Open("request_question", nan),)), "today", "request_question"),
        (one(newest=(Newest("sbp", 160, AT, Usual(120, 6, 9)),), last_at=AT), "week", "unusual"),
        (one(newest=(Newest("sbp", 128, AT, Usual(120, 6, 9, 128)),), last_at=AT), "week", "drift"),
        (
            one(newest=tuple(Newest(signal, 110 + 6, AT, Usual(110, 6, 9)) for signal in ("sbp", "hr", "glucose")), last_at=AT),
            "week",
            "together",
        ),
        (one(last_at=AT - 4 * DAY, silent_after=3), "data", "silent"),
        (one(last_at=AT - 7 * DAY, silent_after=3), "week", "silent_long"),
        (one(last_at=AT - 500 * DAY), "data", "old"),
        (one(broken=("store_damaged",)), "data", "broken"),
        (one(newest=(Newest("sbp", nan, AT),)), "data", "bad_value"),
        (one(newest=(Newest("sbp", 230, AT + 3 * DAY),)), "data", "bad_time"),
        (one(noticed=(Noticed("attention.quarantined", 1),), last_at=AT), "data", "notice_data"),
        (one(newest=cast(Any, None)), "data", "unreadable"),
        (one(open=(Open("photo_awaited", AT - DAY),)), "waiting", "photo_awaited"),
        (one(), "never", "never_any"),
    ],
)
def test_each_kind_of_fact_has_its_lane(facts: PersonFacts, lane: str, rule: str) -> None:
    found = rank([facts], AT)
    assert lane_of(found) == lane
    (entry,) = (entry for section in found.sections for entry in section.entries)
    assert entry.reasons[0].rule == rule


def test_with_nothing_due_a_person_is_stable_and_still_listed() -> None:
    assert lane_of(rank([one(newest=(Newest("sbp", 121, AT, Usual(120, 5, 9)),), last_at=AT, silent_after=3)], AT)) == "stable"


def test_the_worst_reason_decides_and_all_are_there() -> None:
    facts = one(
        newest=(Newest("hr", 150, AT),),
        open=(Open("request_refill", AT),),
        broken=("x",),
        noticed=(Noticed("attention.outside_range", 1),),
    )
    (entry,) = rank([facts], AT).sections[0].entries
    assert [reason.rule for reason in entry.reasons] == ["vital_red", "request_refill", "notice_watch", "broken"]


def test_among_equals_who_has_waited_longest_comes_first_and_ids_break_ties() -> None:
    people = [
        replace(one(open=(Open("request_refill", AT - hours * 3600),)), person_id=name)
        for name, hours in (("c", 1), ("b", 9), ("a", 1))
    ]
    assert [entry.person_id for entry in rank(people, AT).sections[LANES.index("week")].entries] == ["b", "a", "c"]


def _seen(facts: PersonFacts, at: float) -> PersonFacts:
    return replace(facts, mark=Mark(at, frozenset(reason.mark for reason in reasons(facts, at))))


def test_what_was_looked_at_moves_down_and_something_new_brings_it_back() -> None:
    facts = one(newest=(Newest("hr", 150, AT - 60),), last_at=AT)
    seen = _seen(facts, AT)
    assert lane_of(rank([seen], AT + 60)) == "waiting"
    for newer in (Newest("hr", 150, AT + 60), Newest("hr", 151, AT - 60)):
        assert lane_of(rank([replace(seen, newest=(newer,))], AT + 60)) == "now"
    assert lane_of(rank([replace(seen, noticed=(Noticed("attention.self_harm", 3, AT),))], AT + 60)) == "now"
    assert lane_of(rank([replace(seen, noticed=(Noticed("attention.outside_range", 1, AT),))], AT + 60)) == "week"


@pytest.mark.parametrize("lane", ["now", "today", "week"])
def test_a_look_is_not_for_ever(lane: str) -> None:
    facts = {
        "now": one(newest=(Newest("hr", 150, AT),)),
        "today": one(noticed=(Noticed("attention.bp_severe_earlier", 2, AT),)),
        "week": one(noticed=(Noticed("attention.outside_range", 1, AT),)),
    }[lane]
    seen = _seen(facts, AT)
    assert lane_of(rank([seen], AT + HOLDS[lane] - 1)) == "waiting"
    assert lane_of(rank([seen], AT + HOLDS[lane])) == lane


def test_a_request_that_was_seen_rises_when_it_is_late() -> None:
    seen = _seen(one(open=(Open("request_refill", AT),)), AT)
    assert lane_of(rank([seen], AT + DAY)) == "waiting"
    assert lane_of(rank([seen], AT + 2.1 * DAY)) == "today"


def test_a_silence_that_goes_on_is_no_new_evidence_until_it_is_a_long_one() -> None:
    seen = _seen(one(last_at=AT - 3.2 * DAY, silent_after=3), AT)
    assert lane_of(rank([seen], AT + DAY)) == "waiting"
    assert lane_of(rank([seen], AT + 1.5 * DAY)) == "week"


def test_the_red_limits_are_those_of_the_score_itself() -> None:
    at = {"rr": 16.0, "spo2": 97.0, "sbp": 120.0, "hr": 70.0, "temp": 37.0}
    for limit in (one for one in LIMITS if one.rule == "vital_red"):
        for value, red in ((limit.limit, 1.0), (limit.limit - limit.side * (0.2 if limit.signal == "temp" else 1), 0.0)):
            told = {**at, limit.signal: value}
            columns = {"pulse" if key == "hr" else key: np.array([number]) for key, number in told.items()}
            columns |= {"on_oxygen": np.array([0.0]), "acvpu": np.array([0.0]), "spo2_scale2": np.array([0.0])}
            computed = NEWS2.compute(cast(Any, columns))
            assert float(computed["single_three"][0][0]) == red, (limit, value)


def test_every_rule_says_where_it_is_from() -> None:
    assert all(rule.source and rule.status in ("verified", "memory", "house") and rule.lane in LANES for rule in RULES.values())
    assert {limit.rule for limit in LIMITS} <= set(RULES)


@pytest.mark.parametrize("key", [key for key, one in RULES.items() if one.stays])
def test_what_stays_is_moved_down_by_no_look(key: str) -> None:
    facts = one(open=(Open(key, AT - 3 * DAY, "x"),))
    before = reasons(facts, AT)
    looked = replace(facts, mark=Mark(AT - 60, frozenset(found.mark for found in before)))
    assert [found.lane for found in reasons(looked, AT)] == [found.lane for found in before]
    assert lane_of(rank([looked], AT)) == lane_of(rank([facts], AT))


@given(st.sampled_from(list(RULES)), st.one_of(st.none(), st.floats()))
def test_a_time_to_be_seen_to_is_a_moment_after_the_evidence_or_not_said(key: str, at: float | None) -> None:
    due = due_at(Reason(key, RULES[key].lane, at=at))
    assert due is None or (isfinite(due) and at is not None and due >= at)


def test_act_now_is_due_in_half_an_hour_and_what_was_seen_has_no_clock() -> None:
    assert due_at(Reason("vital_red", "now", at=AT)) == AT + 30 * 60
    assert due_at(Reason("task_late", "week", at=AT)) == AT
    assert due_at(Reason("vital_red", "now", at=AT, known=True)) is None
