"""This is the place where the answers about a person's devices are defined: what each sent last, which days are there, why others are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from core.care.missing import DayLine
from core.ports import DeviceToken
from core.trends.missing_summary import Said


@dataclass(frozen=True, slots=True)
class Try:
    """The last that happened to a source: `kind` as in SyncEvent ("import", "empty", "failed", "connected", "disconnected",
    "consent_given", "consent_withdrawn"), when, and the code of a failure."""

    kind: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """The last days of one signal of a device, oldest first; `unit` is "day" or "night", `covered` counts the days that brought
    anything, `said` the facts of one sentence about the others."""

    signal: str
    unit: str
    days: tuple[DayLine, ...]
    covered: int
    said: Said


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device of one source. `device` is its own name ("" where the source names none), `name` what people call it; `signals`
    what it measures, the most telling first; `last_at` its newest sample; `strips` at most one by day and one by night;
    `state` one of STATES; `off` whether the person left it out; `consent` whether its source may be asked; `token` where it
    sends by itself."""

    source_id: str
    source: str
    kind: str
    device: str
    name: str
    state: str
    signals: tuple[str, ...] = ()
    samples: int = 0
    last_at: datetime | None = None
    last_try: Try | None = None
    strips: tuple[Strip, ...] = ()
    off: bool = False
    consent: bool = True
    token: DeviceToken | None = None


STATES = ("failed", "no_consent", "silent", "waiting", "gaps", "fine", "disconnected", "ended", "off")
"""How a device stands, what asks for the eye first. "failed": the last try did not succeed; "silent": it sent nothing for days;
"waiting": connected, nothing came yet; "gaps": days are missing; "ended": nothing for two months, so it was given up or is a file."""


@dataclass(frozen=True, slots=True)
class Rivals:
    """Devices that tell of the same signal: `chosen` is the one the person trusts first ("" as usual)."""

    signal: str
    devices: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class DevicesView:
    """All devices of a person; `zone` is "" where nobody said where the person lives; `first` is the device that the person trusts
    first for everything ("" as usual)."""

    revision: int
    made_at: datetime
    today: date
    zone: str
    lines: tuple[DeviceLine, ...]
    rivals: tuple[Rivals, ...] = ()
    first: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    may_manage: bool = False
