"""This is the place where a device is watched while it measures: search, connect, listen, decide, and again where it went away, until there is a reading or time is up.

All of it runs in the loop of `Bluetooth` (house.py); `look`, `choose` and `stop` may be called from any thread. When it ends, or is stopped, what was received is forgotten.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from core.kiosk.devices import Dropped, Look, Stage
from core.kiosk.terms import Device, Measure
from core.sources.devices.hearing import Hearing, Taken
from core.sources.devices.link import Connection, Link, LinkFailed, Seen, choices, meant, named
from core.sources.devices.meaning import clock, text
from core.sources.devices.tables import (
    CURRENT_TIME,
    FINAL,
    GLUCOSE_CONTEXT,
    MAKER,
    MODEL,
    PASSING,
    RACP,
    RACP_LAST,
    SERIAL,
    SERVICES,
)
from core.sources.devices.whose import Visit

LOG = logging.getLogger("healthboard.devices")

HOPELESS = frozenset({"no_library", "no_bluetooth", "off", "denied", "needs_pairing"})
"""What searching again doesn't mend."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: one search; one connection, one question; silence after which nothing more of a batch comes; between two questions for stored records; all in all; how long a
    reading is kept for whoever asked for it and may have gone."""

    search: float = 4.0
    connect: float = 15.0
    quiet: float = 2.5
    ask_again: float = 6.0
    whole: float = 180.0
    keep: float = 60.0


@dataclass(frozen=True, slots=True)
class Means:
    """What a session works with: the radio, the time (aware, in the zone the devices are set to), the kiosk's own devices and its user of them, `fresh` whether a record
    wasn't handed out before."""

    link: Link
    now: Callable[[], datetime]
    known: Collection[str] = ()
    user: int | None = None
    patience: Patience = Patience()
    fresh: Callable[[str, Taken], bool] = lambda _address, _taken: True
    validated: Callable[[str, str], str] = lambda _maker, _model: "unknown"


class Session:
    """A Measuring (core.kiosk.devices)."""

    def __init__(self, means: Means, measure: Measure, since: datetime, loop: asyncio.AbstractEventLoop) -> None:
        self.means, self.measure, self.since = means, measure, since
        self._loop, self._lock = loop, Lock()
        self._look = Look(Stage.SEARCHING, measure)
        self._offered: tuple[Seen, ...] = ()
        self._chosen: asyncio.Future[Seen] | None = None
        self._before = ""
        self._task = asyncio.run_coroutine_threadsafe(self._run(), loop)

    # ------------------------------------------------------------------------------------------------ from any thread

    def look(self) -> Look:
        with self._lock:
            return self._look

    def choose(self, choice_id: str) -> None:
        with suppress(RuntimeError):  # the loop has ended: there is nothing to choose any more
            self._loop.call_soon_threadsafe(self._choose, choice_id)

    def stop(self) -> None:
        self._forget()
        self._task.cancel()

    def _forget(self) -> None:
        with self._lock:
            stage = self._look.stage if self._look.ended else Stage.STOPPED
            self._look = Look(stage, self.measure, self._look.why)

    # ------------------------------------------------------------------------------------------------ in the loop

    def _say(self, stage: Stage, **more: object) -> None:
        """The next look; once it has ended, nothing is said any more."""
        with self._lock:
            if not self._look.ended:
                self._look = replace(self._look, stage=stage, **{"choices": (), "now": {}, **more})  # type: ignore[arg-type]

    def _choose(self, choice_id: str) -> None:
        found = next((one for one in self._offered if one.address == choice_id), None)
        if found is not None and self._chosen is not None and not self._chosen.done():
            self._chosen.set_result(found)

    async def _run(self) -> None:
        try:
            async with asyncio.timeout(self.means.patience.whole):
                while not await self._once():
                    pass
        except TimeoutError:
            self._say(Stage.FAILED, why=self._last_why())
        except LinkFailed as failed:
            self._say(Stage.FAILED, why=failed.code)
        except asyncio.CancelledError:
            self._say(Stage.STOPPED)
            raise
        except BaseException as error:  # a mistake of the program: the screen must not wait for ever
            LOG.error("a mistake while a device was read: %s", type(error).__name__)  # noqa: TRY400 - what it says may be what was measured
            self._say(Stage.FAILED, why="broken")
            raise

    def _last_why(self) -> str:
        """Time is up: what stood in the way."""
        look = self.look()
        if look.dropped:
            return "none_of_this_visit"
        if look.why:
            return look.why
        return "nothing_measured" if look.stage in (Stage.WAITING, Stage.RECEIVING, Stage.CHOOSE) else "not_found"

    async def _once(self) -> bool:
        """Search, connect, listen. Whether there is a reading. Raises LinkFailed where trying again doesn't help."""
        self._say(Stage.SEARCHING)
        found = meant(await self.means.link.scan(SERVICES[self.measure], self.means.patience.search), self.means.known)
        if not found:
            return False
        one = next((each for each in found if each.address == self._before), None) or (
            found[0] if len(found) == 1 else await self._asked(found)
        )
        self._before = one.address
        self._say(Stage.FOUND, device=Device(model=named(one)))
        lost = asyncio.Event()
        try:
            self._say(Stage.CONNECTING)
            connection = await self.means.link.connect(one, self.means.patience.connect, lost.set)
            try:
                return await self._listen(connection, one, lost)
            finally:
                await asyncio.shield(connection.disconnect())
        except LinkFailed as failed:
            if failed.code in HOPELESS:
                raise
            self._say(Stage.SEARCHING, why=failed.code)
            await asyncio.sleep(min(1.0, self.means.patience.quiet))
            return False

    async def _asked(self, found: Sequence[Seen]) -> Seen:
        self._offered, self._chosen = tuple(found), self._loop.create_future()
        self._say(Stage.CHOOSE, choices=choices(found))
        try:
            return await self._chosen
        finally:
            self._offered, self._chosen = (), None

    async def _listen(self, connection: Connection, one: Seen, lost: asyncio.Event) -> bool:
        offered = connection.offers()
        finals = [char for char in FINAL[self.measure] if char in offered]
        if not finals:
            raise LinkFailed("not_this_kind")
        device = await self._device(connection, one)
        visit = Visit(self.measure, self.since, self.means.user, await self._ahead(connection))
        hearing = Hearing(visit, device, self.means.now)
        beside = [
            char
            for char in (*PASSING.get(self.measure, ()), *((GLUCOSE_CONTEXT, RACP) if self.measure is Measure.GLUCOSE else ()))
            if char in offered
        ]
        for char in (*beside, *finals):  # what shows it while it goes on first, so that none of it is missed
            await connection.subscribe(char, lambda data, char=char: hearing.hear(char, data))  # type: ignore[misc]
        self._say(Stage.WAITING, device=device, why="")
        return await self._until_taken(connection, hearing, one, lost)

    async def _until_taken(self, connection: Connection, hearing: Hearing, one: Seen, lost: asyncio.Event) -> bool:
        patience = self.means.patience
        asks = self.measure is Measure.GLUCOSE and RACP in connection.offers()
        ask_at = self._loop.time()
        gone = asyncio.ensure_future(lost.wait())
        try:
            while True:
                if asks and not hearing.waiting and self._loop.time() >= ask_at:
                    ask_at = self._loop.time() + patience.ask_again
                    await connection.write(RACP, RACP_LAST)
                heard = await hearing.something(patience.quiet, gone)
                if heard and not lost.is_set():
                    self._say(Stage.RECEIVING if hearing.waiting else Stage.WAITING, now=hearing.showing)
                    if not hearing.is_stream and not hearing.complete:
                        continue
                if hearing.waiting and self._decided(hearing, one):
                    return True
                if lost.is_set():
                    raise LinkFailed("lost")
        finally:
            gone.cancel()

    def _decided(self, hearing: Hearing, one: Seen) -> bool:
        taken = hearing.decide()
        self._drop(hearing.left())
        if taken.reading is None:
            return False
        if not self.means.fresh(one.address, taken):
            self._drop((Dropped("before_visit"),))
            return False
        self._say(Stage.DONE, reading=taken.reading, doubts=taken.doubts, why="")
        self._loop.call_later(self.means.patience.keep, self._forget)
        return True

    def _drop(self, more: Sequence[Dropped]) -> None:
        if more:
            look = self.look()
            self._say(
                Stage.WAITING if look.stage is Stage.RECEIVING else look.stage, dropped=tuple(dict.fromkeys((*look.dropped, *more)))
            )

    async def _device(self, connection: Connection, one: Seen) -> Device:
        """As it names itself."""
        said = {char: text(await self._asked_for(connection, char)) for char in (MAKER, MODEL, SERIAL)}
        maker, model = said[MAKER], said[MODEL] or named(one)
        return Device(maker, model, said[SERIAL], self.means.validated(maker, model))

    async def _ahead(self, connection: Connection) -> timedelta | None:
        """How far its clock is ahead of ours."""
        given = clock(await self._asked_for(connection, CURRENT_TIME))
        moment = given.moment if given else None
        return moment - self.means.now().replace(tzinfo=None, microsecond=0) if moment is not None else None

    async def _asked_for(self, connection: Connection, characteristic: int) -> bytes:
        """What a device says of itself; nothing where it won't, which does no harm."""
        if characteristic not in connection.offers():
            return b""
        try:
            return await connection.read(characteristic)
        except LinkFailed as failed:
            if failed.code in ("refused", "no_answer", "needs_pairing"):
                return b""
            raise
