"""This is the place where it is decided what happens to a reminder now: send, hold, repeat, tell somebody else, close, or say that it was missed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.doses import Delivery, Reminder, ReminderState
from core.medications.book import Channel, Helper, Kind, ReminderBook
from core.medications.terms import Habits
from core.medications.zones import at_clock, zone_at

IN_APP = "in_app"
OWN = "self"
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""After each failed try (house choice); after the last the message is given up."""


@dataclass(frozen=True, slots=True)
class Send:
    """A message that is to go out: to the person (`helper` None) or to somebody else; `channel` None is the app itself."""

    round: int
    channel: Channel | None
    helper: Helper | None = None

    @property
    def name(self) -> str:
        """Which channel, as it is written down."""
        return IN_APP if self.channel is None else self.channel.kind

    @property
    def recipient(self) -> str:
        return OWN if self.channel is None else self.helper.key if self.helper else self.channel.key


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, and where the reminder stands when it is done: state, round, when to look again (None: never), why."""

    state: ReminderState
    round: int
    next_at: datetime | None
    why: str = ""
    sends: tuple[Send, ...] = ()


def decide(reminder: Reminder, book: ReminderBook, habits: Habits, now: datetime) -> Step:
    """The next step of an open reminder at `now`."""
    kind = book.kind(reminder.planned.kind)
    if not kind.on:
        return Step(ReminderState.ENDED, reminder.round, None, "kind_off")
    closing = _closing_at(reminder, book)
    if now > closing:
        return _closed(reminder, "nobody_answered" if _said_all(reminder, kind) else "server_was_off")
    quiet = None if reminder.planned.critical or not kind.quiet else quiet_until(book, habits, now)
    if quiet is None:
        return _sending(reminder, book, now)
    if quiet > closing and not _untold(reminder, book):
        return _closed(reminder, "quiet_hours_too_long")
    return Step(reminder.state, reminder.round, quiet, "quiet_hours")


def late_at(reminder: Reminder, book: ReminderBook) -> datetime:
    """From when on it is too late to remind: doses after `late` minutes, visits once they have begun, all else after a day (house choices)."""
    planned = reminder.planned
    return planned.due_at if planned.kind == "visit" else max(planned.due_at, planned.remind_at) + _patience(reminder, book)


def _patience(reminder: Reminder, book: ReminderBook) -> timedelta:
    return timedelta(minutes=book.late) if reminder.planned.kind == "dose" else timedelta(days=1)


def _rounds_over_at(reminder: Reminder, book: ReminderBook) -> datetime:
    """From when on the person is told no more."""
    late, kind = late_at(reminder, book), book.kind(reminder.planned.kind)
    if reminder.state is ReminderState.WAITING or reminder.planned.kind == "visit":
        return late
    if reminder.state is ReminderState.SNOOZED and reminder.next_at is not None:
        return max(late, reminder.next_at + _patience(reminder, book))
    return late + timedelta(minutes=kind.repeat * kind.rounds)


def _closing_at(reminder: Reminder, book: ReminderBook) -> datetime:
    """From when on nothing is done any more: as above, but whoever was to be told when nobody answers is told, also after quiet hours or at a second try."""
    over = _rounds_over_at(reminder, book)
    helpers = _untold(reminder, book)
    if not helpers:
        return over
    times = [_helper_time(one, reminder) for one in helpers]
    if reminder.why in ("quiet_hours", "some_failed") and reminder.next_at is not None:
        times.append(reminder.next_at)
    return max(over, max(times) + _patience(reminder, book))


def _said_all(reminder: Reminder, kind: Kind) -> bool:
    return reminder.round >= kind.rounds or reminder.state is ReminderState.ESCALATED


def _closed(reminder: Reminder, why: str) -> Step:
    """One that never went out was missed; one that did was not answered."""
    state = ReminderState.MISSED if reminder.state is ReminderState.WAITING else ReminderState.UNANSWERED
    return Step(state, reminder.round, None, why)


def quiet_until(book: ReminderBook, habits: Habits, now: datetime) -> datetime | None:
    """When the quiet hours that hold now are over; None where none hold."""
    if book.quiet is None:
        return None
    begin, end = (at.hour * 3600 + at.minute * 60 for at in book.quiet)
    today = now.astimezone(zone_at(habits, now)).date()
    for day in (today - timedelta(days=1), today):
        first, last = at_clock(habits, day, begin), at_clock(habits, day + timedelta(days=1) if end <= begin else day, end)
        if first <= now < last:
            return last
    return None


def _sending(reminder: Reminder, book: ReminderBook, now: datetime) -> Step:
    kind = book.kind(reminder.planned.kind)
    repeat = timedelta(minutes=max(5, kind.repeat // _faster(reminder)))
    again = reminder.state is ReminderState.SNOOZED  # the person wants to be told again, however many rounds went out
    next_round = _round_over(reminder, repeat, now) and (again or reminder.round < kind.rounds) and now <= _rounds_over_at(reminder, book)
    round_no = reminder.round + 1 if next_round else reminder.round
    ways = _channels(book, kind.channels, round_no)
    if not next_round:
        ways = [one for one in ways if any(_same(one, failed) for failed in _to_retry(reminder, now))]
    helpers = [Send(0, one.channel, one) for one in _helpers_due(reminder, book, now)]
    sends = (*ways, *helpers)
    later = _times_ahead(reminder, book, now, round_no)
    if not sends and not later and reminder.round >= kind.rounds and _round_over(reminder, repeat, now):
        return _closed(reminder, "nobody_answered")
    began = now if next_round else _began(reminder) or now
    if not later or round_no < kind.rounds:
        later.append(began + repeat if began + repeat > now else now + repeat)
    state = ReminderState.ESCALATED if helpers or reminder.state is ReminderState.ESCALATED else ReminderState.SENT
    return Step(state, round_no, min(later), "", sends)


def _faster(reminder: Reminder) -> int:
    return 2 if reminder.planned.critical else 1


def _began(reminder: Reminder) -> datetime | None:
    """When this round began. (One that is tried again has a later time; the app's own is not.)"""
    return min((one.at for one in reminder.deliveries if one.round == reminder.round and one.at), default=None)


def _round_over(reminder: Reminder, repeat: timedelta, now: datetime) -> bool:
    """Whether the time for the next round has come: at once for one that waits or was put off, else after the pause."""
    if reminder.state in (ReminderState.WAITING, ReminderState.SNOOZED) or not reminder.round:
        return True
    began = _began(reminder)
    return began is None or now >= began + repeat


def _channels(book: ReminderBook, chosen: tuple[str, ...], round_no: int) -> list[Send]:
    return [Send(round_no, None), *(Send(round_no, one) for one in book.channels if one.on and (not chosen or one.key in chosen))]


def _same(one: Send, other: Delivery) -> bool:
    return (one.name, one.recipient) == (other.channel, other.recipient)


def _to_retry(reminder: Reminder, now: datetime) -> list[Delivery]:
    """Messages of this round that failed and are to be tried again, and those whose sender died."""
    mine = [one for one in reminder.deliveries if one.round == reminder.round and reminder.round]
    return [one for one in mine if one.state == "sending" or (one.state == "failed" and one.next_at is not None and one.next_at <= now)]


def _times_ahead(reminder: Reminder, book: ReminderBook, now: datetime, round_no: int) -> list[datetime]:
    """When somebody else is to be told, and when what failed is tried again."""
    tries = [one.next_at for one in reminder.deliveries if one.state == "failed" and one.next_at is not None and one.round in (0, round_no)]
    helpers = [_helper_time(one, reminder) for one in _untold(reminder, book)]
    return [at for at in (*tries, *helpers) if at > now]


def _wants(helper: Helper, reminder: Reminder) -> bool:
    if helper.rule == "refills":
        return reminder.planned.kind == "refill"
    return reminder.planned.kind == "dose" and (helper.rule == "unanswered" or reminder.planned.critical)


def _helper_time(helper: Helper, reminder: Reminder) -> datetime:
    after = timedelta() if helper.rule == "refills" else timedelta(minutes=helper.after // _faster(reminder))
    return reminder.planned.due_at + after


def _told(helper: Helper, reminder: Reminder) -> bool:
    """Whether somebody has been told already, or it was given up."""
    return any(one.round == 0 and one.recipient == helper.key and one.state in ("sent", "given_up") for one in reminder.deliveries)


def _untold(reminder: Reminder, book: ReminderBook) -> list[Helper]:
    """Who is still to be told, if nobody answers: only of what the person was told first."""
    if reminder.state is ReminderState.WAITING and reminder.planned.kind != "refill":
        return []
    return [one for one in book.helpers if _wants(one, reminder) and not _told(one, reminder)]


def _helpers_due(reminder: Reminder, book: ReminderBook, now: datetime) -> Iterable[Helper]:
    for helper in _untold(reminder, book):
        waits = any(one.round == 0 and one.recipient == helper.key and one.state == "failed" and one.next_at and one.next_at > now for one in reminder.deliveries)
        if not waits and _helper_time(helper, reminder) <= now:
            yield helper


def after_failure(delivery: Delivery, now: datetime, *, permanent: bool) -> tuple[str, datetime | None]:
    """("failed", when to try again) or ("given_up", None)."""
    if permanent or delivery.tries > len(BACK_OFF):
        return "given_up", None
    return "failed", now + BACK_OFF[delivery.tries - 1]
