"""This is the place where tests get a model server that speaks the Open Inference Protocol over real HTTP, and that can be told to be slow, wrong or dead."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from core.domain.checks import CheckKind
from models.runner import INPUTS, OUTPUTS
from models.runners.shapes import ANY, SHAPES
from models.runners.wire import LENGTH_HEADER


def answers(kind: CheckKind, rows: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Outputs of the right shape; a free length is 7."""
    random = np.random.default_rng(seed)
    shape_of = {name: (rows, *(7 if n == ANY else n for n in SHAPES[kind, name])) for name in OUTPUTS[kind]}
    return {name: random.random(shape, dtype=np.float32) for name, shape in shape_of.items()}


def packed(outputs: dict[str, np.ndarray], version: str = "1") -> tuple[bytes, int]:
    """An answer with its tensors as bytes, and how long its header is."""
    told = [
        {"name": name, "datatype": "FP32", "shape": list(one.shape), "parameters": {"binary_data_size": one.nbytes}}
        for name, one in outputs.items()
    ]
    head = json.dumps({"model_name": "m", "model_version": version, "outputs": told}).encode()
    return head + b"".join(one.astype("<f4").tobytes() for one in outputs.values()), len(head)


def config(digests: dict[str, str]) -> bytes:
    """A configuration as Triton tells it, with the digest of each version number."""
    said = {f"sha256.{n}": {"string_value": digest} for n, digest in digests.items()}
    return json.dumps({"name": "m", "parameters": said | {f"version.{n}": {"string_value": f"1.0.{n}"} for n in digests}}).encode()


@dataclass
class Reply:
    """What is sent back: the status, the body, its header length (None: no such header), further headers."""

    body: bytes = b""
    header_length: int | str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: Callable[[], object] = lambda: None
    drip: Callable[[], object] | None = None  # called before each byte


@dataclass
class Fake:
    """A running server. `infer` answers a question by its path and batch, `configured` what a model says of itself; `asked` are the paths asked for."""

    url: str = ""
    infer: Callable[[str, np.ndarray], Reply] = lambda path, batch: Reply(status=500)
    configured: Callable[[str], Reply] = lambda path: Reply(status=404)
    asked: list[str] = field(default_factory=list)

    def honest(self, version: str = "1") -> Callable[[str, np.ndarray], Reply]:
        return lambda path, batch: Reply(*packed(answers(CheckKind(path.split("/")[3]), len(batch)), version))


def _batch(path: str, body: bytes, length: int) -> np.ndarray:
    """The question, held to what the protocol says."""
    head = json.loads(body[:length])
    kind = CheckKind(path.split("/")[3])
    name, shape, kept_as = INPUTS[kind]
    (one,) = head["inputs"]
    assert (one["name"], one["datatype"]) == (name, {np.uint8: "UINT8", np.float32: "FP32"}[kept_as])
    assert one["parameters"]["binary_data_size"] == len(body) - length
    assert [(out["name"], out["parameters"]) for out in head["outputs"]] == [(out, {"binary_data": True}) for out in OUTPUTS[kind]]
    assert tuple(one["shape"][1:]) == shape
    return np.frombuffer(body[length:], kept_as).reshape(one["shape"])


@contextmanager
def serving() -> Iterator[Fake]:
    """A server on a port of this machine, for as long as the block lasts."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fake.asked.append(self.path)
            self._reply(fake.configured(self.path))

        def do_POST(self) -> None:
            fake.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._reply(fake.infer(self.path, _batch(self.path, body, int(self.headers[LENGTH_HEADER]))))

        def _reply(self, reply: Reply) -> None:
            reply.wait()
            try:
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body)))
                if reply.header_length is not None:
                    self.send_header(LENGTH_HEADER, str(reply.header_length))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in [reply.body] if reply.drip is None else [bytes([one]) for one in reply.body]:
                    if reply.drip is not None:
                        reply.drip()
                    self.wfile.write(piece)
            except OSError:
                self.close_connection = True  # whoever asked has given up

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
