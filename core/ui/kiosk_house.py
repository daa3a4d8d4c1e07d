"""This is the place where the screens of a kiosk get everything they reach for: the server, what is sent, the time, the words. The app and the edge process make one each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from babel.core import get_global

from core.errors import SourceUnavailable
from core.kiosk.sending import Handed
from core.kiosk.server import KioskServer
from core.kiosk.terms import Clinic, Collected, Heartbeat
from core.ui.words import Words

if TYPE_CHECKING:
    from core.kiosk.devices import Devices
    from core.ui.session import Visit

VERSION = "healthboard"


@dataclass(frozen=True)
class PhotoLook:
    """A photo that was looked at and kept nowhere: cleaned (a JPEG without anything but the picture), and the codes of what is wrong with it (none: good enough)."""

    content: bytes = field(repr=False)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class KioskHouse:
    """What the screens know. `t` are the words before somebody chose a language. `hello` tells the server that this kiosk lives and answers with what the clinic wants:
    the last it said where it can't be reached, SourceUnavailable where it never said anything. `hand_over` seals, keeps and sends. `look` judges a photo (None: no
    photos here), `qr` draws a text (PNG). `country` whose emergency numbers are shown ("" nobody knows). `address` stands before a link without one. `demo_code` makes a
    code to try in the demo (None elsewhere). `devices` measure by Bluetooth (None: values are typed)."""

    kiosk_id: str
    name: str
    t: Words
    now: Callable[[], datetime]
    server: KioskServer
    hello: Callable[[], Clinic]
    hand_over: Callable[[Clinic, Collected], Handed]
    look: Callable[[str, bytes], PhotoLook] | None = None
    qr: Callable[[str], bytes] | None = None
    country: str = ""
    address: str = ""
    demo_code: Callable[[str], str] | None = None
    devices: Devices | None = None


def house(visit: Visit) -> KioskHouse:
    """That of an account of the app with the role kiosk: the server is this process."""
    from core.care import kiosk
    from core.care.kiosk_server import LocalServer
    from core.ui.browser import address, browser_zone

    ports, actor = visit.ports, visit.who
    server = LocalServer(ports, actor)
    here = kiosk.locked(ports, actor)

    def hello() -> Clinic:
        return server.hello(Heartbeat(VERSION))

    def hand_over(clinic: Clinic, collected: Collected) -> Handed:
        if ports.kiosk_sender is None:
            raise SourceUnavailable("kiosk_not_set_up")
        return ports.kiosk_sender(server, clinic.public_key).hand_over(collected)

    def look(kind: str, content: bytes) -> PhotoLook:
        cleaned, reasons = kiosk.look(ports, actor, kind, content)
        return PhotoLook(cleaned, reasons)

    return KioskHouse(
        f"account:{actor.account_id}", here.display_name, visit.t, ports.clock.now, server, hello, hand_over,
        look if ports.checks is not None else None, ports.exporter.qr, ports.country or country_of_zone(browser_zone()), address(),
        (lambda language: kiosk.demo_code(ports, actor, language)) if ports.demo else None,
    )  # fmt: skip


def country_of_zone(zone: str) -> str:
    """The country a clock is set to; "" where the zone says none."""
    return str(get_global("zone_territories").get(zone, ""))


def in_language(found: KioskHouse, t: Words) -> KioskHouse:
    """The same house with other words."""
    return replace(found, t=t)
