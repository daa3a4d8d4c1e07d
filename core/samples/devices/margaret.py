"""This is the place where Margaret's cuff, scale and phone record: pressures as her diary has them, and the weeks in between."""

from __future__ import annotations

from collections.abc import Iterator

from core.samples.devices import body
from core.samples.devices.clockface import Clock
from core.samples.devices.record import pressures, values
from core.samples.devices.tables import table
from core.samples.devices.telling import DeviceFile, Devices, Happened, Owner
from core.samples.lives.hypertension import usual, weight_on

SLUG = "margaret-ellis"
CUFF_DAYS, SCALE_DAYS, PHONE_DAYS = 49, 120, 120
DIARY_DAYS = 7
"""So many days back her diary has what the cuff measured; before them the cuff alone."""
SKIPPED = frozenset({33, 20, 19})
AWAY = range(64, 59, -1)
"""Days ago on which the scale stayed at home without her."""
LOST_SYNC = 26
HEADER = ("time", "value", "unit", "signal", "device")
HOME, PHONE = "Home measurements", "Phone steps"


def devices(owner: Owner) -> Devices:
    clock = Clock((0, owner.zone))
    measured = sorted([*_cuff(owner), *_scale(owner)])
    stamps = clock.stamps([at for at, *_ in measured])
    rows = [(stamp, *rest) for stamp, (_, *rest) in zip(stamps, measured, strict=True)]
    files = (DeviceFile("home-devices.csv", table(HEADER, rows), HOME), DeviceFile("phone.csv", _phone(owner, clock), PHONE))
    return Devices(str(owner.zone), files, _happened(owner))


def _cuff(owner: Owner) -> Iterator[tuple[int, int, str, str, str]]:
    """Two readings in the morning and two in the evening, for six weeks and the diary's week."""
    for at, (high, low) in pressures(owner.home).items():
        if at >= owner.begins(DIARY_DAYS):
            yield from _reading(at, high, low)
    for ago in range(CUFF_DAYS, DIARY_DAYS, -1):
        chance = owner.chance(f"cuff-{ago}")
        high, low = usual(ago)
        for hour, lift in ((7, 2.0), (20, -1.0)):
            missed = ago in SKIPPED or chance.random() < 0.07
            first = high + lift + chance.gauss(0, 5), low + lift / 2 + chance.gauss(0, 3)
            at = owner.at(ago, hour) + chance.randrange(2, 40) * 60
            for number in (0, 1):
                values = round(first[0] - 2 * number + chance.gauss(0, 2)), round(first[1] - number + chance.gauss(0, 1.5))
                if not missed:
                    yield from _reading(at + 120 * number, *values)


def _reading(at: int, high: float, low: float) -> Iterator[tuple[int, int, str, str, str]]:
    yield at, round(high), "mmHg", "systolic", "Upper-arm cuff"
    yield at, round(low), "mmHg", "diastolic", "Upper-arm cuff"


def _scale(owner: Owner) -> Iterator[tuple[int, float, str, str, str]]:
    """A weight every morning; where her diary has one, it is the same."""
    diary = {at: value for at, value in values(owner.home, "29463-7", "kg").items() if at >= owner.begins(SCALE_DAYS)}
    for ago in range(SCALE_DAYS, 0, -1):
        chance = owner.chance(f"scale-{ago}")
        value, at = round(weight_on(ago) + chance.gauss(0, 0.35), 1), owner.at(ago, 6.6) + chance.randrange(0, 1500)
        first, last = owner.begins(ago), owner.begins(ago - 1)
        known = [one for one in diary if first <= one < last]
        if known:
            yield known[0], diary[known[0]], "kg", "weight", "Bathroom scale"
        elif ago not in AWAY and chance.random() > 0.06:
            yield at, value, "kg", "weight", "Bathroom scale"


def _phone(owner: Owner, clock: Clock) -> bytes:
    """Walks as the phone in her bag counted them."""
    made: list[body.Walk] = []
    for ago in range(PHONE_DAYS, 0, -1):
        chance = owner.chance(f"phone-{ago}")
        target = 4300 + 700 * (owner.day(ago).weekday() < 5) + chance.gauss(0, 900)
        if ago != LOST_SYNC:
            found = body.walks(chance, owner.at(ago, 7.6), owner.at(ago, 21.5), max(900, target))
            made += [one for one in found if one.end <= owner.end]
    starts, ends = clock.stamps([one.start for one in made]), clock.stamps([one.end for one in made])
    rows = ((start, end, one.steps, "steps", "steps", "Phone") for start, end, one in zip(starts, ends, made, strict=True))
    return table(("time", "end", "value", "unit", "signal", "device"), rows)


def _happened(owner: Owner) -> tuple[Happened, ...]:
    """Her phone was linked when it began to count, and on one day it was not reached."""
    day = owner.begins(LOST_SYNC), owner.begins(LOST_SYNC - 1)
    return (
        Happened(HOME, "connected", owner.at(SCALE_DAYS, 5)),
        Happened(PHONE, "connected", owner.at(PHONE_DAYS, 5)),
        Happened(PHONE, "failed", owner.at(LOST_SYNC - 1, 1.5), *day, "timed_out"),
    )
