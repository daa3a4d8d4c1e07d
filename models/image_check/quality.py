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
    Limit("too_dark", "light", True, 50.0, 60.0),
    Limit("too_bright", "clipped", False, 0.35, 0.35),
    Limit("low_contrast", "contrast", True, 8.0, 12.0),
    Limit("blurred", "sharpness", True, -0.5, -0.5),
    Limit("glare", "glare", False, 0.05, 0.08),
    Limit("low_resolution", "short_side", True, 120.0, 160.0),
    Limit("low_resolution", "blocks", False, 1.0, 1.0),
    Limit("not_skin", "skin", True, 0.25, 0.10),
)


def gate(kind: CheckKind, pixels: np.ndarray) -> Quality:
    """Judge a photo, uint8 (height, width, 3), with the measures behind the reasons (models/image_check/measuring.py says what they are)."""
    measures = measured(pixels)
    return Quality(judged(kind, measures), measures)


def judged(kind: CheckKind, measures: Mapping[str, float]) -> tuple[str, ...]:
    """The reasons against a photo with these measures, in the order of QUALITY_REASONS."""
    broken = {limit.reason for limit in LIMITS if limit.broken(kind, measures)}
    return tuple(reason for reason in QUALITY_REASONS if reason in broken)
