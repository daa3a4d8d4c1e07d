"""This is the place where the bytes of a .fit file are parted into the FIT files they hold, each with its length and its checksum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fitdecode.utils import compute_crc

MAGIC = b".FIT"
HEADERS = (12, 14)
MOST_BYTES = 32_000_000
"""A .fit file of a whole day with every second is a few MB; Garmin Connect itself takes none above 25 MB."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the file is broken, and why."""

    why: str


@dataclass(slots=True)
class Part:
    """One FIT file within the bytes: where its messages begin and end, what is wrong with it ("" nothing), where the next part begins.
    `until`: where its header says that the messages end, which may be before `end` where the header is not to be trusted."""

    start: int
    end: int
    fault: str = ""
    further: int = 0
    until: int = 0


def parts(data: bytes | bytearray) -> Iterator[Part | Damage]:
    """The FIT files one after the other. Bytes that belong to none are one Damage "header_damaged"."""
    at = 0
    while at < len(data):
        whole = _declared(data, at)
        if whole is None or (not _magic(data, at) and whole.further > len(data)):
            yield Damage("header_damaged")
            at = _next_header(data, at + 1)
            continue
        if not _magic(data, at):
            yield Damage("header_damaged")
        yield whole if whole.further <= len(data) and _sum_is_right(data, at, whole) else _doubtful(data, at, whole)
        at = whole.further


def _magic(data: bytes | bytearray, at: int) -> bool:
    return data[at + 8 : at + 12] == MAGIC


def _declared(data: bytes | bytearray, at: int) -> Part | None:
    """The part as its header says it is, or None where there is no header."""
    if len(data) < at + 12 or data[at] not in HEADERS:
        return None
    start = at + data[at]
    end = start + int.from_bytes(data[at + 4 : at + 8], "little")
    return Part(start, end, "", end + 2, end)


def _sum_is_right(data: bytes | bytearray, at: int, part: Part) -> bool:
    if part.end == part.start and part.further < len(data):
        return False  # an interrupted recording: its length was never written
    with memoryview(data) as view:
        return compute_crc(view[at : part.end]) == int.from_bytes(data[part.end : part.end + 2], "little")


def _doubtful(data: bytes | bytearray, at: int, part: Part) -> Part:
    """A part whose checksum is wrong: is the length right, or not even that?"""
    if part.further == len(data) or (part.further < len(data) and _magic(data, part.further)):
        part.fault = "checksum_wrong"
        return part
    part.fault = "cut_short" if part.further > len(data) or part.end == part.start else "checksum_wrong"
    part.end = part.further = _next_header(data, part.start)
    return part


def _next_header(data: bytes | bytearray, at: int) -> int:
    """Where the next FIT file begins, or the end."""
    found = data.find(MAGIC, at + 8)
    while found >= 0:
        if data[found - 8] in HEADERS:
            return found - 8
        found = data.find(MAGIC, found + 1)
    return len(data)
