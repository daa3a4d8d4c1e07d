"""This is the place where it is checked that the files that ship answer as they did when they were made, and that a damaged one never answers."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelUnavailable
from core.risk.trained import baseline_probability
from models import edge
from models.cards import read_card
from models.edge import ShippedModel, load
from tests.models.given import FOLDER, PERSON, baseline, card, report, shipped

ROOT = Path(__file__).resolve().parents[2]


def probe(inputs: list[str]) -> np.ndarray:
    held = report()["probe"]
    return np.array(held["rows"])[:, [held["inputs"].index(key) for key in inputs]]


@pytest.mark.parametrize("name", ["model.tflite", "baseline.tflite", "network.tflite"])
def test_every_file_answers_the_probe_as_when_it_was_made(name: str) -> None:
    inputs = report()["probe"]["inputs"] if name == "network.tflite" else list(baseline().inputs)
    answers = load(FOLDER / name, card().files[name], len(inputs)).predict(probe(inputs))
    assert answers == pytest.approx(report()["probe"]["probabilities"][name], abs=2e-6)


def test_the_coefficients_are_the_file() -> None:
    rows = probe(list(baseline().inputs))
    by_hand = [baseline_probability(baseline(), dict(zip(baseline().inputs, row, strict=True))) for row in rows]
    file = load(FOLDER / "baseline.tflite", card().files["baseline.tflite"], rows.shape[1])
    assert file.predict(rows) == pytest.approx(by_hand, abs=1e-6)


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    rows = probe([one.key for one in card().inputs])
    assert shipped().predict(rows) == pytest.approx([shipped().predict(row[None, :])[0] for row in rows], abs=1e-7)
    assert len(shipped().predict(rows[:0])) == 0


def test_every_file_beside_the_card_is_named_in_it_with_its_digest() -> None:
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.iterdir() if path.name != "card.json"}
    assert there == dict(card().files)


def test_a_value_that_is_no_number_is_not_answered() -> None:
    row = np.array([[PERSON[one.key] for one in card().inputs]])
    row[0, 2] = np.nan
    with pytest.raises(ValueError, match="finite numbers"):
        shipped().predict(row)


def spoil(path: Path, how: Callable[[bytes], bytes]) -> None:
    path.write_bytes(how(path.read_bytes()))


@pytest.mark.parametrize(
    "how",
    [lambda b: b"", lambda b: b[: len(b) // 2], lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b"TFL3" * 100],
    ids=["empty", "half", "one bit", "other"],
)
@pytest.mark.parametrize("name", ["model.tflite", "baseline.json", "card.json"])
def test_a_dead_model_is_not_a_clean_answer(tmp_path: Path, name: str, how: Callable[[bytes], bytes]) -> None:
    folder = tmp_path / "diabetes"
    shutil.copytree(FOLDER, folder)
    spoil(folder / name, how)
    model = ShippedModel(folder)
    with pytest.raises(ModelUnavailable):
        model.predict(np.array([[PERSON[one.key] for one in model.card().inputs]]))
        model.baseline()


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "diabetes")
    (tmp_path / "diabetes" / "model.tflite").unlink()
    with pytest.raises(ModelUnavailable) as error:
        ShippedModel(tmp_path / "diabetes").predict(np.zeros((1, 9)))
    assert error.value.facts == {"why": "file_missing", "file": "model.tflite"}


@pytest.mark.parametrize("content", [b"", b"TFL3" * 50, b"\x1c\x00\x00\x00TFL3" + b"\x00" * 200])
def test_bytes_that_are_no_model_are_refused_even_without_a_digest(content: bytes) -> None:
    with pytest.raises(ModelUnavailable):
        edge.EdgeModel(content, 9)


def test_a_model_of_other_inputs_is_refused() -> None:
    with pytest.raises(ModelUnavailable) as error:
        edge.EdgeModel((FOLDER / "network.tflite").read_bytes(), 9)
    assert error.value.facts["why"] == "other_inputs"


def test_without_a_runtime_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "RUNTIMES", ("no_such_runtime.interpreter", "nor_this.interpreter"))
    with pytest.raises(ModelUnavailable, match="no_such_runtime or nor_this"):
        edge.EdgeModel((FOLDER / "model.tflite").read_bytes(), 9)


def test_asking_the_model_starts_no_tensorflow() -> None:
    script = (
        "import sys, numpy as np\nfrom models.edge import ShippedModel\nfrom models.cards import ARTIFACTS\n"
        "m = ShippedModel(ARTIFACTS / 'diabetes')\nm.predict(np.full((1, len(m.card().inputs)), 1.0))\n"
        "print([name for name in ('tensorflow', 'keras', 'sklearn', 'pandas', 'models.training') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(json.loads((FOLDER / "card.json").read_text(encoding="utf-8")))), JSON)
def test_any_damage_to_the_card_is_an_error_with_a_name_or_a_whole_card(tmp_path_factory: pytest.TempPathFactory, key: str, value: object) -> None:
    raw = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    raw[key] = value
    folder = tmp_path_factory.mktemp("card")
    (folder / "card.json").write_text(json.dumps(raw), encoding="utf-8")
    try:
        assert len(read_card(folder).attributes) == 31
    except ModelUnavailable as error:
        assert error.facts["why"] in ("card_damaged", "file_damaged")
