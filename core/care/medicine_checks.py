"""This is the place where a person's medicines are checked for safety: what is taken now, against the tables, with all that the record knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.care.access import Action, Grant, require
from core.care.medicine_facts import ORDERS, Known, as_taken, may_tell_of_genes, orders_now, person_facts
from core.care.spot_readings import with_spots
from core.care.today import same_medicine
from core.domain.people import Actor
from core.domain.records import Record
from core.errors import TableUnavailable
from core.medications.checking import KINDS, check
from core.medications.facts import PersonFacts
from core.medications.findings import Checked, Taken
from core.medications.genes_alleles import ALLELES
from core.medications.genes_read import GENE_STUDIED, HAPLOTYPE
from core.medications.ingredients import INGREDIENTS
from core.medications.tables import Rules, load
from core.ports import Ports, Tables
from core.trends.reading import readings

_KINDS = (*ORDERS, "AllergyIntolerance", "Condition", "Observation")
_GENOTYPE = "84413-4"


def checked(ports: Ports, actor: Actor, person_id: str) -> Checked:
    """Every check over what the person takes now. Where a table is missing or damaged the answer says so ("unavailable"); it is never an error and never
    an all-clear. Raises NotPermitted, SessionExpired, NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    rules = rules_of(ports.tables)
    return check(rules, _facts(ports, grant, person_id, rules, ports.clock.now()))


def rules_of(tables: Tables | None) -> Rules:
    """The tables, those that can be read."""
    return load(tables.read if tables is not None else _none, KINDS)


def known_of(profile_and_records: Known, rules: Rules, raw_of: Callable[[Record], bytes]) -> Known:
    """The same with the raw Observations that may tell of genes; `raw_of` gives a record's JSON."""
    known = profile_and_records
    return Known(known.profile, known.records, known.columns, tuple(_gene_results(known.records, rules, raw_of)))


def facts_of(known: Known, orders: Sequence[Record], rules: Rules, now: datetime) -> PersonFacts:
    """What the checks are told; where even the ingredients can't be read, the medicines are there without them."""
    if not rules.has(INGREDIENTS):
        unread = (Taken(one.record_id, one.item.concept.title, one.item.concept, unread="table_unavailable") for one in orders)
        return PersonFacts(now.date(), tuple(unread))
    table = rules.of(INGREDIENTS)
    return person_facts(known, as_taken(orders, table), table, now)


def _facts(ports: Ports, grant: Grant, person_id: str, rules: Rules, now: datetime) -> PersonFacts:
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event("medicine_checks"), kinds=_KINDS)
    columns, _ = with_spots(ports, person_id, grant, readings(records), now)
    event = grant.event("medicine_checks")
    known = known_of(Known(person.profile, records, columns), rules, lambda record: ports.store.original(person_id, record.record_id, event))
    newest: dict[str, Record] = {}
    for order in orders_now(records, now):
        newest.setdefault(f"{order.item.kind} {same_medicine(order.item.concept)}", order)
    return facts_of(known, list(newest.values()), rules, now)


def _gene_results(records: Sequence[Record], rules: Rules, raw_of: Callable[[Record], bytes]) -> Iterator[Mapping[str, Any]]:
    if not rules.has(ALLELES):
        return
    sheet = rules.of(ALLELES)
    codes = {GENE_STUDIED, HAPLOTYPE, _GENOTYPE, *sheet.loinc_genes, *sheet.loinc_hla}
    names = {*(name.upper() for name in sheet.genes), "HLA-A", "HLA-B"}
    for record in records:
        if may_tell_of_genes(record.item, codes, names):
            try:
                found = json.loads(raw_of(record))
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                yield found


def _none(name: str) -> bytes:
    raise TableUnavailable(table=name, why="missing")
