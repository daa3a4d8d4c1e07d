"""This is the place where a person hands in a pulse recording: cut into ten seconds, each checked, kept as one check, and handed to the team."""

from __future__ import annotations

from core.care import check_asking, check_entries
from core.care.access import Action, require
from core.care.check_lines import as_shown
from core.care.photo_checks import name_of
from core.domain.checks import CHECKS_OPEN, CheckKind, CheckState, KeptCheck, Step
from core.domain.people import Actor, Role
from core.ports import Ports


def submit(
    ports: Ports, actor: Actor, person_id: str, name: str, content: bytes, rate: float | None = None
) -> tuple[KeptCheck, ...]:
    """Check a recording (a file's name and bytes; its rate in Hz where the file doesn't say), keep it as one check and hand it to the team. The same
    recording again is the check there is. Raises FileRefused; BadInput (too_many_waiting); ModelUnavailable where nothing can be taken in."""
    grant = require(ports, actor, Action.SEND_CHECK, person_id)
    signal = check_asking.models(ports).signal(name, content, rate)
    before = ports.store.checks((person_id,), grant.event("checks"))
    same = (CheckKind.RHYTHM, signal.digest)
    there = next((one for one in before if (one.kind, one.digest) == same and one.state is not CheckState.WITHDRAWN), None)
    if there is None:
        check_entries.room_for_one(before, sum(one.state in CHECKS_OPEN for one in before))
        checked, now = check_asking.of_signal(ports, signal), ports.clock.now()
        state = check_asking.state_of(checked.result)
        made = KeptCheck(
            "", person_id, CheckKind.RHYTHM, state, now, name_of(actor), signal.digest, checked.result,
            overlay=check_asking.overlay_of(checked), steps=(Step(state, now, name_of(actor), actor.role.value),),
        )  # fmt: skip
        there = ports.store.put_check(made, signal.content, checked.overlay, grant.event(CheckKind.RHYTHM.value))
    return as_shown((there,), clinician=actor.role is Role.SYSTEM)
