"""This is the place where the three questions about falls of CDC STEADI are: any yes means that a fall is more likely.

From memory (status unchecked): the questions and the rule must be read at cdc.gov/steadi before clinical release.
"""

from __future__ import annotations

from core.risk.points import summed, yes
from core.risk.terms import Band, Equation, Outcome, Thresholds, flag

STEADI = Equation(
    key="steadi",
    version="2019",
    family="falls",
    citation="CDC STEADI, three key questions (cdc.gov/steadi)",
    status="unchecked",
    inputs=(
        flag("unsteady", also=("feels_unsteady",)),
        flag("worried_falling", "worried", also=("worries_about_falling",)),
        flag("fallen", also=("fallen_past_year",)),
    ),
    outcomes=(Outcome("score", "{score}", decimals=0),),
    compute=summed("score", yes("unsteady"), yes("worried_falling"), yes("fallen")),
    thresholds=(Thresholds("steadi", "score", "CDC STEADI: any yes", (Band("no_yes", None, "fine"), Band("any_yes", 1, "soon")), "unchecked"),),
    notes=("not_a_diagnosis",),
)

EQUATIONS = (STEADI,)
