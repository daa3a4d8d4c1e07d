"""This is the place where the questionnaires about mood and worry are scored: PHQ-2, PHQ-9, GAD-2 and GAD-7.

Kroenke 2001 (PHQ-9), Kroenke 2003 (PHQ-2), Spitzer 2006 (GAD-7), Kroenke 2007 (GAD-2). Each answer counts 0 to 3; an answer that is missing leaves the score
open, nothing is filled in. An answer above "not at all" to item 9 of PHQ-9 is an outcome of its own, `self_harm`: it is known as soon as that
one item is, whatever the others and the total are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.risk.terms import Band, Columns, Computed, Equation, Input, Outcome, Thresholds
from core.risk.vocabulary import ANSWERS

SELF_HARM = "self_harm"


def _items(prefix: str, count: int) -> tuple[Input, ...]:
    return tuple(Input(f"{prefix}{n}", "choice", choices=ANSWERS) for n in range(1, count + 1))


def _sum(prefix: str, count: int) -> Callable[[Columns], Computed]:
    def compute(columns: Columns) -> Computed:
        total = np.sum([columns[f"{prefix}{n}"] for n in range(1, count + 1)], axis=0)
        return {"score": (total, total)}

    return compute


def _phq9(columns: Columns) -> Computed:
    total = np.sum([columns[f"phq{n}"] for n in range(1, 10)], axis=0)
    harm = (columns["phq9"] > 0).astype(float)
    return {"score": (total, total), SELF_HARM: (harm, harm)}


_SCORE = Outcome("score", "{score}", decimals=0)
_PHQ9_ITEMS = tuple(Input(f"phq{n}", "choice", choices=ANSWERS, stops=("score",) if n < 9 else ()) for n in range(1, 10))

PHQ2 = Equation(
    key="phq2",
    version="2003",
    family="mind",
    citation="Kroenke K et al. Med Care 2003;41:1284-1292, doi:10.1097/01.MLR.0000093487.78664.3C",
    status="verified",
    inputs=_items("phq", 2),
    outcomes=(_SCORE,),
    compute=_sum("phq", 2),
    thresholds=(
        Thresholds("kroenke_2003", "score", "Kroenke 2003: 3 or more", (Band("few_signs", None, "fine"), Band("closer_look", 3, "watch")), "unchecked"),
    ),
    notes=("not_a_diagnosis",),
)
"""The cut of the developers (3) is from memory; a digest of the USPSTF evidence reads 2 or more (sensitivity 0.91, specificity 0.67). We take the
developers' and say that it is unchecked."""

PHQ9 = Equation(
    key="phq9",
    version="2001",
    family="mind",
    citation="Kroenke K, Spitzer RL, Williams JBW. J Gen Intern Med 2001;16:606-613, doi:10.1046/j.1525-1497.2001.016009606.x",
    status="verified",
    inputs=_PHQ9_ITEMS,
    outcomes=(_SCORE, Outcome(SELF_HARM, "category", categories=("no", "yes"))),
    compute=_phq9,
    thresholds=(
        Thresholds(
            "kroenke_2001", "score", "Kroenke 2001",
            (Band("minimal", None, "fine"), Band("mild", 5, "watch"), Band("moderate", 10, "soon"),
             Band("moderately_severe", 15, "soon"), Band("severe", 20, "now")),
        ),
        Thresholds("phq9_item9", SELF_HARM, "PHQ-9 item 9: any answer above \"not at all\"", (Band("none_said", None, "unknown"), Band("crisis", 1, "now"))),
    ),
    notes=("not_a_diagnosis", "item9_always"),
)  # fmt: skip

GAD2 = Equation(
    key="gad2",
    version="2007",
    family="mind",
    citation="Kroenke K et al. Ann Intern Med 2007;146:317-325, doi:10.7326/0003-4819-146-5-200703060-00004",
    status="verified",
    inputs=_items("gad", 2),
    outcomes=(_SCORE,),
    compute=_sum("gad", 2),
    thresholds=(
        Thresholds("kroenke_2007", "score", "Kroenke 2007: 3 or more", (Band("few_signs", None, "fine"), Band("closer_look", 3, "watch")), "unchecked"),
    ),
    notes=("not_a_diagnosis",),
)

GAD7 = Equation(
    key="gad7",
    version="2006",
    family="mind",
    citation="Spitzer RL et al. Arch Intern Med 2006;166:1092-1097, doi:10.1001/archinte.166.10.1092",
    status="verified",
    inputs=_items("gad", 7),
    outcomes=(_SCORE,),
    compute=_sum("gad", 7),
    thresholds=(
        Thresholds(
            "spitzer_2006", "score", "Spitzer 2006",
            (Band("minimal", None, "fine"), Band("mild", 5, "watch"), Band("moderate", 10, "soon"), Band("severe", 15, "now")),
        ),
    ),
    notes=("not_a_diagnosis",),
)  # fmt: skip

EQUATIONS = (PHQ2, PHQ9, GAD2, GAD7)
