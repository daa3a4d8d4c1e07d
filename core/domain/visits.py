"""This is the place where it is defined what a visit is: its states and who may move it, when it is reminded of, when its video room is open. Pure.

A visit is at an instant (UTC) and in a place with a clock of its own: the wall clock it was agreed by (`zone`) is kept beside it and never guessed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CLINIC, PHONE, VIDEO, HOME = "clinic", "phone", "video", "home"
KINDS = (CLINIC, PHONE, VIDEO, HOME)
REASONS = ("check_up", "results", "medicines", "new_problem", "follow_up", "procedure", "vaccination", "talk", "other")
PROPOSED, BOOKED, ARRIVED, DONE, CANCELLED, MISSED, DAMAGED = (
    "proposed",
    "booked",
    "arrived",
    "done",
    "cancelled",
    "missed",
    "damaged",
)
STATES = (PROPOSED, BOOKED, ARRIVED, DONE, CANCELLED, MISSED)
AHEAD = (PROPOSED, BOOKED)
STANDING = (PROPOSED, BOOKED, ARRIVED)
"""States in which its time is taken."""
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "confirm": ((PROPOSED,), BOOKED), "book": ((PROPOSED,), BOOKED), "ask": (AHEAD, ""), "change": (AHEAD, ""), "cancel": (AHEAD, CANCELLED),
    "arrive": ((BOOKED,), ARRIVED), "done": ((BOOKED, ARRIVED), DONE), "missed": ((BOOKED,), MISSED), "correct": ((ARRIVED, DONE, MISSED), BOOKED),
}  # fmt: skip
"""What can be done with a visit: from which states, and to which ("" it stays, or who changes it says). Time alone moves none."""
OF_PERSON = frozenset({"confirm", "ask", "cancel"})
"""What the person and who helps them can do; the team can do all but "confirm" and "ask"."""
OF_TEAM = frozenset(MOVES) - {"confirm", "ask"}
WITH_REASON = frozenset({"cancel", "correct", "ask"})
FROM_ITS_START = frozenset({"done", "missed"})
"""What can only be said of a visit once its time has come."""
EARLIEST_ARRIVAL = timedelta(hours=3)
SHORTEST, LONGEST = 5, 480
"""Minutes."""
FARTHEST = timedelta(days=731)
LEADS = (timedelta(days=7), timedelta(days=1), timedelta(hours=2))
"""How long before it one is reminded (a choice of this house)."""
ROOM_BEFORE, ROOM_AFTER = timedelta(minutes=15), timedelta(minutes=60)
"""From when and until when the video room of a visit is shown: before its start, after its end."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done with it: "made" or one of MOVES, when, by whom (account, name, role), why in words, and the times it was moved from and to."""

    what: str
    at: datetime
    by: str
    name: str
    role: str
    why: str = ""
    before: datetime | None = None
    after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as it is kept. State and start stand on its paper. `zone` the wall clock it was agreed by (IANA); `with_account` whose visit it is and
    `with_name` how they are called; `words` more about the reason; `forms` questionnaires to be filled in before; `medicines`: the list of medicines is to
    be looked through before; `bring` what to bring; `room` the secret of its video room; `elsewhere` its number in another system; `wish` another time that
    is asked for ("" none); `timed` counts its times, `told` the letters about what was done."""

    kind: str
    zone: str
    minutes: int
    reason: str = "other"
    words: str = ""
    where: str = ""
    with_account: str = ""
    with_name: str = ""
    forms: tuple[str, ...] = ()
    medicines: bool = False
    bring: str = ""
    room: str = ""
    elsewhere: str = ""
    wish: str = ""
    steps: tuple[Step, ...] = ()
    timed: int = 1
    told: int = 1
    made_at: datetime | None = None
    state: str = PROPOSED
    start: datetime | None = None
    version: int = 1

    @property
    def end(self) -> datetime | None:
        return None if self.start is None else self.start + timedelta(minutes=self.minutes)

    @property
    def by_its_clock(self) -> datetime | None:
        """Its start by the wall clock it was agreed by."""
        return None if self.start is None else self.start.astimezone(ZoneInfo(self.zone))


@dataclass(frozen=True, slots=True)
class OnTheClock:
    """The instant of a day and a clock time in a zone. `twice`: the clock shows it twice that night, and the earlier is meant."""

    at: datetime
    twice: bool = False


def on_the_clock(day: date, clock: time, zone: str) -> OnTheClock | None:
    """None where the clocks of that zone never show this time on that day: they are put forward over it."""
    place = ZoneInfo(zone)
    first = datetime.combine(day, clock.replace(fold=0), place)
    at, later = first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)
    if at.astimezone(place).replace(tzinfo=None, fold=0) != first.replace(tzinfo=None, fold=0):
        return None
    return OnTheClock(at, twice=later > at)


def next_reminder(start: datetime, after: datetime) -> datetime | None:
    """When the next reminder of a visit is due after that moment; None where none is left."""
    return min((start - lead for lead in LEADS if start - lead > after), default=None)


def reminded_for(start: datetime, now: datetime) -> timedelta | None:
    """Which reminder is due now: the last one whose moment has come, None before the first and once the visit has begun. What a worker that was away has missed
    is not said after the fact."""
    if now >= start:
        return None
    return min((lead for lead in LEADS if start - lead <= now), default=None)


def looked_at_next(visit: Visit, after: datetime) -> datetime | None:
    return next_reminder(visit.start, after) if visit.start is not None and visit.state in AHEAD else None


def room_open(visit: Visit, now: datetime) -> bool:
    """Whether the video room of a visit may be shown at this moment."""
    if visit.kind != VIDEO or visit.state not in (BOOKED, ARRIVED) or visit.start is None or visit.end is None:
        return False
    return visit.start - ROOM_BEFORE <= now <= visit.end + ROOM_AFTER


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    """Whether two stretches share a moment; one may begin where the other ends."""
    return one[0] < other[1] and other[0] < one[1]


def span(visit: Visit) -> tuple[datetime, datetime] | None:
    return None if visit.start is None or visit.end is None else (visit.start, visit.end)


def clashing(wanted: tuple[datetime, datetime], others: Iterable[Visit]) -> bool:
    """Whether one of these visits whose time is taken shares a moment with the wanted time."""
    return any(one.state in STANDING and (taken := span(one)) is not None and overlap(wanted, taken) for one in others)


def stepped(visit: Visit, step: Step, state: str = "", most: int = 200) -> Visit:
    """The visit after something was done with it, in the state this leads to. A visit that was moved has its first step all the same."""
    steps: Sequence[Step] = (*visit.steps, step)
    kept = (*steps[:1], *steps[1 - most :]) if len(steps) > most else tuple(steps)
    return replace(visit, steps=tuple(kept), state=state or MOVES[step.what][1] or visit.state)
