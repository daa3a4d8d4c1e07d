"""This is the place where readings of one moment are scored together as NEWS2, or where it is said which of them are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from core.alerts.readings import Issue, Reading
from core.alerts.rules import NEWS
from core.risk.equation import one
from core.risk.warning import NEWS2

INPUTS = {"rr": "rr", "spo2": "spo2", "on_oxygen": "on_oxygen", "temp": "temp", "sbp": "sbp", "hr": "pulse", "acvpu": "acvpu"}
"""Our signals, and what NEWS2 calls them."""
SCALE2, THREE = "spo2_scale2", "news2_three"
FEWEST = 4
"""With fewer of them at one time nobody meant a NEWS2, and nothing is said."""
ONE_TIME = timedelta(minutes=15)
"""So long after the first one a reading belongs to the same moment. Ours: one round of measuring."""


class Score(NamedTuple):
    """The score, and whether one part alone is 3 points (which asks for a look whatever the score is)."""

    score: float
    three: bool


def news2(values: Mapping[str, float]) -> Score | tuple[str, ...] | None:
    """The score of what was measured at one time; the signals that are missing; None where it was not meant as one. Nothing is filled in."""
    have = [signal for signal in INPUTS if signal in values]
    if len(have) < FEWEST:
        return None
    missing = tuple(signal for signal in INPUTS if signal not in values)
    if missing:
        return missing
    given = {name: values[signal] for signal, name in INPUTS.items()} | {SCALE2: values.get(SCALE2, 0.0)}
    made = one(NEWS2, given)
    if made.faults_at(0):
        return tuple(INPUTS)
    return Score(float(made.values["score"][0]), made.values["single_three"][0] == 1)


@dataclass(slots=True)
class Round:
    """One round of measuring, until everything is there or ONE_TIME is over. Scale 2 holds from when it was set."""

    scale2: float = 0.0
    _values: dict[str, float] = field(default_factory=dict)
    _first: datetime | None = None
    _last: Reading | None = None

    def take(self, reading: Reading) -> list[Reading | Issue]:
        """What comes of a reading: of the round that it ends, and of its own where that is complete now."""
        made = self.over(reading.at)
        if reading.signal == SCALE2:
            self.scale2 = reading.value
        elif reading.signal in INPUTS:
            self._first, self._last = self._first or reading.at, reading
            self._values[reading.signal] = reading.value
            if len(self._values) == len(INPUTS):
                made += self.close()
        return made

    def over(self, now: datetime) -> list[Reading | Issue]:
        return self.close() if self._first is not None and now > self._first + ONE_TIME else []

    def close(self) -> list[Reading | Issue]:
        values, last = self._values, self._last
        self._values, self._first, self._last = {}, None, None
        score = news2({**values, SCALE2: self.scale2})
        if score is None or last is None:
            return []
        if isinstance(score, Score):
            return [
                Reading(last.at, last.day, NEWS, score.score, last.line),
                Reading(last.at, last.day, THREE, float(score.three), last.line),
            ]
        return [Issue("news2_incomplete", last.line, last.at, NEWS, "also " + ", ".join(score))]
