"""This is the place where blood pressures from home are averaged by the protocol, mornings and evenings apart, or it is said what is lacking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import EVER, sight_of
from core.care.sight import PRESSURE, Sight
from core.care.special_views import PressureView
from core.care.spots import Strands
from core.care.trends import TrendShelf
from core.care.views import Fact
from core.domain.people import Actor
from core.domain.targets import HOME
from core.ports import Ports
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.days import Settled, day_of, offsets
from core.trends.home_pressure import EVENING_FROM, Cuff, HomeMean, home_mean, over_target, pressure_pairs, weekly_variation
from core.trends.judgement import Declined
from core.trends.same import SAME_MOMENT_NS

_MORNING_NS = 4 * HOUR_NS

_Pairs = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def view(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, off: tuple[str, ...] = ()) -> PressureView:
    """The average at home, from the record's home readings and from cuffs."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, PictureQuery((PRESSURE,), "all", off=off), kept)
    strands = reader.strands(sight, ("sbp", "dbp"), EVER) if sight.streams.get("sbp") else ()
    cuff = _cuff(sight, [one for one in strands if not sight.is_off(one[0])])
    mean = home_mean(cuff, sight.wall(kept.made_at))
    weeks = weekly_variation(cuff)
    return PressureView(
        average=_declined(mean) if isinstance(mean, Declined) else _average(mean),
        halves=_halves(cuff, mean),
        weeks=_declined(weeks)
        if isinstance(weeks, Declined)
        else Fact(
            "pressure.weeks",
            {"sbp_cv": round(weeks.sbp_cv, 1), "dbp_cv": round(weeks.dbp_cv, 1), "n": weeks.weeks, "usual": weeks.usual_sbp},
        ),
        notes=_notes(cuff, mean, sight),
    )


def _cuff(sight: Sight, strands: Strands) -> Cuff:
    """All pairs on the wall clock, each measurement once: the record's home readings, and what devices tell beside them."""
    by_device: dict[str, dict[str, Settled]] = {}
    for stream, settled in strands:
        by_device.setdefault(sight.key(stream), {})[stream.signal] = settled
    devices = [_pairs(halves["sbp"], halves["dbp"]) for halves in by_device.values() if len(halves) == 2]
    pairs = sight.kept.readings.pressures
    home = pairs.measured & (pairs.sbp.setting == HOME) & (pairs.sbp.precision == "instant")
    at = pairs.sbp.time[home]
    local = at + offsets(at, sight.zone) if sight.zone and len(at) else at
    parts = [(local, pairs.sbp.value[home], pairs.dbp.value[home], np.zeros(len(at), dtype=np.uint8))]
    for told in devices:
        fresh = ~_known(parts, told)
        parts.append((told[0][fresh], told[1][fresh], told[2][fresh], told[3][fresh]))
    return Cuff.of(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _known(parts: Sequence[_Pairs], told: _Pairs) -> np.ndarray:
    """Mask of the pairs that somebody said before: both numbers alike, not more than a minute apart."""
    found = np.zeros(len(told[0]), dtype=bool)
    local, sbp, dbp = (np.concatenate([part[at] for part in parts]) for at in range(3))
    both, theirs = np.round(sbp) * 1000 + np.round(dbp), np.round(told[1]) * 1000 + np.round(told[2])
    for value in np.intersect1d(both, theirs):
        times, rows = np.sort(local[both == value]), np.flatnonzero(theirs == value)
        first, last = told[0][rows] - SAME_MOMENT_NS, told[0][rows] + SAME_MOMENT_NS
        found[rows] = np.searchsorted(times, last, "right") > np.searchsorted(times, first)
    return found


def _pairs(sbp: Settled, dbp: Settled) -> _Pairs:
    upper, lower = pressure_pairs(sbp.start, dbp.start)
    return sbp.local[upper], sbp.value[upper], dbp.value[lower], sbp.quality[upper] | dbp.quality[lower]


def _average(mean: HomeMean) -> Fact:
    days = {"start": day_of(mean.from_day).isoformat(), "end": day_of(mean.to_day).isoformat()}
    code = "pressure.average" if mean.by_protocol else "pressure.average_few"
    return Fact(
        code,
        {"sbp": mean.sbp, "dbp": mean.dbp, "unit": "mm[Hg]", "n": mean.readings, "days": mean.days, "kept": mean.kept_days, **days},
    )


def _halves(cuff: Cuff, mean: HomeMean | Declined) -> tuple[Fact, ...]:
    """Mornings and evenings of the same days."""
    if isinstance(mean, Declined):
        return ()
    day = cuff.local // DAY_NS
    inside = (day >= mean.from_day) & (day <= mean.to_day)
    morning = (cuff.local - _MORNING_NS) % DAY_NS < EVENING_FROM.value * HOUR_NS - _MORNING_NS
    found = []
    for code, half in (("pressure.mornings", morning), ("pressure.evenings", ~morning)):
        rows = inside & half
        if rows.sum() >= 2:
            sbp, dbp = (round(float(column[rows].mean())) for column in (cuff.sbp, cuff.dbp))
            found.append(Fact(code, {"sbp": sbp, "dbp": dbp, "unit": "mm[Hg]", "n": int(rows.sum())}))
    return tuple(found)


def _notes(cuff: Cuff, mean: HomeMean | Declined, sight: Sight) -> tuple[Fact, ...]:
    found = []
    if not isinstance(mean, Declined):
        above = over_target(mean, sight.kept.standards.traits)
        if isinstance(above, Declined):
            found.append(_declined(above))
        else:
            found.append(Fact("pressure.above" if above else "pressure.within", {}))
    if cuff.cuffless:
        found.append(Fact("pressure.cuffless", {"n": cuff.cuffless}))
    return tuple(found)


def _declined(why: Declined) -> Fact:
    return Fact(f"declined.{why.code}", dict(why.facts))
