"""This is the place where a panel's work is counted from what is kept: who asked, what was sent, who looked when, which visits there are, and the hours of the team."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec

from core.care.access import Grant
from core.care.panel_papers import Counted
from core.care.panel_views import Known, WorkView
from core.care.series import zone_named
from core.care.worklist_views import Look
from core.domain.checks import CHECKS_OPEN, CheckState, KeptCheck
from core.domain.doses import Request
from core.errors import BadInput
from core.panel.burden import Raised
from core.panel.capacity import AHEAD_DAYS, HISTORY_DAYS, KINDS, Hours, expected, plan
from core.ports import Ports

MOST_HOURS, MOST_MINUTES = 500.0, 240.0
"""Staff hours of a weekday (everybody together), minutes for one thing."""
_DECIDED = (CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.RETAKE_ASKED)


class KeptHours(msgspec.Struct, frozen=True):
    """What was entered for a panel, by whom and when."""

    version: int
    weekdays: tuple[float, ...]
    minutes: dict[str, float]
    at: datetime
    by: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """When things that take time came (unix seconds), by kind, and how many of each wait now; visits of the team with whose they are, so that one that also
    stands in the record is one."""

    times: Mapping[str, tuple[float, ...]]
    waiting: Mapping[str, int]
    visits: tuple[tuple[str, float], ...] = ()


def asked_of(ports: Ports, grant: Grant, people: Sequence[str], papers: Counted) -> tuple[tuple[Raised, ...], Happened]:
    """What these people asked, wrote and sent, with when somebody looked; and the same as work."""
    event = grant.event("panel_report")
    requests = ports.store.requests(people, event) if people else ()
    checks = ports.store.checks(people, event) if people else ()
    raised = (
        *(_of_request(one) for one in requests if one.state != "withdrawn"),
        *(_of_check(one) for one in checks if one.state is not CheckState.WITHDRAWN),
        *papers.written,
    )
    times = {
        "message": (*(one.asked_at.timestamp() for one in requests), *papers.messages),
        "photo": tuple(one.submitted_at.timestamp() for one in checks),
    }
    waiting = {
        "message": sum(one.state == "requested" for one in requests) + papers.waiting,
        "photo": sum(one.state in CHECKS_OPEN for one in checks),
    }
    return raised, Happened(times, waiting, papers.visits)


def work_of(happened: Happened, known: Mapping[str, Known], kept: tuple[KeptHours | None, str], at: datetime) -> WorkView:
    """What is expected of each kind, and what it comes to with the hours that were entered. `kept`: those, and the zone in which days are counted."""
    hours_kept, named = kept
    zone = zone_named(named) or UTC
    today = at.astimezone(zone).date()
    here = min((one.since for one in known.values()), default=at.timestamp())
    recorded = {(person_id, one) for person_id, person in known.items() for one in person.visits}
    visits = tuple(sorted(when for _, when in {*recorded, *happened.visits}))
    times = {**happened.times, "visit": visits}
    work = tuple(expected(kind, *_by_day(times.get(kind, ()), here, today, zone)) for kind in KINDS)
    hours = Hours(hours_kept.weekdays, hours_kept.minutes) if hours_kept else Hours()
    ahead = Counter(
        day.weekday() for one in visits if one > at.timestamp() and (day := _day(one, zone)) <= today + timedelta(days=AHEAD_DAYS)
    )
    return WorkView(
        work, happened.waiting, hours, plan(work, happened.waiting, hours, (today.weekday() + 1) % 7), tuple(ahead[day] for day in range(7)),
        getattr(zone, "key", "UTC"), hours_kept.by if hours_kept else "", hours_kept.at if hours_kept else None,
    )  # fmt: skip


def looks_of(looks: Iterable[Sequence[Look]]) -> tuple[float, ...]:
    """When somebody was looked at on the worklist; what was taken back is no work."""
    return tuple(one.at.timestamp() for mine in looks for one in mine if one.undone_at is None)


def document_of(panel_id: str) -> str:
    return f"panel_hours.{panel_id}"


def hours_read(body: bytes) -> KeptHours | None:
    """What was entered, None where nothing was. Raises BadInput (ledger_damaged)."""
    if not body:
        return None
    try:
        found = msgspec.json.decode(body, type=KeptHours)
        checked(Hours(found.weekdays, found.minutes))
    except (msgspec.DecodeError, ValueError, BadInput, RecursionError):
        raise BadInput("ledger_damaged", place="panel_hours") from None
    return found


def hours_written(hours: Hours, at: datetime, by: str) -> bytes:
    return msgspec.json.encode(KeptHours(1, hours.weekdays, dict(hours.minutes), at, by))


def checked(hours: Hours) -> Hours:
    """Raises BadInput where these can't be hours of a week or minutes of a kind."""
    if len(hours.weekdays) != 7 or not all(_number(one) and 0 <= one <= MOST_HOURS for one in hours.weekdays):
        raise BadInput("number_impossible", place="hours", need=f"0 - {MOST_HOURS:g} h")
    if set(hours.minutes) - set(KINDS) or not all(_number(one) and 0 < one <= MOST_MINUTES for one in hours.minutes.values()):
        raise BadInput("number_impossible", place="minutes", need=f"1 - {MOST_MINUTES:g} min")
    return hours


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _of_request(one: Request) -> Raised:
    looked = min((at for at in (one.seen_at, one.decided_at) if at is not None), default=None)
    ended = one.decided_at if one.state != "requested" else None
    return Raised(
        one.person_id, 0, one.asked_at.timestamp(), looked.timestamp() if looked else None, ended.timestamp() if ended else None
    )


def _of_check(one: KeptCheck) -> Raised:
    decided = [step.at for step in one.steps if step.state in _DECIDED]
    looked = decided[0].timestamp() if decided else None
    return Raised(one.person_id, 0, one.submitted_at.timestamp(), looked, looked if one.state not in CHECKS_OPEN else None)


def _by_day(times: Sequence[float], here: float, today: date, zone: tzinfo) -> tuple[list[int], int]:
    """How many on each of the last whole days, since there could be any; and the weekday of the first of them."""
    days = Counter(_day(one, zone) for one in times)
    begun = min([_day(here, zone) + timedelta(days=1), *days])
    first = max(today - timedelta(days=HISTORY_DAYS), begun)
    counted = [days[first + timedelta(days=at)] for at in range(max(0, (today - first).days))]
    return counted, first.weekday()


def _day(at: float, zone: tzinfo) -> date:
    return datetime.fromtimestamp(at, zone).date()
