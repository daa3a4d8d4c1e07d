"""This is the place where it is checked what the skin-spot check says of what its model puts out, and that a damaged file never decides."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.domain.checks import DECISIONS, SKIN_CLASSES, SKIN_SOON, CheckKind, Declined, Finding, SkinFacts
from core.errors import ModelUnavailable
from models.image_check.skin import SkinDecision, decide, read_decision, soon_probability

RAW = {
    "version": "1.0.0", "temperature": 2.0, "threshold": 0.4, "abstain_low": 0.3, "abstain_high": 0.45, "views_apart": 0.2, "not_reassured": [5, 6],
    "mean": [0.0] * 32, "inverse_covariance": np.eye(32).tolist(), "distance_limit": 9.0,
}  # fmt: skip
LOGITS = hnp.arrays(np.float64, st.tuples(st.integers(1, 6), st.just(6)), elements=st.floats(-60, 60))


def written(folder: Path, raw: object) -> Path:
    (folder / "decision.json").write_text(json.dumps(raw), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def decision(tmp_path_factory: pytest.TempPathFactory) -> SkinDecision:
    return read_decision(written(tmp_path_factory.mktemp("skin"), RAW))


def of(odds: float, views: int = 6) -> dict[str, np.ndarray]:
    """Logits whose "soon" has these log odds before temperature."""
    return {"logits": np.repeat(np.where([one in SKIN_SOON for one in SKIN_CLASSES], odds / 2, -odds / 2)[None], views, axis=0)}


def test_a_likely_spot_is_shown_soon_and_an_unlikely_one_watched(decision: SkinDecision) -> None:
    answers = [decide(of(odds), SkinFacts(), decision)[0] for odds in (4.0, -4.0)]
    assert [one.decision for one in answers if isinstance(one, Finding)] == list(DECISIONS[CheckKind.SKIN])


def test_temperature_divides_the_log_odds(decision: SkinDecision) -> None:
    answer, _ = decide(of(4.0), SkinFacts(), decision)
    assert isinstance(answer, Finding)
    assert answer.probability == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_inside_the_band_nothing_is_said_but_the_leaning_is_kept(decision: SkinDecision) -> None:
    answer, leaning = decide(of(2 * np.log(0.42 / 0.58)), SkinFacts(), decision)
    assert answer == Declined("uncertain")
    assert leaning is not None and leaning.decision == "show_soon"


def test_views_that_contradict_one_another_are_no_answer(decision: SkinDecision) -> None:
    mixed = {"logits": np.concatenate([of(9.0, 4)["logits"], of(-9.0, 2)["logits"]])}
    assert decide(mixed, SkinFacts(), decision)[0] == Declined("uncertain")


@pytest.mark.parametrize("skin_type", [5, 6])
def test_nobody_is_reassured_whose_skin_type_was_not_in_the_data(decision: SkinDecision, skin_type: int) -> None:
    answer, leaning = decide(of(-6.0), SkinFacts(skin_type=skin_type), decision)
    assert answer == Declined("not_reassured")
    assert leaning is not None and leaning.decision == "keep_watching"
    shown, _ = decide(of(6.0), SkinFacts(skin_type=skin_type), decision)
    assert isinstance(shown, Finding) and shown.decision == "show_soon"


@pytest.mark.parametrize("skin_type", [None, 1, 2, 3, 4])
def test_other_skin_types_get_the_hint(decision: SkinDecision, skin_type: int | None) -> None:
    answer, _ = decide(of(-6.0), SkinFacts(skin_type=skin_type), decision)
    assert isinstance(answer, Finding) and answer.decision == "keep_watching"


@given(LOGITS)
def test_the_classes_add_up_to_what_is_said(decision: SkinDecision, logits: np.ndarray) -> None:
    _, leaning = decide({"logits": logits}, SkinFacts(), decision)
    assert leaning is not None and leaning.probability is not None
    chances = dict(leaning.classes)
    assert list(chances) == list(SKIN_CLASSES)
    assert sum(chances.values()) == pytest.approx(1.0)
    assert sum(chances[one] for one in SKIN_SOON) == pytest.approx(leaning.probability)


@given(LOGITS, st.integers(0, 5), st.floats(0.01, 20))
def test_more_of_a_class_to_show_soon_never_makes_it_less_likely(
    decision: SkinDecision, logits: np.ndarray, place: int, more: float
) -> None:
    raised = logits.copy()
    raised[:, place] += more
    before, after = (float(soon_probability(one.mean(axis=0), decision.temperature)) for one in (logits, raised))
    assert after >= before if SKIN_CLASSES[place] in SKIN_SOON else after <= before


@pytest.mark.parametrize(
    "logits", [np.zeros(6), np.zeros((2, 5)), np.zeros((0, 6)), np.full((1, 6), np.nan), np.full((1, 6), np.inf)]
)
def test_outputs_of_another_shape_are_no_answer(decision: SkinDecision, logits: np.ndarray) -> None:
    with pytest.raises(ModelUnavailable) as error:
        decide({"logits": logits}, SkinFacts(), decision)
    assert error.value.facts["place"] == "logits"


def test_no_logits_at_all_are_no_answer(decision: SkinDecision) -> None:
    with pytest.raises(ModelUnavailable):
        decide({}, SkinFacts(), decision)


FLAT = np.eye(32).ravel().tolist()
RAGGED = [FLAT[:31], FLAT[31:64], *(FLAT[start : start + 32] for start in range(64, 1024, 32))]
"""As many numbers as there must be, in rows of other lengths."""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("temperature", 0), ("temperature", None), ("threshold", 0.29), ("abstain_low", -0.1), ("abstain_high", "0.5"), ("views_apart", True),
        ("not_reassured", [7]), ("not_reassured", 5), ("mean", [0.0] * 31), ("mean", ["0"] * 32), ("inverse_covariance", [[1.0]]),
        ("inverse_covariance", (-np.eye(32)).tolist()), ("inverse_covariance", np.triu(np.ones((32, 32))).tolist()), ("inverse_covariance", RAGGED), ("distance_limit", 0.0),
    ],
)  # fmt: skip
def test_a_damaged_decision_names_the_place(tmp_path: Path, key: str, value: object) -> None:
    with pytest.raises(ModelUnavailable) as error:
        read_decision(written(tmp_path, RAW | {key: value}))
    assert error.value.facts == {"why": "decision_damaged", "place": key}


@given(
    st.sampled_from(sorted(RAW)),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda one: st.lists(one, max_size=4), max_leaves=6
    ),
)
def test_any_damage_is_an_error_with_a_name_or_a_whole_decision(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: object
) -> None:
    folder = written(tmp_path_factory.mktemp("skin"), RAW | {key: value})
    try:
        assert read_decision(folder).inverse_covariance.shape == (32, 32)
    except ModelUnavailable as error:
        assert error.facts["why"] in ("decision_damaged", "file_damaged")


def test_a_decision_that_the_card_does_not_name_is_not_used(tmp_path: Path) -> None:
    folder = written(tmp_path, RAW)
    digest = hashlib.sha256((folder / "decision.json").read_bytes()).hexdigest()
    assert read_decision(folder, digest).threshold == 0.4
    written(tmp_path, RAW | {"threshold": 0.31})
    with pytest.raises(ModelUnavailable):
        read_decision(folder, digest)
