"""This is the place where the second of two kept photos of a wound becomes a picture that lies as the first does, or nothing where that cannot be told."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from core.domain.check_media import CleanPhoto
from core.domain.checks import CheckKind
from models.decisions import Decisions
from models.image_check import wound
from models.image_check.align import aligned
from models.image_check.intake import JPEG_QUALITY
from models.image_check.wound_decision import WoundDecision
from models.runner import Runner


def laid(first: CleanPhoto, other: CleanPhoto, runner: Runner, decisions: Decisions) -> bytes | None:
    """`other` as a JPEG as large as `first` and lying as it does, black where it shows nothing; None where that cannot be told. Raises ModelUnavailable."""
    decision = decisions.of(CheckKind.WOUND)
    masks = _mask(first.pixels, runner, decision), _mask(other.pixels, runner, decision)
    found = aligned(first.pixels, other.pixels, *masks)
    if found is None:
        return None
    out = io.BytesIO()
    Image.fromarray(found).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _mask(pixels: np.ndarray, runner: Runner, decision: WoundDecision) -> np.ndarray | None:
    """What is taken for wound, bool (height, width); None where the model does not know such a photo or its views disagree: nothing is laid by a guess."""
    seen = wound.look(pixels, lambda batch: dict(runner.run(CheckKind.WOUND, batch).outputs), decision)
    if wound.away(seen, decision) > 1 or seen.agreement < decision.agreement_least:
        return None
    return wound.drawn(seen, decision)
