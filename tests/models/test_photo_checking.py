"""This is the place where it is tested what a check says of a photo: an answer with its model, or a reason for none, and never an answer by accident."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from core.domain.check_media import CleanPhoto
from core.domain.checks import DECISIONS, DECLINES, SKIN_CLASSES, SKIN_SOON, CheckKind, Declined, Finding, ModelRef, SkinFacts
from core.errors import BadInput, ModelUnavailable
from core.settings import Settings
from core.wiring import _ChecksWhenAsked
from models.image_check import heat, wound
from models.image_check.checking import check_photo, mask_of
from models.image_check.distribution import distance
from models.image_check.intake import photo
from models.image_check.skin import SkinDecision, read_decision
from models.image_check.wound_decision import WoundDecision
from models.runner import Answered
from models.shipped_checks import ShippedChecks
from tests.models.cards import written
from tests.models.photos import encoded, scaled, skin

REF = ModelRef("skin", "7.0.0", "d" * 64, "edge")
RAW: dict[str, Any] = {
    "version": "7.0.0", "temperature": 1.0, "threshold": 0.4, "abstain_low": 0.3, "abstain_high": 0.5, "views_apart": 0.2, "not_reassured": [5, 6],
    "mean": [0.0] * 32, "inverse_covariance": np.eye(32).tolist(), "distance_limit": 9.0,
}  # fmt: skip


@dataclass
class Saying:
    """A runner that answers as it is told: the log odds of "soon", how far away the photo is, and the wound it sees."""

    odds: float = 3.0
    away: float = 1.0
    mask: np.ndarray | None = None
    asked: list[np.ndarray] = field(default_factory=list)

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        self.asked.append(batch)
        n = len(batch)
        logits = np.where([one in SKIN_SOON for one in SKIN_CLASSES], self.odds / 2, -self.odds / 2)[None].repeat(n, 0)
        embedding = np.zeros((n, 32), np.float32)
        embedding[:, 0] = self.away
        if kind is CheckKind.SKIN:
            cam = np.zeros((n, 7, 7), np.float32)
            cam[:, 3, 3] = 1.0
            return Answered({"logits": logits.astype(np.float32), "cam": cam, "embedding": embedding}, REF)
        drawn = np.zeros((256, 256), np.float32) if self.mask is None else self.mask
        return Answered({"mask": drawn[None].repeat(n, 0), "embedding": embedding}, REF)


class Silent:
    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        raise ModelUnavailable("model_unavailable", why="not_reached")


class Numbers:
    """Decisions in memory."""

    def __init__(self, skin_decision: SkinDecision) -> None:
        self._skin = skin_decision

    def of(self, kind: CheckKind) -> Any:
        if kind is CheckKind.SKIN:
            return self._skin
        return WoundDecision(
            "7.0.0", 0.5, 0.5, 0.0005, 0.7, self._skin.mean, self._skin.inverse_covariance, self._skin.distance_limit
        )


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Numbers:
    folder = tmp_path_factory.mktemp("skin")
    (folder / "decision.json").write_text(json.dumps(RAW), encoding="utf-8")
    return Numbers(read_decision(folder))


@pytest.fixture(scope="module")
def spot() -> CleanPhoto:
    return photo(encoded(skin(size=200), quality=95))


def test_a_likely_spot_is_an_answer_with_its_model_and_where_it_looked(spot: CleanPhoto, numbers: Numbers) -> None:
    runner = Saying()
    checked = check_photo(CheckKind.SKIN, spot, SkinFacts(), runner, numbers)
    result = checked.result
    assert isinstance(result.answer, Finding) and result.answer.decision in DECISIONS[CheckKind.SKIN]
    assert sum(share for _, share in result.answer.classes) == pytest.approx(1)
    assert result.model == REF and result.quality.ok and result.distance == pytest.approx(1 / 9)
    with Image.open(io.BytesIO(checked.overlay)) as layer:
        assert layer.size == (spot.pixels.shape[1], spot.pixels.shape[0]) and layer.has_transparency_data
    assert len(runner.asked) == 1 and len(runner.asked[0]) > 1, "the views of a photo are asked together"


def test_a_photo_the_gate_refused_is_never_sent_to_a_model(numbers: Numbers) -> None:
    runner = Saying()
    dark = photo(encoded(scaled(skin(), 0.1)))
    for kind in (CheckKind.SKIN, CheckKind.WOUND):
        result = check_photo(kind, dark, None, runner, numbers).result
        assert isinstance(result.answer, Declined) and result.answer.why == "poor_quality"
        assert "too_dark" in result.answer.reasons and result.answer.reasons == result.quality.reasons and result.model is None
    assert runner.asked == []


def test_a_dead_model_is_not_a_clean_photo(spot: CleanPhoto, numbers: Numbers) -> None:
    for kind in (CheckKind.SKIN, CheckKind.WOUND):
        checked = check_photo(kind, spot, None, Silent(), numbers)
        assert checked.result.answer == Declined("model_unavailable") and checked.result.model is None and checked.overlay == b""


def test_what_the_model_does_not_know_is_declined_however_sure_it_is(spot: CleanPhoto, numbers: Numbers) -> None:
    for kind in (CheckKind.SKIN, CheckKind.WOUND):
        checked = check_photo(kind, spot, None, Saying(odds=-20, away=9.5), numbers)
        assert checked.result.answer == Declined("out_of_distribution") and checked.overlay == b""
        assert checked.result.distance is not None and checked.result.distance > 1 and checked.result.model == REF


def test_an_uncertain_answer_is_kept_for_the_report_card_only(spot: CleanPhoto, numbers: Numbers) -> None:
    result = check_photo(CheckKind.SKIN, spot, None, Saying(odds=-0.4), numbers).result
    assert result.answer == Declined("uncertain") and result.leaning is not None and result.leaning.decision == "show_soon"


def test_nobody_with_a_skin_the_model_never_saw_is_reassured(spot: CleanPhoto, numbers: Numbers) -> None:
    for skin_type, expected in ((2, "keep_watching"), (5, None), (6, None)):
        answer = check_photo(CheckKind.SKIN, spot, SkinFacts(skin_type=skin_type), Saying(odds=-6), numbers).result.answer
        assert (answer.decision if isinstance(answer, Finding) else None) == expected


def test_a_wound_has_its_size_and_its_outline(spot: CleanPhoto, numbers: Numbers) -> None:
    mask = np.zeros((256, 256), np.float32)
    mask[64:192, 64:192] = 1
    checked = check_photo(CheckKind.WOUND, spot, None, Saying(mask=mask), numbers)
    assert isinstance(checked.result.answer, Finding) and checked.result.answer.area is not None
    found = mask_of(checked.overlay)
    assert found is not None and found.shape == spot.pixels.shape[:2]
    assert found.mean() == pytest.approx(checked.result.answer.area.share, abs=1e-9)
    assert checked.result.answer.area.share == pytest.approx(0.25, abs=0.01)


def test_no_wound_is_a_reason_and_not_a_size_of_nothing(spot: CleanPhoto, numbers: Numbers) -> None:
    checked = check_photo(CheckKind.WOUND, spot, None, Saying(), numbers)
    assert checked.result.answer == Declined("poor_quality", ("no_wound_seen",))
    assert checked.result.quality.reasons == ("no_wound_seen",) and checked.overlay == b"" and mask_of(b"") is None


def test_a_wound_that_fills_the_photo_is_too_near(spot: CleanPhoto, numbers: Numbers) -> None:
    result = check_photo(CheckKind.WOUND, spot, None, Saying(mask=np.ones((256, 256), np.float32)), numbers).result
    assert result.answer == Declined("poor_quality", ("too_near",)) and result.quality.reasons == ("too_near",)


def test_the_mask_is_read_back_from_its_outline() -> None:
    mask = np.zeros((120, 90), bool)
    mask[20:60, 30:70] = True
    mask[100:110, 5:9] = True
    found = mask_of(wound.outlined(mask))
    assert found is not None and np.array_equal(found, mask)


@settings(max_examples=12, deadline=None)
@given(
    st.floats(-40, 40),
    st.floats(0, 30),
    hnp.arrays(np.float32, (256, 256), elements=st.sampled_from([0.0, 0.4, 0.6, 1.0]), fill=st.sampled_from([0.0, 1.0])),
)
def test_whatever_a_model_says_the_answer_is_one_that_has_words(
    spot: CleanPhoto, numbers: Numbers, odds: float, away: float, mask: np.ndarray
) -> None:
    for kind in (CheckKind.SKIN, CheckKind.WOUND):
        answer = check_photo(kind, spot, None, Saying(odds, away, mask), numbers).result.answer
        assert answer.why in DECLINES if isinstance(answer, Declined) else answer.decision in DECISIONS[kind]
        assert away <= 9 or not isinstance(answer, Finding)


def test_the_distance_is_a_multiple_of_the_limit(numbers: Numbers) -> None:
    known = numbers.of(CheckKind.SKIN)
    assert distance(np.zeros(32), known) == 0
    assert distance(np.full(32, 9 / np.sqrt(32)), known) == pytest.approx(1)
    for wrong in (np.zeros(31), np.full(32, np.nan), np.full(32, np.inf)):
        with pytest.raises(ModelUnavailable):
            distance(wrong, known)


def test_a_heat_map_lies_where_the_model_looked_and_nowhere_else() -> None:
    maps = np.full((1, 7, 7), -1.0)
    maps[0, 1, 5] = 2.0
    with Image.open(io.BytesIO(heat.overlay(maps, 210, 300))) as layer:
        alpha = np.asarray(layer.convert("RGBA"))[..., 3]
    side, left = 210 // 7, (300 - 210) // 2
    assert alpha[int(1.5 * side), left + int(5.5 * side)] > 100
    assert not alpha[:, :left].any() and not alpha[4 * side :].any()


def test_mirrored_views_agree_on_one_place() -> None:
    one = np.zeros((7, 7))
    one[1, 5] = 1.0
    from models.image_check.preparing import flips

    assert heat.overlay(flips(one), 70, 70) == heat.overlay(one[None], 70, 70)


def test_where_nothing_speaks_for_it_nothing_is_drawn() -> None:
    for maps in (np.zeros((6, 7, 7)), np.full((6, 7, 7), -1.0), np.full((6, 7, 7), np.nan), np.zeros((0, 7, 7)), np.zeros((7, 7))):
        assert heat.overlay(maps, 50, 50) == b""


def test_without_its_files_the_app_takes_photos_in_and_says_that_no_model_answered(tmp_path: Path, spot: CleanPhoto) -> None:
    checks = ShippedChecks(Saying(), tmp_path)
    with pytest.raises(ModelUnavailable):
        checks.card(CheckKind.SKIN)
    assert checks.photo_quality(CheckKind.SKIN, spot).ok
    assert checks.check_photo(CheckKind.SKIN, spot).result.answer == Declined("model_unavailable")
    signal = checks.signal("pulse.csv", b"\n".join(b"%d" % (50 + 40 * np.sin(at / 12)) for at in range(3000)), 100.0)
    assert {one.result.answer.why for one in checks.check_signal(signal) if isinstance(one.result.answer, Declined)} <= {
        "model_unavailable",
        "poor_quality",
    }
    with pytest.raises(ValueError, match="rhythm"):
        checks.check_photo(CheckKind.RHYTHM, spot)


def test_numbers_that_the_card_does_not_name_decide_nothing(tmp_path: Path, spot: CleanPhoto) -> None:
    folder = written(tmp_path / "skin", CheckKind.SKIN)
    (folder / "decision.json").write_text(json.dumps(RAW), encoding="utf-8")
    assert ShippedChecks(Saying(), tmp_path).check_photo(CheckKind.SKIN, spot).result.answer == Declined("model_unavailable")


def test_a_wrong_address_of_a_model_server_is_told_at_the_start() -> None:
    with pytest.raises(BadInput) as refused:
        _ChecksWhenAsked(Settings(model_server="ftp://somewhere"))
    assert refused.value.facts["place"] == "model_server"
    _ChecksWhenAsked(Settings(model_server="https://models.example.org"))
