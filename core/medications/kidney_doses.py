"""This is the place where medicines are held against how the kidneys work and against potassium: rows with limits, asked of the newest values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from core.medications.cited import MEMORY, CitedSheet, Status, sound
from core.medications.facts import PersonFacts
from core.medications.findings import Finding, NotChecked, Severity, Taken
from core.medications.ingredients import is_member
from core.medications.kidney_function import ADULT, Clearance, clearance, newest, plausible
from core.medications.tables import Kind, Rules

POTASSIUM_OLD_DAYS = 183
"""House rule: potassium changes faster than the kidneys do."""
_POTASSIUM = (1.5, 10.0)
"""mmol/L, house: beyond them it is an error of the sample or of the entry."""
_UNITS = {"crcl": ("CrCl", "mL/min"), "egfr": ("eGFR", "mL/min/1.73 m²"), "potassium": ("K⁺", "mmol/L")}


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From where to where a row asks for something: `least` and `most` belong to it, `over` and `below` don't. `limit_mg` is the daily dose that is
    still fine there: nothing is said where the order is known to stay within it, and no more than CAUTION where its dose isn't known."""

    least: float | None = None
    over: float | None = None
    below: float | None = None
    most: float | None = None
    ask: Literal["avoid", "no_start", "reduce", "limit", "check", "potassium", "potassium_now", "potassium_start"]
    severity: int
    limit_mg: float | None = None
    status: Status | None = None

    def holds(self, value: float) -> bool:
        """Whether the value lies in it."""
        return (
            (self.least is None or value >= self.least) and (self.over is None or value > self.over)
            and (self.below is None or value < self.below) and (self.most is None or value <= self.most)
        )  # fmt: skip

    @property
    def words(self) -> str:
        """Its limits, as clinicians write them: "<30", "15–30", ">95"."""
        low = self.least if self.least is not None else self.over
        high = self.below if self.below is not None else self.most
        if low is None:
            return f"{'<' if self.below is not None else '≤'}{high:g}"
        if high is None:
            return f"{'≥' if self.least is not None else '>'}{low:g}"
        return f"{'>' if self.over is not None else ''}{low:g}–{'<' if self.below is not None else ''}{high:g}"


class TwoOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two of these three make a lower dose (apixaban): age at least, kg at most, creatinine at least in mg/dL."""

    age: int
    weight: float
    creatinine: float
    limit_mg: float
    severity: int


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule: for these medicines (ATC prefixes or ingredient keys, less `but_not`), by this measure, the first tier that holds."""

    id: str
    medicines: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    measure: Literal["crcl", "egfr", "potassium", "two_of"]
    tiers: tuple[Tier, ...] = ()
    two_of: TwoOf | None = None
    source: str
    status: Status | None = None


class KidneySheet(CitedSheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/kidney.json."""

    rows: tuple[Row, ...]


def _made(sheet: KidneySheet) -> KidneySheet:
    sound(sheet, ((row.id, row.source, tier.severity) for row in sheet.rows for tier in row.tiers[:1] or (row.two_of,) if tier))
    if any((row.measure == "two_of") != (row.two_of is not None) or (row.measure != "two_of" and not row.tiers) for row in sheet.rows):
        raise ValueError("a row without limits")
    return sheet


KIDNEY: Kind[KidneySheet] = Kind("kidney", KidneySheet, _made)


def check(rules: Rules, facts: PersonFacts) -> tuple[list[Finding], list[NotChecked]]:
    """Every row against every medicine it is about. Where the value is missing or too old, the medicine is not checked; nothing is put in its place."""
    findings: list[Finding] = []
    left: dict[NotChecked, None] = {}
    sheet = rules.of(KIDNEY)
    for medicine in facts.medicines:
        for row in sheet.rows:
            if not is_member(medicine, row.medicines) or is_member(medicine, row.but_not):
                continue
            found, why = _two_of(row, medicine, facts, sheet) if row.two_of else _by_value(row, medicine, facts, sheet)
            findings += [found] if found else []
            if why:
                left[NotChecked("kidney", medicine.title, why, medicine.medicine_id)] = None
    return findings, list(left)


def _by_value(row: Row, medicine: Taken, facts: PersonFacts, sheet: KidneySheet) -> tuple[Finding | None, str]:
    known = _potassium(facts) if row.measure == "potassium" else clearance(facts, row.measure)
    if known.value is None:
        return None, known.why
    late = "kidney_value_old" if known.old else ""
    tier = next((one for one in row.tiers if one.holds(known.value or 0.0)), None)
    if tier is None or _within(tier.limit_mg, medicine, facts):
        return None, late
    ask: str = tier.ask
    severity = tier.severity
    if tier.limit_mg is not None and _daily(medicine, facts) is None:
        ask, severity = "limit_unknown", min(severity, Severity.CAUTION)
    name, unit = _UNITS[row.measure]
    shown = f"{known.value:.1f}" if row.measure == "potassium" else f"{known.value:.0f}"
    said: dict[str, str | int | float] = {"result": f"{name} {shown} {unit}", "threshold": tier.words, "when": known.day.isoformat() if known.day else ""}
    if tier.limit_mg is not None:
        said["limit"] = tier.limit_mg
    return _finding(row, medicine, (ask, severity, tier.status), said, sheet), late


def _potassium(facts: PersonFacts) -> Clearance:
    """As clearances are answered, so that rows read both alike."""
    why = newest(facts.potassium, facts.day, "no_potassium_value", "potassium_value_old")
    if facts.age is not None and facts.age < ADULT:
        why = "child"
    if why or facts.potassium is None:
        return Clearance("potassium", None, why=why)
    if (facts.day - facts.potassium.day).days > POTASSIUM_OLD_DAYS:
        return Clearance("potassium", None, why="potassium_value_old")
    if not plausible(facts.potassium, _POTASSIUM):
        return Clearance("potassium", None, why="kidney_value_unclear")
    return Clearance("potassium", facts.potassium.value, facts.potassium.day)


def _two_of(row: Row, medicine: Taken, facts: PersonFacts, sheet: KidneySheet) -> tuple[Finding | None, str]:
    """Two of three: decided as soon as two are known to hold, or two known not to."""
    asked = row.two_of
    if asked is None or (facts.age is not None and facts.age < ADULT):
        return None, "child" if asked else ""
    why_weight = newest(facts.weight, facts.day, "no_weight", "weight_old")
    why_creatinine = newest(facts.creatinine, facts.day, "no_kidney_value", "kidney_value_old")
    held = (
        None if facts.age is None else facts.age >= asked.age,
        None if why_weight or facts.weight is None else facts.weight.value <= asked.weight,
        None if why_creatinine or facts.creatinine is None else facts.creatinine.value >= asked.creatinine,
    )
    if held.count(False) >= 2:
        return None, ""
    if held.count(True) < 2:
        return None, ("no_age" if held[0] is None else "") or why_weight or why_creatinine
    if _within(asked.limit_mg, medicine, facts):
        return None, ""
    met = " · ".join(text for text, one in zip((f"≥{asked.age} a", f"≤{asked.weight:g} kg", f"≥{asked.creatinine:g} mg/dL"), held, strict=True) if one)
    return _finding(row, medicine, ("two_of", asked.severity, None), {"result": met, "limit": asked.limit_mg}, sheet), ""


def _within(limit_mg: float | None, medicine: Taken, facts: PersonFacts) -> bool:
    """Whether the order is known to stay within the limit."""
    daily = _daily(medicine, facts)
    return limit_mg is not None and daily is not None and daily <= limit_mg


def _daily(medicine: Taken, facts: PersonFacts) -> float | None:
    """mg a day, where that is known. Of a combination it isn't known which of its ingredients the milligrams are of."""
    daily = facts.daily.get(medicine.medicine_id)
    return daily if daily is not None and daily > 0 and len(medicine.ingredients) == 1 else None


def _finding(
    row: Row, medicine: Taken, asked: tuple[str, int, Status | None], said: Mapping[str, str | int | float], sheet: KidneySheet
) -> Finding:
    ask, severity, status = asked
    source = sheet.sources[row.source].source(status or row.status or "")
    what = ask if ask in ("potassium", "potassium_now") else "soon" if severity >= Severity.SERIOUS else "ask"
    if source.status == MEMORY:
        what = "ask"
    return Finding(
        "kidney", row.id, Severity(severity), (medicine.medicine_id,), f"check.what.kidney.{what}", f"check.why.kidney.{ask}", source,
        {"medicine": medicine.title, **said}, for_patients=source.status != MEMORY and severity > Severity.INFO,
    )  # fmt: skip
