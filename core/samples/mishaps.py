"""This is the place where it is made up what goes wrong in a life with devices, and when: one mishap after the other, days apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.samples.wearing import DAY, HOUR, MINUTE

WITHOUT_CONSENT, DISCONNECTED, OUTAGE, LATE, SILENT = "consent_withdrawn", "not_connected", "sync_failed", "late", "returned_none"
OFF, ODD, CLOCK, DEAF = "not_worn", "out_of_range", "wrong_clock", "sensor_off"


@dataclass(frozen=True, slots=True)
class Mishap:
    """From `first` to `last` (local ns) something is wrong: with one signal of a device, with a device (`signal` ""), or with the source
    as a whole (`device` "")."""

    cause: str
    first: int
    last: int
    device: str = ""
    signal: str = ""

    def hits(self, device: str, signal: str) -> bool:
        return self.device in ("", device) and self.signal in ("", signal)


_LINKED = (WITHOUT_CONSENT, DISCONNECTED, OUTAGE, LATE)
_DONE_TO: dict[str, tuple[str, ...]] = {
    "hub": (*_LINKED, OFF, OFF, "night", "night", "part", "part", DEAF, ODD),
    "sensor": (*_LINKED, OFF, "part", SILENT, ODD, CLOCK),
    "app": (OFF, OFF, ODD),
}
_DEVICES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "hub": (("Watch", ("hr", "steps", "sleep_stage", "hrv_rmssd", "rhr")),),
    "sensor": (("Sensor", ("cgm_glucose",)),),
    "app": (("Scale", ("weight",)), ("Cuff", ("sbp",))),
}


def mishaps(rng: np.random.Generator, source: str, first_day: int, days: int) -> tuple[Mishap, ...]:
    """What befalls one source and its devices: each mishap ends two days or more before the next begins."""
    found = []
    at = first_day + 9 + int(rng.integers(0, 5))
    while at < first_day + days - 16:
        one = _mishap(rng, source, at * DAY)
        found.append(one)
        at = one.last // DAY + int(rng.integers(3, 8))
    return tuple(found)


def _mishap(rng: np.random.Generator, source: str, midnight: int) -> Mishap:
    kind = str(rng.choice(_DONE_TO[source]))
    device, signals = _DEVICES[source][int(rng.integers(len(_DEVICES[source])))]
    hours = {"part": (9, 13), "night": (10, 12)}.get(kind, (0, 0))
    if kind == "part":
        first = midnight + int(rng.integers(7, 11)) * HOUR
        return Mishap(OFF, first, first + int(rng.integers(*hours)) * HOUR, device)
    if kind == "night":
        first = midnight + 21 * HOUR
        return Mishap(OFF, first, first + int(rng.integers(*hours)) * HOUR, device)
    lasts = {WITHOUT_CONSENT: (5, 20), DISCONNECTED: (3, 12), OUTAGE: (2, 5), LATE: (1, 5), OFF: (1, 6), SILENT: (2, 4)}.get(
        kind, (1, 4)
    )
    span = int(rng.integers(*lasts)) * DAY
    if kind in (ODD, CLOCK, DEAF):
        return Mishap(kind, midnight, midnight + span, device, str(rng.choice(signals)) if kind != CLOCK else "")
    first = midnight + int(rng.integers(6 * 60, 23 * 60)) * MINUTE
    return Mishap(kind, first, first + span + int(rng.integers(-2, 8)) * HOUR, device if kind == OFF else "")
