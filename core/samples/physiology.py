"""This is the place where the numbers of a sample life are made to agree with one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import fmean, pstdev

UMOL_PER_MG_CREATININE = 88.4
MG_PER_MMOL_GLUCOSE = 18.0182


def age_in_years(birth: date, day: date) -> int:
    """Completed years of age on that day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def bmi(weight_kg: float, height_cm: float) -> float:
    """Body mass index in kg/m2, to one decimal."""
    return round(weight_kg / (height_cm / 100) ** 2, 1)


def egfr(creatinine_mg_dl: float, age: int, female: bool) -> int:
    """Estimated GFR in mL/min/{1.73_m2}, rounded (CKD-EPI 2021 creatinine equation, Inker 2021, NEJM 385:1737)."""
    kappa, alpha = (0.7, -0.241) if female else (0.9, -0.302)
    ratio = creatinine_mg_dl / kappa
    result = 142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age
    return round(result * (1.012 if female else 1.0))


def mean_glucose_mmol(hba1c_percent: float) -> float:
    """The average glucose an HbA1c stands for, in mmol/L (Nathan 2008, Diabetes Care 31:1473)."""
    return 1.59 * hba1c_percent - 2.59


def glucose_management_indicator(mean_mg_dl: float) -> float:
    """GMI in per cent from the mean sensor glucose in mg/dL (Bergenstal 2018, Diabetes Care 41:2275)."""
    return round(3.31 + 0.02392 * mean_mg_dl, 1)


def friedewald_mg_dl(total: float, hdl: float, triglycerides: float) -> float:
    """LDL cholesterol in mg/dL (Friedewald 1972), valid below triglycerides of 400 mg/dL."""
    return total - hdl - triglycerides / 5


def friedewald_mmol(total: float, hdl: float, triglycerides: float) -> float:
    """LDL cholesterol in mmol/L (Friedewald 1972), valid below triglycerides of 4.5 mmol/L."""
    return total - hdl - triglycerides / 2.2


def due_date_days() -> int:
    """Days from the first day of the last period to the estimated delivery (Naegele's rule)."""
    return 280


def glucose_summary_mmol(samples: Sequence[float]) -> dict[str, float]:
    """Sensor-glucose summary of samples in mmol/L: the shares in per cent of Battelino 2019 (Diabetes Care 42:1593)."""
    count, mean = len(samples), fmean(samples)

    def share(low: float, high: float) -> float:
        return round(100 * sum(low <= value < high for value in samples) / count, 1)

    return {
        "cgm_mean": round(mean, 1),
        "cgm_cv": round(100 * pstdev(samples) / mean, 1),
        "cgm_gmi": glucose_management_indicator(mean * MG_PER_MMOL_GLUCOSE),
        "cgm_very_low": share(0, 3.0),
        "cgm_low": share(3.0, 3.9),
        "cgm_in_range": share(3.9, 10.05),
        "cgm_high": share(10.05, 13.95),
        "cgm_very_high": share(13.95, 100),
    }
