"""This is the place where a process says how much memory it has ever had, of its own."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_megabytes() -> int:
    """The most memory of this program, in MB.

    Linux hands `ru_maxrss` on from whoever started the program (a test runner of 700 MB makes every child 700 MB), so the peak of the
    program's own address space is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        own = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(own.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 * 1024 if sys.platform == "darwin" else 1024)
