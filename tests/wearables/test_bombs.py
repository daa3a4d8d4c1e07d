"""This is the place where files that unfold to far more than they are are shown to stay small, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.wearables.bombs import BOMBS

MOST = 200
"""MB that the whole process may take, Python and its libraries included."""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_stays_small(name: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.wearables.bombs", name], cwd=ROOT, capture_output=True, text=True, timeout=170
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["megabytes"] < MOST
    if name in REFUSED:
        assert REFUSED[name] in told["came"]


REFUSED = {
    "zip of many files": "too_many_files", "xml entities": "xml_entities", "xml nested": "nested_too_deep", "xml attribute": "entry_too_large",
    "json nested": "json_too_deep", "json text": "entry_too_large", "csv line": "line_too_long", "csv quoted": "quote_not_closed",
    "fit beyond": "too_large", "fit zeros": "cut_short", "sqlite tables": "document_unreadable", "sqlite blob": "cut_short",
}  # fmt: skip
"""What is said of some of them."""
