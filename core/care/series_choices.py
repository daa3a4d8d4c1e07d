"""This is the place where a person says how their series are read: the time zone, which device to trust first, which to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.care.access import Action, require
from core.care.series import zone_named
from core.domain.people import Actor
from core.domain.samples import SeriesChoices
from core.domain.signals import SIGNALS
from core.errors import BadInput
from core.ports import Ports

ALL_SIGNALS = "*"
MOST_DEVICES = 50


def load(ports: Ports, actor: Actor, person_id: str) -> SeriesChoices:
    """What was chosen."""
    require(ports, actor, Action.VIEW_RECORD, person_id)
    return ports.store.series_choices(person_id)


def set_zone(ports: Ports, actor: Actor, person_id: str, zone: str) -> None:
    """Say where the person lives ("" takes it back). Raises BadInput for a name that is no zone."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    if zone and zone_named(zone) is None:
        raise BadInput("bad_choice", place="zone", need="a time zone name")
    chosen = replace(ports.store.series_choices(person_id), zone=zone)
    ports.store.save_series_choices(person_id, chosen, grant.event("zone"))


def set_order(ports: Ports, actor: Actor, person_id: str, signal: str, devices: Sequence[str]) -> None:
    """Say which device to trust first for a signal ("*": for all others); no devices: the usual order again."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    if signal != ALL_SIGNALS and signal not in SIGNALS:
        raise BadInput("unknown_signal", place="signal", need="a key of the table of signals")
    if len(devices) > MOST_DEVICES:
        raise BadInput("too_many_devices", place="devices", need=MOST_DEVICES)
    chosen = ports.store.series_choices(person_id)
    order = {**dict(chosen.order), signal: tuple(dict.fromkeys(devices))}
    kept = tuple((key, named) for key, named in order.items() if named)
    ports.store.save_series_choices(person_id, replace(chosen, order=kept), grant.event("order"))


def switch(ports: Ports, actor: Actor, person_id: str, device: str, on: bool) -> None:
    """Leave a device out of every chart and count, or take it in again. Nothing is deleted."""
    grant = require(ports, actor, Action.EDIT_SERIES, person_id)
    chosen = ports.store.series_choices(person_id)
    off = tuple(name for name in chosen.switched_off if name != device) + (() if on else (device,))
    if len(off) > MOST_DEVICES:
        raise BadInput("too_many_devices", place="devices", need=MOST_DEVICES)
    ports.store.save_series_choices(person_id, replace(chosen, switched_off=off), grant.event("switch"))
