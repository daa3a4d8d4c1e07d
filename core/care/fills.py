"""This is the place where the supplies that were handed over to a person are found in the record, under what is in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.care.access import Grant
from core.care.medicine_checks import rules_of
from core.care.today import same_medicine
from core.domain.codes import Concept
from core.medications import fills as dispenses
from core.medications.fills import Dispensed
from core.medications.findings import Taken
from core.medications.ingredients import INGREDIENTS, Ingredients, taken
from core.medications.pdc import Covered, Fill, NotMeasured, pdc, threshold_of
from core.ports import Ports

PERIOD = timedelta(days=365)
"""How far back a PDC looks (PQA: a measurement year)."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The supplies of one medicine: what is in it (its ingredients, else its code or name), its title, ATC codes, each supply that was handed over."""

    key: str
    title: str
    atc: tuple[str, ...]
    supplies: tuple[Dispensed, ...]

    def measured(self, end: date) -> Covered | NotMeasured:
        """The PDC of the year until `end`. `NotMeasured.why` is also "no_days_supply" (a supply does not say for how long) and "excluded"."""
        threshold = threshold_of(self.atc)
        if threshold is None:
            return NotMeasured("excluded")
        start = end - PERIOD + timedelta(days=1)
        if any(one.days is None for one in self.supplies if start <= one.on <= end):
            return NotMeasured("no_days_supply")
        return pdc([Fill(one.on, self.key, one.days or 0) for one in self.supplies], start, end, threshold)


class Named:
    """What medicines are compared by: their ingredients where they are known, else code or name."""

    def __init__(self, ports: Ports) -> None:
        rules = rules_of(ports.tables)
        self._table: Ingredients | None = rules.of(INGREDIENTS) if rules.has(INGREDIENTS) else None

    def read(self, concept: Concept) -> Taken:
        """What is in it, as far as the tables tell."""
        return taken("", concept, self._table) if self._table is not None else Taken("", concept.title, concept)

    def key(self, concept: Concept) -> str:
        """The same for two names of one medicine."""
        found = self.read(concept)
        return "+".join(sorted(found.ingredients)) if found.ingredients and not found.unread else same_medicine(concept)


def filled(ports: Ports, person_id: str, grant: Grant, named: Named) -> tuple[Filled, ...]:
    """Everything that was handed over, by medicine."""
    raws = [_json(one.raw) for one in ports.store.originals(person_id, grant.event("fills"), kinds=(dispenses.KIND, "Medication"))]
    medications = {f"Medication/{one.get('id')}": one for one in raws if one.get("resourceType") == "Medication"}
    return by_medicine(dispenses.dispensed(raws, medications), named)


def by_medicine(supplies: Iterable[Dispensed], named: Named) -> tuple[Filled, ...]:
    """The same supplies, one entry for each medicine; the newest gives the title."""
    groups: dict[str, list[Dispensed]] = {}
    for one in supplies:
        groups.setdefault(named.key(one.concept), []).append(one)
    return tuple(_filled(key, group, named) for key, group in groups.items())


def _filled(key: str, group: Sequence[Dispensed], named: Named) -> Filled:
    newest = max(group, key=lambda one: one.on)
    return Filled(key, newest.concept.title, named.read(newest.concept).atc, tuple(_each_once(group)))


def _each_once(group: Iterable[Dispensed]) -> Iterator[Dispensed]:
    """Two sources may tell of one supply: the same day, days and amount count once."""
    seen: set[tuple[object, ...]] = set()
    for one in group:
        same = (one.on, one.days, one.quantity, one.unit)
        if same not in seen:
            seen.add(same)
            yield one


def _json(raw: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
