"""Photos are used for training only of who said so: nothing said, taken back, damaged are all a no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.care import photo_use
from core.care.access import COMMAND_LINE, Action, require
from core.ports import Ports
from tests.care.given import add_person, clock, ports_with


@pytest.fixture
def ports() -> Ports:
    return ports_with()


def test_nobody_has_allowed_anything_until_they_say_so(ports: Ports) -> None:
    person = add_person(ports, "Ada")
    assert photo_use.view(ports, COMMAND_LINE, person) == photo_use.PhotoUse()
    said = photo_use.say(ports, COMMAND_LINE, person, True)
    assert said.allowed and said.since == ports.clock.now()
    assert photo_use.view(ports, COMMAND_LINE, person) == said


def test_taking_back_keeps_since_when_and_the_same_again_changes_nothing(ports: Ports) -> None:
    person = add_person(ports, "Ada")
    photo_use.say(ports, COMMAND_LINE, person, True)
    clock(ports).at += timedelta(days=3)
    back = photo_use.say(ports, COMMAND_LINE, person, False)
    clock(ports).at += timedelta(days=3)
    assert photo_use.say(ports, COMMAND_LINE, person, False) == back
    assert not back.allowed


@pytest.mark.parametrize("body", [b"\xff", b"{}trailing", b'{"allowed": "yes"}', b"[true]"])
def test_what_cannot_be_read_is_a_no(ports: Ports, body: bytes) -> None:
    person = add_person(ports, "Ada")
    grant = require(ports, COMMAND_LINE, Action.ALLOW_TRAINING, person)
    ports.store.put_in_drawer(person, photo_use.DRAWER, body, grant.event(photo_use.DRAWER))
    assert not photo_use.view(ports, COMMAND_LINE, person).allowed
