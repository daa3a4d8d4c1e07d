"""What happens to a reminder next: a table of cases, and what is true whatever the settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.doses import OPEN_STATES, REMINDER_MOVES, Delivery, PlannedReminder, Reminder, ReminderState
from core.medications.book import Channel, Helper, Kind, ReminderBook
from core.medications.reminding import IN_APP, OWN, Step, decide
from core.medications.terms import Habits

EIGHT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
MAIL, PUSH = Channel("mail", "email", "own@example.org"), Channel("phone", "push", "{}")
ANN = Helper("ann", "Ann", Channel("ann", "email", "ann@example.org"), "unanswered", 60)
S = ReminderState


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


def sent(round_no: int, minutes: float, channel: str = IN_APP, recipient: str = OWN, state: str = "sent", **more: object) -> Delivery:
    return Delivery(f"{round_no}{channel}", round_no, channel, recipient, state, "m@healthboard", 1, at(minutes), **more)  # type: ignore[arg-type]


def reminder(state: ReminderState = S.WAITING, round_no: int = 0, deliveries: tuple[Delivery, ...] = (), **more: object) -> Reminder:
    planned = PlannedReminder("dose@8", "dose", EIGHT, EIGHT, ("m/1",))
    made = Reminder("r", "p", planned, state, round_no, EIGHT, "", deliveries)
    changed = {key: value for key, value in more.items() if key in ("next_at", "why")}
    return replace(made, planned=replace(planned, **{key: value for key, value in more.items() if key not in changed}), **changed)  # type: ignore[arg-type]


def step(one: Reminder, minutes: float, **book: object) -> Step:
    return decide(one, replace(ReminderBook(channels=(MAIL,)), **book), Habits(), at(minutes))  # type: ignore[arg-type]


def out(found: Step) -> list[tuple[int, str]]:
    return [(one.round, one.recipient) for one in found.sends]


def test_a_first_message_goes_to_the_app_and_every_channel_that_is_on() -> None:
    found = step(reminder(), 0, channels=(MAIL, PUSH, replace(PUSH, key="old", on=False)))
    assert (found.state, found.round, found.next_at) == (S.SENT, 1, at(15))
    assert out(found) == [(1, OWN), (1, "mail"), (1, "phone")]


def test_what_was_put_off_after_the_last_round_is_said_once_more() -> None:
    found = step(reminder(S.SNOOZED, 3, (sent(3, 30),), next_at=at(65)), 65)
    assert (found.state, found.round, out(found)) == (S.SENT, 4, [(4, OWN), (4, "mail")])
    after = step(reminder(S.SENT, 4, (sent(4, 65),), next_at=at(80)), 80)
    assert (after.state, after.why) == (S.UNANSWERED, "nobody_answered")


def test_what_was_put_off_and_came_hours_late_is_not_sent() -> None:
    found = step(reminder(S.SNOOZED, 1, (sent(1, 0),), next_at=at(30)), 30 + 181)
    assert (found.state, found.why, found.sends) == (S.UNANSWERED, "server_was_off", ())


def test_a_channel_that_fails_does_not_keep_the_others_from_repeating() -> None:
    waiting = sent(1, 7, "email", "mail", "failed", next_at=at(15))
    found = step(reminder(S.SENT, 1, (sent(1, 0), waiting)), 15, channels=(MAIL, PUSH))
    assert (found.round, out(found)) == (2, [(2, OWN), (2, "mail"), (2, "phone")])


def test_a_retry_is_looked_at_on_its_minute_also_when_something_else_came_between() -> None:
    waiting = sent(1, 7, "email", "mail", "failed", next_at=at(11))
    found = step(reminder(S.SENT, 1, (sent(1, 0), waiting)), 8)
    assert (found.sends, found.next_at) == ((), at(11))
    again = step(reminder(S.SENT, 1, (sent(1, 0), waiting)), 11)
    assert (out(again), again.next_at) == ([(1, "mail")], at(15))  # and the next round is where it was


def test_the_last_round_is_not_closed_while_a_message_of_it_is_still_tried() -> None:
    waiting = sent(3, 45, "email", "mail", "failed", next_at=at(49))
    assert step(reminder(S.SENT, 3, (sent(3, 30), waiting)), 45).next_at == at(49)
    assert step(reminder(S.SENT, 3, (sent(3, 30), replace(waiting, state="given_up", next_at=None))), 45).state is S.UNANSWERED


@pytest.mark.parametrize("after", [15, 60, 240, 600])
def test_somebody_is_told_after_the_time_the_person_chose_however_long(after: int) -> None:
    helper = replace(ANN, after=after)
    now = reminder(S.SENT, 3, (sent(3, 0),), next_at=at(after))
    assert step(now, after - 1, helpers=(helper,)).next_at == at(after)
    found = step(now, after, helpers=(helper,))
    assert (found.state, out(found)) == (S.ESCALATED, [(0, "ann")])


def test_only_those_are_told_whose_rule_says_so() -> None:
    helpers = (replace(ANN, key="refills", rule="refills"), replace(ANN, key="critical", rule="critical"), ANN)
    usual, critical = reminder(S.SENT, 3, (sent(3, 30),)), reminder(S.SENT, 3, (sent(3, 30),), critical=True)
    assert [one for _, one in out(step(usual, 60, helpers=helpers))] == ["ann"]
    assert [one for _, one in out(step(critical, 30, helpers=helpers))] == ["critical", "ann"]  # twice as fast
    refill = reminder(kind="refill")
    assert [one for _, one in out(step(refill, 0, helpers=helpers))] == [OWN, "mail", "refills"]


def test_quiet_hours_hold_back_and_say_so_and_what_gets_too_late_is_closed_with_the_reason() -> None:
    quiet = (time(7, 0), time(9, 0))
    assert (step(reminder(), 0, quiet=quiet).next_at, step(reminder(), 0, quiet=quiet).why) == (at(60), "quiet_hours")
    long = (time(7, 0), time(13, 0))
    assert (step(reminder(), 0, quiet=long).state, step(reminder(), 0, quiet=long).why) == (S.MISSED, "quiet_hours_too_long")
    begun = step(reminder(S.SENT, 1, (sent(1, -5),)), 10, quiet=(time(8, 5), time(13, 0)))
    assert (begun.state, begun.why) == (S.UNANSWERED, "quiet_hours_too_long")
    assert step(reminder(critical=True), 0, quiet=long).state is S.SENT


def test_after_quiet_hours_somebody_else_is_told_though_it_is_too_late_for_the_person() -> None:
    night = (time(8, 5), time(16, 0))
    held = step(reminder(S.SENT, 1, (sent(1, 0),)), 15, quiet=night, helpers=(ANN,))
    assert (held.state, held.next_at, held.why) == (S.SENT, at(480), "quiet_hours")
    found = step(reminder(S.SENT, 1, (sent(1, 0),), next_at=at(480), why="quiet_hours"), 480, quiet=night, helpers=(ANN,))
    assert (found.state, out(found)) == (S.ESCALATED, [(0, "ann")])


def test_held_by_quiet_hours_and_then_by_an_outage_the_outage_is_the_reason() -> None:
    found = step(reminder(next_at=at(60), why="quiet_hours"), 200)
    assert (found.state, found.why) == (S.MISSED, "server_was_off")


def test_nobody_is_reminded_of_a_visit_that_has_begun() -> None:
    visit = {"kind": "visit", "remind_at": at(-24 * 60)}
    assert (step(reminder(**visit), 1).state, step(reminder(**visit), 1).why) == (S.MISSED, "server_was_off")
    assert step(reminder(**visit), -1).state is S.SENT
    assert step(reminder(S.SENT, 1, (sent(1, -24 * 60),), **visit), 1).state is S.UNANSWERED


def test_a_kind_that_was_switched_off_ends() -> None:
    assert step(reminder(), 0, kinds={"dose": Kind(on=False)}).state is S.ENDED


_TIMES = st.integers(-60, 2000)
_STATES = st.sampled_from([S.WAITING, S.SENT, S.SNOOZED, S.ESCALATED])
_SENT = st.lists(
    st.builds(
        lambda round_no, minutes, way, state, later: sent(round_no, minutes, *way, state, next_at=at(later) if state == "failed" else None),
        st.integers(0, 3), st.integers(0, 300), st.sampled_from([(IN_APP, OWN), ("email", "mail"), ("email", "ann")]),
        st.sampled_from(["sent", "sending", "failed", "given_up"]), st.integers(0, 400),
    ), max_size=5,
)  # fmt: skip
_BOOKS = st.builds(
    lambda quiet, helper, kind, late: ReminderBook(quiet=quiet, channels=(MAIL,), helpers=(helper,) if helper else (), kinds={"dose": kind}, late=late),
    st.none() | st.tuples(st.times(), st.times()),
    st.none() | st.builds(Helper, st.just("ann"), st.just("Ann"), st.just(MAIL), st.sampled_from(["refills", "unanswered", "critical"]), st.integers(15, 1440)),
    st.builds(Kind, lead=st.integers(0, 100), repeat=st.integers(5, 1440), rounds=st.integers(1, 6), quiet=st.booleans()), st.integers(15, 720),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_STATES, st.integers(0, 7), _SENT, _BOOKS, _TIMES, st.booleans(), st.sampled_from(["", "quiet_hours", "some_failed"]))
def test_whatever_happened_a_step_leads_on_or_ends(
    state: ReminderState, round_no: int, deliveries: list[Delivery], book: ReminderBook, minutes: int, critical: bool, why: str
) -> None:
    now = at(minutes)
    found = decide(reminder(state, round_no, tuple(deliveries), critical=critical, next_at=now, why=why), book, Habits(), now)
    assert found.state is state or found.state in REMINDER_MOVES[state] or (state is S.ESCALATED and found.state is S.SENT)
    if found.state in OPEN_STATES:
        assert found.next_at is not None
        assert found.next_at > now  # or it would be looked at for ever
    else:
        assert found.next_at is None
        assert found.sends == ()  # nothing goes out about what is closed
    assert len({(one.round, one.name, one.recipient) for one in found.sends}) == len(found.sends)


@settings(max_examples=60, deadline=None)
@given(_BOOKS, st.booleans(), st.integers(1, 97))
def test_left_to_itself_every_reminder_ends_and_nobody_gets_the_same_round_twice(book: ReminderBook, critical: bool, pace: int) -> None:
    one, now, went = reminder(critical=critical), EIGHT, []
    for _ in range(2000):
        found = decide(one, book, Habits(), now)
        went += [(each.round, each.name, each.recipient) for each in found.sends]
        deliveries = tuple(Delivery("", each.round, each.name, each.recipient, "sent", "m", 1, now) for each in found.sends)
        one = replace(one, state=found.state, round=found.round, next_at=found.next_at, why=found.why, deliveries=(*one.deliveries, *deliveries))
        if found.next_at is None:
            break
        now = max(found.next_at, now + timedelta(seconds=pace))
    assert one.state not in OPEN_STATES
    assert len(went) == len(set(went))
