"""This is the place where SCORE2-Diabetes is held to the numbers of its paper, and to the people it is for.

The sixteen are those of the paper's structured graphical abstract (Eur Heart J 2023;44:2544), as RiskScorescvd's tests print them; the two smokers are
from the same tests. Both to one decimal of per cent.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.risk.equation import one
from core.risk.registry import EQUATIONS
from core.risk.vocabulary import SCORE2_REGIONS

EQUATION = EQUATIONS["score2_diabetes"]
PERSON = {"age": 60, "smoker": 0, "sbp": 140, "tc": 5.5, "hdl": 1.3, "age_at_diabetes": 60, "hba1c": 50, "egfr": 90, "score2_region": 0, "sex": 1}
LONGER_AND_WORSE = {"age_at_diabetes": 50, "hba1c": 70, "egfr": 60}
MEN_AND_WOMEN = {
    "new": ((8.4, 6.1), (11.0, 7.6), (12.5, 11.1), (20.3, 20.6)),
    "long": ((12.9, 9.8), (17.2, 12.7), (21.0, 20.4), (31.2, 34.0)),
}


def percent(**changed: float) -> float:
    return 100 * float(one(EQUATION, {**PERSON, **changed}).values["cvd_10yr"][0])


@pytest.mark.parametrize("region", range(len(SCORE2_REGIONS)), ids=SCORE2_REGIONS)
def test_the_graphical_abstract_comes_out_to_the_printed_digit(region: int) -> None:
    for sex, at in ((1, 0), (0, 1)):
        assert percent(sex=sex, score2_region=region) == pytest.approx(MEN_AND_WOMEN["new"][region][at], abs=0.051)
        assert percent(sex=sex, score2_region=region, **LONGER_AND_WORSE) == pytest.approx(MEN_AND_WOMEN["long"][region][at], abs=0.051)


def test_smokers_come_out_to_the_printed_digit() -> None:
    assert percent(smoker=1) == pytest.approx(11.8, abs=0.051)
    assert percent(smoker=1, sex=0) == pytest.approx(9.2, abs=0.051)


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"diabetes": 0}, "only_for"), ({"diabetes_type1": 1}, "not_for"), ({"age": 55}, "later_than_now"), ({"cvd_known": 1}, "not_for"), ({"age": 70}, "above_range")],
)  # fmt: skip
def test_who_it_was_not_made_for_gets_no_number(changed: dict[str, float], code: str) -> None:
    made = one(EQUATION, {**PERSON, **changed})
    assert np.isnan(made.values["cvd_10yr"][0])
    assert [fault.code for fault in made.faults_at(0)] == [code]
