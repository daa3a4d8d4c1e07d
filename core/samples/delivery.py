"""This is the place where what devices recorded is brought over, try by try: what arrives, what is lost on the way, what is left as events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from core.domain.samples import FLOATING, Columns, SyncEvent
from core.samples.mishaps import DISCONNECTED, LATE, OUTAGE, SILENT, WITHOUT_CONSENT, Mishap
from core.samples.wearing import DAY, HOUR, MINUTE, Recording, to_utc

_EXPORT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Delivery:
    """The source, the person's zone, the clock its files are written by (0: with the offset, UTC_ONLY, FLOATING), (first day, days), now."""

    source: str
    zone: ZoneInfo
    clock: int
    span: tuple[int, int]
    now_ns: int


@dataclass(frozen=True, eq=False, slots=True)
class Delivered:
    """For each recording (columns that came, their rows), the final fate of each sample ("" it came and is sound), and the events."""

    streams: tuple[tuple[Columns, np.ndarray], ...]
    fates: tuple[np.ndarray, ...]
    events: tuple[SyncEvent, ...]


def delivered(
    rng: np.random.Generator, way: Delivery, wrong: Sequence[Mishap], recorded: Sequence[tuple[Recording, np.ndarray]]
) -> Delivered:
    """Bring everything over."""
    post = _Post(rng, way, wrong, recorded)
    post.run(_exports(rng, way) if way.source == "app" else _daily(rng, way))
    return post.done()


def _daily(rng: np.random.Generator, way: Delivery) -> list[int]:
    """The local times of a sync once a day, at this life's own hour."""
    first, days = way.span
    minute = int(rng.choice([20, 450, 1350]))
    return [(first + day) * DAY + (minute + int(rng.integers(0, 40))) * MINUTE for day in range(1, days)]


def _exports(rng: np.random.Generator, way: Delivery) -> list[int]:
    first, days = way.span
    return [(first + day) * DAY + 9 * HOUR for day in range(_EXPORT_DAYS, days - int(rng.integers(2, 9)), _EXPORT_DAYS)]


class _Post:
    """One source while it delivers."""

    def __init__(
        self, rng: np.random.Generator, way: Delivery, wrong: Sequence[Mishap], recorded: Sequence[tuple[Recording, np.ndarray]]
    ) -> None:
        self._rng, self._way, self._wrong = rng, way, wrong
        self._recorded = [one for one, _ in recorded]
        self._fate = [np.where(fate == "", "waiting", fate) for _, fate in recorded]
        self._gone = [_gone(fate) for _, fate in recorded]
        self._sound = [fate for _, fate in recorded]
        self._sent = [np.zeros(len(one.local), dtype=bool) for one in self._recorded]
        self._real = [one.local - np.where(one.local > way.now_ns + 400 * DAY, 900 * DAY, 0) for one in self._recorded]
        self._events: list[SyncEvent] = []
        self._named = bool(rng.random() < 0.5)
        self._last = way.span[0] * DAY

    def run(self, tries: Sequence[int]) -> None:
        """Every try in order of time; what forbids or breaks the connection happens in between."""
        if self._way.source != "app":
            self._event("connected", self._way.span[0] * DAY + 5 * MINUTE)
        for mishap in self._wrong:
            if mishap.cause in (WITHOUT_CONSENT, DISCONNECTED):
                self._interrupt(mishap, [at for at in tries if at < mishap.first])
        for at in tries:
            if self._instant(at) > self._way.now_ns:
                break
            now = next((one.cause for one in self._wrong if one.first <= at < one.last and not one.device), "")
            if now in (WITHOUT_CONSENT, DISCONNECTED):
                continue
            if now in (OUTAGE, LATE):
                self._fail(at, lost=now == OUTAGE)
            elif now == SILENT:
                self._silence(at)
            else:
                self._bring(at)

    def done(self) -> Delivered:
        columns = [self._columns(n) for n in range(len(self._recorded))]
        fates = []
        for n, fate in enumerate(self._fate):
            final = np.where(self._sent[n], self._sound[n], fate)
            unasked = ~self._sent[n] & (self._real[n] >= self._last) & ~np.isin(final, [WITHOUT_CONSENT, DISCONNECTED, OUTAGE])
            final = np.where(unasked, "waiting", final)
            fates.append(np.where(final == "waiting", "not_connected", final))
        return Delivered(tuple(columns), tuple(fates), tuple(sorted(self._events, key=lambda one: one.at_ns)))

    def _interrupt(self, mishap: Mishap, tries: Sequence[int]) -> None:
        """Consent or connection goes and comes back. What was not yet brought over by then, and all until then, never comes."""
        goes, comes = {WITHOUT_CONSENT: ("consent_withdrawn", "consent_given"), DISCONNECTED: ("disconnected", "connected")}[
            mishap.cause
        ]
        self._event(goes, mishap.first)
        self._event(comes, mishap.last)
        self._lose(tries[-1] if tries else self._last, mishap.last, mishap.cause)

    def _lose(self, first: int, last: int, cause: str) -> None:
        for n, real in enumerate(self._real):
            mine = (real >= first) & (real < last) & ~self._sent[n] & ~self._gone[n] & (self._sound[n] == "")
            self._fate[n][mine] = cause
            self._gone[n] |= mine

    def _fail(self, at: int, *, lost: bool) -> None:
        for again in (0, int(self._rng.integers(40, 90))):
            why = str(self._rng.choice(["http_503", "timed_out", "unauthorised"]))
            self._event("failed", at + again * MINUTE, (self._last, at) if self._named else None, why)
        if lost:
            self._lose(self._last, at, OUTAGE)
            self._last = at

    def _silence(self, at: int) -> None:
        self._event("empty", at, (self._last, at) if self._named else None)
        self._lose(self._last, at, SILENT)
        self._last = at

    def _bring(self, at: int) -> None:
        lows, highs = [], []
        for n, real in enumerate(self._real):
            mine = (real < at) & ~self._sent[n] & ~self._gone[n]
            if mine.any():
                self._sent[n] |= mine
                start, end = self._times(n, mine)
                lows.append(int(start.min()))
                highs.append(int(end.max()))
        if lows:
            self._events.append(SyncEvent(self._way.source, "import", self._instant(at), min(lows), max(highs)))
        self._last = at

    def _times(self, n: int, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        one = self._recorded[n]
        if self._way.clock == FLOATING:
            return one.local[mine], one.local_end[mine]
        return to_utc(self._way.zone, one.local[mine])[0], to_utc(self._way.zone, one.local_end[mine])[0]

    def _columns(self, n: int) -> tuple[Columns, np.ndarray]:
        mine = self._sent[n]
        start, end = self._times(n, mine)
        offset = self._way.clock
        columns = Columns.of(start, self._recorded[n].value[mine], end, 0, offset if offset else self._offsets(n, mine))
        order = np.argsort(columns.start, kind="stable")
        return columns.take(order), np.flatnonzero(mine)[order]

    def _offsets(self, n: int, mine: np.ndarray) -> np.ndarray:
        return to_utc(self._way.zone, self._recorded[n].local[mine])[1]

    def _instant(self, local: int) -> int:
        return int(to_utc(self._way.zone, np.array([local]))[0][0])

    def _event(self, kind: str, at: int, window: tuple[int, int] | None = None, why: str = "") -> None:
        first, last = (self._instant(window[0]), self._instant(window[1])) if window else (0, 0)
        if self._instant(at) <= self._way.now_ns:
            self._events.append(SyncEvent(self._way.source, kind, self._instant(at), first, last, why))


def _gone(fate: np.ndarray) -> np.ndarray:
    """Samples that were never recorded."""
    return np.isin(fate, ["not_worn", "returned_none"])
