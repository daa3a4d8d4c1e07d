"""This is the place where our own JSON is read strictly: every accessor gives what was asked for or raises (TypeError, ValueError, KeyError)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

T = TypeVar("T")
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
"""What reading something that isn't ours raises."""


def several(found: Any, one: Callable[[Any], T]) -> tuple[T, ...]:
    """A list, each of it read by `one`."""
    if not isinstance(found, list):
        raise TypeError
    return tuple(one(each) for each in found)


def named(found: Any, one: Callable[[Any], T]) -> dict[str, T]:
    """An object, each value read by `one`."""
    if not isinstance(found, dict):
        raise TypeError
    return {text(key): one(value) for key, value in found.items()}


def node(found: Any) -> Mapping[str, Any]:
    """An object, as it is."""
    if not isinstance(found, dict):
        raise TypeError
    return found


def text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def flag(found: Any) -> bool:
    if not isinstance(found, bool):
        raise TypeError
    return found


def whole(found: Any, least: int = 0) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError
    if found < least:
        raise ValueError
    return found


def number(found: Any) -> float:
    """A finite number, not below zero."""
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise TypeError
    if not math.isfinite(found) or found < 0:
        raise ValueError
    return float(found)


def one_of(found: Any, known: tuple[str, ...]) -> str:
    if text(found) not in known:
        raise ValueError
    return str(found)


def clock(found: Any) -> time:
    """ "08:30", exactly so."""
    made = time.fromisoformat(text(found))
    if made.tzinfo is not None or clock_text(made) != found:
        raise ValueError
    return made


def clock_text(at: time) -> str:
    return at.strftime("%H:%M")


def day(found: Any) -> date:
    made = date.fromisoformat(text(found))
    if made.isoformat() != found:
        raise ValueError
    return made


def day_or_none(found: Any) -> date | None:
    return None if found is None else day(found)


def instant(found: Any) -> datetime:
    """An aware instant."""
    made = datetime.fromisoformat(text(found))
    if made.tzinfo is None:
        raise ValueError
    return made
