"""This is the place where report.json is put together: every figure with its interval, what may be shown and by which rule, and the probe."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.edge import EdgeModel
from models.training import ada, evaluating
from models.training.building import Built, probe
from models.training.measures import delong
from models.training.resampling import Figure
from models.training.survey import DIGEST, INPUTS

TOLERANCE = 1e-3
"""How far a probability of the probe may move when the model is trained again (another processor, another patch level of a library)."""
RULES = {
    "auroc_low": 0.70, "auroc_behind_ada": -0.02, "sensitivity_low": 0.70, "recent_sensitivity": 0.70,
}  # fmt: skip
Plain = dict[str, object]


def report(built: Built) -> Plain:
    """Everything that was found, as plain JSON."""
    tested = built.tested
    plain = {name: everybody_of(built, weighted) for name, weighted in (("unweighted", False), ("weighted", True))}
    recent = evaluating.recently_told(tested)
    return {
        "data": data_of(built),
        "choice": {
            "rule": "simplest whose AUROC is not significantly behind the best (paired, by sampling unit) and not more than 0.01 behind",
            "candidates": [one.plain(built.development) for one in built.candidates],
            "chosen": built.chosen.name,
        },
        "calibration_development": {name: one.plain() for name, one in built.calibration.items()},
        "recalibrated": built.recalibrated,
        "cut": {"value": tested.at, "rule": "highest probability at which 80 of 100 told people not seen are flagged (development part)"},
        "spoken": built.spoken,
        "test": plain,
        "ada_bounds": {"unweighted": ada.bounds(tested.people), "weighted": ada.bounds(tested.people, tested.people.weight)},
        "delong": {name: _delong(tested, other) for name, other in (("network", tested.network), (ada.NAME, tested.points))},
        "subgroups": evaluating.subgroups(tested),
        "recently_told": recent,
        "decision_curve": {"unweighted": evaluating.decision_curve(tested, weighted=False), "weighted": evaluating.decision_curve(tested, weighted=True)},
        "shown": shown(plain, recent),
        "probe": probed(built),
    }  # fmt: skip


def data_of(built: Built) -> Plain:
    """Who was in which part."""
    dev, test = built.development, built.tested.people
    return {
        "sha256": DIGEST, "counts": dict(built.counts),
        "development": {"people": len(dev), "told": int(dev.y.sum()), "units": len(set(dev.unit))},
        "test": {"people": len(test), "told": int(test.y.sum()), "units": len(set(test.unit)), "share_in_range": round(built.answered, 4)},
        "ranges": {one.key: {"low": one.low, "high": one.high, "middle": one.middle} for one in built.ranges},
    }  # fmt: skip


def everybody_of(built: Built, weighted: bool) -> dict[str, dict[str, object]]:
    """The figures of the model, of the network and of the ADA items on the same people."""
    tested = built.tested
    parts: Mapping[str, Mapping[str, Figure]] = {
        "model": evaluating.everybody(tested, weighted=weighted),
        "network": evaluating.beside(tested, tested.network, weighted=weighted),
        ada.NAME: evaluating.beside(tested, tested.points, weighted=weighted) | evaluating.ada_at_cut(tested, weighted=weighted),
    }
    return {part: {name: one.plain() for name, one in figures.items()} for part, figures in parts.items()}


def _delong(tested: evaluating.Tested, other: np.ndarray) -> dict[str, float | None]:
    difference, error = delong(tested.people.y, tested.p, other.astype(float))
    return Figure(difference, difference - 1.959964 * error, difference + 1.959964 * error).plain()


def shown(plain: Mapping[str, Mapping[str, Mapping[str, object]]], recent: Plain) -> dict[str, object]:
    """What may stand before a person, by rules set beforehand; each must hold unweighted and weighted. `above`: the band "more alike". `number`: the
    probability in words ("of 100 people with answers like yours"), only where its calibration is right."""
    ok: dict[str, bool] = {}
    for way, parts in plain.items():
        model, other = parts["model"], parts[ada.NAME]
        ok[f"auroc_{way}"] = bound(model, "auroc") >= RULES["auroc_low"]
        ok[f"not_behind_ada_{way}"] = bound(other, "model_minus_this") >= RULES["auroc_behind_ada"]
        ok[f"sensitivity_{way}"] = bound(model, "sensitivity") >= RULES["sensitivity_low"]
        ok[f"calibration_{way}"] = (
            bound(model, "calibration_slope") <= 1 <= bound(model, "calibration_slope", "high")
            and bound(model, "calibration_in_the_large") <= 0 <= bound(model, "calibration_in_the_large", "high")
        )  # fmt: skip
    ok["recently_told"] = bound(recent, "sensitivity", "value") >= RULES["recent_sensitivity"]
    return {
        "band": all(fine for name, fine in ok.items() if not name.startswith("calibration")),
        "number": all(ok.values()),
        "rules": ok,
    }  # fmt: skip


def bound(figures: Mapping[str, object], name: str, end: str = "low") -> float:
    """One end of a figure; NaN (which fails every rule) where there is none."""
    figure = figures[name]
    value = figure.get(end) if isinstance(figure, Mapping) else None
    return float("nan") if value is None else float(value)


def probed(built: Built) -> Plain:
    """What each file answers for invented people, by which a model trained again is compared."""
    rows = probe(built.ranges)
    answers = {name: answers_of(content, rows, list(used)) for name, (content, used) in _files(built).items()}
    return {"inputs": list(INPUTS), "rows": rows.tolist(), "tolerance": TOLERANCE, "probabilities": answers}


def _files(built: Built) -> dict[str, tuple[bytes, tuple[str, ...]]]:
    used = {"model.tflite": built.chosen.inputs, "baseline.tflite": built.baseline.inputs, "network.tflite": INPUTS}
    return {name: (built.files[name], inputs) for name, inputs in used.items()}


def answers_of(content: bytes, rows: np.ndarray, used: list[str]) -> list[float]:
    """The probabilities of a file for the probe, to seven decimals."""
    found = EdgeModel(content, len(used)).predict(rows[:, [INPUTS.index(key) for key in used]])
    return [round(float(one), 7) for one in found]
