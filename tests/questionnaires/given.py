"""This is the place where answers are made up for the tests of the questionnaires."""

from __future__ import annotations

from collections.abc import Sequence

from core.questionnaires.terms import Text


def phq(values: Sequence[int | None], prefix: str = "phq") -> dict[str, str]:
    """Answers to the questions of PHQ or GAD, by number from 1; None where one isn't answered."""
    return {f"{prefix}{number}": str(value) for number, value in enumerate(values, 1) if value is not None}


def plain(text: Text) -> str:
    """A text as its key or as it came."""
    return text.key or text.in_language("")
