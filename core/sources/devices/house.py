"""This is the place where the Bluetooth devices of a kiosk are: one loop in a thread of its own, and one measurement at a time in it.

What it remembers from one visit to the next is nobody's: which records were handed out already, as keyed digests of a device's address and the record's time and number (never of
a value), with a key that only this process has. So a stored record is never taken twice, whatever the clocks say.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock, Thread
from typing import TypeVar

from core.errors import Conflict
from core.kiosk.devices import Measuring
from core.kiosk.terms import Measure
from core.sources.devices.hearing import Taken
from core.sources.devices.link import Link, LinkFailed, Seen
from core.sources.devices.radio import Radio
from core.sources.devices.session import Means, Patience, Session
from core.sources.devices.tables import SERVICES, STREAMS
from core.sources.devices.validated import validated

LOG = logging.getLogger("healthboard.devices")
REMEMBERED = 256
ASK_EVERY = 10.0
T = TypeVar("T")


class Bluetooth:
    """Devices (core.kiosk.devices) over a radio. `now` gives the time, aware, in the zone the devices are set to; `known` the addresses of the kiosk's own devices (then
    no other is used), `user` its user of them where they have several."""

    def __init__(
        self, now: Callable[[], datetime], known: Collection[str] = (), user: int | None = None, link: Link | None = None, patience: Patience | None = None
    ) -> None:  # fmt: skip
        self._means = Means(link or Radio(), now, tuple(known), user, patience or Patience(), self._fresh, validated)
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._session: Session | None = None
        self._closed = False
        self._said = ("", 0.0)
        self._key = secrets.token_bytes(32)
        self._handed: OrderedDict[bytes, None] = OrderedDict()

    def state(self) -> str:
        """ "ready" or why not, as it was looked at ASK_EVERY seconds ago at most. A measurement that goes on is never disturbed by looking."""
        with self._lock:
            busy = self._session is not None and not self._session.look().ended
            said, at = self._said
        if said and (busy or time.monotonic() - at < ASK_EVERY):
            return said
        try:
            said = self.wait(self._means.link.state(), 3.0)
        except (TimeoutError, LinkFailed):
            said = "no_bluetooth"
        with self._lock:
            self._said = (said, time.monotonic())
        return said

    def measures(self) -> tuple[Measure, ...]:
        return tuple(SERVICES)

    def measure(self, measure: Measure, since: datetime) -> Measuring:
        """Begin; what ran before is stopped. Raises Conflict where it was closed."""
        loop = self._started()
        with self._lock:
            before, self._session = self._session, None
            if before is not None:
                before.stop()
            self._session = Session(self._means, measure, since, loop)
            return self._session

    def around(self, services: Sequence[int], seconds: float) -> Sequence[Seen]:
        """What answers near by, for whoever sets a kiosk up. Raises LinkFailed."""
        return self.wait(self._means.link.scan(services, seconds), seconds + 10.0)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            session, loop, thread = self._session, self._loop, self._thread
            self._session = self._loop = self._thread = None
            self._handed.clear()
        if session is not None:
            session.stop()
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(_ended(loop), loop)
        thread.join(5.0)

    def wait(self, work: Coroutine[object, object, T], seconds: float) -> T:
        """Do something in the loop and wait for it. Raises TimeoutError."""
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result(seconds)
        finally:
            future.cancel()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise Conflict("bluetooth_closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._loop.set_exception_handler(_quiet)
                self._thread = Thread(target=_turned, args=(self._loop,), name="bluetooth", daemon=True)
                self._thread.start()
            return self._loop

    def _fresh(self, address: str, taken: Taken) -> bool:
        """Whether this record wasn't handed out before; from now on it was. What has neither time nor number can't be told, and isn't kept by a device that follows the
        profile."""
        sent = taken.sent
        if sent is None or sent.characteristic in STREAMS or (sent.stamp is None and sent.sequence is None):
            return True
        what = repr((address.upper(), sent.stamp, sent.offset, sent.sequence, sent.user)).encode()
        digest = hmac.digest(self._key, what, "sha256")
        if digest in self._handed:
            return False
        self._handed[digest] = None
        while len(self._handed) > REMEMBERED:
            self._handed.popitem(last=False)
        return True


def zoned(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """The same time in this machine's own zone: what devices are set to."""
    return lambda: now().astimezone()


def patient(patience: Patience, seconds: float) -> Patience:
    """The same with another time in all."""
    return replace(patience, whole=seconds)


def _turned(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _ended(loop: asyncio.AbstractEventLoop) -> None:
    """Let everything that runs come to its end, then stop the loop."""
    others = [task for task in asyncio.all_tasks(loop) if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    loop.call_soon(loop.stop)


def _quiet(_loop: asyncio.AbstractEventLoop, context: dict) -> None:
    """A mistake in the loop is logged by its kind alone: its text may hold what a device sent."""
    error = context.get("exception")
    LOG.error("a mistake while a device was read: %s", type(error).__name__ if error is not None else "unknown")
