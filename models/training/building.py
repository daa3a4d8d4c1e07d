"""This is the place where everything is done once in order: people, candidates, choice, fit, cut, files, and at the very end the part kept back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from models.training import ada, choosing, fit, network
from models.training.evaluating import Tested
from models.training.measures import calibration_line
from models.training.resampling import Figure, by_unit
from models.training.survey import INPUTS, SEED, People, held_back, people

TIMES = 1000
"""Draws of sampling units behind each interval."""


@dataclass(frozen=True, slots=True)
class Range:
    """Of one input: within which values the model answers (inclusive) and the weighted middle of the development part."""

    key: str
    low: float
    high: float
    middle: float


@dataclass(frozen=True, eq=False, slots=True)
class Built:
    """All that training leaves. `answered` is the share of the part kept back whose inputs are in range; only they are measured."""

    counts: Mapping[str, int | float]
    development: People
    candidates: tuple[choosing.Candidate, ...]
    chosen: choosing.Candidate
    calibration: Mapping[str, Figure]
    recalibrated: bool
    baseline: fit.Logistic
    ranges: tuple[Range, ...]
    spoken: list[dict[str, float | bool]]
    files: Mapping[str, bytes]
    answered: float
    tested: Tested


FLAGS = ("sex", "physically_active", "smoked_100", "smoker", "sleep_trouble")


def ranges_of(group: People, inputs: tuple[str, ...]) -> tuple[Range, ...]:
    """Where nearly all (99 of 100) of the people the model learned from are, in whole units; yes/no inputs are 0 or 1."""
    found = []
    for key in inputs:
        column = group.x[key].to_numpy(dtype=float)
        low, high = (0.0, 1.0) if key in FLAGS else (float(np.ceil(np.quantile(column, 0.005))), float(np.floor(np.quantile(column, 0.995))))
        found.append(Range(key, low, high, weighted_middle(column, group.weight)))
    return tuple(found)


def weighted_middle(values: np.ndarray, weight: np.ndarray) -> float:
    """The weighted median."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def within(x: pd.DataFrame, ranges: tuple[Range, ...]) -> np.ndarray:
    """(n,) whether every input is in range."""
    return np.logical_and.reduce([x[one.key].between(one.low, one.high).to_numpy() for one in ranges])


def build(table: pd.DataFrame) -> Built:
    """Train, choose and measure. The part kept back is touched only in the last step. Takes about two minutes on one core."""
    network.steady()
    everybody, counts = people(table)
    kept = held_back(everybody.unit)
    development, last = everybody.of(~kept), everybody.of(kept)
    draws = by_unit(development.unit, TIMES, SEED + 2)
    candidates, recipe = choosing.candidates(development, draws)
    chosen = choosing.simplest(candidates)
    calibration = choosing.calibration(development, chosen.unseen, draws)
    off = choosing.needs_recalibration(calibration)
    line = calibration_line(development.y, chosen.unseen) if off else None
    logistic = chosen if chosen.name != "network" else choosing.simplest(candidates[:-1])
    baseline = fit.fit(development, logistic.inputs, float(logistic.held_back["inverse_penalty"]))
    baseline = baseline.rescaled(line.slope, line.intercept) if line and logistic is chosen else baseline
    net = network.train(development, recipe)
    files = {"baseline.tflite": network.logistic_file(baseline), "network.tflite": network.network_file(net, None)}
    files["model.tflite"] = files["baseline.tflite"] if logistic is chosen else network.network_file(net, line)
    unseen = chosen.unseen if line is None else 1 / (1 + np.exp(-(line.intercept + line.slope * np.log(chosen.unseen / (1 - chosen.unseen)))))
    at = choosing.cut(development, unseen)
    ranges = ranges_of(development, chosen.inputs)
    inside = within(last.x, ranges)
    answered = last.of(inside)
    tested = Tested(
        answered, _predictions(files["model.tflite"], answered, chosen.inputs), network.predict(net, answered), ada.available(answered),
        _ada_probability(development, answered), at, by_unit(answered.unit, TIMES, SEED + 3),
    )  # fmt: skip
    return Built(
        counts, development, candidates, chosen, calibration, off, baseline, ranges, choosing.spoken(development, unseen, at), files,
        float(inside.mean()), tested,
    )  # fmt: skip


def _predictions(content: bytes, group: People, inputs: tuple[str, ...]) -> np.ndarray:
    from models.edge import EdgeModel  # the very runner that ships

    return EdgeModel(content, len(inputs)).predict(group.x[list(inputs)].to_numpy())


def _ada_probability(development: People, group: People) -> np.ndarray:
    solver = LogisticRegression(C=1e6).fit(ada.available(development)[:, None], development.y)
    return np.asarray(solver.predict_proba(ada.available(group)[:, None])[:, 1])


def probe(ranges: tuple[Range, ...], size: int = 64) -> np.ndarray:
    """(size, len(INPUTS)) invented people, for comparing files: uniform between the guard ranges below, within `ranges` where one is given."""
    guards = {
        "age": (20, 79), "sex": (0, 1), "bmi": (18, 53), "physically_active": (0, 1), "smoked_100": (0, 1), "smoker": (0, 1),
        "sbp": (90, 180), "dbp": (50, 100), "pulse": (50, 100), "sleep_hours": (4, 10), "sleep_trouble": (0, 1),
    }  # fmt: skip
    guards |= {one.key: (one.low, one.high) for one in ranges}
    random = np.random.default_rng(SEED + 4)
    columns = [random.integers(0, 2, size) if key in FLAGS else random.uniform(*guards[key], size) for key in INPUTS]
    return np.round(np.column_stack(columns).astype(float), 1).clip([guards[key][0] for key in INPUTS], [guards[key][1] for key in INPUTS])
