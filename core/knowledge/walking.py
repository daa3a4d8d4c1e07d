"""This is the place where the graph is asked: which rules touch a fact or a medicine, what shares a class, what watches it, what a missing fact would tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import networkx as nx

from core.knowledge.terms import Edge, Node, weakest

_ASKING = frozenset({"asks", "not_if", "done_by", "against", "needs", "watches", "tests"})
_MEDICINE = frozenset({"about", "one_side", "other_side", "third_side", "allergen"})
_GROUP = 5


@dataclass(frozen=True, slots=True)
class Link:
    """A thing and a rule (or equation, or option), and the relations of the graph that lead from one to the other, each with its origin."""

    thing: str
    rule: str
    relation: str
    path: tuple[Edge, ...]

    @property
    def status(self) -> str:
        """That of its weakest part."""
        return weakest(edge.origin.status for edge in self.path)


def node(graph: nx.MultiDiGraph, node_id: str) -> Node:
    found: Node = graph.nodes[node_id]["node"]
    return found


def out_of(graph: nx.MultiDiGraph, node_id: str) -> Iterator[Edge]:
    """The relations that begin there; none for what isn't in the graph."""
    if node_id in graph:
        yield from (edge for _, _, edge in graph.out_edges(node_id, data="edge"))


def into(graph: nx.MultiDiGraph, node_id: str) -> Iterator[Edge]:
    """The relations that end there."""
    if node_id in graph:
        yield from (edge for _, _, edge in graph.in_edges(node_id, data="edge"))


def classes_of(graph: nx.MultiDiGraph, ingredient: str) -> dict[str, tuple[Edge, ...]]:
    """Every class an ingredient belongs to, the narrowest first, with the way there."""
    found: dict[str, tuple[Edge, ...]] = {ingredient: ()}
    waiting = [ingredient]
    while waiting:
        at = waiting.pop(0)
        for edge in out_of(graph, at):
            if edge.relation in ("in_class", "part_of") and edge.end not in found:
                found[edge.end] = (*found[at], edge)
                waiting.append(edge.end)
    return found


def about_medicine(graph: nx.MultiDiGraph, ingredient: str) -> tuple[Link, ...]:
    """Every rule and option about an ingredient, by its own name or by a class. What a rule leaves out is left out."""
    ways = classes_of(graph, ingredient)
    out = {edge.start for at in ways for edge in into(graph, at) if edge.relation == "left_out"}
    links: dict[tuple[str, str], Link] = {}
    for at, way in ways.items():
        for edge in into(graph, at):
            if edge.relation in _MEDICINE and edge.start not in out:
                links.setdefault((edge.start, edge.relation), Link(ingredient, edge.start, edge.relation, (*way, edge)))
    return tuple(links.values())


def about_fact(graph: nx.MultiDiGraph, fact: str) -> tuple[Link, ...]:
    """Every rule, equation and option that asks for a fact, a measurement or a gene; of a fact that is a measurement, also what watches that."""
    links: dict[tuple[str, str], Link] = {}
    for edge in into(graph, fact):
        if edge.relation in _ASKING or edge.relation == "gives":
            links.setdefault((edge.start, edge.relation), Link(fact, edge.start, edge.relation, (edge,)))
    for measured in (edge for edge in out_of(graph, fact) if edge.relation == "measured_as"):
        for edge in into(graph, measured.end):
            if edge.relation in _ASKING:
                links.setdefault((edge.start, edge.relation), Link(fact, edge.start, edge.relation, (measured, edge)))
    return tuple(links.values())


def touching(graph: nx.MultiDiGraph, thing: str) -> tuple[Link, ...]:
    """Every rule that touches a thing, whatever it is; none for what isn't in the graph."""
    if thing not in graph:
        return ()
    return about_medicine(graph, thing) if node(graph, thing).kind in ("ingredient", "class") else about_fact(graph, thing)


def same_class(graph: nx.MultiDiGraph, ingredient: str) -> tuple[str, ...]:
    """The other ingredients of its chemical groups (ATC, fourth level)."""
    groups = [one for one in classes_of(graph, ingredient) if one.startswith("class:") and len(one) == len("class:") + _GROUP]
    return tuple(dict.fromkeys(one for group in groups for one in _inside(graph, group) if one != ingredient))


def _inside(graph: nx.MultiDiGraph, group: str) -> Iterator[str]:
    for edge in into(graph, group):
        if edge.relation == "in_class":
            yield edge.start
        elif edge.relation == "part_of":
            yield from _inside(graph, edge.start)


def watching(graph: nx.MultiDiGraph, ingredient: str) -> tuple[str, ...]:
    """The measurements that a rule about this ingredient looks at: what to know, and to measure again."""
    rules = (link.rule for link in about_medicine(graph, ingredient) if link.relation == "about")
    return tuple(dict.fromkeys(edge.end for rule in rules for edge in out_of(graph, rule) if edge.relation == "watches"))


@dataclass(frozen=True, slots=True)
class Unlock:
    """A rule or equation that waits for a fact, and what else it would need that isn't known either."""

    rule: str
    others: tuple[str, ...]


def unlocked(graph: nx.MultiDiGraph, missing: str, known: Collection[str]) -> tuple[Unlock, ...]:
    """What a missing fact would let be worked out: those that wait for nothing else first. `missing` and `known` are ids of nodes."""
    found = []
    for link in about_fact(graph, missing):
        if link.relation in ("asks", "needs", "not_if"):
            needed = {edge.end for edge in out_of(graph, link.rule) if edge.required and edge.relation in ("asks", "needs")}
            found.append(Unlock(link.rule, tuple(sorted(needed - set(known) - {missing}))))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (len(one.others), one.rule)))


def related(graph: nx.MultiDiGraph, rule: str, *, clinician: bool) -> tuple[str, ...]:
    """Other rules, equations and options that rest on the same facts as a rule: those that share most first. For a person only what was verified."""
    shared: dict[str, int] = {}
    for edge in out_of(graph, rule):
        if edge.relation not in _ASKING or edge.end in _EVERYWHERE:
            continue
        for link in (one for one in about_fact(graph, edge.end) if one.relation != "gives"):
            seen = clinician or (not node(graph, link.rule).clinician and weakest((link.status, edge.origin.status)) == "verified")
            if link.rule != rule and seen:
                shared[link.rule] = shared.get(link.rule, 0) + 1
    return tuple(sorted(shared, key=lambda one: (-shared[one], one)))


_EVERYWHERE = frozenset({"fact:age", "fact:sex", "fact:region_china"})
"""What nearly every rule asks for joins nothing."""
