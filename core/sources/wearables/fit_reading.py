"""This is the place where the messages of one FIT file become samples and tallies, once its clock and its device are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fitdecode import FitDataMessage

from core.domain.samples import UNSURE, Samples, Tally
from core.sources.wearables.collect import Collector, Place
from core.sources.wearables.fit_clock import Clock, device_name, ns
from core.sources.wearables.fit_counters import Counters
from core.sources.wearables.fit_fields import Fields, fields_of, value_of
from core.sources.wearables.fit_frames import SYSTEM_TIME
from core.sources.wearables.fit_sums import Nights, Workouts
from core.sources.wearables.fit_tables import (
    COUNTERS,
    KINDS,
    ON_FOOT,
    PRESSURE_UNREAD,
    PRESSURE_UNSURE,
    WHOLE,
    Kind,
    Value,
)

_HELD, _FEW = 200_000, 20_000
"""Values, and sessions, weighings or days, held until the clock is known; a workout says its offset at its end."""
FASTEST = 50.0
"""Metres a second. A first distance that would be faster since the first record was covered before the file began."""


class Reading:
    """One FIT file. `take` each message, yield from `ready()` now and then and from `rest()` at the end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._gathered = Collector(_HELD)
        self._clock, self._counters = Clock(), Counters()
        self._workouts, self._nights = Workouts(), Nights()
        self._device: dict[str, Any] = {}
        self._began: int | None = None
        self._travelled: tuple[int, float] | None = None
        self._daily: list[tuple[Value, int, float]] = []
        self._users: dict[Any, None] = {}
        self._weighed: list[tuple[FitDataMessage, Fields]] = []

    def ready(self) -> Iterator[Samples | Tally]:
        if max(len(self._daily), len(self._weighed), len(self._workouts), len(self._nights)) >= _FEW:
            self._settle()
        for batch in self._gathered.ready():
            yield self._placed(batch)

    def rest(self) -> Iterator[Samples | Tally]:
        self._settle()
        for one in self._gathered.rest():
            yield self._placed(one) if isinstance(one, Samples) else one

    def _settle(self) -> None:
        """What waited for the rest of the file is put in place."""
        self._scales()
        self._days()
        self._workouts.close(self._gathered, self._path)
        self._nights.close(self._gathered, self._path)

    def _placed(self, batch: Samples) -> Samples:
        offset = self._clock.offsets(batch.columns.start)
        columns = replace(batch.columns, offset=offset) if offset is not None else batch.columns
        return replace(batch, columns=columns, device=device_name(self._device))

    def odd(self, kind: str, outcome: str, why: str, count: int = 1) -> None:
        self._gathered.odd(self._path, kind, outcome, why, count)

    def take(self, message: FitDataMessage) -> None:
        name = message.name
        fields, strangers = fields_of(message)
        self._learn(name, fields)
        if name in ("weight_scale", "blood_pressure"):
            self._users[value_of(fields, "user_profile_index")] = None
            self._weighed.append((message, fields))
        elif name in KINDS:
            self._values(name, KINDS[name], fields, strangers)
        elif name == "hrv":
            beats = fields.get("time", ((), ()))[0]
            count = sum(one is not None for one in beats) if isinstance(beats, tuple) else 1
            self.odd(name, "not_followed", "beats_not_kept", count)
        elif name == "sleep_level":
            self._nights.told(self._time(fields), value_of(fields, "sleep_level"))
        elif message.mesg_type is None:
            self.odd(name, "not_followed", "unknown_type")
        else:
            self.odd(name, "not_followed", WHOLE.get(name, "not_a_measurement"))
            if name == "event" and value_of(fields, "event") == 74:
                self._nights.event(self._time(fields))

    def _learn(self, name: str, fields: Fields) -> None:
        """What a message says of the clock and the device."""
        self._clock.learn(name, fields)
        if name == "monitoring_info":
            self._counters.began, self._counters.offset = self._clock.last, self._clock.offset
        elif name == "file_id":
            self._device = {**self._device, "file_id": {key: one[0] for key, one in fields.items()}}
        elif name == "device_info" and value_of(fields, "device_index") in ("creator", 0) and "creator" not in self._device:
            self._device = {**self._device, "creator": {key: one[0] for key, one in fields.items()}}

    def _time(self, fields: Fields, where: str = "timestamp") -> int | str:
        """The time of a message, or why it has none."""
        at = value_of(fields, where) if where in fields else value_of(fields, "timestamp")
        if not isinstance(at, int):
            return "time_missing"
        return at if at >= SYSTEM_TIME else "time_unclear"

    def _values(self, name: str, kind: Kind, fields: Fields, strangers: int) -> None:
        at = self._clock.monitored(fields) if name == "monitoring" else self._time(fields, kind.at)
        quality = _pressure(fields) if name == "blood_pressure" else 0
        if name == "record" and self._began is None and isinstance(at, int):
            self._began = at
        entries = strangers
        self.odd(name, "not_followed", "unknown_type", strangers)
        for field in fields:
            if field in kind.describes:
                continue
            entries += 1
            what = kind.values.get(field)
            if what is not None:
                self._value(name, field, (what, at, quality), fields)
            elif name == "record" and field == "distance":
                self._metres(at, value_of(fields, field))
            elif name == "monitoring" and field in COUNTERS:
                self._count(field, at, fields)
            elif name == "session" and self._workouts.keeps(field):
                continue
            else:
                self.odd(f"{name}.{field}", "not_followed", kind.otherwise)
        if name == "session":
            self._workouts.session(at, fields)
        elif "position_lat" in fields or "position_long" in fields:
            self.odd(name, "not_followed", "workout_route")
        elif not entries:
            self.odd(name, "not_followed", "signal_not_kept")

    def _value(self, name: str, field: str, told: tuple[Value, int | str, int | None], fields: Fields) -> None:
        (what, at, quality), value, kind = told, value_of(fields, field), f"{name}.{field}"
        if field == "respiration_rate" and "enhanced_respiration_rate" in fields:
            self.odd(kind, "not_followed", "same_as_another")
        elif value == "calculating":
            self.odd(kind, "not_followed", "no_reading")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.odd(kind, "refused", "wrong_kind_of_value")
        elif value < what.least or quality is None:
            self.odd(kind, "not_followed", "no_reading")
        elif isinstance(at, str):
            self.odd(kind, "refused", at)
        elif what.grain == "1d":
            self._daily.append((what, at, float(value)))
        else:
            start = self._workouts.start(fields, at) if name == "session" else at
            place = Place(what.signal, "", what.grain, "", self._path)
            self._gathered.add(place, ns(start), float(value), end=ns(at), quality=what.quality | quality)

    def _days(self) -> None:
        """The values of a day, on the local day; told again, the newer one counts."""
        days = {}
        for what, at, value in self._daily:
            span = self._clock.day(at) or (at, at)
            if (what, span) in days:
                self.odd(what.signal, "duplicate", "value_replaced")
            days[what, span] = value
        for (what, (start, end)), value in days.items():
            self._gathered.add(Place(what.signal, "", what.grain, "", self._path), ns(start), value, end=ns(end))
        self._daily.clear()

    def _metres(self, at: int | str, metres: Any) -> None:
        """The difference to the record before."""
        if isinstance(at, str) or isinstance(metres, bool) or not isinstance(metres, int | float):
            self.odd("record.distance", "refused", at if isinstance(at, str) else "wrong_kind_of_value")
            return
        before, self._travelled = self._travelled, (at, float(metres))
        if before is None and self._began is not None and metres <= FASTEST * max(1, at - self._began):
            before = (self._began, 0.0)
        if before is None or metres < before[1] or at < before[0]:
            self.odd("record.distance", "not_followed", "counter_start")
            return
        place = Place("distance", "", "", "", self._path)
        self._workouts.travelled = True
        self._gathered.add(place, ns(before[0]), metres - before[1], end=ns(at))

    def _count(self, field: str, at: int | str, fields: Fields) -> None:
        value, raw = fields[field]
        activity = _activity(fields)
        signal = COUNTERS[field]
        if signal == "steps":
            if activity not in ON_FOOT:
                self.odd(f"monitoring.{field}", "not_followed", "signal_not_kept")
                return
            value = raw
        if isinstance(at, str) or isinstance(value, bool) or not isinstance(value, int | float):
            self.odd(f"monitoring.{field}", "refused", at if isinstance(at, str) else "wrong_kind_of_value")
            return
        counter = "steps" if signal == "steps" else field
        amount = self._counters.told((counter, activity), at, float(value))
        if amount is None:
            self.odd(f"monitoring.{field}", "not_followed", "counter_start")
            return
        place = Place(signal, "", amount.grain, "", self._path)
        self._gathered.add(place, ns(amount.start), amount.value, end=ns(amount.end))

    def _scales(self) -> None:
        """What scales and cuffs measured: of one person, or of several who use them, and then whose is not known."""
        several = len(self._users) > 1
        for message, fields in self._weighed:
            kind = KINDS[message.name]
            if several:
                count = sum(field not in kind.describes for field in fields)
                self.odd(message.name, "quarantined", "several_people", max(1, count))
            else:
                self._values(message.name, kind, fields, fields_of(message)[1])
        self._weighed.clear()


def _activity(fields: Fields) -> str:
    """The kind of activity a message of monitoring is about: the lower five bits of a byte that also holds the intensity."""
    told = value_of(fields, "activity_type")
    return told if isinstance(told, str) else "generic"


def _pressure(fields: Fields) -> int | None:
    """The quality bits of a cuff's values, or None where it says that it has none."""
    status = value_of(fields, "status")
    if status in PRESSURE_UNREAD:
        return None
    return UNSURE if status in PRESSURE_UNSURE or value_of(fields, "heart_rate_type") == "irregular" else 0
