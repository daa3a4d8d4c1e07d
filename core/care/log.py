"""This is the place where a person sees who looked at their record, when, what for, in plain facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from itertools import groupby
from zoneinfo import ZoneInfo

from core.care.access import COMMAND_LINE, Action, require
from core.care.desk_views import DayOfLooks, Look
from core.domain.audit import AuditLine
from core.domain.people import Actor
from core.errors import NotFound
from core.ports import Ports

LINES = 1000
ONE_VISIT = timedelta(minutes=10)
"""The same doing by the same hand within this time is one line with a count."""


def who_looked(ports: Ports, actor: Actor, person_id: str, limit: int = LINES) -> tuple[DayOfLooks, ...]:
    """The days on which somebody did something with this record, newest first, each with what was done."""
    grant = require(ports, actor, Action.VIEW_ACCESS_LOG, person_id)
    lines = ports.store.audit_of(person_id, grant.event("access_log"), limit=limit)
    zone = zone_of(ports.store.preferences(actor.account_id).timezone)
    names = _names(ports, {line.event.actor_id for line in lines})
    looks = _visits(_look(line, names, actor.account_id) for line in sorted(lines, key=lambda line: -line.number))
    by_day = groupby(looks, key=lambda look: look.at.astimezone(zone).date())
    return tuple(DayOfLooks(day, tuple(found)) for day, found in by_day)


def zone_of(name: str) -> tzinfo:
    """The zone somebody chose (checked when it was chosen), else UTC."""
    return ZoneInfo(name) if name else UTC


def _names(ports: Ports, account_ids: Iterable[str]) -> dict[str, str]:
    names = {COMMAND_LINE.account_id: ""}
    for account_id in account_ids:
        if account_id and account_id not in names:
            try:
                names[account_id] = ports.store.account(account_id).display_name
            except NotFound:
                names[account_id] = ""
    return names


def _look(line: AuditLine, names: dict[str, str], own_id: str) -> Look:
    event = line.event
    refused = event.action == "refused"
    action = event.what if refused else event.action
    name = names.get(event.actor_id, "")
    return Look(event.at, event.at, name, event.role, action, event.purpose, refused, 1, event.actor_id == own_id)


def _visits(looks: Iterable[Look]) -> list[Look]:
    """Neighbours that differ only in time become one. `at` is the newest of them, `until` the oldest is kept as the start."""
    merged: list[Look] = []
    for look in looks:
        seen = next((n for n in range(len(merged) - 1, max(-1, len(merged) - 6), -1) if _same(merged[n], look)), None)
        if seen is None:
            merged.append(look)
        else:
            merged[seen] = replace(merged[seen], at=look.at, times=merged[seen].times + 1)
    return merged


def _same(later: Look, look: Look) -> bool:
    alike = (later.who, later.role, later.action, later.purpose, later.refused, later.own)
    return alike == (look.who, look.role, look.action, look.purpose, look.refused, look.own) and later.at - look.at <= ONE_VISIT
