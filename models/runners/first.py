"""This is the place where several runners stand in for one another: the first that answers, and one that fails is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.domain.checks import CheckKind
from core.errors import ModelUnavailable
from models.runner import Answered, Runner


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a runner that failed is left alone, in seconds: `first`, twice as long after each further failure, `longest` at most."""

    first: float = 1.0
    longest: float = 60.0

    def after(self, failures: int) -> float:
        return min(self.first * 2.0 ** min(failures - 1, 30), self.longest)


@dataclass(slots=True)
class _Breaker:
    """One runner and one kind: how often it failed in a row, until when it is left alone, and whether somebody is just trying it again."""

    failures: int = 0
    until: float = 0.0
    trying: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, now: float) -> bool:
        """Whether this caller may ask: everybody while it answers; after a rest, one caller alone finds out."""
        with self.lock:
            if not self.failures:
                return True
            if now < self.until or self.trying:
                return False
            self.trying = True
            return True

    def failed(self, now: float, rest: Rest) -> None:
        with self.lock:
            if self.failures and not self.trying and now < self.until:
                return  # asked before it was left alone: one outage, counted once
            self.failures += 1
            self.until = now + rest.after(self.failures)
            self.trying = False

    def answered(self) -> None:
        with self.lock:
            self.failures, self.until, self.trying = 0, 0.0, False

    def left(self) -> None:
        """Neither an answer nor a failure of the runner (a question that was none)."""
        with self.lock:
            self.trying = False


class FirstThatAnswers:
    """Asks its runners in their order and gives the first answer; which one it was stands in it. Each kind of check is watched by itself, so that a missing
    model of wounds does not silence the one of skin. How long a runner may take is its own to keep (ServerRunner has time-outs). Threads may share it.
    Is a models.runner.Runner."""

    def __init__(
        self, runners: Sequence[Runner], monotonic: Callable[[], float] = time.monotonic, rest: Rest | None = None
    ) -> None:
        self._runners, self._monotonic, self._rest = tuple(runners), monotonic, rest or Rest()
        self._breakers = {(place, kind): _Breaker() for place in range(len(self._runners)) for kind in CheckKind}

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        """Raises ModelUnavailable where none answers: `why` and further facts of the last that was asked ("resting" where none was), `asked` how many were.
        ValueError for a batch that is no question."""
        last, tried = ModelUnavailable("model_unavailable", why="resting" if self._runners else "no_runner"), 0
        for place, runner in enumerate(self._runners):
            breaker = self._breakers[place, kind]
            if not breaker.enter(self._monotonic()):
                continue
            tried += 1
            try:
                found = runner.run(kind, batch)
            except ModelUnavailable as error:
                breaker.failed(self._monotonic(), self._rest)
                last = error
                continue
            except BaseException:
                breaker.left()
                raise
            breaker.answered()
            return found
        raise ModelUnavailable("model_unavailable", **(last.facts | {"asked": tried})) from last
