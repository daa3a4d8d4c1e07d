"""This is the place where samples become comma-separated files as apps write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

STAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every member of an archive: the same content gives the same bytes."""


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A header and rows; none of the texts holds a comma."""
    return "\n".join([",".join(header), *(",".join(map(str, row)) for row in rows), ""]).encode()


def archive(members: Sequence[tuple[str, Iterable[bytes]]], level: int = 6) -> bytes:
    """A zip of some files, each given in pieces."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made:
        for name, pieces in members:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            with made.open(info, "w") as member:
                for piece in pieces:
                    member.write(piece)
    return target.getvalue()


def pieces(texts: Iterable[str], lines: int = 2000) -> Iterator[bytes]:
    """Many short texts as fewer pieces of bytes."""
    rest = iter(texts)
    while held := "".join(islice(rest, lines)):
        yield held.encode()
