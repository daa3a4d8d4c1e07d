"""This is the place where what can be typed in is set out for one person: fields in their units, questions in their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from core.care.manual import Question
from core.care.views import Fact
from core.domain.entries import BY_KEY, ENTRIES, EntryRow
from core.domain.people import Preferences
from core.domain.signals import SIGNALS
from core.trends.conversion import number_for, shown_as

_NUMBERS = ("value", "last", "upper", "lower")


@dataclass(frozen=True, slots=True)
class EntryField:
    """One number to type: its signal, unit (UCUM) and decimals as this person reads them, and what is possible at all (None: open)."""

    signal: str
    unit: str
    decimals: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class EntryForm:
    """One thing to type in, with its fields in order."""

    key: str
    fields: tuple[EntryField, ...]


def forms(preferences: Preferences) -> tuple[EntryForm, ...]:
    """All there are, in the order in which they are offered."""
    return tuple(EntryForm(row.key, tuple(_field(signal, preferences) for signal in row.signals)) for row in ENTRIES)


def asked(question: Question, preferences: Preferences) -> Fact:
    """A question with its numbers in the person's unit."""
    shown = shown_as(question.signal, preferences)
    numbers = {
        name: number_for(question.signal, float(question.facts[name]), preferences) for name in _NUMBERS if name in question.facts
    }
    return Fact(f"ask.{question.code}", {"signal": question.signal, "unit": shown.unit, **numbers})


def possible(key: str, signal: str, preferences: Preferences) -> EntryField:
    """The field of a signal on a form."""
    row: EntryRow = BY_KEY[key]
    return _field(signal if signal in row.signals else row.signals[0], preferences)


def _field(signal: str, preferences: Preferences) -> EntryField:
    shown = shown_as(signal, preferences)
    low, high = SIGNALS[signal].plausible or (None, None)
    edges = [None if edge is None else number_for(signal, edge, preferences) for edge in (low, high)]
    return EntryField(signal, shown.unit, shown.decimals, edges[0], edges[1])
