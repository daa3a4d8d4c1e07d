"""This is the place where it is gathered what a person is measured against: traits from the record, and goals of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.domain.codes import ICD10, ICD10CM, LOINC, SNOMED, Concept
from core.domain.records import PersonProfile, Record, Standing, Value
from core.domain.signals import SIGNALS, by_loinc
from core.domain.targets import FAMILIES, Band, Traits, family_for
from core.domain.time import PartialTime
from core.domain.units import convert

DIABETES = (frozenset({"73211009", "44054006", "46635009"}), ("E10", "E11", "E12", "E13", "E14"))
"""SNOMED codes and ICD-10 stems of diabetes mellitus (not prediabetes, not gestational)."""
PREGNANCY = (frozenset({"77386006", "72892002", "47200007", "16356006"}), ("Z33", "Z34", "Z3A", "O09"))
_PREGNANCY_STATUS = "82810-3"
_PREGNANCY_LASTS = timedelta(days=310)
_OVER = frozenset({"inactive", "remission", "resolved"})
_DOUBTED = frozenset({"refuted", "entered-in-error", "unconfirmed", "provisional", "differential"})
_LIVING_GOALS = frozenset({"accepted", "active", "in-progress", "sustaining", "on-target", "ahead-of-target", "behind-target"})
_LESS_IS_BETTER = frozenset({"sbp", "dbp", "hba1c", "ldl", "tc", "tg", "nonhdl", "glucose_fasting", "uacr", "phq9", "gad7"})


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A band a person and their clinician agreed on, in the signal's unit, and the Goal it stands in."""

    band: Band
    record_id: str


@dataclass(frozen=True, slots=True)
class Standards:
    """Who is judged, by which guideline family, and the goals that outrank it, by signal."""

    traits: Traits = field(default_factory=Traits)
    goals: Mapping[str, OwnGoal] = field(default_factory=dict)


def standards(records: Iterable[Record], profile: PersonProfile, now: datetime, family: str = "", language: str = "") -> Standards:
    """What holds for this person today. `family` is one of FAMILIES, else it follows the language."""
    current = [record for record in records if record.standing is Standing.CURRENT]
    problems = [
        r for r in current if r.item.kind == "Condition" and r.item.status not in _OVER and r.item.verification not in _DOUBTED
    ]
    traits = Traits(
        age_years=age_years(profile.birth_date, now.date()),
        sex=profile.gender,
        diabetes=any(_is(r.item.concept, DIABETES) for r in problems),
        pregnant=_pregnant(problems, current, now),
        family=family if family in FAMILIES else family_for(language),
    )
    return Standards(traits, own_goals(current))


def age_years(birth_date: str, today: date) -> int | None:
    """Full years of age; the youngest possible where only the year or month of birth is known; None where nothing is."""
    born = PartialTime.parse(birth_date)
    if born is None:
        return None
    last = born.local_date if born.precision in ("day", "instant") else (born.until - timedelta(days=1)).date()
    years = today.year - last.year - ((today.month, today.day) < (last.month, last.day))
    return years if 0 <= years <= 130 else None


def _is(concept: Concept, kind: tuple[frozenset[str], tuple[str, ...]]) -> bool:
    codes, stems = kind
    return any(
        (coding.system == SNOMED and coding.code in codes)
        or (coding.system.startswith((ICD10, ICD10CM)) and coding.code.upper().startswith(stems))
        for coding in concept.codings
    )


def _pregnant(problems: Iterable[Record], records: Iterable[Record], now: datetime) -> bool:
    if any(_is(r.item.concept, PREGNANCY) and _since(r, now) for r in problems):
        return True
    told = [
        r for r in records if r.item.kind == "Observation" and r.item.concept.code_in(LOINC) == _PREGNANCY_STATUS and _since(r, now)
    ]
    newest = max(told, key=lambda r: (PartialTime(r.item.start).earliest, r.record_id), default=None)
    return newest is not None and any(v.coding is not None and v.coding.code in PREGNANCY[0] for v in newest.item.values)


def _since(record: Record, now: datetime) -> bool:
    """Whether it began within the length of a pregnancy and is not over."""
    begun, over = PartialTime.parse(record.item.start), PartialTime.parse(record.item.end)
    return begun is not None and now - _PREGNANCY_LASTS <= begun.earliest <= now and (over is None or over.until > now)


def own_goals(records: Iterable[Record]) -> dict[str, OwnGoal]:
    """The living goals with a measurable target, the newest for each signal. A bare number sets a limit only where less is
    known to be better; elsewhere nobody said from which side it is meant, and it is left out."""
    found: dict[str, OwnGoal] = {}
    aims = [r for r in records if r.item.kind == "Goal" and r.item.status in _LIVING_GOALS and not r.item.see_original]
    for record in sorted(aims, key=lambda r: (r.item.start, r.record_id)):
        for value in record.item.values:
            signal = value.signal or _signal_of(value.concept)
            band = _band(signal, value) if signal in SIGNALS and not value.problem else None
            if band:
                found[signal] = OwnGoal(band, record.record_id)
    return found


def _signal_of(concept: Concept) -> str:
    row = by_loinc(concept.code_in(LOINC))
    return row.key if row else ""


def _band(signal: str, value: Value) -> Band | None:
    unit = SIGNALS[signal].unit

    def canonical(number: float | None) -> float | None:
        return None if number is None else convert(number, value.unit, unit, signal)

    if value.form == "range":
        low, high = canonical(value.low), canonical(value.high)
        return None if low is None and high is None else Band(low, high, unit)
    limit = canonical(value.number)
    if limit is None:
        return None
    if value.bound in ("<", "<=") or (not value.bound and signal in _LESS_IS_BETTER):
        return Band(None, limit, unit, high_open=value.bound == "<")
    return Band(limit, None, unit, low_open=value.bound == ">") if value.bound in (">", ">=") else None
