"""This is the place where what FIT tells of whole workouts and nights is put in place, once the rest of the file is known."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from core.sources.wearables.collect import Collector, Place
from core.sources.wearables.fit_clock import ns
from core.sources.wearables.fit_fields import Fields, number_of, value_of
from core.sources.wearables.fit_tables import ON_FOOT, SPORTS, STAGES, SUB_SPORTS, TOTALS

GRAIN = "1h"
"""Of the totals of a workout: coarser than all that is measured within it and all-day monitoring, so they never add to those."""
NIGHT = 12 * 3600
"""A stage whose next is told later than this has no known end."""


@dataclass(slots=True)
class Workouts:
    """The sessions of a file. `travelled`: its records say how far, so the totals need not."""

    travelled: bool = False
    _sessions: list[tuple[int | str, int, Fields]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._sessions)

    def keeps(self, name: str) -> bool:
        """Whether a field of a session is dealt with here."""
        return name in TOTALS

    def start(self, fields: Fields, at: int) -> int:
        """When a session began: as it says, else its length before its end."""
        told = value_of(fields, "start_time")
        if isinstance(told, int):
            return told
        lasted = number_of(fields, "total_elapsed_time")
        return at - round(lasted) if lasted is not None and 0 <= lasted < 1e9 else at

    def session(self, at: int | str, fields: Fields) -> None:
        if isinstance(at, str):
            self._sessions.append((at, 0, fields))
            return
        start = self.start(fields, at)
        self._sessions.append((start, self._end(start, at, number_of(fields, "total_elapsed_time")), fields))

    def _end(self, start: int, at: int, lasted: float | None) -> int:
        """The written length counts; a session may be written down long after it ended."""
        return start + round(lasted) if lasted and 0 < lasted < 1e9 and start <= at else at

    def close(self, gathered: Collector, path: str) -> None:
        for start, end, fields in self._sessions:
            names = [name for name in TOTALS if name in fields]
            if isinstance(start, str):
                gathered.odd(path, "session", "refused", str(start), 1 + len(names))
                continue
            sport, sub = value_of(fields, "sport"), value_of(fields, "sub_sport")
            kind = SUB_SPORTS.get(str(sub), SPORTS.get(str(sport), 0.0))
            gathered.add(Place("workout", "", "", "", path), ns(start), kind, end=ns(end))
            for name in names:
                self._total(name, (start, end), fields, (gathered, path))
        self._sessions.clear()

    def _total(self, name: str, span: tuple[int, int], fields: Fields, into: tuple[Collector, str]) -> None:
        gathered, path = into
        kind, value = f"session.{name}", number_of(fields, name)
        signal, times = TOTALS[name]
        if value is None:
            gathered.odd(path, kind, "refused", "wrong_kind_of_value")
        elif signal == "steps" and value_of(fields, "sport") not in ON_FOOT:
            gathered.odd(path, kind, "not_followed", "signal_not_kept")
        elif signal == "distance" and self.travelled:
            gathered.odd(path, kind, "not_followed", "summary_of_others")
        else:
            gathered.add(Place(signal, "", GRAIN, "", path), ns(span[0]), value * times, end=ns(span[1]))


@dataclass(slots=True)
class Nights:
    """The stages of nights, in the order they are told, and when nights ended."""

    _stages: list[tuple[int | str, Any]] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._stages) + len(self._ends)

    def told(self, at: int | str, level: Any) -> None:
        self._stages.append((at, level))

    def event(self, at: int | str) -> None:
        """An event of a night: its beginning or its end."""
        if isinstance(at, int):
            self._ends.append(at)

    def close(self, gathered: Collector, path: str) -> None:
        timed = []
        for at, level in self._stages:
            if isinstance(at, str):
                gathered.odd(path, "sleep_level", "refused", at)
            else:
                timed.append((at, level))
        timed.sort(key=lambda one: one[0])
        ends = sorted(self._ends)
        for row, (at, level) in enumerate(timed):
            stage = STAGES.get(str(level))
            if stage is None:
                why = ("not_followed", "no_reading") if level in (None, "unmeasurable") else ("quarantined", "value_unknown")
                gathered.odd(path, "sleep_level", *why)
                continue
            over = bisect_right(ends, at)
            end = min([one for one, _ in timed[row + 1 : row + 2]] + ends[over : over + 1], default=at)
            if not at < end <= at + NIGHT:
                gathered.odd(path, "sleep_level", "not_followed", "end_missing")
                continue
            gathered.add(Place("sleep_stage", "", "", "", path), ns(at), stage, end=ns(end))
        self._stages.clear()
        self._ends.clear()
