"""This is the place where the skin-spot model goes from photos to the files that ship: everything once, the people kept back last, then the report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from core.domain.checks import SYMPTOMS, CheckKind
from models.image_check.preparing import square
from models.image_check.skin import SOON
from models.training import exporting, measures, photos, skin_building, skin_network, spotless, strangers
from models.training.check_cards import plain, write_card, write_json
from models.training.photos import Photos
from models.training.resampling import Draws, Figure, by_unit
from models.training.skin_building import Fitted, sigmoid
from models.training.skin_card import card
from models.training.skin_features import SIZE, Extractor, Features
from models.training.skin_head import soon_logit
from models.training.skin_measuring import by_class, figures, pruned, spoilt, strangers_said, subgroups

TIMES = 1000
STRANGERS_KNOWN = 20
BARE_COUNTS = 3
"""Bare surfaces in the colours of skin are few and nearest to what must be told apart: each counts so often."""
FGSM = (1, 4)
"""Steps of the attack, of 255."""


@dataclass(frozen=True, eq=False, slots=True)
class Trained:
    """All that training leaves: the model of everybody, what the int8 file is calibrated with, the report."""

    data: Photos
    final: Fitted
    network: object
    calibration: np.ndarray
    report: dict


def trained(data: Photos, root: Path, cache: Path, dermoscopy: list[Path]) -> Trained:
    """Raises WeightsRefused. About ten minutes on one core the first time, three with the features kept."""
    weights = root / "weights"
    extractor = Extractor(weights, cache)
    known = [one.pixels for one in strangers.tuning(STRANGERS_KNOWN)]
    bare = list(spotless.drawn())
    features, no_skin = extractor.photos(data), extractor.pictures([*known, *bare * BARE_COUNTS], "strangers")
    kept = photos.test_part(data)
    dev, dev_features = photos.subset(data, ~kept), features.of(~kept)
    key, tried = skin_building.choose(dev, dev_features)
    draws = by_unit(dev.person, TIMES, photos.SEED)
    report: dict = {
        "data": _data(data, kept),
        "chosen": skin_building.name_of(key),
        "candidates": _candidates(dev, tried, key, draws),
    }
    first = skin_building.fitted(dev, dev_features, no_skin.by_tap[key[0]][:, 0], key)
    odds = first.unseen.mean(axis=1)
    report["cross_validation"] = _plain(figures(dev.soon, odds, first.decision, draws))
    report["nested"] = {"auroc": draws.figure(_auroc(dev, skin_building.nested(dev, dev_features))).plain()}
    report["ablations"] = _ablations(dev, dev_features, first, draws) | {"facts": _facts(dev, odds, draws)}
    report["test"], report["robustness"] = _test(data, features, kept, first, weights)
    final = skin_building.fitted(data, features, no_skin.by_tap[key[0]][:, 0], key)
    everybody = by_unit(data.person, TIMES, photos.SEED)
    report["everybody_not_seen"] = _plain(figures(data.soon, final.unseen.mean(axis=1), final.decision, everybody))
    report["subgroups"] = subgroups(data, final.unseen.mean(axis=1), final.decision, everybody)
    report["by_class"] = by_class(data, final.unseen.mean(axis=1), final.decision)
    report["not_skin"] = _not_skin(extractor, final, dermoscopy)
    network = skin_network.build(weights, key[0], final.head, final.embedding)
    answers = exporting.predict(network, skin_network.drawn_spots())
    report["probe"] = [round(float(one), 4) for one in sigmoid(soon_logit(answers["logits"]) / final.decision.temperature)]
    _log(cache / "logs", {skin_building.name_of(one): measures.auroc(dev.soon, said) for one, said in tried.items()})
    shown = np.stack([square(one.pixels, SIZE) for one in data.all[:160]] + [square(one, SIZE) for one in known[::3]])
    return Trained(data, final, network, np.random.default_rng(0).permutation(shown), report)


def _log(folder: Path, found: dict[str, float]) -> None:
    """For TensorBoard: the AUROC of each recipe. Written as it reads them, so that training needs no TensorBoard."""
    scalars = tf.compat.v1.SummaryMetadata(plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"))
    with tf.summary.create_file_writer(str(folder)).as_default():
        for name, value in found.items():
            tf.summary.write(f"auroc of people not seen/{name}", tf.constant(value, tf.float32), step=0, metadata=scalars)


def ship(built: Trained, out: Path) -> None:
    """Write every file, held against the network; the card last."""
    report = built.report
    report["parity"] = exporting.export(built.network, CheckKind.SKIN, built.calibration, skin_network.drawn_spots(), out)  # type: ignore[arg-type]
    pictures = np.stack([square(one.pixels, SIZE) for one in built.data.all])
    truth, small = exporting.predict(built.network, pictures), exporting.ask(out / "model.int8.tflite", CheckKind.SKIN, pictures)  # type: ignore[arg-type]
    decision = built.final.decision
    p, q = (sigmoid(soon_logit(one["logits"]) / decision.temperature) for one in (truth, small))
    outside = (p < decision.abstain_low) | (p >= decision.abstain_high)
    report["int8_on_photos"] = {
        "largest_difference": round(float(np.abs(p - q).max()), 4), "mean_difference": round(float(np.abs(p - q).mean()), 4),
        "other_side_outside_the_band": int(((p >= decision.threshold) != (q >= decision.threshold))[outside].sum()), "items": len(p),
    }  # fmt: skip
    write_json(out / "decision.json", decision_plain(built.final))
    write_json(out / "report.json", plain(report))
    write_card(out, card(built.data, built.final.decision, report))


def decision_plain(final: Fitted) -> dict:
    """decision.json as models/image_check/skin.py reads it."""
    one = final.decision
    inverse = (one.inverse_covariance + one.inverse_covariance.T) / 2
    return {
        "version": one.version, "temperature": one.temperature, "threshold": one.threshold, "abstain_low": one.abstain_low, "abstain_high": one.abstain_high,
        "views_apart": one.views_apart, "not_reassured": list(one.not_reassured), "mean": one.mean.tolist(), "inverse_covariance": inverse.tolist(),
        "distance_limit": one.distance_limit,
    }  # fmt: skip


def _data(data: Photos, kept: np.ndarray) -> dict:
    return {
        "items": len(data.all), "people": len(set(data.person)), "soon": int(data.soon.sum()), "left_out": dict(data.left_out),
        "kept_back": sorted(set(data.person[kept].tolist())), "kept_back_items": int(kept.sum()), "kept_back_soon": int(data.soon[kept].sum()),
    }  # fmt: skip


def _auroc(data: Photos, odds: np.ndarray) -> object:
    return lambda rows: measures.auroc(data.soon[rows], odds[rows])


def _plain(found: dict[str, Figure]) -> dict:
    return {name: one.plain() for name, one in found.items()}


def _candidates(dev: Photos, tried: dict, key: object, draws: Draws) -> dict:
    best = tried[key]
    return {
        skin_building.name_of(one): {
            "auroc": draws.figure(_auroc(dev, said)).plain(),
            "behind_the_chosen": draws.figure(
                lambda rows, said=said: measures.auroc(dev.soon[rows], best[rows]) - measures.auroc(dev.soon[rows], said[rows])
            ).plain(),
        }
        for one, said in tried.items()
    }


def _gain(dev: Photos, more: np.ndarray, less: np.ndarray, draws: Draws) -> dict:
    """What a step bought: AUROC with it less AUROC without it."""
    return draws.figure(
        lambda rows: measures.auroc(dev.soon[rows], more[rows]) - measures.auroc(dev.soon[rows], less[rows])
    ).plain()


def _ablations(dev: Photos, features: Features, first: Fitted, draws: Draws) -> dict:
    tap, odds = first.key[0], first.unseen.mean(axis=1)
    bare = Features({tap: features.by_tap[tap][:, :6]})
    plain_odds = skin_building.unseen(dev, bare, first.key).mean(axis=1)
    found = {"augmented_copies": _gain(dev, odds, plain_odds, draws), "six_views": _gain(dev, odds, first.unseen[:, 0], draws)}
    fold = photos.folds(dev, 5, 0)
    for part in (0.5, 0.8, 0.95):
        said = np.zeros(len(dev.all))
        for one in range(5):
            from models.training.skin_head import fit

            out = fold == one
            head = pruned(fit(features.seen(tap)[~out], dev.label[~out], first.key[1]), part)
            said[out] = soon_logit(head.logits(features.asked(tap)[out])).mean(axis=1)
        found[f"pruning_{part:g}_of_the_head"] = _gain(dev, said, odds, draws)
    return found


def _facts(dev: Photos, odds: np.ndarray, draws: Draws) -> dict:
    """Late fusion with age, sun-exposed place and symptoms (an unanswered one counts half; only to see, never shipped)."""
    sun = ("face", "scalp", "ear", "nose", "lip", "neck", "forearm", "hand")
    rows = [
        [
            (one.facts.age or 55) / 20,
            one.facts.place in sun,
            *({True: 1.0, False: 0.0, None: 0.5}[one.facts.symptoms.get(name)] for name in SYMPTOMS),
        ]
        for one in dev.all
    ]
    x, said, fold = np.column_stack([odds, np.array(rows, float)]), np.zeros(len(odds)), photos.folds(dev, 5, 0)
    for one in range(5):
        out = fold == one
        said[out] = LogisticRegression(C=0.3, max_iter=1000).fit(x[~out], dev.soon[~out]).decision_function(x[out])
    return _gain(dev, said, odds, draws)


def _test(data: Photos, features: Features, kept: np.ndarray, first: Fitted, weights: Path) -> tuple[dict, dict]:
    """The people kept back, by the model of the others; then the same photos spoilt in several ways (the plain view alone)."""
    test, tap = photos.subset(data, kept), first.key[0]
    draws = by_unit(test.person, TIMES, photos.SEED + 1)
    odds = soon_logit(first.head.logits(features.of(kept).asked(tap))).mean(axis=1)
    found = _plain(figures(test.soon, odds, first.decision, draws))
    away = first.embedding.distance(features.of(kept).asked(tap)[:, 0])
    found["out_of_distribution"] = float((away > first.decision.distance_limit).mean())
    network = skin_network.build(weights, tap, first.head, first.embedding)
    pictures = np.stack([square(one.pixels, SIZE) for one in test.all])
    said = {}
    for name, how in tqdm(spoilt().items(), desc="spoilt photos", unit="way"):
        said[name] = soon_logit(exporting.predict(network, np.stack([how(one) for one in pictures]))["logits"])
    for size in FGSM:
        said[f"FGSM, {size} of 255"] = soon_logit(
            exporting.predict(network, attacked(network, pictures, test.soon, size))["logits"]
        )
    table = {
        name: {
            "auroc": draws.figure(_auroc(test, one)).plain(),
            "same_side": round(float(((one > _line(first)) == (said["as it is"] > _line(first))).mean()), 4),
        }
        for name, one in said.items()
    }
    return found, table


def _line(first: Fitted) -> float:
    at = first.decision
    return float(np.log(at.threshold / (1 - at.threshold)) * at.temperature)


def attacked(network: object, pictures: np.ndarray, soon: np.ndarray, size: int) -> np.ndarray:
    """Each picture changed by `size` of 255 at every pixel in the direction that hurts most (Goodfellow, ICLR 2015)."""
    given = tf.Variable(pictures.astype(np.float32))
    sign = tf.constant(np.where(soon == 1, 1.0, -1.0), tf.float32)
    marks = tf.constant(np.where(SOON, 0.25, -0.5), tf.float32)
    with tf.GradientTape() as tape:
        right = tf.reduce_sum(sign * tf.linalg.matvec(network(given)["logits"], marks))  # type: ignore[operator]
    return np.clip(pictures - size * np.sign(np.asarray(tape.gradient(right, given))), 0, 255).astype(np.float32)


def _not_skin(extractor: Extractor, final: Fitted, dermoscopy: list[Path]) -> dict:
    tap, frozen = final.key[0], list(strangers.frozen())
    found = {
        "frozen_strangers": (
            np.array([one.family for one in frozen]),
            extractor.pictures([one.pixels for one in frozen], "frozen strangers"),
        )
    }
    if dermoscopy:
        opened = [np.asarray(Image.open(path).convert("RGB")) for path in dermoscopy]
        found["dermoscopy"] = (np.array(["ham10000"] * len(opened)), extractor.pictures(opened, "dermoscopy"))
    return {
        name: strangers_said(
            families,
            final.embedding.distance(held.by_tap[tap][:, 0]),
            soon_logit(final.head.logits(held.by_tap[tap][:, 0])),
            final.decision,
        )
        for name, (families, held) in found.items()
    }
