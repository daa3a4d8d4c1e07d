"""`healthboard alerts list`, `alerts ack` and `on-call`: what is open, taken in a name, and who is told last."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from typing import Any

import pytest

from core.care import alert_desk, on_call
from core.commands import alert_desks
from core.domain.papers import PaperKind
from core.domain.people import Role
from core.errors import BadInput, NotFound
from tests.care.given import event
from tests.care.given_alerts import desk_of, flag, gain
from tests.care.house import House, build


@pytest.fixture
def house() -> House:
    return build()


def listed(house: House, person: str = "") -> tuple[dict[str, Any], int]:
    answer = alert_desks.show(house.ports, Namespace(person=person))
    found: dict[str, Any] = json.loads(json.dumps(answer.document, allow_nan=False))
    return found, answer.status


@pytest.mark.parametrize("whole", [True, False])
def test_open_alerts_are_listed_with_their_timelines(house: House, whole: bool) -> None:
    flag(house.ports, house.own)
    gain(house.ports, house.own)
    found, status = listed(house, "" if whole else house.own)
    assert (status, found["not_looked_at"]) == (0, 2 if whole else 1)
    assert {one["about"] for one in found["alerts"]} == {"red_flag", "weight_week"}
    flagged = next(one for one in found["alerts"] if one["about"] == "red_flag")
    assert (flagged["severity"], flagged["next"]["to"]) == ("now", "coordinator")
    assert [line["letter"] for line in flagged["timeline"]] == ([None] * 3 if whole else [None, "waiting", "waiting"])


def test_a_desk_that_cannot_be_read_is_named_and_the_exit_status_says_so(house: House) -> None:
    flag(house.ports, house.own)
    paper = house.ports.store.paper(house.own, PaperKind.DESK, alert_desk.KEY, event())
    assert paper is not None
    house.ports.store.put_papers(house.own, [replace(paper, body=b"x")], event())
    for person in ("", house.own):
        found, status = listed(house, person)
        assert (status, found["unreadable"], found["alerts"]) == (1, [house.own], [])


def test_an_alert_is_taken_in_the_name_that_is_given(house: House) -> None:
    alert_id = flag(house.ports, house.own)
    alert_desks.acknowledge(house.ports, Namespace(alert=f"{house.own}/{alert_id}", by="Dr Lee", why="by phone"))
    (alert,) = desk_of(house.ports, house.own).open()
    assert (alert.taken, alert.timeline[-1].who, alert.timeline[-1].why) == (True, "Dr Lee", "by phone")
    with pytest.raises(BadInput):
        alert_desks.acknowledge(house.ports, Namespace(alert=alert_id, by="Dr Lee", why="by phone"))
    with pytest.raises(NotFound):
        alert_desks.acknowledge(house.ports, Namespace(alert=f"{house.own}/none", by="Dr Lee", why="by phone"))


def test_a_list_of_who_is_on_call_is_set_shown_and_taken_away(house: House) -> None:
    panel = house.panel.panel_id
    before = alert_desks.who_is_on_call(house.ports, Namespace()).document
    assert (before["panels"][0]["gap_now"], before["panels"][0]["stand_in"]) == (True, ["Coordinator"])
    alert_desks.set_on_call(house.ports, Namespace(panel=panel, zone="Europe/Berlin", shift=["daily 00:00-00:00 coordinator"]))
    (line,) = alert_desks.who_is_on_call(house.ports, Namespace()).document["panels"]
    assert (line["gap_now"], line["gaps"], [one["account"] for one in line["now"]]) == (
        False,
        [],
        [house.accounts[Role.COORDINATOR].account_id],
    )
    alert_desks.set_on_call(house.ports, Namespace(panel=panel, zone="UTC", shift=None))
    assert on_call.load(house.ports.store).rotas == ()


@pytest.mark.parametrize(
    ("shift", "error"),
    [
        ("whenever", BadInput),
        ("mon 08:00-20:00 nobody", NotFound),
        ("mon 08:00-20:00 patient", NotFound),
        ("moon 08:00-20:00 coordinator", BadInput),
        ("mon 25:00-20:00 coordinator", BadInput),
    ],
)
def test_a_shift_that_is_none_is_refused(house: House, shift: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        alert_desks.set_on_call(house.ports, Namespace(panel=house.panel.panel_id, zone="UTC", shift=[shift]))
