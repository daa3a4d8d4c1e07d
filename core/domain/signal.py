"""This is the place where the row of a signal is described: one measurable thing with its codes, unit and guard range."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signal:
    """One measurable thing. `convert` maps a UCUM unit to (mult, add): canonical = value * mult + add; `plausible` is an
    engineering guard in the canonical unit, not a clinical limit; `label` is the catalogue key."""

    key: str
    category: str
    loinc: tuple[str, ...]
    unit: str
    convert: tuple[tuple[str, float, float], ...] = ()
    plausible: tuple[float, float] | None = None
    decimals: int = 0

    @property
    def label(self) -> str:
        return f"signal.{self.key}"
