"""This is the place where instants become numbers in a column and come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError for an instant without an offset: it would mean nothing later."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return (at - _START) // _STEP


def from_micros(micros: int) -> datetime:
    return _START + micros * _STEP


def maybe_from_micros(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
