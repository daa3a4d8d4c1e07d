"""This is the place where a JSON file beside a model is read strictly: what is not as it must be has a name, and nothing is filled in."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import ModelUnavailable
from core.risk.model_card import LANGUAGES, Said


class Damaged(Exception):
    """The place in the file that is not as it must be."""


def document(path: Path, digest: str = "") -> Any:
    """The JSON in a file, which must be the very one that is named where a `digest` (SHA-256 in hex) is given. Raises ModelUnavailable."""
    content = checked_bytes(path, digest)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ModelUnavailable("model_unavailable", why="file_damaged", file=path.name) from error


def checked_bytes(path: Path, digest: str = "") -> bytes:
    """What a file holds. Raises ModelUnavailable where it is missing, or another than the one of this digest."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable("model_unavailable", why="file_missing", file=path.name) from error
    if digest and hashlib.sha256(content).hexdigest() != digest:
        raise ModelUnavailable("model_unavailable", why="file_changed", file=path.name)
    return content


def of(raw: Any, key: str, kind: type) -> Any:
    """What stands under a key, of this kind. Raises Damaged; so do all that follow."""
    found = raw.get(key) if isinstance(raw, Mapping) else None
    if not isinstance(found, kind):
        raise Damaged(key)
    return found


def number(raw: Any, key: str) -> float:
    """A finite number, no truth value."""
    found = raw.get(key) if isinstance(raw, Mapping) else None
    try:
        if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
            raise Damaged(key)
        return float(found)
    except OverflowError:
        raise Damaged(key) from None


def perhaps(raw: Any, key: str) -> float | None:
    """A finite number, or None where it is null or absent."""
    return None if not isinstance(raw, Mapping) or raw.get(key) is None else number(raw, key)


def count(raw: Any, key: str) -> int:
    """A whole number from 0 on; 0 where it is absent."""
    found = perhaps(raw, key) or 0.0
    if found < 0 or found != int(found):
        raise Damaged(key)
    return int(found)


def said(raw: Any, key: str) -> Said:
    """A sentence in every language."""
    found = of(raw, key, dict)
    if any(not isinstance(found.get(language), str) or not found[language].strip() for language in LANGUAGES):
        raise Damaged(key)
    return {language: found[language] for language in LANGUAGES}


def strings(raw: Any, key: str) -> tuple[str, ...]:
    """A list of strings."""
    found = of(raw, key, list)
    if any(not isinstance(one, str) for one in found):
        raise Damaged(key)
    return tuple(found)
