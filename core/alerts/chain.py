"""This is the place where it stands who is told, and when, until somebody acts: patient, caregiver, coordinator, on-call.

The times are decisions of this project (our_choice), no guideline's: a team sets its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from core.trends.judgement import Severity

PATIENT, CAREGIVER, COORDINATOR, ON_CALL = "patient", "caregiver", "coordinator", "on_call"


@dataclass(frozen=True, slots=True)
class Step:
    """Who is told, so long after the alert was raised."""

    after: timedelta
    to: str


@dataclass(frozen=True, slots=True)
class Times:
    """The chain of a severity; how long an acknowledgement or a beginning holds before the alert comes back; when the chain begins anew because nobody
    acted (said on the timeline as "expired")."""

    steps: tuple[Step, ...]
    acknowledged_for: timedelta
    acting_for: timedelta
    expires_after: timedelta


def _steps(*minutes: int) -> tuple[Step, ...]:
    return tuple(
        Step(timedelta(minutes=after), to) for after, to in zip(minutes, (PATIENT, CAREGIVER, COORDINATOR, ON_CALL), strict=True)
    )


_HOUR, _DAY = 60, 24 * 60
CHAIN: Mapping[Severity, Times] = MappingProxyType(
    {
        Severity.ACT_NOW: Times(_steps(0, 0, 5, 15), timedelta(hours=1), timedelta(hours=12), timedelta(hours=4)),
        Severity.ACT_SOON: Times(_steps(0, 2 * _HOUR, 4 * _HOUR, _DAY), timedelta(days=3), timedelta(days=7), timedelta(days=7)),
        Severity.WATCH: Times(_steps(0, 3 * _DAY, 7 * _DAY, 14 * _DAY), timedelta(days=7), timedelta(days=14), timedelta(days=30)),
    }
)
