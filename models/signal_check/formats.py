"""This is the place where a file of a pulse signal is read: NPZ or NPY, CSV, JSON. Parsing is total: whatever the bytes, the answer is a table or FileRefused.

What is understood (the first name that is there is taken; capitals don't count):

- NPZ: an array named ppg, segments, signal, pleth or value (or the only array of numbers there is): (n,) one long trace, or (n, length) one row for each
  segment; the rate in Hz as one number named rate, fs, hz or sampling_rate. NPY: the array alone.
- JSON: the same names in one object ({"rate": 64, "ppg": [...]}), or a list of numbers, or a list of lists. null is a gap.
- CSV: comma, semicolon or tab. One column of values, or time and value (a heading says which: time, t, seconds, time_s, ms, time_ms, timestamp, and the
  names above), or one row for each segment (more than 20 columns, no heading). An empty cell or "nan" is a gap. Times are seconds, milliseconds
  where the heading says so, or ISO 8601.
"""

from __future__ import annotations

import csv
import io
import json
import tokenize
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.errors import FileRefused

VALUES = ("ppg", "segments", "signal", "pleth", "value")
RATES = ("rate", "fs", "hz", "sampling_rate")
SECONDS, MILLISECONDS = ("time", "t", "seconds", "time_s", "timestamp"), ("ms", "time_ms", "milliseconds")
MOST_BYTES = 32 << 20
MOST_SAMPLES = 12_000_000
"""Of a file: 33 hours at 100 Hz."""
WIDE = 20
_MOST_MEMBERS = 64
_NPY = b"\x93NUMPY"
_BAD_ARRAY = (
    ValueError,
    TypeError,
    SyntaxError,
    OverflowError,
    EOFError,
    KeyError,
    RecursionError,
    MemoryError,
    tokenize.TokenError,
)
_BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    KeyError,
    OverflowError,
    MemoryError,
)


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: `values` float64 (n,) or (n, length), NaN where there is a gap; `seconds` (n,) the time of each value where the file says
    it; `rate` in Hz where it does."""

    values: np.ndarray
    seconds: np.ndarray | None = None
    rate: float | None = None


def read(content: bytes) -> Table:
    """What a file is, is told by its content. Raises FileRefused, naming the place and the need."""
    if len(content) > MOST_BYTES:
        raise FileRefused("file_too_large", place="file", need=MOST_BYTES)
    if content.startswith(b"PK"):
        return _npz(content)
    if content.startswith(_NPY):
        return Table(_array(content, "the array"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(f"byte {error.start}", "an NPZ, CSV or JSON file") from None
    return _json(text) if text.lstrip()[:1] in ("{", "[") else _csv(text)


def _refused(place: str, need: str) -> FileRefused:
    return FileRefused("signal_unreadable", place=place, need=need)


# ------------------------------------------------------------------------------------------------------------------------- arrays


def _npz(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = {
                one.filename.removesuffix(".npy").lower(): one
                for one in package.infolist()[:_MOST_MEMBERS]
                if one.filename.endswith(".npy")
            }
            others = [name for name in members if name not in RATES]
            named = [name for name in VALUES if name in members][:1] or (others if len(others) == 1 else [])
            found = {name: _member(package, members[name], name) for name in (*named, *RATES) if name in members}
    except _BAD_ZIP as error:
        raise _refused("the NPZ file", "a file that is not damaged") from error
    return _named(found)


def _member(package: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> np.ndarray:
    """An array of the package, its size known before it is unpacked."""
    limit = MOST_SAMPLES * 8 + 4096
    if member.file_size > limit:
        raise FileRefused("file_too_large", place=name, need=MOST_SAMPLES)
    with package.open(member) as opened:
        raw = opened.read(limit + 1)
    return _array(raw, name)


def _array(raw: bytes, name: str) -> np.ndarray:
    """The numbers of an NPY file; of objects, texts and structures nothing is made."""
    stream = io.BytesIO(raw)
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, in_columns, kind = header(stream)
        size = int(np.prod([int(one) for one in shape], dtype=object)) if shape else 1
    except _BAD_ARRAY as error:
        raise _refused(name, "an array of numbers") from error
    if kind.kind not in "fiub" or kind.itemsize not in (1, 2, 4, 8) or len(shape) > 2:
        raise _refused(name, "an array of numbers, of one or two dimensions")
    if size > MOST_SAMPLES:
        raise FileRefused("file_too_large", place=name, need=MOST_SAMPLES)
    body = raw[stream.tell() :]
    if size < 0 or len(body) != size * kind.itemsize:
        raise _refused(name, "as many numbers as it says it has")
    values = np.frombuffer(body, dtype=kind)
    return values.reshape(shape, order="F" if in_columns else "C").astype(float)


def _named(found: Mapping[str, np.ndarray]) -> Table:
    name = next((one for one in found if one not in RATES), None)
    if name is None:
        raise _refused("the file", "an array named " + ", ".join(VALUES))
    rate = next((found[one] for one in RATES if one in found), None)
    if rate is not None and rate.size != 1:
        raise _refused("rate", "one number, in Hz")
    return Table(found[name], rate=None if rate is None else float(rate.reshape(-1)[0]))


# --------------------------------------------------------------------------------------------------------------------------- JSON


def _json(text: str) -> Table:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError, OverflowError) as error:
        raise _refused("the JSON file", "JSON that is whole") from error
    if isinstance(raw, Mapping):
        named = {str(key).lower(): value for key, value in raw.items()}
        wanted = [name for name in VALUES if name in named][:1] + [name for name in RATES if name in named]
        found = {name: _numbers([named[name]] if name in RATES else named[name], name) for name in wanted}
        return _named(found)
    return Table(_numbers(raw, "the list"))


def _numbers(raw: object, name: str) -> np.ndarray:
    need = "numbers (null is a gap), or lists of equally many numbers"
    if not isinstance(raw, list):
        raise _refused(name, need)
    rows = raw if raw and isinstance(raw[0], list) else [raw]
    length = len(rows[0])
    if len(rows) * length > MOST_SAMPLES:
        raise FileRefused("file_too_large", place=name, need=MOST_SAMPLES)
    for at, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != length or any(type(one) not in (int, float, type(None)) for one in row):
            raise _refused(f"{name}[{at}]" if rows is raw else name, need)
    try:
        values = np.array(rows, dtype=float)
    except _BAD_ARRAY as error:
        raise _refused(name, need) from error
    return values if rows is raw else values[0]


# ---------------------------------------------------------------------------------------------------------------------------- CSV


def _csv(text: str) -> Table:
    head = text[:4096]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row and not row[0].lstrip().startswith("#")]
    except csv.Error as error:
        raise _refused("the CSV file", "a table of numbers") from error
    if not rows or sum(map(len, rows)) > MOST_SAMPLES:
        raise _refused("the CSV file", f"1 to {MOST_SAMPLES} numbers")
    heading = None if _is_number(rows[0][0]) else [cell.strip().lower() for cell in rows[0]]
    body = rows if heading is None else rows[1:]
    if heading is None and len(rows[0]) > WIDE:
        return Table(
            np.array([[_cell(cell, at, len(rows[0]) == len(row)) for cell in row] for at, row in enumerate(body, start=1)])
        )
    time, value = _columns(heading, len(rows[0]))
    first = 1 if heading is None else 2
    values = np.array([_cell(_at(row, value), at) for at, row in enumerate(body, start=first)], dtype=float)
    if time is None:
        return Table(values)
    scale = 1000.0 if heading and heading[time] in MILLISECONDS else 1.0
    return Table(values, np.array([_second(_at(row, time), at) for at, row in enumerate(body, start=first)], dtype=float) / scale)


def _columns(heading: Sequence[str] | None, width: int) -> tuple[int | None, int]:
    """(the column of the time, if there is one; the column of the value)."""
    if heading is None:
        if width > 2:
            raise _refused("row 1", "a heading that names the column of the signal: " + ", ".join(VALUES))
        return (0, 1) if width == 2 else (None, 0)
    time = next((heading.index(name) for name in (*SECONDS, *MILLISECONDS) if name in heading), None)
    value = next((heading.index(name) for name in VALUES if name in heading), None)
    rest = [place for place in range(len(heading)) if place != time]
    if value is None and len(rest) != 1:
        raise _refused("row 1", "a heading that names the column of the signal: " + ", ".join(VALUES))
    return time, rest[0] if value is None else value


def _at(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _is_number(cell: str) -> bool:
    """Whether a table begins with this cell instead of a heading: a number, a time, or a gap."""
    try:
        float(cell)
    except ValueError:
        return not cell.strip() or _instant(cell) is not None
    return True


def _instant(cell: str) -> float | None:
    try:
        found = datetime.fromisoformat(cell.strip())
        # one clock for the whole file: only differences of it are used
        return (found.replace(tzinfo=None) - (found.utcoffset() or found - found) - datetime(2000, 1, 1)).total_seconds()  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None


def _cell(cell: str, row: int, whole: bool = True) -> float:
    if not whole:
        raise _refused(f"row {row}", "as many numbers as the first row has")
    if not cell.strip():
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        raise _refused(f"row {row}", "a number, or nothing for a gap") from None


def _second(cell: str, row: int) -> float:
    try:
        found: float | None = float(cell)
    except ValueError:
        found = _instant(cell)
    if found is None or not np.isfinite(found):
        raise _refused(f"row {row}", "a time in seconds, milliseconds or ISO 8601")
    return found
