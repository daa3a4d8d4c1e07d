"""This is the place where one of the candidates is chosen, on the development part alone: the simplest that is not significantly worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.training import fit
from models.training.measures import at_cut, auroc, brier, calibration_line, log_loss
from models.training.network import Recipe, choose
from models.training.resampling import Draws, Figure
from models.training.survey import INPUTS, People

MOST_BEHIND = 0.01
"""A candidate whose AUROC is further behind than this is not taken, even where so few units cannot show that it is worse."""
WANTED_SENSITIVITY = 0.80


@dataclass(frozen=True, eq=False, slots=True)
class Candidate:
    """One way to predict. `unseen` holds (n,) predictions of people by models that did not see them; `behind` is how far its AUROC is behind the best."""

    name: str
    inputs: tuple[str, ...]
    held_back: dict[str, float | int]
    unseen: np.ndarray
    auroc: Figure
    behind: Figure

    @property
    def good_enough(self) -> bool:
        return self.behind.has_zero and self.behind.value <= MOST_BEHIND

    def plain(self, people: People) -> dict[str, object]:
        """As it stands in report.json."""
        return {
            "name": self.name, "inputs": list(self.inputs), "held_back": self.held_back, "auroc": self.auroc.plain(),
            "auroc_behind_best": self.behind.plain(), "log_loss": round(log_loss(people.y, self.unseen), 4),
            "brier": round(brier(people.y, self.unseen), 4), "good_enough": self.good_enough,
        }  # fmt: skip


def candidates(people: People, draws: Draws) -> tuple[tuple[Candidate, ...], Recipe]:
    """All candidates from simple to less simple, each with the restraint that cross-validation gave it, and the network's recipe. The network's own
    choice among recipes was made on the same folds, which flatters it a little: it is not chosen for less."""
    tried: list[tuple[str, tuple[str, ...], dict[str, float | int], np.ndarray]] = []
    for name, inputs in fit.SETS.items():
        penalty, unseen = fit.choose_penalty(people, inputs)
        tried.append((f"logistic_{name}", inputs, {"inverse_penalty": penalty}, unseen))
    recipe, unseen = choose(people)
    tried.append(("network", INPUTS, {"l2": recipe.l2, "dropout": recipe.dropout, "strides": recipe.strides}, unseen))
    best = max((predicted for *_, predicted in tried), key=lambda predicted: auroc(people.y, predicted))
    return tuple(_candidate(people, draws, one, best) for one in tried), recipe


def _candidate(
    people: People, draws: Draws, tried: tuple[str, tuple[str, ...], dict[str, float | int], np.ndarray], best: np.ndarray
) -> Candidate:
    name, inputs, held_back, p = tried
    return Candidate(
        name, inputs, held_back, p,
        draws.figure(lambda rows: auroc(people.y[rows], p[rows])),
        draws.figure(lambda rows: auroc(people.y[rows], best[rows]) - auroc(people.y[rows], p[rows])),
    )  # fmt: skip


def simplest(found: tuple[Candidate, ...]) -> Candidate:
    """The first (simplest) that is good enough; the best one always is."""
    return next(one for one in found if one.good_enough)


def calibration(people: People, p: np.ndarray, draws: Draws) -> dict[str, Figure]:
    """Slope and calibration-in-the-large of predictions of people not seen."""
    return draws.figures(
        {
            "slope": lambda rows: calibration_line(people.y[rows], p[rows]).slope,
            "in_the_large": lambda rows: calibration_line(people.y[rows], p[rows]).in_the_large,
        }
    )


def needs_recalibration(found: dict[str, Figure]) -> bool:
    """Platt scaling is applied only where the intervals say that the probabilities are off."""
    slope, large = found["slope"], found["in_the_large"]
    return not (slope.low <= 1 <= slope.high and large.has_zero)


def cut(people: People, p: np.ndarray) -> float:
    """The highest probability (in thousandths) at which at least 80 of 100 cases not seen are still flagged."""
    tried = [step / 1000 for step in range(1, 1000)]
    return max(at for at in tried if at_cut(people.y, p >= at).sensitivity >= WANTED_SENSITIVITY)


AGE_BANDS = ((20, 39), (40, 59), (60, 79))
LEAST_SENSITIVITY = 0.70
LEAST_SPECIFICITY = 0.30


def spoken(people: People, p: np.ndarray, at: float) -> list[dict[str, float | bool]]:
    """For each age band, whether "below the cut" means anything there (few enough cases are missed) and whether "above" does (not nearly everybody
    is). Where it does not, nothing is said. On the development part."""
    age = people.x["age"].to_numpy()
    found: list[dict[str, float | bool]] = []
    for low, high in AGE_BANDS:
        band = (age >= low) & (age <= high)
        does = at_cut(people.y[band], p[band] >= at)
        found.append(
            {
                "low": low, "high": high, "sensitivity": round(does.sensitivity, 4), "specificity": round(does.specificity, 4),
                "below": bool(does.sensitivity >= LEAST_SENSITIVITY), "above": bool(does.specificity >= LEAST_SPECIFICITY),
            }
        )  # fmt: skip
    return found
