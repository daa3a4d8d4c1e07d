"""This is the place where the shipped models become the model repository of an NVIDIA Triton server.

    DIR/<kind>/config.pbtxt          input, outputs, batching, where it runs, warm-up, which versions are loaded
    DIR/<kind>/<n>/model.onnx        the very file the card names
    DIR/<kind>/<n>/card.json         which model that is

The server numbers versions from 1; parameters of the configuration say which number is which model (`sha256.<n>`, `version.<n>`), so that the app asks for the one
its own numbers belong to. An export into a repository that is there adds a version where the model is a new one and touches nothing where it is not.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.domain.checks import CheckKind
from core.errors import BadInput, ModelUnavailable
from models.check_cards import CARD, read_check_card
from models.runner import FILES, INPUTS, OUTPUTS
from models.runners.shapes import ANY, LARGEST_BATCH, SHAPES
from models.strict import checked_bytes

PARITY = "parity.npz"
DELAY_MICROSECONDS = 2000
"""How long a picture may wait for others to share a batch with: short beside the network, long beside the arrival of 32 clients."""
KEPT_VERSIONS = 2
"""The newest versions the server loads: the app of yesterday is still answered while the new one is rolled out."""
PLACES: Mapping[str, str] = {
    "auto": "instance_group [ { kind: KIND_AUTO count: 1 } ]",
    "gpu": "instance_group [ { kind: KIND_GPU count: 2 } ]",
    "cpu": "instance_group [ { kind: KIND_CPU count: 2 } ]",
}
"""Where the server runs a model: on each GPU it finds, else on the CPU; on each GPU, two at once (one copies while the other computes); on the CPU alone."""
_TYPES = {np.dtype(np.uint8): "TYPE_UINT8", np.dtype(np.float32): "TYPE_FP32"}
_VERSION = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written for a kind: the server's number of the model, whether it is new there, its version and SHA-256."""

    kind: CheckKind
    number: int
    added: bool
    version: str
    digest: str


def write_repository(artifacts: Path, out: Path, *, place: str = "auto", kinds: tuple[CheckKind, ...] = ()) -> tuple[Exported, ...]:
    """Write the models of these kinds (none named: all that ship) for a server. `place` of PLACES. Raises ModelUnavailable where a shipped file is missing,
    damaged or not the one its card names, or nothing ships; BadInput where `out` cannot be written."""
    chosen = kinds or tuple(kind for kind in CheckKind if (artifacts / kind.value / CARD).is_file())
    if not chosen:
        raise ModelUnavailable("model_unavailable", why="nothing_ships")
    try:
        return tuple(_write(artifacts / kind.value, out / kind.value, kind, place) for kind in chosen)
    except OSError as error:
        raise BadInput("not_writable", place=str(out), need="a folder that can be written to") from error


def _write(artifact: Path, folder: Path, kind: CheckKind, place: str) -> Exported:
    card = read_check_card(artifact)
    if card.key is not kind:
        raise ModelUnavailable("model_unavailable", why="card_damaged", place="key")
    digest = card.files[FILES["onnx"]]
    content, shapes = checked_bytes(artifact / FILES["onnx"], digest), _shapes(artifact, card.files, kind)
    there = _versions(folder)
    highest, there = max(there, default=0), {n: there[n] for n in sorted(there)[-KEPT_VERSIONS:]}
    number = next((n for n, (_, known) in there.items() if known == digest), 0)
    added = not number
    if added:
        number = highest + 1
        _place(folder, number, {FILES["onnx"]: content, CARD: (artifact / CARD).read_bytes()})
        there = {n: there[n] for n in sorted(there)[-KEPT_VERSIONS + 1 :]} | {number: (card.version, digest)}
    _replace(folder / "config.pbtxt", config(kind, shapes, {n: one for n, one in there.items() if one[1]}, place))
    return Exported(kind, number, added, card.version, digest)


def config(
    kind: CheckKind, shapes: Mapping[str, tuple[int, ...]], versions: Mapping[int, tuple[str, str]], place: str = "auto"
) -> str:
    """config.pbtxt. `shapes`: of each output without the batch; `versions`: (our version, SHA-256) by the server's number."""
    name, shape, kept_as = INPUTS[kind]
    given = _TYPES[np.dtype(kept_as)]
    outputs = ",\n".join(f'  {{ name: "{output}" data_type: TYPE_FP32 dims: {_dims(shapes[output])} }}' for output in OUTPUTS[kind])
    warm = ",\n".join(
        f'  {{ name: "{size}" batch_size: {size} inputs {{ key: "{name}" value {{ data_type: {given} dims: {_dims(shape)} zero_data: true }} }} }}'
        for size in (1, LARGEST_BATCH)
    )
    said = [
        f'parameters {{ key: "{key}.{n}" value {{ string_value: {json.dumps(value)} }} }}'
        for n, (version, digest) in sorted(versions.items())
        for key, value in (("sha256", digest), ("version", version))
    ]
    return "\n".join([
        f'name: "{kind.value}"',
        'backend: "onnxruntime"',
        f"max_batch_size: {LARGEST_BATCH}",
        f'input [ {{ name: "{name}" data_type: {given} dims: {_dims(shape)} }} ]',
        f"output [\n{outputs}\n]",
        f"dynamic_batching {{ max_queue_delay_microseconds: {DELAY_MICROSECONDS} }}",
        PLACES[place],
        f"version_policy {{ latest {{ num_versions: {KEPT_VERSIONS} }} }}",
        f"model_warmup [\n{warm}\n]",
        *said,
        "",
    ])  # fmt: skip


def _dims(shape: tuple[int, ...]) -> str:
    return f"[ {', '.join(map(str, shape))} ]"


def _shapes(artifact: Path, files: Mapping[str, str], kind: CheckKind) -> dict[str, tuple[int, ...]]:
    """The shape of each output, as the frozen answers of the model have it."""
    if PARITY not in files:
        raise ModelUnavailable("model_unavailable", why="card_damaged", place=f"files.{PARITY}")
    try:
        with np.load(io.BytesIO(checked_bytes(artifact / PARITY, files[PARITY])), allow_pickle=False) as frozen:
            found = {name: tuple(frozen[name].shape[1:]) for name in OUTPUTS[kind]}
    except (ValueError, KeyError, EOFError) as error:
        raise ModelUnavailable("model_unavailable", why="file_damaged", file=PARITY) from error
    for name, shape in found.items():
        wanted = SHAPES[kind, name]
        if len(shape) != len(wanted) or any(want not in (ANY, have) for have, want in zip(shape, wanted, strict=True)):
            raise ModelUnavailable("model_unavailable", why="other_outputs", output=name)
    return found


def _versions(folder: Path) -> dict[int, tuple[str, str]]:
    """What is in the repository already: (our version, SHA-256) by number. A version without a whole card says nothing of itself and is left as it is."""
    found: dict[int, tuple[str, str]] = {}
    for one in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not _VERSION.fullmatch(one.name) or not one.is_dir():
            continue
        try:
            card = read_check_card(one)
            checked_bytes(one / FILES["onnx"], card.files[FILES["onnx"]])
            found[int(one.name)] = (card.version, card.files[FILES["onnx"]])
        except ModelUnavailable:
            found[int(one.name)] = ("", "")
    return found


def _place(folder: Path, number: int, files: Mapping[str, bytes]) -> None:
    """A version folder appears whole: a server that looks meanwhile sees none of it (only folders named by a number count)."""
    waiting = folder / f".{number}.new"
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.mkdir(parents=True)
    for name, content in files.items():
        (waiting / name).write_bytes(content)
    waiting.rename(folder / str(number))


def _replace(path: Path, text: str) -> None:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    waiting = path.with_name(f".{path.name}.new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(path)
