"""This is the place where it is tested that the gate refuses poor photos for the right reason, and no skin for its colour."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.domain.checks import PHOTO_KINDS, QUALITY_REASONS, CheckKind
from models.image_check.intake import photo
from models.image_check.quality import LIMITS, gate
from models.training.degrading import DEGRADATIONS, LEVELS, dark, degraded
from models.training.strangers import FAMILIES
from tests.models.photos import FITZPATRICK, encoded, skin

DARKEST = ((59, 34, 25), (60, 31, 29), (96, 65, 52))
"""Other palettes' type VI, and the eighth of Monk's ten tones."""
SHARED = Path(os.environ.get("HEALTHBOARD_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data" / "images"


@pytest.mark.parametrize("kind", PHOTO_KINDS)
@pytest.mark.parametrize("tone", [*FITZPATRICK, *DARKEST], ids=str)
def test_no_tone_of_skin_is_refused_for_its_colour(tone: tuple[int, int, int], kind: CheckKind) -> None:
    assert gate(kind, photo(encoded(skin(tone, seed=sum(tone)), quality=92)).pixels).reasons == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("bright", "too_bright"), ("blur", "blurred"), ("motion_blur", "blurred"), ("glare", "glare"), ("jpeg", "low_resolution"),
    ],
)  # fmt: skip
def test_what_is_severely_wrong_is_refused_for_that_reason(name: str, reason: str) -> None:
    for seed, tone in enumerate(FITZPATRICK[:4]):
        poor = degraded(skin(tone, seed=seed), name, "severe", np.random.default_rng(seed))
        assert reason in gate(CheckKind.SKIN, poor).reasons


def test_pale_skin_in_the_dark_is_too_dark_and_dark_skin_in_the_light_is_not() -> None:
    for tone in FITZPATRICK[:4]:
        assert "too_dark" in gate(CheckKind.SKIN, dark(skin(tone), 5.5, np.random.default_rng(0))).reasons
    assert gate(CheckKind.SKIN, skin(FITZPATRICK[5])).ok


def test_a_small_photo_is_refused_and_a_large_one_judged_alike() -> None:
    small = np.asarray(Image.fromarray(skin()).resize((80, 80)))
    assert gate(CheckKind.SKIN, small).reasons == ("low_resolution",)
    large = np.asarray(Image.fromarray(skin(size=512)).resize((1800, 1800), Image.Resampling.LANCZOS))
    assert gate(CheckKind.SKIN, large).ok


def test_spot_far_away_in_a_room_is_too_far_and_a_room_alone_no_skin() -> None:
    room = np.full((400, 400, 3), (150, 170, 200), np.uint8) + np.random.default_rng(0).integers(
        0, 12, (400, 400, 3), dtype=np.uint8
    )
    assert "not_skin" in gate(CheckKind.SKIN, room).reasons
    room[130:270, 130:270] = skin(size=140)
    assert gate(CheckKind.SKIN, room).reasons == ("too_far",)


def test_black_bars_around_a_photo_change_nothing() -> None:
    barred = np.zeros((384, 640, 3), np.uint8)
    barred[:, 128:512] = skin()
    assert gate(CheckKind.SKIN, barred) == gate(CheckKind.SKIN, skin())


@pytest.mark.parametrize("family", ["screenshot", "chart"])
@pytest.mark.parametrize("kind", PHOTO_KINDS)
def test_what_was_never_photographed_is_refused(family: str, kind: CheckKind) -> None:
    for seed in range(3):
        assert not gate(kind, FAMILIES[family](np.random.default_rng(seed), 400, 300)).ok


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.integers(0, 255), st.integers(0, 120), st.sampled_from(PHOTO_KINDS))
def test_any_picture_has_measures_and_reasons_in_their_order(
    height: int, width: int, level: int, spread: int, kind: CheckKind
) -> None:
    pixels = np.random.default_rng(level).integers(level, min(256, level + spread + 1), (height, width, 3)).astype(np.uint8)
    quality = gate(kind, pixels)
    assert all(np.isfinite(value) for value in quality.measures.values())
    assert list(quality.reasons) == sorted(set(quality.reasons), key=QUALITY_REASONS.index)
    assert "low_resolution" in quality.reasons


def test_every_limit_names_a_measure_and_a_reason_there_is() -> None:
    measures = gate(CheckKind.SKIN, skin()).measures
    assert {limit.reason for limit in LIMITS} <= set(QUALITY_REASONS)
    assert {limit.measure for limit in LIMITS} <= set(measures)
    assert all(limit.why for limit in LIMITS)


@pytest.mark.skipif(not SHARED.exists(), reason=f"the shared photos are not at {SHARED}")
@pytest.mark.parametrize(("kind", "folder"), [(CheckKind.SKIN, "pad-ufes-20/images"), (CheckKind.WOUND, "fuseg-256/train/images")])
def test_real_photos_pass_and_the_same_made_poor_do_not(kind: CheckKind, folder: str) -> None:
    """The bars of docs/models/GATE.md on a handful; the whole is measured by `python -m models.training.gate`."""
    good = [np.asarray(Image.open(path).convert("RGB")) for path in sorted((SHARED / folder).iterdir())[::25]]
    poor = [
        degraded(one, name, level, np.random.default_rng(at))
        for at, one in enumerate(good[:2])
        for name in DEGRADATIONS
        for level in LEVELS
    ]
    assert sum(gate(kind, one).ok for one in good) >= 0.8 * len(good)
    assert sum(not gate(kind, one).ok for one in poor) >= 0.5 * len(poor)
