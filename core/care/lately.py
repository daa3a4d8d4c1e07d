"""This is the place where the last weeks of a person's devices come together for Today: each signal beside what is usual, what changed.

Fast by what it leaves out: sixty days, one value a day, the quarter hours that the store prepared, never the samples of a whole day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

import numpy as np

from core.care.access import Action, require
from core.care.freshness import revision as revision
from core.care.lately_desk import DAYS, SHOWN_FOR, Desk
from core.care.lately_vendor import cuffless, findings
from core.care.lately_views import LatelyTile, LatelyView
from core.care.offers import group_of
from core.care.series import zone_named
from core.care.views import Fact
from core.domain.people import Actor
from core.domain.records import SourceMark
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends.columns import DAY_NS
from core.trends.conversion import facts_for, number_for, shown_as
from core.trends.day_slots import NIGHTLY
from core.trends.days import day_of, number_of, settle
from core.trends.judgement import Declined
from core.trends.mattering import Lately, choose, lately
from core.trends.overlap import resolve
from core.trends.periods import Periods, periods, periods_of_bins
from core.trends.summary import Difference

SIGNALS_OF_TODAY = (
    "rhr", "hrv_rmssd", "hrv_sdnn", "steps", "sleep_stage", "sleep", "active_minutes", "hr", "spo2", "rr", "cgm_glucose", "skin_temp_change",
    "skin_temp", "distance", "energy_active", "energy_total", "vo2max", "body_fat",
)  # fmt: skip
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "hr": ("rhr",), "sleep": ("sleep_stage",), "hrv_sdnn": ("hrv_rmssd",), "distance": ("steps",), "energy_total": ("energy_active",),
    "skin_temp": ("skin_temp_change",), "energy_active": ("steps",),
}  # fmt: skip
"""Left out where one of these is there: it says the same better."""
_FAMILY: Mapping[str, str] = {
    "hr": "pulse",
    "rhr": "pulse",
    "hrv_rmssd": "hrv",
    "hrv_sdnn": "hrv",
    "spo2": "breath",
    "rr": "breath",
}
_WHOLE_SHARE = {"average": 0.5, "cumulative": 0.25}
"""A day with less of its usual quarter hours than this is not whole and compared with nothing (our choice)."""


def view(ports: Ports, actor: Actor, person_id: str) -> LatelyView:
    """The last weeks, in the person's units; empty where no device sent anything."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    revision_now, now = ports.store.revision(person_id), ports.clock.now()
    event = grant.event("lately")
    choices = ports.store.series_choices(person_id)
    sources = ports.store.sources(person_id, event)
    labels = {one.source_id: one.label for one in sources}
    since = int((now - SHOWN_FOR).timestamp() * 1e9)
    streams = [
        s
        for s in ports.store.streams(person_id, event)
        if s.samples and s.last >= since and not choices.leaves_out(s.device, labels.get(s.source_id, ""))
    ]
    if not streams:
        return LatelyView(revision_now, now)
    preferences = ports.store.preferences(actor.account_id)
    zone = zone_named(choices.zone) or zone_named(preferences.timezone)
    marks = {one.source_id: SourceMark(one.source_id, one.kind, "" if one.kind == "manual" else one.label) for one in sources}
    desk = Desk(ports, grant, person_id, now, now.astimezone(zone or UTC).date(), zone, choices, preferences, marks)
    there = {one.signal for one in streams}
    daily = [
        (signal, *_daily(desk, signal))
        for signal in SIGNALS_OF_TODAY
        if signal in there and not there & set(_INSTEAD.get(signal, ()))
    ]
    judged = [
        (one, series, used) for signal, series, used in daily if (one := lately(signal, *series, number_of(desk.today))) is not None
    ]
    tiles = [_tile(desk, one, series, used) for one, series, used in judged]
    return LatelyView(
        revision=revision_now,
        made_at=now,
        tiles=tuple(sorted((*tiles, *cuffless(desk, there)), key=lambda tile: tile.standing == "old")),
        changes=tuple(said for one in choose((one for one, _, _ in judged), _family) if (said := _change(desk, one))),
        findings=findings(desk, there),
        known=sum(one.fresh and not isinstance(one.usual, Declined) for one, _, _ in judged),
    )


_Days = tuple[np.ndarray, np.ndarray]


def _daily(desk: Desk, signal: str) -> tuple[_Days, tuple[SourceMark, ...]]:
    """((days since 1970, values) of the whole days, the devices that tell of them)."""
    row, store, event = SIGNALS[signal], desk.ports.store, desk.grant.event("lately")
    order = desk.order(signal)
    if row.kind in _WHOLE_SHARE:
        bins = [one for one in store.bins(desk.person_id, [signal], *desk.span, event) if not desk.leaves_out(one.stream)]
        made, streams = periods_of_bins(bins, row, "1d", desk.zone, order), [one.stream for one in bins]
    else:
        found = store.strands(desk.person_id, [signal], *desk.span, event)
        strands = [(one.stream, settle(one.columns, desk.zone)) for one in found if not desk.leaves_out(one.stream)]
        made, streams = periods(resolve(strands, row, order), row, "1d"), [one for one, _ in strands]
    day = made.start // DAY_NS
    rows = (day >= number_of(desk.today) - DAYS) & _whole(made, row.kind, day, number_of(desk.today))
    used = sorted({at for row_at in np.flatnonzero(rows)[-7:] for at in made.sources[row_at]})
    marks = tuple(dict.fromkeys(desk.mark(streams[at]) for at in used))
    return (day[rows], made.value[rows]), marks


def _whole(made: Periods, kind: str, day: np.ndarray, today: int) -> np.ndarray:
    """Which days are whole: over, and told of for about as long as usual."""
    if kind not in _WHOLE_SHARE or not len(day):
        return np.ones(len(day), dtype=bool)
    over = day < today
    usual = float(np.median(made.covered[over])) if over.any() else 0.0
    return np.asarray(over & (made.covered >= _WHOLE_SHARE[kind] * usual))


def _tile(desk: Desk, one: Lately, series: _Days, used: tuple[SourceMark, ...]) -> LatelyTile:
    signal, preferences = _named(one.signal), desk.preferences
    shown = shown_as(signal, preferences)
    spark = tuple(
        (float(day) * 86_400 + 43_200, number_for(signal, float(value), preferences)) for day, value in zip(*series, strict=True)
    )
    usual = one.usual
    band = (
        None
        if isinstance(usual, Declined)
        else (number_for(signal, usual.low, preferences), number_for(signal, usual.high, preferences))
    )
    standing = _standing(one, spark[-1][1], band)
    return LatelyTile(
        signal=signal, label=f"signal.{signal}", unit=shown.unit, decimals=shown.decimals, value=spark[-1][1], day=day_of(one.last),
        standing=standing, said=_said(one, standing, band, shown.unit), spark=spark, band=band, sources=used,
    )  # fmt: skip


def _named(signal: str) -> str:
    """Hours asleep are called the same, whether the source gave stages or the sum."""
    return "sleep" if signal == "sleep_stage" else signal


def _standing(one: Lately, value: float, band: tuple[float, float] | None) -> str:
    if not one.fresh:
        return "old"
    if band is None or isinstance(one.usual, Declined):
        return "learning"
    far = "far_" if one.usual.stands_out else ""
    if value > band[1]:
        return f"{far}above"
    return f"{far}below" if value < band[0] else "usual"


def _said(one: Lately, standing: str, band: tuple[float, float] | None, unit: str) -> Fact:
    """How the last day compares with what is usual; or how many more days that needs."""
    if standing == "old":
        return Fact("lately.old")
    if isinstance(one.usual, Declined) or band is None:
        return Fact(
            "lately.learning_nights" if one.signal in NIGHTLY else "lately.learning_days",
            dict(one.usual.facts) if isinstance(one.usual, Declined) else {},
        )
    return Fact(
        f"lately.{standing}", {"signal": _named(one.signal), "unit": unit, "low": band[0], "high": band[1], "n": one.usual.days}
    )


def _change(desk: Desk, one: Lately) -> Fact | None:
    """A change as a sentence, in the person's unit."""
    matter, signal = one.matters, _named(one.signal)
    if matter is None:
        return None
    facts: dict[str, str | int | float] = {"signal": signal, "unit": SIGNALS[signal].unit, "when": day_of(one.last).isoformat()}
    if matter.code == "shifted" and isinstance(one.week, Difference):
        edges = sorted((abs(one.week.low), abs(one.week.high)))
        facts |= {"from_value": one.week.before, "to_value": one.week.after, "low": edges[0], "high": edges[1]}
    elif not isinstance(one.usual, Declined) and one.usual.value is not None:
        facts |= {"value": one.usual.value, "low": one.usual.low, "high": one.usual.high}
    return Fact(f"lately.{matter.code}_{'up' if matter.up else 'down'}", dict(facts_for(facts, desk.preferences)))


def _family(signal: str) -> str:
    """Signals that tell of the same thing are told of once."""
    return _FAMILY.get(signal) or group_of(signal)
