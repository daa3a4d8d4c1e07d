"""This is the place where a kiosk's process is closed up, so that what somebody said doesn't end on a disk by way of the operating system.

What can be promised: no core dump is written, no other process of the same user can read this one's memory, files it makes are its own, and byte buffers that we hold are
overwritten. What can't: Python copies text and numbers as it likes and gives memory back when it likes; a picture has passed through a library and the browser; without a
kiosk that has no swap (deploy/kiosk) the system may write memory out. docs/KIOSK.md says so.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
from contextlib import suppress
from pathlib import Path

_PR_SET_DUMPABLE = 4


def close_up() -> tuple[str, ...]:
    """Close this process up; codes of what could not be done: "core_dumps", "readable", "swap"."""
    os.umask(0o077)
    failed = []
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        failed.append("core_dumps")
    if not _not_dumpable():
        failed.append("readable")
    if swap_is_on():
        failed.append("swap")
    return tuple(failed)


def swap_is_on(table: Path = Path("/proc/swaps")) -> bool:
    """Whether this machine writes memory to a disk."""
    try:
        return len(table.read_text(encoding="ascii", errors="replace").splitlines()) > 1
    except OSError:
        return False


def overwrite(buffer: bytearray | memoryview) -> None:
    """Zeros in place of what was there."""
    buffer[:] = bytes(len(buffer))


def forget() -> None:
    """Let go of what nobody holds any more, cycles too: once after each visit."""
    gc.collect()


def _not_dumpable() -> bool:
    try:
        return ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
    except (OSError, AttributeError):
        return False
