"""This is the place where a question to a model server is written and its answer read: Open Inference Protocol v2, with tensors as raw bytes.

A request is a JSON header followed by the tensor, an answer the same; `Inference-Header-Content-Length` says where the header ends (the protocol's
binary tensor extension, as NVIDIA Triton speaks it). A server that writes numbers into its JSON instead (KServe without the extension) is understood too.
Everything an answer can get wrong is WrongAnswer; nothing else is ever raised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.domain.checks import CheckKind
from models.runner import INPUTS, OUTPUTS

LENGTH_HEADER = "Inference-Header-Content-Length"
_TYPES = {np.dtype(np.uint8): "UINT8", np.dtype(np.float32): "FP32"}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[\w.+-]{1,64}", re.ASCII)


class WrongAnswer(Exception):
    """The server's answer is not one; the text is a code of what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Outputs by name as the server sent them, not yet held to the model's contract, and what it calls the version that answered ("": nothing)."""

    outputs: Mapping[str, np.ndarray]
    version: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What a server says of its own model: SHA-256 and our version name by the server's version number; empty where it says nothing."""

    digests: Mapping[str, str]
    versions: Mapping[str, str]


def question(kind: CheckKind, batch: np.ndarray) -> tuple[bytes, int]:
    """The body of a request and how long its JSON header is."""
    name, _, _ = INPUTS[kind]
    raw = batch.tobytes()
    given = {
        "name": name,
        "shape": list(batch.shape),
        "datatype": _TYPES[batch.dtype],
        "parameters": {"binary_data_size": len(raw)},
    }
    wanted = [{"name": output, "parameters": {"binary_data": True}} for output in OUTPUTS[kind]]
    header = json.dumps({"inputs": [given], "outputs": wanted}, separators=(",", ":")).encode()
    return header + raw, len(header)


def answer(body: bytes, header_length: str | None) -> Told:
    """What a body says; `header_length` is the answer's header of that name, None where it has none. Raises WrongAnswer."""
    end = len(body)
    if header_length is not None:
        if (
            not header_length.isascii()
            or not header_length.isdecimal()
            or len(header_length) > 12
            or int(header_length) > len(body)
        ):
            raise WrongAnswer("header_length")
        end = int(header_length)
    head, rest = _json(body[:end]), memoryview(body)[end:]
    outputs: dict[str, np.ndarray] = {}
    for one in _list(head, "outputs"):
        name, shape = _of(one, "name", str), _shape(one)
        if _of(one, "datatype", str) != "FP32" or name in outputs:
            raise WrongAnswer("other_outputs")
        size = _parameters(one).get("binary_data_size")
        outputs[name], rest = (_written(one, shape), rest) if size is None else _raw(rest, size, shape)
    if len(rest):
        raise WrongAnswer("too_many_bytes")
    version = head.get("model_version")
    return Told(outputs, version if isinstance(version, str) and _VERSION.fullmatch(version) else "")


def offered(body: bytes) -> Offered:
    """What a model's configuration (Triton's `/config`, JSON) says in its parameters `sha256.<n>` and `version.<n>`. Raises WrongAnswer."""
    digests: dict[str, str] = {}
    versions: dict[str, str] = {}
    for key, value in _parameters(_json(body)).items():
        text = value.get("string_value") if isinstance(value, Mapping) else value
        what, _, n = key.partition(".")
        if not isinstance(text, str) or not n.isascii() or not n.isdecimal() or len(n) > 12:
            continue
        if what == "sha256" and _DIGEST.fullmatch(text):
            digests[n] = text
        elif what == "version" and _VERSION.fullmatch(text):
            versions[n] = text
    return Offered(digests, versions)


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise WrongAnswer("no_json") from None
    if not isinstance(found, Mapping):
        raise WrongAnswer("no_json")
    return found


def _of(raw: Any, key: str, kind: type) -> Any:
    found = raw.get(key) if isinstance(raw, Mapping) else None
    if not isinstance(found, kind):
        raise WrongAnswer("other_outputs")
    return found


def _list(raw: Any, key: str) -> list:
    found: list = _of(raw, key, list)
    return found


def _parameters(raw: Any) -> Mapping[str, Any]:
    found = raw.get("parameters", {}) if isinstance(raw, Mapping) else {}
    if not isinstance(found, Mapping):
        raise WrongAnswer("other_outputs")
    return found


def _shape(raw: Any) -> tuple[int, ...]:
    shape = _list(raw, "shape")
    if not 1 <= len(shape) <= 4 or any(isinstance(n, bool) or not isinstance(n, int) or not 0 < n <= 65536 for n in shape):
        raise WrongAnswer("other_outputs")
    return tuple(shape)


def _count(shape: tuple[int, ...]) -> int:
    """How many numbers; as Python's own integers, which do not overflow."""
    count = 1
    for n in shape:
        count *= n
    return count


def _raw(rest: memoryview, size: Any, shape: tuple[int, ...]) -> tuple[np.ndarray, memoryview]:
    if isinstance(size, bool) or not isinstance(size, int) or size != 4 * _count(shape) or size > len(rest):
        raise WrongAnswer("output_size")
    return np.frombuffer(rest[:size], dtype="<f4").astype(np.float32).reshape(shape), rest[size:]


def _written(raw: Any, shape: tuple[int, ...]) -> np.ndarray:
    data = _list(raw, "data")
    flat: list = []
    waiting = [iter(data)]
    while waiting:  # nested or flat, as the protocol allows; never deeper than the shape
        for one in waiting[-1]:
            if isinstance(one, list):
                if len(waiting) >= len(shape):
                    raise WrongAnswer("output_size")
                waiting.append(iter(one))
                break
            if isinstance(one, bool) or not isinstance(one, int | float):
                raise WrongAnswer("no_number")
            flat.append(one)
        else:
            waiting.pop()
    if len(flat) != _count(shape):
        raise WrongAnswer("output_size")
    try:
        with np.errstate(over="ignore"):
            return np.array(flat, dtype=np.float32).reshape(shape)
    except OverflowError:
        raise WrongAnswer("no_number") from None
