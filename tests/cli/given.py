"""This is the place where the command line is started as scripts start it: a process of its own, its output read back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class House:
    """A data folder of its own, and `healthboard` in it."""

    home: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, "HEALTHBOARD_HOME": str(self.home), "PYTHONPATH": str(ROOT), **more}

    def run(self, *words: object, typed: str = "", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "core.cli", *map(str, words)], capture_output=True, text=True, input=typed, timeout=170,
            env=self.environment(**environment), cwd=ROOT, encoding="utf-8", check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def json(self, *words: object, status: int = 0) -> Any:
        ran = self.run(*words, "--json")
        assert ran.status == status, ran.err
        return ran.document

    def start(self, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "core.cli", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment(), cwd=ROOT, encoding="utf-8", preexec_fn=_heeding_interrupts,
        )  # fmt: skip


def _heeding_interrupts() -> None:
    """A script started in the background hands down that SIGINT is ignored; a person at a terminal does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
