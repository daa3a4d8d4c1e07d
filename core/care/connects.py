"""This is the place where one person's part of the graph is put together: what is theirs, which rules it touches, what says something now, what one more fact would tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.advice.engine import Facts, advise, judged
from core.advice.known import YES_NO
from core.advice.table import ADVICE, EVENTS
from core.advice.terms import Fact, Lack
from core.care import medicine_book, medicine_checks, risks
from core.care.access import Action, Grant, require
from core.care.advice_facts import Asked, facts_of
from core.care.connect_views import GROUPS, ConnectsView, Thing, UnlockView
from core.care.freshness import revision as revision
from core.care.knowing import knowledge
from core.care.medicine_orders import living
from core.care.option_facts import WORKED, more_facts
from core.care.risks import Shelf
from core.care.risks_families import CLINICIAN
from core.domain.people import Actor, Role
from core.knowledge.building import TABLES, Knowledge
from core.knowledge.options_table import OPTION_YES_NO, OPTIONS
from core.knowledge.personal import Mine, cut
from core.knowledge.walking import node, out_of, same_class, unlocked, watching
from core.medications.checking import check
from core.medications.facts import PersonFacts
from core.medications.findings import Finding
from core.medications.genes import settled
from core.medications.genes_alleles import ALLELES
from core.medications.genes_read import read
from core.medications.ingredients import INGREDIENTS, Ingredients
from core.medications.tables import Rules, load
from core.ports import Ports
from core.risk.registry import EQUATIONS
from core.risk.vocabulary import TERMS

MOST_UNLOCKS = 8
"""Missing facts that are told; those that would tell most come first."""
FOR_CLINICIANS = frozenset(key for key, one in WORKED.items() if one.family in CLINICIAN)
"""Results that a person isn't shown on My risks either."""
_NO_THINGS = frozenset({"region_china", "bp_measured"})
"""Where somebody lives joins everything; that a pressure was measured is the newest pressure itself."""
_TABLE_OF = {
    "interaction": "interactions",
    "duplicate": "duplicates",
    "allergy": "allergy",
    "kidney": "kidney",
    "pregnancy": "cautions",
    "age": "cautions",
    "gene": "genes",
}
_ABOUT = frozenset({"age", "sex"})
_HABITS = frozenset({"smoker", "smoked_100", "physically_active", "vegetables_daily", "alcohol_high"})


def view(ports: Ports, actor: Actor, person_id: str) -> ConnectsView:
    """How what is known of a person hangs together. For whoever is no clinician, verified relations alone. Where a table is missing or damaged, nothing, and that is
    said. Raises BadInput where a drawer of the person is damaged."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    clinician = actor.role in (Role.COORDINATOR, Role.SYSTEM)
    known = knowledge(ports.tables)
    shelf = risks.shelf(ports, actor, person_id, now)
    if known.fault or ports.tables is None or shelf.evidence.deceased:
        fault = known.fault or ("" if ports.tables else "advice")
        return ConnectsView(
            shelf.revision, now, person_id, tables=known.tables, fault=fault, clinician=clinician, deceased=shelf.evidence.deceased
        )
    rules = load(ports.tables.read, TABLES)
    told = _told(ports, grant, person_id)
    facts = {**facts_of(Asked(ports, actor, person_id, grant, now), shelf), **more_facts(shelf, told.medicines)}
    findings = check(rules, told).findings
    things = tuple(one for one in _things(known, rules, facts, told) if clinician or one.key not in FOR_CLINICIANS)
    speaking, lacks = _speaking(rules, facts, findings, shelf, clinician=clinician)
    mine = Mine(
        tuple(one.node_id for one in things),
        {one.node_id for one in things if one.group == "allergies"},
        {one.node_id for one in things if one.group == "medicines"},
        speaking,
        {f"equation:{key}" for key in _answered(shelf, known, facts)},
    )
    part = cut(known.graph, mine, clinician=clinician)
    return ConnectsView(
        shelf.revision, now, person_id, things, part.rules, tuple(one for one in findings if clinician or one.told_to_patients),
        tuple(_unlocks(known, lacks, facts, clinician=clinician)), known.tables, "", clinician, False, part.hidden, part.silent, part.more_things, part.more_rules,
    )  # fmt: skip


def _told(ports: Ports, grant: Grant, person_id: str) -> PersonFacts:
    book = medicine_book.load(ports.store, person_id, grant)
    held = living(ports, person_id, grant, book, ports.clock.now()).held(ports.clock.now())
    return medicine_checks.told(ports, grant, person_id, held)[1]


def _things(known: Knowledge, rules: Rules, facts: Facts, told: PersonFacts) -> Iterator[Thing]:
    """In the order of GROUPS. A "no" is no thing of theirs, and what can't be used isn't either."""
    found = [*_of_facts(known, facts), *_of_medicines(known, rules.of(INGREDIENTS), told)]
    found += [
        Thing(f"gene:{gene}", "genes", gene, gene)
        for gene, one in settled(read(told.gene_results, rules.of(ALLELES))).items()
        if one.told is not None
    ]
    seen: set[str] = set()
    for one in sorted((one for one in found if one.node_id in known.graph), key=lambda one: GROUPS.index(one.group)):
        if one.node_id not in seen:
            seen.add(one.node_id)
            yield one


def _of_facts(known: Knowledge, facts: Facts) -> Iterator[Thing]:
    for key, fact in facts.items():
        if fact.state not in ("used", "stale") or fact.value is None or key in _NO_THINGS:
            continue
        flag = key in YES_NO or key in OPTION_YES_NO
        if not flag or fact.value == 1:
            yield Thing(f"fact:{key}", _group(key, flag=flag), key, fact=fact)


def _group(key: str, *, flag: bool) -> str:
    if key in _ABOUT:
        return "about"
    if key in _HABITS:
        return "habits"
    if key.startswith("done_"):
        return "done"
    if key.startswith(("risk_", "score_")) or key in ("medicine_serious", "bp_classes", "self_harm"):
        return "results"
    return "problems" if flag and key != "statin" else "results" if flag or (key in TERMS and not TERMS[key].signal) else "measured"


def _of_medicines(known: Knowledge, names: Ingredients, told: PersonFacts) -> Iterator[Thing]:
    taken: dict[str, list[str]] = {}
    for one in told.medicines:
        for key in one.ingredients:
            taken.setdefault(key, []).append(one.title)
    for key, titles in taken.items():
        mates = {mate.removeprefix("ingredient:") for mate in same_class(known.graph, f"ingredient:{key}")}
        shares = tuple(title for other, every in taken.items() if other in mates for title in every)
        watched = tuple(one.removeprefix("measure:") for one in watching(known.graph, f"ingredient:{key}"))
        row = names.rows.get(key)
        yield Thing(
            f"ingredient:{key}",
            "medicines",
            key,
            row.name if row else key,
            row.zh if row else "",
            tuple(titles),
            None,
            shares,
            watched,
        )
    for allergy in told.allergies or ():
        for key in allergy.ingredients if allergy.active else ():
            row = names.rows.get(key)
            if key not in taken:
                yield Thing(
                    f"ingredient:{key}", "allergies", key, row.name if row else key, row.zh if row else "", (allergy.title,)
                )


def _speaking(
    rules: Rules, facts: Facts, findings: Sequence[Finding], shelf: Shelf, *, clinician: bool
) -> tuple[dict[str, int], dict[str, tuple[Lack, set[str]]]]:
    """The rules that say something now, and what is missing for others (with the rules that wait for it)."""
    advice = advise(facts, rules.of(ADVICE), shelf.made_at)
    by_id = rules.of(ADVICE).by_id
    speaking = {f"rule:advice:{one.rule}": int(one.severity) for one in advice.cards if clinician or by_id[one.rule].for_patients}
    told = (found for found in findings if clinician or found.told_to_patients)
    speaking |= {f"rule:{_TABLE_OF[found.kind]}:{found.rule}": int(found.severity) for found in told}
    lacks: dict[str, tuple[Lack, set[str]]] = {}
    for one in advice.needs:
        if by_id[one.rule].kind not in EVENTS:
            _wait(lacks, one.lacks, f"rule:advice:{one.rule}")
    table = rules.of(OPTIONS)
    for row in table.rows if clinician else ():
        outcome = judged(table.judged_as.by_id[row.id], table.judged_as, facts, shelf.made_at.date())
        if outcome.state == "card":
            speaking[f"option:{row.id}"] = 1
        elif outcome.state == "needs":
            _wait(lacks, outcome.lacks, f"option:{row.id}")
    return speaking, lacks


def _wait(lacks: dict[str, tuple[Lack, set[str]]], missing: Sequence[Lack], rule: str) -> None:
    for lack in missing:
        lacks.setdefault(lack.key, (lack, set()))[1].add(rule)


def _answered(shelf: Shelf, known: Knowledge, facts: Facts) -> Iterator[str]:
    """The equations that have an answer: those of which every required input may be there are asked."""
    for key, equation in EQUATIONS.items():
        if all(_there(facts, one.key) for one in equation.inputs if one.required) and f"equation:{key}" in known.graph:
            found = risks.equation_view(shelf, key, whole=False)
            if any(one.value is not None for one in found.outcomes):
                yield key


def _there(facts: Facts, key: str) -> bool:
    """What advice doesn't look at may be there: the equation itself says."""
    return key not in facts or facts[key].value is not None


def _unlocks(
    known: Knowledge, lacks: Mapping[str, tuple[Lack, set[str]]], facts: Mapping[str, Fact], *, clinician: bool
) -> Iterator[UnlockView]:
    """Of each missing fact, what would be ready with it; those that make most ready come first."""
    have = [f"fact:{key}" for key, fact in facts.items() if fact.state == "used"]
    made = []
    for key, (lack, waiting) in lacks.items():
        found = [
            one
            for one in unlocked(known.graph, f"fact:{key}", have)
            if (one.rule in waiting or one.rule.startswith("equation:")) and (clinician or _for_all(known, one.rule))
        ]
        ready = tuple(one for one in found if not one.others)
        if found:
            made.append(UnlockView(key, lack.why, lack.how, ready, len(found) - len(ready)))
    made.sort(key=lambda one: (-len(one.ready), -one.waiting, one.fact))
    yield from ([one for one in made if one.ready] or made)[:MOST_UNLOCKS]


def _for_all(known: Knowledge, rule: str) -> bool:
    """Whether a rule may be told to everybody: not for clinicians, and every relation it has verified."""
    return not node(known.graph, rule).clinician and all(edge.origin.status == "verified" for edge in out_of(known.graph, rule))
