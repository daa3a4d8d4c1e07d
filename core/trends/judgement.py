"""This is the place where a severity is an ordered number, and a judgement always carries its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType

Facts = Mapping[str, str | int | float]
"""Named facts that fill a sentence. Numbers of a value (see `NUMBERS` in conversion.py) are in the unit named by `unit`."""


class Severity(IntEnum):
    """How much something wants the person's eye. UNKNOWN is no verdict at all, and ranks below all others."""

    UNKNOWN = -1
    FINE = 0
    WATCH = 1
    ACT_SOON = 2
    ACT_NOW = 3

    @property
    def word(self) -> str:
        """The word of the screens: fine, watch, soon, now or unknown."""
        return _WORDS[self]


_WORDS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.UNKNOWN: "unknown",
        Severity.FINE: "fine",
        Severity.WATCH: "watch",
        Severity.ACT_SOON: "soon",
        Severity.ACT_NOW: "now",
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A state with the code of its reason, the facts behind it, and what to do ("" where nothing is to be done)."""

    severity: Severity
    code: str
    facts: Facts = field(default_factory=dict)
    action: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for the Today page: like a judgement, with the ids of the records it rests on."""

    severity: Severity
    code: str
    facts: Facts = field(default_factory=dict)
    because: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """No answer, and why: a code and facts."""

    code: str
    facts: Facts = field(default_factory=dict)


def short_of(code: str, have: int, need: int, **facts: str | int | float) -> Declined:
    """Too little of something that is counted: `have` of `need`, so `more` are still needed (`n` is `more`, for plural forms)."""
    more = max(need - have, 0)
    return Declined(code, {"have": have, "need": need, "more": more, "n": more, **facts})
