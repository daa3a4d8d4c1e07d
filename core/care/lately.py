"""This is the place where the last weeks of a person's devices come together for Today: each signal beside what is usual, what changed.

Fast by what it leaves out: sixty days, one value a day, the quarter hours that the store prepared, never the samples of a whole day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import numpy as np

from core.care.access import Action, Grant, require
from core.care.freshness import revision as revision
from core.care.lately_views import LatelyTile, LatelyView, VendorFinding
from core.care.offers import group_of
from core.care.series import bounds, zone_named
from core.care.views import Fact
from core.domain.people import Actor, Preferences
from core.domain.records import SourceMark
from core.domain.samples import UNVALIDATED, SeriesChoices, Stream
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends.columns import DAY_NS, instant
from core.trends.conversion import facts_for, number_for, shown_as
from core.trends.day_slots import NIGHTLY
from core.trends.days import day_of, number_of, settle
from core.trends.judgement import Declined
from core.trends.mattering import Lately, choose, lately
from core.trends.overlap import resolve
from core.trends.periods import Periods, periods, periods_of_bins
from core.trends.summary import Difference

DAYS = 60
SHOWN_FOR = timedelta(days=30)
"""A signal whose last sample is older is not shown on Today."""
FINDINGS_FOR = timedelta(days=30)
SIGNALS_OF_TODAY = (
    "rhr", "hrv_rmssd", "hrv_sdnn", "steps", "sleep_stage", "sleep", "active_minutes", "hr", "spo2", "rr", "cgm_glucose", "skin_temp_change",
    "skin_temp", "distance", "energy_active", "energy_total", "vo2max", "body_fat",
)  # fmt: skip
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "hr": ("rhr",), "sleep": ("sleep_stage",), "hrv_sdnn": ("hrv_rmssd",), "distance": ("steps",), "energy_total": ("energy_active",),
    "skin_temp": ("skin_temp_change",), "active_minutes": (), "energy_active": ("steps",),
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
TELLING: Mapping[str, frozenset[str]] = {
    "rhythm_flag": frozenset({"irregular", "high_rate", "low_rate"}),
    "ecg": frozenset({"atrial_fibrillation", "high_rate", "low_rate"}),
}
"""What a vendor's software says that somebody should look at."""
_PRESSURE = ("sbp", "dbp")


@dataclass(frozen=True)
class _Desk:
    """What every tile needs."""

    ports: Ports
    grant: Grant
    person_id: str
    now: datetime
    today: date
    zone: tzinfo | None
    choices: SeriesChoices
    preferences: Preferences
    marks: Mapping[str, SourceMark]

    @property
    def span(self) -> tuple[datetime, datetime]:
        return bounds((self.today - timedelta(days=DAYS), self.today))

    def order(self, signal: str) -> tuple[str, ...]:
        chosen = dict(self.choices.order)
        return chosen.get(signal, chosen.get("*", ()))

    def leaves_out(self, stream: Stream) -> bool:
        known = self.marks.get(stream.source_id)
        return self.choices.leaves_out(stream.device, known.label if known else "")

    def mark(self, stream: Stream) -> SourceMark:
        known = self.marks.get(stream.source_id)
        return SourceMark(stream.source_id, known.kind if known else "file", stream.device or (known.label if known else ""))


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
    desk = _Desk(ports, grant, person_id, now, now.astimezone(zone or UTC).date(), zone, choices, preferences, marks)
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
        tiles=(*tiles, *_cuffless(desk, there)),
        changes=tuple(said for one in choose((one for one, _, _ in judged), _family) if (said := _change(desk, one))),
        findings=_findings(desk, there),
        known=sum(one.fresh and not isinstance(one.usual, Declined) for one, _, _ in judged),
    )


_Days = tuple[np.ndarray, np.ndarray]


def _daily(desk: _Desk, signal: str) -> tuple[_Days, tuple[SourceMark, ...]]:
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


def _tile(desk: _Desk, one: Lately, series: _Days, used: tuple[SourceMark, ...]) -> LatelyTile:
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


def _change(desk: _Desk, one: Lately) -> Fact | None:
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


def _cuffless(desk: _Desk, there: set[str]) -> tuple[LatelyTile, ...]:
    """The newest blood pressure that was measured without a cuff: shown as such, and held against nothing."""
    if not there & set(_PRESSURE):
        return ()
    found = desk.ports.store.strands(
        desk.person_id, _PRESSURE, desk.now - SHOWN_FOR, desk.now + timedelta(days=1), desk.grant.event("lately")
    )
    halves: dict[str, list[tuple[int, float, SourceMark]]] = {half: [] for half in _PRESSURE}
    for one in found:
        columns = one.columns.take(one.columns.usable & ((one.columns.quality & UNVALIDATED) != 0))
        settled = settle(columns, desk.zone)
        halves[one.stream.signal] += [
            (int(at), float(value), desk.mark(one.stream)) for at, value in zip(settled.start, settled.value, strict=True)
        ]
    lower = {at: value for at, value, _ in halves["dbp"]}
    pairs = sorted((at, value, lower[at], mark) for at, value, mark in halves["sbp"] if at in lower)
    if not pairs or instant(pairs[-1][0]) > desk.now + timedelta(days=1):
        return ()
    at, upper, low, mark = pairs[-1]
    spark = tuple((one[0] / 1e9, one[1]) for one in pairs[-30:])
    day = instant(at).astimezone(desk.zone or UTC).date()
    return (
        LatelyTile(
            "blood_pressure", "signal.blood_pressure", SIGNALS["sbp"].unit, 0, round(upper), day, "unjudged", Fact("caution.cuffless"),
            spark, None, (mark,), ("caution.cuffless",), round(low),
        ),
    )  # fmt: skip


def _findings(desk: _Desk, there: set[str]) -> tuple[VendorFinding, ...]:
    """What devices themselves said of the heart lately, the newest first."""
    asked = [signal for signal in TELLING if signal in there]
    if not asked:
        return ()
    found: dict[str, list[tuple[int, str]]] = {}
    strands = desk.ports.store.strands(
        desk.person_id, asked, desk.now - FINDINGS_FOR, desk.now + timedelta(days=1), desk.grant.event("lately")
    )
    for one in strands:
        if desk.leaves_out(one.stream):
            continue
        states = SIGNALS[one.stream.signal].states
        settled = settle(one.columns.take(one.columns.usable), desk.zone)
        for at, value in zip(settled.start.tolist(), settled.value.tolist(), strict=True):
            state = states[int(value)] if 0 <= int(value) < len(states) else ""
            if state in TELLING[one.stream.signal]:
                found.setdefault(f"finding.{one.stream.signal}.{state}", []).append((at, desk.mark(one.stream).label))
    made = [VendorFinding(code, instant(max(told)[0]).isoformat(), len(told), max(told)[1]) for code, told in found.items()]
    return tuple(sorted(made, key=lambda one: one.when, reverse=True))
