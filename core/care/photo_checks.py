"""This is the place where a person sends a photo of a skin spot or a wound: looked at, checked by a model where one may, kept, and handed to the team.

Whatever the check says, or doesn't, the photo goes to the team; a check never closes itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.care import alerts, check_asking, check_entries
from core.care.access import Action, Grant, allowed, require
from core.care.check_entries import Sent
from core.care.check_lines import as_shown, spot_lines, unseen
from core.care.check_views import ChecksView, KindOffered, Looked
from core.care.medicine_entries import room
from core.care.requests import has_team
from core.domain.check_media import CleanPhoto
from core.domain.checks import CHECK_MOVES, CHECKS_OPEN, PHOTO_KINDS, CheckKind, CheckState, KeptCheck, Spot, Step
from core.domain.people import Actor, Role
from core.emergency.matching import flags_in
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports


def view(ports: Ports, actor: Actor, person_id: str) -> ChecksView:
    """What is offered, the spots with their photos, recordings, and what the team answered."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    found = ports.store.checks((person_id,), grant.event("checks"))
    checks = as_shown(found, clinician=actor.role in (Role.COORDINATOR, Role.SYSTEM))
    spots = ports.store.spots(person_id, grant.event("spots"))
    known = {spot.spot_id for spot in spots}
    return ChecksView(
        tuple(_offered(ports, kind) for kind in CheckKind),
        spot_lines(spots, checks),
        tuple(check for check in checks if check.spot_id not in known),
        unseen(checks),
        allowed(actor.role, Action.SEND_CHECK),
        has_team(ports, person_id),
    )


def look(ports: Ports, actor: Actor, person_id: str, kind: CheckKind, content: bytes) -> Looked:
    """Take a photo in and say how good it is. Nothing is kept; its `content` is for `submit`. Raises FileRefused, BadInput, ModelUnavailable."""
    require(ports, actor, Action.SEND_CHECK, person_id)
    _photo_kind(kind)
    photo = check_asking.models(ports).photo(content)
    height, width = photo.pixels.shape[:2]
    sent = check_asking.models(ports).photo(
        photo.content
    )  # as `submit` will see it: encoded once more, and a photo at a limit could be judged otherwise
    quality = check_asking.models(ports).photo_quality(kind, sent)
    return Looked(kind, photo.content, sent.digest, quality, int(width), int(height), photo.taken_at)


def submit(ports: Ports, actor: Actor, person_id: str, kind: CheckKind, content: bytes, *, sent: Sent) -> KeptCheck:
    """Check a photo, keep it and hand it to the team. The same photo of the same spot again is the check there is. A note that speaks of danger raises an alert at once. Raises FileRefused; BadInput
    (photo_too_poor unless `sent.anyway`, photo_same where another one was asked for, too_many_waiting); NotFound for a spot or check there isn't."""
    grant = require(ports, actor, Action.SEND_CHECK, person_id)
    now = ports.clock.now()
    sent = check_entries.looked_at(kind, sent, now)
    photo = check_asking.models(ports).photo(content)
    before = ports.store.checks((person_id,), grant.event("checks"))
    asked = _asked(before, kind, sent.answers)
    spot_id = asked.spot_id if asked else _open_spot(ports, person_id, grant, kind, sent.spot_id)
    kept = next(
        (
            one
            for one in before
            if (one.kind, one.spot_id, one.digest) == (kind, spot_id, photo.digest) and one.state is not CheckState.WITHDRAWN
        ),
        None,
    )
    if kept is None:
        check_entries.room_for_one(before, sum(one.state in CHECKS_OPEN for one in before))
        made = _checked(ports, actor, (person_id, kind, spot_id), photo, sent)
        kept = ports.store.put_check(made[0], photo.content, made[1], grant.event(kind.value))
    if asked is not None:
        if kept.check_id == asked.check_id:
            raise BadInput("photo_same", place="photo", need="another photo")
        _retaken(ports, actor, grant, asked, now)
    if flags := flags_in(kept.note):
        alerts.raise_flag(ports, actor, person_id, flags, f"photo:{kept.check_id}")
    return _shown(actor, kept)


def withdraw(ports: Ports, actor: Actor, person_id: str, check_id: str) -> KeptCheck:
    """Take a check back that nobody has decided. Raises NotFound; Conflict where it was decided meanwhile."""
    grant = require(ports, actor, Action.SEND_CHECK, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    if CheckState.WITHDRAWN not in CHECK_MOVES[check.state]:
        raise Conflict("check_moved", check=check_id)
    return _shown(
        actor,
        ports.store.change_check(
            stepped(check, CheckState.WITHDRAWN, actor, ports.clock.now()), check.state, grant.event(check_id)
        ),
    )


def seen(ports: Ports, actor: Actor, person_id: str, check_id: str) -> KeptCheck:
    """Write down that the person has read what the team answered. Somebody who helps reading it is not the person. Raises NotFound."""
    grant = require(ports, actor, Action.SEND_CHECK, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    if actor.role is Role.CAREGIVER or check not in unseen((check,)):
        return _shown(actor, check)
    return _shown(actor, ports.store.change_check(replace(check, seen_at=ports.clock.now()), check.state, grant.event(check_id)))


def picture(ports: Ports, actor: Actor, person_id: str, check_id: str) -> bytes:
    """The photo as it was kept (JPEG; of a recording, NPZ). Raises NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    return ports.store.check_content(person_id, check_id, grant.event(check_id))


def overlay(ports: Ports, actor: Actor, person_id: str, check_id: str) -> bytes:
    """The heat map or the mask (PNG), b"" where there is none. Raises NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    return ports.store.check_overlay(person_id, check_id, grant.event(check_id))


def side_by_side(ports: Ports, actor: Actor, person_id: str, first_id: str, other_id: str) -> bytes | None:
    """The other photo laid on the first (JPEG), so that the two can be compared; None where that cannot be told or they are not of one spot. Raises NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    first, other = (ports.store.check(person_id, one, grant.event(one)) for one in (first_id, other_id))
    if first.kind not in PHOTO_KINDS or not first.spot_id or (first.kind, first.spot_id) != (other.kind, other.spot_id):
        return None
    contents = (ports.store.check_content(person_id, one, grant.event(one)) for one in (first_id, other_id))
    return check_asking.laid_alike(ports, first.kind, *contents)


def marker_sheet(ports: Ports, actor: Actor, person_id: str) -> bytes:
    """The page of squares to print (PDF): one laid beside a wound makes its size known. Raises ModelUnavailable where this house takes no photos in."""
    require(ports, actor, Action.SEND_CHECK, person_id)
    return check_asking.models(ports).marker_sheet()


def add_spot(ports: Ports, actor: Actor, person_id: str, spot: Spot) -> Spot:
    """Keep a new spot of this person: its kind, place, view, x, y and label; id and times are given here. Raises BadInput."""
    grant = require(ports, actor, Action.SEND_CHECK, person_id)
    cleaned = check_entries.spot_within(spot)
    room(ports.store.spots(person_id, grant.event("spots")), check_entries.MOST_SPOTS, "spots")
    made = replace(cleaned, spot_id="", person_id=person_id, created_at=ports.clock.now(), closed_at=None)
    return ports.store.put_spot(made, grant.event(spot.kind.value))


def close_spot(ports: Ports, actor: Actor, person_id: str, spot_id: str) -> Spot:
    """No more photos of this spot; those there are stay. Raises NotFound."""
    grant = require(ports, actor, Action.SEND_CHECK, person_id)
    spot = _spot(ports, person_id, grant, spot_id)
    return spot if spot.closed_at else ports.store.put_spot(replace(spot, closed_at=ports.clock.now()), grant.event(spot_id))


def stepped(check: KeptCheck, state: CheckState, actor: Actor, at: datetime, step: Step | None = None) -> KeptCheck:
    """A check one step on: in that state, by this actor, with what the step says."""
    said = step or Step(state, at, "", "")
    return replace(
        check, state=state, steps=(*check.steps, replace(said, state=state, at=at, by=name_of(actor), role=actor.role.value))
    )


def name_of(actor: Actor) -> str:
    return actor.display_name or actor.account_id


def _checked(ports: Ports, actor: Actor, of: tuple[str, CheckKind, str], photo: CleanPhoto, sent: Sent) -> tuple[KeptCheck, bytes]:
    """A new check of (person, kind, spot), and its second picture."""
    person_id, kind, spot_id = of
    if not sent.anyway:
        quality = check_asking.models(ports).photo_quality(kind, photo)
        if not quality.ok:
            raise BadInput("photo_too_poor", place="photo", need=" ".join(quality.reasons))
    checked, now = check_asking.of_photo(ports, kind, photo, sent.facts, sent.coin), ports.clock.now()
    state = check_asking.state_of(checked.result)
    made = KeptCheck(
        "", person_id, kind, state, now, name_of(actor), photo.digest, checked.result, spot_id, sent.facts, sent.note, photo.taken_at or sent.taken_at,
        sent.answers, check_asking.overlay_of(checked), (Step(state, now, name_of(actor), actor.role.value),), None, sent.coin,
    )  # fmt: skip
    return made, checked.overlay


def _retaken(ports: Ports, actor: Actor, grant: Grant, asked: KeptCheck, now: datetime) -> None:
    """The check that asked for another photo has got it. Where the team decided it meanwhile it stays decided: the new photo is kept all the same."""
    if asked.state is not CheckState.RETAKE_ASKED:
        return
    try:
        ports.store.change_check(stepped(asked, CheckState.RETAKEN, actor, now), asked.state, grant.event(asked.check_id))
    except Conflict:
        return


def _asked(before: Sequence[KeptCheck], kind: CheckKind, check_id: str) -> KeptCheck | None:
    if not check_id:
        return None
    found = next((one for one in before if (one.check_id, one.kind) == (check_id, kind)), None)
    if found is None:
        raise NotFound("check_not_found", check=check_id)
    return found


def _open_spot(ports: Ports, person_id: str, grant: Grant, kind: CheckKind, spot_id: str) -> str:
    if not spot_id:
        return ""
    spot = _spot(ports, person_id, grant, spot_id)
    if spot.kind is not kind or spot.closed_at is not None:
        raise BadInput("spot_closed", place="spot", need="an open spot of that kind")
    return spot_id


def _spot(ports: Ports, person_id: str, grant: Grant, spot_id: str) -> Spot:
    found = next((one for one in ports.store.spots(person_id, grant.event("spots")) if one.spot_id == spot_id), None)
    if found is None:
        raise NotFound("spot_not_found", spot=spot_id)
    return found


def _offered(ports: Ports, kind: CheckKind) -> KindOffered:
    card = check_asking.card_of(ports, kind)
    if card is None:
        return KindOffered(kind, False, False, "model_unavailable")
    on = check_asking.is_on(ports, kind, card)
    return KindOffered(kind, on, card.research, "" if on else "switched_off")


def _photo_kind(kind: CheckKind) -> None:
    if kind not in PHOTO_KINDS:
        raise BadInput("bad_choice", place="kind", need=" ".join(PHOTO_KINDS))


def _shown(actor: Actor, check: KeptCheck) -> KeptCheck:
    return as_shown((check,), clinician=actor.role is Role.SYSTEM)[0]
