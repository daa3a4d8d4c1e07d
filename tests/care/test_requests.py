"""Asking the team: every request is a receipt, looking is none, and where nobody would see it that is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.care import alert_desk, requests
from core.care.access import COMMAND_LINE, Action, require
from core.domain.doses import Request
from core.domain.people import Role
from core.errors import BadInput, Conflict, NotFound, NotPermitted
from tests.care.given import clock, event, ports_with, signed_in
from tests.care.house import House, build
from tests.care.stores import STORES

METFORMIN = requests.About("m1", "Metformin 500 mg")


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> House:
    return build(ports_with(request.getfixturevalue(request.param)))


def ask(house: House, kind: str = "refill", **more: str) -> Request:
    return requests.ask(house.ports, house.actors[Role.PATIENT], house.own, kind, METFORMIN, **more)


def test_looking_at_a_medicine_asks_for_nothing(house: House) -> None:
    found = requests.listed(house.ports, house.actors[Role.PATIENT], house.own)
    assert found == ()
    assert requests.state_of(found, "refill", "m1") == "only_viewed"


def test_what_was_asked_is_a_receipt_and_is_not_made_twice(house: House) -> None:
    made = ask(house, text="two weeks left")
    assert (made.state, made.title, made.text, made.asked_by) == ("requested", "Metformin 500 mg", "two weeks left", "Patient")
    clock(house.ports).wait(minutes=9)
    assert ask(house).request_id == made.request_id
    assert ask(house, "question").request_id != made.request_id


def test_the_team_sees_it_with_its_age_and_says_yes(house: House) -> None:
    made = ask(house)
    clock(house.ports).wait(minutes=29)
    (line,) = requests.open_in_panel(house.ports, house.actors[Role.COORDINATOR])
    assert (line.request.request_id, line.hours, line.person_name) == (made.request_id, 0, "CANARY-OWN Own")
    after = requests.answer(house.ports, house.actors[Role.COORDINATOR], house.own, made.request_id, "accepted", "Ready on Friday")
    assert (after.state, after.answer, after.decided_by) == ("accepted", "Ready on Friday", "Coordinator")
    assert requests.open_in_panel(house.ports, house.actors[Role.COORDINATOR]) == ()
    assert requests.state_of(requests.listed(house.ports, house.actors[Role.CAREGIVER], house.own), "refill", "m1") == "accepted"


def test_having_been_seen_is_not_having_been_answered(house: House) -> None:
    made = ask(house)
    after = requests.seen(house.ports, house.actors[Role.COORDINATOR], house.own, made.request_id)
    assert (after.state, after.seen_at is not None) == ("requested", True)


def test_a_no_needs_a_reason(house: House) -> None:
    made = ask(house)
    with pytest.raises(BadInput, match="reason_needed"):
        requests.answer(house.ports, house.actors[Role.COORDINATOR], house.own, made.request_id, "failed", "  ")


def test_what_was_answered_or_withdrawn_cannot_be_answered_again(house: House) -> None:
    made = ask(house)
    assert requests.withdraw(house.ports, house.actors[Role.PATIENT], house.own, made.request_id).state == "withdrawn"
    with pytest.raises(Conflict):
        requests.answer(house.ports, house.actors[Role.COORDINATOR], house.own, made.request_id, "accepted")
    assert ask(house).request_id != made.request_id


def test_without_a_team_the_receipt_says_that_nobody_will_see_it(house: House) -> None:
    house.ports.store.save_panel(replace(house.panel, persons=()), event())
    made = ask(house)
    assert (made.state, made.answer, made.decided_by) == ("failed", "no_team", "")


def test_a_closed_account_is_no_team(house: House) -> None:
    account = house.ports.store.account(house.accounts[Role.COORDINATOR].account_id)
    house.ports.store.update_account(replace(account, disabled=True), event())
    assert ask(house).answer == "no_team"


def test_a_request_of_somebody_else_is_none_of_ones_own(house: House) -> None:
    made = requests.ask(house.ports, COMMAND_LINE, house.other, "refill", METFORMIN)
    with pytest.raises(NotFound):
        requests.withdraw(house.ports, house.actors[Role.PATIENT], house.own, made.request_id)
    with pytest.raises(NotPermitted):
        requests.answer(house.ports, house.actors[Role.COORDINATOR], house.other, made.request_id, "accepted")
    assert requests.open_in_panel(house.ports, house.actors[Role.COORDINATOR]) == ()


def test_there_is_an_end_to_asking(house: House) -> None:
    for n in range(requests.MOST_OPEN):
        requests.ask(house.ports, house.actors[Role.PATIENT], house.own, "question", requests.About(f"m{n}"))
    with pytest.raises(BadInput, match="too_many_entries"):
        requests.ask(house.ports, house.actors[Role.PATIENT], house.own, "question", requests.About("one more"))


def test_a_coordinator_asks_for_nobody(house: House) -> None:
    actor = signed_in(house.ports, house.accounts[Role.COORDINATOR], "again")
    with pytest.raises(NotPermitted):
        requests.ask(house.ports, actor, house.own, "refill", METFORMIN)


def test_words_that_speak_of_danger_raise_an_alert_at_once(house: House) -> None:
    made = ask(house, text="I have crushing chest pain since this morning")
    _, desk = alert_desk.fetch(house.ports.store, house.own, require(house.ports, COMMAND_LINE, Action.VIEW_ALERTS, house.own))
    assert [one.family for one in desk.open()] == [f"red_flag:request:{made.request_id}"]
