"""This is the place where it is checked that a model on this machine answers only from the very file its card names."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.domain.checks import CheckKind
from core.errors import ModelUnavailable
from models import edge
from models.runner import INPUTS, OUTPUTS
from models.runners import EdgeRunner

TINY = Path(__file__).resolve().parent / "tiny"
FILE = "model.int8.tflite"


def frozen(kind: CheckKind, folder: Path = TINY) -> dict[str, np.ndarray]:
    with np.load(folder / kind.value / "parity.npz") as found:
        return dict(found)


@pytest.fixture(scope="module")
def runner() -> EdgeRunner:
    return EdgeRunner(TINY)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Tiny models that a test may damage."""
    shutil.copytree(TINY, tmp_path / "own")
    return tmp_path / "own"


@pytest.mark.parametrize("kind", list(CheckKind))
def test_every_kind_answers_as_its_network_did(runner: EdgeRunner, kind: CheckKind) -> None:
    given = frozen(kind)
    found = runner.run(kind, given["input"])
    assert set(found.outputs) == set(OUTPUTS[kind])
    for name, one in found.outputs.items():
        np.testing.assert_allclose(one, given[name], atol=0.01)


@pytest.mark.parametrize("kind", list(CheckKind))
def test_it_says_which_model_version_file_and_runner(runner: EdgeRunner, kind: CheckKind) -> None:
    model = runner.run(kind, frozen(kind)["input"][:1]).model
    assert (model.name, model.version, model.runner) == (kind.value, "0.0.1", "edge")
    assert model.digest == hashlib.sha256((TINY / kind.value / FILE).read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", list(CheckKind))
def test_one_by_one_and_together_are_the_same(runner: EdgeRunner, kind: CheckKind) -> None:
    given = frozen(kind)["input"]
    together = runner.run(kind, given)
    for row in range(len(given)):
        alone = runner.run(kind, given[row : row + 1])
        for name, one in alone.outputs.items():
            np.testing.assert_array_equal(one[0], together.outputs[name][row])


def test_threads_get_their_own_answers(runner: EdgeRunner) -> None:
    given = frozen(CheckKind.SKIN)["input"]
    alone = [runner.run(CheckKind.SKIN, given[row : row + 1]).outputs["logits"] for row in range(len(given))]
    rows = [at % len(given) for at in range(60)]
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda row: runner.run(CheckKind.SKIN, given[row : row + 1]).outputs["logits"], rows))
    for row, one in zip(rows, told, strict=True):
        np.testing.assert_array_equal(one, alone[row])


def test_an_answer_stays_what_it_was_when_another_is_asked(runner: EdgeRunner) -> None:
    given = frozen(CheckKind.SKIN)["input"]
    first = runner.run(CheckKind.SKIN, given[:1]).outputs["logits"]
    kept = first.copy()
    runner.run(CheckKind.SKIN, given[1:])
    np.testing.assert_array_equal(first, kept)


def card_of(folder: Path) -> dict:
    return json.loads((folder / "card.json").read_text(encoding="utf-8"))


def _rewritten(folder: Path, **files: str) -> None:
    card = card_of(folder)
    card["files"] |= files
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")


def _one_bit(skin: Path) -> None:
    content = bytearray((skin / FILE).read_bytes())
    content[len(content) // 2] ^= 1
    (skin / FILE).write_bytes(content)


def _no_model(skin: Path) -> None:
    (skin / FILE).write_bytes(b"no model at all")
    _rewritten(skin, **{FILE: hashlib.sha256(b"no model at all").hexdigest()})


def _another_kind(skin: Path) -> None:
    content = (skin.parent / "wound" / FILE).read_bytes()
    (skin / FILE).write_bytes(content)
    _rewritten(skin, **{FILE: hashlib.sha256(content).hexdigest()})


def _card_of_another(skin: Path) -> None:
    shutil.copy(skin.parent / "wound" / "card.json", skin)


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda skin: (skin / FILE).unlink(), "file_missing"),
        (lambda skin: (skin / "card.json").unlink(), "file_missing"),
        (_one_bit, "file_changed"),
        (_no_model, "file_damaged"),
        (_another_kind, "other_inputs"),
        (_card_of_another, "card_damaged"),
    ],
)
def test_a_file_that_is_not_the_one_of_the_card_is_no_model(own: Path, damage: Callable[[Path], object], why: str) -> None:
    damage(own / "skin")
    with pytest.raises(ModelUnavailable) as found:
        EdgeRunner(own).run(CheckKind.SKIN, frozen(CheckKind.SKIN)["input"])
    assert found.value.facts["why"] == why


def test_a_damaged_model_leaves_the_others_alone_and_comes_back_when_it_is_mended(own: Path) -> None:
    runner, given = EdgeRunner(own), frozen(CheckKind.SKIN)["input"]
    (own / "skin" / FILE).rename(own / "aside")
    with pytest.raises(ModelUnavailable):
        runner.run(CheckKind.SKIN, given)
    runner.run(CheckKind.RHYTHM, frozen(CheckKind.RHYTHM)["input"])
    (own / "aside").rename(own / "skin" / FILE)
    runner.run(CheckKind.SKIN, given)


def test_nothing_is_read_before_the_first_question(tmp_path: Path) -> None:
    EdgeRunner(tmp_path / "not there yet")


def test_without_a_runtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "RUNTIMES", ("no_such_runtime.interpreter",))
    with pytest.raises(ModelUnavailable, match="no_such_runtime"):
        EdgeRunner(TINY).run(CheckKind.SKIN, frozen(CheckKind.SKIN)["input"])


@pytest.mark.parametrize("kind", list(CheckKind))
def test_a_batch_of_another_shape_or_type_is_the_callers_mistake(runner: EdgeRunner, kind: CheckKind) -> None:
    _, shape, kept_as = INPUTS[kind]
    other = np.float32 if kept_as is np.uint8 else np.float64
    for bad in (
        np.zeros(shape, kept_as),
        np.zeros((0, *shape), kept_as),
        np.zeros((1, *shape), other),
        np.zeros((1, shape[0] + 1, *shape[1:]), kept_as),
    ):
        with pytest.raises(ValueError, match=f"{kind.value} is asked with"):
            runner.run(kind, bad)
