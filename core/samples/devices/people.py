"""This is the place where the devices of the told people are made: pure, from the people, a day and a seed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from core.samples.chart import Chart
from core.samples.devices import aisha_export, jianguo, margaret
from core.samples.devices.telling import DeviceFile, Devices, Happened, Owner
from core.samples.lives import LIVES
from core.samples.lives.telling import someone
from core.samples.people import SEED, SamplePerson

__all__ = ["DeviceFile", "Devices", "Happened", "devices", "zones"]


def devices(person: SamplePerson, today: date, seed: int = SEED) -> Devices | None:
    """What the devices of a told person bring, None where there are none; `person` as `generate(today, seed)` made them."""
    if person.slug not in (margaret.SLUG, jianguo.SLUG, aisha_export.SLUG):
        return None
    life = next(one for one in LIVES if one.who.slug == person.slug)
    home = next(file.content for file in person.files if file.name == "home.json")
    who = someone(life.who, today)
    owner = Owner(person.slug, ZoneInfo(life.who.zone), who.birth, today, seed, home)
    if person.slug == margaret.SLUG:
        return margaret.devices(owner)
    if person.slug == aisha_export.SLUG:
        return aisha_export.devices(owner)
    return jianguo.devices(owner, Chart(who, life.desks, today, seed))


def zones() -> Mapping[str, str]:
    """By slug the zone in which each of the told people lives."""
    return {life.who.slug: life.who.zone for life in LIVES}
