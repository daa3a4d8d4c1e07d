"""This is the place where a kiosk says again and again that it lives, and sends what waits: a thread beside the pages that nobody waits for."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event, Thread

from core.edge.sender import Sender
from core.errors import NotPermitted, SourceUnavailable
from core.kiosk.server import KioskServer
from core.kiosk.terms import Heartbeat

LOG = logging.getLogger("healthboard.kiosk")

EVERY = 30.0
"""Seconds between two heartbeats."""
BLUETOOTH, CAMERAS = Path("/sys/class/bluetooth"), Path("/sys/class/video4linux")
"""Where Linux lists them; also for a process that is kept away from /dev."""


class Beating(Thread):
    """Says hello and sends what waits, every `every` seconds, until stopped. `state` "starting", "reached", "away" or "refused" (the key)."""

    def __init__(self, server: KioskServer, sender: Sender, version: str, every: float = EVERY) -> None:
        super().__init__(name="kiosk-heartbeat", daemon=True)
        self._server, self._sender, self._version, self._every = server, sender, version, every
        self._stopped, self._soon = Event(), Event()
        self.state = "starting"

    def run(self) -> None:
        while not self._stopped.is_set():
            self.once()
            self._soon.wait(self._every)
            self._soon.clear()

    def once(self) -> None:
        """One heartbeat, and one try to send."""
        try:
            self._server.hello(beat(self._sender, self._version))
        except NotPermitted:
            self._now("refused")
            return
        except SourceUnavailable:
            self._now("away")
        else:
            self._now("reached" if getattr(self._server, "reached", True) else "away")
        sent = self._sender.flush()
        if sent:
            LOG.info("%d visits that had waited were sent", sent)

    def soon(self) -> None:
        """Don't wait for the next turn: something was kept just now."""
        self._soon.set()

    def stop(self, wait: float = 2.0) -> None:
        """End after the turn it is in."""
        self._stopped.set()
        self._soon.set()
        if self.is_alive():
            self.join(wait)

    def _now(self, state: str) -> None:
        if state != self.state:
            LOG.warning("the server is %s", state) if state != "reached" else LOG.info("the server is reached")
        self.state = state


def beat(sender: Sender, version: str) -> Heartbeat:
    """What this kiosk has to say of itself."""
    waits = sender.queued()
    return Heartbeat(version, waits.count, waits.oldest_at, there(BLUETOOTH), there(CAMERAS), waits.refused)


def there(folder: Path) -> str:
    """ "on" where a device stands in a folder of the system, else "off"; "unknown" where that folder can't be read."""
    try:
        return "on" if next(folder.iterdir(), None) is not None else "off"
    except FileNotFoundError:
        return "off"
    except OSError:
        return "unknown"
