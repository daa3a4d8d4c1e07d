"""This is the place where logged doses are counted: by local day, by medicine, with the reasons for skipping. Nothing logged is never nought per cent.

On time is within an hour of when it was due (house). A dose that is past and has no answer is "nothing logged", not missed; one whose order changed before it
was due does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.doses import DoseState, KeptDose

ON_TIME = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class DayCount:
    """A local day: doses due until now, logged as taken, as skipped, and those still to come. `state`: "all", "some", "skipped", "nothing_logged",
    "none_due", "to_come"."""

    day: date
    due: int = 0
    taken: int = 0
    skipped: int = 0
    to_come: int = 0

    @property
    def state(self) -> str:
        if not self.due:
            return "to_come" if self.to_come else "none_due"
        if self.taken == self.due:
            return "all"
        if not self.taken and not self.skipped:
            return "nothing_logged"
        return "skipped" if self.skipped == self.due else "some"


@dataclass(frozen=True, slots=True)
class Tally:
    """One medicine: doses due until now, taken, skipped, with nothing logged, taken within an hour of when they were due; reasons by how often."""

    medicine_id: str
    title: str
    due: int = 0
    taken: int = 0
    skipped: int = 0
    unlogged: int = 0
    on_time: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def share(self) -> float | None:
        """Of those that were logged, the share that was taken; None where nothing is logged yet."""
        logged = self.taken + self.skipped
        return self.taken / logged if logged else None


@dataclass(slots=True)
class _Counting:
    title: str
    at: datetime
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def day_of(dose: KeptDose) -> date:
    """The person's local day at the dose."""
    return dose.planned.at.astimezone(ZoneInfo(dose.planned.zone)).date()


def counts(dose: KeptDose) -> bool:
    """Whether a dose counts towards what was due: planned, and its order did not end before."""
    return not dose.planned.as_needed and dose.state is not DoseState.ENDED


def days(doses: Iterable[KeptDose], first: date, last: date, now: datetime) -> tuple[DayCount, ...]:
    """Every local day from first to last."""
    found: dict[date, Counter[str]] = {}
    for dose in doses:
        if counts(dose):
            found.setdefault(day_of(dose), Counter())[_standing(dose, now)] += 1
    return tuple(_day_count(first + timedelta(days=at), found) for at in range((last - first).days + 1))


def tallies(doses: Iterable[KeptDose], now: datetime) -> tuple[Tally, ...]:
    """By medicine, those with the most doses first. The newest title speaks."""
    found: dict[str, _Counting] = {}
    for dose in doses:
        standing = _standing(dose, now)
        if not counts(dose) or standing == "to_come":
            continue
        one = found.setdefault(dose.planned.medicine_id, _Counting(dose.planned.title, dose.planned.at))
        if dose.planned.at >= one.at:
            one.title, one.at = dose.planned.title, dose.planned.at
        one.counts[standing] += 1
        one.counts["on_time"] += on_time(dose)
        if dose.state is DoseState.SKIPPED:
            one.reasons[(dose.answer.reason if dose.answer else "") or "none_given"] += 1
    made = [_tally(medicine_id, one) for medicine_id, one in found.items()]
    return tuple(sorted(made, key=lambda one: (-one.due, one.title, one.medicine_id)))


def on_time(dose: KeptDose) -> bool:
    """Whether it was taken within an hour of when it was due."""
    if dose.state is not DoseState.TAKEN or dose.answer is None or dose.answer.taken_at is None:
        return False
    return abs(dose.answer.taken_at - dose.planned.at) <= ON_TIME


def logged_since(doses: Sequence[KeptDose]) -> date | None:
    """The first local day of which anything is logged."""
    return min((day_of(one) for one in doses if one.state in (DoseState.TAKEN, DoseState.SKIPPED)), default=None)


def _standing(dose: KeptDose, now: datetime) -> str:
    if dose.state in (DoseState.TAKEN, DoseState.SKIPPED):
        return dose.state.value
    return "unlogged" if dose.planned.at <= now else "to_come"


def _day_count(day: date, found: dict[date, Counter[str]]) -> DayCount:
    one = found.get(day, Counter())
    taken, skipped = one["taken"], one["skipped"]
    return DayCount(day, taken + skipped + one["unlogged"], taken, skipped, one["to_come"])


def _tally(medicine_id: str, one: _Counting) -> Tally:
    taken, skipped, unlogged = (one.counts[key] for key in ("taken", "skipped", "unlogged"))
    reasons = tuple(sorted(one.reasons.items(), key=lambda pair: (-pair[1], pair[0])))
    return Tally(medicine_id, one.title, taken + skipped + unlogged, taken, skipped, unlogged, one.counts["on_time"], reasons)
