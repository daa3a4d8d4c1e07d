"""This is the place where it is judged whether a photo is good enough to be checked, with reasons that say what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.domain.checks import QUALITY_REASONS, CheckKind, Quality
from models.image_check.measuring import measured


@dataclass(frozen=True, slots=True)
class Limit:
    """A reason holds where the measure is below (or above) the limit of the kind."""

    reason: str
    measure: str
    below: bool
    skin: float
    wound: float
    why: str = ""

    def broken(self, kind: CheckKind, measures: Mapping[str, float]) -> bool:
        limit = self.skin if kind is CheckKind.SKIN else self.wound
        value = measures[self.measure]
        return value < limit if self.below else value > limit


LIMITS = (
    Limit("too_dark", "light", True, 55.0, 60.0, "under the red of the darkest tones of Fitzpatrick's scale in full light (60 to 72), so that dark skin is not too dark"),
    Limit("too_bright", "clipped", False, 0.08, 0.15, "of good photos at most 0.3 % (wounds 2 %) is white; sheets and dressings leave room for wounds"),
    Limit("low_contrast", "contrast", True, 10.0, 15.0, "good photos have 35 or more (wounds 110); a dark tone has less by nature"),
    Limit("blurred", "sharpness", True, 0.42, 0.43, "the lowest 2 % of good photos lie below; twice the mild blur brings all below"),
    Limit("glare", "glare", False, 0.015, 0.04, "the largest white spot of good photos covers 0.4 % (wounds 3 %)"),
    Limit("too_far", "skin", True, 0.25, 0.22, "the lowest 4 % of good photos lie below (wounds: none, the lowest has 38 %)"),
    Limit("not_skin", "skin", True, 0.08, 0.06, "what is left where hardly anything has a colour that skin can have"),
    Limit("low_resolution", "short_side", True, 140.0, 90.0, "the smallest shared photo of a spot has 147; of wounds, close crops of 90 still show their edge"),
    Limit("low_resolution", "blocks", False, 0.60, 0.65, "the highest of good photos is 0.41 (wounds: 2 % are above); JPEG quality 25 gives 0.9"),
    Limit("screenshot", "flat", False, 0.55, 0.55, "the highest of good photos is 0.40; drawn surfaces have 0.65 to 0.95"),
)  # fmt: skip
"""One row for each way to break. Set on one half of the people of the shared photos, measured on the other: docs/models/GATE.md."""
INSTEAD = {"not_skin": ("too_far",), "blurred": ("screenshot",), "low_resolution": ("screenshot",), "too_dark": ("screenshot", "low_contrast")}
"""What is not said as well where the first holds: it follows from it, and would send somebody the wrong way."""


def gate(kind: CheckKind, pixels: np.ndarray) -> Quality:
    """Judge a photo, uint8 (height, width, 3), with the measures behind the reasons (models/image_check/measuring.py says what they are)."""
    measures = measured(pixels)
    return Quality(judged(kind, measures), measures)


def judged(kind: CheckKind, measures: Mapping[str, float]) -> tuple[str, ...]:
    """The reasons against a photo with these measures, in the order of QUALITY_REASONS."""
    broken = {limit.reason for limit in LIMITS if limit.broken(kind, measures)}
    broken -= {other for reason in broken for other in INSTEAD.get(reason, ())}
    return tuple(reason for reason in QUALITY_REASONS if reason in broken)
