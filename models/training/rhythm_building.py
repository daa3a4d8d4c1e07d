"""This is the place where everything of the rhythm model comes together: folds, choice, the network that ships, its files, its report. TensorFlow is used here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from core.domain.checks import CheckKind
from models.runner import FILES
from models.signal_check.deciding import AF, RhythmDecision, distances, probabilities
from models.signal_check.preparing import standardised
from models.training import rhythm_card, rhythm_evaluating, rhythm_floor
from models.training.drawn_signals import PULSES, STRANGERS, drawn
from models.training.exporting import ask, export, predict
from models.training.pulses import SEED, Pulses
from models.training.rhythm_choosing import Cuts, chosen, place
from models.training.rhythm_final import folded, pruned, pushed, shipped
from models.training.rhythm_folds import RECIPES, Cache, unseen
from models.training.rhythm_network import Recipe, built, outputs, steady, train

if TYPE_CHECKING:
    from models.training.rhythm import Parts

SHIPS = "cnn"
SEEDS = (1, 2)
"""Networks that ship, in one file: what they agree on is steadier than what one of them says."""
FROZEN_EACH = 24
"""Drawn pulses of each kind in the frozen set."""


def build(parts: Parts, out: Path, cache: Path, logs: Path | None, *, only: tuple[str, ...] = ()) -> dict[str, Any]:
    """Train, choose, export and measure; write all files into `out`; return the report. `only` names the networks that are
    compared (none: all)."""
    steady()
    kept_at = Cache(cache, str(parts.seen["sha256"]))
    tried = {
        name: unseen(parts.learnt, name, recipe, kept_at, logs)
        for name, recipe in RECIPES.items()
        if name == SHIPS or name in only or not only
    }
    cuts = chosen(tried[SHIPS].logits, parts.learnt)
    networks = [final(parts.learnt, replace(RECIPES[SHIPS], seed=seed), kept_at, logs) for seed in SEEDS]
    model = shipped(networks, cuts.temperature, parts.learnt.x)
    differences = export(model, CheckKind.RHYTHM, _calibration(parts.learnt), frozen(), out)
    decision = _decision(cuts, outputs(model, parts.learnt.x)["embedding"])
    answered = ask(out / FILES["int8"], CheckKind.RHYTHM, parts.kept.x)  # what ships is what is measured
    classes, distance = probabilities(answered["logits"], 1.0), distances(answered["embedding"], decision)
    figures, _ = rhythm_evaluating.figures(parts.kept, classes, decision.threshold)
    told = _of_folds(parts.learnt, {name: one.logits for name, one in tried.items()}, cuts)
    report = {
        "data": {**parts.seen, "learnt_from": _people(parts.learnt), "kept_back": _people(parts.kept)},
        "recipe": asdict(RECIPES[SHIPS]), "cuts": asdict(cuts), "files": {name: round(off, 6) for name, off in differences.items()},
        "unseen": told,
        "test": {
            "figures": {name: one.plain() for name, one in figures.items()},
            "called_af": {name: one.plain() for name, one in rhythm_evaluating.by_rhythm(parts.kept, classes, decision.threshold).items()},
            "people": rhythm_evaluating.by_person(parts.kept, classes, decision.threshold),
            "answers": rhythm_evaluating.answers(parts.kept, classes, distance, decision),
        },
        "tried": _tried(model, networks[0], parts, decision),
    }  # fmt: skip
    rhythm_card.write(out, decision, report, figures, (parts.learnt, parts.kept))
    return report


def final(learnt: Pulses, recipe: Recipe, cache: Cache, logs: Path | None) -> keras.Model:
    """A network of everybody who is not kept back; its weights are kept like a fold."""

    def make() -> dict[str, np.ndarray]:
        trained = train(learnt, recipe, logs=logs / f"final-{recipe.seed}" if logs else None, verbose=2)
        return {f"w{at}": value for at, value in enumerate(trained.get_weights())}

    weights = cache.piece(f"final-{recipe.seed}", recipe, make)
    network = built(recipe)
    network.set_weights([weights[f"w{at}"] for at in range(len(weights))])
    return folded(network, recipe)


def frozen() -> np.ndarray:
    """The inputs of the frozen set: drawn by us, standardised as at run time."""
    pulses, strange = (
        drawn(PULSES, FROZEN_EACH, SEED)[0],
        drawn({name: STRANGERS[name] for name in ("sine", "walking", "ecg", "band_noise")}, 6, SEED)[0],
    )
    return standardised(np.concatenate([pulses, strange]))


def _calibration(learnt: Pulses) -> np.ndarray:
    """Real segments from which the int8 file learns its ranges, of all rhythms."""
    return learnt.x[np.random.default_rng(SEED).permutation(len(learnt))[:256]]


def _decision(cuts: Cuts, embedding: np.ndarray) -> RhythmDecision:
    """The temperature is inside the network that ships: decision.json has 1."""
    mean, inverse, limit = place(embedding)
    return RhythmDecision(
        rhythm_card.VERSION, 1.0, cuts.threshold, cuts.abstain_low, cuts.abstain_high, cuts.sinus_least, mean, inverse, limit
    )


def _people(pulses: Pulses) -> dict[str, Any]:
    return {"people": [str(one) for one in np.unique(pulses.person)], "segments": len(pulses), "af": int(pulses.af.sum())}


def _of_folds(learnt: Pulses, tried: Mapping[str, np.ndarray], cuts: Cuts) -> dict[str, Any]:
    """Figures on people not seen in training, by cross-validation, and the comparison of the ways tried."""
    classes = probabilities(tried[SHIPS], cuts.temperature)
    figures, _ = rhythm_evaluating.figures(learnt, classes, cuts.threshold)
    floor = rhythm_floor.unseen(learnt, rhythm_floor.features(learnt.raw))
    ways = {name: probabilities(logits, 1.0)[:, AF] for name, logits in tried.items()} | floor
    return {
        "figures": {name: one.plain() for name, one in figures.items()},
        "called_af": {name: one.plain() for name, one in rhythm_evaluating.by_rhythm(learnt, classes, cuts.threshold).items()},
        "people": rhythm_evaluating.by_person(learnt, classes, cuts.threshold),
        "compared": rhythm_evaluating.compared(learnt, ways, SHIPS),
    }


def _tried(model: keras.Model, network: keras.Model, parts: Parts, decision: RhythmDecision) -> dict[str, Any]:
    """What was done to the signals and to the network, on some of the kept-back segments; the gate and the strangers."""
    from models.training.rhythm import TRIED_ON

    some = parts.kept.of(np.sort(np.random.default_rng(SEED).permutation(len(parts.kept))[:TRIED_ON]))
    few = some.of(np.arange(0, len(some), 4))

    def asked(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        told = predict(model, standardised(x), batch=256)
        return probabilities(told["logits"], 1.0), distances(told["embedding"], decision)

    return {
        "disturbed": rhythm_evaluating.disturbed(some, lambda x: asked(x)[0], decision.threshold),
        "gate": rhythm_evaluating.gate_graded(some),
        "strangers": rhythm_evaluating.strangers(asked, decision),
        "pruned": pruned(network, some),
        "pushed": pushed(network, few),
    }
