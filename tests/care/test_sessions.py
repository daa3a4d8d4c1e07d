"""This is the place where signing in and out is tested: who gets in, how often one may be wrong, how long it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.care import sessions
from core.domain.people import Account, Role
from core.errors import BadInput, SessionExpired, SignInRefused
from core.ports import Ports, Store
from tests.care.given import add_account, clock, event, ports_with, signed_in
from tests.care.stores import STORES

RIGHT = "a good password"


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    store: Store = request.getfixturevalue(request.param)
    return ports_with(store)


@pytest.fixture
def casey(ports: Ports) -> Account:
    return add_account(ports, Role.ADMINISTRATOR, "casey")


def fail(ports: Ports, username: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sessions.sign_in(ports, username, "wrong")


def test_the_right_password_opens_a_session_of_twelve_hours(ports: Ports, casey: Account) -> None:
    session = sessions.sign_in(ports, "casey", RIGHT)
    assert session.ends_at - session.started_at == timedelta(hours=12)
    assert sessions.actor_of(ports, session.session_id).account_id == casey.account_id
    clock(ports).wait(hours=12)
    with pytest.raises(SessionExpired):
        sessions.actor_of(ports, session.session_id)


def test_the_name_may_be_written_in_any_case_and_width(ports: Ports, casey: Account) -> None:
    assert sessions.sign_in(ports, "  ＣＡＳＥＹ ", RIGHT).account_id == casey.account_id


def test_a_session_ends_when_nobody_is_there_and_lasts_while_somebody_is(ports: Ports, casey: Account) -> None:
    actor = signed_in(ports, casey)
    for _ in range(4):
        clock(ports).wait(minutes=29)
        sessions.touch(ports, actor)
    clock(ports).wait(minutes=30)
    with pytest.raises(SessionExpired) as ended:
        sessions.actor_of(ports, actor.session_id)
    assert ended.value.code == "session_idle"


def test_wrong_name_wrong_password_and_closed_account_get_the_same_answer_after_the_same_work(ports: Ports, casey: Account) -> None:
    closed = add_account(ports, Role.KIOSK, "closed")
    ports.store.update_account(replace(closed, disabled=True), event())
    answers, work = set(), set()
    for username, password in (("casey", "wrong"), ("nobody", RIGHT), ("closed", RIGHT), ("", RIGHT)):
        before = len(ports.passwords.work)
        with pytest.raises(SignInRefused) as refused:
            sessions.sign_in(ports, username, password)
        answers.add((refused.value.code, tuple(refused.value.facts.items())))
        work.add(len(ports.passwords.work) - before)
    assert (len(answers), work) == (1, {1})


def test_an_account_without_a_password_cannot_be_entered_with_an_empty_one(ports: Ports) -> None:
    ports.store.add_account(Account("", Role.PATIENT, "open", "Open"), "", event())
    for password in ("", " ", "quick:"):
        with pytest.raises(SignInRefused):
            sessions.sign_in(ports, "open", password)


def test_three_mistakes_are_free_and_then_each_one_doubles_the_wait(ports: Ports, casey: Account) -> None:
    fail(ports, "casey", 3)
    sessions.sign_in(ports, "casey", RIGHT)
    fail(ports, "casey", 4)
    with pytest.raises(SignInRefused) as refused:
        sessions.sign_in(ports, "casey", RIGHT)
    assert (refused.value.code, refused.value.facts) == ("sign_in_slowed", {"seconds": 2})
    clock(ports).wait(seconds=2)
    fail(ports, "casey", 1)
    with pytest.raises(SignInRefused) as refused:
        sessions.sign_in(ports, "casey", RIGHT)
    assert refused.value.facts == {"seconds": 4}


def test_a_name_nobody_has_is_slowed_down_just_the_same(ports: Ports) -> None:
    fail(ports, "nobody", 4)
    with pytest.raises(SignInRefused) as refused:
        sessions.sign_in(ports, "nobody", RIGHT)
    assert refused.value.code == "sign_in_slowed"


def test_nobody_waits_longer_than_a_quarter_of_an_hour() -> None:
    waits = [sessions.wait_after(failures) for failures in range(200)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=15)
    assert waits[3] == timedelta(0)


def test_waiting_is_not_a_mistake_of_its_own(ports: Ports, casey: Account) -> None:
    fail(ports, "casey", 4)
    fail(ports, "casey", 10)  # all told to wait
    clock(ports).wait(seconds=2)
    assert sessions.sign_in(ports, "casey", RIGHT)


def test_signing_out_ends_the_session(ports: Ports, casey: Account) -> None:
    actor = signed_in(ports, casey)
    sessions.sign_out(ports, actor)
    with pytest.raises(SessionExpired):
        sessions.actor_of(ports, actor.session_id)


def test_a_ticket_is_good_once_and_for_half_a_minute(ports: Ports, casey: Account) -> None:
    actor = signed_in(ports, casey)
    ticket = sessions.make_ticket(ports, actor)
    assert sessions.redeem_ticket(ports, ticket) == actor.session_id
    assert sessions.redeem_ticket(ports, ticket) is None
    late = sessions.make_ticket(ports, actor)
    clock(ports).wait(seconds=31)
    assert sessions.redeem_ticket(ports, late) is None
    assert sessions.redeem_ticket(ports, actor.session_id) is None
    assert sessions.redeem_ticket(ports, "") is None


def test_a_ticket_of_a_session_that_is_over_is_worth_nothing(ports: Ports, casey: Account) -> None:
    actor = signed_in(ports, casey)
    ticket = sessions.make_ticket(ports, actor)
    sessions.sign_out(ports, actor)
    assert sessions.redeem_ticket(ports, ticket) is None


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(ports: Ports, casey: Account) -> None:
    here, elsewhere = signed_in(ports, casey, "here"), signed_in(ports, casey, "elsewhere")
    with pytest.raises(SignInRefused):
        sessions.change_password(ports, here, "wrong", "a better password")
    sessions.change_password(ports, here, RIGHT, "a better password")
    sessions.actor_of(ports, here.session_id)
    with pytest.raises(SessionExpired):
        sessions.actor_of(ports, elsewhere.session_id)
    assert sessions.sign_in(ports, "casey", "a better password")
    with pytest.raises(SignInRefused):
        sessions.sign_in(ports, "casey", RIGHT)


def test_the_old_password_cannot_be_guessed_through_the_settings_page(ports: Ports, casey: Account) -> None:
    actor = signed_in(ports, casey)
    for _ in range(4):
        with pytest.raises(SignInRefused):
            sessions.change_password(ports, actor, "wrong", "a better password")
    with pytest.raises(SignInRefused) as refused:
        sessions.change_password(ports, actor, RIGHT, "a better password")
    assert refused.value.code == "sign_in_slowed"


@pytest.mark.parametrize("password", ["", "short", " " * 12, "x" * 2000])
def test_a_password_that_is_none_is_not_taken(ports: Ports, casey: Account, password: str) -> None:
    with pytest.raises(BadInput):
        sessions.change_password(ports, signed_in(ports, casey), RIGHT, password)


def test_demo_sign_ins_are_there_in_the_demo_alone(ports: Ports) -> None:
    demo = add_account(ports, Role.KIOSK, sessions.DEMO_USERNAMES[0], demo=True)
    assert sessions.demo_accounts(ports) == ()
    with pytest.raises(SignInRefused):
        sessions.demo_sign_in(ports, demo.account_id)
    in_demo = replace(ports, demo=True)
    assert [one.account_id for one in sessions.demo_accounts(in_demo)] == [demo.account_id]
    assert sessions.demo_sign_in(in_demo, demo.account_id)


def test_no_real_account_can_be_entered_through_the_demo(ports: Ports, casey: Account) -> None:
    with pytest.raises(SignInRefused):
        sessions.demo_sign_in(replace(ports, demo=True), casey.account_id)


def test_the_trail_tells_sessions_apart_but_opens_none(ports: Ports, casey: Account) -> None:
    session = sessions.sign_in(ports, "casey", RIGHT)
    lines = ports.store.audit_lines(event())
    assert [line.event.session_id for line in lines if line.event.action == "sign_in"] != [""]
    assert session.session_id not in repr(lines)


def test_failures_are_in_the_trail_without_the_name_that_was_typed(ports: Ports, casey: Account) -> None:
    fail(ports, "typed-by-mistake", 1)
    fail(ports, "casey", 1)
    lines = ports.store.audit_lines(event())
    assert [line.event.actor_id for line in lines if line.event.action == "sign_in_failed"] == [casey.account_id, ""]
    assert "typed-by-mistake" not in repr(lines)
