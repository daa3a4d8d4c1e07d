"""This is the place where the moments of a made-up day become instants, and instants the texts of the clock a person looks at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

HOUR, DAY = 3600, 86_400
_QUARTER = 900


def midnight(zone: ZoneInfo, day: date) -> int:
    """The instant (s since 1970) at which a local day begins."""
    return round(datetime.combine(day, time(), zone).timestamp())


def wall(zone: ZoneInfo, day: date, seconds: float) -> int:
    """The instant at which the clock shows so many seconds of a day; below 0 and past the day's end its neighbours are meant. A time
    that the clock leaves out is the one as far after the change."""
    return round((datetime.combine(day, time()) + timedelta(seconds=round(seconds))).replace(tzinfo=zone).timestamp())


class Clock:
    """What the clock showed, where the person was: zones by the instant from which they held, ascending; the first from ever."""

    def __init__(self, *stays: tuple[int, ZoneInfo]) -> None:
        self._since = np.array([since for since, _ in stays[1:]], dtype=np.int64)
        self._zones = [zone for _, zone in stays]
        self._known: dict[tuple[int, int], int] = {}

    def zone(self, at: int) -> ZoneInfo:
        return self._zones[int(np.searchsorted(self._since, at, side="right"))]

    def offsets(self, at: np.ndarray) -> np.ndarray:
        """Seconds that the clock is ahead of UTC at instants (int64 s)."""
        stay = np.searchsorted(self._since, at, side="right")
        quarters, back = np.unique(np.stack([stay, at // _QUARTER]), axis=1, return_inverse=True)
        found = [self._ahead(int(which), int(quarter)) for which, quarter in quarters.T.tolist()]
        return np.array(found, dtype=np.int64)[back.ravel()] if len(at) else at

    def _ahead(self, which: int, quarter: int) -> int:
        key = which, quarter
        if key not in self._known:
            ahead = datetime.fromtimestamp(quarter * _QUARTER, UTC).astimezone(self._zones[which]).utcoffset()
            self._known[key] = round((ahead or timedelta()).total_seconds())
        return self._known[key]

    def stamps(self, at: Sequence[int] | np.ndarray, *, spaced: bool = False) -> list[str]:
        """Instants as "2026-03-08T07:10:00-05:00"; `spaced`: as "2026-03-08 07:10:00 -0500"."""
        instants = np.asarray(at, dtype=np.int64)
        ahead = self.offsets(instants)
        clock = np.datetime_as_string((instants + ahead).astype("datetime64[s]")).tolist()
        names = {one: _written(one, spaced) for one in np.unique(ahead).tolist()}
        between = " " if spaced else "T"
        return [text.replace("T", between) + names[one] for text, one in zip(clock, ahead.tolist(), strict=True)]

    def naive(self, at: Sequence[int] | np.ndarray) -> list[str]:
        """Instants as "2026-03-08 07:10:00", the clock alone."""
        instants = np.asarray(at, dtype=np.int64)
        return [text.replace("T", " ") for text in np.datetime_as_string((instants + self.offsets(instants)).astype("datetime64[s]")).tolist()]


def _written(seconds: int, spaced: bool) -> str:
    minutes = abs(seconds) // 60
    return f"{' ' if spaced else ''}{'-' if seconds < 0 else '+'}{minutes // 60:02d}{'' if spaced else ':'}{minutes % 60:02d}"
