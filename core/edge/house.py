"""This is the place where everything a kiosk that stands by itself reaches for is put together: the server, the outbox, the devices, the look at a photo."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from core.clock import SystemClock
from core.edge.beating import Beating, beat
from core.edge.clinic import KeptClinic
from core.edge.keyfile import read_key
from core.edge.memory import forget
from core.edge.outbox import Outbox
from core.edge.remote import RemoteServer
from core.edge.sender import Sender
from core.errors import BadInput, SourceUnavailable
from core.kiosk.devices import Devices
from core.kiosk.sending import QUEUED, Handed
from core.kiosk.terms import Clinic, Collected
from core.sources.devices.house import Bluetooth


@dataclass(frozen=True, slots=True)
class Place:
    """How a kiosk was started: its server's address, the file of its key, its folder, a file of certificates to trust in place of the system's (None: the system's),
    the country whose emergency numbers are shown (ISO 3166, "" nobody knows), the addresses of its own Bluetooth devices (none: any that answers beside it), and which
    of the users that such a device tells apart is the kiosk's (None: it has none)."""

    server: str
    key_file: Path
    home: Path
    authority: Path | None = None
    country: str = ""
    devices: tuple[str, ...] = ()
    device_user: int | None = None


class Edge:
    """One kiosk. Making it opens its folder and its key; nothing is asked of the server before `start` or `hello`."""

    def __init__(self, place: Place) -> None:
        """Raises BadInput: the address, the key's file, or a folder another process has."""
        self.place = place
        self.remote = RemoteServer(place.server, read_key(place.key_file), authority=place.authority)
        self._held = _alone(place.home)
        self.server = KeptClinic(self.remote, place.home / "clinic.json")
        self.outbox = Outbox(place.home / "outbox")
        self.sender = Sender(self.server, self.outbox, now, lambda: self.server.public_key)
        self.devices: Devices = Bluetooth(local_now, place.devices, place.device_user)
        self.beating = Beating(self.server, self.sender, released())

    def start(self) -> None:
        """Begin to say hello and to send what waits."""
        self.beating.start()

    def hello(self) -> Clinic:
        """What the house wants: as it was last heard of, and asked for only where it never was. The heartbeat keeps it fresh. Raises SourceUnavailable, NotPermitted."""
        known = self.server.known
        if known is not None and self.beating.state != "refused":
            return known
        return self.server.hello(beat(self.sender, released()))

    def hand_over(self, _clinic: Clinic, collected: Collected) -> Handed:
        """Seal, keep, send."""
        handed = self.sender.hand_over(collected)
        if handed.state == QUEUED:
            self.beating.soon()
        forget()
        return handed

    def close(self) -> None:
        """Let go of everything; what waits stays on the disk."""
        self.beating.stop()
        self.devices.close()
        self.remote.close()
        self._held.close()


def look(kind: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A photo as it would be sent (re-encoded, nothing in it but the picture), and the codes of what is wrong with it. The reader of pictures is imported at the first
    photo. Raises FileRefused, BadInput."""
    from core.domain.checks import PHOTO_KINDS, CheckKind
    from models.image_check import intake
    from models.image_check.quality import gate

    if kind not in {one.value for one in PHOTO_KINDS}:
        raise BadInput("bad_choice", place="kind", need="a kind of photo")
    photo = intake.photo(content)
    return photo.content, gate(CheckKind(kind), intake.photo(photo.content).pixels).reasons


def qr(text: str) -> bytes:
    """A text as a picture (PNG), black on white."""
    import segno

    out = BytesIO()
    segno.make_qr(text, error="m", mode="byte", encoding="utf-8").save(out, kind="png", scale=6, border=4)
    return out.getvalue()


now = SystemClock().now


def local_now() -> datetime:
    """The same in the zone of this machine, which devices are set to."""
    return now().astimezone()


def released() -> str:
    """The version that is installed; "source" where it runs from a checkout."""
    try:
        return version("healthboard")
    except PackageNotFoundError:
        return "source"


def _alone(home: Path) -> BinaryIO:
    """The kiosk's folder, for this process alone until it ends. Raises BadInput("kiosk_home")."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = (home / ".kiosk").open("ab")
    except OSError:
        raise BadInput("kiosk_home", place=str(home), need="a folder this user can write in") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise BadInput("kiosk_home", place=str(home), need="a folder no other kiosk is running in") from None
    return held


class Held:
    """The kiosk of this process: the pages' script finds it here."""

    def __init__(self) -> None:
        self._edge: Edge | None = None

    def put(self, edge: Edge | None) -> None:
        self._edge = edge

    def edge(self) -> Edge:
        """Raises SourceUnavailable("kiosk_not_set_up") where the pages were started without one."""
        if self._edge is None:
            raise SourceUnavailable("kiosk_not_set_up")
        return self._edge


HELD = Held()
