"""This is the place where free text is understood where it is unambiguous, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.medications.terms import Asked


@dataclass(frozen=True, slots=True)
class Understood:
    """Exactly one of the two: FHIR dosages, or what has to be asked."""

    dosages: tuple[Mapping[str, Any], ...] = ()
    asked: tuple[Asked, ...] = ()


def understood(text: str) -> Understood:
    """Nothing yet: everything is asked."""
    return Understood(asked=(Asked("free_text_unclear", "text", text),))
