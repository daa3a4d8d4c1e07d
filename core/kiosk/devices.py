"""This is the place where it is said how a screen watches a device measure: start, look as often as it likes, choose where two answer, stop. Pure.

`Devices.measure(...)` answers at once with a `Measuring`. Whoever draws asks `look()` again and again (no look waits for anything) until `stage` is in ENDED. What runs
behind it (core/sources/devices) has its own thread and ends by itself; `stop()` ends it at once and forgets everything. Codes are said in words by
`bluetooth.stage.<code>`, `bluetooth.why.<code>`, `bluetooth.dropped.<code>` and `bluetooth.doubt.<code>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from core.kiosk.terms import Device, Measure, Reading


class Stage(StrEnum):
    """Where a measurement stands."""

    SEARCHING = "searching"
    CHOOSE = "choose"
    FOUND = "found"
    CONNECTING = "connecting"
    WAITING = "waiting"
    RECEIVING = "receiving"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


ENDED = frozenset({Stage.DONE, Stage.FAILED, Stage.STOPPED})

WHY = (
    "no_library", "no_bluetooth", "off", "denied", "not_found", "out_of_range", "lost", "needs_pairing", "refused", "no_answer", "not_this_kind", "nothing_measured",
    "none_of_this_visit", "broken",
)  # fmt: skip
"""Why there is no reading (`Look.why` with FAILED; while it still goes on, what went wrong last, or "")."""

DROPPED = (
    "before_visit", "clock_ahead", "no_time", "other_user", "which_user", "older", "damaged", "no_value", "not_measured", "unfit", "implausible", "control_solution",
    "unfinished", "above_range", "below_range",
)  # fmt: skip
"""Why something a device sent was not taken. "above_range" and "below_range": the device itself says that it was more, or less, than it can measure. That may be dangerous: a
person must be told at once."""

DOUBTS = (
    "moved", "cuff_loose", "position", "questionable", "irregular_signal", "poor_signal", "low_perfusion", "erratic_signal", "questionable_pulse", "interference",
    "unknown_sensor", "site_finger", "site_toe",
)  # fmt: skip
"""What a device says of a reading for which measuring again is better."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A device that answers: `choice_id` is for `choose` alone, `name` as it calls itself, `near` 0 (far) to 3 (beside the kiosk)."""

    choice_id: str
    name: str
    near: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something a device sent that was not taken. No value, no time: it may be another person's."""

    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to see now. `choices` with CHOOSE; `device` from FOUND on as far as it is known; `now` what it shows while it still measures (cuff pressure: signal
    "cuff" in mmHg), never to be kept; `reading` with DONE; `doubts` the flags of it for which measuring again is better."""

    stage: Stage
    measure: Measure
    why: str = ""
    choices: tuple[Choice, ...] = ()
    device: Device | None = None
    now: Mapping[str, float] = field(default_factory=dict, repr=False)
    reading: Reading | None = field(default=None, repr=False)
    doubts: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()

    @property
    def ended(self) -> bool:
        return self.stage in ENDED


class Measuring(Protocol):
    """One measurement as it happens. Every method may be called from any thread, at any time, as often as one likes, and returns at once."""

    def look(self) -> Look: ...

    def choose(self, choice_id: str) -> None:
        """Take this one of `Look.choices`. Anything else changes nothing."""
        ...

    def stop(self) -> None:
        """End it and forget what was received. The stage becomes STOPPED unless it had ended before."""
        ...


class Devices(Protocol):
    """The Bluetooth devices of a kiosk."""

    def state(self) -> str:
        """ "ready", or why there is nothing to use: "no_library", "no_bluetooth", "off", "denied". Values are then typed. May take a second the first time."""
        ...

    def measures(self) -> tuple[Measure, ...]:
        """What can be measured by such a device at all."""
        ...

    def measure(self, measure: Measure, since: datetime) -> Measuring:
        """Begin. `since` when this visit began (aware): what was measured before it is another person's and is not taken."""
        ...

    def close(self) -> None:
        """End all that runs. Nothing can be begun after."""
        ...
