"""This is the place where it is decided what happens to a reminder now: send, hold, repeat, tell somebody else, close, or say that it was missed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.doses import Delivery, Reminder, ReminderState
from core.medications.book import Channel, Helper, ReminderBook
from core.medications.terms import Habits
from core.medications.zones import at_clock, zone_at

IN_APP = "in_app"
OWN = "self"
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
"""After each failed try (house choice); after the last the message is given up."""
GRACE = timedelta(minutes=2)


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
    if reminder.state is ReminderState.WAITING and now > late_at(reminder, book):
        return Step(ReminderState.MISSED, reminder.round, None, reminder.why if reminder.why == "quiet_hours" else "server_was_off")
    if reminder.state in (ReminderState.SENT, ReminderState.ESCALATED) and now > late_at(reminder, book) + timedelta(minutes=kind.repeat * kind.rounds):
        return Step(ReminderState.UNANSWERED, reminder.round, None, "server_was_off")
    quiet = None if reminder.planned.critical or not kind.quiet else quiet_until(book, habits, now)
    if quiet is not None:
        if reminder.state is ReminderState.WAITING and quiet > late_at(reminder, book):
            return Step(ReminderState.MISSED, reminder.round, None, "quiet_hours_too_long")
        return Step(reminder.state, reminder.round, quiet, "quiet_hours")
    return _sending(reminder, book, now)


def late_at(reminder: Reminder, book: ReminderBook) -> datetime:
    """From when on it is too late to remind: doses after `late` minutes, all else after a day."""
    patience = timedelta(minutes=book.late) if reminder.planned.kind == "dose" else timedelta(days=1)
    return max(reminder.planned.due_at, reminder.planned.remind_at) + patience


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
    faster = 2 if reminder.planned.critical else 1
    repeat = timedelta(minutes=max(5, kind.repeat // faster))
    open_now = _to_retry(reminder, now)
    helpers = tuple(_helpers_due(reminder, book, now, faster))
    sends: list[Send] = [Send(0, one.channel, one) for one in helpers]
    round_no = reminder.round
    if open_now:
        sends += [one for one in _channels(book, kind.channels, round_no) if any(_same(one, failed) for failed in open_now)]
    elif _round_over(reminder, repeat, now):
        if round_no >= kind.rounds and not sends and not _helper_at(reminder, book, now, faster):
            return Step(ReminderState.UNANSWERED, round_no, None, "nobody_answered")
        if round_no < kind.rounds:
            round_no += 1
            sends = [*_channels(book, kind.channels, round_no), *sends]
    state = ReminderState.ESCALATED if helpers or reminder.state is ReminderState.ESCALATED else ReminderState.SENT
    return Step(state, round_no, _next(reminder, book, now, (repeat, faster)), "", tuple(sends))


def _round_over(reminder: Reminder, repeat: timedelta, now: datetime) -> bool:
    """Whether the time for the next round has come: at once for one that waits or was put off, else after the pause."""
    if reminder.state in (ReminderState.WAITING, ReminderState.SNOOZED) or not reminder.round:
        return True
    last = max((one.at for one in reminder.deliveries if one.round == reminder.round and one.at), default=None)
    return last is None or now >= last + repeat


def _channels(book: ReminderBook, chosen: tuple[str, ...], round_no: int) -> list[Send]:
    return [Send(round_no, None), *(Send(round_no, one) for one in book.channels if one.on and (not chosen or one.key in chosen))]


def _same(one: Send, other: Delivery) -> bool:
    return (one.name, one.recipient) == (other.channel, other.recipient)


def _to_retry(reminder: Reminder, now: datetime) -> list[Delivery]:
    """Messages of this round that failed and are to be tried again, and those whose sender died."""
    mine = [one for one in reminder.deliveries if one.round == reminder.round and reminder.round]
    return [one for one in mine if one.state == "sending" or (one.state == "failed" and one.next_at is not None and one.next_at <= now)]


def _wants(helper: Helper, reminder: Reminder) -> bool:
    if helper.rule == "refills":
        return reminder.planned.kind == "refill"
    return reminder.planned.kind == "dose" and (helper.rule == "unanswered" or reminder.planned.critical)


def _helper_time(helper: Helper, reminder: Reminder, faster: int) -> datetime:
    after = timedelta() if helper.rule == "refills" else timedelta(minutes=helper.after // faster)
    return reminder.planned.due_at + after


def _told(helper: Helper, reminder: Reminder) -> bool:
    """Whether somebody has been told already, or it was given up."""
    return any(one.round == 0 and one.recipient == helper.key and one.state in ("sent", "given_up") for one in reminder.deliveries)


def _helpers_due(reminder: Reminder, book: ReminderBook, now: datetime, faster: int) -> Iterable[Helper]:
    for helper in book.helpers:
        waits = any(one.round == 0 and one.recipient == helper.key and one.state == "failed" and one.next_at and one.next_at > now for one in reminder.deliveries)
        if _wants(helper, reminder) and not _told(helper, reminder) and not waits and _helper_time(helper, reminder, faster) <= now:
            yield helper


def _helper_at(reminder: Reminder, book: ReminderBook, now: datetime, faster: int) -> datetime | None:
    """When the next helper is to be told."""
    times = [_helper_time(one, reminder, faster) for one in book.helpers if _wants(one, reminder) and not _told(one, reminder)]
    return min((max(at, now + GRACE) for at in times), default=None)


def _next(reminder: Reminder, book: ReminderBook, now: datetime, of: tuple[timedelta, int]) -> datetime:
    """When to look again: the next round, or the next helper, whichever comes first. A retry comes sooner and is set when it fails."""
    repeat, faster = of
    later = _helper_at(reminder, book, now, faster)
    return min(now + repeat, later) if later is not None and later > now else now + repeat


def after_failure(delivery: Delivery, now: datetime, *, permanent: bool) -> tuple[str, datetime | None]:
    """("failed", when to try again) or ("given_up", None)."""
    if permanent or delivery.tries > len(BACK_OFF):
        return "given_up", None
    return "failed", now + BACK_OFF[delivery.tries - 1]
