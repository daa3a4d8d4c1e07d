"""This is the place where tables of people are read and written part by part: what stands in a cell comes out as it came in.

Comma, semicolon or tab, told by the heading; UTF-8 with or without its mark, UTF-16 with it; any kind of line ends. A row with more or fewer cells than the
heading is kept, and marked: nobody knows which value belongs where. Memory stays the same however long the file is.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from core.errors import BadInput, FileRefused

ROWS = 50_000
"""Rows worked on at a time."""
_DELIMITERS = ",;\t"
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows: for each its cells, filled up or cut to the heading's length, and whether it had as many as the heading."""

    rows: Sequence[Sequence[str]]
    whole: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that is open: its heading, its delimiter, and its rows, which can be gone through once."""

    heading: tuple[str, ...]
    delimiter: str
    parts: Iterator[Part]


@contextmanager
def reading(path: Path) -> Iterator[Opened]:
    """Open a table ("-": standard input). Raises BadInput, and FileRefused where it isn't a table."""
    try:
        file: BinaryIO = sys.stdin.buffer if str(path) == "-" else path.open("rb")
    except OSError as error:
        raise BadInput("no_such_file", place=str(path), need="a file that can be read") from error
    try:
        yield _opened(file, str(path))
    except UnicodeError as error:
        raise FileRefused("not_text", place=str(path), need="a table as UTF-8 text") from error
    finally:
        if file is not sys.stdin.buffer:
            file.close()


def _opened(file: BinaryIO, name: str) -> Opened:
    buffered = io.BufferedReader(file, _HEAD)  # type: ignore[type-var]
    start = buffered.peek(4)[:4]
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    text = io.TextIOWrapper(buffered, encoding=encoding, newline="")
    first = _first_line(text)
    delimiter = max(_DELIMITERS, key=lambda one: _outside_quotes(first).count(one))
    lines = csv.reader(_with_first(first, text), delimiter=delimiter, strict=True)
    heading = tuple(next(_safely(lines, name), ()))
    if not any(heading):
        raise FileRefused("empty_file", place=name, need="a heading and rows")
    twice = next((one for one in heading if heading.count(one) > 1), None)
    if twice is not None:
        raise FileRefused("same_column_twice", place=f"column {twice or '(no name)'}", need="a name of its own for every column")
    return Opened(heading, delimiter, _parts(_safely(lines, name), len(heading)))


def _first_line(text: TextIO) -> str:
    """The first line that isn't blank; a quoted heading may go on, the reader then takes the next lines itself."""
    for line in text:
        if line.strip():
            return line
    return ""


def _with_first(first: str, text: TextIO) -> Iterator[str]:
    yield first
    yield from text


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _safely(lines: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    """The lines; what is no table is refused with the number of the line."""
    try:
        yield from lines
    except csv.Error as error:
        raise FileRefused("not_a_table", place=f"{name}, line {lines.line_num}", need="quotes that close, and cells of ordinary length") from error  # type: ignore[attr-defined]


def _parts(lines: Iterator[list[str]], width: int) -> Iterator[Part]:
    rows: list[Sequence[str]] = []
    whole: list[bool] = []
    for cells in lines:
        if not cells:
            continue
        whole.append(len(cells) == width)
        rows.append(cells if whole[-1] else [*cells[:width], *[""] * (width - len(cells))])
        if len(rows) == ROWS:
            yield Part(rows, whole)
            rows, whole = [], []
    if rows:
        yield Part(rows, whole)


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """A file that stands there whole, or not at all ("-": standard output). Raises BadInput."""
    if str(path) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    folder = path.resolve().parent
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    except OSError as error:
        raise BadInput("cannot_write", place=str(path), need="a folder that exists and can be written to") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise BadInput("cannot_write", place=str(path), need="the name of a file, and room for it") from error
    finally:
        part.unlink(missing_ok=True)
