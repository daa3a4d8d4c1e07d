"""This is the place where it stands what the devices' room needs of a Bluetooth radio, and which of the devices that answer is meant.

Two things stand behind it: bleak (core/sources/devices/radio.py) and, in tests, software devices. Everything that can go wrong is a LinkFailed with a code of
core.kiosk.devices.WHY; nothing else may come out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.kiosk.devices import Choice
from core.sources.devices.meaning import text
from core.trends.published import OUR_CHOICE, Published

NEARER = Published(
    "device_nearer",
    20,
    "dB",
    OUR_CHOICE,
    "How much stronger one must be to be taken without asking: about ten times nearer in the open",
)
NEAR = (-85, -70, -55)
"""Signal strengths (dBm) from which a device is shown as a bit, rather, and very near. Our choice: only for the eye."""


class LinkFailed(Exception):
    """`code` of core.kiosk.devices.WHY."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Seen:
    """A device that answers. `handle` is the radio's own; `strength` in dBm; `paired` with this machine."""

    address: str
    name: str
    strength: int
    paired: bool = False
    handle: object = None


class Connection(Protocol):
    """A device one is connected to."""

    def offers(self) -> Collection[int]:
        """Its characteristics with sixteen-bit numbers."""
        ...

    async def read(self, characteristic: int) -> bytes: ...

    async def write(self, characteristic: int, data: bytes) -> None: ...

    async def subscribe(self, characteristic: int, hand: Callable[[bytes], None]) -> None: ...

    async def disconnect(self) -> None:
        """Never raises."""
        ...


class Link(Protocol):
    """A radio. Every method but `disconnect` raises LinkFailed alone (and passes a cancellation on)."""

    async def state(self) -> str:
        """ "ready", "no_library", "no_bluetooth", "off" or "denied"."""
        ...

    async def scan(self, services: Sequence[int], seconds: float) -> Sequence[Seen]:
        """The devices that announce one of these services."""
        ...

    async def connect(self, seen: Seen, seconds: float, lost: Callable[[], None]) -> Connection:
        """`lost` is called once where the device goes, in the loop's thread."""
        ...


def meant(seen: Sequence[Seen], known: Collection[str]) -> tuple[Seen, ...]:
    """Whom to connect to: one, none, or several to ask about. Where the kiosk's own devices are `known` (addresses), no other is ever used. Else those that are paired
    with this machine go first; of several the one that is much nearer than the next."""
    own = {one.upper() for one in known}
    able = [one for one in seen if one.address.upper() in own] if own else list(seen)
    able = [one for one in able if one.paired] or able
    able.sort(key=lambda one: (-one.strength, one.address))
    if not own and len(able) > 1 and able[0].strength - able[1].strength >= NEARER.value:
        return (able[0],)
    return tuple(able)


def choices(seen: Sequence[Seen]) -> tuple[Choice, ...]:
    """To show. Devices of one name are told apart by the end of their address."""
    names = [named(one) for one in seen]
    return tuple(
        Choice(one.address, name if name and names.count(name) == 1 else f"{name} …{one.address[-5:]}".strip(), sum(one.strength >= at for at in NEAR))
        for one, name in zip(seen, names, strict=True)
    )  # fmt: skip


def named(one: Seen) -> str:
    """What it calls itself, fit to be shown: anybody may call a device anything."""
    return text(one.name.encode(errors="replace"))
