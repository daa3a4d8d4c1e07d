"""This is the place where it is read what the figures of a panel rest on, one person at a time. What can't be read is "not known" and is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from core.care.access import Grant
from core.care.fills import Named, filled
from core.care.lines import age_at
from core.care.panel_views import Known, PanelShelf
from core.care.risks_drawer import load
from core.care.risks_evidence import evidence, marks_of
from core.care.spot_readings import with_spots
from core.domain.records import Person, PersonProfile, Record
from core.domain.targets import HOME, LOW_SYSTOLIC
from core.domain.time import PartialTime
from core.errors import HealthboardError, StoreDamaged
from core.medications import adherence
from core.medications.pdc import Covered
from core.panel.terms import CONDITIONS, LANGUAGES, REGIONS, UNKNOWN, Row
from core.ports import Ports
from core.risk.sourcing import source
from core.risk.sourcing_types import Sourced
from core.trends.blood_pressure import HomeAverage, home_average
from core.trends.columns import ns
from core.trends.judging import target_of
from core.trends.newest import PRESSURE, latest
from core.trends.reading import Readings, readings
from core.trends.standards import Standards, standards

T = TypeVar("T")
Told = Callable[[int, int], None]
"""Hears how many people of how many were read."""
LOGGED_DAYS = 28
_UNREADABLE = (HealthboardError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError)
_JUDGED: Mapping[str, str] = {
    "judged.in_target": "in_target", "judged.bp_above_target": "above", "judged.bp_severe": "above", "judged.bp_severe_earlier": "above",
    "judged.bp_low": "below",
}  # fmt: skip
_NOT_KEPT = frozenset({"cancelled", "entered-in-error", "proposed", "pending", "waitlist"})
"""Appointments that take nobody's time (yet); one that was missed took it."""


def everybody(ports: Ports, grant: Grant, within: Sequence[str] | None) -> dict[str, Person | None]:
    """Everybody asked for (None: everybody on record); None for one who can't be read. One damaged profile takes nobody else away."""
    event = grant.event("panel_report")
    try:
        found = ports.store.people(within, event)
    except StoreDamaged:
        named = within if within is not None else [one for panel in ports.store.panels() for one in panel.persons]
        return {person_id: _one(ports, grant, person_id) for person_id in dict.fromkeys(named)}
    known: dict[str, Person | None] = dict.fromkeys(within or ())
    return known | {one.person_id: one for one in found}


def known_of(
    ports: Ports, grant: Grant, people: Mapping[str, Person | None], how: tuple[PanelShelf, datetime, str, Told | None]
) -> dict[str, Known]:
    """What is known of each. Of those who haven't changed since the shelf read them nothing is read again."""
    shelf, at, language, told = how
    named = Named(ports)
    found: dict[str, Known] = {}
    for done, (person_id, person) in enumerate(people.items(), 1):
        if person is None:
            found[person_id] = Known(Row(person_id, broken=("person_unreadable",)), at.timestamp())
            continue
        key = (person.revision, at.toordinal(), language)
        held = shelf.read.get(person_id)
        if held is None or held[0] != key:
            held = (key, known_one(ports, grant, person, (at, language, named)))
            shelf.read[person_id] = held
        found[person_id] = held[1]
        if told is not None:
            told(done, len(people))
    return found


def known_one(ports: Ports, grant: Grant, person: Person, how: tuple[datetime, str, Named]) -> Known:
    """Everything about one person as of a moment. Never raises on what is kept about them: then the reason is in `row.broken`."""
    at, language, named = how
    broken: list[str] = []
    person_id, profile = person.person_id, person.profile
    row = Row(
        person_id,
        age_at(profile.birth_date, profile.deceased, at)[0],
        profile.gender if profile.gender in ("female", "male", "other") else UNKNOWN,
        language=_language(profile.languages),
    )
    no_records: tuple[Record, ...] = ()
    records = _tried(lambda: ports.store.records(person_id, grant.event("panel_report")), no_records, broken)
    row = _tried(lambda: _measured(ports, grant, (row, profile), records, (at, language)), row, broken)
    row = _tried(lambda: _medicines(ports, grant, row, at, named), row, broken)
    return Known(replace(row, broken=tuple(dict.fromkeys(broken))), person.created_at.timestamp(), tuple(_visits(records)))


def _tried(do: Callable[[], T], otherwise: T, broken: list[str]) -> T:
    """What `do` finds; where that can't be read, `otherwise`, and the reason is put down."""
    try:
        return do()
    except _UNREADABLE as error:
        broken.append(error.code if isinstance(error, HealthboardError) else "unreadable")
        return otherwise


def _one(ports: Ports, grant: Grant, person_id: str) -> Person | None:
    try:
        return ports.store.person(person_id, grant.event("panel_report"))
    except HealthboardError:
        return None


def _measured(
    ports: Ports, grant: Grant, of: tuple[Row, PersonProfile], records: Sequence[Record], how: tuple[datetime, str]
) -> Row:
    (row, profile), (at, language) = of, how
    kept = load(ports.store, row.person_id, grant)
    columns, devices = with_spots(ports, row.person_id, grant, readings(records), at)
    held_against = standards(records, profile, at, language=language)
    told = evidence(profile, records, columns, marks_of(records, devices), kept, ns(at))
    found = source(told, (*CONDITIONS, "hba1c", "bmi"), ns(at))
    pressure, sbp = _pressure(columns, held_against, at)
    numbers = {key: float(found[key].value or 0) for key in ("hba1c", "bmi") if found[key].used}
    if sbp is not None:
        numbers["sbp"] = sbp
    conditions = {key: _said(found[key]) for key in CONDITIONS}
    hba1c = (
        _against("hba1c", numbers, held_against)
        if held_against.traits.diabetes
        else "not_asked"
        if conditions["diabetes"] == "no"
        else UNKNOWN
    )
    return replace(
        row, region=_region(kept.region), conditions=conditions, pressure=pressure, hba1c=hba1c,
        weight=_against("bmi", numbers, held_against), numbers=numbers,
    )  # fmt: skip


def _pressure(columns: Readings, held_against: Standards, at: datetime) -> tuple[str, float | None]:
    """By the average at home where there is one, else by the newest blood pressure that isn't too old to be judged."""
    average = home_average(columns.pressures, at)
    if isinstance(average, HomeAverage):
        targets = [target_of(half, HOME, held_against) for half in ("sbp", "dbp")]
        if None in targets:
            return UNKNOWN, float(average.sbp)
        sides = [target[0].side(value) for target, value in zip(targets, (average.sbp, average.dbp), strict=True) if target]
        low = -1 in sides or average.sbp <= LOW_SYSTOLIC
        return ("above" if 1 in sides else "below" if low else "in_target"), float(average.sbp)
    newest = next((one for one in latest(columns, held_against, at) if one.signal == PRESSURE), None)
    if newest is None or newest.stale:
        return UNKNOWN, None
    upper = newest.values[0]
    return _JUDGED.get(newest.judgement.code, UNKNOWN), None if upper.bound else upper.number


def _against(signal: str, numbers: Mapping[str, float], held_against: Standards) -> str:
    target = target_of(signal, "", held_against)
    if signal not in numbers:
        return UNKNOWN
    if target is None:
        return "no_target" if signal == "bmi" else UNKNOWN
    return {-1: "below", 0: "in_target", 1: "above"}[target[0].side(numbers[signal])]


def _said(one: Sourced) -> str:
    return UNKNOWN if not one.used else "yes" if one.value else "no"


def _medicines(ports: Ports, grant: Grant, row: Row, at: datetime, named: Named) -> Row:
    """The days covered by what was handed over, and the doses logged in the last weeks."""
    measured = [one.measured(at.date()) for one in filled(ports, row.person_id, grant, named)]
    covered = [one for one in measured if isinstance(one, Covered)]
    event = grant.event("panel_report")
    counted = adherence.tallies(ports.store.doses(row.person_id, at - timedelta(days=LOGGED_DAYS), at, event), at)
    doses = tuple(
        sum(part)
        for part in ((one.due for one in counted), (one.taken for one in counted), (one.taken + one.skipped for one in counted))
    )
    return replace(
        row,
        shares=tuple(one.share for one in covered),
        covered=tuple(one.reached for one in covered),
        doses=(doses[0], doses[1], doses[2]),
    )


def _visits(records: Sequence[Record]) -> Iterator[float]:
    for record in records:
        if record.item.kind == "Appointment" and record.item.status not in _NOT_KEPT:
            start = PartialTime.parse(record.item.start)
            if start is not None and start.precision == "instant" and 1990 <= start.earliest.year <= 2200:
                yield start.earliest.timestamp()


def _region(chosen: str) -> str:
    return next((one for one in REGIONS if chosen.startswith(one)), UNKNOWN)


def _language(spoken: Sequence[str]) -> str:
    """The first that is named: English, Chinese, another one, or not known."""
    first = spoken[0].replace("_", "-").lower().split("-")[0].strip() if spoken else ""
    return first if first in LANGUAGES else "other" if first else UNKNOWN
