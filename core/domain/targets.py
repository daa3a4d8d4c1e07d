"""This is the place where target bands are rows: how far, for whom, by which guideline, and how well the number was checked.

`status`: "verified" was read in the named text or in two independent ones; "digest" only in a machine-made digest; "memory"
from memory. Only verified rows are shown to patients, and only where a number may be shown without a clinician's word (LDL
goals may not: two readings of the 2026 guideline disagree). A person's own Goal outranks every row (core/trends/goals.py), and
laboratory values are read against the laboratory's own range, never against a row of this table alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VERIFIED, DIGEST, MEMORY = "verified", "digest", "memory"
HOME, OFFICE = "home", "office"


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` to `high` in `unit`; an open edge does not belong to the band ("below 135": high 135, open)."""

    low: float | None
    high: float | None
    unit: str
    low_open: bool = False
    high_open: bool = False

    def side(self, value: float) -> int:
        """-1 below the band, 0 within, 1 above."""
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return -1
        if self.high is not None and (value > self.high or (self.high_open and value == self.high)):
            return 1
        return 0


@dataclass(frozen=True, slots=True)
class Traits:
    """What decides which rows fit a person; None and "" mean unknown. `family` is a guideline family of FAMILIES."""

    age_years: int | None = None
    sex: str = ""
    diabetes: bool = False
    pregnant: bool = False
    family: str = "esh_2023"


@dataclass(frozen=True, slots=True)
class Who:
    """For whom a row holds: ages from (inclusive) to (exclusive), with diabetes on record, of one sex. Never in pregnancy."""

    from_age: int = 18
    to_age: int = 200
    diabetes: bool = False
    sex: str = ""

    def fits(self, traits: Traits) -> bool:
        """An unknown age or sex fits no row that asks for it."""
        if traits.pregnant or traits.age_years is None or not self.from_age <= traits.age_years < self.to_age:
            return False
        return (traits.diabetes or not self.diabetes) and self.sex in ("", traits.sex)


@dataclass(frozen=True, slots=True)
class Target:
    """One row: the signal, where it is measured ("home", "office" or anywhere), the band and where the numbers are from.

    `family` "" holds under every guideline family; `basis` names the citation in the catalogue (`basis.<basis>`)."""

    signal: str
    setting: str
    band: Band
    basis: str
    year: int
    status: str
    citation: str
    family: str = ""
    who: Who = Who()
    with_clinician_only: bool = False

    @property
    def shown_to_patients(self) -> bool:
        """Whether a screen may use the row."""
        return self.status == VERIFIED and not self.with_clinician_only


FAMILIES = ("china_2024", "esh_2023", "esc_2024", "aha_2025")
"""Guideline families for blood pressure and body size that can be chosen."""


def family_for(language: str) -> str:
    """The family that holds where nobody chose one: China 2024 for Chinese, else ESH 2023."""
    return "china_2024" if language.replace("_", "-").lower().startswith("zh") else "esh_2023"


def _below(high: float, unit: str) -> Band:
    return Band(None, high, unit, high_open=True)


_CHINA = "Chinese guidelines for the prevention and treatment of hypertension (2024 revision)"
_CHINA_2019 = "Chinese guideline on the primary prevention of cardiovascular diseases, Chinese Circulation Journal 2019;34(1)"
_ESH = "2023 ESH Guidelines for the management of arterial hypertension"
_ESC = "2024 ESC Guidelines for the management of elevated blood pressure and hypertension"
_AHA = "2025 AHA/ACC guideline on high blood pressure (home goal 130/80 as in 2017)"
_ADA = "American Diabetes Association, Standards of Care: glycaemic goals"
_CDS = "Chinese Diabetes Society: control targets for type 2 diabetes"
_CGM = "International consensus on time in range, Diabetes Care 2019;42:1593"
_WST = "WS/T 428-2013 and Chinese guideline on the primary prevention of cardiovascular diseases, 2019"
_MM = "mm[Hg]"
_DIABETES, _OLD, _NOT_OLD = Who(diabetes=True), Who(from_age=80), Who(to_age=80)
_CGM_WHO = Who(to_age=65, diabetes=True)


def _pressure(setting: str, upper: float, lower: float, source: tuple[str, int, str], who: Who = Who()) -> tuple[Target, ...]:
    """Both halves of a blood pressure goal; the source is (family, year, citation)."""
    family, year, citation = source
    return tuple(
        Target(signal, setting, _below(high, _MM), family, year, VERIFIED, citation, family, who)
        for signal, high in (("sbp", upper), ("dbp", lower))
    )


_C, _H, _E, _A = (
    ("china_2024", 2024, _CHINA), ("esh_2023", 2023, _ESH), ("esc_2024", 2024, _ESC), ("aha_2025", 2025, _AHA),
)  # fmt: skip

TARGETS: tuple[Target, ...] = (
    *_pressure(HOME, 135, 85, _C), *_pressure(OFFICE, 140, 90, _C, _NOT_OLD), *_pressure(OFFICE, 150, 90, _C, _OLD),
    *_pressure(HOME, 135, 85, _H), *_pressure(OFFICE, 140, 90, _H),
    *_pressure(HOME, 135, 85, _E), *_pressure(OFFICE, 140, 90, _E),
    *_pressure(HOME, 130, 80, _A), *_pressure(OFFICE, 130, 80, _A),
    Target("hba1c", "", _below(7.0, "%"), "ada_goals", 2025, VERIFIED, _ADA, who=_DIABETES),
    Target("glucose_fasting", "", Band(79.28, 126.13, "mg/dL"), "cds_goals", 2020, VERIFIED, _CDS + " (4.4-7.0 mmol/L)",
           "china_2024", _DIABETES),
    *(Target("glucose_fasting", "", Band(80.0, 130.0, "mg/dL"), "ada_goals", 2025, VERIFIED, _ADA, family, _DIABETES)
      for family in FAMILIES[1:]),
    Target("cgm_tir", "", Band(70.0, None, "%", low_open=True), "cgm_2019", 2019, VERIFIED, _CGM, who=_CGM_WHO),
    Target("cgm_tbr2", "", _below(1.0, "%"), "cgm_2019", 2019, VERIFIED, _CGM, who=_CGM_WHO),
    Target("cgm_tar2", "", _below(5.0, "%"), "cgm_2019", 2019, VERIFIED, _CGM, who=_CGM_WHO),
    Target("cgm_cv", "", Band(None, 36.0, "%"), "cgm_2019", 2019, VERIFIED, _CGM, who=_CGM_WHO),
    Target("bmi", "", Band(18.5, 24.0, "kg/m2", high_open=True), "china_bmi", 2019, VERIFIED, _WST, "china_2024"),
    Target("waist", "", _below(90.0, "cm"), "china_waist", 2019, VERIFIED, _WST, "china_2024", Who(sex="male")),
    Target("waist", "", _below(85.0, "cm"), "china_waist", 2019, VERIFIED, _WST, "china_2024", Who(sex="female")),
    *(Target("bmi", "", Band(18.5, 25.0, "kg/m2", high_open=True), "who_bmi", 2000, MEMORY, "WHO Technical Report 894", family)
      for family in FAMILIES[1:]),
    Target("spo2", "", Band(95.0, None, "%"), "spo2_home", 2021, MEMORY, "NHS England, pulse oximetry to detect early deterioration"),
    Target("hr", "", Band(60.0, 100.0, "/min"), "hr_adult", 0, MEMORY, "Common adult range at rest"),
    Target("ldl", "", _below(131.5, "mg/dL"), "china_ldl", 2019, VERIFIED, _CHINA_2019 + " (3.4 mmol/L, low and intermediate risk)",
           "china_2024", with_clinician_only=True),
)  # fmt: skip
"""Every row. The rows that are not shown to patients are kept so that nobody adds them again without checking them."""

SEVERE_PRESSURE = (180.0, 120.0)
"""At or above either number: measure again, and get help at once with symptoms (AHA/ACC 2025, severe hypertension)."""

LOW_SYSTOLIC = 90.0
"""At or below it no target table speaks of "fine" (NEWS2, RCP 2017: 3 points)."""

LOW_GLUCOSE = (54.0, 70.0)
"""mg/dL: below the first level 2, below the second level 1 hypoglycaemia in diabetes (ADA Standards of Care)."""


def targets_for(signal: str, setting: str, traits: Traits, rows: Iterable[Target] = TARGETS) -> Target | None:
    """The row to show for a person and a place of measuring, or None. Rows that may not be shown are never returned."""
    fitting = (row for row in rows if row.signal == signal and row.setting in ("", setting) and row.family in ("", traits.family))
    return next((row for row in fitting if row.shown_to_patients and row.who.fits(traits)), None)
