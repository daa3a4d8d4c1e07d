"""This is the place where a person's medicines are checked for safety: what is taken now, against the tables, with all that the record knows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from core.care.access import Action, Grant, require
from core.care.medicine_facts import ORDERS, Held, Known, as_taken, held_as_taken, may_tell_of_genes, person_facts
from core.care.spot_readings import with_spots
from core.domain.codes import Concept
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


def checked(ports: Ports, actor: Actor, person_id: str, medicines: Sequence[Held]) -> Checked:
    """Every check over what the person takes now (`medicines`: orders, what was added by hand; findings carry their ids) with what the record knows. Where a table is missing or damaged the answer says so ("unavailable"); it is never an error and never
    an all-clear. Raises NotPermitted, SessionExpired, NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    return check(*told(ports, grant, person_id, medicines))


def told(ports: Ports, grant: Grant, person_id: str, medicines: Sequence[Held]) -> tuple[Rules, PersonFacts]:
    """The tables, and all that the checks are told of a person who takes these medicines."""
    rules = rules_of(ports.tables)
    known = _known(ports, grant, person_id, rules)
    now = ports.clock.now()
    if not rules.has(INGREDIENTS):
        return rules, unread_facts(((one.medicine_id, one.concept) for one in medicines), now)
    table = rules.of(INGREDIENTS)
    facts = person_facts(known, held_as_taken(medicines, table), table, now)
    return rules, replace(facts, daily={one.medicine_id: one.daily_mg for one in medicines if one.daily_mg is not None})


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
        return unread_facts(((one.record_id, one.item.concept) for one in orders), now)
    table = rules.of(INGREDIENTS)
    return person_facts(known, as_taken(orders, table), table, now)


def unread_facts(medicines: Iterable[tuple[str, Concept]], now: datetime) -> PersonFacts:
    """Medicines of which nothing can be told, because the table of ingredients isn't there."""
    return PersonFacts(now.date(), tuple(Taken(one, concept.title, concept, unread="table_unavailable") for one, concept in medicines))


def _known(ports: Ports, grant: Grant, person_id: str, rules: Rules) -> Known:
    person = ports.store.person(person_id, grant.event("profile"))
    event = grant.event("medicine_checks")
    records = ports.store.records(person_id, event, kinds=_KINDS)
    columns, _ = with_spots(ports, person_id, grant, readings(records), ports.clock.now())
    return known_of(Known(person.profile, records, columns), rules, lambda record: ports.store.original(person_id, record.record_id, event))


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
