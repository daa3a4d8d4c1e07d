"""This is the place where a photo goes its way through a check: the gate, the model, how far it is from what the model knows, the decision, the picture."""

from __future__ import annotations

from core.domain.check_media import Checked, CleanPhoto
from core.domain.checks import CheckKind, CheckResult, Declined, Quality, SkinFacts
from core.errors import ModelUnavailable
from models.decisions import Decisions
from models.image_check import heat, skin
from models.image_check.distribution import distance
from models.image_check.preparing import views
from models.image_check.quality import gate
from models.runner import INPUTS, Runner


def check_photo(kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None, runner: Runner, decisions: Decisions) -> Checked:
    """What may be said of one photo. Total: a photo that is not good enough, not of the kind the model knows, or that no model can be asked about is
    Declined with its reason, and a refused photo is never sent to a model."""
    quality = gate(kind, photo.pixels)
    if not quality.ok:
        return Checked(CheckResult(kind, quality, Declined("poor_quality", quality.reasons)))
    try:
        if kind is CheckKind.SKIN:
            return _skin(photo, facts or SkinFacts(), quality, runner, decisions.of(kind))
    except ModelUnavailable:
        pass
    return Checked(CheckResult(kind, quality, Declined("model_unavailable")))


def _skin(photo: CleanPhoto, facts: SkinFacts, quality: Quality, runner: Runner, decision: skin.SkinDecision) -> Checked:
    """Raises ModelUnavailable."""
    found = runner.run(CheckKind.SKIN, views(photo.pixels, INPUTS[CheckKind.SKIN][1][0]))
    away = distance(found.outputs["embedding"][0], decision)
    if away > 1:
        return Checked(CheckResult(CheckKind.SKIN, quality, Declined("out_of_distribution"), away, found.model))
    answer, leaning = skin.decide(found.outputs, facts, decision)
    declined = isinstance(answer, Declined)
    drawn = heat.overlay(found.outputs["cam"], *photo.pixels.shape[:2])
    return Checked(CheckResult(CheckKind.SKIN, quality, answer, away, found.model, leaning if declined else None), drawn)
