"""This is the place where a model is asked about a photo or a signal: only one that is on, and what it says as plain values that can be kept.

What no model could say is a declined result with its reason: the picture is kept and goes to the team all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.domain.check_card import CheckCard
from core.domain.check_media import Checked, CleanPhoto, CleanSignal
from core.domain.checks import Area, CheckKind, CheckResult, CheckState, Declined, Finding, Quality, SkinFacts
from core.errors import BadInput, FileRefused, ModelUnavailable
from core.ports import CheckModels, Ports

OVERLAYS: Mapping[CheckKind, str] = {CheckKind.SKIN: "heat", CheckKind.WOUND: "mask", CheckKind.RHYTHM: "heat"}
"""What the second picture of a kind is."""


def models(ports: Ports) -> CheckModels:
    """Raises ModelUnavailable where this house has none: then nothing can be taken in either."""
    if ports.checks is None:
        raise ModelUnavailable("model_unavailable", place="checks")
    return ports.checks


def card_of(ports: Ports, kind: CheckKind) -> CheckCard | None:
    """The card; None where it is missing or damaged."""
    try:
        return models(ports).card(kind)
    except ModelUnavailable:
        return None


def is_on(ports: Ports, kind: CheckKind, card: CheckCard | None) -> bool:
    """Whether the model is asked: as it was switched; never switched, a research model is on in the demo alone, any other everywhere."""
    switched = ports.store.model_switches().get(kind.value)
    if switched is not None:
        return switched
    return card is not None and (ports.demo or not card.research)


def of_photo(ports: Ports, kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None, coin: str = "") -> Checked:
    """What a model says about a photo, or why none does. `coin`: of COINS, the one that lies beside a wound."""
    asked = models(ports)
    why = _not_asked(ports, kind)
    if why:
        return _plain(Checked(CheckResult(kind, asked.photo_quality(kind, photo), Declined(why))))
    return _plain(asked.check_photo(kind, photo, facts, coin))


def laid_alike(ports: Ports, kind: CheckKind, first: bytes, other: bytes) -> bytes | None:
    """The other of two kept photos as it lies on the first (JPEG); None where that cannot be told, where no model is on, or a photo can't be read any more."""
    if _not_asked(ports, kind):
        return None
    asked = models(ports)
    try:
        return asked.aligned(kind, asked.photo(first), asked.photo(other))
    except FileRefused:
        return None


def of_signal(ports: Ports, signal: CleanSignal) -> Checked:
    """What a model says about a recording, or why none does, with the picture of the ten seconds that speak most for an irregular rhythm. A recording of
    which a piece is still to be asked about says nothing yet, unless it is enough for a hint already."""
    why = _not_asked(ports, CheckKind.RHYTHM)
    if why:
        return Checked(CheckResult(CheckKind.RHYTHM, Quality(), Declined(why)))
    pieces = models(ports).check_signal(signal)
    if not pieces:
        raise BadInput("signal_too_short", place="signal", need="ten seconds without a gap")
    result = models(ports).recording([one.result for one in pieces])
    hint = isinstance(result.answer, Finding) and result.answer.decision == "possible_irregular"
    if not hint and any(isinstance(one.result.answer, Declined) and one.result.answer.why == "model_unavailable" for one in pieces):
        result = replace(result, answer=Declined("model_unavailable"))
    return _plain(Checked(result, max(pieces, key=_speaks).overlay))


def state_of(result: CheckResult) -> CheckState:
    """Where a new check stands: it waits for a model that couldn't answer, or for the team."""
    answer = result.answer
    unanswered = isinstance(answer, Declined) and answer.why == "model_unavailable"
    return CheckState.WAITING_MODEL if unanswered else CheckState.WAITING_REVIEW


def overlay_of(checked: Checked) -> str:
    return OVERLAYS[checked.result.kind] if checked.overlay else ""


def for_the_person(result: CheckResult) -> CheckResult:
    """Without what is for clinicians alone: the classes, what a declined check leaned to, and what is behind the number."""
    answer = replace(result.answer, classes=()) if isinstance(result.answer, Finding) else result.answer
    return replace(result, answer=answer, leaning=None)


def _not_asked(ports: Ports, kind: CheckKind) -> str:
    """Why the model is not asked; "" where it is."""
    card = card_of(ports, kind)
    if card is None:
        return "model_unavailable"
    return "" if is_on(ports, kind, card) else "switched_off"


def _plain(checked: Checked) -> Checked:
    """The same with the numbers of the language in place of an array library's."""
    found = checked.result
    quality = Quality(tuple(found.quality.reasons), {str(key): float(value) for key, value in found.quality.measures.items()})
    answer = _finding(found.answer) if isinstance(found.answer, Finding) else found.answer
    leaning = _finding(found.leaning) if found.leaning is not None else None
    result = replace(
        found, quality=quality, answer=answer, leaning=leaning, distance=_number(found.distance), pulse=_number(found.pulse)
    )
    return replace(checked, result=result)


def _finding(found: Finding) -> Finding:
    area = found.area and Area(float(found.area.share), _number(found.area.cm2), found.area.marker)
    classes = tuple((code, float(share)) for code, share in found.classes)
    return replace(found, probability=_number(found.probability), classes=classes, area=area)


def _speaks(piece: Checked) -> float:
    """How much ten seconds speak for an irregular rhythm."""
    answer = piece.result.answer
    found = answer if isinstance(answer, Finding) else piece.result.leaning
    return -1.0 if found is None else (found.probability or 0.0) + (found.decision == "possible_irregular")


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
