"""This is the place where the bytes of a .fit file become messages, with whatever damage there is stepped over.

Decoding is done by fitdecode (MIT). A file may hold several FIT files one after the other; each has a header with its length and a
checksum at its end. Where the checksum is right the messages are taken as they come. Where it is not, each message is looked at
before it is believed (a definition must be well formed, a time near the others), and after damage we look for the next
place from which messages make sense again. The format: FIT Protocol (developer.garmin.com/fit).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fitdecode import FitDataMessage, FitDefinitionMessage, FitReader
from fitdecode.exceptions import FitError
from fitdecode.reader import CrcCheck, ErrorHandling
from fitdecode.types import BASE_TYPES

from core.sources.wearables.fit_parts import MAGIC, Damage

SYSTEM_TIME = 0x10000000
"""A time below is counted from when the device was switched on (FIT profile, type date_time)."""
NEAR_SECONDS = 31 * 86_400
"""How far a time may be from the one before it, where we know that the file is damaged."""
MENDS = 48
"""How often we look for a new beginning in one file."""
REACH = 2_048
"""How many bytes further we look for it."""
TIMESTAMP = 253
FILE_ID, TIME_CREATED = 0, 4
_FAULTS = (FitError, AssertionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, struct.error)
"""What fitdecode raises on malformed messages, as 10,000 damaged files showed."""


class _Stitched:
    """What fitdecode reads: a beginning of ours, then a stretch of the file, then an empty checksum."""

    def __init__(self, beginning: bytes, stretch: memoryview) -> None:
        self._pieces = [memoryview(beginning), stretch, memoryview(b"\0\0")]

    def read(self, size: int = -1) -> bytes:
        while self._pieces and not len(self._pieces[0]):
            self._pieces.pop(0)
        if not self._pieces:
            return b""
        piece = self._pieces[0]
        self._pieces[0] = piece[size:]
        return bytes(piece[:size])


@dataclass(slots=True)
class Messages:
    """The messages of one part. `wary`: the checksum is wrong, so nothing is believed unseen."""

    data: memoryview
    start: int
    end: int
    until: int
    wary: bool
    _definitions: dict[int, bytes] = field(default_factory=dict)
    _sizes: dict[int, int] = field(default_factory=dict)
    _last: int = 0
    _made: int = 0

    def __iter__(self) -> Iterator[FitDataMessage | Damage]:
        at, mends = self.start, 0
        while at < self.end:
            for one, size in self._from(at):
                if isinstance(one, Damage):
                    break
                at += size
                if isinstance(one, FitDataMessage):
                    yield one
            else:
                return
            if at == self.until > self.start:
                return
            mends += 1
            beyond = self._beyond(at) if mends <= MENDS and at + self._length(at) <= self.end else None
            if beyond is None:
                yield Damage("cut_short")
                return
            yield Damage("damaged_record")
            at = beyond

    def _from(self, at: int) -> Iterator[tuple[Any, int]]:
        """(message, its size) from a place on; a Damage at the end where it does not make sense any more."""
        own = _seed(self._last) + b"".join(self._definitions.values()) if at > self.start else b""
        ours = 2 if own and self._last else 0
        ours += len(self._definitions) if own else 0
        header = struct.pack("<BBHI4s", 12, 0x20, 2140, len(own) + self.end - at, MAGIC)
        stream = _Stitched(header + own, self.data[at : self.end])
        reader = FitReader(
            stream, processor=None, check_crc=CrcCheck.DISABLED, error_handling=ErrorHandling.IGNORE, keep_raw_chunks=True
        )
        frames = iter(reader)
        while True:
            try:
                frame = next(frames, None)
            except _FAULTS:
                yield Damage("damaged_record"), 0
                return
            if isinstance(frame, FitDefinitionMessage | FitDataMessage):
                if ours:
                    ours -= 1
                elif not self._believable(frame):
                    yield Damage("damaged_record"), 0
                    return
                else:
                    self._note(frame)
                    yield frame, len(frame.chunk.bytes)
            elif frame is None:
                return

    def _note(self, frame: FitDefinitionMessage | FitDataMessage) -> None:
        if isinstance(frame, FitDefinitionMessage):
            self._definitions[frame.local_mesg_num] = frame.chunk.bytes
            self._sizes[frame.local_mesg_num] = 1 + sum(one.size for one in frame.all_field_defs)
        elif (at := stamped(frame)) is not None:
            if frame.global_mesg_num == FILE_ID:
                self._made = at
            else:
                self._last = at

    def _believable(self, frame: FitDefinitionMessage | FitDataMessage) -> bool:
        if not self.wary:
            return True
        if isinstance(frame, FitDefinitionMessage):
            return _well_formed(frame)
        at = stamped(frame)
        if at is None or not self._last:
            return at is None or at < 0xF0000000
        return min(abs(at - self._last), abs(at - self._made)) <= NEAR_SECONDS

    def _length(self, at: int) -> int:
        """How long the message at a place is, by its first byte; 0 where that is not known."""
        head = self.data[at]
        if head & 0x80:
            return self._sizes.get((head >> 5) & 3, 0)
        return 0 if head & 0x40 else self._sizes.get(head & 15, 0)

    def _beyond(self, at: int) -> int | None:
        """The next place from which messages make sense: past the message that failed, else byte by byte."""
        length = self._length(at)
        places = [at + length] if length else []
        for place in [*places, *range(at + 1, min(at + REACH, self.end))]:
            if place < self.end and self._promising(place):
                return place
        return None

    def _conceivable(self, at: int) -> bool:
        """A first look at the bytes, before the costlier trial."""
        head = self.data[at]
        if head & 0x80:
            return (head >> 5) & 3 in self._definitions
        if head & 0x40:
            return at + 6 < self.end and self.data[at + 1] == 0 and self.data[at + 2] <= 1
        raw = self._definitions.get(head & 15)
        if raw is None:
            return False
        skipped = 1
        for place in range(6, 6 + 3 * raw[5], 3):
            if raw[place] == TIMESTAMP and raw[place + 1] == 4:
                clock = int.from_bytes(self.data[at + skipped : at + skipped + 4], "big" if raw[2] else "little")
                return not self._last or abs(clock - self._last) <= NEAR_SECONDS
            skipped += raw[place + 1]
        return True

    def _promising(self, at: int) -> bool:
        if not self._conceivable(at):
            return False
        trial = Messages(
            self.data, self.start, self.end, 0, True, dict(self._definitions), dict(self._sizes), self._last, self._made
        )
        seen = timed = 0
        for one, size in trial._from(at):
            if isinstance(one, Damage):
                return False
            at += size
            seen += 1
            timed += isinstance(one, FitDataMessage) and stamped(one) is not None
            if timed >= 2 or (timed and seen >= 4) or seen >= 12:
                return True
        return bool(timed) or (seen >= 3 and at >= self.end)


def _seed(last: int) -> bytes:
    """A message of a kind of its own that tells fitdecode the time so far (short messages hold its last five bits only)."""
    if not last:
        return b""
    return struct.pack("<BBBHBBBB", 0x4F, 0, 0, 0xFF00, 1, TIMESTAMP, 4, 0x86) + struct.pack("<BI", 0x0F, last)


def _well_formed(definition: FitDefinitionMessage) -> bool:
    raw = definition.chunk.bytes
    fields = definition.field_defs
    if raw[1] or raw[2] > 1 or not fields or (definition.mesg_type is None and 500 < definition.global_mesg_num < 0xFF00):
        return False
    kinds = raw[8 : 6 + 3 * len(fields) : 3]
    known = all(kind in BASE_TYPES for kind in kinds)
    return known and all(one.size and not one.size % BASE_TYPES[kind].size for one, kind in zip(fields, kinds, strict=True))


def stamped(message: FitDataMessage) -> int | None:
    """The raw time of a message (seconds since 1989-12-31T00:00Z), or None where it has none; in file_id that is when it was made."""
    number = TIME_CREATED if message.global_mesg_num == FILE_ID else TIMESTAMP
    for one in message.fields:
        if one.def_num == number and isinstance(one.raw_value, int):
            return one.raw_value
    return None
