"""This is the place where rules are held against facts: each ends as a card, as not for this person, or as a question about what is not known.

Three-valued: what is unknown is neither yes nor no. A rule that is certainly not for somebody says so even where other facts are unknown; else any
unknown fact makes it "more observations needed". Pure: the moment is given, nothing is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.advice.known import HOW
from core.advice.ranking import counted, ordered, usefulness
from core.advice.table import AdviceTable, Cond, Done, Row
from core.advice.terms import Advice, Fact, Lack, Outcome, Said, Severity

Facts = Mapping[str, Fact]


def advise(facts: Facts, table: AdviceTable, at: datetime, said: Iterable[Said] = (), *, deceased: bool = False, coin: str = "") -> Advice:
    """Every rule of the table with what became of it. Somebody who died gets no advice. `coin`: see `ordered`. Never raises."""
    if deceased:
        return Advice(at, deceased=True)
    heard = tuple(said)
    newest = {one.rule: one for one in sorted(heard, key=lambda one: one.at) if one.at <= at}
    outcomes = _settled([judged(row, table, facts, at.date()) for row in table.rows], table, facts)
    outcomes = [_set_aside(one, table.by_id[one.rule], newest.get(one.rule), at.date()) for one in outcomes]
    answers = [(table.by_id[one.rule].kind, one.said) for one in newest.values() if one.rule in table.by_id]
    kinds = {row.id: row.kind for row in table.rows}
    cards = ordered([one for one in outcomes if one.state == "card"], kinds, counted(answers), coin)
    by = {state: tuple(one for one in outcomes if one.state == state) for state in ("needs", "not_for", "aside", "unavailable")}
    return Advice(at, False, tuple(cards), by["needs"], by["not_for"], by["aside"], by["unavailable"], usefulness(answers))


def judged(row: Row, table: AdviceTable, facts: Facts, today: date) -> Outcome:
    """One rule for one person. The reasons against it come in the order of NOT_FOR."""
    severity = Severity(row.severity)
    if today > date.fromisoformat(row.expires):
        return Outcome(row.id, "unavailable", severity, "expired")
    tests = [("age", *_age(row, facts)), ("sex", *_sex(row, facts)), ("region", *_region(row, table, facts))]
    tests += [("excluded", *_negated(_judge(cond, facts))) for cond in row.unless]
    tests += [("not_the_case", *_any([_judge(cond, facts) for cond in any_of])) for any_of in row.when]
    last, done, unsure = _done(row.done, facts)
    for why, truth, used, _ in tests:
        if truth is False:
            return Outcome(row.id, "not_for", severity, why, used)
    if done:
        return Outcome(row.id, "not_for", severity, "done", (last,) if last else (), last=last)
    lacks = {lack.key: lack for _, truth, _, found in tests if truth is None for lack in found}
    if unsure is not None:
        lacks[unsure.key] = Lack(unsure.key, "unclear", unsure.how, unsure.days)
    used = tuple({fact.key: fact for _, _, found, _ in tests for fact in found}.values())
    if lacks:
        return Outcome(row.id, "needs", severity, "", used, tuple(lacks.values()), last)
    return Outcome(row.id, "card", severity, "", used, (), last, _sure(row, used, last))


Judged = tuple[bool | None, tuple[Fact, ...], tuple[Lack, ...]]


def _fact(facts: Facts, key: str) -> Fact:
    return facts.get(key) or Fact(key, how=HOW.get(key, "ask_clinician"))


def _usable(fact: Fact, days: int) -> Lack | None:
    """None where the fact may be used; else why not."""
    if fact.value is None or not math.isfinite(fact.value):
        return Lack(fact.key, fact.state if fact.state != "used" else "missing", fact.how)
    if fact.state not in ("used", "stale") or (fact.state == "stale" and not days):
        return Lack(fact.key, fact.state, fact.how, fact.days)
    if days and (fact.days is None or not 0 <= fact.days <= days):
        return Lack(fact.key, "stale", fact.how, fact.days, days)
    return None


def _judge(cond: Cond, facts: Facts) -> Judged:
    fact = _fact(facts, cond.fact)
    lack = _usable(fact, cond.days)
    if lack is not None or fact.value is None:
        return None, (), (lack,) if lack else ()
    value, held = fact.value, cond.value
    found = {"is": value == held, "ge": value >= held, "gt": value > held, "lt": value < held, "le": value <= held}[cond.op]
    return found, (fact,), ()


def _negated(found: Judged) -> Judged:
    truth, used, lacks = found
    return (None if truth is None else not truth), used, lacks


def _any(found: Sequence[Judged]) -> Judged:
    yes = [one for one in found if one[0] is True]
    if yes:
        return True, tuple(fact for one in yes for fact in one[1]), ()
    unknown = tuple(lack for one in found if one[0] is None for lack in one[2])
    if unknown:
        return None, (), unknown
    return False, tuple(fact for one in found for fact in one[1]), ()


def _age(row: Row, facts: Facts) -> Judged:
    fact = _fact(facts, "age")
    lack = _usable(fact, 0)
    if lack is not None or fact.value is None:
        return None, (), (lack,) if lack else ()
    return row.ages[0] <= math.floor(fact.value) <= row.ages[1], (fact,), ()


def _sex(row: Row, facts: Facts) -> Judged:
    if row.sex == "any":
        return True, (), ()
    return _judge(Cond("sex", "is", 1.0 if row.sex == "male" else 0.0), facts)


def _region(row: Row, table: AdviceTable, facts: Facts) -> Judged:
    """A rule of one region is for those who live there; the US recommendations also speak where the person's region has no rule on the topic."""
    if row.region == "china":
        return _judge(Cond("region_china", "is", 1.0), facts)
    if row.region == "us" and "china" in table.topics[row.topic]:
        there = _judge(Cond("region_china", "is", 0.0), facts)
        return there if there[0] is False else (True, there[1], ())
    return True, (), ()


def _done(done: Sequence[Done], facts: Facts) -> tuple[Fact | None, bool, Fact | None]:
    """When it was last done, whether that is enough, and what may have been it. That a record says nothing is no unknown here: the card says that no
    date is on record."""
    found = [(one, facts[one.fact]) for one in done if one.fact in facts and facts[one.fact].days is not None]
    past = [(one, fact) for one, fact in found if (fact.days or 0) >= 0 and fact.state != "missing"]
    enough = [fact for one, fact in past if fact.state in ("used", "stale") and (not one.days or (fact.days or 0) <= one.days)]
    if enough:
        return min(enough, key=lambda fact: fact.days or 0), True, None
    unsure = [fact for one, fact in past if fact.state not in ("used", "stale") and (not one.days or (fact.days or 0) <= one.days)]
    sure = [fact for _, fact in past if fact.state in ("used", "stale")]
    return min(sure, key=lambda fact: fact.days or 0, default=None), False, unsure[0] if unsure else None


def _sure(row: Row, used: Sequence[Fact], last: Fact | None) -> str:
    if any(fact.origin == "typed" for fact in used):
        return "told"
    return "no_last" if row.done and last is None else "recorded"


def _settled(outcomes: Sequence[Outcome], table: AdviceTable, facts: Facts) -> list[Outcome]:
    """Of several cards on one topic one speaks: the more severe, then the rule of the person's own region, then the newer, then the first."""
    order = {row.id: place for place, row in enumerate(table.rows)}
    china = _fact(facts, "region_china").value == 1.0

    def weight(one: Outcome) -> tuple[int, bool, int, int]:
        row = table.by_id[one.rule]
        return one.severity, row.region == ("china" if china else "us"), row.year, -order[one.rule]

    best: dict[str, Outcome] = {}
    for one in outcomes:
        topic = table.by_id[one.rule].topic
        if one.state == "card" and (topic not in best or weight(one) > weight(best[topic])):
            best[topic] = one
    made = []
    for one in outcomes:
        speaks = best.get(table.by_id[one.rule].topic)
        if one.state != "card" or speaks is None:
            made.append(one)
        elif one.rule == speaks.rule:
            lost = tuple(x.rule for x in outcomes if x.state == "card" and x.rule != one.rule and table.by_id[x.rule].topic == table.by_id[one.rule].topic)
            made.append(replace(one, instead=lost))
        else:
            made.append(replace(one, state="not_for", why="another_speaks", instead=(speaks.rule,)))
    return made


def _set_aside(one: Outcome, row: Row, said: Said | None, today: date) -> Outcome:
    """What the person said hides a card for a while; never an urgent one."""
    if one.state != "card" or said is None or one.severity is Severity.URGENT:
        return one
    until = said.until if said.said == "later" else said.at.date() + timedelta(days=min(row.quiet, 3650))
    if until is None or today >= until:
        return one
    return replace(one, state="aside", why=said.said, until=until, reason=said.why)
