"""This is the place where the row of a signal is described: one measurable thing with its codes, unit and guard range."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("event", "average", "cumulative", "state", "waveform")
"""How samples of a signal add up. "event": each stands for itself (a weight). "average": a level that is there all the time and
is sampled (heart rate). "cumulative": an amount gathered over the sample's interval; it sums (steps). "state": one of `states`
over an interval; its durations sum (sleep stages). "waveform": a recorded stretch of signal, counted and not averaged."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One measurable thing. `convert` maps a UCUM unit to (mult, add): canonical = value * mult + add; `plausible` is an
    engineering guard in the canonical unit, not a clinical limit; `label` is the catalogue key.

    `kind` is one of KINDS; `states` names the values 0, 1, 2 ... of a "state" signal (or of coded events, such as a rhythm)."""

    key: str
    category: str
    loinc: tuple[str, ...]
    unit: str
    convert: tuple[tuple[str, float, float], ...] = ()
    plausible: tuple[float, float] | None = None
    decimals: int = 0
    kind: str = "event"
    states: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"signal.{self.key}"

    @property
    def about(self) -> str:
        """The catalogue key of the plain-language explanation."""
        return f"about.{self.key}"
