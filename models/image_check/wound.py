"""This is the place where what the wound model draws becomes a size for the team, or a reason to say nothing. No TensorFlow.

The photo is looked at twice: as a whole, and, where something was found, closely around it, since most wounds fill less than a hundredth of a photo. Each
look is mirrored as well, and how far the drawings agree says whether their size can be relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from core.domain.checks import Area, CheckKind, Declined, Finding
from core.errors import ModelUnavailable
from models.image_check import coin, marker
from models.image_check.distribution import distance
from models.image_check.layers import packed
from models.image_check.preparing import Fit, enlarged, fitted, flips, undone, unfitted
from models.image_check.wound_decision import WoundDecision
from models.image_check.wound_decision import read_decision as read_decision
from models.runner import INPUTS

SIDE = INPUTS[CheckKind.WOUND][1][0]
Ask = Callable[[np.ndarray], Mapping[str, np.ndarray]]
"""A batch of uint8 (n, 256, 256, 3) -> the model's outputs by name."""
ROOM = 2.4
"""The close look spans this many times what was found."""
_CLOSEST = 0.2
"""It spans at least this share of the photo's longer side (a tiny patch without its surroundings looks like anything), and is left out from _NO_CLOSER on."""
_NO_CLOSER = 0.75
_COLOURS = ((0, 0, 0, 0), (20, 24, 28, 230), (255, 255, 255, 255), (0, 74, 173, 50))
_FAINT = 0.35
"""Where the whole look sees at least this much of a wound, the close look goes there."""


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """What the model drew. `chance` float32 (height, width) of the photo, the probability of wound; `agreement` 0 to 1, the Dice of the drawings of the views
    with each other (1 where none draws anything); `embedding` (32,) of the whole photo, `close` (32,) of the close look where there was one."""

    chance: np.ndarray
    agreement: float
    embedding: np.ndarray
    close: np.ndarray | None = None


def look(pixels: np.ndarray, ask: Ask, decision: WoundDecision, made: tuple[np.ndarray, Fit] | None = None) -> Seen:
    """Ask the model about a photo, uint8 (height, width, 3). `made`: what `fitted` makes of it, where that is done already. Raises ModelUnavailable where what
    comes out is no mask."""
    whole, fit = fitted(pixels, SIDE) if made is None else made
    maps, embedding = _asked(whole, ask)
    chance = unfitted(maps.mean(axis=0), fit)
    window = _window(chance)
    if window is None:
        return Seen(chance, _agreement(maps, decision.threshold), embedding)
    close, near = _asked(_framed(pixels[window]), ask)
    tall, wide = chance[window].shape
    longest = max(tall, wide)
    inside = enlarged(close.mean(axis=0), longest, longest)[:tall, :wide]
    before = chance[window]
    between = _dice(before >= decision.threshold, inside >= decision.threshold)
    joined = chance.copy()
    joined[window] = decision.close_weight * inside + (1 - decision.close_weight) * before
    return Seen(joined, min(_agreement(close, decision.threshold), between), embedding, near)


def away(seen: Seen, decision: WoundDecision) -> float:
    """How far the photo is from what the model knows, as a multiple of the limit: the farther of the two looks. A mouth in a face is found by the first, and
    is no wound in the second. Raises ModelUnavailable."""
    whole = distance(seen.embedding, decision)
    return whole if seen.close is None else max(whole, distance(seen.close, decision))


def decide(
    seen: Seen, pixels: np.ndarray, decision: WoundDecision, coin_key: str = "", mask: np.ndarray | None = None
) -> tuple[Finding | Declined, Finding | None]:
    """What may be said, and what would have been said (for the report card alone). `coin_key`: the coin of models.image_check.coin.COINS that the person says
    lies beside the wound. `mask`: what `drawn` made of the same, where that is known already."""
    mask = drawn(seen, decision) if mask is None else mask
    if not mask.any():
        return Declined("poor_quality", ("no_wound_seen",)), None
    finding = Finding("measured", area=measured(mask, pixels, coin_key))
    if seen.agreement < decision.agreement_least:
        return Declined("uncertain"), finding
    return finding, finding


def drawn(seen: Seen, decision: WoundDecision) -> np.ndarray:
    """The mask, bool (height, width): what is likely enough, without specks and holes too small to be a wound."""
    likely = seen.chance >= decision.threshold
    mask = np.zeros_like(likely)
    around = _around(likely)
    if around is None:
        return mask
    labels, count = ndimage.label(likely[around])
    sizes = np.bincount(labels.reshape(-1), minlength=count + 1)
    keeps = sizes >= decision.smallest_share * mask.size
    keeps[0] = False
    mask[around] = _without_holes(keeps[labels])
    return mask


def _without_holes(mask: np.ndarray) -> np.ndarray:
    """What is clear and doesn't reach the edge belongs to the mask (as binary_fill_holes says, which takes four times as long)."""
    clear, _ = ndimage.label(np.pad(~mask, 1, constant_values=True))
    return clear[1:-1, 1:-1] != clear[0, 0]


def _around(mask: np.ndarray, room: int = 0) -> tuple[slice, slice] | None:
    """The rows and columns that a bool mask lies in, with room; None where it is empty."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return slice(max(0, rows[0] - room), rows[-1] + 1 + room), slice(max(0, columns[0] - room), columns[-1] + 1 + room)


def measured(mask: np.ndarray, pixels: np.ndarray, coin_key: str = "") -> Area:
    """How large a bool mask of a photo is: as a share of it, and in cm2 where our printed square (or the coin that the person named) lies beside it."""
    share = float(mask.mean())
    square = marker.find(pixels)
    if square is not None and (found := square.measured(mask)) is not None:
        return Area(share, found, "card")
    if coin_key and (found := coin.measured(mask, pixels, coin_key)) is not None:
        return Area(share, found, coin_key)
    return Area(share)


def outlined(mask: np.ndarray) -> bytes:
    """A layer as large as the photo (PNG, a palette with its opacities): a white line with a dark rim around what was taken for wound, clear elsewhere; b""
    where nothing was."""
    thick = max(1, round(min(mask.shape) / 300))
    around = _around(mask, 3 * thick)
    if around is None:
        return b""
    away = ndimage.distance_transform_cdt(~mask[around], metric="taxicab")
    layer = np.zeros(mask.shape, np.uint8)
    layer[around] = np.array([3, 1, 2, 1, 0], np.uint8)[np.minimum((away + thick - 1) // thick, 4)]
    return packed(layer, _COLOURS)


def _asked(square: np.ndarray, ask: Ask) -> tuple[np.ndarray, np.ndarray]:
    """(the masks of the four exact views laid on each other, the embedding of the first)."""
    outputs = ask(np.ascontiguousarray(flips(square)))
    maps, embedding = np.asarray(outputs.get("mask", ()), np.float32), np.asarray(outputs.get("embedding", ()), np.float32)
    if maps.ndim != 3 or maps.shape[1:] != (SIDE, SIDE) or not np.isfinite(maps).all() or maps.min() < 0 or maps.max() > 1:
        raise ModelUnavailable("model_unavailable", why="other_outputs", place="mask")
    if embedding.ndim != 2 or len(embedding) != len(maps):
        raise ModelUnavailable("model_unavailable", why="other_outputs", place="embedding")
    return undone(maps), embedding[0]


def _window(chance: np.ndarray) -> tuple[slice, slice] | None:
    """Where to look closely: a square around what was found, within the photo; None where nothing was, or where it would be the whole photo again."""
    height, width = chance.shape
    around = _around(chance >= _FAINT)
    if around is None:
        return None
    rows, columns = around
    across = max(rows.stop - rows.start, columns.stop - columns.start)
    side = int(max(across * ROOM, _CLOSEST * max(height, width)))
    if side >= _NO_CLOSER * max(height, width):
        return None
    tall, wide = min(side, height), min(side, width)
    top = int(np.clip((rows.start + rows.stop) // 2 - tall // 2, 0, height - tall))
    left = int(np.clip((columns.start + columns.stop) // 2 - wide // 2, 0, width - wide))
    return slice(top, top + tall), slice(left, left + wide)


def _framed(pixels: np.ndarray) -> np.ndarray:
    """The window as the model sees it: enlarged to its side, black below or beside where the photo ends."""
    tall, wide = pixels.shape[:2]
    if tall != wide:
        filled = np.zeros((max(tall, wide), max(tall, wide), 3), np.uint8)
        filled[:tall, :wide] = pixels
        pixels = filled
    return np.asarray(
        Image.fromarray(np.ascontiguousarray(pixels)).resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=3.0)
    )


def _agreement(maps: np.ndarray, threshold: float) -> float:
    """The mean Dice of each view's drawing with that of all together."""
    together = maps.mean(axis=0) >= threshold
    return float(np.mean([_dice(one >= threshold, together) for one in maps]))


def _dice(one: np.ndarray, other: np.ndarray) -> float:
    either = int(one.sum()) + int(other.sum())
    return 1.0 if either == 0 else float(2 * (one & other).sum() / either)
