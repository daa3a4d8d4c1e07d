"""How staff and caregivers are reached: a document each, tried before it is relied on, and never written over when it can't be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.care import contacts
from core.care.access import COMMAND_LINE
from core.domain.people import Role
from core.errors import BadInput, NotDelivered, NotFound
from tests.care.given import event, ports_with
from tests.care.given_alerts import Ways
from tests.care.house import House, build

CO, C = Role.COORDINATOR, Role.CAREGIVER


@pytest.fixture(scope="module")
def built() -> House:
    return build(replace(ports_with(), channels=Ways()))


@pytest.fixture
def house(built: House) -> House:
    for role in (CO, C):
        built.ports.store.put_house_document(contacts.DOCUMENT + built.accounts[role].account_id, b"", event())
    return built


def say(key: str, **_: object) -> str:
    return key


def test_a_way_is_added_once_switched_tried_and_removed(house: House) -> None:
    ports, actor = house.ports, house.actors[CO]
    way = contacts.add(ports, actor, "email", " jo@example.org ", "Work")
    assert contacts.add(ports, actor, "email", "jo@example.org").key == way.key
    assert contacts.view(ports, actor).reached
    contacts.switch(ports, actor, way.key, on=False)
    assert not contacts.view(ports, actor).reached
    assert contacts.send_test(ports, actor, way.key, say) == "kept"  # type: ignore[arg-type]
    contacts.remove(ports, actor, way.key)
    assert contacts.view(ports, actor).channels == ()
    with pytest.raises(NotFound):
        contacts.remove(ports, actor, way.key)


def test_each_account_has_its_own_and_the_command_line_none(house: House) -> None:
    contacts.add(house.ports, house.actors[CO], "email", "jo@example.org")
    assert contacts.view(house.ports, house.actors[C]).channels == ()
    with pytest.raises(BadInput):
        contacts.view(house.ports, COMMAND_LINE)


@pytest.mark.parametrize(
    ("kind", "address"), [("email", ""), ("email", "a\nb"), ("pigeon", "x"), ("push", "x"), ("email", "x" * 2001)]
)
def test_what_is_no_address_or_not_set_up_is_refused(house: House, kind: str, address: str) -> None:
    with pytest.raises(BadInput):
        contacts.add(house.ports, house.actors[CO], kind, address)


def test_a_test_that_does_not_go_out_says_so(house: House) -> None:
    way = contacts.add(house.ports, house.actors[CO], "email", "dead@example.org")
    dead = replace(house.ports, channels=Ways(dead={"dead"}))
    with pytest.raises(NotDelivered):
        contacts.send_test(dead, house.actors[CO], way.key, say)  # type: ignore[arg-type]


def test_ways_that_cannot_be_read_are_said_and_not_written_over(house: House) -> None:
    ports, actor = house.ports, house.actors[CO]
    name = contacts.DOCUMENT + actor.account_id
    for body in (b"nonsense", b'{"channels": [{"key": "k", "kind": "pigeon", "address": "x"}]}'):
        ports.store.put_house_document(name, body, event())
        assert contacts.view(ports, actor).damaged
        with pytest.raises(BadInput):
            contacts.add(ports, actor, "email", "jo@example.org")
        assert ports.store.house_document(name) == body
    contacts.start_over(ports, actor)
    assert not contacts.view(ports, actor).damaged


def test_there_is_room_for_so_many(house: House) -> None:
    for number in range(10):
        contacts.add(house.ports, house.actors[CO], "email", f"a{number}@example.org")
    with pytest.raises(BadInput):
        contacts.add(house.ports, house.actors[CO], "email", "one@example.org")
