"""This is the place where the time of this machine is read: by core/wiring.py for the app, by core/edge/house.py for a kiosk. All else is told it."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)
