"""This is the place where it stands what all parcels of one import share."""

from __future__ import annotations

from dataclasses import dataclass

from core.care.access import Grant
from core.care.placing import Whose
from core.ports import Ports, Progress, ShouldStop

LINES_SHOWN = 1000
"""How many lines of one file, other than stored and unchanged ones, are handed back with the outcome."""


@dataclass(frozen=True, slots=True)
class Run:
    """The ports, the proof of access, whose record it is, and how somebody follows it."""

    ports: Ports
    grant: Grant
    whose: Whose
    progress: Progress | None = None
    should_stop: ShouldStop | None = None
