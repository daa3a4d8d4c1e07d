"""This is the place where an upload of a device's files is opened: archives member by member, every unpacked byte counted."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from core.errors import FileRefused
from core.ports import Upload
from core.sources.fhir.members import damage_named
from core.sources.wearables.form import Member
from core.sources.wearables.limits import Limits

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP = b"\x1f\x8b"
_SYSTEM = ("__MACOSX", "Thumbs.db", "desktop.ini", ".DS_Store")


@dataclass(slots=True)
class Spent:
    """What one pass over an upload has unpacked so far."""

    limits: Limits
    total: int = 0


class Counted(io.RawIOBase):
    """A stream that counts what comes out and raises FileRefused past the limits or where the archive is damaged."""

    def __init__(self, source: BinaryIO, spent: Spent, packed: int = 0) -> None:
        super().__init__()
        self._source, self._spent, self._packed, self._read = source, spent, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        with damage_named():
            data = self._source.read(len(view))
        view[: len(data)] = data
        self._read += len(data)
        self._spent.total += len(data)
        limits = self._spent.limits
        if self._spent.total > limits.total_bytes:
            raise FileRefused("too_large", limit=limits.total_bytes)
        if self._packed and self._read > max(limits.ratio_from, self._packed * limits.ratio):
            raise FileRefused("packed_too_tightly", limit=limits.ratio)
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


@dataclass(frozen=True, slots=True)
class Closed:
    """A file of an upload that cannot be looked into, and why; `followed` is false for what simply is no file of a person's."""

    name: str
    why: str
    followed: bool = True


@contextmanager
def opened(upload: Upload) -> Iterator[BinaryIO]:
    """The upload from its first byte. A stream we were given stays open."""
    content = upload.content
    with damage_named():
        raw = content.open("rb") if isinstance(content, Path) else content
        raw.seek(0)
    try:
        yield raw
    finally:
        if isinstance(content, Path):
            raw.close()


def size_of(raw: BinaryIO) -> int:
    with damage_named():
        size = raw.seek(0, io.SEEK_END)
        raw.seek(0)
    return size


def files(upload: Upload, raw: BinaryIO, spent: Spent) -> Iterator[Member | Closed]:
    """Every file of an upload in order: the members of a zip, what is inside a gzip, else the upload itself."""
    size = size_of(raw)
    head = raw.read(4)
    raw.seek(0)
    if head.startswith(_ZIP):
        yield from _members(upload, raw, spent)
    elif head.startswith(_GZIP):
        yield Member(upload.name.removesuffix(".gz"), 0, _ungzipped(raw, spent, size))
    else:
        yield Member(upload.name, size, _whole(raw, spent))


def _whole(raw: BinaryIO, spent: Spent) -> Callable[[], BinaryIO]:
    def again() -> BinaryIO:
        raw.seek(0)
        return _buffered(Counted(cast(BinaryIO, _Kept(raw)), spent))

    return again


def _ungzipped(raw: BinaryIO, spent: Spent, packed: int) -> Callable[[], BinaryIO]:
    def again() -> BinaryIO:
        raw.seek(0)
        return _buffered(Counted(cast(BinaryIO, gzip.GzipFile(fileobj=raw)), spent, max(packed, 1)))

    return again


def _members(upload: Upload, raw: BinaryIO, spent: Spent) -> Iterator[Member | Closed]:
    try:
        with damage_named():
            archive = zipfile.ZipFile(raw)
    except FileRefused as error:
        yield Closed(upload.name, error.code)
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > spent.limits.members:
            yield Closed(upload.name, "too_many_files")
            return
        for info in infos:
            parts = info.filename.split("/")
            if any(part in _SYSTEM or part.startswith("._") for part in parts):
                yield Closed(info.filename, "system_file", followed=False)
            else:
                yield Member(info.filename, info.file_size, _inside(archive, info, spent))


def _inside(archive: zipfile.ZipFile, info: zipfile.ZipInfo, spent: Spent) -> Callable[[], BinaryIO]:
    packed = max(info.compress_size, 1)

    def again() -> BinaryIO:
        with damage_named():
            inside = cast(BinaryIO, archive.open(info))
        if info.filename.lower().endswith(".gz"):
            inside = cast(BinaryIO, gzip.GzipFile(fileobj=inside))
        return _buffered(Counted(inside, spent, packed))

    return again


def _buffered(source: io.RawIOBase) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(source, 1 << 18))


class _Kept(io.RawIOBase):
    """A stream of somebody else's: closing this one leaves it open."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size)
