"""The worker asks the models again about what none could answer: at once when it starts, then no more than once a minute."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import worker
from core.care.access import COMMAND_LINE
from core.domain.checks import CheckKind, CheckState
from core.ports import Ports
from tests.care.given import add_person, event, ports_with
from tests.care.given_checks import DEAD, SOON, ToldModels, send, with_models


@pytest.fixture
def ports() -> Ports:
    return with_models(ports_with())


def told(ports: Ports) -> ToldModels:
    models: Any = ports.checks
    return models


def work(ports: Ports, rounds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many rounds of the worker, without waiting between them."""
    stop = threading.Event()
    left = iter(range(rounds - 1))
    monkeypatch.setattr(stop, "wait", lambda seconds: next(left, None) is None and stop.set())
    worker.remind(ports, stop, timedelta(minutes=2))


def test_a_photo_that_waited_gets_its_answer(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    person = add_person(ports)
    told(ports).says[CheckKind.SKIN] = DEAD
    waiting = send(ports, COMMAND_LINE, person)
    told(ports).says[CheckKind.SKIN] = SOON
    work(ports, 1, monkeypatch)
    answered = ports.store.check(person, waiting.check_id, event())
    assert (answered.state, answered.result.answer) == (CheckState.WAITING_REVIEW, SOON)


def test_a_dead_model_is_not_asked_at_every_round(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    told(ports).says[CheckKind.SKIN] = DEAD
    send(ports, COMMAND_LINE, add_person(ports))
    work(ports, 5, monkeypatch)
    assert len(told(ports).asked) == 2, "when it was sent, and once by the worker"


def test_after_a_long_silence_all_that_waited_is_answered_without_pauses(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "CHECKS_AT_ONCE", 2)
    person = add_person(ports)
    told(ports).says[CheckKind.SKIN] = DEAD
    for at in range(5):
        send(ports, COMMAND_LINE, person, b"%d" % at)
    told(ports).says[CheckKind.SKIN] = SOON
    work(ports, 3, monkeypatch)
    assert ports.store.checks_without_answer(10) == ()


def test_a_house_without_models_plans_and_reminds_all_the_same(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    told(ports).says[CheckKind.SKIN] = DEAD
    send(ports, COMMAND_LINE, add_person(ports))
    work(replace(ports, checks=None), 2, monkeypatch)
    assert ports.store.last_beat() is not None
