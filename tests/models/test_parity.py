"""This is the place where it is checked that every file of a model says the same as the network it came from, and that the files are the ones of the card.

Run over the tiny networks of the tests and over each model in models/artifacts. The frozen inputs were made by us; the frozen answers are Keras's.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from core.domain.checks import RHYTHM_CLASSES, SKIN_CLASSES, SKIN_SOON, CheckKind
from models.cards import ARTIFACTS
from models.check_cards import CARD, read_check_card
from models.edge import runtime
from models.runner import FILES, INPUTS, OUTPUTS
from models.runners import EdgeRunner
from models.runners.shapes import answered

TINY = Path(__file__).resolve().parent / "tiny"
FOLDERS = [one / kind.value for one in (TINY, ARTIFACTS) for kind in CheckKind if (one / kind.value).is_dir()]
LARGEST = {FILES["int8"]: 5_000_000, FILES["onnx"]: 10_000_000, "parity.npz": 1_500_000}
FLOAT, INT8 = 1e-3, 0.03
HALF = 5e-4
"""A frozen mask is float16: this much may be its own rounding."""
MEANT = {
    CheckKind.SKIN: np.array([one in SKIN_SOON for one in SKIN_CLASSES]),
    CheckKind.RHYTHM: np.array([one == "af" for one in RHYTHM_CLASSES]),
}
"""The classes whose probability the decision is about."""

each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda one: f"{one.parent.name}-{one.name}")


def onnx(folder: Path, kind: CheckKind, given: np.ndarray) -> dict[str, np.ndarray]:
    session = pytest.importorskip("onnxruntime").InferenceSession(str(folder / FILES["onnx"]), providers=["CPUExecutionProvider"])
    told = session.run(list(OUTPUTS[kind]), {INPUTS[kind][0]: given})
    return answered(kind, len(given), dict(zip(OUTPUTS[kind], told, strict=True)))


def asked(folder: Path, variant: str) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The frozen answers, and those of a file."""
    kind = CheckKind(folder.name)
    with np.load(folder / "parity.npz", allow_pickle=False) as found:
        frozen = dict(found)
    given = frozen.pop("input")
    told = onnx(folder, kind, given) if variant == "onnx" else EdgeRunner(folder.parent, variant=variant).run(kind, given).outputs
    return {name: one.astype(np.float32) for name, one in frozen.items()}, dict(told)


def chances(folder: Path, outputs: dict[str, np.ndarray]) -> np.ndarray:
    """Calibrated class probabilities (n, classes), or the mask."""
    if "mask" in outputs:
        return outputs["mask"]
    scaled = outputs["logits"].astype(float) / read_check_card(folder).operating.get("temperature", 1.0)
    raised = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@each
@pytest.mark.parametrize("variant", ["fp16", "onnx", "int8"])
def test_every_file_gives_the_probabilities_of_the_network(folder: Path, variant: str) -> None:
    frozen, told = asked(folder, variant)
    apart = np.abs(chances(folder, frozen) - chances(folder, told))
    if variant != "int8":
        assert apart.max() <= FLOAT + (HALF if "mask" in frozen else 0)
    elif "mask" in frozen:
        assert apart.max() <= read_check_card(folder).operating.get("int8_mask_difference", INT8)
    else:
        assert apart.max() <= INT8


@each
@pytest.mark.parametrize("variant", ["fp16", "onnx", "int8"])
def test_no_file_decides_otherwise(folder: Path, variant: str) -> None:
    """Outside the abstain band the same decision; where rounding carries one over the edge of the band it says nothing, and never the opposite."""
    frozen, told = asked(folder, variant)
    operating, kind = read_check_card(folder).operating, CheckKind(folder.name)
    if kind is CheckKind.WOUND:
        cut, slack = (
            operating.get("threshold", 0.5),
            operating.get("int8_mask_difference", INT8) if variant == "int8" else FLOAT + HALF,
        )
        sure = np.abs(frozen["mask"] - cut) > slack
        assert ((frozen["mask"] >= cut) == (told["mask"] >= cut))[sure].all()
        return
    cut = operating.get("threshold", 0.5)
    low, high = operating.get("abstain_low", cut), operating.get("abstain_high", cut)
    was, now = (chances(folder, one)[:, MEANT[kind]].sum(axis=1) for one in (frozen, told))
    say = np.select([was < low, was >= high], [-1, 1], 0), np.select([now < low, now >= high], [-1, 1], 0)
    slack = FLOAT if variant != "int8" else INT8
    sure = (was < low - slack) | (was >= high + slack)
    assert (say[0][sure] == say[1][sure]).all()
    assert (say[0] * say[1] >= 0).all() or low == high


@each
def test_the_card_names_every_file_and_each_is_the_one_it_names(folder: Path) -> None:
    card = read_check_card(folder)
    assert card.key.value == folder.name
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != CARD}
    assert there == dict(card.files)


@each
def test_no_file_is_too_large(folder: Path) -> None:
    assert {name: (folder / name).stat().st_size for name, most in LARGEST.items() if (folder / name).stat().st_size > most} == {}
    assert not list(folder.glob("*.keras"))


@each
def test_the_small_file_counts_in_whole_numbers_inside(folder: Path) -> None:
    """A weight that stayed a float would be slower and larger, and unnoticed."""
    interpreter = runtime().Interpreter(model_path=str(folder / FILES["int8"]))
    interpreter.allocate_tensors()
    kind = CheckKind(folder.name)
    floats = [one["name"] for one in interpreter.get_tensor_details() if one["dtype"] is np.float32]
    inputs = int(INPUTS[kind][2] is np.float32)
    assert len(floats) == len(OUTPUTS[kind]) + inputs, floats


@each
def test_the_frozen_inputs_are_enough_to_tell_models_apart(folder: Path) -> None:
    frozen, _ = asked(folder, "fp16")
    told = frozen.get("logits", frozen.get("mask"))
    assert told is not None
    assert len(told) >= 3
    assert np.ptp(told.reshape(len(told), -1), axis=0).max() > 1e-3
