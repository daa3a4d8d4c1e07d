"""This is the place where the team looks at what people sent: a queue in clinical order, one check opened, and a decision that reaches the person.

Everything that waits is in the queue, and so is a check that asked for another photo which doesn't come. One that no model could answer stands before those
that look harmless, since a dead model is not a clean photo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from core.care import check_asking, check_entries
from core.care.access import Action, Grant, reach, require
from core.care.check_entries import Said
from core.care.check_lines import asked_at, is_late, spot_line, unanswered
from core.care.check_views import ReviewLine, ReviewView
from core.care.medicine_entries import known
from core.care.photo_checks import stepped
from core.domain.checks import CHECK_MOVES, CHECKS_OPEN, OVERRULE_REASONS, RETAKE_REASONS, CheckState, Declined, KeptCheck, Step
from core.domain.people import Actor
from core.emergency.matching import flags_in
from core.errors import BadInput, Conflict
from core.ports import Ports

RANKS = ("danger_words", "show_soon", "waiting_model", "declined", "retake_late", "routine")
"""The order of the queue."""
_PRESSING = frozenset({"show_soon", "possible_irregular"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits within somebody's reach: how many by rank, and the whole hours the oldest has waited (0: nothing waits)."""

    by_rank: Mapping[str, int]
    oldest_hours: int

    @property
    def total(self) -> int:
        return sum(self.by_rank.values())


def queue(ports: Ports, actor: Actor) -> tuple[ReviewLine, ...]:
    """Every check that waits, or that waits in vain for another photo, of everybody within reach: the most pressing first, the oldest first among equals."""
    grant = require(ports, actor, Action.REVIEW_QUEUE)
    within = None if grant.account is None else reach(ports, grant.account)
    people = ports.store.people(within, grant.event("review_queue"))
    names = {one.person_id: one.profile.name for one in people}
    now = ports.clock.now()
    found = _waiting(ports, grant, tuple(names), now) if names else ()
    return tuple(sorted((_line(one, names[one.person_id], now) for one in found), key=_place))


def waiting(ports: Ports, actor: Actor) -> Waiting:
    """The same as counts."""
    lines = queue(ports, actor)
    counts = {rank: sum(line.rank == rank for line in lines) for rank in RANKS}
    return Waiting(MappingProxyType(counts), max((line.hours for line in lines), default=0))


def opened(ports: Ports, actor: Actor, person_id: str, check_id: str) -> ReviewView:
    """One check with its spot's history and the model's card. Raises NotFound."""
    grant = require(ports, actor, Action.REVIEW_CHECK, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    person = ports.store.person(person_id, grant.event(check_id))
    spots = ports.store.spots(person_id, grant.event("spots")) if check.spot_id else ()
    spot = next((one for one in spots if one.spot_id == check.spot_id), None)
    others = ports.store.checks((person_id,), grant.event("checks"), kinds=(check.kind,)) if spot else ()
    line = _line(check, person.profile.name, ports.clock.now())
    return ReviewView(line, spot_line(spot, others) if spot else None, check_asking.card_of(ports, check.kind))


def confirm(ports: Ports, actor: Actor, person_id: str, check_id: str, *, label: str = "", text: str = "") -> KeptCheck:
    """Agree with what the check says. Where it said nothing there is nothing to agree with: then `text` (or a label) is needed, for the person must
    hear something. Raises BadInput, NotFound; Conflict where a colleague was faster."""
    grant = require(ports, actor, Action.REVIEW_CHECK, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    said = check_entries.said_within(check.kind, Said(label, "", text))
    if isinstance(check.result.answer, Declined) and not (said.text or said.label):
        raise BadInput("words_needed", place="text", need="words to the person")
    return _decided(ports, actor, grant, check, _step(ports, CheckState.CONFIRMED, said))


def overrule(ports: Ports, actor: Actor, person_id: str, check_id: str, said: Said) -> KeptCheck:
    """Say otherwise, with a reason of OVERRULE_REASONS. Raises BadInput, NotFound, Conflict."""
    grant = require(ports, actor, Action.REVIEW_CHECK, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    cleaned = check_entries.said_within(check.kind, said)
    known(cleaned.reason, OVERRULE_REASONS, "reason")
    return _decided(ports, actor, grant, check, _step(ports, CheckState.OVERRULED, cleaned))


def ask_retake(ports: Ports, actor: Actor, person_id: str, check_id: str, *, reason: str, text: str = "") -> KeptCheck:
    """Ask the person for another photo, with a reason of RETAKE_REASONS. Raises BadInput, NotFound, Conflict."""
    grant = require(ports, actor, Action.REVIEW_CHECK, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    said = check_entries.said_within(check.kind, Said("", reason, text))
    known(reason, RETAKE_REASONS, "reason")
    if reason == "something_else" and not said.text:
        raise BadInput("words_needed", place="text", need="what is to be different")
    return _decided(ports, actor, grant, check, _step(ports, CheckState.RETAKE_ASKED, said))


def rank_of(check: KeptCheck, now: datetime) -> str:
    """Why a check stands where it does in the queue: one of RANKS."""
    answer = check.result.answer
    if flags_in(check.note):
        return "danger_words"
    if is_late(check, now):
        return "retake_late"
    if check.state is CheckState.WAITING_MODEL:
        return "waiting_model"
    if isinstance(answer, Declined):
        return "declined"
    return "show_soon" if answer.decision in _PRESSING else "routine"


def _waiting(ports: Ports, grant: Grant, people: tuple[str, ...], now: datetime) -> tuple[KeptCheck, ...]:
    """What waits of these people; all their checks are read only where a photo that was asked for may not have come."""
    found = ports.store.checks(people, grant.event("review_queue"), states=(*CHECKS_OPEN, CheckState.RETAKE_ASKED))
    still = tuple(one for one in found if one.state in CHECKS_OPEN)
    late = tuple(one for one in found if is_late(one, now))
    if not late:
        return still
    whose = tuple(dict.fromkeys(one.person_id for one in late))
    return (*still, *unanswered(late, ports.store.checks(whose, grant.event("review_queue"))))


def _decided(ports: Ports, actor: Actor, grant: Grant, check: KeptCheck, step: Step) -> KeptCheck:
    if step.state not in CHECK_MOVES[check.state]:
        raise Conflict("check_moved", check=check.check_id)
    after = replace(stepped(check, step.state, actor, step.at, step), seen_at=None)
    return ports.store.change_check(after, check.state, grant.event(check.check_id))


def _step(ports: Ports, state: CheckState, said: Said) -> Step:
    return Step(state, ports.clock.now(), "", "", said.label, said.reason, said.text)


def _line(check: KeptCheck, name: str, now: datetime) -> ReviewLine:
    since = now - (asked_at(check) or check.submitted_at)
    return ReviewLine(check, name, max(0, int(since.total_seconds() // 3600)), rank_of(check, now))


def _place(line: ReviewLine) -> tuple[int, datetime, str]:
    return RANKS.index(line.rank), asked_at(line.check) or line.check.submitted_at, line.check.check_id
