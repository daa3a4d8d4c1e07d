"""This is the place where uploads are opened: archives unpacked, text made UTF-8, every byte counted."""

from __future__ import annotations

import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from core.errors import FileRefused
from core.ports import Upload
from core.sources.fhir.limits import Limits
from core.sources.fhir.sniff import GZIP, READABLE, ZIP, form_of

CHUNK = 1 << 18
_HEAD = 8192
_BLANK = 1 << 20
"""How far empty lines are read over to see what a file is."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SYSTEM_FILES = ("__MACOSX", "Thumbs.db", "desktop.ini")


@dataclass(slots=True)
class Budget:
    """How many unpacked bytes one pass over a package has read."""

    limits: Limits
    spent: int = 0

    def spend(self, count: int) -> None:
        self.spent += count
        if self.spent > self.limits.total_bytes:
            raise FileRefused("too_large", limit=self.limits.total_bytes)


@dataclass(slots=True)
class Member:
    """One file with records: its name inside the upload ("" for the upload itself), and its bytes.

    `refused` says why there is nothing to read; `followed` is false for what simply isn't a record.
    """

    name: str
    stream: ByteStream | None = None
    refused: FileRefused | None = None
    followed: bool = True


@dataclass(slots=True)
class ByteStream:
    """UTF-8 bytes of one member, read once from front to back. Raises FileRefused on damage and past the limits."""

    source: IO[bytes] | gzip.GzipFile
    budget: Budget
    packed: int = 0
    read_so_far: int = 0
    head: bytes = b""
    _decoder: codecs.IncrementalDecoder | None = field(default=None, repr=False)

    def open(self) -> str:
        """Read the first bytes, see to the byte order mark, and say what this is (see sniff.py)."""
        first = self._fetch(_HEAD)
        for mark, encoding in _MARKS:
            if first.startswith(mark):
                first = first[len(mark) :]
                self._decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
                break
        self.head = self._decoded(first, final=False)
        while not self.head.strip() and len(self.head) < _BLANK and (more := self._fetch(CHUNK)):
            self.head += self._decoded(more, final=False)
        return form_of(self.head)

    def chunks(self) -> Iterator[bytes]:
        """All bytes, from the first. To be called once, after `open`."""
        if self.head:
            yield self.head
        while data := self._fetch(CHUNK):
            yield self._decoded(data, final=False)
        rest = self._decoded(b"", final=True)
        if rest:
            yield rest

    def _fetch(self, size: int) -> bytes:
        with damage_named():
            data = self.source.read(size)
        self.read_so_far += len(data)
        self.budget.spend(len(data))
        limits = self.budget.limits
        if self.packed and self.read_so_far > max(limits.ratio_from, self.packed * limits.ratio):
            raise FileRefused("packed_too_tightly", limit=limits.ratio)
        return data

    def _decoded(self, data: bytes, *, final: bool) -> bytes:
        if self._decoder is None:
            return data
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeError as error:
            raise FileRefused("bad_encoding", place=f"byte {self.read_so_far}", need="UTF-8 or UTF-16") from error


@contextmanager
def damage_named() -> Iterator[None]:
    """Turns what the unpackers raise on damaged files into FileRefused with a code."""
    try:
        yield
    except EOFError as error:
        raise FileRefused("truncated") from error
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, UnicodeError, ValueError) as error:
        raise FileRefused("damaged") from error
    except NotImplementedError as error:
        raise FileRefused("zip_method_not_supported") from error
    except RuntimeError as error:  # zipfile's word for a password
        raise FileRefused("zip_encrypted") from error
    except OSError as error:
        # bz2 inside a zip says "damaged" with a bare OSError; a disk that fails has an errno
        raise FileRefused("damaged" if error.errno is None else "not_readable") from error


def members(upload: Upload, budget: Budget) -> Iterator[Member]:
    """Every file of an upload in order. A member's stream is good until the next one is asked for."""
    with opened(upload) as raw:
        stream = ByteStream(raw, budget)
        try:
            form = stream.open()
        except FileRefused as error:
            yield Member("", refused=error)
            return
        if form == ZIP:
            yield from _archive(raw, budget)
        elif form == GZIP:
            yield _unpacked("", raw, budget, _size(raw))
        else:
            yield _sniffed("", stream, form)


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


def _sniffed(name: str, stream: ByteStream, form: str) -> Member:
    if form in READABLE:
        return Member(name, stream)
    return Member(name, refused=FileRefused(form), followed=form in ("ccda_not_yet", "fhir_xml_not_supported"))


def _unpacked(name: str, raw: IO[bytes], budget: Budget, packed: int) -> Member:
    """The one file inside a gzip."""
    raw.seek(0)
    stream = ByteStream(gzip.GzipFile(fileobj=raw), budget, packed)
    try:
        form = stream.open()
    except FileRefused as error:
        return Member(name, refused=error)
    if form in (ZIP, GZIP):
        return Member(name, refused=FileRefused("archive_in_archive"))
    return _sniffed(name, stream, form)


def _archive(raw: BinaryIO, budget: Budget) -> Iterator[Member]:
    try:
        with damage_named():
            archive = zipfile.ZipFile(raw)
    except FileRefused as error:
        yield Member("", refused=error)
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > budget.limits.members:
            yield Member("", refused=FileRefused("too_many_files", limit=budget.limits.members))
            return
        for info in infos:
            yield from _zipped(archive, info, budget)


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[Member]:
    name = info.filename
    parts = name.split("/")
    if any(part.startswith(".") or part in _SYSTEM_FILES for part in parts):
        yield Member(name, refused=FileRefused("system_file"), followed=False)
        return
    try:
        with damage_named():
            inside = archive.open(info)
    except FileRefused as error:
        yield Member(name, refused=error)
        return
    with inside:
        packed = max(info.compress_size, 1)
        stream = ByteStream(inside, budget, packed)
        try:
            form = stream.open()
        except FileRefused as error:
            yield Member(name, refused=error)
            return
        if form == ZIP:
            yield Member(name, refused=FileRefused("archive_in_archive"), followed=False)
        elif form == GZIP:
            yield _unpacked(name, inside, budget, packed)
        else:
            yield _sniffed(name, stream, form)


def _size(raw: BinaryIO) -> int:
    with damage_named():
        size = raw.seek(0, io.SEEK_END)
        raw.seek(0)
    return max(size, 1)
