"""This is the place where the card of an image or signal model is defined: what it is for, from which data, under which licence, where it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.checks import CheckKind

Said = Mapping[str, str]
"""The same sentence by language ("en", "zh_Hans")."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Data a model was trained or tested with: `licence` as its publisher says it ("" none stated), `use` "train", "test" or "start" (weights begun from)."""

    name: str
    citation: str
    licence: str
    use: str
    people: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True)
class CheckFigure:
    """A measured figure with its 95 % interval (None: too few), on `items` from `people` held out. `of` is "all" or a subgroup ("skin_type.2",
    "place.face", "age.60_79", "sex.female"); keys: auroc, sensitivity, specificity, dice, brier, expected_calibration_error ..."""

    key: str
    of: str
    value: float | None
    low: float | None = None
    high: float | None = None
    people: int = 0
    items: int = 0


@dataclass(frozen=True, slots=True)
class CheckCard:
    """The card of a model of photos or signals. `research`: its data has no clear licence, so it stays off outside the demo until an administrator
    switches it on, and its screens say so. `failures`: the gravest first. `files`: SHA-256 by name, checked before a file is used. `operating`: the numbers
    that turn probabilities into a decision ("temperature", "threshold", "abstain_low", "abstain_high", "distance_limit" ...)."""

    key: CheckKind
    version: str
    research: bool
    name: Said
    meaning: Said
    limits: Said
    failures: tuple[Said, ...]
    not_for: tuple[Said, ...]
    classes: tuple[str, ...]
    data: tuple[Dataset, ...]
    operating: Mapping[str, float]
    figures: tuple[CheckFigure, ...]
    files: Mapping[str, str]
    attributes: tuple[tuple[str, Said], ...]
    """Source attributes of core.risk.model_card.ATTRIBUTES (their keys) that are answered, in their order."""
