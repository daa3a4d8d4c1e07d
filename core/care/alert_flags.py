"""This is the place where words that need help at once become an alert: "my chest hurts" in a message is nothing to wait with until somebody reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.alerts.desk import Desk
from core.alerts.rules import NONE
from core.alerts.states import Alert, Entry, Event, Evidence, Kind, State, step
from core.emergency.flags import BY_KEY
from core.errors import BadInput
from core.trends.judgement import Severity

FLAGGED = "red_flag"
MOST_WHERE = 200


def family_of(where: str) -> str:
    return f"{FLAGGED}:{where}"


def where_of(family: str) -> str:
    """Where the words stood; "" for an alert that is about something else."""
    return family.removeprefix(f"{FLAGGED}:") if family.startswith(f"{FLAGGED}:") else ""


def flagged(desk: Desk, flags: Sequence[str], where: str, now: datetime) -> Desk:
    """The desk with an ACT_NOW alert about these signs. While one about the same place is open nothing new is raised: other signs join it, and one that somebody has
    taken already comes back, as it may be worse now. Raises BadInput for a sign that is none."""
    signs = tuple(dict.fromkeys(flags))
    if not signs or any(one not in BY_KEY for one in signs) or not where or len(where) > MOST_WHERE:
        raise BadInput("bad_choice", place="flags", need=" ".join(BY_KEY))
    evidence = tuple(Evidence(FLAGGED, now, 0.0, Severity.ACT_NOW, 0.0, facts=(("flag", one), ("where", where))) for one in signs)
    family = family_of(where)
    mine = next((one for one in desk.open() if one.family == family), None)
    if mine is None:
        return desk.with_alert(_raised(desk, family, evidence, now))
    new = tuple(one for one in evidence if _sign(one) not in {_sign(other) for other in mine.evidence})
    changed = replace(mine, evidence=(*mine.evidence, *new), spoke_at=now, looked_at=now)
    if new or mine.taken or mine.held_until is not None:
        worse = Event(f"{mine.alert_id}:worse:{len(mine.timeline)}", Kind.WORSENED, why=FLAGGED, severity=Severity.ACT_NOW)
        changed = step(changed, worse, now)
    return desk.with_alert(changed)


def _raised(desk: Desk, family: str, evidence: tuple[Evidence, ...], now: datetime) -> Alert:
    alert_id = f"{FLAGGED}-{desk.raised + 1}"
    raised = Entry(now, Kind.RAISED, State.RAISED, Severity.ACT_NOW, why=FLAGGED)
    return Alert(
        alert_id, family, NONE, "", State.RAISED, Severity.ACT_NOW, now, now, 0.0, 0.0, 0.0, (FLAGGED,), timeline=(raised,), seen=frozenset({f"{alert_id}:raised"}),
        spoke_at=now, looked_at=now, evidence=evidence,
    )  # fmt: skip


def _sign(one: Evidence) -> object:
    return dict(one.facts).get("flag")
