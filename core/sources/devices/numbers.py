"""This is the place where the numbers and times of medical Bluetooth devices are read: IEEE 11073-20601 SFLOAT and FLOAT, and the date and time of seven bytes. Pure.

A special value ("not a number", "not at this resolution", infinities) is never a number. It is one by the standard only with the exponent nought; with another exponent the
same mantissa might be meant as a number or, by a careless maker, as the special value: that can't be told, so it is no number here either (AMBIGUOUS).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Special(StrEnum):
    """What stands where a number should."""

    NAN = "nan"
    NRES = "nres"
    ABOVE = "above"
    BELOW = "below"
    RESERVED = "reserved"
    UNSUCCESSFUL = "unsuccessful"
    AMBIGUOUS = "ambiguous"


Number = float | Special

_MIDDLE = {
    -2: Special.ABOVE, -1: Special.NAN, 0: Special.NRES, 1: Special.RESERVED, 2: Special.BELOW,
}  # fmt: skip
"""Special mantissas as the distance from the most negative one (0x800, 0x800000): 0x7FE +infinity, 0x7FF NaN, 0x800 NRes, 0x801 reserved, 0x802 -infinity."""


def sfloat(raw: int) -> Number:
    """Sixteen bits: four of exponent, twelve of mantissa, both signed."""
    return _number((raw >> 12) & 0xF, 4, raw & 0xFFF, 12)


def float32(raw: int) -> Number:
    """Thirty-two bits: eight of exponent, twenty-four of mantissa, both signed."""
    return _number((raw >> 24) & 0xFF, 8, raw & 0xFFFFFF, 24)


def _number(exponent: int, exponent_bits: int, mantissa: int, mantissa_bits: int) -> Number:
    special = _MIDDLE.get(mantissa - (1 << (mantissa_bits - 1)))
    power = signed(exponent, exponent_bits)
    if special is not None:
        return special if power == 0 else Special.AMBIGUOUS
    return float(f"{signed(mantissa, mantissa_bits)}e{power}")  # by decimals: 36.6, not 36.600000000000001


def signed(raw: int, bits: int) -> int:
    """Two's complement."""
    return raw - (1 << bits) if raw >> (bits - 1) & 1 else raw


@dataclass(frozen=True, slots=True)
class Stamp:
    """Date and time as a device gave them, in its own time. Year, month and day are 0 where it doesn't know them."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @property
    def moment(self) -> datetime | None:
        """Without a zone. None where a part isn't known or there is no such day or hour."""
        if not 1582 <= self.year <= 9999:
            return None
        try:
            return datetime(self.year, self.month, self.day, self.hour, self.minute, self.second)  # noqa: DTZ001
        except ValueError:
            return None


def stamp(seven: bytes) -> Stamp:
    """Of exactly seven bytes."""
    return Stamp(int.from_bytes(seven[:2], "little"), *seven[2:7])
