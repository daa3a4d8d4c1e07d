"""Which orders hold: another took its place, it says the same, it ended, the person said otherwise; and what nobody can tell is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.orders import Answers, Order, Sorted, sorted_out

NONE = Answers({}, {}, frozenset())


def daily(times: int = 1, **more: Any) -> dict[str, Any]:
    return {"timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d"}}, **more}


def order(name: str, *dosages: Mapping[str, Any], authored: str = "2026-01-01", **more: Any) -> Order:
    return Order(name, "amlodipine", "Amlodipine", more.pop("kind", "MedicationRequest"), dosages, authored, name=f"MedicationRequest/{name}", **more)


def stands(*orders: Order, answers: Answers = NONE) -> dict[str, tuple[str, str]]:
    return {one.order.medicine_id: (one.state, one.why) for one in sorted_out(orders, answers)}


def found(name: str, *orders: Order, answers: Answers = NONE) -> Sorted:
    return next(one for one in sorted_out(orders, answers) if one.order.medicine_id == name)


def asked(name: str, *orders: Order, answers: Answers = NONE) -> list[str]:
    return [one.code for one in found(name, *orders, answers=answers).regimen.asked]


@pytest.mark.parametrize(
    ("newer", "older", "state"),
    [
        (order("b", daily()), order("a", daily()), "superseded"),  # says the same
        (order("b", daily(2), prior=("MedicationRequest/a",)), order("a", daily()), "superseded"),  # says that it takes the place
        (order("b", daily()), order("a"), "superseded"),  # the older one says nothing about how
        (order("b", daily(), kind="MedicationStatement"), order("a", daily()), "superseded"),  # a statement beside its request is one medicine
    ],
)
def test_a_newer_order_takes_the_place_of_an_older_one(newer: Order, older: Order, state: str) -> None:
    assert stands(newer, older)["a"] == (state, "superseded")
    assert found("a", newer, older).by == "b"
    assert found("b", newer, older).plans
    assert not found("a", newer, older).plans


def test_two_orders_that_differ_are_asked_about_and_neither_is_planned() -> None:
    two = (order("b", daily(2)), order("a", daily()))
    for name in "ab":
        assert asked(name, *two) == ["two_orders"]
        assert not found(name, *two).plans
    chosen = replace(NONE, both={"amlodipine": ("a",)})
    assert found("a", *two, answers=chosen).plans
    assert stands(*two, answers=chosen)["b"] == ("superseded", "answered_anew")
    both = replace(NONE, both={"amlodipine": ("a", "b")})
    assert all(found(name, *two, answers=both).plans for name in "ab")


@pytest.mark.parametrize(("now", "why"), [("stopped", "stopped"), ("on_hold", "on_hold"), ("unknown", "unclear")])
def test_an_order_that_ended_plans_nothing_and_says_why(now: str, why: str) -> None:
    assert found("a", order("a", daily(), now=now)).why == why
    assert not found("a", order("a", daily(), now=now)).plans


@pytest.mark.parametrize("intent", ["proposal", "plan", "option"])
def test_what_nobody_ordered_yet_is_not_planned(intent: str) -> None:
    assert stands(order("a", daily(), intent=intent))["a"] == ("stopped", "not_asked_for")


def test_the_persons_own_answer_counts_until_the_order_says_something_else() -> None:
    unclear = order("a", {"text": "as discussed"})
    said = replace(NONE, dosages={"a": (unclear.digest, (daily(),))})
    assert asked("a", unclear) == ["free_text_unclear"]
    assert found("a", unclear, answers=said).plans
    assert asked("a", order("a", {"text": "as discussed again"}), answers=said) == ["free_text_unclear"]


def test_what_the_person_does_not_take_is_not_planned() -> None:
    assert stands(order("a", daily()), answers=replace(NONE, not_taking=frozenset("a")))["a"] == ("not_taking", "not_taking")


def test_a_newer_statement_that_it_is_no_longer_taken_is_asked_about() -> None:
    stopped = order("s", authored="2026-03-01", kind="MedicationStatement", now="stopped")
    assert asked("a", stopped, order("a", daily())) == ["statement_stopped"]
    assert not found("a", stopped, order("a", daily())).plans
    assert found("a", stopped, order("a", daily()), answers=replace(NONE, taking=frozenset("a"))).plans
    later = order("a", daily(), authored="2026-04-01")
    assert found("a", later, stopped).plans  # ordered anew since
    told = replace(NONE, dosages={"a": (later.digest, (daily(2),))})
    assert found("a", stopped, order("a", daily()), answers=told).plans


_ORDERS = st.lists(
    st.builds(
        lambda dosage, now, kind, intent, prior: (dosage, now, kind, intent, prior),
        st.sampled_from([(), (daily(),), (daily(2),), ({"text": "1 tab daily"},), ({"text": "??"},)]), st.sampled_from(["current", "planned", "stopped", "on_hold"]),
        st.sampled_from(["MedicationRequest", "MedicationStatement"]), st.sampled_from(["order", "plan", ""]), st.none() | st.integers(0, 5),
    ), max_size=5,
)  # fmt: skip


@given(_ORDERS)
def test_every_order_is_accounted_for_once_and_one_that_is_replaced_is_replaced_by_one_that_holds(given_: list[tuple[Any, ...]]) -> None:
    orders = [
        order(f"m{at}", *dosage, authored=f"2026-01-{20 - at:02}", now=now, kind=kind, intent=intent, prior=(f"MedicationRequest/m{prior}",) if prior is not None else ())
        for at, (dosage, now, kind, intent, prior) in enumerate(given_)
    ]
    every = sorted_out(orders, NONE)
    assert sorted(one.order.medicine_id for one in every) == sorted(one.medicine_id for one in orders)
    standing = {one.order.medicine_id for one in every if one.state in ("current", "planned")}
    replaced = [one for one in every if one.state == "superseded"]
    assert not replaced or standing
    for one in replaced:
        assert one.by in standing | {other.order.medicine_id for other in replaced}
        assert one.by != one.order.medicine_id
    plans = [one for one in every if one.plans]
    assert len(plans) <= 1  # two are never planned side by side unless the person said so
