"""This is the place where a drawn wound is turned into a size, or into a reason to say nothing; the model is played by one that finds red."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.domain.checks import Declined, Finding
from core.errors import ModelUnavailable
from models.image_check import coin, wound
from models.image_check.align import aligned
from models.image_check.wound_decision import WoundDecision, read_decision
from tests.models import drawn_wounds as drawn

DECISION = WoundDecision("1.0.0", 0.5, 0.7, 0.0003, 0.6, np.zeros(32), np.eye(32), 6.0)
SIZE = (360, 480)
WOUND = (26.0, 42.0, 9.0, 6.0)


def photo(
    *,
    square: tuple[float, float] | None = (18, 8),
    tilt: float = 10,
    wounds: tuple[float, float, float, float] | None = WOUND,
    turned: float = 20,
) -> tuple[np.ndarray, np.ndarray]:
    camera = drawn.camera(4, turned, tilt, (27, 30), (240, 180))
    mask = drawn.ellipse(camera, SIZE, wounds) if wounds else np.zeros(SIZE, bool)
    return drawn.taken(drawn.scene(camera, SIZE, wounds, square=square), 1), mask


def test_a_wound_beside_the_square_is_measured_in_square_centimetres() -> None:
    pixels, mask = photo()
    answer, leaning = wound.decide(wound.look(pixels, drawn.red_model, DECISION), pixels, DECISION)
    assert isinstance(answer, Finding)
    assert answer is leaning
    assert answer.decision == "measured"
    assert answer.area is not None
    assert answer.area.marker == "card"
    assert answer.area.cm2 == pytest.approx(np.pi * 9 * 6 / 100, rel=0.06)
    assert answer.area.share == pytest.approx(mask.mean(), rel=0.06)


def test_without_a_square_only_the_share_is_said() -> None:
    pixels, _ = photo(square=None)
    answer, _ = wound.decide(wound.look(pixels, drawn.red_model, DECISION), pixels, DECISION)
    assert isinstance(answer, Finding)
    assert answer.area is not None
    assert (answer.area.cm2, answer.area.marker) == (None, "")


def test_where_nothing_is_drawn_the_photo_is_no_good_and_nothing_is_reassured() -> None:
    pixels, _ = photo(wounds=None)
    answer, leaning = wound.decide(wound.look(pixels, drawn.red_model, DECISION), pixels, DECISION)
    assert answer == Declined("poor_quality", ("no_wound_seen",))
    assert leaning is None


def test_where_the_views_disagree_no_size_is_said() -> None:
    def fickle(batch: np.ndarray) -> Mapping[str, np.ndarray]:
        found = drawn.red_model(batch)
        return {**found, "mask": found["mask"] * np.array([1.0, 0.1, 1.0, 0.1], np.float32)[: len(batch), None, None]}

    pixels, _ = photo()
    answer, leaning = wound.decide(wound.look(pixels, fickle, replace(DECISION, threshold=0.3)), pixels, DECISION)
    assert answer == Declined("uncertain")
    assert isinstance(leaning, Finding)


def test_what_looks_strange_from_near_is_as_strange_as_what_does_from_far() -> None:
    near = np.zeros(32, np.float32)
    near[0] = 9.0  # half as far again as the limit

    def known_from_far(batch: np.ndarray) -> Mapping[str, np.ndarray]:
        asked.append(batch)
        return {**drawn.red_model(batch), "embedding": np.tile(near if len(asked) > 1 else 0 * near, (len(batch), 1))}

    asked: list[np.ndarray] = []
    assert wound.away(wound.look(photo()[0], known_from_far, DECISION), DECISION) == pytest.approx(1.5)
    assert len(asked) == 2
    asked.clear()
    assert wound.away(wound.look(photo(wounds=None)[0], known_from_far, DECISION), DECISION) == 0
    assert len(asked) == 1  # nothing found, nothing to look at closely


@pytest.mark.parametrize(
    "outputs",
    [
        {},
        {"mask": np.zeros((4, 10, 10))},
        {"mask": np.full((4, 256, 256), np.nan)},
        {"mask": np.full((4, 256, 256), 2.0)},
        {"mask": np.zeros((4, 256, 256))},
    ],
)
def test_what_is_no_mask_is_a_model_that_cannot_answer(outputs: dict[str, np.ndarray]) -> None:
    with pytest.raises(ModelUnavailable):
        wound.look(photo()[0], lambda batch: outputs, DECISION)


@pytest.mark.parametrize("shape", [(256, 256), (90, 700), (700, 90)])
def test_a_photo_of_any_shape_gets_a_chance_for_each_of_its_pixels(shape: tuple[int, int]) -> None:
    pixels = np.full((*shape, 3), (205, 160, 135), np.uint8)
    pixels[40:60, 40:60] = (160, 30, 30)
    seen = wound.look(pixels, drawn.red_model, DECISION)
    assert seen.chance.shape == shape
    assert seen.chance[48:52, 48:52].min() > 0.5
    assert wound.drawn(seen, DECISION).sum() == pytest.approx(400, rel=0.3)


def test_the_outline_is_a_clear_layer_as_large_as_the_photo() -> None:
    _, mask = photo()
    with Image.open(io.BytesIO(wound.outlined(mask))) as opened:
        layer = opened.convert("RGBA")
        assert layer.size == (SIZE[1], SIZE[0])
        assert layer.getpixel((0, 0))[3] == 0
    assert wound.outlined(np.zeros(SIZE, bool)) == b""


def written(folder: Path, **changed: object) -> Path:
    raw = {
        "version": "1.0.0", "threshold": 0.5, "close_weight": 0.7, "smallest_share": 0.0003, "agreement_least": 0.6,
        "mean": [0.0] * 32, "inverse_covariance": np.eye(32).tolist(), "distance_limit": 5.0,
    }  # fmt: skip
    (folder / "decision.json").write_text(json.dumps(raw | changed))
    return folder


def test_the_numbers_of_the_decision_are_read_back(tmp_path: Path) -> None:
    assert read_decision(written(tmp_path)).distance_limit == 5.0


@pytest.mark.parametrize(
    ("key", "value"),
    [("threshold", 0), ("threshold", "0.5"), ("close_weight", 1.1), ("agreement_least", None), ("distance_limit", 0), ("mean", [0.0] * 31), ("version", 1),
     ("inverse_covariance", (-np.eye(32)).tolist()), ("inverse_covariance", [[0.0] * 32] * 31)],
)  # fmt: skip
def test_a_damaged_number_is_named(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        read_decision(written(tmp_path, **{key: value}))
    assert refused.value.facts["place"] == key


def with_coin(tilt: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    camera = drawn.camera(3.2, 30, tilt, (30, 30), (240, 180), 40)
    wounds = (30.0, 46.0, 9.0, 6.0)
    plain = drawn.scene(camera, SIZE, wounds, square=None)
    return drawn.taken(drawn.with_coin(camera, plain, (30, 24), coin.COINS["eur_1"]), seed), drawn.ellipse(camera, SIZE, wounds)


def test_a_coin_gives_an_area_within_five_percent_or_none() -> None:
    found = [coin.measured(mask, pixels, "eur_1") for pixels, mask in (with_coin(tilt, n) for n, tilt in enumerate((0, 2, 8, 20)))]
    said = [one for one in found if one is not None]
    assert said
    assert max(abs(one / (np.pi * 9 * 6 / 100) - 1) for one in said) < 0.05
    assert found[-1] is None  # tilted: nobody knows which side is farther away


def test_no_coin_is_seen_where_only_a_round_wound_is() -> None:
    pixels, mask = photo(square=None, wounds=(26, 30, 10, 10))
    assert coin.find(pixels, mask) is None


def test_two_photos_with_the_square_lie_alike_afterwards() -> None:
    (first, mask), (other, other_mask) = photo(tilt=0), photo(tilt=0, turned=75)
    laid = aligned(first, other, mask, other_mask)
    assert laid is not None
    again = wound.drawn(wound.look(laid, drawn.red_model, DECISION), DECISION)
    assert 2 * (again & mask).sum() / (again.sum() + mask.sum()) > 0.93


def test_without_a_square_the_middles_of_the_wounds_are_laid_on_each_other() -> None:
    first, mask = photo(square=None)
    other, other_mask = np.roll(first, (30, -50), axis=(0, 1)), np.roll(mask, (30, -50), axis=(0, 1))
    laid = aligned(first, other, mask, other_mask)
    assert laid is not None
    assert np.abs(laid[100:250, 150:330].astype(int) - first[100:250, 150:330]).mean() < 3


def test_photos_that_share_nothing_known_are_not_laid_on_each_other() -> None:
    pixels, mask = photo(square=None)
    assert aligned(pixels, pixels) is None
    assert aligned(pixels, pixels, mask, np.zeros(SIZE, bool)) is None
