"""The graph holds every row of every table that ships, each relation says where it comes from, and nothing hangs in the air."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from core.advice.table import ADVICE
from core.alerts.rules_table import RULES
from core.errors import TableUnavailable
from core.knowledge.building import TABLES, Shipped, built
from core.knowledge.terms import KINDS, MOST_EDGES, MOST_NODES, RELATIONS, STATUSES, Builder, Origin
from core.knowledge.walking import about_fact, about_medicine, classes_of, related, same_class, touching, unlocked, watching
from core.medications.allergies import ALLERGY
from core.medications.cautions import CAUTIONS
from core.medications.duplicates import DUPLICATES
from core.medications.genes import GENES
from core.medications.genes_alleles import ALLELES
from core.medications.ingredients import INGREDIENTS
from core.medications.interactions import INTERACTIONS
from core.medications.kidney_doses import KIDNEY
from core.risk.registry import EQUATIONS
from core.rules import FOLDER, MANIFEST, ShippedTables
from tests.knowledge.given import known, options, rules

GRAPH = known().graph
EDGES = [edge for _, _, edge in GRAPH.edges(data="edge")]


def test_every_relation_has_a_source_and_a_status_and_both_its_ends() -> None:
    assert all(edge.origin.source.strip() and edge.origin.status in STATUSES and edge.relation in RELATIONS for edge in EDGES)
    assert all(edge.start in GRAPH and edge.end in GRAPH and edge.origin.table and edge.origin.row for edge in EDGES)
    assert all(edge.origin.year == 0 or 1950 < edge.origin.year < 2100 for edge in EDGES)


def test_no_node_hangs_in_the_air_and_every_one_knows_its_kind() -> None:
    assert [node for node in GRAPH if GRAPH.degree(node) == 0] == []
    assert all(data["node"].node_id == node and data["node"].kind in KINDS for node, data in GRAPH.nodes(data=True))


def test_no_row_of_any_table_is_left_out() -> None:
    shipped = rules()
    wanted = {f"rule:advice:{row.id}" for row in shipped.of(ADVICE).rows}
    wanted |= {f"rule:interactions:{row.id}" for row in (*shipped.of(INTERACTIONS).rows, *shipped.of(INTERACTIONS).triples)}
    wanted |= {f"rule:duplicates:{row.id}" for row in shipped.of(DUPLICATES).rows}
    wanted |= {"rule:allergy:allergy_same", *(f"rule:allergy:{row.id}" for row in shipped.of(ALLERGY).groups)}
    wanted |= {f"rule:kidney:{row.id}" for row in shipped.of(KIDNEY).rows} | {
        f"rule:cautions:{row.id}" for row in shipped.of(CAUTIONS).rows
    }
    wanted |= {f"rule:genes:{row.id}" for row in shipped.of(GENES).rows} | {
        f"rule:alleles:{gene}" for gene in shipped.of(ALLELES).genes
    }
    wanted |= {f"rule:genes:{row.advice}_{row.test}" for row in shipped.of(GENES).before_start}
    wanted |= {f"ingredient:{key}" for key in shipped.of(INGREDIENTS).rows} | {f"option:{row.id}" for row in options().rows}
    wanted |= {f"equation:{key}" for key in EQUATIONS} | {f"rule:alerts:{rule.key}" for rule in RULES}
    assert wanted - set(GRAPH) == set()
    assert {kind.name for kind in TABLES} == {path.stem for path in FOLDER.glob("*.json") if path.name != MANIFEST}, (
        "a new table of rules has to be in the graph too"
    )


def test_every_fact_and_medicine_a_row_names_is_joined_to_it() -> None:
    for row in rules().of(ADVICE).rows:
        joined = {edge.end for edge in EDGES if edge.start == f"rule:advice:{row.id}"}
        assert {f"fact:{one.fact}" for any_of in row.when for one in any_of} | {
            f"fact:{one.fact}" for one in (*row.unless, *row.done)
        } <= joined
    for pair in rules().of(INTERACTIONS).rows:
        named = {one.removeprefix("-") for one in (*pair.a, *pair.b)}
        assert len({edge.end for edge in EDGES if edge.start == f"rule:interactions:{pair.id}"}) == len(named)


def test_the_status_of_a_relation_is_never_better_than_its_row() -> None:
    for row in rules().of(ADVICE).rows:
        assert {edge.origin.status for edge in EDGES if edge.start == f"rule:advice:{row.id}"} == {row.status}
    memory = {row.id for row in rules().of(INTERACTIONS).rows if row.source == "memory"}
    assert {edge.origin.status for edge in EDGES if edge.origin.table == "interactions" and edge.origin.row in memory} == {"memory"}
    assert all(edge.origin.status in ("digest", "memory") for edge in EDGES if edge.origin.table == "kidney"), (
        "no row of the kidney table was read in its source"
    )


def test_the_same_bytes_make_the_same_graph_and_no_larger_one_than_is_allowed() -> None:
    tables = ShippedTables()
    shipped = Shipped(tuple((kind.name, tables.read(kind.name)) for kind in TABLES))
    first, again = built(shipped), built.__wrapped__(shipped)
    assert list(first.graph.nodes) == list(again.graph.nodes)
    assert [(edge.start, edge.end, edge.relation) for *_, edge in first.graph.edges(data="edge")] == [
        (edge.start, edge.end, edge.relation) for *_, edge in again.graph.edges(data="edge")
    ]
    assert GRAPH.number_of_nodes() < MOST_NODES / 2 and GRAPH.number_of_edges() < MOST_EDGES / 2
    with pytest.raises(nx.NetworkXError):
        GRAPH.add_node("more")


def test_a_table_that_is_gone_or_damaged_is_named_and_none_of_its_rows_are_there() -> None:
    tables = ShippedTables()
    for name, content in (("interactions", None), ("kidney", b"{}")):
        found = built(Shipped(tuple((kind.name, content if kind.name == name else tables.read(kind.name)) for kind in TABLES)))
        assert found.fault == name
        assert not any(node.startswith(f"rule:{name}:") for node in found.graph)
        assert any(node.startswith("rule:advice:") for node in found.graph)


def test_a_row_about_an_ingredient_that_is_not_there_is_refused() -> None:
    tables = ShippedTables()
    sheet = json.loads(tables.read("cautions"))
    sheet["rows"][0]["medicines"] = ["no_such_thing"]
    with pytest.raises(ValueError, match="no_such_thing"):
        built(
            Shipped(
                tuple(
                    (kind.name, json.dumps(sheet).encode() if kind.name == "cautions" else tables.read(kind.name))
                    for kind in TABLES
                )
            )
        )


def test_a_relation_without_a_source_an_end_or_a_status_is_refused() -> None:
    builder = Builder()
    fact, rule = builder.node("fact", "age"), builder.node("rule", "x", table="advice")
    for start, end, relation, source, status in (
        (rule, "fact:nobody", "asks", "S", "verified"), (rule, fact, "likes", "S", "verified"), (rule, fact, "asks", "", "verified"), (rule, fact, "asks", "S", "sure"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"asks|likes"):
            builder.edge(start, end, relation, Origin("advice", "x", source, 2026, status))


def test_a_medicine_is_reached_by_its_name_and_by_every_class_it_is_in() -> None:
    rule_ids = {link.rule for link in about_medicine(GRAPH, "ingredient:clopidogrel")}
    assert "rule:genes:clopidogrel_poor" in rule_ids
    assert {"class:C10AA", "class:any"} <= set(classes_of(GRAPH, "ingredient:atorvastatin"))
    assert "option:statin_cvd" in {link.rule for link in about_medicine(GRAPH, "ingredient:atorvastatin")}


def test_what_a_rule_leaves_out_is_left_out() -> None:
    assert "option:bp_ccb" in {link.rule for link in about_medicine(GRAPH, "ingredient:amlodipine")}
    assert "option:bp_ccb" not in {link.rule for link in about_medicine(GRAPH, "ingredient:nimodipine")}


def test_what_shares_a_class_and_what_watches_it() -> None:
    assert "ingredient:simvastatin" in same_class(GRAPH, "ingredient:atorvastatin")
    assert "ingredient:atorvastatin" not in same_class(GRAPH, "ingredient:atorvastatin")
    assert "measure:egfr" in watching(GRAPH, "ingredient:metformin") and "measure:potassium" in watching(
        GRAPH, "ingredient:spironolactone"
    )
    assert watching(GRAPH, "ingredient:paracetamol") == ()


def test_one_more_fact_makes_ready_only_what_waits_for_nothing_else() -> None:
    with_all = {one.rule: one.others for one in unlocked(GRAPH, "fact:uacr", {"fact:egfr", "fact:age"})}
    assert with_all["equation:kdigo"] == ()
    without = {one.rule: one.others for one in unlocked(GRAPH, "fact:uacr", ())}
    assert without["equation:kdigo"] == ("fact:egfr",)


def test_what_is_not_verified_is_beside_no_card_of_a_patient() -> None:
    for row in rules().of(ADVICE).rows:
        for other in related(GRAPH, f"rule:advice:{row.id}", clinician=False):
            node = GRAPH.nodes[other]["node"]
            assert not node.clinician
            assert all(
                edge.origin.status == "verified"
                for edge in EDGES
                if edge.start == other and edge.relation in ("asks", "not_if", "needs")
            )


def test_asking_about_what_is_not_there_gives_nothing() -> None:
    for node in ("fact:nobody", "ingredient:<script>", "", "class:"):
        assert touching(GRAPH, node) == () and about_fact(GRAPH, node) == () and same_class(GRAPH, node) == ()


def test_a_missing_reader_is_a_fault_and_no_error() -> None:
    def nothing(name: str) -> bytes:
        raise TableUnavailable(table=name, why="missing")

    from core.care.knowing import knowledge  # beside its only use

    class Gone:
        read = staticmethod(nothing)

    assert knowledge(Gone()).fault and knowledge(None).fault
