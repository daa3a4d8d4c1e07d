"""This is the place where a kiosk's own key is read: a file that its user alone can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from core.errors import BadInput

MOST = 4096


def read_key(place: Path) -> str:
    """The key in a file of mode 0600 (or 0400). Raises BadInput("kiosk_key_file") that names the file and never what is in it."""
    try:
        handle = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise BadInput("kiosk_key_file", place=str(place), need="a file that this user can read") from None
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode) or about.st_mode & 0o077:
            raise BadInput("kiosk_key_file", place=str(place), need="a plain file of mode 0600: readable by its owner alone")
        raw = os.read(handle, MOST + 1)
    finally:
        os.close(handle)
    key = raw.decode("ascii", "replace").strip()
    if len(raw) > MOST or len(key) < 16 or not key.isprintable() or not key.isascii() or any(char.isspace() for char in key):
        raise BadInput("kiosk_key_file", place=str(place), need="one line with the key that was shown when the kiosk was added")
    return key
