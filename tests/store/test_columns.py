"""Arrow packs and opens columns without a thread of its own: a short command must not end while one is starting."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SAID = """
import os
import numpy as np
import pyarrow, pyarrow.parquet
from core.domain.samples import Bins, Columns
from core.store import columns as packing

before = len(os.listdir("/proc/self/task"))
n = 5000
times = np.arange(n, dtype=np.int64) * 1000
columns = Columns(times, times, np.linspace(0, 1, n), np.zeros(n, np.uint8), np.zeros(n, np.int16))
assert packing.equal(packing.from_bytes(packing.to_bytes(columns)), columns)
bins = Bins(times, np.ones(n, np.int64), columns.value, columns.value, columns.value, columns.offset)
assert np.array_equal(packing.bins_from_bytes(packing.bins_to_bytes(bins)).sum, bins.sum)
print(len(os.listdir("/proc/self/task")) - before)
"""


def test_packing_and_opening_start_no_thread() -> None:
    ran = subprocess.run([sys.executable, "-c", _SAID], capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[2], check=False)
    assert (ran.stdout.strip(), ran.returncode) == ("0", 0), ran.stderr
