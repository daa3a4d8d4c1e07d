"""This is the place where sleep stages become nights on the screen: one night in its stages, many nights side by side, how regular they are."""

from __future__ import annotations

import numpy as np

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import counted, sight_of
from core.care.special_views import Night, SleepView
from core.care.trends import TrendShelf
from core.care.views import Fact
from core.domain.people import Actor
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends.days import Settled, day_of
from core.trends.judgement import Declined
from core.trends.sleep import Nights, Stages, nights, pieces
from core.trends.sleep_regularity import sleep_regularity

SIGNAL = "sleep_stage"


def view(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, query: PictureQuery, chosen: str = "") -> SleepView:
    """The nights of the query's stretch of time; `chosen` is the day (YYYY-MM-DD) on which the night to show ends, "" the newest."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, query, kept)
    stages = stages_of(counted(reader, sight, SIGNALS[SIGNAL], (sight.start, sight.end)))
    found = nights(stages)
    shown = tuple(_night(found, row) for row in range(len(found) - 1, -1, -1))
    night = next((one for one in shown if one.day == chosen), shown[0] if shown else None)
    cut = pieces(stages)
    inside = (cut.local_start < night.end) & (cut.local_end > night.start) if night else np.zeros(len(cut), dtype=bool)
    regular = sleep_regularity(stages)
    return SleepView(
        nights=shown,
        night=night,
        start=cut.local_start[inside],
        end=cut.local_end[inside],
        stage=cut.stage[inside],
        regularity=_declined(regular)
        if isinstance(regular, Declined)
        else Fact("sleep.regularity", {"value": round(regular.sri), "n": regular.nights}),
        said=_said(found),
    )


def stages_of(settled: Settled) -> Stages:
    """Settled samples of sleep_stage as entries of sleep."""
    return Stages(settled.start, settled.end, settled.local, settled.local_end, settled.value.astype(np.int64))


def _declined(why: Declined) -> Fact:
    return Fact(f"declined.{why.code}", dict(why.facts))


def _night(found: Nights, row: int) -> Night:
    efficiency = float(found.efficiency[row])
    minutes = {
        name: round(float(getattr(found, name)[row]), 1) for name in ("in_bed", "asleep", "awake", "light", "deep", "rem", "naps")
    }
    return Night(
        day=day_of(int(found.day[row])).isoformat(), start=int(found.local_start[row]), end=int(found.local_end[row]),
        staged=bool(found.staged[row]), awakenings=int(found.awakenings[row]),
        efficiency=None if np.isnan(efficiency) else round(efficiency, 1), **minutes,
    )  # fmt: skip


def _said(found: Nights) -> tuple[Fact, ...]:
    """How long, and how much it differs from night to night."""
    if not len(found):
        return ()
    hours = found.asleep / 60
    low, middle, high = (round(float(q), 1) for q in np.percentile(hours, (10, 50, 90)))
    facts: dict[str, str | int | float] = {"value": middle, "unit": "h", "n": len(found)}
    if len(found) < 5:
        return (Fact("sleep.median_few", facts),)
    return (Fact("sleep.median", {**facts, "least": low, "most": high}),)
