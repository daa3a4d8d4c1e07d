"""This is the place where all equations are found by their key."""

from __future__ import annotations

from collections.abc import Mapping

from core.risk import (
    body,
    china_par,
    diabetes_scores,
    falls,
    kdigo,
    kidney,
    kidney_failure,
    liver,
    mind,
    pce,
    prevent,
    rhythm,
    score2,
    warning,
)
from core.risk.terms import Equation

_ROOMS = (
    prevent, pce, score2, china_par, kidney, kidney_failure, kdigo, diabetes_scores, rhythm, liver, warning, mind, falls, body,
)  # fmt: skip

EQUATIONS: Mapping[str, Equation] = {one.key: one for room in _ROOMS for one in room.EQUATIONS}
"""Every equation by its key, in the order in which they are listed."""
