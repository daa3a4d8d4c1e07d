"""This is the place where a person types a measurement in: looked at before it is kept, asked about where it looks like a slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.care.access import Action, Grant, require
from core.domain.entries import BY_KEY, EntryRow
from core.domain.ledger import Ledger
from core.domain.people import Actor
from core.domain.samples import ERASED, MANUAL, Columns, Samples
from core.domain.signals import SIGNALS
from core.domain.units import convert
from core.errors import BadInput, NotFound
from core.ports import ImportHead, Ports

SOURCE = "manual"
AHEAD = timedelta(minutes=10)
LONG_AGO = timedelta(days=366)
_RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed: the form's key (core/domain/entries.py), numbers by signal in `units` (UCUM, by signal; the canonical one where
    none is given), and when (aware)."""

    key: str
    numbers: Mapping[str, float]
    at: datetime
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that looks like a slip: the code (`ask.<code>`), about which signal, with the facts of the sentence."""

    code: str
    signal: str
    facts: Mapping[str, str | float]


def questions(ports: Ports, actor: Actor, person_id: str, entry: Entry) -> tuple[Question, ...]:
    """What to ask before keeping it; none: it can be kept. Raises BadInput where it cannot be kept at all."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    row, values = _read(entry, ports.clock.now())
    asked = [_unusual(row, signal, value) for signal, value in values.items()]
    asked += _pressure(values)
    asked += _jumps(ports, person_id, grant, (row, values, entry))
    if ports.clock.now() - entry.at > LONG_AGO:
        asked.append(Question("long_ago", row.signals[0], {}))
    return tuple(one for one in asked if one is not None)


def keep(ports: Ports, actor: Actor, person_id: str, entry: Entry, confirmed: bool = False) -> tuple[Question, ...]:
    """Keep what was typed, marked as typed. Answers the questions instead where there are any and nobody confirmed."""
    asked = questions(ports, actor, person_id, entry)
    if asked and not confirmed:
        return asked
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    _, values = _read(entry, ports.clock.now())
    _put(ports, person_id, grant, values, (entry.at, MANUAL))
    return ()


def take_back(ports: Ports, actor: Actor, person_id: str, key: str, at: datetime) -> None:
    """The person says that what they typed for this moment was wrong: it is kept as taken back, and never used."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    row = _row(key)
    strands = ports.store.strands(person_id, row.signals, at, at + timedelta(microseconds=1), grant.event("take_back"))
    mine = [one for one in strands if one.stream.device == "" and bool((one.columns.quality & MANUAL).any())]
    found = {one.stream.signal: float(one.columns.value[0]) for one in mine if not (one.columns.quality[0] & ERASED)}
    if not found:
        raise NotFound("entry_not_found", place="entry")
    _put(ports, person_id, grant, found, (at, MANUAL | ERASED))


def _row(key: str) -> EntryRow:
    if key not in BY_KEY:
        raise BadInput("unknown_signal", place="signal", need="one that can be typed in")
    return BY_KEY[key]


def _read(entry: Entry, now: datetime) -> tuple[EntryRow, dict[str, float]]:
    """The numbers in canonical units. Raises BadInput where one is missing, outside what is possible, or of a time to come."""
    row = _row(entry.key)
    if entry.at.tzinfo is None or entry.at > now + AHEAD:
        raise BadInput("time_to_come", place="time", need="a time that is not in the future")
    values = {}
    for signal in row.signals:
        given = entry.numbers.get(signal)
        if given is None or not np.isfinite(given):
            raise BadInput("number_needed", place=signal, need="a number")
        unit = entry.units.get(signal, SIGNALS[signal].unit)
        value = convert(float(given), unit, SIGNALS[signal].unit, signal)
        if value is None:
            raise BadInput("unit_unfit", place=signal, need=SIGNALS[signal].unit)
        low, high = SIGNALS[signal].plausible or (-np.inf, np.inf)
        if not low <= value <= high:
            raise BadInput("number_impossible", place=signal, need=f"{low:g} - {high:g} {SIGNALS[signal].unit}")
        values[signal] = value
    return row, values


def _unusual(row: EntryRow, signal: str, value: float) -> Question | None:
    low, high = row.ask[row.signals.index(signal)]
    if low <= value <= high:
        return None
    return Question("check_high" if value > high else "check_low", signal, {"signal": signal, "value": value})


def _pressure(values: Mapping[str, float]) -> list[Question | None]:
    if "sbp" not in values or "dbp" not in values:
        return []
    upper, lower = values["sbp"], values["dbp"]
    if upper <= lower:
        return [Question("halves_swapped", "sbp", {"upper": upper, "lower": lower})]
    return [Question("halves_close", "sbp", {"upper": upper, "lower": lower})] if upper - lower < 15 else []


def _jumps(ports: Ports, person_id: str, grant: Grant, of: tuple[EntryRow, Mapping[str, float], Entry]) -> list[Question | None]:
    """Far from what this person measured lately."""
    row, values, entry = of
    if not row.jump:
        return []
    found = []
    for one in ports.store.strands(person_id, row.signals, entry.at - _RECENT, entry.at, grant.event("manual")):
        usable = one.columns.value[one.columns.usable]
        if len(usable):
            last, now = float(usable[-1]), values[one.stream.signal]
            if last and abs(now - last) / abs(last) > row.jump:
                found.append(
                    Question("far_from_last", one.stream.signal, {"signal": one.stream.signal, "value": now, "last": last})
                )
    return list(found[:1])


def _put(ports: Ports, person_id: str, grant: Grant, values: Mapping[str, float], of: tuple[datetime, int]) -> Ledger:
    at, quality = of
    now = ports.clock.now()
    instant = round(at.timestamp() * 1_000_000) * 1000
    offset = at.utcoffset() or timedelta()
    head = ImportHead(SOURCE, SOURCE, "", now)
    digest = f"{instant}|{now.isoformat()}|{sorted(values.items())}"
    with ports.store.importing_samples(head, digest, grant.event(SOURCE), person_id=person_id) as importing:
        for signal, value in values.items():
            minutes = round(offset.total_seconds() / 60)
            columns = Columns.of([instant], [value], None, quality, minutes)
            importing.append(person_id, Samples(signal, columns, path=signal))
        return importing.finish(finished_at=now)
