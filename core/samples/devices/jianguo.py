"""This is the place where Wang Jianguo's band, phone and glucose sensor record: the sensor draws the same curve as his diary's days."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from core.samples.chart import Chart
from core.samples.devices import body
from core.samples.devices.clockface import HOUR, Clock
from core.samples.devices.tables import archive, table
from core.samples.devices.telling import DeviceFile, Devices, Happened, Owner
from core.samples.lives.diabetes import HBA1C_NOW, day_of_glucose
from core.samples.physiology import mean_glucose_mmol

SLUG = "wang-jianguo"
BAND_DAYS, SENSOR_DAYS = 45, 21
RESTING = 66.0
NOT_WORN = frozenset({38, 11})
"""Nights (by the day of waking) on which the band lay on the charger."""
LOST_SYNC = 18
"""The day of the sensor that was never fetched."""
WITHOUT_CONSENT = (31, 28)
"""Days ago on which he withdrew his consent for the band's data, and gave it again."""
BAND, PHONE, SENSOR = "手环", "手机", "动态血糖仪"
BAND_APP, PHONE_APP, SENSOR_APP = "手环数据", "手机步数", "动态血糖数据"
LEVELS = ("时间", "数值", "单位", "指标", "设备")
SPANS = ("时间", "结束时间", "数值", "单位", "指标", "设备")

Level = tuple[int, float, str, str]
Span = tuple[int, int, object, str, str]
Row = TypeVar("Row", Level, Span)


def devices(owner: Owner, chart: Chart) -> Devices:
    clock = Clock((0, owner.zone))
    levels, spans, phone = _band(owner)
    members = (("levels.csv", [_levels(clock, levels, BAND)]), ("spans.csv", [_spans(clock, spans, BAND)]))
    files = (
        DeviceFile("band.zip", archive(members), BAND_APP),
        DeviceFile("phone.csv", _spans(clock, phone, PHONE), PHONE_APP),
        DeviceFile("sensor.zip", archive([("sensor.csv", [_levels(clock, _sensor(owner, chart), SENSOR)])]), SENSOR_APP),
    )
    return Devices(str(owner.zone), files, _happened(owner))


def _band(owner: Owner) -> tuple[list[Level], list[Span], list[Span]]:
    """(levels and stretches of the band, stretches of the phone)."""
    withdrawn = owner.at(WITHOUT_CONSENT[0], 10), owner.at(WITHOUT_CONSENT[1], 19)
    off, sleeps = [withdrawn], []
    walked: list[body.Walk] = []
    levels: list[Level] = []
    spans: list[Span] = []
    for ago in range(BAND_DAYS, -1, -1):
        chance = owner.chance(f"night-{ago}")
        asleep, awake = owner.at(ago + 1, 23.1 + chance.gauss(0, 0.35)), owner.at(ago, 6.35 + chance.gauss(0, 0.3))
        if awake > owner.end:
            break
        sleeps.append((asleep, awake))
        if ago in NOT_WORN:
            off.append((asleep - HOUR, awake + HOUR // 2))
            continue
        stages = body.night(chance, asleep, awake)
        spans += [(one.start, one.end, one.name, "", "睡眠阶段") for one in stages]
        levels += [(at, 95 + round(chance.triangular(-1.4, 3.2, 1.2)), "%", "血氧") for at in range(asleep + 900, awake, 900)]
        levels.append((awake - 1800, round(RESTING + chance.gauss(0, 1.5)), "次/分", "静息心率"))
    for ago in range(BAND_DAYS, 0, -1):
        chance = owner.chance(f"walks-{ago}")
        target = 6200 + (2600 if owner.day(ago).weekday() in (1, 3, 5, 6) else 0) + chance.gauss(0, 800)
        walked += body.walks(chance, owner.at(ago, 6.9), owner.at(ago, 21.8), max(1500, target))
    spans += [(one.start, one.end, one.steps, "步", "步数") for one in walked]
    at = np.arange(owner.begins(BAND_DAYS), owner.end, 300)
    rates = body.pulse(owner.chance("pulse"), at, np.full(len(at), RESTING), body.Rhythm(sleeps, walked))
    levels += [(when, round(rate), "次/分", "心率") for when, rate in zip(at.tolist(), rates.tolist(), strict=True)]
    return _worn(levels, off), _worn(spans, off), _carried(owner, walked)


def _worn(rows: list[Row], off: list[tuple[int, int]]) -> list[Row]:
    """What the band recorded while it was worn and might be read, in order of time."""
    free = body.outside(np.array([row[0] for row in rows], dtype=np.int64), off)
    return sorted((row for row, here in zip(rows, free.tolist(), strict=True) if here), key=lambda row: row[0])


def _carried(owner: Owner, walked: list[body.Walk]) -> list[Span]:
    """The walks on which the phone was in his pocket, as it counted them; it notices the first steps a little late."""
    chance = owner.chance("phone")
    late = ((one, 5 + chance.randrange(20), chance.uniform(0.92, 1.02)) for one in walked if chance.random() < 0.6)
    return [(one.start + lag, one.end, max(1, round(one.steps * share)), "步", "步数") for one, lag, share in late if one.end - one.start > 60]


def _sensor(owner: Owner, chart: Chart) -> list[Level]:
    """Every five minutes: on the quarter hours what the diary has, in between on the way from one to the next."""
    mean = mean_glucose_mmol(HBA1C_NOW)
    chance = owner.chance("sensor")
    at, value = [], []
    for ago in range(SENSOR_DAYS, 0, -1):
        quarters = day_of_glucose(chart, ago, mean)
        at += [owner.begins(ago) + 900 * number for number in range(len(quarters))]
        value += [np.nan if one is None or ago == LOST_SYNC else one for one in quarters]
    known, levels = np.array(value), np.array(at)
    made: list[Level] = []
    for place in range(len(known) - 1):
        here, following = float(known[place]), float(known[place + 1])
        if here == here:
            made.append((int(levels[place]), here, "mmol/L", "动态血糖"))
        if here == here and following == following and levels[place + 1] - levels[place] == 900:
            for step in (1, 2):
                between = here + (following - here) * step / 3 + chance.gauss(0, 0.04)
                made.append((int(levels[place]) + 300 * step, round(between, 1), "mmol/L", "动态血糖"))
    changed = [(owner.at(15, 9), owner.at(15, 11))]  # a new sensor warms up
    return _worn([one for one in made if one[0] < owner.end], changed)


def _levels(clock: Clock, rows: list[Level], device: str) -> bytes:
    stamps = clock.naive([at for at, *_ in rows])
    return table(LEVELS, ((stamp, value, unit, signal, device) for stamp, (_, value, unit, signal) in zip(stamps, rows, strict=True)))


def _spans(clock: Clock, rows: list[Span], device: str) -> bytes:
    starts, ends = clock.naive([row[0] for row in rows]), clock.naive([row[1] for row in rows])
    told = zip(starts, ends, rows, strict=True)
    return table(SPANS, ((start, end, value, unit, signal, device) for start, end, (_, _, value, unit, signal) in told))


def _happened(owner: Owner) -> tuple[Happened, ...]:
    day = owner.begins(LOST_SYNC), owner.begins(LOST_SYNC - 1)
    return (
        Happened(BAND_APP, "connected", owner.at(BAND_DAYS + 1, 20)),
        Happened(PHONE_APP, "connected", owner.at(BAND_DAYS + 1, 20)),
        Happened(BAND_APP, "consent_withdrawn", owner.at(WITHOUT_CONSENT[0], 10)),
        Happened(BAND_APP, "consent_given", owner.at(WITHOUT_CONSENT[1], 19)),
        Happened(SENSOR_APP, "connected", owner.at(SENSOR_DAYS, 0)),
        Happened(SENSOR_APP, "failed", owner.at(LOST_SYNC - 1, 0.5), *day, "http_503"),
    )
