"""This is the place where the checks of one person are put in order: by spot, with the sizes of a wound over time, and what its newest decision is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.care.check_asking import for_the_person
from core.care.check_views import SpotLine
from core.domain.checks import CheckKind, CheckState, Finding, KeptCheck, Spot, Step
from core.trends.wounds import BEYOND_NOISE, Healing, healing

DECIDED = frozenset({CheckState.CONFIRMED, CheckState.OVERRULED, CheckState.RETAKE_ASKED})
"""Where the team has said something to the person."""
RETAKE_DAYS = 7
"""After so many days without the photo it asked for, a check is back before the team, so that it is not lost. Our own choice: long enough for a photo to be
made, short enough for a spot that worried somebody."""
_NO_SIZE = frozenset({CheckState.WITHDRAWN, CheckState.RETAKE_ASKED, CheckState.RETAKEN})
_NOT_OF_IT = frozenset({"wrong_place", "picture_unusable", "model_wrong"})
"""Why a measured size is not one, by what a clinician said."""


def spot_lines(spots: Sequence[Spot], checks: Sequence[KeptCheck]) -> tuple[SpotLine, ...]:
    """Every spot with its checks, the newest first; those still looked after before those that were closed, the last photographed first."""
    lines = [spot_line(spot, checks) for spot in spots]
    return tuple(sorted(lines, key=lambda line: (line.spot.closed_at is None, *_last(line)), reverse=True))


def spot_line(spot: Spot, checks: Sequence[KeptCheck]) -> SpotLine:
    mine = tuple(check for check in checks if check.spot_id == spot.spot_id)
    areas, unit = areas_of(mine) if spot.kind is CheckKind.WOUND else ((), "")
    return SpotLine(spot, mine, areas, unit, change_a_week(areas, unit))


def change_a_week(areas: Sequence[tuple[datetime, float]], unit: str) -> float | None:
    """Percent of change in a week: 0 where all there was is within what measuring alone can do, None where no direction may be named. Of cm2 alone:
    a share of the picture grows smaller when the camera is held farther away."""
    found = healing(areas, unit) if unit == "cm2" else None
    if not isinstance(found, Healing):
        return None
    if found.clear:
        return found.weekly
    return 0.0 if abs(areas[-1][1] / areas[0][1] - 1) * 100 <= BEYOND_NOISE.value else None


def areas_of(checks: Sequence[KeptCheck]) -> tuple[tuple[tuple[datetime, float], ...], str]:
    """(when, size) the oldest first, and the unit. Sizes in cm2 where two photos or all of them have one, else the shares of the pictures: the two are
    never joined, since a share says nothing of how far away the camera was."""
    found = sorted(
        (
            (taken_at(one), one.result.answer.area)
            for one in checks
            if isinstance(one.result.answer, Finding) and one.result.answer.area and _has_size(one)
        ),
        key=lambda pair: pair[0],
    )
    real = tuple((when, area.cm2) for when, area in found if area.cm2 is not None)
    if len(real) >= min(2, len(found)):
        return real, "cm2" if real else ""
    return tuple((when, area.share) for when, area in found), "share"


def taken_at(check: KeptCheck) -> datetime:
    """When the photo was made, as far as that is known, else when it was sent."""
    return check.taken_at or check.submitted_at


def last_decision(check: KeptCheck) -> Step | None:
    """What the team said last; None where it hasn't said anything."""
    return next((step for step in reversed(check.steps) if step.state in DECIDED), None)


def asked_at(check: KeptCheck) -> datetime | None:
    """When the team asked for another photo that it still waits for; None where it waits for none."""
    step = last_decision(check)
    return step.at if check.state is CheckState.RETAKE_ASKED and step is not None else None


def is_late(check: KeptCheck, now: datetime) -> bool:
    """Whether a photo was asked for more than RETAKE_DAYS ago."""
    asked = asked_at(check)
    return asked is not None and now - asked > timedelta(days=RETAKE_DAYS)


def unanswered(late: Sequence[KeptCheck], checks: Sequence[KeptCheck]) -> tuple[KeptCheck, ...]:
    """Of checks that asked for another photo, those since which none came, of the same spot or as the answer to it. `checks`: all of those people."""
    return tuple(one for one in late if not any(_came_since(one, other) for other in checks))


def unseen(checks: Sequence[KeptCheck]) -> tuple[KeptCheck, ...]:
    """What the team answered and the person has not put aside yet."""
    return tuple(check for check in checks if check.state in DECIDED and check.seen_at is None)


def as_shown(checks: Sequence[KeptCheck], *, clinician: bool) -> tuple[KeptCheck, ...]:
    """The checks as somebody may see them: what is for clinicians alone is left out for others."""
    return tuple(checks) if clinician else tuple(replace(check, result=for_the_person(check.result)) for check in checks)


def _has_size(check: KeptCheck) -> bool:
    decision = last_decision(check)
    return check.state not in _NO_SIZE and not (
        decision and decision.state is CheckState.OVERRULED and decision.reason in _NOT_OF_IT
    )


def _came_since(asked: KeptCheck, other: KeptCheck) -> bool:
    when = asked_at(asked)
    if when is None or other.submitted_at <= when or other.state is CheckState.WITHDRAWN:
        return False
    same = (other.person_id, other.kind, other.spot_id) == (asked.person_id, asked.kind, asked.spot_id)
    return other.answers == asked.check_id or (same and bool(asked.spot_id))


def _last(line: SpotLine) -> tuple[str, str]:
    newest = line.checks[0].submitted_at if line.checks else line.spot.created_at
    return newest.isoformat() if newest else "", line.spot.spot_id
