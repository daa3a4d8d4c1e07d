"""This is the place where the SCORE2 family is: SCORE2, SCORE2-OP for the old, SCORE2-Diabetes, and SCORE2 Asia-Pacific.

All four are a sum of centred inputs, a baseline of each sex, and a recalibration to the region where somebody lives; coefficients and papers are in
score2_table.py. Nobody publishes limits for the measurements, so only what is impossible in a living adult is refused; ages are the papers'.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.risk.links import log_hazard, survival
from core.risk.score2_table import ASIA_PACIFIC, DIABETES, EUROPE, EUROPE_OLDER, OLDER, SCORE2, Pair
from core.risk.terms import Band, Columns, Computed, Equation, Fault, Input, Outcome, Rule, Thresholds, excluded, flag
from core.risk.vocabulary import SCORE2_REGIONS

_CITED = {
    "score2": "SCORE2 working group. Eur Heart J 2021;42:2439-2454, doi:10.1093/eurheartj/ehab309",
    "score2_op": "SCORE2-OP working group. Eur Heart J 2021;42:2455-2467, doi:10.1093/eurheartj/ehab312",
    "score2_diabetes": "SCORE2-Diabetes Working Group. Eur Heart J 2023;44:2544-2556, doi:10.1093/eurheartj/ehad260",
    "score2_asia_pacific": "SCORE2 Asia-Pacific writing group. Eur Heart J 2025, doi:10.1093/eurheartj/ehae609",
}


def _person(low: int, high: int) -> tuple[Input, ...]:
    return (
        Input("sex", "sex"),
        Input("age", "number", "a", low, high, "published"),
        Input("score2_region", "choice", choices=SCORE2_REGIONS, column="region"),
        flag("smoker", modifiable=True, also=("smoking",)),
        Input("sbp", "number", "mm[Hg]", 60, 280, modifiable=True),
        Input("tc", "number", "mmol/L", 1.3, 15.5, column="tc_mmol", modifiable=True, also=("tc",)),
        Input("hdl", "number", "mmol/L", 0.13, 3.87, column="hdl_mmol", also=("hdl",)),
    )


_APART = (flag("cvd_known", required=False), flag("pregnant", required=False))
_RULES = (
    excluded("cvd_known"),
    excluded("pregnant"),
    Rule(Fault("hdl_above_total", "hdl"), ("tc", "hdl"), lambda columns: columns["hdl"] >= columns["tc"]),
)
_OF_TYPE_2 = (
    Rule(Fault("only_for", "diabetes"), ("diabetes",), lambda columns: columns["diabetes"] == 0),
    excluded("diabetes_type1"),
    Rule(Fault("later_than_now", "age_at_diabetes"), ("age", "age_at_diabetes"), lambda columns: columns["age_at_diabetes"] > columns["age"]),
)
_DIABETES_INPUTS = (
    Input("age_at_diabetes", "number", "a", 0, 69, also=("age_at_dx", "diabetes_age")),
    Input("hba1c", "number", "mmol/mol", 10, 195, column="hba1c_mmol", modifiable=True, also=("hba1c_mmol_mol", "hba1c")),
    Input("egfr", "number", "mL/min/{1.73_m2}", 2, 200),
    flag("diabetes", required=False, also=("dm",)),
    flag("diabetes_type1", required=False),
)

_ESC_2021 = "ESC 2021 prevention (10.1093/eurheartj/ehab484), apparently healthy people of {ages}"


def _esc_2021(key: str, ages: tuple[float, float], said: str, high: float, very_high: float) -> Thresholds:
    bands = (Band("low_to_moderate", None, "fine"), Band("high", high, "watch"), Band("very_high", very_high, "soon"))
    return Thresholds(key, "cvd_10yr", _ESC_2021.format(ages=said), bands, "verified", ages)


ESC_UNDER_50 = _esc_2021("esc_2021_under_50", (40, 50), "under 50", 0.025, 0.075)
ESC_50_TO_69 = _esc_2021("esc_2021_50_to_69", (50, 70), "50 to 69", 0.05, 0.10)
ESC_FROM_70 = _esc_2021("esc_2021_from_70", (70, 90), "70 and over", 0.075, 0.15)
ESC_DIABETES = Thresholds(
    "esc_2023_diabetes", "cvd_10yr", "ESC 2023 diabetes (10.1093/eurheartj/ehad192), figure 3",
    (Band("low", None, "fine"), Band("moderate", 0.05, "watch"), Band("high", 0.10, "watch"), Band("very_high", 0.20, "soon")), "unchecked",
)  # fmt: skip
"""Read in the description of one program only."""


def _in_fives(columns: Columns) -> dict[str, np.ndarray]:
    """As SCORE2 centres and scales its inputs."""
    return {
        "age": (columns["age"] - 60.0) / 5.0,
        "smk": columns["smoker"],
        "sbp": (columns["sbp"] - 120.0) / 20.0,
        "tc": columns["tc"] - 6.0,
        "hdl": (columns["hdl"] - 1.3) / 0.5,
    }


def _asian(columns: Columns) -> dict[str, np.ndarray]:
    return _in_fives(columns) | {"dm": columns["diabetes"]}


def _older(columns: Columns) -> dict[str, np.ndarray]:
    return {
        "age": columns["age"] - 73.0,
        "dm": columns["diabetes"],
        "smk": columns["smoker"],
        "sbp": columns["sbp"] - 150.0,
        "tc": columns["tc"] - 6.0,
        "hdl": columns["hdl"] - 1.4,
    }


def _type_2(columns: Columns) -> dict[str, np.ndarray]:
    """Everybody it is for has diabetes, so its term is always there."""
    egfr = (np.log(columns["egfr"]) - 4.5) / 0.15
    return _in_fives(columns) | {
        "dm": np.ones_like(egfr),
        "dm_agediab": (columns["age_at_diabetes"] - 50.0) / 5.0,
        "hba1c": (columns["hba1c"] - 31.0) / 9.34,
        "egfr": egfr,
        "egfr_sq": egfr * egfr,
    }


def _computing(
    table: Mapping[str, Pair], regions: Mapping[str, Mapping[str, Pair]], centred: Callable[[Columns], dict[str, np.ndarray]]
) -> Callable[[Columns], Computed]:
    weights = {name: np.array(pair) for name, pair in table.items()}
    shift, stretch = (np.array([regions[name][part] for name in SCORE2_REGIONS]) for part in ("shift", "stretch"))

    def compute(columns: Columns) -> Computed:
        sex, region = columns["sex"].astype(int), columns["score2_region"].astype(int)
        terms = centred(columns)
        terms |= {f"age_{name}": terms["age"] * term for name, term in terms.items() if f"age_{name}" in weights}
        total = log_hazard(weights["s10"][sex]) - (weights["mean"][sex] if "mean" in weights else 0.0)
        for name, term in terms.items():
            total = total + weights[name][sex] * term
        predictor = shift[region, sex] + stretch[region, sex] * total
        return {"cvd_10yr": (predictor, survival(predictor))}

    return compute


_NEUTRAL = {"smoker": 0.0, "tc": 6.0, "hdl": 1.3, "sbp": 120.0}
_CENTRED = "where the equation itself is centred"
_OUTCOMES = (Outcome("cvd_10yr", "fraction", 10),)

EQUATIONS = (
    Equation(
        key="score2",
        version="2021",
        family="cvd",
        citation=_CITED["score2"],
        status="verified",
        inputs=(*_person(40, 69), flag("diabetes", also=("dm",)), *_APART),
        outcomes=_OUTCOMES,
        compute=_computing(SCORE2, EUROPE, _in_fives),
        rules=(*_RULES, excluded("diabetes")),
        thresholds=(ESC_UNDER_50, ESC_50_TO_69),
        region="europe",
        reference=_NEUTRAL,
        reference_source=_CENTRED,
    ),
    Equation(
        key="score2_op",
        version="2021",
        family="cvd",
        citation=_CITED["score2_op"],
        status="verified",
        inputs=(*_person(70, 89), flag("diabetes", also=("dm",)), *_APART),
        outcomes=_OUTCOMES,
        compute=_computing(OLDER, EUROPE_OLDER, _older),
        rules=_RULES,
        thresholds=(ESC_FROM_70,),
        region="europe",
        reference=_NEUTRAL | {"sbp": 150.0, "hdl": 1.4, "diabetes": 0.0},
        reference_source=_CENTRED,
    ),
    Equation(
        key="score2_diabetes",
        version="2023",
        family="cvd",
        citation=_CITED["score2_diabetes"],
        status="verified",
        inputs=(*_person(40, 69), *_DIABETES_INPUTS, *_APART),
        outcomes=_OUTCOMES,
        compute=_computing(DIABETES, EUROPE, _type_2),
        rules=(*_RULES, *_OF_TYPE_2),
        thresholds=(ESC_DIABETES,),
        region="europe",
        reference=_NEUTRAL | {"hba1c": 31.0, "egfr": 90.0},
        reference_source="where the equation itself is centred; diabetes since the same age",
        notes=("not_with_organ_damage",),
    ),
    Equation(
        key="score2_asia_pacific",
        version="2025",
        family="cvd",
        citation=_CITED["score2_asia_pacific"],
        status="verified",
        inputs=(*_person(40, 69), flag("diabetes", also=("dm",)), *_APART),
        outcomes=_OUTCOMES,
        compute=_computing(SCORE2, ASIA_PACIFIC, _asian),
        rules=_RULES,
        region="asia_pacific",
        reference=_NEUTRAL | {"diabetes": 0.0},
        reference_source=_CENTRED,
        notes=("country_class_not_read",),
    ),
)
"""No guideline's bands are known for Asia-Pacific, so there are none; which class a country belongs to was not read in the paper, so a person chooses it."""
