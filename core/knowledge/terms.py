"""This is the place where the graph of knowledge has its words: nodes, relations, and what every relation has to say about where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import networkx as nx

KINDS = ("fact", "measure", "gene", "ingredient", "combination", "class", "rule", "equation", "option")
RELATIONS = (
    "asks", "not_if", "done_by", "against", "needs", "gives", "measured_as", "includes", "told_by", "watches", "tests", "about", "left_out", "one_side",
    "other_side", "third_side", "allergen", "in_class", "part_of", "holds", "rests_on", "reads",
)  # fmt: skip
"""asks, not_if, done_by, against: a rule and a fact; needs, gives: an equation and what goes in and comes out; measured_as: a fact and a measurement; includes: a
diagnosis and those it is any of; told_by: a fact and the class of medicines that says so; watches: a rule and a measurement; tests: a rule and a gene; about (and
left_out), one_side, other_side, third_side, allergen: a rule and ingredients or classes; in_class, part_of, holds: ingredients, classes, combinations; rests_on: a rule
and an equation; reads: a table of alleles and a gene."""
STATUSES = ("verified", "house", "digest", "memory")
"""From the best checked to the least, as in the tables of advice."""
STATUS_OF = {
    "verified": "verified", "house": "house", "digest": "digest", "memory": "memory", "single_source": "digest", "from_memory": "memory",
    "our_choice": "house", "approximation": "house", "unchecked": "memory",
}  # fmt: skip
"""What the tables of alerts and of equations call it, in these words."""
MOST_NODES, MOST_EDGES = 5_000, 30_000
"""More is no graph of ours: the tables hold a good thousand rows."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a relation comes from: the table and its row, the citation, the year (0: the source was read without one) and how well it was checked."""

    table: str
    row: str
    source: str
    year: int
    status: str


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation of the graph."""

    start: str
    end: str
    relation: str
    origin: Origin
    required: bool = True
    """Of what a rule asks for: false where something else would do as well."""


@dataclass(frozen=True, slots=True)
class Node:
    """`node_id` is "<kind>:<key>"; rules are "rule:<table>:<row>". `clinician`: its content is for clinicians."""

    node_id: str
    kind: str
    key: str
    table: str = ""
    clinician: bool = False


def weakest(statuses: Iterable[str]) -> str:
    return max(statuses, key=STATUSES.index, default="verified")


def year_in(text: str) -> int:
    """The year a date or version begins with; 0 where it has none."""
    head = text[:4]
    return int(head) if len(head) == 4 and head.isdecimal() and head.isascii() else 0


class Builder:
    """Puts nodes and edges together; what is in both tables is one node."""

    def __init__(self) -> None:
        self.graph = nx.MultiDiGraph()

    def node(self, kind: str, key: str, *, table: str = "", clinician: bool = False) -> str:
        node_id = f"{kind}:{table}:{key}" if kind == "rule" else f"{kind}:{key}"
        if node_id not in self.graph:
            self.graph.add_node(node_id, node=Node(node_id, kind, key, table, clinician))
        return node_id

    def edge(self, start: str, end: str, relation: str, origin: Origin, *, required: bool = True) -> None:
        """Both ends have to be there: nothing hangs in the air. Raises ValueError."""
        if (
            start not in self.graph
            or end not in self.graph
            or relation not in RELATIONS
            or origin.status not in STATUSES
            or not origin.source
        ):
            raise ValueError(f"{start} {relation} {end}")
        self.graph.add_edge(
            start, end, key=f"{relation}:{origin.table}:{origin.row}", edge=Edge(start, end, relation, origin, required)
        )

    def done(self) -> nx.MultiDiGraph:
        if self.graph.number_of_nodes() > MOST_NODES or self.graph.number_of_edges() > MOST_EDGES:
            raise ValueError("the tables make a graph that is too large")
        return nx.freeze(self.graph)
