"""This is the place where the check of a pulse signal is held to its promise: a reason where it says nothing, and never more than "needs an ECG"."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.domain.checks import DECISIONS, CheckKind, CheckResult, Declined, Finding
from core.errors import ModelUnavailable
from models.runner import Runner
from models.signal_check.checking import check, checked, overall
from models.signal_check.deciding import decide, read_decision
from models.signal_check.preparing import standardised
from models.signal_check.quality import gate, gates
from models.training.drawn_signals import PULSES, STRANGERS, drawn
from models.training.rhythm_noise import GRADES
from tests.models.given_rhythm import DECISION, MODEL, Saying, Silent, pulses, recording


def results(runner: Runner, segments: np.ndarray) -> list[CheckResult]:
    return [one.result for one in checked(segments, runner, DECISION)]


@pytest.mark.parametrize(
    ("af", "sinus", "says"),
    [
        (0.9, 0.05, "possible_irregular"),
        (0.05, 0.9, "no_irregularity_seen"),
        (0.45, 0.5, "uncertain"),
        (0.55, 0.4, "uncertain"),
        (0.1, 0.2, "uncertain"),
    ],
)
def test_the_answer_follows_the_bands(af: float, sinus: float, says: str) -> None:
    found = results(Saying(af, sinus), pulses())[0]
    assert (found.answer.decision if isinstance(found.answer, Finding) else found.answer.why) == says
    assert (
        found.model == MODEL
        and found.leaning is not None
        and sum(p for _, p in found.leaning.classes) == pytest.approx(1, abs=1e-6)
    )


def test_fast_and_early_beats_are_not_waved_through_as_regular() -> None:
    """A model that is sure of ventricular tachycardia says neither AF nor that nothing was seen."""
    assert results(Saying(af=0.01, sinus=0.02), pulses())[0].answer == Declined("uncertain")


@given(st.lists(st.floats(0.001, 1), min_size=6, max_size=6), st.floats(0, 3))
def test_nothing_stronger_is_ever_said(raw: list[float], distance: float) -> None:
    answer, leaning = decide(np.array(raw) / sum(raw), distance, DECISION)
    assert leaning.decision in DECISIONS[CheckKind.RHYTHM]
    assert answer == leaning or (isinstance(answer, Declined) and answer.why in ("uncertain", "out_of_distribution"))
    if distance > 1:
        assert answer == Declined("out_of_distribution")


def test_a_signal_of_another_kind_is_declined() -> None:
    found = results(Saying(apart=4.5), pulses())[0]
    assert found.answer == Declined("out_of_distribution") and found.distance == pytest.approx(4.5 / 4)


def test_a_dead_model_is_not_a_clean_rhythm() -> None:
    assert {one.answer for one in results(Silent(), pulses())} == {Declined("model_unavailable")}


def test_a_model_whose_files_cannot_be_used_is_a_declined_answer() -> None:
    assert [one.result.answer for one in check(recording(pulses()), Saying(), None)] == [Declined("model_unavailable")] * 3


def test_a_poor_segment_is_declined_with_reasons_and_its_model_is_not_asked() -> None:
    segments = pulses()
    segments[1] = 7.0
    runner = Saying()
    found = results(runner, segments)
    assert found[1].answer == Declined("poor_quality", ("signal_flat",)) and found[1].model is None and found[1].pulse is None
    assert [len(batch) for batch in runner.asked] == [2]
    assert isinstance(found[0].answer, Finding) and isinstance(found[2].answer, Finding)


@pytest.mark.parametrize("beats", [50, 75, 110])
def test_the_pulse_is_counted(beats: int) -> None:
    t = np.arange(1000) / 100 * beats / 60 % 1
    segment = np.where(t < 0.2, t / 0.2, 1 - (t - 0.2) / 0.8)
    assert results(Saying(), segment[None])[0].pulse == pytest.approx(beats, rel=0.03)


def test_the_unit_of_the_signal_makes_no_difference() -> None:
    segments = pulses("irregular")
    assert standardised(segments * 4e4 + 3e6) == pytest.approx(standardised(segments), abs=1e-3)


def test_the_picture_is_a_picture_without_words_and_shades_only_what_speaks_for_it() -> None:
    shaded, plain = (
        Image.open(io.BytesIO(checked(pulses(), Saying(af, 0.05), DECISION, draw=True)[0].overlay)) for af in (0.9, 0.0)
    )
    assert shaded.format == "PNG" and shaded.size == (1000, 220)
    left, right = shaded.getpixel((10, 3)), shaded.getpixel((990, 3))
    assert left == plain.getpixel((10, 3)) and right != plain.getpixel((990, 3))


# ------------------------------------------------------------------------------------------------------------------------ the gate


@pytest.mark.parametrize("rhythm", sorted(PULSES))
def test_a_pulse_passes_also_where_it_is_irregular(rhythm: str) -> None:
    passed = [one.ok for one in gates(pulses(rhythm, 40))]
    assert np.mean(passed) >= 0.9


@pytest.mark.parametrize(
    ("how", "level", "reason"),
    [
        ("white", 1.0, "signal_noisy"),
        ("motion", 4.0, "signal_noisy"),
        ("clipped", 0.5, "signal_clipped"),
        ("lost", 0.6, "signal_flat"),
    ],
)
def test_a_spoiled_signal_is_refused_for_the_right_reason(how: str, level: float, reason: str) -> None:
    spoiled = GRADES[how][0](pulses(count=30), level, np.random.default_rng(1))
    assert np.mean([reason in one.reasons for one in gates(spoiled)]) >= 0.8


@pytest.mark.parametrize(("how", "level"), [("white", 0.1), ("wander", 4.0), ("rate", 25.0)])
def test_what_does_no_harm_is_not_refused(how: str, level: float) -> None:
    assert np.mean([one.ok for one in gates(GRADES[how][0](pulses(count=30), level, np.random.default_rng(1)))]) >= 0.9


def test_fewer_than_ten_seconds_are_too_short() -> None:
    assert gate(pulses()[0][:900]).reasons == ("signal_too_short",)


@pytest.mark.parametrize(
    "kind",
    ["white_noise", "random_walk", "ecg", "hum", "flat", "steps", "alpha_waves", "sine", "walking", "square", "chirp", "two_tones"],
)
def test_what_is_no_pulse_is_mostly_refused_by_the_gate_alone(kind: str) -> None:
    assert np.mean([one.ok for one in gates(drawn({kind: STRANGERS[kind]}, 30, 3)[0])]) <= 0.1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-9, 1.0, 1e9]))
def test_the_gate_answers_whatever_the_numbers(seed: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    segment = random.choice([random.normal(0, scale, 1000), np.repeat(random.normal(0, scale, 10), 100), np.zeros(1000)])
    told = gate(segment)
    assert all(np.isfinite(value) for value in told.measures.values())


# ------------------------------------------------------------------------------------------------------------- the whole recording


def test_a_recording_is_possibly_irregular_only_where_half_of_it_is() -> None:
    irregular, clear = results(Saying(0.9, 0.05), pulses(count=4)), results(Saying(0.02, 0.95), pulses(count=4))
    assert overall(irregular).answer == overall(irregular).leaning
    assert isinstance(overall([*irregular[:2], *clear[:2]]).answer, Finding)
    assert overall([*irregular[:1], *clear]).answer == Declined("uncertain")
    found = overall(clear)
    assert isinstance(found.answer, Finding) and found.answer.decision == "no_irregularity_seen" and found.model == MODEL


def test_a_recording_of_too_little_says_nothing() -> None:
    assert overall(results(Saying(), pulses(count=2))).answer == Declined("poor_quality", ("signal_too_short",))
    flat = results(Saying(), np.ones((6, 1000)))
    assert overall(flat).answer == Declined("poor_quality", ("signal_flat",)) and not overall(flat).quality.ok
    assert overall(results(Silent(), pulses(count=5))).answer == Declined("model_unavailable")
    assert overall(results(Saying(apart=9.0), pulses(count=5))).answer == Declined("out_of_distribution")
    assert overall([]).answer == Declined("poor_quality", ("signal_too_short",))


# ------------------------------------------------------------------------------------------------------------------- decision.json

WHOLE = {
    "version": "1.0.0", "temperature": 1.2, "threshold": 0.5, "abstain_low": 0.4, "abstain_high": 0.6, "sinus_least": 0.5, "mean": [0.0] * 32,
    "inverse_covariance": np.eye(32).tolist(), "distance_limit": 3.0,
}  # fmt: skip


def written(folder: Path, **changed: object) -> Path:
    (folder / "decision.json").write_text(json.dumps({**WHOLE, **changed}))
    return folder


def test_a_whole_decision_is_read(tmp_path: Path) -> None:
    assert replace(read_decision(written(tmp_path)), mean=None, inverse_covariance=None).temperature == 1.2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("temperature", 0), ("temperature", "1"), ("threshold", 0.9), ("abstain_low", -0.1), ("sinus_least", None), ("mean", [0.0] * 31), ("mean", [None] * 32),
        ("inverse_covariance", (-np.eye(32)).tolist()), ("inverse_covariance", [[0.0] * 32] * 31), ("distance_limit", 1e999), ("version", 1),
    ],
)  # fmt: skip
def test_a_damaged_decision_is_refused_by_the_name_of_the_place(tmp_path: Path, place: str, value: object) -> None:
    with pytest.raises(ModelUnavailable) as refused:
        read_decision(written(tmp_path, **{place: value}))
    assert refused.value.facts["place"] == place
