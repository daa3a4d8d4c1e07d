"""This is the place where the pulse at night is looked at for a rise that lasts (NightSignal), from the samples of the heart and the steps."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import counted, sight_of
from core.care.special_views import RestingView
from core.care.trends import TrendShelf
from core.care.views import Fact
from core.domain.people import Actor
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends.columns import DAY_NS
from core.trends.days import day_of
from core.trends.judgement import Declined
from core.trends.nightsignal import LEARNING, RED, YELLOW, nightly_heart_rate, resting_alerts

DAYS = 180
"""The baseline is the median of all nights of so many days: what is older says little of today (our choice)."""
_CODES = {LEARNING: "resting.learning", YELLOW: "resting.raised", RED: "resting.clearly_raised"}
_NOTHING = np.empty(0, dtype=np.int64)


def view(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, off: tuple[str, ...] = ()) -> RestingView:
    """The nights of the last half year; or why there is nothing to say."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, PictureQuery(("hr",), "all", off=off), kept)
    span = (sight.end - timedelta(days=DAYS), sight.end)
    heart, steps = (counted(reader, sight, SIGNALS[signal], span) for signal in ("hr", "steps"))
    nights = nightly_heart_rate(heart.local, heart.value, steps.local, steps.local_end, steps.value)
    found = nights if isinstance(nights, Declined) else resting_alerts(nights)
    if isinstance(found, Declined):
        lacking = Fact(f"declined.{found.code}", dict(found.facts))
        return RestingView(_NOTHING, _NOTHING, _NOTHING, _NOTHING, _NOTHING.astype(bool), declined=lacking)
    level = int(found.level[-1])
    rate, baseline = int(found.heart_rate[-1]), int(found.baseline[-1])
    facts: dict[str, str | int | float] = {"value": rate, "usual": baseline, "unit": "/min", "above": rate - baseline}
    said = Fact(
        _CODES.get(level, "resting.as_usual"), {**facts, "when": day_of(int(found.day[-1])).isoformat(), "n": len(found.day)}
    )
    return RestingView(found.day * DAY_NS, found.heart_rate, found.baseline, found.level, found.filled, (said,))
