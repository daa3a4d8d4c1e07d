"""This is the place where files are made that unfold to far more than they are, and read in a process of their own to see what that takes.

`python -m tests.wearables.bombs NAME` prints as JSON the most memory the process ever had (MB), the seconds, and what came of it.
"""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from fitdecode.utils import compute_crc

from core.domain.samples import Samples, Tally
from core.ports import Upload
from core.sources.wearables.form import HEAD_BYTES, Member
from core.sources.wearables.package import WearablePackage
from core.sources.wearables.registry import formats
from tests.memory import peak_megabytes

MEGABYTES = 200
"""How large the unfolded files are: as large as all the memory a reader may take."""
Came = Iterator[Samples | Tally]


class Unfolding(io.RawIOBase):
    """A stream of a head, then a piece again and again until it is large enough, then a tail; never all of it at once."""

    def __init__(self, head: bytes, piece: bytes, tail: bytes = b"", size: int = MEGABYTES * 1_000_000) -> None:
        super().__init__()
        self._head, self._tail = head, tail
        self._piece, self._times = piece * max(1, 65_536 // len(piece)), 0
        self._most = size // len(self._piece)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._left:
            if self._times > self._most + 1:
                return 0
            self._left = self._head if not self._times else self._piece if self._times <= self._most else self._tail
            self._times += 1
        count = min(len(view), len(self._left))
        view[:count], self._left = self._left[:count], self._left[count:]
        return count


def alone(name: str, head: bytes, piece: bytes, tail: bytes = b"", size: int = MEGABYTES * 1_000_000) -> Came:
    """A bare file, read by the format that knows its head (as the package does it)."""

    def open_it() -> io.BufferedReader:
        return io.BufferedReader(Unfolding(head, piece, tail, size))

    given = Member(name, 0, open_it)  # type: ignore[arg-type]
    with given.open() as stream:
        first = stream.read(HEAD_BYTES)
    form = next((one for one in formats() if one.recognises(first, name)), None)
    assert form is not None, "no format knows this bomb, so it tests nothing"
    return form.read(given)


def uploaded(content: bytes | Path, name: str = "bomb") -> Came:
    """Through the package, as a person would bring it."""
    return WearablePackage((Upload(name, content if isinstance(content, Path) else io.BytesIO(content)),), ()).batches()


def zipped(head: bytes, piece: bytes, megabytes: int, name: str = "export.xml") -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(name, "w", force_zip64=True) as inside,
    ):
        inside.write(head)
        for _ in range(megabytes):
            inside.write(piece * (1_000_000 // len(piece)))
    return made.getvalue()


def many_members() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(120_000):
            archive.writestr(f"{number}.csv", b"")
    return made.getvalue()


def gzipped(head: bytes, piece: bytes, megabytes: int) -> bytes:
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb") as packed:
        packed.write(head)
        for _ in range(megabytes):
            packed.write(piece * (1_000_000 // len(piece)))
    return made.getvalue()


def fit_of(body: bytes) -> bytes:
    whole = struct.pack("<BBHI4s", 12, 0x20, 2140, len(body), b".FIT") + body
    return whole + struct.pack("<H", compute_crc(whole))


def fit_values() -> Came:
    """Nothing but heart rates, two bytes each."""
    stamp = struct.pack("<BBBHBBBB", 0x40, 0, 0, 20, 1, 253, 4, 0x86) + struct.pack("<BI", 0, 1_150_000_000)
    return uploaded(fit_of(stamp + struct.pack("<BBBHBBBB", 0x40, 0, 0, 20, 1, 3, 1, 2) + b"\x80\x48" * 300_000), "a.fit")


def fit_definitions() -> Came:
    """Nothing but definitions of ever new kinds of messages, and one message of each."""
    return uploaded(
        fit_of(b"".join(struct.pack("<BBBHBBBBBB", 0x40, 0, 0, kind, 1, 3, 1, 2, 0, 7) for kind in range(60_000))), "a.fit"
    )


def database(name: str) -> Came:
    """A database made in a process of its own, so that only the reading is measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "health_connect_export.db"
        subprocess.run([sys.executable, "-m", "tests.wearables.bombs", name, str(path)], check=True)
        yield from uploaded(path)


def make_tables(made: sqlite3.Connection) -> None:
    """Very many tables: a schema that takes a gigabyte to know."""
    columns = ", ".join(f"c{at} INTEGER" for at in range(20))
    made.execute("CREATE TABLE weight_record_table (time INTEGER, weight REAL)")
    made.execute("PRAGMA writable_schema = ON")
    rows = ((f"t{at}", f"CREATE TABLE t{at} ({columns})") for at in range(150_000))
    made.executemany("INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', ?1, ?1, 2, ?2)", rows)


def make_blob(made: sqlite3.Connection) -> None:
    made.execute("CREATE TABLE weight_record_table (time INTEGER, weight REAL)")
    made.execute("INSERT INTO weight_record_table VALUES (1700000000000, zeroblob(190000000)), (1700000000000, 70000)")


def make_names(made: sqlite3.Connection) -> None:
    """An app whose name is a hundred million letters long."""
    made.execute("CREATE TABLE application_info_table (row_id INTEGER PRIMARY KEY, package_name TEXT, app_name TEXT)")
    made.execute("INSERT INTO application_info_table VALUES (1, 'a', replace(hex(zeroblob(50000000)), '0', 'n'))")
    made.execute("CREATE TABLE weight_record_table (time INTEGER, weight REAL, app_info_id INTEGER)")
    made.execute("INSERT INTO weight_record_table VALUES (1700000000000, 70000, 1)")


def make_rows(made: sqlite3.Connection) -> None:
    made.execute("CREATE TABLE steps_record_table (start_time INTEGER, end_time INTEGER, count INTEGER)")
    made.executemany("INSERT INTO steps_record_table VALUES (?, ?, 1)", ((at, at + 1) for at in range(1_000_000)))


DATABASES = {"sqlite tables": make_tables, "sqlite blob": make_blob, "sqlite names": make_names, "sqlite rows": make_rows}


_APPLE = b'<?xml version="1.0"?>\n<HealthData>\n'
_RECORD = b'<Record type="HKQuantityTypeIdentifierStepCount" sourceName="W" unit="count" startDate="2023-07-04 08:00:00 -0400" endDate="2023-07-04 08:01:00 -0400" value="1"/>\n'
_LAUGHS = b'<!DOCTYPE HealthData [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">'.encode() for at in range(12)
) + b"]>\n<HealthData>&m;</HealthData>"  # fmt: skip
_BEAT = b'{"dateTime":"05/01/20 04:00:00","value":{"bpm":60,"confidence":1}}'
BOMBS: dict[str, Callable[[], Came]] = {
    "zip of zeros": lambda: uploaded(zipped(b"", b"\0", 400, "data.csv")),
    "zip of xml": lambda: uploaded(zipped(_APPLE, b"<a>" * 10, 1000)),
    "zip of many files": lambda: uploaded(many_members()),
    "zip in zip": lambda: uploaded(zipped(b"", zipped(b"", b"\0", 50), 5, "inner.zip")),
    "gzip of csv": lambda: uploaded(gzipped(b"time,value,unit,signal\n", b"2026-03-01T08:00:00Z,80,kg,weight\n", 30)),
    "gzip of json": lambda: uploaded(gzipped(b"[" + _BEAT, b"," + _BEAT, 40)),
    "xml entities": lambda: uploaded(_LAUGHS),
    "xml nested": lambda: alone("export.xml", _APPLE, b"<a>"),
    "xml attribute": lambda: alone("export.xml", _APPLE + b'<Record type="', b"a"),
    "xml attributes": lambda: alone("export.xml", _APPLE + b"<Record ", b'a="1" '),
    "xml text": lambda: alone("export.xml", _APPLE, b"text "),
    "xml comment": lambda: alone("export.xml", _APPLE + b"<!--", b"- "),
    "xml records": lambda: alone("export.xml", _APPLE, _RECORD),
    "xml doctype": lambda: alone("export.xml", b'<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n', b"<!ELEMENT x (y)>\n"),
    "json lists": lambda: alone("steps-2020-05-01.json", b"[" + _BEAT, b",[]", b"]", 12_000_000),
    "json nested": lambda: alone("steps-2020-05-01.json", b"[" + _BEAT + b",", b"["),
    "json numbers": lambda: alone("steps-2020-05-01.json", b"[" + _BEAT, b",0", b"]", 4_000_000),
    "json text": lambda: alone("steps-2020-05-01.json", b"[" + _BEAT + b',"', b"a", b'"]'),
    "json keys": lambda: alone("x.json", b"[" + _BEAT + b"," + _BEAT[:-1], b',"a":1', b"}]"),
    "json one value of lists": lambda: alone("x.json", b'[{"dateTime":"05/01/20 04:00:00","value":[0', b",[]", b"]}]", 60_000_000),
    "json number": lambda: alone("x.json", b'[{"dateTime":"05/01/20 04:00:00","value":1', b"0", b"}]", 60_000_000),
    "json points": lambda: alone("points.json", b'[{"header":{"id":"a","schema_id":{"namespace":"omh","name":"heart-rate","version":"1.0"}},"body":{}}', b",{}", b"]", 2_000_000),
    "csv line": lambda: alone("a.csv", b"time,value,unit,signal\n2026-03-01T08:00:00Z,", b"8"),
    "csv quoted": lambda: alone("a.csv", b'time,value,unit,signal\n2026-03-01T08:00:00Z,"', b"8" * 999 + b"\n"),
    "csv cells": lambda: alone("a.csv", b"time,value,unit,signal\n2026-03-01T08:00:00Z", b",8"),
    "csv empty lines": lambda: alone("a.csv", b"time,value,unit,signal\n", b"\n", size=4_000_000),
    "csv rows": lambda: alone("a.csv", b"time,value,unit,signal\n", b"2026-03-01T08:00:00Z,80,kg,weight\n", size=30_000_000),
    "csv subjects": lambda: alone("a.csv", b"time,value,unit,signal,subject\n", b"x,y,z,w,v\n", size=6_000_000),
    "ecg": lambda: alone("ecg.csv", b'Name,"A"\nDate of Birth,"Jan 1, 1980"\nRecorded Date,2023-03-26 09:10:11 +0100\nClassification,Sinus Rhythm\nSample Rate,512 hertz\nLead,Lead I\nUnit,\xc2\xb5V\n\n', b"12.5\n"),
    "fit zeros": lambda: uploaded(fit_of(bytes(12_000_000)), "a.fit"),
    "fit beyond": lambda: alone("a.fit", fit_of(b""), b"\0"),
    "fit values": fit_values,
    "fit definitions": fit_definitions,
    **{name: partial(database, name) for name in DATABASES},
}  # fmt: skip


def make(name: str, path: str) -> None:
    made = sqlite3.connect(path)
    DATABASES[name](made)
    made.commit()
    made.close()


def main(name: str) -> None:
    begun, came = time.monotonic(), Counter[str]()
    for one in BOMBS[name]():
        came["" if isinstance(one, Samples) else one.why] += len(one.columns) if isinstance(one, Samples) else one.count
    most = peak_megabytes()
    print(json.dumps({"megabytes": round(most), "seconds": round(time.monotonic() - begun, 1), "came": came}))


if __name__ == "__main__":
    make(*sys.argv[1:]) if len(sys.argv) > 2 else main(sys.argv[1])
