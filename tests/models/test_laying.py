"""The second photo of a wound is laid on the first by what both show for sure; the model is played by one that finds red."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.domain.check_media import CleanPhoto
from core.domain.checks import COINS, CheckKind, ModelRef
from models.image_check import coin
from models.image_check.laying import laid
from models.image_check.wound_decision import WoundDecision
from models.runner import Answered
from models.shipped_checks import ShippedChecks
from tests.models import drawn_wounds as drawn

SIZE = (360, 480)
DECISION = WoundDecision("1.0.0", 0.5, 0.7, 0.0003, 0.6, np.zeros(32), np.eye(32), 6.0)
DECISIONS: Any = type("Decisions", (), {"of": lambda self, kind: DECISION})()


class Red:
    """Finds red; `away`: how far every photo is from what the model knows."""

    def __init__(self, away: float = 0.0) -> None:
        self.away = away

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        found: Mapping[str, np.ndarray] = drawn.red_model(batch)
        return Answered(
            {**found, "embedding": found["embedding"] + np.float32(self.away)}, ModelRef("wound", "1", "d" * 64, "edge")
        )


def taken(moved: tuple[int, int] = (0, 0)) -> CleanPhoto:
    camera = drawn.camera(4, 20, 0, (27, 30), (240, 180))
    pixels = drawn.taken(drawn.scene(camera, SIZE, (26.0, 34.0, 9.0, 6.0), square=None), 1)
    return CleanPhoto(b"", "", np.ascontiguousarray(np.roll(pixels, moved, axis=(0, 1))))


def test_a_wound_that_was_moved_lies_where_it_lay_in_the_first_photo() -> None:
    first, other = taken(), taken((30, -50))
    content = laid(first, other, Red(), DECISIONS)
    assert content is not None
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        pixels = np.asarray(opened)
    middle = np.s_[120:220, 180:300]
    assert pixels.shape == first.pixels.shape
    assert np.abs(pixels[middle].astype(int) - first.pixels[middle]).mean() < 4
    assert np.abs(other.pixels[middle].astype(int) - first.pixels[middle]).mean() > 12


@pytest.mark.parametrize("away", [0.0, 100.0])
def test_a_photo_the_model_does_not_know_is_laid_by_no_guess(away: float) -> None:
    assert (laid(taken(), taken((30, -50)), Red(away), DECISIONS) is None) is (away > 0)


def test_every_coin_that_can_be_named_has_a_size() -> None:
    assert tuple(coin.COINS) == COINS


def test_a_spot_or_a_wound_without_a_model_is_shown_as_it_came(tmp_path: Path) -> None:
    first, other = taken(), taken((30, -50))
    assert ShippedChecks(Red(), tmp_path).aligned(CheckKind.WOUND, first, other) is None
    assert ShippedChecks(Red()).aligned(CheckKind.SKIN, first, other) is None
