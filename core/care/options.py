"""This is the place where treatment options are put together for a clinician: what the table allows for this person, and what speaks against each.

Options to confirm, never orders: nothing is chosen, ranked, dosed or sent anywhere. What may speak against an ingredient comes from the same checks as on Medicines,
with the ingredient added to what is taken now.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import networkx as nx
from msgspec import structs

from core.advice.engine import Facts, judged
from core.care import medicine_book, medicine_checks, risks
from core.care.access import Action, require
from core.care.advice_facts import Asked, facts_of
from core.care.freshness import revision as revision
from core.care.knowing import knowledge
from core.care.medicine_orders import living
from core.care.option_facts import more_facts
from core.care.option_views import AgainstView, Candidate, OptionsView, OptionView
from core.domain.codes import Concept
from core.domain.people import Actor
from core.errors import TableUnavailable
from core.knowledge.options_table import OPTIONS, Option, OptionTable
from core.knowledge.walking import watching
from core.medications.checking import check
from core.medications.facts import PersonFacts
from core.medications.findings import Finding, NotChecked, Severity, Taken
from core.medications.ingredients import INGREDIENTS, Ingredients, Part, is_local, is_member
from core.medications.tables import Rules, load
from core.ports import Ports

_CANDIDATE = "option:"
_STATES = {"card": "open", "needs": "needs", "not_for": "not_for", "unavailable": "unavailable"}


def view(ports: Ports, actor: Actor, person_id: str) -> OptionsView:
    """Every option of the table for this person. Where any table that it rests on is missing or damaged there is none, and that is said: what could not be checked
    is no option. Raises BadInput where a drawer of the person is damaged."""
    grant = require(ports, actor, Action.VIEW_OPTIONS, person_id)
    now = ports.clock.now()
    table = load(ports.tables.read if ports.tables is not None else _none, (OPTIONS,))
    shelf = risks.shelf(ports, actor, person_id, now)
    book = medicine_book.load(ports.store, person_id, grant)
    held = living(ports, person_id, grant, book, now).held(now)
    rules, told = medicine_checks.told(ports, grant, person_id, held)
    states = (*table.states, *rules.states)
    fault = next((one.name for one in states if one.fault), "")
    if fault or shelf.evidence.deceased:
        return OptionsView(shelf.revision, now, person_id, (), states, fault, shelf.region, shelf.evidence.deceased)
    facts = {**facts_of(Asked(ports, actor, person_id, grant, now), shelf), **more_facts(shelf, told.medicines)}
    options = weighed(table.of(OPTIONS), facts, rules, told, knowledge(ports.tables).graph)
    unread = tuple(one.title for one in told.medicines if one.unread)
    return OptionsView(shelf.revision, now, person_id, options, states, "", shelf.region, False, unread)


def weighed(table: OptionTable, facts: Facts, rules: Rules, told: PersonFacts, graph: nx.MultiDiGraph) -> tuple[OptionView, ...]:
    """Every option, as judged by these facts; for those that are open, each ingredient held against what is known; `graph` says what watches it. Pure."""
    names = rules.of(INGREDIENTS)
    checked: dict[str, Candidate] = {}
    made = []
    for row in table.rows:
        made.append(_option(row, table, facts, told.day))
        if made[-1].state == "open" and row.members:
            for key in _members(row, names):
                if key not in checked:
                    watched = tuple(one.removeprefix("measure:") for one in watching(graph, f"ingredient:{key}"))
                    checked[key] = replace(_candidate(key, names, rules, told), watched=watched)
            candidates = tuple(checked[key] for key in _members(row, names))
            already = tuple(one.title for one in told.medicines if is_member(one, row.members))
            made[-1] = replace(made[-1], candidates=candidates, already=already)
    return tuple(made)


def _option(row: Option, table: OptionTable, facts: Facts, today: date) -> OptionView:
    outcome = judged(table.judged_as.by_id[row.id], table.judged_as, facts, today)
    first, choice = table.sources[row.source].source(), table.sources[row.choice].source()
    against = tuple(_against(table, row, facts, today)) if outcome.state in ("card", "needs") else ()
    return OptionView(row, _STATES[outcome.state], outcome, first, choice, table.status(row), against)


def _against(table: OptionTable, row: Option, facts: Facts, today: date) -> Iterator[AgainstView]:
    """What holds, and what isn't known; what is known not to hold is nothing."""
    asked = structs.replace(table.judged_as.by_id[row.id], ages=(0, 130), region="", unless=())
    for one in row.against:
        state = judged(structs.replace(asked, when=((one.cond,),)), table.judged_as, facts, today).state
        if state in ("card", "needs"):
            yield AgainstView(one.why, Severity(one.level), one.fact, state == "card", table.sources[one.source].source())


def _members(row: Option, names: Ingredients) -> tuple[str, ...]:
    """The ingredients of an option, in the order of the table: no order of merit."""
    return tuple(key for key, one in names.rows.items() if Part(key, one.atc).among(row.members))


def _candidate(key: str, names: Ingredients, rules: Rules, told: PersonFacts) -> Candidate:
    """One ingredient, as if it were taken by mouth beside what is taken now. What is taken already is not held against itself."""
    row = names.rows[key]
    systemic = tuple(code for code in row.atc if not is_local(code)) or row.atc
    added = Taken(_CANDIDATE + key, row.name, Concept((), row.name), (key,), systemic)
    others = tuple(one for one in told.medicines if key not in one.ingredients)
    found = check(rules, replace(told, medicines=(*others, added)))
    mine = tuple(one for one in found.findings if added.medicine_id in one.medicines)
    left = tuple(one for one in found.not_checked if one.medicine_id == added.medicine_id or one.check in ("allergy", "medicine"))
    return Candidate(key, row.name, row.zh, _stands(mine, left), mine, left, len(others) < len(told.medicines), ())


def _stands(found: Sequence[Finding], left: Sequence[NotChecked]) -> str:
    gravest = max((one.severity for one in found), default=Severity.INFO)
    if gravest >= Severity.CONTRAINDICATED:
        return "contraindicated"
    if gravest > Severity.INFO:
        return "caution"
    return "unknown" if left else "nothing_found"


def _none(name: str) -> bytes:
    raise TableUnavailable(table=name, why="missing")
