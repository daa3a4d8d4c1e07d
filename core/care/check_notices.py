"""This is the place where Today learns of checks: what the team answered and the person hasn't read, and for the team what waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from core.care.access import Grant
from core.care.check_lines import is_late, last_decision, unanswered, unseen
from core.care.views import Attention, Fact
from core.domain.checks import CHECKS_OPEN, SKIN_SOON, CheckState, Finding, KeptCheck
from core.domain.people import Actor, Role
from core.ports import Ports
from core.trends.judgement import Severity

_PRESSING_LABELS = SKIN_SOON | {"af", "vt", "svt"}
_TOLD = (*CHECKS_OPEN, CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.RETAKE_ASKED, CheckState.RETAKEN)


def notices(ports: Ports, actor: Actor, person_id: str, grant: Grant) -> tuple[Attention, ...]:
    """For the person and who helps: answers until they are read, and photos that are asked for until they come. For the team: what waits."""
    found = ports.store.checks((person_id,), grant.event("checks"), states=_TOLD)
    if actor.role not in (Role.PATIENT, Role.CAREGIVER):
        late = tuple(one for one in found if is_late(one, ports.clock.now()))
        waiting = sum(one.state in CHECKS_OPEN for one in found) + len(unanswered(late, found))
        return (_attention(Severity.WATCH, "attention.checks_waiting", "action.checks_waiting", waiting),) if waiting else ()
    return _answers(found, own=actor.role is Role.PATIENT)


def is_pressing(check: KeptCheck) -> bool:
    """Whether what the team said asks for a clinician soon: it agreed with such a hint, or found it more serious than the check did."""
    step = last_decision(check)
    if step is None or step.state is CheckState.RETAKE_ASKED:
        return False
    if step.state is CheckState.OVERRULED or step.label:
        return step.reason == "more_serious" or step.label in _PRESSING_LABELS
    answer = check.result.answer
    return isinstance(answer, Finding) and answer.decision in ("show_soon", "possible_irregular")


def _answers(checks: Sequence[KeptCheck], *, own: bool) -> tuple[Attention, ...]:
    retake = [one for one in checks if one.state is CheckState.RETAKE_ASKED]
    answered = [one for one in unseen(checks) if one not in retake]
    pressing = [one for one in answered if is_pressing(one)]
    other = [one for one in answered if one not in pressing]
    lines = []
    if pressing:
        code = "attention.check_soon_own" if own else "attention.check_soon"
        lines.append(_attention(Severity.ACT_SOON, code, "action.check_soon", len(pressing)))
    if retake:
        code = "attention.check_retake_own" if own else "attention.check_retake"
        lines.append(_attention(Severity.WATCH, code, "action.check_retake", len(retake)))
    if other:
        code = "attention.check_answered_own" if own else "attention.check_answered"
        lines.append(_attention(Severity.WATCH, code, "action.check_answer", len(other)))
    return tuple(lines)


def _attention(severity: Severity, code: str, action: str, n: int) -> Attention:
    return Attention(int(severity), Fact(code, {"n": n}), (), action)
