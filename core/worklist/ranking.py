"""This is the place where people are put into lanes, each exactly once, and nobody in none, whatever is known of them.

Facts that can't be read put their person in the lane of data, with that as the reason: an error about one is an error about nobody else, and never a
gap in the list.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.worklist.reasons import order, reasons, worst_first
from core.worklist.rules import RULES
from core.worklist.terms import LANES, STABLE, Entry, PersonFacts, Reason, Section, Worklist

_UNREADABLE = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


def rank(people: Iterable[PersonFacts], at: float) -> Worklist:
    """Everybody in the lane of their worst reason; within a lane the gravest first, then who has waited longest, then by id."""
    lanes: dict[str, list[tuple[tuple[int, int, float, str, str], str, Entry]]] = {lane: [] for lane in LANES}
    calm = (0, 0, 0.0, "", "")
    for facts in people:
        entry = _entry(facts, at)
        first = entry.reasons[0] if entry.reasons else None
        lanes[entry.lane].append((calm if first is None else order(first), entry.person_id, entry))
    return Worklist(tuple(Section(lane, tuple(one[2] for one in sorted(lanes[lane], key=_place))) for lane in LANES))


def _place(one: tuple[tuple[int, int, float, str, str], str, Entry]) -> tuple[int, float, str]:
    return one[0][1], one[0][2], one[1]


def _entry(facts: PersonFacts, at: float) -> Entry:
    try:
        found = reasons(facts, at)
        if not found:
            return Entry(str(facts.person_id), STABLE)
        if len(found) > 1:
            ordered = worst_first(found)
            return Entry(str(facts.person_id), ordered[0].lane, ordered)
        order(found[0])
        return Entry(str(facts.person_id), found[0].lane, (found[0],))
    except _UNREADABLE:
        rule = RULES["unreadable"]
        return Entry(str(facts.person_id), rule.lane, (Reason(rule.key, rule.lane, severity=rule.severity),))
