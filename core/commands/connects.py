"""This is the place where `connects` is: one person's part of the graph of knowledge, with nodes, edges and where every edge comes from."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from core.care import connects
from core.care.access import COMMAND_LINE
from core.care.connect_views import ConnectsView
from core.commands.answer import Answer
from core.knowledge.terms import Edge
from core.ports import Ports
from core.ui import connect_words
from core.ui.words import words


def show(ports: Ports, given: Namespace) -> Answer:
    """Things, rules and relations. Exit status 1 where a table can't be used. Raises NotFound for a person that isn't there."""
    view = connects.view(ports, COMMAND_LINE, given.person)
    say = words(given.language)
    lines = [say("connects.unavailable_next", table=view.fault)] if view.fault else []
    for one in view.joined:
        lines.append(connect_words.thing_name(say, one))
        for rule, link in view.links_of(one.node_id):
            lines.append(
                f"    {say('connects.relation.' + link.relation)}: {connect_words.rule_name(say, rule.rule, view)} [{link.status}] ({rule.rule.node_id})"
            )
    lines += [f" ?  {one.fact}: {', '.join(each.rule for each in one.ready) or '-'}" for one in view.unlocks]
    return Answer(document(view), lines, 1 if view.fault else 0)


def document(view: ConnectsView) -> dict[str, Any]:
    states = {one.rule.node_id: one for one in view.rules}
    edges = list(dict.fromkeys(edge for rule in view.rules for link in rule.links for edge in link.path))
    ids = dict.fromkeys(
        [*(one.node_id for one in view.things), *states, *(end for edge in edges for end in (edge.start, edge.end))]
    )
    things = {one.node_id: one for one in view.things}
    return {
        "person": view.person_id,
        "at": view.made_at.isoformat(timespec="seconds"),
        "available": not view.fault,
        "deceased": view.deceased,
        "nodes": [_node(node_id, things.get(node_id), states.get(node_id)) for node_id in ids],
        "edges": [_edge(one) for one in edges],
        "unlocks": [
            {"fact": one.fact, "why": one.why, "how": one.how, "ready": [each.rule for each in one.ready], "waiting": one.waiting} for one in view.unlocks
        ],
        "silent_rules": view.silent,
        "not_shown": {"things": view.more_things, "rules": view.more_rules},
        "tables": [{"name": one.name, "version": one.version or None, "digest": one.digest or None, "rows": one.rows, "fault": one.fault or None} for one in view.tables],
    }  # fmt: skip


def _node(node_id: str, thing: Any, rule: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"id": node_id, "kind": node_id.partition(":")[0]}
    if thing is not None:
        fact = thing.fact
        found |= {
            "group": thing.group,
            "titles": list(thing.titles),
            "same_class": list(thing.shares),
            "watched_by": list(thing.watched),
        }
        found |= (
            {"value": fact.value, "unit": fact.unit or None, "date": fact.when or None, "record_ids": list(fact.record_ids)}
            if fact is not None
            else {}
        )
    if rule is not None:
        found |= {
            "table": rule.rule.table or rule.rule.kind,
            "state": rule.state,
            "severity": rule.severity,
            "for_clinicians": rule.rule.clinician,
        }
    return found


def _edge(one: Edge) -> dict[str, Any]:
    origin = one.origin
    return {
        "from": one.start, "to": one.end, "relation": one.relation, "source": origin.source, "year": origin.year or None, "status": origin.status,
        "table": origin.table, "row": origin.row,
    }  # fmt: skip
