"""This is the place where the models of checks are looked after: asked again when they were dead, switched on and off, and shown with how they do here."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from core.care import check_asking
from core.care.access import COMMAND_LINE, Action, allowed, require
from core.care.check_report import About, agreement_of, declined_of, drift_of
from core.care.check_views import ModelLine
from core.care.photo_checks import stepped
from core.domain.check_card import CheckCard
from core.domain.check_media import Checked
from core.domain.checks import CheckKind, CheckState, KeptCheck
from core.domain.people import Actor
from core.errors import Conflict, FileRefused, ModelUnavailable, NotFound, StoreDamaged
from core.ports import Ports

LOG = logging.getLogger("healthboard.worker")


def lines(ports: Ports, actor: Actor) -> tuple[ModelLine, ...]:
    """Every model with its card, whether it is on, and how it does in this house: counts only, of nobody in particular."""
    grant = require(ports, actor, Action.VIEW_MODELS)
    people = ports.store.people(None, grant.event("model_report"))
    about = {one.person_id: About(one.profile.birth_date, one.profile.gender) for one in people}
    found = ports.store.checks(tuple(about), grant.event("model_report")) if about else ()
    may_switch = allowed(actor.role, Action.SWITCH_MODEL)
    return tuple(
        _line(ports, kind, tuple(one for one in found if one.kind is kind), about, may_switch=may_switch) for kind in CheckKind
    )


def switch(ports: Ports, actor: Actor, kind: CheckKind, on: bool) -> None:
    """Switch a model on or off for everybody. Off, photos are kept and go to the team unchecked."""
    grant = require(ports, actor, Action.SWITCH_MODEL)
    ports.store.switch_model(kind.value, on, grant.event(f"{kind.value}_{'on' if on else 'off'}"))


def ask_again(ports: Ports, actor: Actor, limit: int) -> int:
    """Ask the models about up to so many checks of each kind that wait for one; how many have an answer now. The first one that still gets none ends the
    round of its kind. One that can't be read any more is passed over: the team has it in its queue all the same."""
    require(ports, actor, Action.RUN_CHECKS)
    answered = 0
    for kind in CheckKind:
        for person_id, check_id in ports.store.checks_without_answer(limit, (kind,)):
            try:
                done = _asked_again(ports, person_id, check_id)
            except (FileRefused, NotFound, StoreDamaged) as error:
                LOG.warning("The check %s can't be asked about again: %s", check_id, error.code)
                continue
            except ModelUnavailable:
                break
            except Conflict:
                continue  # somebody decided it meanwhile, or another worker was faster
            if not done:
                break
            answered += 1
    return answered


def _asked_again(ports: Ports, person_id: str, check_id: str) -> bool:
    """Whether there was an answer. Raises Conflict where the check doesn't wait any more."""
    grant = require(ports, COMMAND_LINE, Action.RUN_CHECKS, person_id)
    check = ports.store.check(person_id, check_id, grant.event(check_id))
    if check.state is not CheckState.WAITING_MODEL:
        raise Conflict("check_moved", check=check_id)
    checked = _checked(ports, check, ports.store.check_content(person_id, check_id, grant.event(check_id)))
    state = check_asking.state_of(checked.result)
    if state is CheckState.WAITING_MODEL:
        return False
    after = replace(check, result=checked.result, overlay=check_asking.overlay_of(checked))
    ports.store.change_check(
        stepped(after, state, COMMAND_LINE, ports.clock.now()), check.state, grant.event(check_id), overlay=checked.overlay
    )
    return True


def _checked(ports: Ports, check: KeptCheck, content: bytes) -> Checked:
    if check.kind is not CheckKind.RHYTHM:
        photo = replace(check_asking.models(ports).photo(content), content=content, digest=check.digest)
        return check_asking.of_photo(ports, check.kind, photo, check.facts, check.coin)
    return check_asking.of_signal(ports, check_asking.models(ports).signal("kept.npz", content))


def _line(
    ports: Ports, kind: CheckKind, checks: tuple[KeptCheck, ...], about: Mapping[str, About], *, may_switch: bool
) -> ModelLine:
    card: CheckCard | None = check_asking.card_of(ports, kind)
    on = check_asking.is_on(ports, kind, card)
    why = "model_unavailable" if card is None else "" if on else "switched_off"
    return ModelLine(
        kind, card, why, on, may_switch, len(checks), declined_of(checks), agreement_of(checks, about), drift_of(checks),
    )  # fmt: skip
