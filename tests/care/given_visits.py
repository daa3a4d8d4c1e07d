"""This is the place where tests of visits get a house, a visit to ask for, and one that is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from core.care import visits
from core.care.access import COMMAND_LINE
from core.care.visit_views import CONCERNS, NewVisit, VisitLine
from core.domain.people import Actor, Role
from core.domain.visits import BOOKED, VIDEO
from core.ports import VideoGuest
from core.ui.words import words
from tests.care.given import ports_with, signed_in
from tests.care.house import House, build

ZONE = "America/New_York"
_MADE = count()


class Rooms:
    """A video server that says who was let in."""

    def __init__(self) -> None:
        self.guests: list[VideoGuest] = []

    def address(self, room: str, guest: VideoGuest) -> str:
        self.guests.append(guest)
        return f"https://meet.example.org/{room}"


def who(house: House, role: Role) -> Actor:
    """Somebody of that role who has just signed in, whatever the clock says by now."""
    return signed_in(house.ports, house.ports.store.account(house.accounts[role].account_id), f"{role.value}-{next(_MADE)}")


def house_of(store: object = None) -> House:
    return build(replace(ports_with(store), words=words, video=Rooms()))  # type: ignore[arg-type]


def at(when: datetime, **more: object) -> NewVisit:
    """A visit at that instant, by the clock of New York. What is odd about it has been seen."""
    local = when.astimezone(ZoneInfo(ZONE))
    given: dict[str, object] = {"kind": VIDEO, "state": BOOKED, "anyway": CONCERNS, "where": "Room 3", **more}
    return NewVisit(local.date(), local.time(), ZONE, int(given.pop("minutes", 30)), **given)  # type: ignore[arg-type, call-overload]


def later(house: House, *, days: float = 8, **more: object) -> NewVisit:
    """A visit with the coordinator, so many days from now."""
    return at(house.ports.clock.now() + timedelta(days=days), **{"with_account": house.accounts[Role.COORDINATOR].account_id, **more})


def made(house: House, *, days: float = 8, **more: object) -> VisitLine:
    return visits.make(house.ports, who(house, Role.COORDINATOR), house.own, later(house, days=days, **more))


def booked(house: House) -> str:
    """The id of a new booked visit, made by the house itself; with the coordinator as long as they can sign in."""
    there = not house.ports.store.account(house.accounts[Role.COORDINATOR].account_id).disabled
    new = later(house) if there else later(house, with_account="")
    return visits.make(house.ports, COMMAND_LINE, house.own, new, f"given-{next(_MADE)}").visit_id
