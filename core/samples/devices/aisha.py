"""This is the place where a year of Aisha's watch and phone is lived: runs, nights, a week in another zone, three days of fever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.samples.curves import along
from core.samples.devices import body
from core.samples.devices.clockface import HOUR, Clock, midnight, wall
from core.samples.devices.record import values
from core.samples.devices.telling import Owner
from core.samples.lives.runner import RESTING, STEPS

SLUG = "aisha-okafor"
DAYS, DENSE_DAYS = 365, 90
AWAY_ZONE = ZoneInfo("Europe/London")
RESTS_UNTIL = 300
"""After the sprained ankle she does not run until so many days ago."""
RUNS = {1: 38, 3: 45, 5: 42, 6: 52}
"""Weekday and minutes of a run."""
_MONDAY, _TUESDAY, _WEDNESDAY, _THURSDAY, _SUNDAY = 0, 1, 2, 3, 6


@dataclass(frozen=True, slots=True)
class Dates:
    """When things happened, as days ago (each so that it does not fall on a Sunday, of which her record tells as well)."""

    leaves: int
    fever: int
    cut_off: int
    lost: int
    nights_off: tuple[int, int]
    flagged: int = 52

    @classmethod
    def of(cls, owner: Owner) -> Dates:
        def first(weekday: int, since: int) -> int:
            return next(ago for ago in range(since, since + 7) if owner.day(ago).weekday() == weekday)

        nights = first(_TUESDAY, 10), first(_THURSDAY, 26)
        return cls(first(_SUNDAY, 35), first(_MONDAY, 20), first(_MONDAY, 68), first(_WEDNESDAY, 13), nights)

    @property
    def returns(self) -> int:
        return self.leaves - 6

    def feverish(self, ago: int) -> bool:
        return self.fever - 2 <= ago <= self.fever

    def without_watch(self, ago: int) -> bool:
        """Days on which the watch was not linked."""
        return self.cut_off - 4 <= ago <= self.cut_off


@dataclass(frozen=True, eq=False, slots=True)
class Lived:
    """The year: where the clock was, nights by the day of waking, walks, when the watch was off the wrist or not linked, and when
    nothing was fetched of either device."""

    owner: Owner
    dates: Dates
    clock: Clock
    nights: dict[int, tuple[body.Stage, ...]]
    walks: tuple[body.Walk, ...]
    off: tuple[tuple[int, int], ...]
    lost: tuple[int, int]

    def resting(self, ago: float) -> float:
        """The mean resting pulse so many days ago."""
        return along(RESTING, ago) + (9.0 if self.dates.feverish(int(ago)) else 0.0)

    def place(self, ago: int) -> ZoneInfo:
        """Where she woke on that day."""
        return AWAY_ZONE if self.dates.returns <= ago < self.dates.leaves else self.owner.zone

    def at(self, ago: int, hour: float) -> int:
        """The instant at which the clock on her wrist showed an hour of that day."""
        return wall(self.place(ago), self.owner.day(ago), hour * HOUR)


def lived(owner: Owner) -> Lived:
    """The same seed and day give the same year."""
    dates = Dates.of(owner)
    flies, lands = owner.at(dates.leaves, 16.5), owner.at(dates.returns, 17.0)
    clock = Clock((0, owner.zone), (flies, AWAY_ZONE), (lands, owner.zone))
    lost = midnight(owner.zone, owner.day(dates.lost)), midnight(owner.zone, owner.day(dates.lost - 1))
    bare = Lived(owner, dates, clock, {}, (), (), lost)
    nights = dict(_nights(bare))
    known = _sundays(owner)
    until = owner.end
    walks = tuple(one for ago in range(DAYS, 0, -1) for one in _walks(bare, ago, known.get(ago)) if one.end <= until)
    return Lived(owner, dates, clock, nights, walks, tuple(_off(bare, nights)), lost)


def _nights(year: Lived) -> Iterator[tuple[int, tuple[body.Stage, ...]]]:
    """Every night but the one in the aeroplane."""
    for ago in range(DAYS - 1, 0, -1):
        chance = year.owner.chance(f"night-{ago}")
        late = chance.gauss(0, 0.35) + (0.6 if year.owner.day(ago).weekday() >= 5 else 0.0)
        zone = year.place(ago)
        asleep = wall(zone, year.owner.day(ago + 1), (22.7 + late) * HOUR)
        awake = year.at(ago, 5.75 + late * 0.7 + (1.2 if year.dates.feverish(ago) else 0.0) + chance.gauss(0, 0.2))
        if ago != year.dates.leaves - 1 and awake <= year.owner.end:
            yield ago, body.night(chance, asleep, awake)


def _sundays(owner: Owner) -> dict[int, tuple[int, float]]:
    """Days ago -> (instant, steps of the day) of the Sundays of which her record tells."""
    told = {at: steps for at, steps in values(owner.home, "55423-8", "{steps}").items() if at >= owner.begins(DAYS)}
    ends = {ago: (owner.begins(ago), owner.begins(ago - 1)) for ago in range(DAYS, 0, -1) if owner.day(ago).weekday() == _SUNDAY}
    return {ago: (at, steps) for ago, (first, last) in ends.items() for at, steps in told.items() if first <= at < last}


def _walks(year: Lived, ago: int, told: tuple[int, float] | None) -> tuple[body.Walk, ...]:
    """A day on foot; on a Sunday of the record with its number of steps, a walk among them at the moment of which it tells."""
    chance = year.owner.chance(f"walks-{ago}")
    target = told[1] if told else along(STEPS, ago) * (1 + chance.gauss(0, 0.12))
    if year.dates.feverish(ago):
        target = 1900 + chance.gauss(0, 300)
    up, bed = year.at(ago, 6.6), year.at(ago, 21.9)
    if ago == year.dates.leaves:
        bed = year.at(ago, 16.3)
    if ago == year.dates.leaves - 1:
        up, target = year.at(ago, 11.0), target * 0.6
    if ago == year.dates.returns:
        bed, target = year.at(ago, 13.9), target * 0.6
    busy = []
    minutes = RUNS.get(year.owner.day(ago).weekday(), 0)
    if minutes and ago < RESTS_UNTIL and not year.dates.feverish(ago):
        fits = (target - 1800) / 170 if told else minutes * 1.2
        lasts = round(max(min(minutes * chance.uniform(0.85, 1.15), fits), 5) * 60)
        busy.append(body.Walk(up + 600, up + 600 + lasts, round(lasts / 60 * chance.gauss(167, 3)), run=True))
    if told:
        busy.append(body.Walk(told[0] - 600, told[0] + 300, 900))
    return body.walks(chance, up, bed, max(target, 1200), busy)


def _off(year: Lived, nights: dict[int, tuple[body.Stage, ...]]) -> Iterator[tuple[int, int]]:
    """When the watch recorded nothing: charging in the evening, two nights on the table, five days not linked, two flights."""
    dates = year.dates
    for ago in range(DAYS, 0, -1):
        evening = year.at(ago, 20.4) + year.owner.chance(f"charge-{ago}").randrange(1800)
        yield evening, evening + 2100
    for ago in dates.nights_off:
        yield nights[ago][0].start - 1800, nights[ago][-1].end + 900
    yield year.owner.begins(dates.cut_off), year.owner.begins(dates.cut_off - 5)
    yield year.owner.at(dates.leaves, 16.5), year.at(dates.leaves - 1, 11.0)
    yield year.at(dates.returns, 14.0), year.owner.at(dates.returns, 17.0)
