"""This is the place where two results are held against what the body and the laboratory vary by themselves (reference change value).

Two results differ for good only outside the reference change value (RCV), log-normal (Fokkema et al., Clin Chem 2006;52:1602):
with s^2 = ln(1 + CVI^2) + ln(1 + CVA^2), up 100 (exp(1.96 sqrt(2) s) - 1) and down 100 (exp(-1.96 sqrt(2) s) - 1) percent.
CVI, the variation within a person: EFLM data as collected by zwbao/longpi-mod (one secondary source). CVA, the laboratory's own
imprecision: half of CVI, the usual quality goal; none for means of a week at home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from types import MappingProxyType

from core.trends.judgement import Declined
from core.trends.published import SINGLE_SOURCE

_Z = 1.96
_SOURCE = "EFLM biological variation, read in zwbao/longpi-mod (one secondary source)"


@dataclass(frozen=True, slots=True)
class Variation:
    """One analyte: its name in the source, our signals, CVI and CVA in percent; `weekly`: holds for means of seven days only."""

    analyte: str
    signals: tuple[str, ...]
    cvi: float
    cva: float
    weekly: bool = False
    status: str = SINGLE_SOURCE
    source: str = _SOURCE

    @property
    def up(self) -> float:
        """Percent above which a rise is real."""
        return 100 * (exp(_Z * sqrt(2) * self._sigma) - 1)

    @property
    def down(self) -> float:
        """Percent (negative) below which a fall is real."""
        return 100 * (exp(-_Z * sqrt(2) * self._sigma) - 1)

    @property
    def _sigma(self) -> float:
        return sqrt(log(1 + (self.cvi / 100) ** 2) + log(1 + (self.cva / 100) ** 2))


def _lab(analyte: str, cvi: float, *signals: str) -> Variation:
    return Variation(analyte, signals, cvi, cvi / 2)


VARIATIONS: tuple[Variation, ...] = (
    _lab("albumin", 2.5, "albumin"),
    _lab("creatinine", 4.4, "creatinine"),
    _lab("glucose", 4.7, "glucose", "glucose_fasting"),
    _lab("hs-CRP", 29.4, "hscrp", "crp"),
    _lab("MCV", 0.75, "mcv"),
    _lab("RBC", 2.8, "rbc"),
    _lab("Hb", 2.71, "hb"),
    _lab("Hct", 2.71, "hct"),
    _lab("MCH", 0.85, "mch"),
    _lab("MCHC", 0.95, "mchc"),
    _lab("ALP", 5.3, "alp"),
    _lab("WBC", 10.01, "wbc"),
    _lab("lymphocytes", 10.13, "lymph"),
    _lab("HbA1c", 1.2, "hba1c"),
    _lab("total_cholesterol", 5.18, "tc"),
    _lab("LDL-C", 8.46, "ldl"),
    _lab("HDL-C", 5.67, "hdl"),
    _lab("triglycerides", 19.8, "tg"),
    _lab("25OHD", 6.3, "vitd"),
    _lab("ALT", 9.3, "alt"),
    _lab("GGT", 8.9, "ggt"),
    _lab("urate", 8.3, "uric_acid"),
    Variation("home_SBP_7day_mean", ("sbp",), 4.2, 0, weekly=True),
    Variation("home_DBP_7day_mean", ("dbp",), 3.9, 0, weekly=True),
    Variation("body_weight", ("weight",), 0.66, 0),
)

VARIATION_OF: Mapping[str, Variation] = MappingProxyType({signal: row for row in VARIATIONS for signal in row.signals})


@dataclass(frozen=True, slots=True)
class Change:
    """Two results compared: `verdict` is real_rise, real_fall or within; `percent` the change from the earlier one; `up` and `down` the
    percents beyond which it is real."""

    signal: str
    verdict: str
    percent: float
    row: Variation

    @property
    def up(self) -> float:
        return self.row.up

    @property
    def down(self) -> float:
        return self.row.down


def reference_change(signal: str, before: float, after: float, *, weekly_means: bool = False) -> Change | Declined:
    """Whether the later of two results differs for good from the earlier one. Both in one unit that starts at nothing (canonical,
    or any that differs from it by a factor; for HbA1c percent, not mmol/mol).

    Declines with no_variation (signal), with needs_week_means for a home blood pressure that is not the mean of seven days, and
    with not_positive where a result is zero or below."""
    row = VARIATION_OF.get(signal)
    if row is None:
        return Declined("no_variation", {"signal": signal})
    if row.weekly and not weekly_means:
        return Declined("needs_week_means", {"signal": signal, "need": 7})
    if not (before > 0 and after > 0):
        return Declined("not_positive", {"signal": signal})
    percent = 100 * (after / before - 1)
    verdict = "real_rise" if percent > row.up else "real_fall" if percent < row.down else "within"
    return Change(signal, verdict, percent, row)
