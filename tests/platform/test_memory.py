"""This is the place where the measure of memory is shown to be a program's own, whatever started it."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

FAT = """
import subprocess, sys
held = bytearray(b"x") * 400_000_000
print(subprocess.run([sys.executable, "-c", "from tests.memory import peak_megabytes as peak; print(peak())"], capture_output=True, text=True).stdout)
"""


def test_a_fat_parent_does_not_make_its_child_fat() -> None:
    run = subprocess.run([sys.executable, "-c", FAT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(run.stdout) < 100
