"""This is the place where the dates of an Apple Health export are read, thousands at once.

Apple writes "2018-09-10 02:28:55 -0700". That form is read from its bytes in columns; any other (a clock of twelve hours with
"am" or 下午, the run-together form of 2015, ISO 8601) one by one. The offset is kept as it is written. Mind that some versions of
the exporter write every date with the offset of the day of the export.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from core.domain.samples import FLOATING, UTC_ONLY
from core.sources.wearables.clock import MINUTE, SECOND, moment, wall

_WIDTH = 25
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 21, 22, 23, 24)
_MARKS = ((4, "-"), (7, "-"), (10, " "), (13, ":"), (16, ":"), (19, " "))
_MONTH_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87], dtype=np.int64)
_DAYS_BEFORE = np.concatenate(([0, 0], np.cumsum(_MONTH_LENGTHS[1:99])))
_LEAPS_TO_1969 = 1969 // 4 - 1969 // 100 + 1969 // 400
_MORNING, _EVENING = ("am", "a.m.", "上午", "午前", "오전"), ("pm", "p.m.", "下午", "午後", "오후")
_HALF = "|".join(map(re.escape, _MORNING + _EVENING))
_TWELVE = re.compile(
    rf"^\s*(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})\s+({_HALF})?\s*(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?\s*({_HALF})?\s*([+-]\d{{4}})?\s*$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\s*([+-]\d{4})\s*$")
_FURTHEST = 15 * 60
_FAR = 9_200_000_000


class Instants(NamedTuple):
    """ns int64, offset int16 (see core/domain/samples.py), and whether each text was a time at all."""

    ns: np.ndarray
    offset: np.ndarray
    known: np.ndarray


def instants(texts: Sequence[str]) -> Instants:
    """The times of many texts, in their order."""
    read = _columns(texts)
    if read is None:
        fits = np.fromiter((len(text) == _WIDTH and text.isascii() and "\n" not in text for text in texts), bool, len(texts))
        read = Instants(np.zeros(len(texts), np.int64), np.full(len(texts), UTC_ONLY, np.int16), np.zeros(len(texts), bool))
        part = _columns([texts[row] for row in np.flatnonzero(fits).tolist()]) if fits.any() else None
        if part is not None:
            for whole, some in zip(read, part, strict=True):
                whole[fits] = some
    for row in np.flatnonzero(~read.known).tolist():
        found = _other(texts[row])
        if found is not None:
            read.ns[row], read.offset[row], read.known[row] = min(max(found[0], -_FAR * SECOND), _FAR * SECOND), found[1], True
    return read


def _columns(texts: Sequence[str]) -> Instants | None:
    """All of them by their bytes, or None where not all have Apple's length."""
    joined = "\n".join(texts)
    if len(joined) != len(texts) * (_WIDTH + 1) - 1 or not joined.isascii():
        return None
    raw = np.frombuffer(joined.encode() + b"\n", np.uint8).reshape(len(texts), _WIDTH + 1)
    at = np.ascontiguousarray(raw.T)
    if not (at[_WIDTH] == 10).all():
        return None
    digit = at - np.uint8(48)
    known = (at[20] == ord("+")) | (at[20] == ord("-"))
    for column in _DIGITS:
        known &= digit[column] <= 9
    for column, mark in _MARKS:
        known &= at[column] == ord(mark)
    year = _two(digit, 0) * 100 + _two(digit, 2)
    month, day, hour, minute, second = (_two(digit, column) for column in (5, 8, 11, 14, 17))
    zone = _two(digit, 21) * 60 + _two(digit, 23)
    month = np.where(known, month, 0)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    known &= (year >= 1) & (day >= 1) & (day <= _MONTH_LENGTHS[month] + (leap & (month == 2)))
    known &= (hour < 24) & (minute < 60) & (second < 60) & (zone <= _FURTHEST)
    before = year - 1
    days = 365 * (year - 1970) + before // 4 - before // 100 + before // 400 - _LEAPS_TO_1969
    days += _DAYS_BEFORE[month] + (leap & (month > 2)) + day - 1
    zone = np.where(at[20] == ord("-"), -zone, zone)
    seconds = np.where(known, ((days * 24 + hour) * 60 + minute - zone) * 60 + second, 0)
    far = np.clip(seconds, -_FAR, _FAR)  # further than nanoseconds in 64 bits hold: out of reach, whoever asks
    return Instants(far * SECOND, zone.astype(np.int16), known)


def _two(digit: np.ndarray, column: int) -> np.ndarray:
    return digit[column].astype(np.int64) * 10 + digit[column + 1]


def _other(text: str) -> tuple[int, int] | None:
    """A time in any other form, or None."""
    if len(text) > 60:
        return None
    found = moment(text)
    if found is not None:
        return found
    together = _TOGETHER.match(text)
    if together:
        return _placed(wall(*(int(part) for part in together.groups()[:6])), together[7])
    twelve = _TWELVE.match(text)
    half = ((twelve[4] or twelve[8] or "") if twelve else "").lower()
    if twelve is None or not half or (twelve[4] and twelve[8]) or not 1 <= int(twelve[5]) <= 12:
        return None
    hour = int(twelve[5]) % 12 + (12 if half in _EVENING else 0)
    return _placed(wall(int(twelve[1]), int(twelve[2]), int(twelve[3]), hour, int(twelve[6]), int(twelve[7] or 0)), twelve[9])


def _placed(at: int | None, offset: str | None) -> tuple[int, int] | None:
    if at is None or not offset:
        return None if at is None else (at, FLOATING)
    minutes = (int(offset[1:3]) * 60 + int(offset[3:])) * (-1 if offset[0] == "-" else 1)
    return (at - minutes * MINUTE, minutes) if abs(minutes) <= _FURTHEST else None


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_in(name: str, ns: int) -> int | None:
    """The offset in minutes of a zone by its IANA name at an instant, or None where there is no such zone."""
    zone = _zone(name) if 0 < len(name) <= 60 else None
    if zone is None:
        return None
    try:
        since = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=ns // SECOND)).astimezone(zone).utcoffset()
    except OverflowError:
        return None
    return round((since or timedelta(0)).total_seconds() / 60)
