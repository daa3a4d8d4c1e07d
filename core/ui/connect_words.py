"""This is the place where nodes and relations of the graph become words: what a thing is called, what a rule is, where a connection comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape

from core.advice.terms import Fact
from core.care.connect_views import ConnectsView, Thing
from core.care.views import Fact as Said
from core.domain.time import PartialTime
from core.knowledge.options_table import OPTION_YES_NO
from core.knowledge.personal import RuleHere
from core.knowledge.terms import Edge, Node
from core.knowledge.walking import Link
from core.medications.findings import Finding
from core.ui import advice_words, risk_words
from core.ui.markup import dotted, tag
from core.ui.sentences import sentence
from core.ui.words import Words

_TABLE_OF: Mapping[str, str] = {
    "interactions": "interaction", "duplicates": "duplicate", "allergy": "allergy", "kidney": "kidney", "genes": "gene",
}  # fmt: skip


def fact_name(t: Words, key: str) -> str:
    """As options, advice or My risks call it."""
    return t("options.fact." + key) if t.has("options.fact." + key) else advice_words.fact_name(t, key)


def fact_line(t: Words, fact: Fact) -> str:
    """Name, value, date and sources of a fact. HTML."""
    if t.has("options.fact." + fact.key) or fact.key in OPTION_YES_NO:
        shown, name, when = _value(t, fact), fact_name(t, fact.key), PartialTime.parse(fact.when)
        parts = (f"{name}: {shown}" if shown else name, t.day(when) if when is not None else "", *fact.sources)
        return dotted(escape(one) for one in parts if one)
    return advice_words.fact_line(t, fact)


def _value(t: Words, fact: Fact) -> str:
    if fact.value is None:
        return ""
    if fact.key in OPTION_YES_NO:
        return t("risk.choice.yes") if fact.value else t("risk.choice.no")
    return risk_words.measured(t, fact.value, fact.unit)


def ingredient(t: Words, name: str, zh: str) -> str:
    return zh if zh and t.language.startswith("zh") else name


def thing_name(t: Words, one: Thing) -> str:
    """What a thing is called: a medicine or allergy as the record calls it, a fact by its name. Text."""
    if one.titles:
        return t("message.between").join(dict.fromkeys(one.titles))
    return fact_name(t, one.key) if one.fact is not None else one.name or one.key


def thing_value(t: Words, one: Thing) -> str:
    if one.fact is None or (one.fact.value == 1 and one.group == "problems"):
        return ""
    return _value(t, one.fact) if t.has("options.fact." + one.key) else advice_words.fact_value(t, one.fact)


def kind_name(t: Words, rule: Node) -> str:
    return t("connects.rule." + (rule.table or rule.kind))


def rule_name(t: Words, rule: Node, view: ConnectsView | None = None) -> str:
    """What a rule, calculation or option is called; of a check that found something, what it found."""
    if rule.table == "advice":
        return t("advice.title." + rule.key)
    if rule.kind == "option":
        return t("options.title." + rule.key)
    if rule.kind == "equation":
        return t("risk.equation." + rule.key) if t.has("risk.equation." + rule.key) else rule.key
    found = _finding(view, rule) if view is not None else None
    if found is not None and view is not None:
        return sentence(t, Said(found.why if view.clinician else found.what, found.facts))
    return t("connects.rule." + rule.table)


def _finding(view: ConnectsView, rule: Node) -> Finding | None:
    kinds = (_TABLE_OF[rule.table],) if rule.table in _TABLE_OF else ("pregnancy", "age")
    return next((one for one in view.findings if one.rule == rule.key and one.kind in kinds), None)


def names(t: Words, rules: Iterable[Node], view: ConnectsView | None = None) -> str:
    return t("message.between").join(dict.fromkeys(rule_name(t, one, view) for one in rules))


def status_tag(t: Words, status: str) -> str:
    """Nothing for what was read in its source; else how it was come by. HTML."""
    return (
        ""
        if status == "verified"
        else tag(t("safety.status." + status), "file", "unknown" if status in ("digest", "memory") else "plain")
    )


def where_from(t: Words, edges: Iterable[Edge]) -> str:
    """The sources of a connection, each with its year. Text."""
    said = (
        t("connects.from", source=one.origin.source, year=str(one.origin.year))
        if one.origin.year
        else t("connects.from_undated", source=one.origin.source)
        for one in edges
    )
    return t("message.between").join(dict.fromkeys(said))


def link_line(t: Words, rule: RuleHere, link: Link, *, clinician: bool) -> str:
    """How a thing and a rule are joined, and where that stands; for clinicians with the ATC group it goes through. HTML."""
    groups = [edge.end.removeprefix("class:") for edge in link.path if edge.relation == "in_class" and clinician]
    via = t("connects.via", group=groups[0]) if groups and len(link.path) > 1 and groups[0] != "any" else ""
    own = tuple(edge for edge in link.path if edge.origin.table not in ("ingredients", "signals"))
    return dotted(
        escape(one) for one in (kind_name(t, rule.rule), t("connects.relation." + link.relation), via, where_from(t, own)) if one
    )


def with_name(finding: Finding, old: str, new: str) -> Finding:
    """A finding in which an ingredient is called as the reader's language does."""
    return replace(finding, facts={key: new if said == old else said for key, said in finding.facts.items()})
