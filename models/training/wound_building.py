"""This is the place where the wound model is built: learned, written as the files that ship, its numbers chosen, measured once on photos kept back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.domain.checks import CheckKind
from models.image_check import wound
from models.image_check.wound_decision import WoundDecision
from models.runner import FILES
from models.training import skin_embedding, wound_network
from models.training import wound_choosing as choosing
from models.training import wound_measuring as measuring
from models.training.exporting import export
from models.training.strangers import frozen, tuning
from models.training.wound_drawn import pictures
from models.training.wound_fit import Recipe, learn, masks_of
from models.training.wound_photos import SEED, WoundPhotos, crops, leaks, split
from models.training.wound_scores import area_off, dice_each, dice_pooled

Say = Callable[[str], None]
STRANGERS = 4
"""Pictures of each family that are shown to the finished check."""


def build(photos: WoundPhotos, data: Path, out: Path, work: Path, say: Say) -> tuple[WoundDecision, dict[str, Any]]:
    """Write the model files into `out`; (the decision, the report). `work` holds what a stopped run goes on from."""
    parts = split(photos)
    learned, watched, kept = (photos.of(parts[name]) for name in ("train", "watch", "test"))
    drawing = wound_network.settled(learn(learned, watched, Recipe(), data / "weights", work))
    known, strange = choosing.views_known(learned, SEED), choosing.views_strange()
    apart_from = skin_embedding.fit(_deep(drawing, known)[:, None], _deep(drawing, strange))
    model = wound_network.finished(drawing, (apart_from.weights, apart_from.bias))
    apart = export(model, CheckKind.WOUND, choosing.examples(known, strange), pictures(), out)
    say(f"exported: {apart}")
    small, half = (choosing.Remembered(edge(out / FILES[name])) for name in ("int8", "fp16"))
    embedded = [
        np.stack([small(one[None])["embedding"][0] for one in views]) for views in (known, choosing.views_known(watched, SEED + 1))
    ]
    decision, tried = choosing.choose(watched, small, choosing.first_guess(*embedded))
    say(f"chosen: {choosing.plain(decision) | {'mean': '', 'inverse_covariance': ''}}")
    report: dict[str, Any] = {
        "split": {name: {"photos": len(rows), "groups": len(np.unique(photos.groups[rows])), "names": list(photos.of(rows).names)} for name, rows in parts.items()},
        "groups_in_two_parts": leaks(photos, parts),
        "differences": apart,
        "chosen_on_watched": tried,
    }  # fmt: skip
    report |= _measured(kept, decision, small, half, say)
    report["disturbed"] = measuring.disturbed(kept.of(np.arange(0, len(kept), 2)), small, decision)
    say(f"disturbed: {report['disturbed']}")
    report["attacked"] = attacked(drawing, kept)
    report["pruned"] = pruned(drawing, watched)
    say(f"attacked: {report['attacked']}; pruned: {report['pruned']}")
    report["strangers"] = _strangers(small, decision)
    report["crops"] = measuring.others(crops(data), small, decision, gated=False)
    say(f"strangers: {report['strangers']}; crops: {report['crops']}")
    return decision, report


def edge(path: Path) -> wound.Ask:
    """A TFLite file as the app asks it, item by item."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(path), num_threads=1).get_signature_runner()

    def ask(batch: np.ndarray) -> dict[str, np.ndarray]:
        answers = [runner(image=one[None]) for one in batch]
        return {name: np.concatenate([one[name] for one in answers]) for name in answers[0]}

    return ask


def attacked(model: keras.Model, photos: WoundPhotos, most: int = 30) -> dict[str, dict[str, float]]:
    """Mean Dice of one look where each pixel is moved by so many of 255 in the direction that harms most (FGSM, Goodfellow 2015)."""
    some, truth = photos.pixels[:most].astype(np.float32), photos.masks[:most]
    found = {}
    for step in (0, 1, 2, 4):
        moved = np.concatenate([_harmed(model, some[n : n + 6], truth[n : n + 6], step) for n in range(0, len(some), 6)])
        masks = masks_of(model, moved) > 0.5
        found[f"fgsm_{step}"] = {
            "dice": round(float(dice_each(masks, truth).mean()), 4),
            "dice_pooled": round(dice_pooled(masks, truth), 4),
        }
    return found


def pruned(model: keras.Model, watched: WoundPhotos) -> dict[str, float]:
    """Pooled Dice of one look on the watched photos where the smallest weights of each large kernel are set to 0, without learning again."""
    before, found = model.get_weights(), {}
    for share in (0.0, 0.2, 0.4, 0.6):
        model.set_weights([np.where(np.abs(w) < np.quantile(np.abs(w), share), 0, w) if w.size > 4000 else w for w in before])
        found[f"zero_{round(share * 100)}_percent"] = round(dice_pooled(masks_of(model, watched.pixels) > 0.5, watched.masks), 4)
    model.set_weights(before)
    return found


def _measured(kept: WoundPhotos, decision: WoundDecision, small: wound.Ask, half: wound.Ask, say: Say) -> dict[str, Any]:
    """The figures of what ships (int8), and what each step of the check bought."""
    drawn, fine = choosing.draw(kept, small, decision), choosing.draw(kept, half, decision)
    found = measuring.figures(kept, drawn, decision)
    one = [np.asarray(ask(kept.pixels)["mask"]) for ask in (small, half)]
    off = np.abs(one[0] - one[1])
    whole = choosing.draw(kept, small, _only_whole(decision))
    areas = np.abs(area_off(drawn.masks, fine.masks))
    for name, figure in found.items():
        say(f"kept back, {name}: {figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]")
    return {
        "test": {name: figure.plain() for name, figure in found.items()},
        "by": {name: figure.plain() | {"photos": count} for name, (figure, count) in measuring.subgroups(kept, drawn).items()},
        "steps": {
            "one_look": _both(one[0] >= 0.5, kept), "mirrored": _both(whole.masks, kept), "and_closely": _both(drawn.masks, kept), "float16": _both(fine.masks, kept),
        },
        "int8_against_float16": {
            "mask_mean": float(off.mean()), "mask_99th": float(np.quantile(off, 0.99)), "mask_largest": float(off.max()), "dice": float(dice_each(drawn.masks, fine.masks).mean()),
            "area_median": float(np.nanmedian(areas)), "area_95th": float(np.nanquantile(areas, 0.95)),
        },
    }  # fmt: skip


def _only_whole(decision: WoundDecision) -> WoundDecision:
    from dataclasses import replace

    return replace(decision, close_weight=0.0)


def _both(masks: np.ndarray, photos: WoundPhotos) -> dict[str, float]:
    return {
        "dice": round(float(dice_each(masks, photos.masks).mean()), 4),
        "dice_pooled": round(dice_pooled(masks, photos.masks), 4),
    }


def _strangers(ask: wound.Ask, decision: WoundDecision) -> dict[str, Any]:
    found = {}
    for name, many in (("tuning", tuning(STRANGERS)), ("frozen", frozen(STRANGERS))):
        kinds: dict[str, list[np.ndarray]] = {}
        for one in many:
            kinds.setdefault(one.family, []).append(one.pixels)
        found[name] = measuring.others(kinds, ask, decision, gated=True)
    return found


def _deep(model: keras.Model, pixels: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [np.asarray(model(pixels[n : n + 16].astype(np.float32), training=False)["deep"]) for n in range(0, len(pixels), 16)]
    )


def _harmed(model: keras.Model, pixels: np.ndarray, truth: np.ndarray, step: int) -> np.ndarray:
    if not step:
        return pixels
    x = tf.convert_to_tensor(pixels)
    with tf.GradientTape() as tape:
        tape.watch(x)
        off = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(truth[..., None].astype(np.float32), model(x, training=False)["logits"])
        )
    return np.clip(pixels + step * np.sign(tape.gradient(off, x)), 0, 255)
