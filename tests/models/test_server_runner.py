"""This is the place where it is checked that a model server is believed only where its answer is whole, in time, and of the very model our numbers belong to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.checks import CheckKind
from core.errors import BadInput, ModelUnavailable
from models.runner import INPUTS, OUTPUTS
from models.runners import ServerRunner
from models.runners.server import Patience
from models.runners.shapes import answered
from models.runners.wire import LENGTH_HEADER, WrongAnswer, answer, offered, question
from tests.models.cards import written
from tests.models.oip_server import Fake, Reply, answers, config, packed, serving

SKIN = CheckKind.SKIN
OURS, OTHER = "a" * 64, "b" * 64
QUICK = Patience(connect=0.5, read=0.5, whole=0.5)


def batch(kind: CheckKind = SKIN, rows: int = 1) -> np.ndarray:
    _, shape, kept_as = INPUTS[kind]
    return np.ones((rows, *shape), kept_as)


@pytest.fixture(scope="module")
def running() -> Iterator[Fake]:
    with serving() as fake:
        yield fake


@pytest.fixture
def server(running: Fake) -> Fake:
    running.infer, running.configured, running.asked[:] = running.honest(), lambda path: Reply(status=404), []
    return running


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    written(tmp_path / "skin", SKIN, files={"model.onnx": OURS, "model.int8.tflite": OTHER, "model.fp16.tflite": OTHER})
    return tmp_path


def refused(runner: ServerRunner, kind: CheckKind = SKIN, rows: int = 1) -> dict[str, str | int]:
    with pytest.raises(ModelUnavailable) as found:
        runner.run(kind, batch(kind, rows))
    return found.value.facts


@pytest.mark.parametrize("kind", list(CheckKind))
def test_every_kind_is_asked_and_its_answer_comes_whole(server: Fake, kind: CheckKind) -> None:
    found = ServerRunner(server.url).run(kind, batch(kind, 3))
    assert set(found.outputs) == set(OUTPUTS[kind])
    for name, one in answers(kind, 3).items():
        np.testing.assert_array_equal(found.outputs[name], one)
    assert (found.model.name, found.model.version, found.model.digest, found.model.runner) == (
        kind.value,
        "1",
        "",
        "server 127.0.0.1",
    )


def test_what_is_sent_is_the_bytes_of_the_picture_and_nothing_else() -> None:
    sent = batch(SKIN, 2)
    body, length = question(SKIN, sent)
    assert body[length:] == sent.tobytes()
    assert set(json.loads(body[:length])) == {"inputs", "outputs"}


def test_numbers_written_as_json_are_understood(server: Fake) -> None:
    told = answers(SKIN, 2)
    outputs = [
        {"name": name, "datatype": "FP32", "shape": list(one.shape), "data": (one if name == "cam" else one.ravel()).tolist()}
        for name, one in told.items()
    ]
    server.infer = lambda path, given: Reply(json.dumps({"outputs": outputs}).encode())
    found = ServerRunner(server.url).run(SKIN, batch(SKIN, 2))
    for name, one in told.items():
        np.testing.assert_allclose(found.outputs[name], one, rtol=1e-6)


def test_of_several_versions_the_one_our_numbers_belong_to_is_asked(server: Fake, shipped: Path) -> None:
    server.configured = lambda path: Reply(config({"3": OTHER, "4": OURS, "5": OTHER}))
    server.infer = server.honest("4")
    found = ServerRunner(server.url, artifacts=shipped).run(SKIN, batch())
    assert server.asked == ["/v2/models/skin/config", "/v2/models/skin/versions/4/infer"]
    assert (found.model.version, found.model.digest) == ("7.0.0", OURS)


def test_another_model_is_not_asked(server: Fake, shipped: Path) -> None:
    server.configured = lambda path: Reply(config({"5": OTHER}))
    assert refused(ServerRunner(server.url, artifacts=shipped))["why"] == "other_model"
    assert server.asked == ["/v2/models/skin/config"]


def test_a_model_without_a_hash_is_asked_only_where_that_is_allowed(server: Fake, shipped: Path) -> None:
    assert refused(ServerRunner(server.url, artifacts=shipped))["why"] == "unnamed_model"
    assert ServerRunner(server.url, artifacts=shipped, unnamed=True).run(SKIN, batch()).model.digest == ""


def test_an_answer_of_another_version_than_asked_is_none(server: Fake, shipped: Path) -> None:
    server.configured = lambda path: Reply(config({"4": OURS}))
    server.infer = server.honest("5")
    assert refused(ServerRunner(server.url, artifacts=shipped))["why"] == "other_model"


def test_a_server_that_took_our_model_in_is_found_again(server: Fake, shipped: Path) -> None:
    runner = ServerRunner(server.url, artifacts=shipped)
    server.configured = lambda path: Reply(config({"5": OTHER}))
    refused(runner)
    server.configured, server.infer = lambda path: Reply(config({"5": OTHER, "6": OURS})), server.honest("6")
    assert runner.run(SKIN, batch()).model.digest == OURS
    runner.run(SKIN, batch())
    assert server.asked.count("/v2/models/skin/config") == 2  # once for each finding out, not for each picture


def test_more_rows_than_a_server_takes_at_once_are_asked_in_parts(server: Fake) -> None:
    sizes: list[int] = []

    def infer(path: str, given: np.ndarray) -> Reply:
        sizes.append(len(given))
        return server.honest()(path, given)

    server.infer = infer
    found = ServerRunner(server.url).run(CheckKind.RHYTHM, batch(CheckKind.RHYTHM, 70))
    assert sizes == [32, 32, 6]
    assert len(found.outputs["logits"]) == 70


def test_parts_that_two_models_answered_are_no_answer(server: Fake) -> None:
    versions = iter(("1", "2"))
    server.infer = lambda path, given: Reply(*packed(answers(CheckKind.RHYTHM, len(given)), next(versions)))
    with pytest.raises(ModelUnavailable, match="other_model"):
        ServerRunner(server.url).run(CheckKind.RHYTHM, batch(CheckKind.RHYTHM, 40))


def test_parts_of_different_shapes_are_no_answer(server: Fake) -> None:
    lengths = iter((7, 9))

    def infer(path: str, given: np.ndarray) -> Reply:
        told = answers(CheckKind.RHYTHM, len(given))
        return Reply(*packed(told | {"cam": np.zeros((len(given), next(lengths)), np.float32)}))

    server.infer = infer
    assert refused(ServerRunner(server.url), CheckKind.RHYTHM, 40)["why"] == "other_outputs"


def test_a_dead_server_is_said_to_be(server: Fake) -> None:
    with serving() as gone:
        address = gone.url
    assert refused(ServerRunner(address, patience=QUICK))["why"] == "not_reached"


def test_a_server_that_says_nothing_is_not_waited_for(server: Fake) -> None:
    free = threading.Event()
    server.infer = lambda path, given: Reply(*packed(answers(SKIN, 1)), wait=lambda: free.wait(10))
    began = time.monotonic()
    assert refused(ServerRunner(server.url, patience=QUICK))["why"] == "timeout"
    assert time.monotonic() - began < 5
    free.set()


def test_a_server_that_drips_is_not_waited_for(server: Fake) -> None:
    free = threading.Event()
    server.infer = lambda path, given: Reply(*packed(answers(SKIN, 1)), drip=lambda: free.wait(0.05))
    began = time.monotonic()
    assert refused(ServerRunner(server.url, patience=QUICK))["why"] == "timeout"
    assert time.monotonic() - began < 5
    free.set()


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500, 503])
def test_a_status_that_is_not_200_is_no_answer(server: Fake, status: int) -> None:
    server.infer = lambda path, given: Reply(*packed(answers(SKIN, 1)), status=status, headers={"Location": "http://127.0.0.1:1/"})
    found = refused(ServerRunner(server.url))
    assert (found["why"], found["status"]) == ("status", status)


def wrong(**changed: np.ndarray) -> Reply:
    return Reply(*packed({name: one for name, one in (answers(SKIN, 1) | changed).items() if one.size}))


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (wrong(logits=np.full((1, 6), np.nan, np.float32)), "no_number"),
        (wrong(embedding=np.full((1, 32), np.inf, np.float32)), "no_number"),
        (wrong(logits=np.zeros((1, 5), np.float32)), "other_outputs"),
        (wrong(logits=np.zeros((2, 6), np.float32)), "other_outputs"),
        (wrong(cam=np.zeros((1, 49), np.float32)), "other_outputs"),
        (wrong(logits=np.zeros((0,), np.float32)), "output_missing"),
        (Reply(b"<html>", None), "no_json"),
        (Reply(b"", None), "no_json"),
        (Reply(b"[]", 2), "no_json"),
        (Reply(b"{}", 2), "other_outputs"),
        (Reply(b"{}", 3), "header_length"),
        (Reply(b"{}", "-1"), "header_length"),
        (Reply(b"{}", "9" * 400), "header_length"),
        (Reply(packed(answers(SKIN, 1))[0] + b"x", packed(answers(SKIN, 1))[1]), "too_many_bytes"),
        (Reply(packed(answers(SKIN, 1))[0][:-4], packed(answers(SKIN, 1))[1]), "output_size"),
        (Reply(b" " * (5 << 20)), "answer_too_large"),
        (Reply(*packed(answers(SKIN, 1)), headers={"Content-Encoding": "gzip"}), "unknown_encoding"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_no_answer(server: Fake, reply: Reply, why: str) -> None:
    server.infer = lambda path, given: reply
    assert refused(ServerRunner(server.url))["why"] == why


def test_a_mask_that_is_no_probability_is_no_answer(server: Fake) -> None:
    told = answers(CheckKind.WOUND, 1)
    server.infer = lambda path, given: Reply(*packed(told | {"mask": told["mask"] + 0.5}))
    assert refused(ServerRunner(server.url), CheckKind.WOUND)["why"] == "no_probability"


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=5), st.integers(-5, 400).map(str)))
def test_any_bytes_are_an_answer_or_a_wrong_one(body: bytes, length: str | None) -> None:
    try:
        answered(SKIN, 1, answer(body, length).outputs)
    except (WrongAnswer, ModelUnavailable):
        return


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(["FP32", "logits", "cam"]), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["name", "datatype", "shape", "data", "parameters", "binary_data_size"]), inner, max_size=6)),
    max_leaves=12,
)  # fmt: skip
OUTPUT = st.fixed_dictionaries(
    {"name": st.sampled_from(["logits", "cam", "embedding"]), "datatype": st.just("FP32"), "shape": st.one_of(JSON, st.lists(st.integers(-1, 1 << 70), max_size=5))},
    optional={"data": JSON, "parameters": st.one_of(JSON, st.fixed_dictionaries({"binary_data_size": st.one_of(JSON, st.integers(-8, 64))}))},
)  # fmt: skip


@given(st.lists(st.one_of(OUTPUT, JSON), max_size=3), st.binary(max_size=40))
def test_any_header_is_an_answer_or_a_wrong_one(outputs: list[object], rest: bytes) -> None:
    head = json.dumps({"outputs": outputs}).encode()
    try:
        found = answer(head + rest, str(len(head)))
    except WrongAnswer:
        return
    assert all(one.dtype == np.float32 for one in found.outputs.values())


@given(st.one_of(st.binary(max_size=60), st.fixed_dictionaries({"parameters": JSON}).map(lambda said: json.dumps(said).encode())))
def test_any_configuration_is_one_or_a_wrong_answer(body: bytes) -> None:
    try:
        found = offered(body)
    except WrongAnswer:
        return
    assert all(len(digest) == 64 for digest in found.digests.values())


@given(st.integers(1, 4), st.data())
def test_a_cut_answer_is_never_a_shorter_one(rows: int, data: st.DataObject) -> None:
    body, length = packed(answers(SKIN, rows))
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    with pytest.raises(WrongAnswer):
        answer(cut, str(length))


@pytest.mark.parametrize(
    "address", ["", "triton:8000", "ftp://h/", "http://models.example/", "http://10.0.0.5:8000", "https://u:p@h/", "https://h/?a=1", "https://h/#a", "https://"]
)  # fmt: skip
def test_an_address_photos_should_not_go_to_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        ServerRunner(address)


def test_on_a_trusted_network_plain_http_is_a_choice() -> None:
    ServerRunner("http://triton:8000", plain_http=True).close()
    ServerRunner("http://localhost:8000").close()
    ServerRunner("https://models.example/prefix/").close()


def test_a_batch_that_is_no_question_is_the_callers_mistake(server: Fake) -> None:
    for bad in (batch()[:, :100], batch().astype(np.float32), batch()[:0]):
        with pytest.raises(ValueError, match="skin is asked with"):
            ServerRunner(server.url).run(SKIN, bad)
    with pytest.raises(ValueError, match="finite"):
        ServerRunner(server.url).run(CheckKind.RHYTHM, np.full((1, 1000), np.nan, np.float32))
    assert server.asked == []


def test_the_header_is_named_as_the_protocol_names_it() -> None:
    assert LENGTH_HEADER == "Inference-Header-Content-Length"
