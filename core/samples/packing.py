"""This is the place where each desk writes its own file: own ids, own references, one entry per line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from core.samples.chart import Body, Chart, Desk, Fact
from core.samples.identity import SYNTHETIC_TAG, introductions

PREFIXES = {"Observation": "obs", "Condition": "con", "MedicationRequest": "rx", "Patient": "pat"}


SHARED = ("organization", "clinician", "role")
"""Facts of the desk itself: the same record, with the same id, for everybody who is treated there."""


def record_id(chart: Chart, desk: Desk, fact: Fact) -> str:
    """The desk's id of a fact: the same fact has another id at every desk."""
    if fact.record_id:
        return fact.record_id
    if desk.ids == "key":
        return fact.key.replace("_", "-")[:64]
    owner = desk.base if fact.key in SHARED else f"{chart.person.slug}/{desk.name}"
    digest = hashlib.sha256(f"{owner}/{fact.key}".encode()).hexdigest()
    if desk.ids == "uuid":
        return str(UUID(digest[:32], version=4))
    kind = fact.body["resourceType"]
    return f"{PREFIXES.get(kind, kind.lower())}-{digest[:12]}"


def _resolved(node: Any, targets: dict[str, str]) -> Any:
    """The node with every "@key" turned into the desk's own reference; a target the desk lacks leaves its words only."""
    if isinstance(node, list):
        found = (_resolved(part, targets) for part in node)
        return [part for part in found if part not in ({}, None)]
    if not isinstance(node, dict):
        return node
    reference = node.get("reference")
    if isinstance(reference, str) and reference.startswith("@"):
        words = {name: value for name, value in node.items() if name != "reference"}
        target = targets.get(reference[1:])
        return {"reference": target, **words} if target else words
    resolved = {name: _resolved(value, targets) for name, value in node.items()}
    return {name: value for name, value in resolved.items() if value not in ({}, [])}


def _entry(desk: Desk, resource: Body) -> Body:
    kind, identifier = resource["resourceType"], resource["id"]
    if desk.bundle == "transaction":
        request = {"method": "POST", "url": kind}
        return {"fullUrl": f"urn:uuid:{identifier}", "resource": resource, "request": request}
    entry: Body = {"fullUrl": f"{desk.base}/{kind}/{identifier}", "resource": resource}
    return entry | ({"search": {"mode": "match"}} if desk.bundle == "searchset" else {})


def _targets(chart: Chart, desk: Desk, facts: Iterable[Fact]) -> dict[str, str]:
    if desk.bundle == "transaction":
        return {fact.key: f"urn:uuid:{record_id(chart, desk, fact)}" for fact in facts}
    return {fact.key: f"{fact.body['resourceType']}/{record_id(chart, desk, fact)}" for fact in facts}


def resources(chart: Chart, desk: Desk) -> list[Body]:
    """Every fact the desk wrote down, as whole resources in the order they were told."""
    facts = [fact for fact in (*introductions(chart), *chart.facts) if desk.name in fact.desks]
    targets = _targets(chart, desk, facts)
    written = []
    for fact in facts:
        meta = {**(fact.meta or {}), "tag": [SYNTHETIC_TAG]}
        head = {"resourceType": fact.body["resourceType"], "id": record_id(chart, desk, fact), "meta": meta}
        written.append(head | _resolved(fact.body, targets))
    return written


def bundle(chart: Chart, desk: Desk) -> bytes:
    """The desk's file: a Bundle with one entry per line, so that a change is a line of a diff."""
    packed = [_entry(desk, resource) for resource in resources(chart, desk)]
    head: Body = {"resourceType": "Bundle", "id": f"{chart.person.slug}-{desk.name}", "type": desk.bundle}
    if desk.bundle == "searchset":
        head |= {"total": len(packed), "link": [{"relation": "self", "url": f"{desk.base}/Patient/$everything"}]}
    opening = orjson.dumps(head)[:-1] + b',"entry":[\n'
    return opening + b",\n".join(map(orjson.dumps, packed)) + b"\n]}\n"
