"""This is the place where the tests write .fit files: messages by name and field, from Garmin's profile, with the checksum."""

from __future__ import annotations

import struct
from typing import Any

from fitdecode import profile
from fitdecode.utils import compute_crc

_BY_NAME = {one.name: one for one in profile.MESSAGE_TYPES.values()}
UNIX = 631_065_600
NOON = 1_150_000_000
"""2026-06-10T04:26:40Z as FIT counts."""


def _number(field: Any, value: Any) -> Any:
    kinds = {} if field.is_base_type else {name: code for code, name in (field.type.enum or {}).items()}
    if isinstance(value, str) and value in kinds:
        return kinds[value]
    if isinstance(value, int | float) and (field.scale or field.offset):
        return round((value + (field.offset or 0)) * (field.scale or 1))
    return value


def message(name: str, local: int = 0, big: bool = False, **fields: Any) -> bytes:
    """A definition and a message. `raw_x=5` writes a field as it is, without the profile's scale; a tuple writes an array."""
    kind, order = _BY_NAME[name], ">" if big else "<"
    by_field = {one.name: one for one in kind.fields.values()}
    definition, data = b"", b""
    for key, value in fields.items():
        field = by_field[key.removeprefix("raw_")]
        values = value if isinstance(value, tuple) else (value,)
        numbers = [one if key.startswith("raw_") else _number(field, one) for one in values]
        base = field.base_type
        packed = numbers[0].encode() + b"\0" if base.name == "string" else struct.pack(f"{order}{len(numbers)}{base.fmt}", *numbers)
        definition += struct.pack("BBB", field.def_num, len(packed), base.identifier)
        data += packed
    head = struct.pack(f"{order}BBBHB", 0x40 | local, 0, int(big), kind.mesg_num, len(fields))
    return head + definition + struct.pack("B", local) + data


def fit(*messages: bytes, header: int = 14) -> bytes:
    """A whole file of messages."""
    body = b"".join(messages)
    head = struct.pack("<BBHI4s", header, 0x20, 2140, len(body), b".FIT")
    if header == 14:
        head += struct.pack("<H", compute_crc(head))
    return head + body + struct.pack("<H", compute_crc(head + body))


def file_id(kind: str = "activity", maker: str = "garmin", product: int = 2697, made: int = NOON) -> bytes:
    return message("file_id", type=kind, manufacturer=maker, product=product, serial_number=1234, time_created=made)


def ride(seconds: int = 30, offset: int = 19_800, sport: str = "running") -> bytes:
    """A workout: a record a second, its session, and the local clock (half past five hours by default)."""
    records = [
        message("record", 1, timestamp=NOON + at, heart_rate=100 + at % 60, distance=2.5 * at, position_lat=5, raw_temperature=21)
        for at in range(seconds)
    ]
    end = NOON + seconds
    session = message(
        "session", 2, timestamp=end, start_time=NOON, sport=sport, sub_sport="generic", total_elapsed_time=float(seconds),
        total_distance=2.5 * (seconds - 1), total_calories=12, total_cycles=40,
    )  # fmt: skip
    lap = message("lap", 3, timestamp=end, start_time=NOON, total_distance=2.5 * seconds)
    activity = message("activity", 4, timestamp=end, local_timestamp=end + offset, num_sessions=1)
    return fit(file_id(), *records, lap, session, activity)


def day(began: int, offset: int, *counts: tuple[int, str, int]) -> bytes:
    """All-day monitoring: (seconds after it began, kind of activity, steps so far that day)."""
    rows = [
        message("monitoring", 2, raw_timestamp_16=(began + after) & 0xFFFF, activity_type=kind, raw_cycles=steps)
        for after, kind, steps in counts
    ]
    return fit(file_id("monitoring_b"), message("monitoring_info", 1, timestamp=began, local_timestamp=began + offset), *rows)
