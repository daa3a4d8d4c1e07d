"""A worker that dies is started again, and none is left behind when the server ends."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from core.commands import companion
from core.commands.companion import Companion


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_was_killed_is_there_again_and_goes_when_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "FIRST_WAIT", 0.01)
    told: list[int] = []
    again = threading.Event()
    once = f"import pathlib, time; p = pathlib.Path({str(tmp_path / 'starts')!r}); p.open('a').write('x'); time.sleep(60)"
    beside = Companion([sys.executable, "-c", once], dict(os.environ), tmp_path, lambda code, _wait: (told.append(code), again.set()))
    beside.start()
    first = beside.pid
    os.kill(first, signal.SIGKILL)
    assert again.wait(20)
    for _ in range(400):
        if beside.pid not in (0, first):
            break
        threading.Event().wait(0.05)
    second = beside.pid
    assert second not in (0, first)
    beside.stop()
    assert told == [-signal.SIGKILL]
    assert not alive(second)
    assert beside.pid == 0


def test_one_that_always_dies_is_tried_less_and_less_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(companion, "LONGEST_WAIT", 5)
    waits: list[float] = []
    enough = threading.Event()

    def died(_code: int, wait: float) -> None:
        waits.append(wait)
        if len(waits) == 4:
            enough.set()

    beside = Companion(["/bin/false"], dict(os.environ), tmp_path, died)
    beside.start()
    assert enough.wait(30)
    beside.stop()
    assert waits[:4] == [0.01, 0.02, 0.04, 0.08]
