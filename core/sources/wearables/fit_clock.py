"""This is the place where a FIT file's clock is worked out: true instants, the local offset it names, short times counted on; and its device."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.sources.wearables.clock import SECOND
from core.sources.wearables.fit_fields import Fields, value_of
from core.sources.wearables.fit_frames import SYSTEM_TIME

REFERENCE = 631_065_600
"""1989-12-31T00:00Z in Unix seconds (FIT profile, date_time)."""
QUARTER, FARTHEST, SLACK = 900, 15 * 3600, 60
DAY = 86_400
_MOST_CHANGES = 1_000
_SAYS = ("activity", "monitoring_info", "timestamp_correlation")


def ns(seconds: int) -> int:
    return (REFERENCE + seconds) * SECOND


@dataclass(slots=True)
class Clock:
    """`last` is the time of the monitoring message before, `offset` the last local offset that was told (seconds)."""

    last: int | None = None
    offset: int | None = None
    _told: list[tuple[int, int]] = field(default_factory=list)

    def learn(self, name: str, fields: Fields) -> None:
        """What a message says of the local clock."""
        at, local = value_of(fields, "timestamp"), value_of(fields, "local_timestamp")
        if name == "monitoring_info" and isinstance(at, int):
            self.last = at
        if name not in _SAYS or not isinstance(at, int) or not isinstance(local, int) or at < SYSTEM_TIME:
            return
        near = round((local - at) / QUARTER) * QUARTER
        if abs(near) <= FARTHEST and abs(local - at - near) <= SLACK:
            self.offset = near
            if (not self._told or self._told[-1][1] != near) and len(self._told) < _MOST_CHANGES:
                insort(self._told, (at, near))

    def monitored(self, fields: Fields) -> int | str:
        """The time of a monitoring message, or why it has none. Its short forms hold the low bits of seconds or minutes."""
        at = value_of(fields, "timestamp")
        if not isinstance(at, int):
            low, minute = value_of(fields, "timestamp_16"), value_of(fields, "timestamp_min_8")
            if self.last is None or not (isinstance(low, int) or isinstance(minute, int)):
                return "time_missing"
            if isinstance(low, int):
                at = self.last + ((low - self.last) & 0xFFFF)
            else:
                at = self.last // 60 * 60 + ((minute - self.last // 60) & 0xFF) * 60
        self.last = at
        return at if at >= SYSTEM_TIME else "time_unclear"

    def offset_at(self, at: int) -> int | None:
        """The offset by the last message before a moment, else by the first after it."""
        if not self._told:
            return None
        return self._told[max(0, bisect_right(self._told, (at, FARTHEST)) - 1)][1]

    def day(self, at: int) -> tuple[int, int] | None:
        """Beginning and end of the local day of a moment, where the offset is known."""
        offset = self.offset_at(at)
        if offset is None:
            return None
        midnight = (at + offset) // DAY * DAY - offset
        return midnight, midnight + DAY

    def offsets(self, start: np.ndarray) -> np.ndarray | None:
        """The offset in minutes (int16) at each start (ns), or None where none is told."""
        if not self._told:
            return None
        told = np.array(self._told, dtype=np.int64)
        at = np.searchsorted(told[:, 0], start // SECOND - REFERENCE, side="right") - 1
        return (told[np.maximum(at, 0), 1] // 60).astype(np.int16)


MAKERS = {"hmm": "HMM", "a_and_d": "A&D", "dexcom": "Dexcom", "development": "", "wahoo_fitness": "Wahoo", "sigmasport": "Sigma"}


def device_name(told: Mapping[str, Mapping[str, Any]]) -> str:
    """The maker and the product, as the file says them ("Garmin fenix5"), or "" where it names no maker."""
    file_id, creator = told.get("file_id", {}), told.get("creator", {})
    maker = next((one for one in (file_id.get("manufacturer"), creator.get("manufacturer")) if isinstance(one, str)), "")
    maker = MAKERS.get(maker, maker.replace("_", " ").title())
    named = [one.get("product_name") for one in (file_id, creator)] + [one.get("product") for one in (file_id, creator)]
    product = next((one.replace("_", " ") for one in named if isinstance(one, str)), "")
    product = product or next((str(one) for one in named if isinstance(one, int)), "")
    if not maker or product.lower().startswith(maker.lower()):
        return product if maker or not product.isdigit() else ""
    return f"{maker} {product}".strip()
