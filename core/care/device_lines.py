"""This is the place where it comes together how each device of a person stands: last data, last try, days that came, why others did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import numpy as np

from core.care import missing
from core.care.access import Action, allowed, require
from core.care.device_views import STATES, DeviceLine, DevicesView, Rivals, Strip, Try
from core.care.freshness import revision as revision
from core.care.log import zone_of
from core.care.missing import DayLine
from core.care.series import zone_named
from core.domain.audit import AuditEvent
from core.domain.people import Actor
from core.domain.samples import SeriesChoices, Stream, SyncEvent
from core.domain.signals import SIGNALS
from core.ports import DeviceToken, Ports, SourceInfo
from core.trends.columns import instant
from core.trends.day_slots import NIGHTLY
from core.trends.missing import NOT_MISSING
from core.trends.missing import STATES as DAY_STATES
from core.trends.missing_summary import said
from core.trends.reading import readings

DAYS = 30
SILENT_AFTER = timedelta(days=3)
ENDED_AFTER = timedelta(days=60)
_TELLING = (
    "steps", "hr", "cgm_glucose", "sbp", "weight", "sleep_stage", "sleep", "rhr", "spo2", "hrv_rmssd", "hrv_sdnn", "energy_active",
    "energy_total", "distance", "intensity", "active_minutes", "rr", "skin_temp", "temp", "glucose",
)  # fmt: skip
"""Which signal speaks for a device, the first that it measures; by night the first of those counted in nights."""
_TRIES = frozenset({"import", "empty", "failed", "connected", "disconnected"})
_TYPED, _CONNECTED = "manual", "device"
_CAME = frozenset({"received", "duplicate_discarded"})
"""States of days on which nothing is missing."""

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was read of one person."""

    now: datetime
    sources: Mapping[str, SourceInfo]
    streams: Mapping[_Place, tuple[Stream, ...]]
    events: tuple[SyncEvent, ...]
    tokens: Mapping[str, DeviceToken]
    choices: SeriesChoices
    strips: Mapping[_Place, tuple[Strip, ...]]


def overview(ports: Ports, actor: Actor, person_id: str) -> DevicesView:
    """Every device of every source, what asks for the eye first."""
    grant = require(ports, actor, Action.VIEW_SOURCES, person_id)
    revision_now, now = ports.store.revision(person_id), ports.clock.now()
    event = grant.event("devices")
    sources = {one.source_id: one for one in ports.store.sources(person_id, event)}
    tokens = {one.source_id: one for one in ports.store.tokens(person_id, event)}
    known = (*ports.store.streams(person_id, event), *_sent_as_records(ports, person_id, sources, event))
    streams = _by_device(known, sources)
    choices = ports.store.series_choices(person_id)
    preferences = ports.store.preferences(actor.account_id)
    today = now.astimezone(zone_named(choices.zone) or zone_of(preferences.timezone)).date()
    strips = _strips(ports, actor, person_id, streams, (choices, today, sources))
    found = _Found(now, sources, streams, ports.store.sync_events(person_id, event), tokens, choices, strips)
    lines = [_line(found, place) for place in (*streams, *_unheard(found))]
    lines.sort(key=lambda one: (STATES.index(one.state), -(one.last_at.timestamp() if one.last_at else 0.0), one.name))
    first = dict(choices.order).get("*", ())
    return DevicesView(
        revision=revision_now,
        made_at=now,
        today=today,
        zone=choices.zone if zone_named(choices.zone) else "",
        lines=tuple(lines),
        rivals=_rivals(found),
        first=first[0] if first else "",
        names={one.device: one.name for one in lines if one.signals},
        may_manage=allowed(actor.role, Action.MANAGE_DEVICES),
    )


def _by_device(streams: Iterable[Stream], sources: Mapping[str, SourceInfo]) -> dict[_Place, tuple[Stream, ...]]:
    """The streams of each device; what was typed in is no device's."""
    kept = [one for one in streams if one.samples and one.signal in SIGNALS]
    kept = [one for one in kept if one.source_id in sources and sources[one.source_id].kind != _TYPED]
    kept.sort(key=_place)
    return {place: tuple(mine) for place, mine in groupby(kept, key=_place)}


def _sent_as_records(ports: Ports, person_id: str, sources: Mapping[str, SourceInfo], event: AuditEvent) -> list[Stream]:
    """What connected devices sent as observations of the record, as if it were streams: only where there is any."""
    mine = {one.source_id for one in sources.values() if one.kind == _CONNECTED and one.records}
    if not mine:
        return []
    records = ports.store.records(person_id, event, kinds=("Observation",))
    found = []
    for signal, series in readings(records).series.items():
        for source_id in mine:
            times = series.time[np.array([source_id in told for told in series.source], dtype=bool)]
            if len(times):
                found.append(Stream("", source_id, signal, "", "", len(times), int(times[0]), int(times[-1])))
    return found


def _place(stream: Stream) -> _Place:
    return stream.source_id, stream.device


def _unheard(found: _Found) -> list[_Place]:
    """Connected devices of which nothing came yet."""
    heard = {source_id for source_id, _ in found.streams}
    return [(source_id, "") for source_id, token in found.tokens.items() if source_id not in heard and token.revoked_at is None]


def _strips(
    ports: Ports,
    actor: Actor,
    person_id: str,
    streams: Mapping[_Place, tuple[Stream, ...]],
    known: tuple[SeriesChoices, date, Mapping[str, SourceInfo]],
) -> dict[_Place, tuple[Strip, ...]]:
    """The last days of each device that is in use, by the one or two signals that speak for it."""
    choices, today, sources = known
    since = int((datetime.combine(today, datetime.min.time(), UTC) - ENDED_AFTER).timestamp() * 1e9)
    asked: dict[str, list[_Place]] = {}
    for place, mine in streams.items():
        if max(one.last for one in mine) < since or choices.leaves_out(place[1], sources[place[0]].label):
            continue
        for signal in _speaking({one.signal for one in mine}):
            asked.setdefault(signal, []).append(place)
    made: dict[_Place, tuple[Strip, ...]] = {}
    if not asked:
        return made
    for view in missing.calendars(ports, actor, person_id, tuple(asked), (today - timedelta(days=DAYS - 1), today)):
        for one in view.streams:
            place = (one.source_id, one.device)
            if place in asked[view.signal]:
                made[place] = (*made.get(place, ()), _strip(view.signal, view.unit, one.days))
    return made


def _speaking(signals: set[str]) -> tuple[str, ...]:
    """At most one signal by day and one by night."""
    ranked = [one for one in (*_TELLING, *sorted(signals)) if one in signals]
    day = next((one for one in ranked if one not in NIGHTLY), "")
    night = next((one for one in ranked if one in NIGHTLY), "")
    return tuple(one for one in (day, night) if one)


def _strip(signal: str, unit: str, days: Sequence[DayLine]) -> Strip:
    counting = [one for one in days if one.why not in NOT_MISSING]
    counts = Counter(one.state for one in counting)
    parts = tuple((state, counts[state], unit) for state in DAY_STATES if counts[state] and state not in _CAME)
    whole = sum(counts[state] for state in _CAME)
    covered = sum(one.state in _CAME or one.state == "partly" for one in days)
    return Strip(signal, unit, tuple(days), covered, said(signal, parts, (len(counting), whole), unit))


def _line(found: _Found, place: _Place) -> DeviceLine:
    source_id, device = place
    source, streams = found.sources[source_id], found.streams.get(place, ())
    mine = [one for one in found.events if one.source_id == source_id and one.device in ("", device)]
    tries = [one for one in mine if one.kind in _TRIES]
    last = max(tries, key=lambda one: one.at_ns, default=None)
    consents = [one.kind for one in sorted(mine, key=lambda one: one.at_ns) if one.kind.startswith("consent_")]
    names = list(dict.fromkeys(one.signal for one in streams))
    ranked = tuple(one for one in (*_TELLING, *SIGNALS) if one in names)
    line = DeviceLine(
        source_id=source_id, source=source.label, kind=source.kind, device=device, name=device or source.label, state="fine",
        signals=tuple(dict.fromkeys(ranked)), samples=sum(one.samples for one in streams),
        last_at=instant(max(max(one.first, one.last) for one in streams)) if streams else None,
        last_try=Try(last.kind, instant(last.at_ns), last.why) if last else None,
        strips=found.strips.get(place, ()), off=found.choices.leaves_out(device, source.label) and bool(streams),
        consent=not consents or consents[-1] == "consent_given", token=found.tokens.get(source_id),
    )  # fmt: skip
    return replace(line, state=_state(line, found.now))


def _state(line: DeviceLine, now: datetime) -> str:
    """How it stands: the first of these that holds."""
    if line.off:
        return "off"
    if not line.consent:
        return "no_consent"
    if (line.token and line.token.revoked_at) or (line.last_try and line.last_try.kind == "disconnected"):
        return "disconnected"
    if line.last_try and line.last_try.kind == "failed":
        return "failed"
    if line.last_at is None:
        return "waiting"
    if now - line.last_at > ENDED_AFTER:
        return "ended"
    if now - line.last_at > SILENT_AFTER:
        return "silent"
    return "gaps" if any(strip.said.parts for strip in line.strips) else "fine"


def _rivals(found: _Found) -> tuple[Rivals, ...]:
    """Signals that several devices (those that are switched on) tell of, and which the person trusts first."""
    telling: dict[str, list[str]] = {}
    for (source_id, device), streams in found.streams.items():
        if device and not found.choices.leaves_out(device, found.sources[source_id].label):
            for one in streams:
                telling.setdefault(one.signal, []).append(device)
    order = dict(found.choices.order)
    made = []
    for signal in dict.fromkeys((*_TELLING, *SIGNALS)):
        devices = tuple(dict.fromkeys(telling.get(signal, ())))
        if len(devices) > 1:
            chosen = next((one for one in order.get(signal, ()) if one in devices), "")
            made.append(Rivals(signal, devices, chosen))
    return tuple(made)
