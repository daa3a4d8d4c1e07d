"""This is the place where it is checked which runner answers, and that one that fails is left alone for a while and then tried again by one caller."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pytest

from core.domain.checks import CheckKind, ModelRef
from core.errors import ModelUnavailable
from models.runner import Answered
from models.runners import FirstThatAnswers
from models.runners.first import Rest

SKIN, WOUND = CheckKind.SKIN, CheckKind.WOUND
PICTURE = np.zeros((1, 224, 224, 3), np.uint8)
REST = Rest(first=1.0, longest=60.0)


@dataclass
class Scripted:
    """A runner that answers or fails as it is told."""

    name: str
    fails: bool = False
    asked: list[CheckKind] = field(default_factory=list)
    breaks: type[Exception] | None = None

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        self.asked.append(kind)
        if self.breaks is not None:
            raise self.breaks("not this way")
        if self.fails:
            raise ModelUnavailable("model_unavailable", why="timeout", runner=self.name)
        return Answered({}, ModelRef(kind.value, "1", "", self.name))


@dataclass
class Watch:
    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def both() -> tuple[Scripted, Scripted, Watch, FirstThatAnswers]:
    server, edge, watch = Scripted("server"), Scripted("edge"), Watch()
    return server, edge, watch, FirstThatAnswers([server, edge], watch, REST)


def test_the_first_answers_and_says_so() -> None:
    _, edge, _, first = both()
    assert first.run(SKIN, PICTURE).model.runner == "server"
    assert edge.asked == []


def test_the_next_stands_in_and_says_so() -> None:
    server, _, _, first = both()
    server.fails = True
    assert first.run(SKIN, PICTURE).model.runner == "edge"


def test_one_that_failed_is_left_alone_longer_each_time() -> None:
    server, _, watch, first = both()
    server.fails = True
    waits = []
    for _ in range(9):
        first.run(SKIN, PICTURE)
        tried, began = len(server.asked), watch.at
        while len(server.asked) == tried:
            watch.at += 0.5
            assert first.run(SKIN, PICTURE).model.runner == "edge"
        waits.append(watch.at - began)
    assert waits[:5] == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert max(waits) == 60.0


def test_one_that_answers_again_is_first_again() -> None:
    server, _, watch, first = both()
    server.fails = True
    first.run(SKIN, PICTURE)
    server.fails, watch.at = False, watch.at + 1
    assert [first.run(SKIN, PICTURE).model.runner for _ in range(2)] == ["server", "server"]
    server.fails = True
    first.run(SKIN, PICTURE)
    watch.at += 1  # the next outage starts with a short rest again
    first.run(SKIN, PICTURE)
    assert len(server.asked) == 5


def test_after_its_rest_one_caller_alone_finds_out() -> None:
    edge, watch = Scripted("edge"), Watch()
    inside, free = threading.Event(), threading.Event()

    class Slow(Scripted):
        def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
            if self.asked:
                inside.set()
                free.wait(10)
            return super().run(kind, batch)

    server = Slow("server", fails=True)
    first = FirstThatAnswers([server, edge], watch, REST)
    first.run(SKIN, PICTURE)
    watch.at += 1
    with ThreadPoolExecutor(4) as callers:
        trying = callers.submit(first.run, SKIN, PICTURE)
        assert inside.wait(10)
        others = [callers.submit(first.run, SKIN, PICTURE).result(10).model.runner for _ in range(3)]
        free.set()
        trying.result(10)
    assert others == ["edge"] * 3
    assert len(server.asked) == 2


def test_a_missing_model_of_wounds_does_not_silence_the_one_of_skin() -> None:
    server, _, _, first = both()
    server.fails = True
    first.run(WOUND, PICTURE)
    server.fails = False
    assert first.run(SKIN, PICTURE).model.runner == "server"


def test_a_question_that_is_none_is_not_the_runners_fault() -> None:
    server, edge, _, first = both()
    server.breaks = ValueError
    with pytest.raises(ValueError, match="not this way"):
        first.run(SKIN, PICTURE)
    assert edge.asked == []
    server.breaks = None
    assert first.run(SKIN, PICTURE).model.runner == "server"


def test_a_question_that_is_none_lets_the_next_caller_try_again() -> None:
    server, _, watch, first = both()
    server.fails = True
    first.run(SKIN, PICTURE)
    server.breaks, watch.at = ValueError, watch.at + 1
    with pytest.raises(ValueError, match="not this way"):
        first.run(SKIN, PICTURE)
    server.breaks, server.fails = None, False
    assert first.run(SKIN, PICTURE).model.runner == "server"


def test_where_nobody_answers_it_says_why_the_last_did_not() -> None:
    server, edge, _, first = both()
    server.fails = edge.fails = True
    with pytest.raises(ModelUnavailable) as found:
        first.run(SKIN, PICTURE)
    assert found.value.facts == {"why": "timeout", "runner": "edge", "asked": 2}
    with pytest.raises(ModelUnavailable) as found:
        first.run(SKIN, PICTURE)
    assert found.value.facts == {"why": "resting", "asked": 0}


def test_without_any_runner_there_is_no_answer() -> None:
    with pytest.raises(ModelUnavailable, match="no_runner"):
        FirstThatAnswers([]).run(SKIN, PICTURE)


def test_many_callers_at_once_count_one_outage_once() -> None:
    watch, gate = Watch(), threading.Barrier(8)

    class Together(Scripted):
        def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
            gate.wait(10)
            return super().run(kind, batch)

    server, edge = Together("server", fails=True), Scripted("edge")
    first = FirstThatAnswers([server, edge], watch, REST)
    with ThreadPoolExecutor(8) as callers:
        list(callers.map(lambda _: first.run(SKIN, PICTURE), range(8)))
    watch.at += 1.0  # one failure's rest, not the rest of eight
    gate.abort()
    with pytest.raises(threading.BrokenBarrierError):
        first.run(SKIN, PICTURE)
