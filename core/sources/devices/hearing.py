"""This is the place where what a connected device sends is gathered until a batch of it is over, and then decided about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.kiosk.devices import Dropped
from core.kiosk.terms import Device, Reading
from core.sources.devices.meaning import Sent, asked_for, joined, meal_of, understood
from core.sources.devices.tables import CUFF, FINAL, GLUCOSE_CONTEXT, PASSING, RACP
from core.sources.devices.whose import STEADY, Arrival, Visit, decide, is_stream, steady

MOST = 500
"""Packets of one batch that are kept: a device that sends without end fills no memory."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was decided: the reading (None: none), what it came as, its flags for which measuring again is better."""

    reading: Reading | None = None
    sent: Sent | None = None
    doubts: tuple[str, ...] = ()


class Hearing:
    """The packets of one connection. Lives in one loop."""

    def __init__(self, visit: Visit, device: Device, now: Callable[[], datetime]) -> None:
        self.visit, self.device, self.now = visit, device, now
        self._arrivals: list[Arrival] = []
        self._raw: set[tuple[int, bytes]] = set()
        self._half: Arrival | None = None
        self._meals: dict[int, str] = {}
        self._dropped: list[Dropped] = []
        self._live = False
        self._bell = asyncio.Event()
        self.complete = False
        self.showing: Mapping[str, float] = {}

    def hear(self, characteristic: int, data: bytes) -> None:
        """A packet came."""
        self._bell.set()
        if characteristic == RACP:
            self.complete = self.complete or asked_for(data) != ""
        elif characteristic == GLUCOSE_CONTEXT:
            meal = meal_of(data)
            if meal:
                self._meals[meal[0]] = meal[1]
        elif characteristic in PASSING.get(self.visit.measure, ()):
            self._passing(characteristic, data)
        elif characteristic in FINAL[self.visit.measure]:
            self._final(characteristic, data)

    def _passing(self, characteristic: int, data: bytes) -> None:
        shown = understood(characteristic, data)
        if shown.why:
            return
        self._live = True
        self._arrivals = [replace(one, live=False) for one in self._arrivals]  # it goes on: what came before wasn't its result
        self.showing = {"cuff" if characteristic == CUFF else signal: value for signal, value in shown.values.items()}

    def _final(self, characteristic: int, data: bytes) -> None:
        sent = understood(characteristic, data)
        if is_stream(sent):
            self._arrivals.append(Arrival(sent, self.now()))
            del self._arrivals[: -int(STEADY.value)]
            self.showing = dict(sent.values) if not sent.why else {}
            return
        if (characteristic, data) in self._raw or len(self._arrivals) >= MOST:
            return  # sent again, as scales do
        self._raw.add((characteristic, data))
        arrival = Arrival(sent, self.now(), self._live)
        if self._half is not None:
            first, self._half = self._half, None
            if sent.more:
                self._arrivals.append(replace(first, sent=joined(first.sent, sent)))
                return
            self._arrivals.append(replace(first, sent=replace(first.sent, more=False, why=first.sent.why or "unfinished")))
        if sent.more:
            self._half = arrival
        else:
            self._arrivals.append(arrival)

    @property
    def waiting(self) -> bool:
        """Whether there is something to decide about, or half of it."""
        return bool(self._arrivals) or self._half is not None

    @property
    def is_stream(self) -> bool:
        return bool(self._arrivals) and is_stream(self._arrivals[-1].sent)

    async def something(self, seconds: float, gone: asyncio.Future) -> bool:
        """Wait for a packet. False where none came in this time or the device went."""
        bell = asyncio.ensure_future(self._bell.wait())
        try:
            await asyncio.wait((bell, gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return bell.done()
        finally:
            bell.cancel()
            self._bell.clear()

    def give_up(self) -> None:
        """The device went: what is half there stays so."""
        if self._half is not None:
            self._dropped.append(Dropped("unfinished"))
            self._half = None

    def decide(self) -> Taken:
        """About all that came. A batch is forgotten after; the values of a stream go on."""
        if self.is_stream:
            verdict = steady([one for one in self._arrivals if is_stream(one.sent)], self.visit, self.device)
        else:
            self.give_up()
            verdict = decide(self._arrivals, self.visit, self.device)
            self._arrivals, self.complete, self._live = [], False, False
        self._dropped += verdict.dropped
        if verdict.reading is None or verdict.sent is None:
            return Taken()
        meal = self._meals.get(verdict.sent.sequence) if verdict.sent.sequence is not None else None
        reading = replace(verdict.reading, flags=(*verdict.reading.flags, meal)) if meal else verdict.reading
        return Taken(reading, verdict.sent, verdict.sent.doubts)

    def left(self) -> Sequence[Dropped]:
        """What wasn't taken since this was last asked."""
        told, self._dropped = tuple(self._dropped), []
        return told
