"""This is the place where a team sets what is a person's own: limits of alerts, how often something is expected, a pause, and NEWS2's second scale of oxygen saturation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from core.alerts.own import SOURCES, WIDEST, Expected, Limit, Own, checked_limit
from core.alerts.rules import HIGH, LOW, THRESHOLD, Rule
from core.alerts.rules_table import RULES
from core.care.access import Action, Grant, require
from core.domain.people import Actor, Role
from core.errors import BadInput, NotFound
from core.ports import Ports, Store

DRAWER = "alert_limits"
VERSION = 1
LONGEST_PAUSE = timedelta(days=90)
DAYS = (0.5, 60.0)
"""How often something may be expected, at most and at least (our choice)."""

Change = Callable[[Own], Own]


class _Kept(msgspec.Struct, frozen=True):
    version: int
    own: Own


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One signal and side: the usual rules' limits, the strictest first (severity, limit, source, year, status), the person's own (None: none), how far it may go
    (None: as far as can be), who set it and when. Values in the signal's canonical unit."""

    signal: str
    direction: str
    usual: tuple[Rule, ...]
    own: float | None
    widest: float | None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LimitsView:
    """What is the person's own. `damaged`: it can't be read, and the usual rules hold meanwhile."""

    rows: tuple[LimitRow, ...]
    expected: tuple[Expected, ...]
    paused_until: datetime | None
    spo2_scale2: bool
    may_edit: bool
    damaged: bool = False


def load(store: Store, person_id: str, grant: Grant) -> tuple[Own, bytes]:
    """What is the person's own, and the drawer as it was read. Raises BadInput (drawer_damaged)."""
    raw = store.drawer(person_id, DRAWER, grant.event(DRAWER))
    if not raw:
        return Own(), raw
    try:
        return msgspec.json.decode(raw, type=_Kept).own, raw
    except msgspec.DecodeError:
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None


def view(ports: Ports, actor: Actor, person_id: str) -> LimitsView:
    """The limits that hold for the person, usual and own."""
    grant = require(ports, actor, Action.VIEW_ALERTS, person_id)
    try:
        (own, _), damaged = load(ports.store, person_id, grant), False
    except BadInput:
        own, damaged = Own(), True
    may_edit = actor.role in (Role.COORDINATOR, Role.SYSTEM)
    return LimitsView(_rows(own), own.expected, own.paused_until, own.spo2_scale2, may_edit, damaged)


def set_limit(ports: Ports, actor: Actor, person_id: str, signal: str, lower: float | None, upper: float | None) -> None:
    """Set a signal's own limits, in its canonical unit (both None: the usual ones hold again). Raises BadInput where one can't be or would loosen what is severe."""
    grant = require(ports, actor, Action.SET_ALERT_LIMITS, person_id)
    name = grant.account.display_name if grant.account else actor.display_name
    made = None if lower is None and upper is None else checked_limit(Limit(signal, lower, upper, name, ports.clock.now()))

    def changed(own: Own) -> Own:
        others = tuple(one for one in own.limits if one.signal != signal)
        return replace(own, limits=others if made is None else (*others, made))

    _change(ports, person_id, grant, changed)


def set_expected(ports: Ports, actor: Actor, person_id: str, source: str, every_days: float | None) -> None:
    """Say after how many days without anything from a source (a key of SOURCES) somebody should look; None: what is usual for the person. Raises BadInput, NotFound."""
    grant = require(ports, actor, Action.SET_ALERT_LIMITS, person_id)
    if source not in {one.source for one in SOURCES}:
        raise NotFound("not_found", source=source[:40])
    if every_days is not None and not DAYS[0] <= every_days <= DAYS[1]:
        raise BadInput("number_impossible", place="every_days", need=f"{DAYS[0]:g} - {DAYS[1]:g}")

    def changed(own: Own) -> Own:
        return replace(
            own, expected=tuple(replace(one, every_days=every_days) if one.source == source else one for one in own.expected)
        )

    _change(ports, person_id, grant, changed)


def pause(ports: Ports, actor: Actor, person_id: str, until: datetime | None) -> None:
    """Expect nothing until then (travel, hospital); None: no pause. Only silences pause: what is measured still raises alerts. Raises BadInput."""
    grant = require(ports, actor, Action.SET_ALERT_LIMITS, person_id)
    if until is not None and not timedelta() < until - ports.clock.now() <= LONGEST_PAUSE:
        raise BadInput("number_impossible", place="until", need=f"within {LONGEST_PAUSE.days} days")
    _change(ports, person_id, grant, lambda own: replace(own, paused_until=until))


def set_scale2(ports: Ports, actor: Actor, person_id: str, on: bool) -> None:
    """Say that a clinician set NEWS2's second scale of oxygen saturation for this person (a target of 88 to 92 %)."""
    grant = require(ports, actor, Action.SET_ALERT_LIMITS, person_id)
    _change(ports, person_id, grant, lambda own: replace(own, spo2_scale2=on))


def start_over(ports: Ports, actor: Actor, person_id: str) -> None:
    """Empty the drawer, whatever lies in it: the way on from a damaged one."""
    grant = require(ports, actor, Action.SET_ALERT_LIMITS, person_id)
    ports.store.put_in_drawer(person_id, DRAWER, b"", grant.event(DRAWER))


def _change(ports: Ports, person_id: str, grant: Grant, change: Change) -> None:
    own, raw = load(ports.store, person_id, grant)
    after = change(own)
    if after != own:
        body = msgspec.json.encode(_Kept(VERSION, after))
        ports.store.put_in_drawer(person_id, DRAWER, body, grant.event(DRAWER), was=raw)


def _rows(own: Own) -> tuple[LimitRow, ...]:
    mine = {one.signal: one for one in own.limits}
    usual = [rule for rule in RULES if rule.kind == THRESHOLD]
    signals = tuple(dict.fromkeys((*(rule.signal for rule in usual), *mine)))
    rows = []
    for signal in signals:
        for direction in (HIGH, LOW):
            limit = mine.get(signal)
            value = None if limit is None else limit.upper if direction == HIGH else limit.lower
            found = tuple(rule for rule in usual if (rule.signal, rule.direction) == (signal, direction) and not rule.team)
            by, at = (limit.by, limit.at) if limit is not None and value is not None else ("", None)
            rows.append(LimitRow(signal, direction, found, value, WIDEST.get((signal, direction)), by, at))
    return tuple(rows)
