"""This is the place where a characteristic's bytes become fields by its layout: flags first, then each field whose flag says that it is there. Pure and total.

Layouts are tables (core/sources/devices/tables.py). A packet that ends within a field, or goes on after the last one though its flags promise no more, says so and
where. Bits nobody here knows may announce fields that come after those we know: then what follows is left alone, as the profiles ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.sources.devices.numbers import Number, Stamp, float32, sfloat, signed, stamp

Raw = int | Number | Stamp


def _whole(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


FORMATS: Mapping[str, tuple[int, Callable[[bytes], Raw]]] = {
    "u8": (1, _whole), "u16": (2, _whole), "u24": (3, _whole), "s16": (2, lambda raw: signed(_whole(raw), 16)),
    "sfloat": (2, lambda raw: sfloat(_whole(raw))), "float": (4, lambda raw: float32(_whole(raw))), "time": (7, stamp),
}  # fmt: skip
"""Bytes and reader of each format; all are little-endian."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: there where the flag `bit` is set (None: always); `many`: it repeats until the packet ends."""

    name: str
    form: str
    bit: int | None = None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A characteristic: bytes of flags, the bits that have a meaning, the fields in order."""

    name: str
    flag_bytes: int
    known_bits: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """What was read. `fault` "" or "empty", "truncated" (`place`: within which field), "too_long". Fields before the fault are there."""

    flags: int = 0
    fields: Mapping[str, Raw] = field(default_factory=dict, repr=False)
    fault: str = ""
    place: str = ""
    unknown_bits: int = 0

    def bit(self, number: int) -> bool:
        return bool(self.flags >> number & 1)


def unpack(layout: Layout, data: bytes) -> Packet:
    """The fields of any bytes whatever."""
    if not data:
        return Packet(fault="empty", place="flags")
    if len(data) < layout.flag_bytes:
        return Packet(fault="truncated", place="flags")
    flags, at = _whole(data[: layout.flag_bytes]), layout.flag_bytes
    found: dict[str, Raw] = {}
    unknown = flags & ~layout.known_bits
    for row in layout.fields:
        if row.bit is not None and not flags >> row.bit & 1:
            continue
        size, read = FORMATS[row.form]
        while True:
            if len(data) - at < size:
                return Packet(flags, found, "truncated", row.name, unknown)
            found[row.name] = read(data[at : at + size])
            at += size
            if not row.many or at == len(data):
                break
    if at < len(data) and not unknown:
        return Packet(flags, found, "too_long", f"byte {at}", 0)
    return Packet(flags, found, unknown_bits=unknown)
