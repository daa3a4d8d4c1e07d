"""This is the place where the command line is run and its output read back: in this process, which is quick, or as scripts start it,
in one of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from core import cli

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
        """The command in this process. What it lets through fails the test with its own traceback."""
        with mock.patch.dict(os.environ, self.environment(**environment)), _terminal(typed) as (out, err):
            try:
                status = cli.main([*map(str, words)])
            except SystemExit as left:
                status = int(left.code or 0)
        return Ran(status, _text(out), _text(err))

    def alone(self, *words: object, typed: str = "", **environment: str) -> Ran:
        """The command in a process of its own, to its very end."""
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


@contextmanager
def _terminal(typed: str) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    """Streams with a buffer below them, as a process has them."""
    given, out, err = (io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8") for text in (typed, "", ""))
    with mock.patch.object(sys, "stdin", given), redirect_stdout(out), redirect_stderr(err):
        yield out, err


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode("utf-8")
