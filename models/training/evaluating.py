"""This is the place where the chosen model is measured on the part kept back: everybody, subgroups, beside the ADA items, decision curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.training import ada, measures
from models.training.choosing import AGE_BANDS
from models.training.resampling import Draws, Figure
from models.training.survey import People

CURVE = (0.02, 0.05, 0.08, 0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.40)
RECENT_YEARS = 2
FEWEST = 10
"""A subgroup with fewer cases or non-cases than this has counts only: an interval of so few says nothing."""

Plain = dict[str, object]


@dataclass(frozen=True, eq=False, slots=True)
class Tested:
    """The people of the test part with what the model (`p`), the network (`network`) and the ADA items (`points`; `ada_p`: turned into probabilities
    on the development part) say of them."""

    people: People
    p: np.ndarray
    network: np.ndarray
    points: np.ndarray
    ada_p: np.ndarray
    at: float
    draws: Draws

    @property
    def flagged(self) -> np.ndarray:
        return self.p >= self.at

    @property
    def ada_flagged(self) -> np.ndarray:
        return self.points >= ada.CUT


def everybody(tested: Tested, *, weighted: bool) -> dict[str, Figure]:
    """All figures of the model on everybody, each person counting once, or for as many as they stand for in the survey."""
    y, p, flagged = tested.people.y, tested.p, tested.flagged
    w = tested.people.weight if weighted else np.ones(len(y))

    def line(rows: np.ndarray) -> measures.CalibrationLine:
        return measures.calibration_line(y[rows], p[rows], w[rows])

    def cut(rows: np.ndarray) -> measures.AtCut:
        return measures.at_cut(y[rows], flagged[rows], w[rows])

    return tested.draws.figures(
        {
            "auroc": lambda rows: measures.auroc(y[rows], p[rows], w[rows]),
            "brier": lambda rows: measures.brier(y[rows], p[rows], w[rows]),
            "calibration_slope": lambda rows: line(rows).slope,
            "calibration_intercept": lambda rows: line(rows).intercept,
            "calibration_in_the_large": lambda rows: line(rows).in_the_large,
            "expected_calibration_error": lambda rows: measures.expected_calibration_error(y[rows], p[rows], w[rows]),
            "sensitivity": lambda rows: cut(rows).sensitivity,
            "specificity": lambda rows: cut(rows).specificity,
            "positive_value": lambda rows: cut(rows).positive_value,
            "negative_value": lambda rows: cut(rows).negative_value,
            "flagged": lambda rows: cut(rows).flagged,
            "share_told": lambda rows: float(np.average(y[rows], weights=w[rows])),
        }
    )


def beside(tested: Tested, other: np.ndarray, *, weighted: bool) -> dict[str, Figure]:
    """AUROC of another score on the same people, and the paired difference model - other."""
    y, p = tested.people.y, tested.p
    w = tested.people.weight if weighted else np.ones(len(y))
    return tested.draws.figures(
        {
            "auroc": lambda rows: measures.auroc(y[rows], other[rows], w[rows]),
            "model_minus_this": lambda rows: measures.auroc(y[rows], p[rows], w[rows]) - measures.auroc(y[rows], other[rows], w[rows]),
        }
    )


def ada_at_cut(tested: Tested, *, weighted: bool) -> dict[str, Figure]:
    """Sensitivity and specificity of the ADA items at 5 points, and of the model where it is as specific (the paired difference in sensitivity)."""
    y, w = tested.people.y, tested.people.weight if weighted else np.ones(len(tested.people))
    same = matched(tested)

    def sensitivity(rows: np.ndarray, flagged: np.ndarray) -> float:
        return measures.at_cut(y[rows], flagged[rows], w[rows]).sensitivity

    return tested.draws.figures(
        {
            "sensitivity": lambda rows: sensitivity(rows, tested.ada_flagged),
            "specificity": lambda rows: measures.at_cut(y[rows], tested.ada_flagged[rows], w[rows]).specificity,
            "model_sensitivity_as_specific": lambda rows: sensitivity(rows, same),
            "model_specificity_as_specific": lambda rows: measures.at_cut(y[rows], same[rows], w[rows]).specificity,
            "model_sensitivity_minus_this": lambda rows: sensitivity(rows, same) - sensitivity(rows, tested.ada_flagged),
        }
    )


def matched(tested: Tested) -> np.ndarray:
    """Whom the model flags at the cut that makes it at least as specific as the ADA items on the same people."""
    others = tested.people.y == 0
    wanted = 1 - tested.ada_flagged[others].mean()
    return tested.p > np.quantile(tested.p[others], wanted, method="higher")


def subgroups(tested: Tested) -> list[Plain]:
    """By sex, age band and ethnicity as the survey recorded it; each with counts and intervals (AUROC by units, shares by Wilson)."""
    x, group = tested.people.x, tested.people.group
    masks = {f"sex.{name}": x["sex"].to_numpy() == value for name, value in (("female", 0), ("male", 1))}
    masks |= {f"age.{low}_{high}": ((x["age"] >= low) & (x["age"] <= high)).to_numpy() for low, high in AGE_BANDS}
    masks |= {f"ethnicity.{name.lower()}": group == name for name in sorted(set(group))}
    return [_subgroup(tested, name, mask) for name, mask in masks.items()]


def _subgroup(tested: Tested, name: str, mask: np.ndarray) -> Plain:
    y, p, flagged = tested.people.y, tested.p, tested.flagged
    cases, others = int((y[mask] == 1).sum()), int((y[mask] == 0).sum())
    row: Plain = {"name": name, "people": cases + others, "told": cases}
    if min(cases, others) < FEWEST:
        return row | {"too_few": True}
    draws = tested.draws.within(mask)
    everyone = np.flatnonzero(mask)

    def of(statistic: Callable[[np.ndarray], float]) -> dict[str, float | None]:
        spread = draws.figure(statistic)
        return Figure(statistic(everyone), spread.low, spread.high).plain()

    return row | {
        "auroc": of(lambda rows: measures.auroc(y[rows], p[rows])),
        "calibration_in_the_large": of(lambda rows: measures.calibration_line(y[rows], p[rows]).in_the_large),
        "sensitivity": share(flagged[mask & (y == 1)]),
        "specificity": share(~flagged[mask & (y == 0)]),
        "ada_sensitivity": share(tested.ada_flagged[mask & (y == 1)]),
        "ada_specificity": share(~tested.ada_flagged[mask & (y == 0)]),
    }


def share(yes: np.ndarray) -> dict[str, float | None]:
    """A share of people with its Wilson interval."""
    return Figure(float(yes.mean()) if len(yes) else float("nan"), *measures.wilson(int(yes.sum()), len(yes))).plain()


def recently_told(tested: Tested) -> Plain:
    """The nearest this table comes to people who do not know yet: those told within two years, against those never told."""
    told = tested.people.years_told
    recent = (tested.people.y == 1) & (told <= RECENT_YEARS)
    chosen = recent | (tested.people.y == 0)
    draws = tested.draws.within(chosen)
    y, p = tested.people.y, tested.p
    spread = draws.figure(lambda rows: measures.auroc(y[rows], p[rows]))
    value = measures.auroc(y[chosen], p[chosen])
    return {
        "years": RECENT_YEARS, "told": int(recent.sum()), "auroc": Figure(value, spread.low, spread.high).plain(),
        "sensitivity": share(tested.flagged[recent]), "ada_sensitivity": share(tested.ada_flagged[recent]),
    }  # fmt: skip


def decision_curve(tested: Tested, *, weighted: bool) -> list[Plain]:
    """Net benefit for each 1,000 people at several exchange rates: the model, everybody tested, the ADA items at 5 points, and as a probability."""
    y, w = tested.people.y, tested.people.weight if weighted else np.ones(len(tested.people))
    everyone = np.ones(len(y), dtype=bool)

    def benefit(rows: np.ndarray, flagged: np.ndarray, at: float) -> float:
        return 1000 * measures.net_benefit(y[rows], flagged[rows], at, w[rows])

    found = []
    for at in CURVE:
        ways = {"model": tested.p >= at, "everybody": everyone, "ada_5_points": tested.ada_flagged, "ada_as_probability": tested.ada_p >= at}
        whole = np.arange(len(y))
        row: Plain = {"at": at, **{name: round(benefit(whole, flagged, at), 1) for name, flagged in ways.items()}}
        for name in ("everybody", "ada_5_points", "ada_as_probability"):
            gain = tested.draws.figure(
                lambda rows, other=ways[name], at=at, mine=ways["model"]: benefit(rows, mine, at) - benefit(rows, other, at)  # type: ignore[misc]
            )
            row[f"model_minus_{name}"] = gain.plain(1)
        found.append(row)
    return found
