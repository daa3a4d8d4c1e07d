"""This is the place where the tables of medicines become a part of the graph: ingredients and classes, and every row of the safety checks."""

from __future__ import annotations

from collections.abc import Iterable

from core.knowledge.terms import STATUS_OF, Builder, Origin, weakest, year_in
from core.medications.allergies import ALLERGY
from core.medications.cautions import CAUTIONS
from core.medications.duplicates import DUPLICATES
from core.medications.findings import Source
from core.medications.genes import GENES
from core.medications.genes_alleles import ALLELES
from core.medications.ingredients import INGREDIENTS, Ingredients
from core.medications.interactions import INTERACTIONS
from core.medications.kidney_doses import KIDNEY
from core.medications.tables import Rules

_GROUP = 5
"""Characters of an ATC code on the fourth level."""
ANY = "any"
"""The class of all medicines, for rules about any two of them."""
MEASURED = {"crcl": ("creatinine", "weight"), "egfr": ("egfr",), "potassium": ("potassium",), "two_of": ("creatinine", "weight")}
"""What the measures of the kidney table are worked out from."""
ATC = ("WHO ATC/DDD index: the ingredient's own codes", 2026, "verified")

NO_CODE = ("Healthboard: an ingredient without an ATC code is a medicine all the same", 2026, "house")


def origin(table: str, row: str, source: Source, status: str = "") -> Origin:
    """As the rows of the medicine tables say it."""
    return Origin(table, row, source.citation, year_in(source.date), STATUS_OF[status or source.status])


class Members:
    """How rules name medicines: ATC prefixes, keys of ingredients, and after a hyphen what is left out."""

    def __init__(self, builder: Builder, names: Ingredients) -> None:
        self._builder, self._names = builder, names

    def node(self, member: str) -> str:
        if member[:1].islower():
            if member not in self._names.rows:
                raise ValueError(f"an ingredient that isn't there: {member}")
            return self._builder.node("ingredient", member)
        return self._builder.node("class", member)

    def link(self, rule: str, members: Iterable[str], relation: str, where: Origin) -> None:
        for one in members:
            out = one.startswith("-")
            self._builder.edge(rule, self.node(one.removeprefix("-")), "left_out" if out else relation, where)


def add(builder: Builder, rules: Rules) -> None:
    """All that can be read; without the table of ingredients, nothing."""
    if not rules.has(INGREDIENTS):
        return
    names = rules.of(INGREDIENTS)
    for key in names.rows:
        builder.node("ingredient", key)
    members = Members(builder, names)
    for kind, each in (
        (INTERACTIONS, _interactions),
        (DUPLICATES, _duplicates),
        (ALLERGY, _allergies),
        (KIDNEY, _kidney),
        (CAUTIONS, _cautions),
        (GENES, _genes),
    ):
        if rules.has(kind):
            each(builder, rules, members)
    if rules.has(ALLELES):
        _alleles(builder, rules)
    _combinations(builder, names)


def _interactions(builder: Builder, rules: Rules, members: Members) -> None:
    sheet = rules.of(INTERACTIONS)
    for row in sheet.rows:
        where = origin("interactions", row.id, sheet.sources[row.source])
        rule = builder.node("rule", row.id, table="interactions", clinician=where.status != "verified")
        members.link(rule, row.a, "one_side", where)
        members.link(rule, row.b, "other_side", where)
    for three in sheet.triples:
        where = origin("interactions", three.id, sheet.sources[three.source])
        rule = builder.node("rule", three.id, table="interactions", clinician=where.status != "verified")
        for side, relation in zip(three.members, ("one_side", "other_side", "third_side"), strict=True):
            members.link(rule, side, relation, where)


def _duplicates(builder: Builder, rules: Rules, members: Members) -> None:
    sheet = rules.of(DUPLICATES)
    for row in sheet.rows:
        where = origin("duplicates", row.id, sheet.source)
        rule = builder.node("rule", row.id, table="duplicates")
        builder.edge(rule, builder.node("class", ANY), "about", where)
        members.link(rule, row.apart, "left_out", where)


def _allergies(builder: Builder, rules: Rules, members: Members) -> None:
    sheet = rules.of(ALLERGY)
    same = origin("allergy", "allergy_same", sheet.same.source())
    builder.edge(builder.node("rule", "allergy_same", table="allergy"), builder.node("class", ANY), "about", same)
    for group in sheet.groups:
        where = origin("allergy", group.id, sheet.sources[group.source].source(), group.status or "")
        unsure = Origin(where.table, where.row, where.source, where.year, "memory")
        rule = builder.node("rule", group.id, table="allergy", clinician=where.status != "verified")
        members.link(rule, group.allergens, "allergen", where)
        members.link(rule, group.unsure, "allergen", unsure)
        members.link(rule, group.medicines or group.allergens, "about", where)
        members.link(rule, () if group.medicines else group.unsure, "about", unsure)
        members.link(rule, group.but_not, "left_out", where)


def _kidney(builder: Builder, rules: Rules, members: Members) -> None:
    sheet = rules.of(KIDNEY)
    for row in sheet.rows:
        source = sheet.sources[row.source].source()
        where = origin(
            "kidney", row.id, source, weakest([row.status or source.status, *(tier.status for tier in row.tiers if tier.status)])
        )
        rule = builder.node("rule", row.id, table="kidney", clinician=where.status == "memory")
        members.link(rule, row.medicines, "about", where)
        members.link(rule, row.but_not, "left_out", where)
        for signal in MEASURED[row.measure]:
            builder.edge(rule, builder.node("measure", signal), "watches", where)


def _cautions(builder: Builder, rules: Rules, members: Members) -> None:
    sheet = rules.of(CAUTIONS)
    for row in sheet.rows:
        where = origin("cautions", row.id, sheet.sources[row.source].source())
        rule = builder.node("rule", row.id, table="cautions", clinician=where.status == "memory")
        members.link(rule, row.medicines, "about", where)
        members.link(rule, row.but_not, "left_out", where)
        builder.edge(rule, builder.node("fact", "pregnant" if row.kind == "pregnancy" else "age"), "asks", where)


def _genes(builder: Builder, rules: Rules, members: Members) -> None:
    sheet = rules.of(GENES)
    for row in sheet.rows:
        where = origin("genes", row.id, sheet.sources[row.source].source())
        rule = builder.node("rule", row.id, table="genes", clinician=not row.for_patients)
        members.link(rule, row.medicines, "about", where)
        for gene in row.when:
            builder.edge(rule, builder.node("gene", gene), "tests", where)
    for one in sheet.before_start:
        name = f"{one.advice}_{one.test}"
        where = origin("genes", name, sheet.sources[one.source].source())
        rule = builder.node("rule", name, table="genes", clinician=True)
        members.link(rule, one.medicines, "about", where)
        builder.edge(rule, builder.node("gene", one.test), "tests", where)


def _alleles(builder: Builder, rules: Rules) -> None:
    sheet = rules.of(ALLELES)
    for gene in sheet.genes:
        where = origin("alleles", gene, sheet.source.source())
        builder.edge(builder.node("rule", gene, table="alleles", clinician=True), builder.node("gene", gene), "reads", where)


def _combinations(builder: Builder, names: Ingredients) -> None:
    """Fixed combinations by their ATC code: what is in each."""
    citation, year, status = ATC
    for code, keys in names.by_atc.items():
        if len(keys) > 1:
            whole = builder.node("combination", code)
            for key in keys:
                builder.edge(whole, builder.node("ingredient", key), "holds", Origin("ingredients", code, citation, year, status))


def classes(builder: Builder, rules: Rules) -> None:
    """Every ingredient in the narrowest classes that anything speaks of or that its code names on the fourth level, every class in the next wider one."""
    if not rules.has(INGREDIENTS):
        return
    citation, year, status = ATC
    names = rules.of(INGREDIENTS)
    codes = {key: list(row.atc) for key, row in names.rows.items()}
    builder.node("class", ANY)
    for code in sorted({code[:_GROUP] for every in codes.values() for code in every if len(code) >= _GROUP}):
        builder.node("class", code)
    known = {node.node_id.removeprefix("class:") for _, node in builder.graph.nodes(data="node") if node.kind == "class"} - {ANY}
    for key, every in codes.items():
        where = Origin("ingredients", key, citation, year, status)
        for group in dict.fromkeys(_narrowest(code, known) for code in every):
            builder.edge(f"ingredient:{key}", f"class:{group}", "in_class", where)
        if not every:
            builder.edge(f"ingredient:{key}", f"class:{ANY}", "in_class", Origin("ingredients", key, *NO_CODE))
    for code in sorted(known):
        wider = _narrowest(code[:-1], known)
        builder.edge(f"class:{code}", f"class:{wider}", "part_of", Origin("ingredients", code, citation, year, status))


def _narrowest(code: str, known: set[str]) -> str:
    return next((code[:n] for n in range(len(code), 0, -1) if code[:n] in known), ANY)
