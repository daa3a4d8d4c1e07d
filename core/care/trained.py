"""This is the place where a trained model is asked about a person, with the same inputs and the same rules of age as the published equations."""

from __future__ import annotations

from dataclasses import dataclass

from core.care.access import Action, require
from core.care.risk_views import FaultView, InputView
from core.care.risks import Shelf
from core.care.risks_equation import fault_view, input_view
from core.domain.people import Actor
from core.errors import ModelUnavailable
from core.ports import Ports
from core.risk.model_card import ModelCard
from core.risk.sourcing import gather
from core.risk.trained import Screened, equation, screen
from core.risk.vocabulary import TERMS


@dataclass(frozen=True, slots=True)
class TrainedView:
    """What the trained comparison says: `found` its answer, or `faults` why not; `inputs` as they stand; `card` what it is and where it fails."""

    card: ModelCard
    inputs: tuple[InputView, ...]
    found: Screened | None = None
    faults: tuple[FaultView, ...] = ()


def card(ports: Ports) -> ModelCard:
    """The card, which is about nobody. Raises ModelUnavailable."""
    if ports.diabetes_model is None:
        raise ModelUnavailable()
    return ports.diabetes_model.card()


def compared(ports: Ports, actor: Actor, kept: Shelf) -> TrainedView:
    """Ask about the person of a shelf. Raises ModelUnavailable: a model that can't be asked says nothing about anybody."""
    require(ports, actor, Action.VIEW_RECORD, kept.person_id)
    if ports.diabetes_model is None:
        raise ModelUnavailable()
    about = card(ports)
    asked = equation(about, ports.diabetes_model.predict)
    gathered = gather(kept.evidence, asked, kept.at)
    inputs = tuple(input_view(one, kept.at, kept.evidence.typed, kept.marks) for one in gathered.inputs if one.key in TERMS)
    if gathered.faults:
        return TrainedView(about, inputs, faults=tuple(fault_view(gathered, fault) for fault in gathered.faults))
    found = screen(about, ports.diabetes_model.baseline(), ports.diabetes_model.predict, gathered.values)
    if isinstance(found, Screened):
        return TrainedView(about, inputs, found)
    return TrainedView(about, inputs, faults=tuple(fault_view(gathered, fault) for fault in found))
