"""This is the place where a photo and a signal are defined as they go through a check: cleaned, never as they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.domain.checks import CheckResult


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo after intake: upright, sRGB, without metadata, re-encoded. `content` JPEG bytes; `pixels` uint8 (height, width, 3)."""

    content: bytes
    digest: str
    pixels: np.ndarray
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CleanSignal:
    """A pulse signal after intake: float32 (segments, 1000), each ten seconds at 100 Hz, and the bytes that are kept (NPZ). `rate` is what it came at, in Hz;
    `numbers` the place of each segment in the file, from 0; `dropped` how many more were left out because of a gap."""

    content: bytes
    digest: str
    segments: np.ndarray
    rate: float
    numbers: tuple[int, ...] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A result with its overlay picture (PNG as large as the photo; b"" none)."""

    result: CheckResult
    overlay: bytes = b""
