"""This is the place where the tables of clinical rules lie as files, and where their bytes are read, if they are still those that were shipped."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from core.errors import TableUnavailable

FOLDER = Path(__file__).parent
MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z_]+")


class ShippedTables:
    """The tables in a folder, each checked against the digest (sha256) that the folder's manifest names. Read anew each time: what is damaged while
    a server runs is noticed at the next check."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    def read(self, name: str) -> bytes:
        """The bytes of `name`.json. Raises TableUnavailable with `why` "missing" (no such file) or "corrupt" (not the bytes that were shipped)."""
        if not _NAME.fullmatch(name):
            raise TableUnavailable(table=name, why="missing")
        try:
            content = (self._folder / f"{name}.json").read_bytes()
        except OSError:
            raise TableUnavailable(table=name, why="missing") from None
        if digest(content) != self._shipped().get(name):
            raise TableUnavailable(table=name, why="corrupt")
        return content

    def _shipped(self) -> dict[str, str]:
        try:
            found = json.loads((self._folder / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def digest(content: bytes) -> str:
    """The digest a manifest names: sha256 in hex."""
    return hashlib.sha256(content).hexdigest()


def seal(folder: Path = FOLDER) -> dict[str, str]:
    """Write the manifest of the tables as they lie there, after somebody changed one on purpose (`python -m core.rules`)."""
    found = {path.stem: digest(path.read_bytes()) for path in sorted(folder.glob("*.json")) if path.name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return found
