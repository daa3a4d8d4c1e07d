"""This is the place where what goes into a model and what comes out is held to its contract, wherever the model runs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.domain.checks import RHYTHM_CLASSES, SKIN_CLASSES, CheckKind
from core.errors import ModelUnavailable
from models.runner import INPUTS, OUTPUTS

ANY = -1
SHAPES: Mapping[tuple[CheckKind, str], tuple[int, ...]] = {
    (CheckKind.SKIN, "logits"): (len(SKIN_CLASSES),),
    (CheckKind.SKIN, "cam"): (ANY, ANY),
    (CheckKind.SKIN, "embedding"): (32,),
    (CheckKind.WOUND, "mask"): (256, 256),
    (CheckKind.WOUND, "embedding"): (32,),
    (CheckKind.RHYTHM, "logits"): (len(RHYTHM_CLASSES),),
    (CheckKind.RHYTHM, "cam"): (ANY,),
    (CheckKind.RHYTHM, "embedding"): (32,),
}
"""The shape of each output without the batch; ANY is a length of the model's own choice."""
LARGEST_BATCH = 32
"""As many rows as a model server is asked at once; the exported repository allows no more."""
SLACK = 1e-3
"""How far rounding may carry a probability of the mask beyond 0 and 1."""


def asked(kind: CheckKind, batch: np.ndarray) -> np.ndarray:
    """The batch as it is sent, in one piece. Raises ValueError where it has another shape or type, is empty, or holds what is no number."""
    _, shape, kind_of = INPUTS[kind]
    if batch.ndim != len(shape) + 1 or batch.shape[1:] != shape or batch.dtype != kind_of or not len(batch):
        raise ValueError(f"{kind.value} is asked with {np.dtype(kind_of).name} (n, {', '.join(map(str, shape))}), n above 0")
    if batch.dtype.kind == "f" and not np.isfinite(batch).all():
        raise ValueError(f"{kind.value} is asked with finite numbers")
    return np.ascontiguousarray(batch)


def answered(kind: CheckKind, rows: int, found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The outputs of so many rows, each of its shape and finite. Raises ModelUnavailable: half an answer is none."""
    told: dict[str, np.ndarray] = {}
    for name in OUTPUTS[kind]:
        one = found.get(name)
        if one is None:
            raise ModelUnavailable("model_unavailable", why="output_missing", output=name)
        if one.dtype != np.float32 or one.ndim != len(SHAPES[kind, name]) + 1 or not _fits(one.shape, (rows, *SHAPES[kind, name])):
            raise ModelUnavailable("model_unavailable", why="other_outputs", output=name)
        if not np.isfinite(one).all():
            raise ModelUnavailable("model_unavailable", why="no_number", output=name)
        if name == "mask" and (one.min() < -SLACK or one.max() > 1 + SLACK):
            raise ModelUnavailable("model_unavailable", why="no_probability", output=name)
        told[name] = one
    return told


def _fits(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(have == want or (want == ANY and have > 0) for have, want in zip(found, wanted, strict=True))
