"""This is the place where it stands what every reader of a device's format offers, so that one loop can use them all.

A format is a module of this package with a constant `FORMAT`. It is asked about one file at a time (a zip's members are files):
`recognises` looks at the first bytes and never at the name alone; `read` goes through the file once, streaming, and yields
every entry in a `Samples` or a `Tally`. Neither raises on any content: what cannot be read becomes a Tally "refused" with its place,
and the rest of the file is read on. One entry is one value the file states (a row with sixty minutes of steps is sixty
entries), or one thing that holds no value we can take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from core.domain.samples import Parsed

HEAD_BYTES = 65_536
"""How much of a file `recognises` is shown."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file: its name as in the archive (may hold folders), its unpacked size (0 where unknown) and a way to read it from the
    start. The stream counts for the limits: it raises FileRefused past them (a bomb), at most once, which readers let pass."""

    name: str
    size: int
    open: Callable[[], BinaryIO] = field(repr=False)

    def chunks(self, size: int = 1 << 18) -> Iterator[bytes]:
        """The bytes in pieces."""
        with self.open() as stream:
            while piece := stream.read(size):
                yield piece


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its key ("apple_health": also the catalogue key `format.<key>`), whether a head of bytes looks like it, how to read it."""

    key: str
    recognises: Callable[[bytes, str], bool]
    """(first bytes of the file, its name). The name may only decide between formats whose content looks alike."""
    read: Callable[[Member], Parsed]
