"""This is the place where a team keeps its ledger of remote monitoring: on which days a device of the person sent something, and how long who worked on it.

What people typed themselves, and what came in a health record, is no day of data: a record doesn't say that a device sent it. Minutes are written down by
whoever spent them; an entry is struck, never deleted. The ledger is a person's own drawer: a damaged one is said to be damaged and not written over.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import msgspec
import numpy as np

from core.care.access import Action, Grant, require
from core.care.series import bounds, zone_named
from core.domain.people import Actor
from core.domain.samples import ERASED, MANUAL
from core.errors import BadInput, Conflict, NotFound
from core.monitoring.rules import Counted, counted
from core.ports import Ports
from core.trends.columns import DAY_NS, ns
from core.trends.days import day_of, settle

DRAWER = "monitoring"
SIGNALS = ("sbp", "dbp", "hr", "rhr", "rr", "spo2", "temp", "weight", "glucose", "cgm_glucose", "peak_flow")
"""What is measured of a body and counts as a day with data; steps and sleep do not."""
MOST_MINUTES = 240
MOST_NOTE = 300
MOST_ENTRIES = 3000
LATE = timedelta(days=62)
"""How long ago the work may lie that is written down today (our choice): a month is closed soon after."""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Work on one day: whole minutes, whether any of it was with the person or a caregiver in real time, who did it, what it was, when it was struck (and by
    whom)."""

    entry_id: str
    day: date
    minutes: int
    live: bool
    who: str
    account_id: str
    note: str = ""
    struck_at: datetime | None = None
    struck_by: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody writes down: the day, whole minutes, whether any of it was in real time with the person or a caregiver, and what it was."""

    day: date
    minutes: int
    live: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month of one person: the local days with data, with the devices that sent them, the entries (newest first, the struck among them), the minutes that
    stand, and what they come to. `zone` "": the person's zone isn't known, and a day may be off by one."""

    year: int
    month: int
    days: tuple[date, ...]
    devices: tuple[str, ...]
    entries: tuple[Minutes, ...]
    minutes: int
    live: bool
    counted: Counted
    zone: str


def month(ports: Ports, actor: Actor, person_id: str, year: int, of: int) -> MonthView:
    """The ledger of a month (1 to 12). Raises BadInput for one that is none or damaged."""
    grant = require(ports, actor, Action.KEEP_LEDGER, person_id)
    first, last = _span(year, of)
    zone = ports.store.series_choices(person_id).zone
    days, devices = _days(ports, grant, person_id, (first, last))
    entries = tuple(one for one in _read(_drawer(ports, person_id, grant)) if first <= one.day <= last)
    standing = [one for one in entries if one.struck_at is None]
    spent, live = sum(one.minutes for one in standing), any(one.live for one in standing)
    newest = tuple(sorted(entries, key=lambda one: (one.day, one.entry_id), reverse=True))
    return MonthView(year, of, days, devices, newest, spent, live, counted(year, len(days), spent, live), zone if zone_named(zone) else "")


def write(ports: Ports, actor: Actor, person_id: str, work: Work) -> Minutes:
    """Write work down. Raises BadInput for a day to come or long past, for minutes that are none, a note that is too long."""
    grant = require(ports, actor, Action.KEEP_LEDGER, person_id)
    today = ports.clock.now().astimezone(zone_named(ports.store.series_choices(person_id).zone) or UTC).date()
    minutes = work.minutes
    if not today - LATE <= work.day <= today + timedelta(days=1):
        raise BadInput("bad_day", place="day", need=f"a day of the last {LATE.days}")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= MOST_MINUTES:
        raise BadInput("number_impossible", place="minutes", need=f"1 - {MOST_MINUTES} min")
    said = " ".join(work.note.split())
    if len(said) > MOST_NOTE:
        raise BadInput("text_too_long", place="note", need=str(MOST_NOTE))
    made = Minutes(secrets.token_hex(8), work.day, minutes, work.live, actor.display_name or actor.account_id, actor.account_id, said)
    raw = _drawer(ports, person_id, grant)
    kept = _read(raw)
    if len(kept) >= MOST_ENTRIES:
        raise BadInput("too_many_entries", place="entries", need=str(MOST_ENTRIES))
    _put(ports, person_id, grant, (*kept, made), raw)
    return made


def strike(ports: Ports, actor: Actor, person_id: str, entry_id: str) -> Minutes:
    """An entry was wrong: it stays to be read and counts no more. Raises NotFound; Conflict where it is struck already."""
    grant = require(ports, actor, Action.KEEP_LEDGER, person_id)
    raw = _drawer(ports, person_id, grant)
    kept = _read(raw)
    found = next((one for one in kept if one.entry_id == entry_id), None)
    if found is None:
        raise NotFound("entry_not_found", place="entry")
    if found.struck_at is not None:
        raise Conflict("person_changed", person=person_id)
    struck = replace(found, struck_at=ports.clock.now(), struck_by=actor.display_name or actor.account_id)
    _put(ports, person_id, grant, tuple(struck if one.entry_id == entry_id else one for one in kept), raw)
    return struck


def _span(year: int, month: int) -> tuple[date, date]:
    try:
        first = date(year, month, 1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError, TypeError):
        raise BadInput("bad_day", place="month", need="a month as YYYY-MM") from None


def _days(ports: Ports, grant: Grant, person_id: str, span: tuple[date, date]) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """The local days on which a device measured something, and the names of those devices."""
    zone = zone_named(ports.store.series_choices(person_id).zone)
    first, until = (ns(datetime.combine(day, time(), UTC)) for day in (span[0], span[1] + timedelta(days=1)))
    days: set[int] = set()
    devices: set[str] = set()
    for strand in ports.store.strands(person_id, SIGNALS, *bounds(span), grant.event(DRAWER)):
        settled = settle(strand.columns, zone)
        usable = (settled.local >= first) & (settled.local < until) & ((settled.quality & (MANUAL | ERASED)) == 0) & np.isfinite(settled.value)
        if usable.any():
            days.update((settled.local[usable] // DAY_NS).tolist())
            devices.add(strand.stream.device)
    return tuple(day_of(day) for day in sorted(days)), tuple(sorted(devices))


def _drawer(ports: Ports, person_id: str, grant: Grant) -> bytes:
    return ports.store.drawer(person_id, DRAWER, grant.event(DRAWER))


def _read(raw: bytes) -> tuple[Minutes, ...]:
    """Raises BadInput (drawer_damaged)."""
    try:
        return msgspec.json.decode(raw, type=tuple[Minutes, ...]) if raw else ()
    except msgspec.DecodeError:
        raise BadInput("drawer_damaged", place=DRAWER, need="a ledger that can be read") from None


def _put(ports: Ports, person_id: str, grant: Grant, entries: tuple[Minutes, ...], was: bytes) -> None:
    ports.store.put_in_drawer(person_id, DRAWER, msgspec.json.encode(entries), grant.event(DRAWER), was=was)
