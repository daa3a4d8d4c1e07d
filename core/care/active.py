"""This is the place where steps written by the minute become active minutes: each day, and the last week beside what is aimed at."""

from __future__ import annotations

import numpy as np

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import counted, sight_of
from core.care.special_views import ActiveView
from core.care.trends import TrendShelf
from core.care.views import Fact
from core.domain.people import Actor
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends.activity import WEEKLY_AIM, active_days, active_week
from core.trends.columns import DAY_NS
from core.trends.judgement import Declined

_NOTHING = np.empty(0, dtype=np.int64)


def view(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, query: PictureQuery) -> ActiveView:
    """The days of the query's stretch of time, and its last seven days; or why nothing can be said."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, query, kept)
    steps = counted(reader, sight, SIGNALS["steps"], (sight.start, sight.end))
    grains = {stream.grain for stream in sight.streams.get("steps", ()) if not sight.is_off(stream)}
    grain = grains.pop() if len(grains) == 1 else ""
    days = active_days(steps.local, steps.end - steps.start, steps.value, kept.standards.traits.age_years, grain)
    if isinstance(days, Declined):
        return ActiveView(_NOTHING, _NOTHING, _NOTHING, declined=Fact(f"declined.{days.code}", dict(days.facts)))
    week = active_week(days, sight.wall(sight.end) // DAY_NS)
    if isinstance(week, Declined):
        said = Fact(f"declined.{week.code}", dict(week.facts))
    else:
        code = "active.week_reached" if week.reached else "active.week"
        said = Fact(
            code,
            {
                "moderate": week.moderate,
                "vigorous": week.vigorous,
                "credit": week.credit,
                "aim": int(WEEKLY_AIM.value),
                "days": week.days,
            },
        )
    return ActiveView(days.day * DAY_NS, days.moderate, days.vigorous, (said,))
