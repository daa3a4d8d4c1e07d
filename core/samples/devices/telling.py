"""This is the place where it stands what a person's devices are for the demo: files, the zone, and what happened to their connections."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.samples.devices.clockface import midnight, wall


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """A file as an app exports it: its name, its bytes, and what its source is called."""

    name: str
    content: bytes
    source: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a source: `kind`, `why` and `device` as in SyncEvent; `at`, `first` and `last` in s since 1970."""

    source: str
    kind: str
    at: int
    first: int = 0
    last: int = 0
    why: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Devices:
    """What the devices of one person bring: the zone the person lives in, the files, what happened meanwhile (oldest first)."""

    zone: str
    files: tuple[DeviceFile, ...]
    happened: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose devices they are, and when it is told: all ends before the first instant (UTC) of `today`."""

    slug: str
    zone: ZoneInfo
    born: date
    today: date
    seed: int
    home: bytes
    """The FHIR file that the person's own app wrote (what devices say must agree with it)."""

    def chance(self, name: str) -> random.Random:
        """Chance for one purpose: more draws here never change another purpose."""
        return random.Random(f"{self.seed}/{self.slug}/devices/{name}")  # noqa: S311  (no secret is drawn from it)

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def begins(self, ago: int) -> int:
        """The instant at which the local day so long ago began."""
        return midnight(self.zone, self.day(ago))

    def at(self, ago: int, hour: float) -> int:
        """The instant at which the clock at home showed an hour of that day."""
        return wall(self.zone, self.day(ago), hour * 3600)

    @property
    def end(self) -> int:
        """Nothing is later than this."""
        return midnight(ZoneInfo("UTC"), self.today)
