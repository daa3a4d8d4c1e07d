"""This is the place where a record becomes what the safety checks are told: medicines taken now, allergies, kidney values, pregnancy, gene results. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.care.lines import when_of
from core.care.plain import medicine_now
from core.domain.codes import Concept
from core.domain.records import Item, PersonProfile, Record, Standing
from core.domain.time import PartialTime
from core.medications.facts import Allergy, Measured, PersonFacts
from core.medications.findings import Taken
from core.medications.ingredients import Ingredients, taken
from core.risk.asof import evidence, ns_of
from core.risk.medicine_classes import NO_MEDICINES
from core.risk.sourcing_answers import pregnant
from core.risk.sourcing_numbers import age
from core.trends.reading import Readings

ORDERS = ("MedicationRequest", "MedicationStatement")
_NOT_HELD = frozenset({"inactive", "resolved", "refuted", "entered-in-error"})
_HELD = frozenset({"", "active", "recurrence", "relapse"})
_ONLY_THOUGHT_OF = frozenset({"proposal", "plan", "option"})
MOST_GENE_RESULTS = 1000
"""That are read at most."""


def orders_now(records: Iterable[Record], now: datetime) -> list[Record]:
    """The orders and statements that hold now, the newest first. One of which nobody says whether it holds counts: rather one check too many."""
    found = [
        one
        for one in records
        if one.item.kind in ORDERS
        and one.standing is Standing.CURRENT
        and medicine_now(one.item, now) in ("current", "unknown")
        and asks_for_medicine(one.item)
        and not _ONLY_THOUGHT_OF & set(_said(one.item, "intent"))
    ]
    return sorted(found, key=when_of, reverse=True)


def asks_for_medicine(item: Item) -> bool:
    """Whether an order or statement is about taking something: not one that forbids it, nor one that says there are no medicines."""
    return item.see_original != "do_not_perform" and not any(coding.code in NO_MEDICINES for coding in item.concept.codings)


@dataclass(frozen=True, slots=True)
class Held:
    """A medicine somebody already knows to be taken now: its id, what it is, the way of taking it; `denied` where the record says so and the person doesn't; `daily_mg` how much a
    day it comes to, None where that can't be told."""

    medicine_id: str
    concept: Concept
    route: str = ""
    denied: bool = False
    daily_mg: float | None = None


def held_as_taken(medicines: Iterable[Held], table: Ingredients) -> tuple[Taken, ...]:
    """The same, read."""
    return tuple(replace(taken(one.medicine_id, one.concept, table, one.route), denied=one.denied) for one in medicines)


def as_taken(orders: Sequence[Record], table: Ingredients) -> tuple[Taken, ...]:
    """The medicines of these orders. A statement beside a request for the same ingredients speaks of the same medicine."""
    read = [(one.item.kind, taken(one.record_id, one.item.concept, table, _route(one.item))) for one in orders]
    asked_for = {frozenset(one.ingredients) for kind, one in read if kind == ORDERS[0] and one.ingredients}
    return tuple(one for kind, one in read if kind == ORDERS[0] or frozenset(one.ingredients) not in asked_for)


@dataclass(frozen=True, eq=False)
class Known:
    """What there is about a person: the profile, the records, their numbers as columns, and raw Observations that may tell of genes."""

    profile: PersonProfile
    records: Sequence[Record]
    columns: Readings
    gene_results: Sequence[Mapping[str, Any]] = ()


def person_facts(known: Known, medicines: tuple[Taken, ...], table: Ingredients, now: datetime) -> PersonFacts:
    """All that the checks are told, as of `now`. Nothing is filled in."""
    current = [one for one in known.records if one.standing is Standing.CURRENT and not one.item.see_original]
    at = ns_of(now.isoformat(timespec="seconds")) or 0
    told, columns = evidence(known.profile, known.records, {}, at), known.columns
    years, carrying = age(told, at), pregnant(told, at)
    return PersonFacts(
        day=now.date(),
        medicines=medicines,
        allergies=_allergies(known.records, table),
        age=int(years.value) if years.used and years.value is not None else None,
        sex=told.gender if told.gender in ("male", "female") else "",
        weight=_newest(columns, "weight", now),
        height=_newest(columns, "height", now),
        creatinine=_newest(columns, "creatinine", now),
        egfr=_newest(columns, "egfr", now),
        potassium=_newest(columns, "potassium", now),
        pregnancy=("pregnant" if carrying.value else "not_pregnant") if carrying.used else "",
        conditions=tuple(one.item.concept for one in current if _holds(one.item)),
        gene_results=tuple(known.gene_results[:MOST_GENE_RESULTS]),
    )


def may_tell_of_genes(item: Item, codes: Collection[str], names: Collection[str]) -> bool:
    """Whether an Observation may be a result of a gene test: by a LOINC code of these, or by a gene's name in its words."""
    if item.kind != "Observation":
        return False
    concepts = (item.concept, *(value.concept for value in item.values))
    if any(coding.code in codes for concept in concepts for coding in concept.codings):
        return True
    words = " ".join(text for text in _words(concepts, item) if text).upper()
    return any(name in words for name in names)


def _words(concepts: Iterable[Concept], item: Item) -> Iterator[str]:
    for concept in concepts:
        yield concept.text
        yield from (coding.display for coding in concept.codings)
    for value in item.values:
        yield value.text
        yield value.coding.display if value.coding else ""


def _allergies(records: Iterable[Record], table: Ingredients) -> tuple[Allergy, ...] | None:
    """None where there is no list at all. An entry that is marked "see the original" is held against the medicines too: rather one warning too many."""
    found = [one for one in records if one.item.kind == "AllergyIntolerance" and one.standing is Standing.CURRENT]
    return tuple(_allergy(one, table) for one in found) if found else None


def _allergy(record: Record, table: Ingredients) -> Allergy:
    item = record.item
    held = item.status not in _NOT_HELD and item.verification not in _NOT_HELD
    named = taken(record.record_id, item.concept, table)
    return Allergy(
        record.record_id,
        item.concept.title,
        item.concept,
        type=next(iter(_said(item, "type")), ""),
        categories=_said(item, "category"),
        criticality=next(iter(_said(item, "criticality")), ""),
        reactions=_said(item, "reaction"),
        active=held,
        ingredients=named.ingredients,
    )


def _holds(item: Item) -> bool:
    return item.kind == "Condition" and item.status in _HELD and item.verification not in _NOT_HELD and not item.end


def _said(item: Item, key: str) -> tuple[str, ...]:
    return tuple(text for name, text in item.detail if name == key)


def _route(item: Item) -> str:
    return next(iter(_said(item, "route")), "")


def _newest(columns: Readings, signal: str, now: datetime) -> Measured | None:
    """The newest whole value until now (one that is only a limit, "<5", is none)."""
    series = columns.series.get(signal)
    if series is None:
        return None
    limit = int(now.timestamp() * 1e9)
    for at in range(len(series) - 1, -1, -1):
        if int(series.time[at]) <= limit + _HALF_DAY_NS and not series.bound[at]:
            time = PartialTime.parse(str(series.when[at]))
            day = time.local_date if time is not None else datetime.fromtimestamp(int(series.time[at]) / 1e9, UTC).date()
            return Measured(float(series.value[at]), day)
    return None


_HALF_DAY_NS = 43_200_000_000_000
"""A bare day stands at its middle: this morning's belongs to today."""
