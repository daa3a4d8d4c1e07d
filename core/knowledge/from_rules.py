"""This is the place where the tables of advice, options, equations and alerts become a part of the graph."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from core.advice.table import ADVICE, Cond
from core.alerts.rules import NEWS
from core.alerts.rules_table import RULES
from core.knowledge.from_medicines import ATC, Members
from core.knowledge.options_table import OPTIONS, OptionTable, year_of
from core.knowledge.terms import STATUS_OF, Builder, Origin, weakest, year_in
from core.medications.cited import Cited
from core.medications.ingredients import INGREDIENTS
from core.medications.tables import Rules
from core.risk.conditions import COMBINED
from core.risk.medicine_classes import CLASSES
from core.risk.registry import EQUATIONS
from core.risk.terms import Equation
from core.risk.vocabulary import TERMS

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def add(builder: Builder, rules: Rules, results: Mapping[str, tuple[str, str]], for_clinicians: Collection[str] = ()) -> None:
    """`results`: by fact, the family and the outcome of the equation that gives it; `for_clinicians`: equations that only they are shown."""
    if rules.has(ADVICE):
        _advice(builder, rules)
    if rules.has(OPTIONS) and rules.has(INGREDIENTS):
        _options(builder, rules)
    for equation in EQUATIONS.values():
        _equation(builder, equation, clinician=equation.audience != "patient" or equation.key in for_clinicians)
    _results(builder, results)
    _alerts(builder)
    _diagnoses(builder)


def measured(builder: Builder, signals: Mapping[str, str]) -> None:
    """Which measurement answers which fact: those of the equations by their own table, those of advice by `signals`."""
    both = {**{key: term.signal for key, term in TERMS.items() if term.signal}, **signals}
    for fact, signal in both.items():
        if f"fact:{fact}" in builder.graph:
            where = Origin("signals", fact, "Healthboard: the table of signals and their LOINC codes", 2026, "house")
            builder.edge(f"fact:{fact}", builder.node("measure", signal), "measured_as", where)


def _asked(builder: Builder, rule: str, when: Iterable[tuple[Cond, ...]], where: Origin) -> None:
    for any_of in when:
        for one in any_of:
            builder.edge(rule, builder.node("fact", one.fact), "asks", where, required=len(any_of) == 1)


def _advice(builder: Builder, rules: Rules) -> None:
    for row in rules.of(ADVICE).rows:
        where = Origin("advice", row.id, row.source, row.year, row.status)
        rule = builder.node("rule", row.id, table="advice", clinician=not row.for_patients)
        builder.edge(rule, builder.node("fact", "age"), "asks", where)
        _asked(builder, rule, row.when, where)
        if row.sex != "any":
            builder.edge(rule, builder.node("fact", "sex"), "asks", where)
        if row.region:
            builder.edge(rule, builder.node("fact", "region_china"), "asks", where, required=row.region == "china")
        for one in row.unless:
            builder.edge(rule, builder.node("fact", one.fact), "not_if", where)
        for done in row.done:
            builder.edge(rule, builder.node("fact", done.fact), "done_by", where, required=False)


def _cited(row: str, source: Cited) -> Origin:
    return Origin("options", row, source.citation, year_of(source), source.status)


def _options(builder: Builder, rules: Rules) -> None:
    table: OptionTable = rules.of(OPTIONS)
    members = Members(builder, rules.of(INGREDIENTS))
    for row in table.rows:
        when, what = (_cited(row.id, table.sources[name]) for name in (row.source, row.choice))
        option = builder.node("option", row.id, clinician=True)
        builder.edge(option, builder.node("fact", "age"), "asks", when)
        _asked(builder, option, row.when, when)
        for one in row.unless:
            builder.edge(option, builder.node("fact", one.fact), "not_if", when)
        for no in row.against:
            builder.edge(option, builder.node("fact", no.fact), "against", _cited(row.id, table.sources[no.source]))
        members.link(option, row.members, "about", what)


def _equation(builder: Builder, equation: Equation, *, clinician: bool) -> None:
    """Its thresholds belong to it: where one of them is unchecked, that is said of the outcome alone."""
    year = year_in(equation.version) or max((int(one) for one in _YEAR.findall(equation.citation)), default=0)
    where = Origin("equations", equation.key, equation.citation, year, STATUS_OF[equation.status])
    node = builder.node("equation", equation.key, clinician=clinician)
    for item in equation.inputs:
        builder.edge(node, builder.node("fact", item.key), "needs", where, required=item.required)
    for outcome in equation.outcomes:
        status = weakest([where.status, *(STATUS_OF[one.status] for one in equation.thresholds if one.outcome == outcome.key)])
        given = builder.node("fact", f"{equation.key}.{outcome.key}")
        builder.edge(node, given, "gives", Origin(where.table, where.row, where.source, where.year, status))


def _results(builder: Builder, results: Mapping[str, tuple[str, str]]) -> None:
    for fact, (family, outcome) in results.items():
        for equation in EQUATIONS.values():
            if equation.key == family or equation.key.startswith(family + "_"):
                where = Origin("equations", equation.key, equation.citation, year_in(equation.version), STATUS_OF[equation.status])
                if outcome in {one.key for one in equation.outcomes}:
                    builder.edge(f"equation:{equation.key}", builder.node("fact", fact), "gives", where)


def _alerts(builder: Builder) -> None:
    for rule in RULES:
        where = Origin("alerts", rule.key, rule.source, rule.year, STATUS_OF[rule.status])
        node = builder.node("rule", rule.key, table="alerts", clinician=True)
        if rule.signal == NEWS:
            builder.edge(node, builder.node("equation", NEWS), "rests_on", where)
        else:
            builder.edge(node, builder.node("measure", rule.signal), "watches", where)


def _diagnoses(builder: Builder) -> None:
    """What is any of several diagnoses, and what a class of medicines says."""
    for whole, parts in COMBINED.items():
        where = Origin("conditions", whole, "Healthboard: which diagnoses an equation's input means", 2026, "house")
        for part in parts:
            builder.edge(builder.node("fact", whole), builder.node("fact", part), "includes", where)
    citation, year, status = ATC
    for fact, prefixes in CLASSES.items():
        for prefix in prefixes:
            where = Origin("medicine_classes", fact, citation, year, status)
            builder.edge(builder.node("fact", fact), builder.node("class", prefix), "told_by", where)
