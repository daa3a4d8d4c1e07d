"""This is the place where one reading is judged: by whose measure, with which reason, and what to do. Never by default.

The order: too old to judge; what needs action at once (severe pressure, low glucose in diabetes, the laboratory's own critical
mark); the person's own goal; a verified guideline row; the laboratory's own mark and range; else "no target" is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from core.domain.signals import SIGNALS
from core.domain.targets import HOME, LOW_GLUCOSE, LOW_SYSTOLIC, OFFICE, SEVERE_PRESSURE, Band, targets_for
from core.trends.columns import DAY_NS, Series
from core.trends.freshness import stale_after_days
from core.trends.judgement import Judgement, Severity
from core.trends.standards import Standards

CRITICAL = frozenset({"HH", "LL", "AA"})
"""HL7 interpretation codes with which a laboratory marks a result as critical."""
_FLAGS: Mapping[str, str] = {
    "H": "judged.lab_high", "HU": "judged.lab_high", ">": "judged.lab_high", "L": "judged.lab_low", "LU": "judged.lab_low",
    "<": "judged.lab_low", "A": "judged.lab_abnormal",
}  # fmt: skip
_AT_ONCE_DAYS = 3.0
_GLUCOSE_AT_ONCE_DAYS = 1.0
_GLUCOSE = ("glucose", "glucose_fasting", "cgm_glucose")


@dataclass(frozen=True, slots=True)
class Row:
    """One reading in the signal's unit and its age in days."""

    signal: str
    value: float
    bound: str
    low: float | None
    high: float | None
    flag: str
    setting: str
    age_days: float

    @classmethod
    def of(cls, series: Series, at: int, now_ns: int) -> Row:
        """Row `at` of a series, as old as it is at `now_ns` (never negative)."""
        low, high = (None if isnan(edge) else float(edge) for edge in (series.low[at], series.high[at]))
        age = max(0.0, (now_ns - int(series.time[at])) / DAY_NS)
        return cls(
            series.signal, float(series.value[at]), series.bound[at], low, high, series.interpretation[at], series.setting[at], age
        )

    @property
    def lab_range(self) -> Band | None:
        """The reference range that came with the value, both edges belonging to it."""
        return None if self.low is None and self.high is None else Band(self.low, self.high, SIGNALS[self.signal].unit)


def judge(row: Row, standards: Standards) -> tuple[Judgement, Band | None]:
    """The judgement of one reading and the band it was held against."""
    facts: dict[str, str | int | float] = {"signal": row.signal, "value": row.value, "unit": SIGNALS[row.signal].unit}
    if row.bound:
        facts["bound"] = row.bound
    limit = stale_after_days(row.signal)
    if row.age_days > limit:
        return Judgement(Severity.UNKNOWN, "judged.stale", facts | {"days": int(row.age_days), "limit": int(limit)}), None
    urgent = _urgent(row, standards, facts)
    if urgent:
        return urgent, row.lab_range
    found = _target(row, standards)
    if found:
        band, basis = found
        return _by_band(row, band, facts | _edges(band) | {"basis": basis}), band
    return _by_lab(row, facts), row.lab_range


def judge_pressure(upper: Row, lower: Row, standards: Standards) -> tuple[Judgement, Band | None]:
    """The judgement of one blood pressure (both halves of one measurement); the band is that of the upper number."""
    facts: dict[str, str | int | float] = {
        "signal": "blood_pressure",
        "sbp": upper.value,
        "dbp": lower.value,
        "unit": SIGNALS["sbp"].unit,
    }
    limit = stale_after_days("sbp")
    if upper.age_days > limit:
        return Judgement(Severity.UNKNOWN, "judged.stale", facts | {"days": int(upper.age_days), "limit": int(limit)}), None
    if _severe(upper) or _severe(lower):
        return _severe_pressure(upper.age_days, facts), None
    if upper.flag in CRITICAL or lower.flag in CRITICAL:
        return Judgement(Severity.ACT_SOON, "judged.lab_critical", facts, "action.call_clinician"), None
    return _against_pressure_targets(upper, lower, standards, facts)


def _severe(half: Row) -> bool:
    limits = dict(zip(("sbp", "dbp"), SEVERE_PRESSURE, strict=True))
    return half.signal in limits and half.value >= limits[half.signal] and "<" not in half.bound


def _severe_pressure(age_days: float, facts: dict[str, str | int | float]) -> Judgement:
    """Act now while it may still be so; later, measure again and call."""
    facts = facts | {"sbp_limit": SEVERE_PRESSURE[0], "dbp_limit": SEVERE_PRESSURE[1], "days": int(age_days)}
    if age_days <= _AT_ONCE_DAYS:
        return Judgement(Severity.ACT_NOW, "judged.bp_severe", facts, "action.measure_again_then_get_help")
    return Judgement(Severity.ACT_SOON, "judged.bp_severe_earlier", facts, "action.measure_again_and_call")


def target_of(signal: str, setting: str, standards: Standards) -> tuple[Band, str] | None:
    """The band for a signal where it was measured, and whose it is: the person's own goal, else the guideline's row."""
    own = standards.goals.get(signal)
    if own:
        return own.band, "own_goal"
    row = targets_for(signal, setting, standards.traits)
    return (row.band, row.basis) if row else None


def _against_pressure_targets(
    upper: Row, lower: Row, standards: Standards, facts: dict[str, str | int | float]
) -> tuple[Judgement, Band | None]:
    setting = upper.setting
    found = [(target_of(half.signal, setting or OFFICE, standards), half) for half in (upper, lower)]
    if found[0][0] is None or found[1][0] is None:
        return Judgement(Severity.UNKNOWN, _why_no_target(standards), facts), None
    bands = [target[0] for target, _ in found if target]
    facts |= {"basis": found[0][0][1], "setting": setting}
    facts |= {f"{half.signal}_high": band.high for band, (_, half) in zip(bands, found, strict=True) if band.high is not None}
    if upper.bound or lower.bound:
        return Judgement(Severity.UNKNOWN, "judged.bound_undecided", facts), bands[0]
    sides = [band.side(half.value) for band, (_, half) in zip(bands, found, strict=True)]
    if 1 in sides:
        return Judgement(Severity.WATCH, "judged.bp_above_target", facts, "action.measure_more"), bands[0]
    if upper.value <= LOW_SYSTOLIC or -1 in sides:
        return Judgement(Severity.WATCH, "judged.bp_low", facts, "action.call_if_unwell"), bands[0]
    if not setting and _above_at_home(upper, lower, standards):
        return Judgement(Severity.UNKNOWN, "judged.bp_setting_unclear", facts), bands[0]
    return Judgement(Severity.FINE, "judged.in_target", facts), bands[0]


def _above_at_home(upper: Row, lower: Row, standards: Standards) -> bool:
    at_home = [(target_of(half.signal, HOME, standards), half.value) for half in (upper, lower)]
    return any(target is not None and target[0].side(value) > 0 for target, value in at_home)


def _why_no_target(standards: Standards) -> str:
    if standards.traits.pregnant:
        return "judged.no_target_pregnancy"
    return "judged.no_target_age" if standards.traits.age_years is None or standards.traits.age_years < 18 else "judged.no_target"


def _urgent(row: Row, standards: Standards, facts: dict[str, str | int | float]) -> Judgement | None:
    if _severe(row):
        return _severe_pressure(row.age_days, facts)
    if row.signal in _GLUCOSE and standards.traits.diabetes and ">" not in row.bound and row.value < LOW_GLUCOSE[1]:
        facts = facts | {"days": int(row.age_days), "limit_value": LOW_GLUCOSE[0] if row.value < LOW_GLUCOSE[0] else LOW_GLUCOSE[1]}
        if row.age_days > _GLUCOSE_AT_ONCE_DAYS:
            return Judgement(Severity.WATCH, "judged.glucose_was_low", facts, "action.show_at_next_visit")
        if row.value < LOW_GLUCOSE[0]:
            return Judgement(Severity.ACT_NOW, "judged.glucose_very_low", facts, "action.low_sugar_plan_now")
        return Judgement(Severity.ACT_SOON, "judged.glucose_low", facts, "action.low_sugar_plan")
    if row.flag in CRITICAL:
        return Judgement(
            Severity.ACT_SOON, "judged.lab_critical", facts | {"flag": row.flag} | _edges(row.lab_range), "action.call_clinician"
        )
    return None


def _target(row: Row, standards: Standards) -> tuple[Band, str] | None:
    if row.signal in ("sbp", "dbp") and not row.setting and row.signal not in standards.goals:
        return None  # a lone half from an unknown place fits neither the home nor the office row
    return target_of(row.signal, row.setting, standards)


def _by_band(row: Row, band: Band, facts: dict[str, str | int | float]) -> Judgement:
    if row.flag and row.flag not in ("N",):
        facts = facts | {"flag": row.flag}
    side = _side(row, band)
    if side is None:
        return Judgement(Severity.UNKNOWN, "judged.bound_undecided", facts)
    if side:
        return Judgement(
            Severity.WATCH, "judged.above_target" if side > 0 else "judged.below_target", facts, "action.show_at_next_visit"
        )
    return Judgement(Severity.FINE, "judged.in_target", facts)


def _by_lab(row: Row, facts: dict[str, str | int | float]) -> Judgement:
    """By the laboratory's mark and its range; where the two disagree the less comfortable one counts."""
    band = row.lab_range
    facts = facts | _edges(band) | ({"basis": "lab"} if band or row.flag else {})
    side = _side(row, band) if band else None
    if row.flag in _FLAGS:
        return Judgement(Severity.WATCH, _FLAGS[row.flag], facts | {"flag": row.flag}, "action.show_at_next_visit")
    if side:
        return Judgement(Severity.WATCH, "judged.lab_high" if side > 0 else "judged.lab_low", facts, "action.show_at_next_visit")
    if side == 0 or row.flag == "N":
        return Judgement(Severity.FINE, "judged.lab_normal", facts)
    return Judgement(Severity.UNKNOWN, "judged.bound_undecided" if band else "judged.no_target", facts)


def _side(row: Row, band: Band) -> int | None:
    """Where the reading lies; None where a limit value ("<5") leaves it open."""
    if not row.bound:
        return band.side(row.value)
    if row.bound in ("<", "<="):
        if band.low is not None and row.value <= band.low and (row.value < band.low or row.bound == "<"):
            return -1
        return 0 if band.high is not None and row.value <= band.high and not band.low else None
    if row.bound in (">", ">="):
        if band.high is not None and row.value >= band.high and (row.value > band.high or row.bound == ">" or band.high_open):
            return 1
        return 0 if band.high is None and band.low is not None and row.value >= band.low else None
    return None


def _edges(band: Band | None) -> dict[str, str | int | float]:
    if band is None:
        return {}
    return {name: edge for name, edge in (("low", band.low), ("high", band.high)) if edge is not None}
