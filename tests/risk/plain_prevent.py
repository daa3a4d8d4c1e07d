"""This is the place where PREVENT stands once more as plainly as it is printed: one person at a time, term by term. The fast one must agree with it."""

from __future__ import annotations

from math import exp, log

from core.risk.prevent import HORIZONS, PARTS
from core.risk.prevent_table import TABLES

Person = dict[str, float]


def terms(p: Person) -> dict[str, float]:
    """The terms of the base model of one person (supplement, tables S12)."""
    age = (p["age"] - 55) / 10
    hdl = (p["hdl"] * 0.02586 - 1.3) / 0.3
    non_hdl = (p["tc"] - p["hdl"]) * 0.02586 - 3.5
    above = (max(p["sbp"], 110) - 130) / 20
    heavy = (max(p["bmi"], 30) - 30) / 5
    low_egfr = (min(p["egfr"], 60) - 60) / -15
    return {
        "const": 1.0, "age": age, "age_sq": age**2, "nonhdl": non_hdl, "hdl": hdl, "sbp_lt110": (min(p["sbp"], 110) - 110) / 20, "sbp_ge110": above,
        "dm": p["diabetes"], "smoking": p["smoker"], "bmi_lt30": (min(p["bmi"], 30) - 25) / 5, "bmi_ge30": heavy, "egfr_lt60": low_egfr,
        "egfr_ge60": (max(p["egfr"], 60) - 90) / -15, "bptx": p["bp_treated"], "statin": p["statin"], "bptx_sbp_ge110": p["bp_treated"] * above,
        "statin_nonhdl": p["statin"] * non_hdl, "age_nonhdl": age * non_hdl, "age_hdl": age * hdl, "age_sbp_ge110": age * above,
        "age_dm": age * p["diabetes"], "age_smoking": age * p["smoker"], "age_bmi_ge30": age * heavy, "age_egfr_lt60": age * low_egfr,
    }  # fmt: skip


def risks(p: Person) -> dict[str, float]:
    """All ten outcomes of the base model for one person; no limit is looked at here."""
    mine, first = terms(p), len(PARTS) if p["sex"] == 1 else 0
    found = {}
    for years in HORIZONS:
        table = TABLES["base", years]
        for at, part in enumerate(PARTS):
            total = sum(table[name][first + at] * mine[name] for name in table)
            found[f"{part}_{years}yr"] = 1 / (1 + exp(-total))
    return found


def optional(p: Person) -> dict[str, float]:
    """The further terms of the extended models; None is "not known"."""
    diabetes, hba1c, uacr, decile = p["diabetes"], p.get("hba1c"), p.get("uacr"), p.get("sdi_decile")
    return {
        "hba1c_dm": 0.0 if hba1c is None else (hba1c - 5.3) * diabetes, "hba1c_nodm": 0.0 if hba1c is None else (hba1c - 5.3) * (1 - diabetes),
        "hba1c_missing": float(hba1c is None), "ln_uacr": 0.0 if uacr is None else log(uacr), "uacr_missing": float(uacr is None),
        "sdi_4_6": float(decile is not None and 4 <= decile <= 6), "sdi_7_10": float(decile is not None and decile >= 7),
        "sdi_missing": float(decile is None),
    }  # fmt: skip
