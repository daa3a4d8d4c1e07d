"""The worker's other hands: a letter that hangs holds up no alert, and a hand that is lost stops the worker, which is started anew."""

from __future__ import annotations

import inspect
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core import worker_hands
from core.care import alerting, posting
from core.errors import Conflict
from core.worker_hands import Hands

PORTS: Any = SimpleNamespace()
OURS = ("_look", "_post", "_watch")
SOON = 20.0
"""Seconds after which a test gives up waiting; nothing is measured by it."""


def hands(monkeypatch: pytest.MonkeyPatch, look: Any, post: Any) -> tuple[Hands, threading.Event]:
    monkeypatch.setattr(worker_hands, "EVERY", 0.01)
    monkeypatch.setattr(alerting, "run_once", look)
    monkeypatch.setattr(posting, "run_once", post)
    for other, work in vars(Hands).items():
        if (
            callable(work)
            and list(inspect.signature(work).parameters)[1:2] in (["worker_id"], ["_worker_id"])
            and other not in OURS
        ):
            monkeypatch.setattr(Hands, other, lambda *_: 0)
    stop = threading.Event()
    return Hands(PORTS, stop, timedelta(minutes=2)), stop


def test_a_letter_that_hangs_holds_up_no_look_at_the_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, hanging = threading.Event(), threading.Event()
    calls: list[str] = []

    def post(_: Any, __: Any, worker: str, *___: Any) -> posting.Posted:
        hanging.set()
        assert looked.wait(SOON)
        return posting.Posted()

    def look(*_: Any) -> alerting.Round:
        assert hanging.wait(SOON)
        calls.append("look")
        if len(calls) > 2:
            looked.set()
        return alerting.Round()

    made, stop = hands(monkeypatch, look, post)
    made.start()
    assert looked.wait(SOON)
    stop.set()
    made.join()
    assert not made.failed


def test_a_busy_store_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    done, calls = threading.Event(), []

    def look(*_: Any) -> alerting.Round:
        calls.append("look")
        if len(calls) == 1:
            raise Conflict("store_busy")
        done.set()
        return alerting.Round()

    made, stop = hands(monkeypatch, look, lambda *_: posting.Posted())
    made.start()
    assert done.wait(SOON)
    stop.set()
    made.join()
    assert not made.failed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_hand_that_is_lost_stops_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(*_: Any) -> alerting.Round:
        raise ZeroDivisionError

    made, stop = hands(monkeypatch, look, lambda *_: posting.Posted())
    made.start()
    assert stop.wait(SOON)
    made.join()
    assert made.failed


def test_a_hand_that_hangs_stops_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_hands, "STUCK", 0.0)
    monkeypatch.setattr(worker_hands, "LAST_WAIT", 0.0)
    over = threading.Event()

    def look(*_: Any) -> alerting.Round:
        over.wait(SOON)
        return alerting.Round()

    made, stop = hands(monkeypatch, look, lambda *_: posting.Posted())
    made.start()
    assert stop.wait(SOON)
    assert made.failed
    over.set()
