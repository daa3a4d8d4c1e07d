"""This is the place where a glucose sensor's days become the typical day, time in range and the numbers beside it, in the person's units."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import EVER, counted, sight_of
from core.care.special_views import AimMet, DayCurves, GlucoseView, Share
from core.care.trends import TrendShelf
from core.care.views import Fact
from core.domain.people import Actor, Preferences
from core.domain.signals import SIGNALS
from core.ports import Ports
from core.trends import glucose, glucose_profile
from core.trends.columns import instant, ns
from core.trends.conversion import number_for, shown_as
from core.trends.glucose import Glucose, GlucoseReport
from core.trends.glucose_profile import PERCENTILES
from core.trends.glucose_ranges import ADULT, RANGES, group_of
from core.trends.judgement import Declined
from core.trends.published import FROM_MEMORY

SIGNAL = "cgm_glucose"
DAYS = 14


def view(
    ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, off: tuple[str, ...] = (), until: datetime | None = None
) -> GlucoseView:
    """The newest fourteen days, up to `until` where one is given; or why there is nothing to say."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, PictureQuery((SIGNAL,), "all", off=off), kept)
    series = counted(reader, sight, SIGNALS[SIGNAL], EVER)
    readings = Glucose.of(series.start, series.local, series.value, series.quality)
    group = group_of(kept.standards.traits)
    end = ns(until) if until else None
    report = glucose.report(readings, group or ADULT, DAYS, end)
    shown = shown_as(SIGNAL, kept.preferences)
    if isinstance(report, Declined):
        return GlucoseView(
            shown.unit, shown.decimals, None, None, None, None, declined=Fact(f"declined.{report.code}", dict(report.facts))
        )
    curves = glucose_profile.profile(readings, DAYS, end)
    return GlucoseView(
        unit=shown.unit,
        decimals=shown.decimals,
        start=instant(report.start),
        end=instant(report.end),
        curves=None if isinstance(curves, Declined) else _curves(curves, kept.preferences),
        target=_target(report.group, kept.preferences),
        shares=tuple(_share(code, percent, report.group, kept.preferences) for code, percent in report.shares.items()),
        aims=_aims(report) if group else (),
        numbers=_numbers(report, kept.preferences),
    )


def _curves(found: glucose_profile.Profile, preferences: Preferences) -> DayCurves:
    shown = shown_as(SIGNAL, preferences)
    scale = _scale(preferences)
    return DayCurves(
        found.minute, PERCENTILES, np.round(found.percentiles * scale, max(shown.decimals, 1)), found.count, found.days
    )


def _scale(preferences: Preferences) -> float:
    """The person's unit for one mg/dL (the two units of glucose have the same zero)."""
    return 1 / 18.0182 if shown_as(SIGNAL, preferences).unit == "mmol/L" else 1.0


def _target(group: str, preferences: Preferences) -> tuple[float, float]:
    inside = next(row for row in RANGES[group] if row.code == "tir")
    low, high = (number_for(SIGNAL, float(edge or 0.0), preferences) for edge in (inside.low, inside.high))
    return low, high


def _share(code: str, percent: float, group: str, preferences: Preferences) -> Share:
    place = next(at for at, one in enumerate(RANGES[group]) if one.code == code)
    row = RANGES[group][place]
    below = row.high if row.low is not None else RANGES[group][place + 1].low  # the lowest range is said by where it ends
    low, high = (None if edge is None else number_for(SIGNAL, edge, preferences) for edge in (row.low, below))
    return Share(code, round(percent, 1), low, high)


def _aims(report: GlucoseReport) -> tuple[AimMet, ...]:
    found = []
    for one in glucose.aims_met(report):
        if one.aim.status == FROM_MEMORY:  # not checked against its source yet: nothing a patient is measured by
            continue
        below = one.aim.band.high is not None
        limit = one.aim.band.high if below else one.aim.band.low
        found.append(AimMet(one.aim.measure, round(one.value, 1), float(limit or 0.0), below, one.met))
    return tuple(found)


def _numbers(report: GlucoseReport, preferences: Preferences) -> tuple[Fact, ...]:
    """Mean, GMI, CV and how much was worn, each as a sentence."""
    unit, gmi_unit = shown_as(SIGNAL, preferences).unit, shown_as("cgm_gmi", preferences)
    mean: dict[str, str | int | float] = {"value": number_for(SIGNAL, report.mean, preferences), "unit": unit}
    interval = report.mean_interval
    if not isinstance(interval, Declined):
        mean |= {"low": number_for(SIGNAL, interval.low, preferences), "high": number_for(SIGNAL, interval.high, preferences)}
    gmi: dict[str, str | int | float] = {"value": number_for("cgm_gmi", report.gmi, preferences), "unit": gmi_unit.unit}
    facts = [
        Fact("glucose.mean_interval" if "low" in mean else "glucose.mean", mean),
        Fact("glucose.gmi", gmi),
        Fact("glucose.cv", {"value": round(report.cv, 1), "unit": "%"}),
        Fact(
            "glucose.wear",
            {"active": round(report.wear.active), "days": round(min(report.wear.span_days, DAYS)), "n": report.wear.readings},
        ),
    ]
    limits = report.below_limit + report.above_limit
    return (*facts, Fact("glucose.limits", {"n": limits})) if limits else tuple(facts)
