"""This is the place where it is decided which of the things a device sent is this person's, measured in this visit, and is taken. All else is left, with its reason. Pure.

A device keeps what it measured before, and hands all of it to whoever connects. So: what it measured before this visit began isn't taken, nor what is of another user of
the device, nor what bears no time where more than one thing came (the profiles ask devices that keep measurements to stamp them). Its clock is measured by its Current
Time where it has one. Where it hasn't, its clock must be right within CLOCK: one that is ahead by more makes old readings look new. One thing needs no time: a result that came
after the device had shown, over this connection, how it was measuring, and had stopped to (unless its clock was measured: then its time counts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.kiosk.collecting import doubts as implausible
from core.kiosk.devices import Dropped
from core.kiosk.terms import Device, Measure, Reading
from core.sources.devices.meaning import Sent
from core.sources.devices.tables import STREAMS
from core.trends.published import OUR_CHOICE, Published

CLOCK = Published(
    "device_clock", 60, "s", OUR_CHOICE, "How far a device's clock may be off where it can't be asked: people set it by the minute"
)
CLOCK_READ = Published(
    "device_clock_read",
    10,
    "s",
    OUR_CHOICE,
    "The same where it was asked: asking takes a second or two, and clocks drift little in one",
)
BEFORE = Published(
    "device_before", 5, "s", OUR_CHOICE, "How long before a visit a stamp may lie: rounding of the device's clock, not more"
)
STEADY = Published("device_steady", 5, "{values}", OUR_CHOICE, "So many values in a row must agree before one of a stream is taken")
APART = {"spo2": 2.0, "hr": 5.0}
"""How far apart they may be: percent, beats a minute. Our choice."""
RESTS_ON = (CLOCK, CLOCK_READ, BEFORE, STEADY)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came and when (aware); `live`: the device had shown over this connection how it was measuring it."""

    sent: Sent
    at: datetime
    live: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """For whom: `since` when the visit began (aware, in the zone devices are set to), `user` the kiosk's user of the device (None: it has none or any), `ahead` how far the
    device's clock is ahead of ours in that zone (None: not known)."""

    measure: Measure
    since: datetime
    user: int | None = None
    ahead: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is taken, `sent` as what, and what isn't."""

    reading: Reading | None = None
    sent: Sent | None = None
    dropped: tuple[Dropped, ...] = ()


def decide(arrivals: Sequence[Arrival], visit: Visit, device: Device | None) -> Verdict:
    """Of everything a device sent at one time."""
    dropped: list[Dropped] = []
    fit: list[tuple[datetime, Arrival]] = []
    live = [one for one in arrivals if one.live]
    for one in arrivals:
        alone = sum(other.sent.characteristic == one.sent.characteristic for other in arrivals) == 1
        why, at = _why_not(one, visit, alone, sole_live=len(live) == 1 and one.live)
        if why:
            dropped.append(Dropped(why))
        elif at is not None:
            fit.append((at, one))
    if len({one.sent.user for _, one in fit}) > 1:
        return Verdict(dropped=(*dropped, *(Dropped("which_user") for _ in fit)))
    fit.sort(key=lambda pair: pair[0])
    if not fit:
        return Verdict(dropped=tuple(dropped))
    dropped += [Dropped("older") for _ in fit[:-1]]
    at, taken = fit[-1]
    return Verdict(_reading(taken.sent, at, visit.measure, device), taken.sent, tuple(dropped))


def steady(arrivals: Sequence[Arrival], visit: Visit, device: Device | None) -> Verdict:
    """Of a stream: the last value once so many in a row agree. Nothing is averaged."""
    last = list(arrivals[-int(STEADY.value) :])
    dropped = tuple(Dropped(one.sent.why) for one in arrivals[-1:] if one.sent.why)
    if len(last) < STEADY.value or any(one.sent.why or _cannot_be(one.sent, visit.measure) for one in last):
        return Verdict(dropped=dropped)
    for signal, most in APART.items():
        found = [one.sent.values[signal] for one in last if signal in one.sent.values]
        if found and max(found) - min(found) > most:
            return Verdict()
    return Verdict(_reading(last[-1].sent, last[-1].at, visit.measure, device), last[-1].sent)


def is_stream(sent: Sent) -> bool:
    """Whether it shows the present value all the time."""
    return sent.characteristic in STREAMS


def _why_not(one: Arrival, visit: Visit, alone: bool, *, sole_live: bool) -> tuple[str, datetime | None]:
    """Why it isn't taken, or when it was measured."""
    sent = one.sent
    if sent.why or sent.more:
        return sent.why or "unfinished", None
    if visit.user is not None and sent.user is not None and sent.user != visit.user:
        return "other_user", None
    if _cannot_be(sent, visit.measure):
        return "implausible", None
    moment = sent.stamp.moment if sent.stamp else None
    if sole_live and not sent.stored and (moment is None or visit.ahead is None):
        return "", one.at
    if moment is None:
        return ("", one.at) if alone and not sent.stored else ("no_time", None)
    ahead, off = (visit.ahead, CLOCK_READ) if visit.ahead is not None else (timedelta(), CLOCK)
    try:
        at = (moment + sent.offset - ahead).replace(tzinfo=one.at.tzinfo)
    except OverflowError:
        return "no_time", None
    if at < visit.since - timedelta(seconds=BEFORE.value):
        return "before_visit", None
    if at > one.at + timedelta(seconds=off.value):
        return "clock_ahead", None
    return "", min(at, one.at)


def _cannot_be(sent: Sent, measure: Measure) -> bool:
    """Whether what is needed of it can't be a living person's. A pulse beside it that can't be is left out instead."""
    return bool(implausible(measure, _kept(sent, measure)))


def _kept(sent: Sent, measure: Measure) -> dict[str, float]:
    beside = "hr" if measure is not Measure.PULSE else ""
    return {
        signal: value for signal, value in sent.values.items() if signal != beside or not implausible(Measure.PULSE, {"hr": value})
    }


def _reading(sent: Sent, at: datetime, measure: Measure, device: Device | None) -> Reading:
    values = _kept(sent, measure)
    left_out = ("pulse_left_out",) if "hr" in sent.lacks or ("hr" in sent.values and "hr" not in values) else ()
    untimed = ("time_of_arrival",) if sent.stamp is None and sent.characteristic not in STREAMS else ()
    return Reading(measure, values, at, "bluetooth", device, (*sent.flags, *left_out, *untimed))
