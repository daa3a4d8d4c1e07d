"""This is the place where the skin-spot model is measured: figures with intervals by person, subgroups, robustness, pruning, pictures that are no skin."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from models.image_check.skin import SkinDecision
from models.training import measures
from models.training.photos import Photos
from models.training.resampling import Draws, Figure
from models.training.skin_building import sigmoid
from models.training.skin_head import Head

AGES = ((0, 39), (40, 59), (60, 120))
FEWEST = 8
"""A subgroup with fewer photos to show soon, or of the others, has counts only."""
Plain = dict[str, object]


def figures(soon: np.ndarray, odds: np.ndarray, decision: SkinDecision, draws: Draws) -> dict[str, Figure]:
    """Discrimination, calibration, and what the line and the band do. `odds` (n,) before temperature."""
    p = sigmoid(odds / decision.temperature)
    flagged, silent = p >= decision.threshold, (p >= decision.abstain_low) & (p < decision.abstain_high)

    def at(rows: np.ndarray) -> measures.AtCut:
        return measures.at_cut(soon[rows], flagged[rows])

    def spoken(rows: np.ndarray) -> measures.AtCut:
        heard = rows[~silent[rows]]
        return measures.at_cut(soon[heard], p[heard] >= decision.abstain_high)

    return draws.figures({
        "auroc": lambda rows: measures.auroc(soon[rows], p[rows]),
        "sensitivity": lambda rows: at(rows).sensitivity,
        "specificity": lambda rows: at(rows).specificity,
        "sensitivity_where_said": lambda rows: spoken(rows).sensitivity,
        "specificity_where_said": lambda rows: spoken(rows).specificity,
        "uncertain": lambda rows: float(silent[rows].mean()) if len(rows) else float("nan"),
        "brier": lambda rows: measures.brier(soon[rows], p[rows]),
        "expected_calibration_error": lambda rows: measures.expected_calibration_error(soon[rows], p[rows], bins=5),
        "calibration_slope": lambda rows: measures.calibration_line(soon[rows], p[rows]).slope,
        "calibration_in_the_large": lambda rows: measures.calibration_line(soon[rows], p[rows]).in_the_large,
    })  # fmt: skip


def subgroups(data: Photos, odds: np.ndarray, decision: SkinDecision, draws: Draws) -> list[Plain]:
    """By skin type, place, age and sex; shares by Wilson, AUROC by people. Groups that are too few have counts only."""
    masks: dict[str, np.ndarray] = {}
    for value in sorted({str(one.facts.skin_type or "unknown") for one in data.all}):
        masks[f"skin_type.{value}"] = np.array([str(one.facts.skin_type or "unknown") == value for one in data.all])
    for value in sorted({one.facts.place for one in data.all}):
        masks[f"place.{value or 'unknown'}"] = np.array([one.facts.place == value for one in data.all])
    for low, high in AGES:
        masks[f"age.{low}_{high}"] = np.array([one.facts.age is not None and low <= one.facts.age <= high for one in data.all])
    for value in ("female", "male", ""):
        masks[f"sex.{value or 'unknown'}"] = np.array([one.sex == value for one in data.all])
    return [_subgroup(name, data, odds, mask, decision, draws) for name, mask in masks.items()]


def _subgroup(name: str, data: Photos, odds: np.ndarray, mask: np.ndarray, decision: SkinDecision, draws: Draws) -> Plain:
    soon, flagged = data.soon, sigmoid(odds / decision.temperature) >= decision.threshold
    cases, others = int(soon[mask].sum()), int((1 - soon[mask]).sum())
    row: Plain = {"name": name, "people": len(set(data.person[mask])), "items": int(mask.sum()), "soon": cases}
    if cases >= FEWEST:
        row["sensitivity"] = share(flagged[mask & (soon == 1)]).plain()
    if others >= FEWEST:
        row["specificity"] = share(~flagged[mask & (soon == 0)]).plain()
    if min(cases, others) >= FEWEST:
        spread = draws.within(mask).figure(lambda rows: measures.auroc(soon[rows], odds[rows]))
        row["auroc"] = Figure(measures.auroc(soon[mask], odds[mask]), spread.low, spread.high).plain()
    return row


def by_class(data: Photos, odds: np.ndarray, decision: SkinDecision) -> Plain:
    """Of each class, how many lie above the line."""
    flagged = sigmoid(odds / decision.temperature) >= decision.threshold
    return {
        label: {"items": int(mask.sum()), "above_the_line": share(flagged[mask]).plain()}
        for label in sorted({one.label for one in data.all})
        for mask in [np.array([one.label == label for one in data.all])]
    }


def share(yes: np.ndarray) -> Figure:
    """A share with its Wilson interval."""
    return Figure(float(yes.mean()) if len(yes) else float("nan"), *measures.wilson(int(yes.sum()), len(yes)))


def spoilt() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """What is done to a square picture (uint8) to see how the answers hold."""

    def noise(size: float) -> Callable[[np.ndarray], np.ndarray]:
        return lambda one: np.clip(one + np.random.default_rng(3).normal(0, size, one.shape), 0, 255).astype(np.uint8)

    def drawn(how: Callable[[Image.Image], Image.Image]) -> Callable[[np.ndarray], np.ndarray]:
        return lambda one: np.asarray(how(Image.fromarray(one)))

    return {
        "as it is": lambda one: one,
        "noise, sd 8": noise(8), "noise, sd 20": noise(20),
        "blur, 1.5 pixels": drawn(lambda one: one.filter(ImageFilter.GaussianBlur(1.5))),
        "blur, 3 pixels": drawn(lambda one: one.filter(ImageFilter.GaussianBlur(3))),
        "darker by 40 %": drawn(lambda one: ImageEnhance.Brightness(one).enhance(0.6)),
        "brighter by 40 %": drawn(lambda one: ImageEnhance.Brightness(one).enhance(1.4)),
        "JPEG, quality 20": jpeg(20),
    }  # fmt: skip


def jpeg(quality: int) -> Callable[[np.ndarray], np.ndarray]:
    import io

    def through(one: np.ndarray) -> np.ndarray:
        held = io.BytesIO()
        Image.fromarray(one).save(held, "JPEG", quality=quality)
        return np.asarray(Image.open(held).convert("RGB"))

    return through


def pruned(head: Head, part: float) -> Head:
    """The head without its smallest weights (a share of all)."""
    limit = np.quantile(np.abs(head.weights), part)
    return Head(np.where(np.abs(head.weights) < limit, 0.0, head.weights), head.bias)


def strangers_said(families: np.ndarray, distance: np.ndarray, odds: np.ndarray, decision: SkinDecision) -> Plain:
    """Of pictures that are no skin: how many the distance declines, and how many would get a word in spite of it (the gate before it not counted)."""
    p = sigmoid(odds / decision.temperature)
    near = distance <= decision.distance_limit
    said = near & ~((p >= decision.abstain_low) & (p < decision.abstain_high))
    passed: Mapping[str, int] = {
        name: int(near[families == name].sum()) for name in sorted(set(families)) if near[families == name].any()
    }
    return {
        "items": len(p),
        "declined": share(~near).plain(),
        "would_be_answered_without_the_gate": int(said.sum()),
        "near_by_family": dict(passed),
    }
