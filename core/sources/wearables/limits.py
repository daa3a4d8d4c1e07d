"""This is the place where it stands how much of a device's file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes are unpacked bytes unless said otherwise. `total_bytes` holds for all files of an upload together; `ratio` (unpacked :
    packed) counts once more than `ratio_from` bytes came out of one packed file; `members` bounds the files in a zip."""

    total_bytes: int = 16_000_000_000
    ratio: int = 300
    ratio_from: int = 48_000_000
    members: int = 100_000
