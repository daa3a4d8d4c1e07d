"""This is the place where the words a medicine is called by are read: whole words only, the longest name first, salts and forms left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What words say: `keys` the ingredients they name (in order, each once), `route` "local" or "systemic" where they say how it is taken, `partly`
    where a part of them names something that is not known, `doubtful` where they name one thing or another."""

    keys: tuple[str, ...] = ()
    route: str = ""
    partly: bool = False
    doubtful: bool = False


class Names:
    """Every name of every ingredient, ready to be looked for."""

    def __init__(
        self, spoken: Mapping[str, tuple[str, ...]], shy: frozenset[str], salts: tuple[str, ...], forms: tuple[str, ...], traditional: Mapping[str, str]
    ) -> None:
        self._spoken, self._shy, self._salts, self._forms, self._traditional = spoken, shy, salts, forms, traditional

    def read(self, text: str) -> Said:
        """What a title names."""
        return Said(self._spoken.get(text.strip().casefold(), ()))

    def route(self, text: str) -> str:
        """ "local", "systemic" or "" for the words of a route of administration."""
        return ""
