"""This is the place where who takes part in a video visit is given the way in: the person, who helps them, and who the visit is with, and only around its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.care import visit_papers
from core.care.access import Action, require
from core.domain.people import Actor, Role
from core.domain.visits import ROOM_AFTER, ROOM_BEFORE, VIDEO, room_open
from core.errors import Conflict, NotPermitted
from core.ports import Ports, VideoGuest


@dataclass(frozen=True, slots=True)
class Room:
    """The way in. `address` is "" where there is none at this moment: `shut` says "no_video" (none is set up here), "early" (`opens_at`), "over", or "not_booked"."""

    address: str = ""
    shut: str = ""
    opens_at: datetime | None = None


def room(ports: Ports, actor: Actor, person_id: str, visit_id: str) -> Room:
    """The way into the room of a visit, or why there is none now. Raises NotFound; NotPermitted (not_your_visit) for a coordinator it isn't with; Conflict
    where it is no video visit."""
    grant = require(ports, actor, Action.JOIN_VISIT, person_id)
    _, visit = visit_papers.kept(ports.store, person_id, visit_id, grant.event(visit_id))
    if visit.kind != VIDEO or visit.start is None or visit.end is None:
        raise Conflict("visit_not_video", place="visit")
    if actor.role is Role.COORDINATOR and visit.with_account != actor.account_id:
        raise NotPermitted("not_your_visit", action=Action.JOIN_VISIT.value)
    if ports.video is None:
        return Room(shut="no_video")
    now = ports.clock.now()
    if room_open(visit, now):
        guest = VideoGuest(actor.display_name, actor.role is Role.COORDINATOR, now, visit.end + ROOM_AFTER)
        return Room(ports.video.address(f"healthboard-{visit.room}", guest))
    if now > visit.end + ROOM_AFTER or visit.state not in ("proposed", "booked", "arrived"):
        return Room(shut="over")
    if visit.state == "proposed":
        return Room(shut="not_booked")
    return Room(shut="early", opens_at=visit.start - ROOM_BEFORE)
