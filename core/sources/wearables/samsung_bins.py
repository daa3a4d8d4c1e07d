"""This is the place where the details of a Samsung Health export are read: small JSON lists of a minute or so each (folder jsons).

Each is a list of objects with start_time and end_time in milliseconds since 1970 (UTC only) and what was measured between them: heart
rate, oxygen, breaths, and heart-rate variability, which stands nowhere else. The mean counts; its min and max are parts of it. The
table that points to a file says whose device it was; the file alone does not, so all is of "Samsung Health".
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from core.domain.samples import UTC_ONLY, Parsed
from core.sources.wearables.clock import MINUTE
from core.sources.wearables.collect import Place
from core.sources.wearables.csv_columns import Books
from core.sources.wearables.form import Member

_DEVICE = "Samsung Health"
_MOST_BYTES = 16_000_000
_TAKEN = {"heart_rate": "hr", "rmssd": "hrv_rmssd", "sdnn": "hrv_sdnn", "spo2": "spo2", "respiratory_rate": "rr"}
_MEAN = {"skin_temperature": "skin_temp"}
"""Where the value is only called "mean", the file's name says of what."""
_TIMES = frozenset({"start_time", "end_time"})
_PARTS = frozenset({f"{name}_{end}" for name in _TAKEN for end in ("min", "max")} | {"min", "max"})
_KNOWN = _TIMES | _PARTS | frozenset(_TAKEN) | {"mean", "score", "score_min", "score_max", "level", "activity_level", "flag"}
_MILLISECOND = 1_000_000


def recognises(head: bytes) -> bool:
    """Whether it begins with a list whose first object has such times and nothing that we don't know."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    end = text.find(b"}")
    if not text.startswith(b"[") or not 0 < end < 2000:
        return False
    try:
        first = orjson.loads(text[1 : end + 1])
    except orjson.JSONDecodeError:
        return False
    return isinstance(first, dict) and _TIMES <= set(first) <= _KNOWN and all(_moment(first[name]) is not None for name in _TIMES)


def _moment(value: object) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and 100_000_000_000 <= value < 5_000_000_000_000
    return value * _MILLISECOND if whole and isinstance(value, int) else None


def read(member: Member) -> Parsed:
    books = Books(member.name)
    yield from books.closed(_read(member, books))


def _read(member: Member, books: Books) -> Parsed:
    with member.open() as stream:
        whole = stream.read(_MOST_BYTES + 1)
    if len(whole) > _MOST_BYTES:
        books.all("file", "refused", "too_large", 1)
        return
    for number, entry in enumerate(_entries(whole, books)):
        if isinstance(entry, dict):
            _entry(number, entry, books)
        else:
            books.row(number, "entry", "refused", "entry_not_an_object")
    yield from books.collector.ready()


def _entries(whole: bytes, books: Books) -> list[object]:
    text = whole.removeprefix(b"\xef\xbb\xbf")
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        books.all("file", "refused", "cut_short", 1)
        try:
            found = orjson.loads(text[: text.rfind(b"}") + 1] + b"]")
        except orjson.JSONDecodeError:
            return []
    return found if isinstance(found, list) else [found]


def _entry(number: int, entry: Mapping[str, object], books: Books) -> None:
    start, end = _moment(entry.get("start_time")), _moment(entry.get("end_time"))
    for name, value in entry.items():
        if name in _TIMES:
            continue
        signal = _TAKEN.get(name) or next((key for word, key in _MEAN.items() if name == "mean" and word in books.path), "")
        kind = name if name in _KNOWN else "unknown"
        if value is None:
            continue
        if not signal:
            books.all(
                kind,
                "not_followed",
                "part_of_another" if name in _PARTS else "signal_not_kept" if name in _KNOWN else "unknown_type",
                1,
            )
        elif isinstance(value, bool) or not isinstance(value, int | float):
            books.row(number, kind, "refused", "not_a_number")
        elif start is None:
            books.row(number, kind, "refused", "time_invalid")
        elif value <= 0:
            books.row(number, kind, "not_followed", "no_reading")
        else:
            grain = (
                ""
                if end is None or end <= start
                else "1min"
                if end - start <= MINUTE
                else "5min"
                if end - start <= 5 * MINUTE
                else "15min"
            )
            place = Place(signal, _DEVICE, grain, path=books.path)
            books.collector.add(place, start, float(value), end=end if end and end > start else None, offset=UTC_ONLY)
