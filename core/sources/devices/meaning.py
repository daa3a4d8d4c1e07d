"""This is the place where a packet becomes what a device said: signals in our units, when, of which user, with its flags; or why it says nothing. Pure and total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from core.domain.units import convert
from core.sources.devices.layouts import Packet, unpack
from core.sources.devices.numbers import Special, Stamp, stamp
from core.sources.devices.tables import (
    BODY,
    DIGITS,
    GLUCOSE_CONTEXT,
    HEART,
    HEART_FLAGS,
    LAYOUTS,
    MEALS,
    NO_MASS,
    NO_USER,
    OVERRUN,
    RACP_SAYS,
    SPOT,
    STATUS,
    VALUES,
    WEIGHT,
    Bit,
    Value,
    heart_layout,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing a device sent. `values` by signal in canonical units; `lacks` the signals that are no number, and why; `why` (of core.kiosk.devices.DROPPED) and `place` where
    it can't be a reading; `doubts` the flags for which measuring again is better; `more`: another packet of the same measurement follows."""

    characteristic: int
    values: Mapping[str, float] = field(default_factory=dict, repr=False)
    lacks: Mapping[str, Special] = field(default_factory=dict)
    stamp: Stamp | None = None
    offset: timedelta = timedelta()
    user: int | None = None
    flags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    sequence: int | None = None
    more: bool = False
    stored: bool = False
    why: str = ""
    place: str = ""


def understood(characteristic: int, data: bytes) -> Sent:
    """What any bytes of one of the measurement characteristics say. Never raises."""
    packet = unpack(heart_layout(data[0] if data else 0) if characteristic == HEART else LAYOUTS[characteristic], data)
    if packet.fault:
        return Sent(characteristic, why="damaged", place=f"{LAYOUTS[characteristic].name}.{packet.place}: {packet.fault}")
    values, lacks = _values(characteristic, packet)
    user, sequence = packet.fields.get("user"), packet.fields.get("sequence")
    sent = Sent(
        characteristic, values, lacks, *_time(characteristic, packet), user if isinstance(user, int) and user != NO_USER else None,
        sequence=sequence if isinstance(sequence, int) else None, more=characteristic == BODY and packet.bit(12),
    )  # fmt: skip
    return _with_status(sent, _bits(characteristic, packet))


def _values(characteristic: int, packet: Packet) -> tuple[dict[str, float], dict[str, Special]]:
    values: dict[str, float] = {}
    lacks: dict[str, Special] = {}
    for row in VALUES.get(characteristic, ()):
        raw = packet.fields.get(row.name)
        if raw is None or isinstance(raw, Stamp):
            continue
        if characteristic in (WEIGHT, BODY) and raw == NO_MASS:
            lacks[row.signal] = Special.UNSUCCESSFUL
        elif isinstance(raw, Special):
            lacks[row.signal] = raw
        else:
            values[row.signal] = _canonical(row, raw, packet.bit(row.unit_bit))
    return values, lacks


def _canonical(row: Value, raw: float, other: bool) -> float:
    """In the signal's unit. `other`: the flag says the second unit (nought for what has but one)."""
    unit, step = row.units[other], row.steps[other]
    value = round(raw * step, 3) if step != 1.0 else float(raw)
    canonical = _UNITS[row.signal]
    if unit == canonical:
        return value
    made = convert(value, unit, canonical, row.signal)
    return round(made, DIGITS[row.signal]) if made is not None else value


_UNITS = {"sbp": "mm[Hg]", "dbp": "mm[Hg]", "hr": "/min", "weight": "kg", "spo2": "%", "temp": "Cel", "glucose": "mg/dL"}


def _time(characteristic: int, packet: Packet) -> tuple[Stamp | None, timedelta]:
    given = packet.fields.get("time")
    if not isinstance(given, Stamp) or (characteristic == SPOT and packet.bit(4)):  # the device says that its clock isn't set
        return None, timedelta()
    offset = packet.fields.get("offset", 0)
    if offset in OVERRUN:
        return None, timedelta()
    return given, timedelta(minutes=offset if isinstance(offset, int) else 0)


def _bits(characteristic: int, packet: Packet) -> list[Bit]:
    found = [
        bit
        for name, bits in STATUS.get(characteristic, {}).items()
        if isinstance(raw := packet.fields.get(name), int)
        for bit in bits
        if raw & bit.mask == bit.value
    ]
    return found + ([bit for bit in HEART_FLAGS if packet.flags & bit.mask == bit.value] if characteristic == HEART else [])


_EFFECTS = {
    "control": "control_solution",
    "above": "above_range",
    "below": "below_range",
    "unfit": "unfit",
    "passing": "unfinished",
}
"""What it is dropped for, the first that holds counting."""


def _with_status(sent: Sent, bits: list[Bit]) -> Sent:
    effects = {bit.effect for bit in bits}
    codes = tuple(
        dict.fromkeys(bit.code for bit in bits if bit.effect in ("keep", "doubt") and bit.code not in ("stored", "time_fault"))
    )
    doubts = tuple(dict.fromkeys(bit.code for bit in bits if bit.effect == "doubt"))
    named = {bit.code for bit in bits}
    why = next((said for effect, said in _EFFECTS.items() if effect in effects), "") or _lacking(sent)
    place = next((bit.code for bit in bits if _EFFECTS.get(bit.effect) == why), "") if why else ""
    stamped = None if "time_fault" in named else sent.stamp
    return replace(sent, flags=codes, doubts=doubts, why=why, place=place, stamp=stamped, stored="stored" in named)


def _lacking(sent: Sent) -> str:
    """Why what is needed isn't there."""
    if sent.more:
        return ""
    for row in VALUES.get(sent.characteristic, ()):
        if row.needed and row.signal not in sent.values:
            lack = sent.lacks.get(row.signal)
            return (
                {Special.ABOVE: "above_range", Special.BELOW: "below_range", Special.UNSUCCESSFUL: "not_measured"}.get(
                    lack, "no_value"
                )
                if lack
                else "no_value"
            )
    return ""


def joined(first: Sent, second: Sent) -> Sent:
    """A body composition in two packets (both say that there are two): what the second adds. Of two people, or of two times, it isn't one measurement."""
    if first.characteristic != second.characteristic or first.why or second.why:
        return replace(first, more=False, why=first.why or second.why or "damaged")
    differ = [
        (one, other)
        for one, other in ((first.user, second.user), (first.stamp, second.stamp))
        if None not in (one, other) and one != other
    ]
    both = replace(
        first, values={**first.values, **second.values}, lacks={**first.lacks, **second.lacks}, user=second.user if first.user is None else first.user,
        stamp=first.stamp or second.stamp, more=False, why="damaged" if differ else "",
    )  # fmt: skip
    return both if differ else replace(both, why=_lacking(both))


def meal_of(data: bytes) -> tuple[int, str] | None:
    """The sequence number and the meal of a glucose context: to be noted with the measurement of that number. None where it says neither."""
    packet = unpack(LAYOUTS[GLUCOSE_CONTEXT], data)
    sequence, meal = packet.fields.get("sequence"), packet.fields.get("meal")
    if packet.fault or not isinstance(sequence, int) or not isinstance(meal, int) or meal not in MEALS:
        return None
    return sequence, MEALS[meal]


def asked_for(data: bytes) -> str:
    """What became of a request for stored records: "done", "none", "refused", "unfinished", "" (this isn't an answer to one)."""
    if len(data) != 4 or data[0] != 0x06 or data[1] != 0 or data[2] != 0x01:
        return ""
    return RACP_SAYS.get(data[3], "refused")


def text(data: bytes) -> str:
    """What a device calls itself: printable, one line, at most 60 characters."""
    said = data.split(b"\0")[0].decode("utf-8", errors="replace").replace("�", "")
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())[:60]


def clock(data: bytes) -> Stamp | None:
    """The date and time of a Current Time characteristic (ten bytes: what follows the seven doesn't matter here)."""
    made = stamp(data[:7]) if len(data) >= 7 else None
    return made if made is not None and made.moment is not None else None


MEASUREMENTS = frozenset(VALUES)
