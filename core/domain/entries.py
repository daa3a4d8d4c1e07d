"""This is the place where it stands what a person may type in by hand, and which numbers are asked about before they are kept.

`ask` is the range in which a number typed at home needs no question; outside it is not wrong, but more often a slip of the finger, a
wrong unit or a cuff that slipped, so the person is asked to look again. These are engineering limits for typing errors, not
clinical ones: nothing is said about health by them. What is outside the signal's own guard range is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.signals import SIGNALS


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What can be typed in: the form's key, the signals it holds (in order), the range without a question for each in its canonical
    unit, and how far from the person's own last value (as a share of it) needs no question (0: not asked)."""

    key: str
    signals: tuple[str, ...]
    ask: tuple[tuple[float, float], ...]
    jump: float = 0.0


ENTRIES = (
    EntryRow("blood_pressure", ("sbp", "dbp"), ((90.0, 190.0), (50.0, 115.0))),
    EntryRow("hr", ("hr",), ((45.0, 130.0),)),
    EntryRow("weight", ("weight",), ((35.0, 180.0),), 0.04),
    EntryRow("glucose", ("glucose",), ((60.0, 300.0),)),
    EntryRow("temp", ("temp",), ((35.5, 39.5),)),
    EntryRow("spo2", ("spo2",), ((90.0, 100.0),)),
    EntryRow("rr", ("rr",), ((10.0, 28.0),)),
    EntryRow("peak_flow", ("peak_flow",), ((150.0, 750.0),), 0.4),
    EntryRow("waist", ("waist",), ((55.0, 150.0),), 0.1),
    EntryRow("sleep", ("sleep",), ((2.0, 13.0),)),
    EntryRow("steps", ("steps",), ((0.0, 40_000.0),)),
    EntryRow("pain", ("pain",), ((0.0, 10.0),)),
    EntryRow("mood", ("mood",), ((0.0, 10.0),)),
    EntryRow("symptom", ("symptom",), ((0.0, 10.0),)),
)
"""In the order in which they are offered."""

BY_KEY = {row.key: row for row in ENTRIES}

assert all(signal in SIGNALS for row in ENTRIES for signal in row.signals)
