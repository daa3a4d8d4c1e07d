"""This is the place where the sample lives are listed: who, which desks, and the module that tells them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.samples.chart import Chart, Desk
from core.samples.lives import child, copd, depression, diabetes, heart_failure, hypertension, kidney, pregnancy, runner
from core.samples.lives.telling import Told


@dataclass(frozen=True, slots=True)
class Life:
    """One life: its first lines, its two desks, and `tell`, which writes its facts into a chart."""

    who: Told
    desks: tuple[Desk, Desk]
    tell: Callable[[Chart], None]


_TOLD = (hypertension, diabetes, heart_failure, copd, pregnancy, child, runner, kidney, depression)

LIVES = tuple(Life(module.WHO, module.DESKS, module.tell) for module in _TOLD)
"""All lives, in the order in which they are shown."""
