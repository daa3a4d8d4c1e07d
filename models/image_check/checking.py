"""This is the place where a photo goes its way through a check: the gate, the model, how far it is from what the model knows, the decision, the picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from core.domain.check_media import Checked, CleanPhoto
from core.domain.checks import CheckKind, CheckResult, Declined, ModelRef, Quality, SkinFacts
from core.errors import ModelUnavailable
from models.decisions import Decisions
from models.image_check import heat, lens, skin, wound
from models.image_check.distribution import distance
from models.image_check.preparing import fitted, views
from models.image_check.quality import gate
from models.image_check.wound_decision import WoundDecision
from models.runner import INPUTS, Runner

FILLS = 0.6
"""A wound that takes up more of the photo than this has lost its edges: its size can't be said. The largest of the 500 shared foot ulcers takes up 0.08."""
_FILL = 50  # the opacity that wound.outlined gives to what was taken for wound, and to nothing else


@dataclass(frozen=True, slots=True)
class _Given:
    """A photo that passed the gate, and how it is shown to the model: the views of a spot; a wound's photo as a square, with where it lies there."""

    photo: CleanPhoto
    quality: Quality
    made: Any


def check_photo(
    kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None, runner: Runner, decisions: Decisions, *, coin: str = ""
) -> Checked:
    """What may be said of one photo. A photo that is not good enough, not of the kind the model knows, or that no model can be asked about is Declined with
    its reason; a photo the gate refused is never sent to a model. `coin`: the coin of models.image_check.coin that lies beside a wound.

    What Pillow does by itself is done beside the gate and the model, on another core where there is one: somebody stands there with a telephone. The printed
    square is not: looking for it takes the interpreter, and the model would wait for that."""
    of_skin = kind is CheckKind.SKIN
    with ThreadPoolExecutor(1, "photo") as beside:
        made = beside.submit(views if of_skin else fitted, photo.pixels, INPUTS[kind][1][0])
        quality = gate(kind, photo.pixels)
        if not quality.ok:
            return Checked(CheckResult(kind, quality, Declined("poor_quality", quality.reasons)))
        try:
            if not of_skin:
                return _wound(_Given(photo, quality, made.result()), coin, runner, decisions.of(kind))
            light = beside.submit(lens.beyond, photo.pixels)
            return _skin(_Given(photo, quality, made.result()), facts or SkinFacts(), runner, decisions.of(kind), light.result)
        except ModelUnavailable:
            return Checked(CheckResult(kind, quality, Declined("model_unavailable")))


def _skin(given: _Given, facts: SkinFacts, runner: Runner, decision: skin.SkinDecision, light: Callable[[], float]) -> Checked:
    """`light`: waits for how far it lies towards a dermatoscope's. Raises ModelUnavailable."""
    photo, quality = given.photo, given.quality
    found = runner.run(CheckKind.SKIN, given.made)
    away = max(distance(found.outputs["embedding"][0], decision), light())
    answer, leaning = skin.decide(found.outputs, facts, decision)
    if away > 1:
        answer = Declined("out_of_distribution")
    result = CheckResult(CheckKind.SKIN, quality, answer, away, found.model, leaning if isinstance(answer, Declined) else None)
    return Checked(result, b"" if away > 1 else heat.overlay(found.outputs["cam"], *photo.pixels.shape[:2]))


def _wound(given: _Given, coin: str, runner: Runner, decision: WoundDecision) -> Checked:
    """Raises ModelUnavailable."""
    photo, quality = given.photo, given.quality
    asked: list[ModelRef] = []

    def ask(batch: np.ndarray) -> dict[str, np.ndarray]:
        found = runner.run(CheckKind.WOUND, batch)
        asked.append(found.model)
        return dict(found.outputs)

    seen = wound.look(photo.pixels, ask, decision, given.made)
    away = wound.away(seen, decision)
    mask = wound.drawn(seen, decision)
    answer, leaning = wound.decide(seen, photo.pixels, decision, coin, mask)
    if away > 1:
        answer = Declined("out_of_distribution")
    elif leaning is not None and leaning.area is not None and leaning.area.share > FILLS:
        answer = Declined("poor_quality", ("too_near",))
    if isinstance(answer, Declined) and answer.reasons:
        quality = replace(quality, reasons=answer.reasons)
    drawn = b"" if away > 1 or leaning is None else wound.outlined(mask)
    return Checked(
        CheckResult(CheckKind.WOUND, quality, answer, away, asked[0], leaning if isinstance(answer, Declined) else None), drawn
    )


def mask_of(overlay: bytes) -> np.ndarray | None:
    """What an overlay of a wound takes for wound, bool (height, width); None where nothing was drawn."""
    if not overlay:
        return None
    with Image.open(io.BytesIO(overlay), formats=("PNG",)) as layer:
        return np.asarray(layer.convert("RGBA"))[..., 3] == _FILL
