"""This is the place where the rhythm model is measured: figures with intervals that draw people again, by rhythm, against the floor, disturbed. Numpy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from core.domain.checks import RHYTHM_CLASSES, CheckKind, CheckResult, Declined, Finding
from models.signal_check.checking import overall
from models.signal_check.deciding import AF, RhythmDecision, decide
from models.signal_check.preparing import filtered
from models.signal_check.quality import beats_of, gates
from models.training.drawn_signals import STRANGERS, drawn
from models.training.measures import auroc, brier, calibration_line, expected_calibration_error
from models.training.pulses import ECTOPIC, SEED, Pulses
from models.training.resampling import Draws, Figure, by_unit
from models.training.rhythm_noise import GRADES

TIMES = 300
RUN = 6
"""Segments in a row that stand for a recording of a minute."""
POOR, GOOD = 0.9, 0.95
"""A disturbed segment is poor where fewer than this share of beats (F1, within 0.1 s) are found where they were before, or a fifth of it is gone."""

Plain = dict[str, object]


def figures(pulses: Pulses, classes: np.ndarray, threshold: float) -> tuple[dict[str, Figure], Draws]:
    """AF against all other rhythms, over all segments given (also those the gate would refuse); (n, 6) calibrated probabilities."""
    af, y, draws = classes[:, AF], pulses.af, by_unit(pulses.person, TIMES, SEED)
    flagged, ectopic = af >= threshold, np.isin(pulses.label, ECTOPIC)
    told = {
        "auroc": lambda rows: auroc(y[rows], af[rows]),
        "sensitivity": lambda rows: _mean(flagged[rows][y[rows] == 1]),
        "specificity": lambda rows: 1 - _mean(flagged[rows][y[rows] == 0]),
        "ectopic_called_af": lambda rows: _mean(flagged[rows][ectopic[rows]]),
        "auroc_ectopic": lambda rows: auroc(y[rows][(y == 1)[rows] | ectopic[rows]], af[rows][(y == 1)[rows] | ectopic[rows]]),
        "brier": lambda rows: brier(y[rows], af[rows]),
        "expected_calibration_error": lambda rows: expected_calibration_error(y[rows], af[rows]),
        "calibration_slope": lambda rows: calibration_line(y[rows], af[rows]).slope,
        "six_class_accuracy": lambda rows: _mean(classes[rows].argmax(axis=1) == pulses.label[rows]),
    }  # fmt: skip
    return draws.figures(told), draws


def by_rhythm(pulses: Pulses, classes: np.ndarray, threshold: float) -> dict[str, Figure]:
    """The share of each rhythm's segments called AF."""
    flagged, draws = classes[:, AF] >= threshold, by_unit(pulses.person, TIMES, SEED)
    return {
        name: draws.figure(lambda rows, at=at: _mean(flagged[rows][pulses.label[rows] == at]))
        for at, name in enumerate(RHYTHM_CLASSES)
    }  # type: ignore[misc]


def by_person(pulses: Pulses, classes: np.ndarray, threshold: float) -> dict[str, Plain]:
    """For each person: how much AF there was, how much of it was found, how much else was called AF."""
    found: dict[str, Plain] = {}
    for name in np.unique(pulses.person):
        rows = pulses.person == name
        y, af = pulses.af[rows], classes[rows, AF]
        found[str(name)] = {
            "segments": int(rows.sum()), "af": int(y.sum()), "auroc": _or_none(auroc(y, af)), "sensitivity": _or_none(_mean(af[y == 1] >= threshold)),
            "called_af": _or_none(_mean(af[y == 0] >= threshold)),
        }  # fmt: skip
    return found


def compared(pulses: Pulses, ways: Mapping[str, np.ndarray], first: str) -> dict[str, Plain]:
    """Each way's AUROC (chance of AF (n,)), its difference from the `first`, paired over the same people, and how much of the ectopic it calls AF where it
    finds 85 of 100 AF segments."""
    y, draws, ectopic = pulses.af, by_unit(pulses.person, TIMES, SEED), np.isin(pulses.label, ECTOPIC)
    found: dict[str, Plain] = {}
    for name, af in ways.items():
        cut = float(np.quantile(af[y == 1], 0.15))
        found[name] = {
            "auroc": draws.figure(lambda rows, af=af: auroc(y[rows], af[rows])).plain(),  # type: ignore[misc]
            "less_than_first": draws.figure(
                lambda rows, af=af: auroc(y[rows], ways[first][rows]) - auroc(y[rows], af[rows])
            ).plain(),  # type: ignore[misc]
            "ectopic_called_af_at_85": round(_mean(af[ectopic] >= cut), 4),
        }
    return found


def answers(pulses: Pulses, classes: np.ndarray, distance: np.ndarray, decision: RhythmDecision) -> Plain:
    """What people would be told, gate included: for each rhythm the share of segments by answer; and for runs of six segments of one rhythm."""
    qualities, results = gates(pulses.raw), []
    for row, quality in enumerate(qualities):
        if not quality.ok:
            results.append(CheckResult(CheckKind.RHYTHM, quality, Declined("poor_quality", quality.reasons)))
            continue
        answer, leaning = decide(classes[row], float(distance[row]), decision)
        results.append(
            CheckResult(CheckKind.RHYTHM, quality, answer, float(distance[row]), None, leaning, quality.measures["pulse"])
        )
    says = np.array([one.answer.decision if isinstance(one.answer, Finding) else one.answer.why for one in results])
    whole: dict[str, list[str]] = {name: [] for name in RHYTHM_CLASSES}
    for name in np.unique(pulses.person):
        for at, rhythm in enumerate(RHYTHM_CLASSES):
            rows = np.flatnonzero((pulses.person == name) & (pulses.label == at))
            for start in range(0, len(rows) - RUN + 1, RUN):
                answer = overall([results[row] for row in rows[start : start + RUN]]).answer
                whole[rhythm].append(answer.decision if isinstance(answer, Finding) else answer.why)
    return {
        "segments": {name: _shares(says[pulses.label == at]) for at, name in enumerate(RHYTHM_CLASSES)},
        "minutes": {name: _shares(np.array(found)) for name, found in whole.items()},
    }


def _shares(says: np.ndarray) -> Plain:
    names, counts = np.unique(says, return_counts=True) if len(says) else (np.array([]), np.array([]))
    return {"n": len(says)} | {str(name): round(float(count) / len(says), 4) for name, count in zip(names, counts, strict=True)}


def disturbed(pulses: Pulses, ask: Callable[[np.ndarray], np.ndarray], threshold: float) -> dict[str, Plain]:
    """Each disturbance and grade: `ask` (n, 1000) in any unit -> (n, 6). What the gate lets through, and what the model makes of it, gate or no gate."""
    found: dict[str, Plain] = {}
    ectopic = np.isin(pulses.label, ECTOPIC)
    for name, (how, levels) in {"none": (lambda x, _level, _random: x, (0.0,)), **GRADES}.items():
        for level in levels:
            x = how(pulses.raw.astype(float), level, np.random.default_rng(SEED))
            af, passed = ask(x)[:, AF], np.array([one.ok for one in gates(x)])
            found[f"{name} {level:g}".replace("none 0", "none")] = {
                "passed": round(float(passed.mean()), 4), "auroc": _or_none(auroc(pulses.af, af)),
                "auroc_passed": _or_none(auroc(pulses.af[passed], af[passed])), "sensitivity": _or_none(_mean(af[pulses.af == 1] >= threshold)),
                "ectopic_called_af": _or_none(_mean(af[ectopic] >= threshold)),
            }  # fmt: skip
    return found


def gate_graded(pulses: Pulses) -> Plain:
    """The gate on graded disturbances: of poor segments the share refused, of good ones (and of undisturbed ones by rhythm) the share passed."""
    before = _beats(pulses.raw.astype(float))
    poor_refused, good_passed, by_grade = [], [], {}
    for name, (how, levels) in GRADES.items():
        for level in levels:
            x = how(pulses.raw.astype(float), level, np.random.default_rng(SEED))
            passed = np.array([one.ok for one in gates(x)])
            same = np.array([_agreement(old, new) for old, new in zip(before, _beats(x), strict=True)])
            gone = name in ("clipped", "lost") and level >= 0.2
            poor, good = (same < POOR) | gone, (same >= GOOD) & (not gone)
            poor_refused.append(~passed[poor])
            good_passed.append(passed[good])
            by_grade[f"{name} {level:g}"] = {"poor": round(float(poor.mean()), 4), "refused": round(float((~passed).mean()), 4)}
    clean = np.array([one.ok for one in gates(pulses.raw)])
    return {
        "poor_refused": round(_mean(np.concatenate(poor_refused)), 4), "good_passed": round(_mean(np.concatenate(good_passed)), 4),
        "undisturbed_passed": round(_mean(clean), 4),
        "by_rhythm": {name: round(_mean(clean[pulses.label == at]), 4) for at, name in enumerate(RHYTHM_CLASSES)}, "by_grade": by_grade,
    }  # fmt: skip


def strangers(
    ask: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], decision: RhythmDecision, each: int = 100
) -> dict[str, Plain]:
    """Signals that are no pulse, drawn by us: the share the gate refuses, the share beyond the distance limit, and the findings that are left.
    `ask` (n, 1000) -> classes (n, 6), distance (n,)."""
    x, names = drawn(STRANGERS, each, SEED)
    passed, (classes, distance) = np.array([one.ok for one in gates(x)]), ask(x)
    says = np.array([isinstance(decide(classes[row], float(distance[row]), decision)[0], Finding) for row in range(len(x))])
    return {
        name: {"gate_refused": round(_mean(~passed[names == name]), 4), "beyond": round(_mean(distance[names == name] > 1), 4), "findings": int((passed & says)[names == name].sum())}
        for name in STRANGERS
    }  # fmt: skip


def _beats(x: np.ndarray) -> list[np.ndarray]:
    return [beats_of(slope) for slope in np.gradient(filtered(x), axis=1)]


def _agreement(old: np.ndarray, new: np.ndarray) -> float:
    """F1 of the beats, within a tenth of a second."""
    if not len(old) or not len(new):
        return 0.0
    return float(2 * (np.abs(old[:, None] - new[None]).min(axis=1) <= 10).sum() / (len(old) + len(new)))


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)
