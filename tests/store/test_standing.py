"""Which version counts: as a table, and against the plainest engine there is, whatever order things come in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.codes import LOINC, Coding, Concept
from core.domain.ledger import Outcome
from core.domain.records import Item, Standing, Value, Version
from core.domain.standing import Kept, Usability, main_code, outcome, standings, usability

C, S, R, Q, W = Standing.CURRENT, Standing.SUPERSEDED, Standing.RETRACTED, Standing.QUARANTINED, Standing.RAW


def kept(
    version: str = "", updated: str = "", *, code: str = "bp", retracts: bool = False, usable: Usability = Usability.SHOWN
) -> Kept:
    return Kept(Version(version, updated), code, retracts, usable, 0)


def decided(*versions: Kept) -> tuple[Standing, ...]:
    """In the order of arrival."""
    return standings([replace(version, arrival=number) for number, version in enumerate(versions)])


EARLY, LATE = "2024-01-01T10:00:00Z", "2024-01-01T12:00:00+01:00"
"""11:00 in UTC is later than 10:00, though its text in another zone need not look so."""
CASES = {
    "alone it counts": ([kept()], [C]),
    "alone a retraction retracts": ([kept(retracts=True)], [R]),
    "alone without a usable value it is quarantined": ([kept(usable=Usability.QUARANTINED)], [Q]),
    "alone of a kind we keep it is raw": ([kept(usable=Usability.RAW)], [W]),
    "the higher number wins": ([kept("2"), kept("10")], [S, C]),
    "the higher number wins though it came first": ([kept("10"), kept("2")], [C, S]),
    "numbers go before times": ([kept("2", EARLY), kept("1", LATE)], [C, S]),
    "the later time wins where versions are words": ([kept("b", EARLY), kept("a", LATE)], [S, C]),
    "the later time wins though it came first": ([kept("", LATE), kept("", EARLY)], [C, S]),
    "equal numbers are told apart by time": ([kept("1", LATE), kept("1", EARLY)], [C, S]),
    "without information the last to come wins": ([kept(), kept()], [S, C]),
    "a version with information beats one without": ([kept("1"), kept()], [C, S]),
    "a version with information beats one without, first or last": ([kept(), kept("1")], [S, C]),
    "a retraction beats what came after it": ([kept(retracts=True), kept()], [R, S]),
    "a retraction without information beats a version with it": ([kept("3"), kept(retracts=True)], [S, R]),
    "a retraction does not beat what is known to be later": ([kept("2", retracts=True), kept("3")], [S, C]),
    "a retraction of the same number wins": ([kept("2", retracts=True), kept("2")], [R, S]),
    "a quarantined correction takes the place of a good value": ([kept("1"), kept("2", usable=Usability.QUARANTINED)], [S, Q]),
    "two things under one id both count": ([kept(code="bp"), kept(code="weight")], [C, C]),
    "a thing without a code is a version of the only other": ([kept(code="bp"), kept(code="")], [S, C]),
    "a retraction without a code retracts the only other": ([kept(retracts=True, code=""), kept(code="bp")], [R, S]),
    "with information on both another code is a correction": ([kept("1", code="bp"), kept("2", code="weight")], [S, C]),
    "each of two things has its own versions": ([kept(code="bp"), kept(code="weight"), kept(code="bp")], [S, C, C]),
    "a number too long to be one is none": ([kept("9" * 40), kept("1")], [S, C]),
    "a time that is none is none": ([kept("", "yesterday"), kept("", EARLY)], [S, C]),
    "information that goes in a circle still leaves one": ([kept("1", "2024-01-03"), kept("2", "2024-01-01"), kept("", "2024-01-02")], [S, S, C]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_counts(case: str) -> None:
    versions, expected = CASES[case]
    assert list(decided(*versions)) == expected


@dataclass(frozen=True)
class Thing:
    """A version in the plain engine: enough to say what is meant without how."""

    number: int | None
    retracts: bool
    name: int


def plainly(history: list[Thing]) -> Thing:
    """The reference: read all versions there ever were, keep those no other is later than, let a retraction go first."""
    best = [
        one
        for one in history
        if not any(o.number is not None and one.number is not None and o.number > one.number for o in history)
    ]
    retractions = [one for one in best if one.retracts]
    numbered = [one for one in (retractions or best) if one.number is not None]
    return (numbered or retractions or best)[-1]


THINGS = st.lists(
    st.builds(Thing, st.none() | st.integers(0, 5), st.booleans(), st.integers(0, 99)),
    min_size=1,
    max_size=7,
    unique_by=lambda t: t.name,
)


@given(THINGS)
def test_the_winner_is_the_plain_engines(history: list[Thing]) -> None:
    versions = [kept("" if thing.number is None else str(thing.number), retracts=thing.retracts) for thing in history]
    counting = [thing for thing, standing in zip(history, decided(*versions), strict=True) if standing is not S]
    assert counting == [plainly(history)]


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=5, unique_by=lambda t: t[0]), st.booleans())
def test_the_order_of_arrival_makes_no_difference(numbered: list[tuple[int, bool]], retraction: bool) -> None:
    versions = [kept(str(number), retracts=retracts) for number, retracts in numbered]
    versions += [kept(retracts=True)] if retraction else []
    answers = {frozenset(zip(order, decided(*order), strict=True)) for order in permutations(versions)}
    assert len(answers) == 1


CODE = Concept((Coding(LOINC, "8480-6"),))
GOOD, BAD = Value(CODE, "quantity", 1.0, "kg"), Value(CODE, "quantity", problem="unit_missing")


@pytest.mark.parametrize(
    ("item", "problems", "expected"),
    [
        (None, (), Usability.RAW),
        (Item("Observation", "vitals", CODE), (), Usability.SHOWN),
        (Item("Observation", "vitals", CODE), ("value_missing",), Usability.SHOWN),
        (Item("Observation", "vitals", CODE, values=(GOOD,)), ("subject_missing",), Usability.QUARANTINED),
        (Item("Observation", "vitals", CODE, values=(GOOD,)), (), Usability.SHOWN),
        (Item("Observation", "vitals", CODE, values=(BAD,)), (), Usability.QUARANTINED),
        (Item("Observation", "vitals", CODE, values=(GOOD, BAD)), ("unit_missing",), Usability.SHOWN),
    ],
)
def test_one_usable_value_is_enough_to_be_shown(item: Item | None, problems: tuple[str, ...], expected: Usability) -> None:
    assert usability(item, problems) is expected


def test_the_main_code_needs_a_code() -> None:
    assert main_code(Item("Observation", "vitals", CODE)) == "http://loinc.org|8480-6"
    assert main_code(Item("Encounter", "encounters", Concept((), "a visit"))) == ""
    assert main_code(None) == ""


@pytest.mark.parametrize(
    ("standing", "fact_known", "expected"),
    [(C, False, Outcome.STORED), (C, True, Outcome.DUPLICATE), (S, True, Outcome.SUPERSEDED), (R, False, Outcome.STORED),
     (Q, True, Outcome.QUARANTINED), (W, False, Outcome.KEPT_RAW)],
)  # fmt: skip
def test_how_an_entry_ended(standing: Standing, fact_known: bool, expected: Outcome) -> None:
    assert outcome(standing, fact_known=fact_known) is expected
