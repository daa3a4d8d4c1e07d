"""This is the place where a program that works beside the server is kept going: started again where it dies, ended with the server."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core.commands.answer import note

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before a program that died is started again: doubled each time, and short again after it lived for longer than the longest."""
GRACE = 10.0
"""Seconds it is given to finish what it is at."""


class Companion:
    """One program, kept going from `start` to `stop`. `died` is told each time it ended by itself, with its exit code and the seconds until it is started again."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path, died: Callable[[int, float], None] | None = None) -> None:
        self._command, self._environment, self._folder = tuple(command), dict(environment), folder
        self._died = died or _say
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="companion", daemon=True)

    def start(self) -> None:
        """Start it, and watch it from now on. Raises OSError where it cannot be started at all."""
        self._child = self._started()
        self._thread.start()

    @property
    def pid(self) -> int:
        """Of the one that runs now; 0 while none does."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else 0

    def stop(self) -> None:
        """End it and don't start it again."""
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(timeout=GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
        if self._thread.is_alive():
            self._thread.join(timeout=GRACE)

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env=self._environment, cwd=self._folder)  # noqa: S603 - our own program, by its full path

    def _keep(self) -> None:
        wait = FIRST_WAIT
        while (child := self._child) is not None:
            lived = _lived(child)
            if self._stopping.is_set():
                return
            wait = FIRST_WAIT if lived else wait
            self._died(child.returncode, wait)
            if self._stopping.wait(wait):
                return
            wait = min(2 * wait, LONGEST_WAIT)
            with self._lock:  # so that `stop` ends every one there is
                if self._stopping.is_set():
                    return
                self._child = self._started()


def _lived(child: subprocess.Popen[bytes]) -> bool:
    """Wait until it ends: whether it lived for long."""
    try:
        child.wait(timeout=LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        child.wait()
        return True
    return False


def _say(code: int, seconds: float) -> None:
    note(f"the worker ended by itself (exit code {code}); it is started again in {seconds:g} s")
