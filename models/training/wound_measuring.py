"""This is the place where the wound check is measured on photos kept back: how well it draws, where it fails, what disturbs it, what it takes for a wound."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PIL import Image, ImageFilter
from scipy import ndimage

from models.image_check import wound
from models.image_check.quality import gate
from models.image_check.wound_decision import WoundDecision
from models.training.resampling import Draws, Figure, by_unit
from models.training.wound_choosing import Drawn, draw
from models.training.wound_photos import SEED, WoundPhotos
from models.training.wound_scores import area_off, dice_each, dice_pooled

TIMES = 1000


def figures(photos: WoundPhotos, drawn: Drawn, decision: WoundDecision) -> dict[str, Figure]:
    """With 95 % intervals over groups of near-duplicates. "dice" is the mean of photos, "dice_pooled" that of all their pixels; "..._said" of those on which
    the check says a size; areas are off by a share of the true area (median, and that which three quarters stay below)."""
    draws, each, off = (
        by_unit(photos.groups, TIMES, SEED),
        dice_each(drawn.masks, photos.masks),
        np.abs(area_off(drawn.masks, photos.masks)),
    )
    said = drawn.masks.any(axis=(1, 2)) & (drawn.agreement >= decision.agreement_least)
    sizes = _sizes(drawn.masks, photos.masks)
    has = photos.masks.any(axis=(1, 2))
    return draws.figures({
        "dice": lambda rows: float(each[rows].mean()),
        "dice_pooled": lambda rows: _pooled(sizes[rows]),
        "dice_said": lambda rows: _mean(each[rows][said[rows]]),
        "dice_pooled_said": lambda rows: _pooled(sizes[rows][said[rows]]),
        "said": lambda rows: float(said[rows].mean()),
        "wound_missed": lambda rows: float((~drawn.masks.any(axis=(1, 2)))[rows][has[rows]].mean()),
        "area_off_median": lambda rows: _quantile(off[rows][said[rows]], 0.5),
        "area_off_upper_quarter": lambda rows: _quantile(off[rows][said[rows]], 0.75),
    })  # fmt: skip


def subgroups(photos: WoundPhotos, drawn: Drawn) -> dict[str, tuple[Figure, int]]:
    """Mean Dice by size of the wound, brightness of the photo, and tone of the skin around the wound (estimated from the picture: nobody was asked)."""
    draws, each = by_unit(photos.groups, TIMES, SEED), dice_each(drawn.masks, photos.masks)
    share, light = photos.shares, photos.pixels.mean(axis=(1, 2, 3))
    tone = np.array([_tone(one, mask) for one, mask in zip(photos.pixels, photos.masks, strict=True)])
    middle = float(np.median(light))
    parts = {
        "size.under_0_5_percent": (share > 0) & (share < 0.005), "size.0_5_to_1_5_percent": (share >= 0.005) & (share < 0.015), "size.over_1_5_percent": share >= 0.015,
        "light.darker_half": light < middle, "light.lighter_half": light >= middle,
        "tone.light": tone > 41, "tone.middle": (tone > 10) & (tone <= 41), "tone.dark": tone <= 10,
    }  # fmt: skip
    return {name: (_within(draws, rows, each), int(rows.sum())) for name, rows in parts.items() if rows.any()}


def disturbances() -> Mapping[str, Callable[[np.ndarray], np.ndarray]]:
    """What may go wrong with a photo, uint8 to uint8."""
    random = np.random.default_rng(SEED)

    def noisy(spread: float) -> Callable[[np.ndarray], np.ndarray]:
        return lambda one: np.clip(one + random.normal(0, spread, one.shape), 0, 255).astype(np.uint8)

    return {
        "none": lambda one: one,
        "noise_10": noisy(10), "noise_25": noisy(25),
        "blur_1": lambda one: np.asarray(Image.fromarray(one).filter(ImageFilter.GaussianBlur(1))),
        "blur_2": lambda one: np.asarray(Image.fromarray(one).filter(ImageFilter.GaussianBlur(2))),
        "half_the_light": lambda one: (one * 0.5).astype(np.uint8),
        "half_more_light": lambda one: np.clip(one * 1.5, 0, 255).astype(np.uint8),
        "jpeg_20": _compressed,
    }  # fmt: skip


def disturbed(photos: WoundPhotos, ask: wound.Ask, decision: WoundDecision) -> dict[str, dict[str, float]]:
    """Dice of the whole check under each disturbance (every second photo kept back)."""
    found = {}
    for name, change in disturbances().items():
        changed = WoundPhotos(photos.names, np.stack([change(one) for one in photos.pixels]), photos.masks, photos.groups)
        masks = draw(changed, ask, decision).masks
        found[name] = {
            "dice": round(float(dice_each(masks, photos.masks).mean()), 4),
            "dice_pooled": round(dice_pooled(masks, photos.masks), 4),
        }
    return found


def others(
    pictures: Mapping[str, list[np.ndarray]], ask: wound.Ask, decision: WoundDecision, *, gated: bool
) -> dict[str, dict[str, Any]]:
    """What becomes of pictures by kind: how many the gate refuses, are too far away, show nothing, are unsure, or are measured."""
    found = {}
    for kind, many in pictures.items():
        counts = dict.fromkeys(("refused", "out_of_distribution", "nothing_seen", "uncertain", "measured"), 0)
        for pixels in many:
            counts[_fate(pixels, ask, decision, gated=gated)] += 1
        found[kind] = {"pictures": len(many), **counts}
    return found


def _fate(pixels: np.ndarray, ask: wound.Ask, decision: WoundDecision, *, gated: bool) -> str:
    from core.domain.checks import CheckKind

    if gated and not gate(CheckKind.WOUND, pixels).ok:
        return "refused"
    seen = wound.look(pixels, ask, decision)
    if wound.away(seen, decision) > 1:
        return "out_of_distribution"
    if not wound.drawn(seen, decision).any():
        return "nothing_seen"
    return "uncertain" if seen.agreement < decision.agreement_least else "measured"


def _tone(pixels: np.ndarray, mask: np.ndarray) -> float:
    """The individual typology angle (Chardin 1991) of the skin around a wound, in degrees: above 41 light, 10 or below dark. NaN without a wound."""
    if not mask.any():
        return float("nan")
    ring = ndimage.binary_dilation(mask, iterations=22) & ~ndimage.binary_dilation(mask, iterations=8) & (pixels.max(axis=2) > 20)
    if not ring.any():
        return float("nan")
    linear = ((np.median(pixels[ring], axis=0) / 255 + 0.055) / 1.055) ** 2.4
    y, z = linear @ np.array([0.2126, 0.7152, 0.0722]), linear @ np.array([0.0193, 0.1192, 0.9505]) / 1.089
    lightness, blue = 116 * np.cbrt(y) - 16, 200 * (np.cbrt(y) - np.cbrt(z))
    return float(np.degrees(np.arctan2(lightness - 50, blue)))


def _sizes(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return np.stack([(found & truth).sum(axis=(1, 2)), found.sum(axis=(1, 2)) + truth.sum(axis=(1, 2))], axis=1)


def _pooled(sizes: np.ndarray) -> float:
    both, either = sizes.sum(axis=0) if len(sizes) else (0, 0)
    return float(2 * both / either) if either else float("nan")


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _quantile(values: np.ndarray, share: float) -> float:
    values = values[~np.isnan(values)]
    return float(np.quantile(values, share)) if len(values) else float("nan")


def _within(draws: Draws, chosen: np.ndarray, each: np.ndarray) -> Figure:
    return draws.figure(lambda rows: _mean(each[rows][chosen[rows]]))


def _compressed(pixels: np.ndarray) -> np.ndarray:
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "JPEG", quality=20)
    return np.asarray(Image.open(held).convert("RGB"))
