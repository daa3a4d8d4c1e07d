"""This is the place where the demo's people send photos and a recording, and the demo's coordinator answers, by the ordinary use cases. All of it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care import people, photo_checks, reviews, sessions, signal_checks
from core.care.access import COMMAND_LINE, Action, require
from core.care.check_entries import Sent
from core.domain.checks import CheckKind, SkinFacts, Spot
from core.ports import Ports

CLINICIAN = "demo-coordinator"
OLD, CHINESE, DARK, FAST = "margaret-ellis", "wang-jianguo", "aisha-okafor", "robert-hayes"
MOLE = Spot("", "", CheckKind.SKIN, "forearm", "front", 0.76, 0.4, "")
HEEL = Spot("", "", CheckKind.WOUND, "foot", "back", 0.42, 0.91, "")
SHOULDER = Spot("", "", CheckKind.SKIN, "back", "back", 0.4, 0.25, "")
HEALING = ((22, 0.19, "伤口在变小，请照原来的方法继续换药。"), (11, 0.155, "恢复得不错。请下周再拍一张，把标记卡放在伤口旁边。"), (1, 0.125, ""))
"""How many days ago the wound was photographed, its drawn radius, what the coordinator answered ("" : nobody yet)."""
BOOK = "Please take another photo of the same spot in four weeks, and write to us earlier if it changes."


@dataclass(frozen=True, slots=True)
class _At:
    """A clock that stands at one time, for what happened some days ago."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def add(ports: Ports, person_ids: Mapping[str, str]) -> None:
    """For the people of the demo by slug. Nothing where this house has no models to take photos in."""
    if ports.checks is None or not {OLD, CHINESE, DARK, FAST} <= set(person_ids):
        return
    event = require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_ids[OLD]).event("demo")
    if any(ports.store.spots(person_ids[slug], event) for slug in (OLD, CHINESE, DARK)):
        return
    from core.samples import photos  # drawn only for a demo that has none yet

    _mole(ports, person_ids[OLD], photos.skin(11, photos.Spot(0.10, 0.10)), photos.skin(12, photos.Spot(0.12, 0.2)))
    for days, radius, answer in HEALING:
        check_id = _sent(ports, person_ids[CHINESE], HEEL, photos.wound(21 + days, radius, marked=True), days=days)
        _answered(ports, person_ids[CHINESE], check_id, answer, days, seen=days > 15)
    darker = photos.skin(31, photos.Spot(0.09, 0.05, (42, 28, 24), (58, 38, 30)), tone=(126, 84, 62))
    _sent(ports, person_ids[DARK], SHOULDER, darker, days=1, said=Sent("", _facts(ports, person_ids[DARK], "back", 5, grew=True), "New since the summer."))
    then = _then(ports, timedelta(hours=5))
    signal_checks.submit(then, COMMAND_LINE, person_ids[FAST], "pulse.csv", photos.pulse(41, 30, irregular=True), None)


def _mole(ports: Ports, person_id: str, first: bytes, second: bytes) -> None:
    """A spot photographed twice: the first was answered and read, the second waits."""
    answers = {"itch": False, "grew": False, "hurt": False, "bleed": False}
    check_id = _sent(ports, person_id, MOLE, first, days=40, said=Sent("", _facts(ports, person_id, "forearm", 2, changed=False, **answers)))
    _answered(ports, person_id, check_id, BOOK, 40, seen=True)
    _sent(ports, person_id, MOLE, second, days=3, said=Sent("", _facts(ports, person_id, "forearm", 2, changed=True, **answers), "It looks a little larger to me."))


def _facts(ports: Ports, person_id: str, place: str, skin_type: int, **symptoms: bool) -> SkinFacts:
    return SkinFacts(people.open_person(ports, COMMAND_LINE, person_id).age_years, place, skin_type, symptoms)


def _answered(ports: Ports, person_id: str, check_id: str, text: str, days: int, *, seen: bool) -> None:
    """The demo's coordinator agrees some hours later, and the person reads it the next day. Nothing where there are no words."""
    found = ports.store.account_by_username(CLINICIAN)
    if not text or found is None:
        return
    then = _then(ports, timedelta(days=days, hours=-6))
    actor = sessions.actor_of(then, sessions.demo_sign_in(then, found[0].account_id).session_id)
    reviews.confirm(then, actor, person_id, check_id, text=text)
    sessions.sign_out(then, actor)
    if seen:
        photo_checks.seen(_then(ports, timedelta(days=days - 1)), COMMAND_LINE, person_id, check_id)


def _then(ports: Ports, ago: timedelta) -> Ports:
    """The same house some time ago, as a demo also where `healthboard demo` fills one that is not started as one."""
    return replace(ports, demo=True, clock=_At(ports.clock.now() - ago))


def _sent(ports: Ports, person_id: str, spot: Spot, photo: bytes, *, days: int, said: Sent = Sent()) -> str:
    """Send a photo as it was then; the id of the check."""
    then = _then(ports, timedelta(days=days))
    event = require(then, COMMAND_LINE, Action.SEND_CHECK, person_id).event("demo")
    there = next((one for one in then.store.spots(person_id, event) if (one.kind, one.place) == (spot.kind, spot.place)), None)
    known = there or photo_checks.add_spot(then, COMMAND_LINE, person_id, spot)
    sent = replace(said, spot_id=known.spot_id, anyway=True)
    return photo_checks.submit(then, COMMAND_LINE, person_id, spot.kind, photo, sent=sent).check_id
