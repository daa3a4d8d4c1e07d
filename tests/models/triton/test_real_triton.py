"""This is the place where the app asks the real Triton core, over the repository that one command exports, and gets what the edge gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.domain.checks import CheckKind
from core.errors import ModelUnavailable
from models.check_cards import read_check_card
from models.repository import write_repository
from models.runner import INPUTS
from models.runners import EdgeRunner, FirstThatAnswers, ServerRunner
from models.runners.server import Patience
from tests.models.test_edge_runner import TINY, frozen
from tests.models.test_repository import newer
from tests.models.triton.live import Live, carried, running

pytestmark = [
    pytest.mark.needs_triton,
    pytest.mark.skipif(
        carried() is None, reason="no Triton server: /usr/bin/python3 .ci/install.py --set triton --venv .venv-triton"
    ),
]
LONG = Patience(connect=10, read=30, whole=40)


@pytest.fixture(scope="module")
def triton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Two versions of the skin model (today's and tomorrow's), one of the others."""
    work = tmp_path_factory.mktemp("triton")
    write_repository(TINY, work / "exported", place="cpu")
    write_repository(newer(work / "tomorrow"), work / "exported", place="cpu", kinds=(CheckKind.SKIN,))
    with running(work / "exported", work) as live:
        yield live


@pytest.mark.parametrize("kind", list(CheckKind))
def test_the_server_answers_as_the_edge(triton: Live, kind: CheckKind) -> None:
    given = frozen(kind)
    found = ServerRunner(triton.url, artifacts=TINY, patience=LONG).run(kind, given["input"])
    for name, one in found.outputs.items():
        np.testing.assert_allclose(one, given[name].astype(np.float32), atol=1e-3)
        np.testing.assert_allclose(one, EdgeRunner(TINY).run(kind, given["input"]).outputs[name], atol=0.03)


@pytest.mark.parametrize("kind", list(CheckKind))
def test_it_says_which_model_answered(triton: Live, kind: CheckKind) -> None:
    card = read_check_card(TINY / kind.value)
    model = ServerRunner(triton.url, artifacts=TINY, patience=LONG).run(kind, frozen(kind)["input"]).model
    assert (model.name, model.version, model.digest, model.runner) == (
        kind.value,
        card.version,
        card.files["model.onnx"],
        "server 127.0.0.1",
    )


def test_the_app_of_today_and_of_tomorrow_each_get_their_model(triton: Live, tmp_path: Path) -> None:
    picture, tomorrow = frozen(CheckKind.SKIN)["input"][:1], newer(tmp_path)
    told = [
        ServerRunner(triton.url, artifacts=artifacts, patience=LONG).run(CheckKind.SKIN, picture).model
        for artifacts in (TINY, tomorrow)
    ]
    assert [one.version for one in told] == ["0.0.1", "0.0.2"]
    assert told[0].digest != told[1].digest


def test_an_app_whose_model_is_not_there_is_told_so(triton: Live, tmp_path: Path) -> None:
    other = newer(tmp_path, mark=b"\x32\x05other")
    with pytest.raises(ModelUnavailable, match="other_model"):
        ServerRunner(triton.url, artifacts=other, patience=LONG).run(CheckKind.SKIN, frozen(CheckKind.SKIN)["input"][:1])


def test_32_clients_at_once_share_batches_and_get_their_own_answers(triton: Live) -> None:
    random = np.random.default_rng(3)
    _, shape, kept_as = INPUTS[CheckKind.SKIN]
    pictures = random.integers(0, 256, (32, *shape), dtype=np.uint8).astype(kept_as)
    edge, server = EdgeRunner(TINY, variant="fp16"), ServerRunner(triton.url, artifacts=TINY, patience=LONG)
    server.run(CheckKind.SKIN, pictures[:1])
    before = triton.statistics("skin")
    with ThreadPoolExecutor(32) as clients:
        told = list(clients.map(lambda at: server.run(CheckKind.SKIN, pictures[at % 32][None]).outputs["logits"], range(96)))
    answered, ran = (after - was for after, was in zip(triton.statistics("skin"), before, strict=True))
    for at, one in enumerate(told):
        np.testing.assert_allclose(one, edge.run(CheckKind.SKIN, pictures[at % 32][None]).outputs["logits"], atol=2e-3)
    assert answered == 96
    assert ran < 96


def test_a_long_recording_is_asked_in_parts_and_answered_whole(triton: Live) -> None:
    server = ServerRunner(triton.url, artifacts=TINY, patience=LONG)
    signal = frozen(CheckKind.RHYTHM)["input"]
    long = np.concatenate([signal] * 23)[:67]
    alone = server.run(CheckKind.RHYTHM, signal).outputs["logits"]
    np.testing.assert_allclose(server.run(CheckKind.RHYTHM, long).outputs["logits"], np.concatenate([alone] * 23)[:67], atol=1e-5)


def test_what_the_server_says_of_its_models_holds_no_more_than_their_names(triton: Live) -> None:
    import httpx2

    said = httpx2.get(f"{triton.url}/v2/models/skin/config", trust_env=False).json()
    assert sorted(said["parameters"]) == ["sha256.1", "sha256.2", "version.1", "version.2"]
    assert said["dynamic_batching"]["max_queue_delay_microseconds"] == 2000
    assert json.dumps(said).count("0.0.1") == 1


def test_when_the_server_hangs_or_dies_the_edge_answers(triton: Live) -> None:
    """The last test of this server."""
    picture, edge = frozen(CheckKind.SKIN)["input"][:1], EdgeRunner(TINY)
    quick = ServerRunner(triton.url, artifacts=TINY, patience=Patience(connect=1, read=1, whole=1))
    triton.stop_answering()
    assert FirstThatAnswers([quick, edge]).run(CheckKind.SKIN, picture).model.runner == "edge"
    triton.go_on()
    server = ServerRunner(triton.url, artifacts=TINY, patience=LONG)
    assert FirstThatAnswers([server, edge]).run(CheckKind.SKIN, picture).model.runner == "server 127.0.0.1"
    triton.die()
    assert FirstThatAnswers([server, edge]).run(CheckKind.SKIN, picture).model.runner == "edge"
