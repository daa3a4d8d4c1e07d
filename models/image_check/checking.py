"""This is the place where a photo goes its way through a check: the gate, the model, how far it is from what the model knows, the decision, the picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from PIL import Image

from core.domain.check_media import Checked, CleanPhoto
from core.domain.checks import CheckKind, CheckResult, Declined, ModelRef, Quality, SkinFacts
from core.errors import ModelUnavailable
from models.decisions import Decisions
from models.image_check import heat, lens, marker, skin, wound
from models.image_check.distribution import distance
from models.image_check.preparing import views
from models.image_check.quality import gate
from models.image_check.wound_decision import WoundDecision
from models.runner import INPUTS, Answered, Runner

FILLS = 0.6
"""A wound that takes up more of the photo than this has lost its edges: its size can't be said. The largest of the 500 shared foot ulcers takes up 0.08."""
_FILL = 50  # the opacity that wound.outlined gives to what was taken for wound, and to nothing else


def check_photo(
    kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None, runner: Runner, decisions: Decisions, *, coin: str = ""
) -> Checked:
    """What may be said of one photo. A photo that is not good enough, not of the kind the model knows, or that no model can be asked about is Declined with
    its reason; a photo the gate refused is never sent to a model. `coin`: the coin of models.image_check.coin that lies beside a wound.

    What waits for nothing is done beside the gate and the model, on another core where there is one: somebody stands there with a telephone."""
    with ThreadPoolExecutor(1, "photo") as beside:
        seen = beside.submit(views, photo.pixels, INPUTS[kind][1][0]) if kind is CheckKind.SKIN else None
        quality = gate(kind, photo.pixels)
        if not quality.ok:
            return Checked(CheckResult(kind, quality, Declined("poor_quality", quality.reasons)))
        try:
            if seen is None:
                square = beside.submit(marker.find, photo.pixels)
                return _wound(photo, quality, runner, decisions.of(kind), coin, square.result)
            light = beside.submit(lens.beyond, photo.pixels)
            decision = decisions.of(kind)
            found = runner.run(kind, seen.result())
            return _skin(photo, facts or SkinFacts(), quality, found, light.result(), decision)
        except ModelUnavailable:
            return Checked(CheckResult(kind, quality, Declined("model_unavailable")))


def _skin(
    photo: CleanPhoto, facts: SkinFacts, quality: Quality, found: Answered, light: float, decision: skin.SkinDecision
) -> Checked:
    """`light`: how far it lies towards a dermatoscope's (models.image_check.lens). Raises ModelUnavailable."""
    away = max(distance(found.outputs["embedding"][0], decision), light)
    answer, leaning = skin.decide(found.outputs, facts, decision)
    if away > 1:
        answer = Declined("out_of_distribution")
    result = CheckResult(CheckKind.SKIN, quality, answer, away, found.model, leaning if isinstance(answer, Declined) else None)
    return Checked(result, b"" if away > 1 else heat.overlay(found.outputs["cam"], *photo.pixels.shape[:2]))


def _wound(
    photo: CleanPhoto,
    quality: Quality,
    runner: Runner,
    decision: WoundDecision,
    coin: str,
    square: Callable[[], marker.Marker | None],
) -> Checked:
    """`square`: waits for the printed square that is being looked for. Raises ModelUnavailable."""
    asked: list[ModelRef] = []

    def ask(batch: np.ndarray) -> dict[str, np.ndarray]:
        found = runner.run(CheckKind.WOUND, batch)
        asked.append(found.model)
        return dict(found.outputs)

    seen = wound.look(photo.pixels, ask, decision)
    away = wound.away(seen, decision)
    mask = wound.drawn(seen, decision)
    answer, leaning = wound.decide(seen, photo.pixels, decision, coin, mask, square)
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
