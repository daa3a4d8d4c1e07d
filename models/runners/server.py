"""This is the place where a photo or a signal is asked of a model server over HTTP: Open Inference Protocol v2, as NVIDIA Triton and KServe speak it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import httpx2
import numpy as np

from core.domain.checks import CheckKind, ModelRef
from core.errors import BadInput, ModelUnavailable
from models.check_cards import read_check_card
from models.runner import FILES, Answered
from models.runners.shapes import LARGEST_BATCH, answered, asked
from models.runners.wire import LENGTH_HEADER, Offered, WrongAnswer, answer, offered, question

_ROW_BYTES = 4 << 20
"""More than the largest honest answer about one picture, written as JSON, can have."""
_HEAD_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: for a connection, for each piece, and for the whole answer."""

    connect: float = 2.0
    read: float = 5.0
    whole: float = 8.0


class ServerRunner:
    """Asks the models named as the kinds (`skin`, `wound`, `rhythm`) on a server; nothing but the tensor goes there: no name, no place, no metadata.

    With `artifacts` (the folder of the shipped models) the server must run the very ONNX file that our card names, since the numbers which turn its outputs
    into a decision belong to that file: of several versions the matching one is asked, and another model is ModelUnavailable. A server that says no hash in
    its configuration (parameters `sha256.<version>`, written by `healthboard export-models`) is refused too, unless `unnamed` allows it; the answer's digest
    is then "". Threads may share it. Is a models.runner.Runner."""

    def __init__(
        self,
        url: str,
        *,
        artifacts: Path | None = None,
        unnamed: bool = False,
        plain_http: bool = False,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises BadInput("bad_address") for an address that can't be used; http without TLS only with `plain_http`, or on this machine."""
        address = _address(url, plain_http)
        self._base, self.name = str(address).rstrip("/"), f"server {address.host}"
        self._artifacts, self._unnamed = artifacts, unnamed
        self._patience, self._monotonic = patience or Patience(), monotonic
        self._http = httpx2.Client(trust_env=False, follow_redirects=False)
        self._lock = threading.Lock()
        self._chosen: dict[CheckKind, tuple[str, ModelRef]] = {}

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        """(n, *shape) of INPUTS -> outputs. Raises ModelUnavailable for everything that is no answer (`why`: not_reached, timeout, status, other_model ...);
        ValueError for a batch of another shape or type."""
        rows = asked(kind, batch)
        try:
            parts = [self._ask(kind, rows[at : at + LARGEST_BATCH]) for at in range(0, len(rows), LARGEST_BATCH)]
            if len({one.model for one in parts}) > 1:
                raise WrongAnswer("other_model")
            if len(parts) == 1:
                return parts[0]
            return Answered(answered(kind, len(rows), _together(parts)), parts[0].model)
        except WrongAnswer as error:
            self._forget(kind)
            raise ModelUnavailable("model_unavailable", why=str(error), runner=self.name) from error
        except ModelUnavailable:
            self._forget(kind)
            raise

    def _ask(self, kind: CheckKind, rows: np.ndarray) -> Answered:
        """As many rows as the server takes at once."""
        version, model = self._model(kind)
        body, length = question(kind, rows)
        place = f"/v2/models/{kind.value}" + (f"/versions/{version}" if version else "")
        reply, header = self._send("POST", f"{place}/infer", _ROW_BYTES * len(rows) + _HEAD_BYTES, body, length)
        told = answer(reply, header)
        if version and told.version != version:
            raise WrongAnswer("other_model")
        ref = model if version else ModelRef(model.name, told.version or model.version, model.digest, self.name)
        return Answered(answered(kind, len(rows), told.outputs), ref)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def _model(self, kind: CheckKind) -> tuple[str, ModelRef]:
        """The server's version number to ask for ("": the one it likes) and what is known of it; asked once, and anew after a failure."""
        with self._lock:
            if kind in self._chosen:
                return self._chosen[kind]
        chosen = self._choose(kind, self._offered(kind))
        with self._lock:
            self._chosen[kind] = chosen
        return chosen

    def _offered(self, kind: CheckKind) -> Offered:
        try:
            body, _ = self._send("GET", f"/v2/models/{kind.value}/config", 1 << 20)
        except ModelUnavailable as error:
            if error.facts.get("status") in (400, 404, 405, 501):
                return Offered(
                    {}, {}
                )  # the protocol does not ask for a configuration; a model that is not there says so when it is asked
            raise
        return offered(body)

    def _choose(self, kind: CheckKind, found: Offered) -> tuple[str, ModelRef]:
        wanted, version = "", ""
        if self._artifacts is not None:
            card = read_check_card(self._artifacts / kind.value)
            wanted, version = card.files[FILES["onnx"]], card.version
        if wanted and (found.digests or not self._unnamed):
            fits = [n for n, digest in found.digests.items() if digest == wanted]
            if not fits:
                raise WrongAnswer("other_model" if found.digests else "unnamed_model")
            return max(fits, key=int), ModelRef(kind.value, version, wanted, self.name)
        newest = max(found.digests, key=int, default="")
        return newest, ModelRef(kind.value, found.versions.get(newest, newest), found.digests.get(newest, ""), self.name)

    def _forget(self, kind: CheckKind) -> None:
        with self._lock:
            self._chosen.pop(kind, None)

    def _send(self, method: str, path: str, largest: int, body: bytes = b"", header: int = 0) -> tuple[bytes, str | None]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "Healthboard"}
        if body:
            headers |= {LENGTH_HEADER: str(header), "Content-Type": "application/octet-stream"}
        times = httpx2.Timeout(self._patience.read, connect=self._patience.connect)
        late = self._monotonic() + self._patience.whole
        try:
            request = self._http.build_request(method, self._base + path, headers=headers, content=body or None, timeout=times)
            response = self._http.send(request, stream=True, follow_redirects=False)
            try:
                if response.status_code != 200:
                    raise ModelUnavailable("model_unavailable", why="status", status=response.status_code, runner=self.name)
                return self._read(response, largest, late), response.headers.get(LENGTH_HEADER)
            finally:
                response.close()
        except httpx2.TimeoutException as error:
            raise ModelUnavailable("model_unavailable", why="timeout", runner=self.name) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise ModelUnavailable("model_unavailable", why="not_reached", runner=self.name) from error

    def _read(self, response: httpx2.Response, largest: int, late: float) -> bytes:
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise WrongAnswer("unknown_encoding")
        read = bytearray()
        for piece in response.iter_raw():
            read += piece
            if len(read) > largest:
                raise WrongAnswer("answer_too_large")
            if self._monotonic() > late:
                raise ModelUnavailable("model_unavailable", why="timeout", runner=self.name)
        return bytes(read)


def _together(parts: list[Answered]) -> dict[str, np.ndarray]:
    try:
        return {name: np.concatenate([one.outputs[name] for one in parts]) for name in parts[0].outputs}
    except ValueError:
        raise WrongAnswer("other_outputs") from None  # a free length that is another in each part


def _address(url: str, plain_http: bool) -> httpx2.URL:
    try:
        found = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise _bad("an absolute https address") from error
    if found.scheme not in ("http", "https") or not found.host:
        raise _bad("an absolute https address")
    if found.userinfo or found.query or found.fragment:
        raise _bad("an address without a user name, ? and #")
    if found.scheme == "http" and not (plain_http or _loopback(found.host)):
        raise _bad("https, since photos go there")
    return found


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _bad(need: str) -> BadInput:
    return BadInput("bad_address", place="model_server", need=need)
