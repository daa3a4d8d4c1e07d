"""This is the place where all equations are found by their key."""

from __future__ import annotations

from collections.abc import Mapping

from core.risk import prevent
from core.risk.terms import Equation

_ROOMS = (prevent,)

EQUATIONS: Mapping[str, Equation] = {one.key: one for room in _ROOMS for one in room.EQUATIONS}
"""Every equation by its key, in the order in which they are listed."""
