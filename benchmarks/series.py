"""Samples of one person: how fast they are kept, put together by day over ten years, and drawn for one year; and how both grow.

    python -m benchmarks.series [--samples 5000000] [--growth]

The baseline beside each number is what no store can do without: writing the same columns as one plain Parquet file, reading it back, and
putting the same values together by day with pandas. Ratios, not seconds, are what should stay.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet as pq

from core import wiring
from core.care import pictures, series, series_choices
from core.care.access import COMMAND_LINE, Action, require
from core.care.picture_views import Part, PictureQuery
from core.domain.records import PersonName, PersonProfile
from core.domain.samples import UTC_ONLY, Columns, Samples
from core.ports import ImportHead, Ports
from core.settings import load_settings
from core.trends.columns import DAY_NS
from core.trends.days import settle
from core.ui import charts
from core.ui.words import words

END = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
BERLIN = ZoneInfo("Europe/Berlin")
BATCH = 50_000
MINUTE = 60 * 10**9


@dataclass
class Measured:
    """Seconds of each repetition."""

    seconds: list[float]

    @property
    def p50(self) -> float:
        return float(np.percentile(self.seconds, 50))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.seconds, 95))


def timed(do: Callable[[], object], times: int = 1) -> Measured:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        do()
        found.append(time.perf_counter() - started)
    return Measured(found)


def heart_rate(n: int) -> Columns:
    """A heart rate every minute or so for ten years at most, with nights, days and gaps."""
    rng = np.random.default_rng(1)
    start = int(END.timestamp()) * 10**9 - np.arange(n, dtype=np.int64)[::-1] * MINUTE
    hour = (start // (60 * MINUTE)) % 24
    value = np.round(62 + 14 * np.sin((hour - 9) / 24 * 2 * np.pi) + rng.normal(0, 5, n))
    return Columns.of(start, value, None, 0, UTC_ONLY)


def batches(columns: Columns) -> Iterator[Samples]:
    for at in range(0, len(columns), BATCH):
        yield Samples("hr", columns.take(slice(at, at + BATCH)), "Watch", "", "", "benchmark")


def keep(ports: Ports, person_id: str, columns: Columns, digest: str) -> None:
    event = require(ports, COMMAND_LINE, Action.IMPORT_RECORDS, person_id).event()
    head = ImportHead("file", "benchmark", "benchmark", END)
    with ports.store.importing_samples(head, digest, event, person_id=person_id) as importing:
        held = 0
        for number, batch in enumerate(batches(columns), start=1):
            importing.append(person_id, batch)
            held += len(batch.columns)
            if held >= 1_000_000:
                importing.step(number)
                held = 0
        importing.finish(finished_at=END)


def measure(n: int, repeat: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        ports = wiring.build(load_settings(home=Path(folder)))
        person = ports.store.add_person(PersonProfile((PersonName("Benchmark"),)), require(ports, COMMAND_LINE, Action.ADD_PERSON).event())
        series_choices.set_zone(ports, COMMAND_LINE, person.person_id, "Europe/Berlin")
        columns = heart_rate(n)
        table = pa.table({"time": columns.start, "value": columns.value})
        plain = BytesIO()
        bare_write = timed(lambda: pq.write_table(table, plain, compression="zstd"))
        insert = timed(lambda: keep(ports, person.person_id, columns, "a"))
        again = timed(lambda: keep(ports, person.person_id, columns.take(slice(-min(n, 50_000), None)), "b"))

        def bare_days() -> object:
            read = pq.read_table(pa.BufferReader(plain.getvalue())).to_pandas()
            days = pd.to_datetime(read["time"], utc=True).dt.tz_convert("Europe/Berlin").dt.normalize()
            return read.groupby(days)["value"].agg(["mean", "min", "max", "count"])

        bare = timed(bare_days, repeat)
        days = timed(lambda: series.table(ports, COMMAND_LINE, person.person_id, "hr", (None, None), "1d"), repeat)
        year = (END - timedelta(days=365)).date()
        raw_year = timed(lambda: series.table(ports, COMMAND_LINE, person.person_id, "hr", (year, None), "1d"), repeat)
        gc.collect()
        gc.freeze()  # as the server does when it has started
        chart, payload, points, kept = drawn(ports, person.person_id, columns, repeat * 3)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        ports.store.close()
    return {
        "samples": n, "bare write s": bare_write.p50, "insert s": insert.p50, "insert rows/s": n / insert.p50, "append 50k s": again.p50,
        "bare days s": bare.p50, "days s": days.p50, "days of a year s": raw_year.p50, "chart p50 ms": chart.p50 * 1000,
        "chart p95 ms": chart.p95 * 1000, "payload KB": payload / 1000, "points": points, "days without an extreme": kept, "disk MB": size / 1e6,
    }  # fmt: skip


def drawn(ports: Ports, person_id: str, columns: Columns, repeat: int) -> tuple[Measured, int, int, int]:
    """The chart of one year: time of its data, bytes of the figure, points, and how many days lack their lowest or highest value."""
    query = PictureQuery(("hr",), range="1Y")
    made = timed(lambda: pictures.picture(ports, COMMAND_LINE, person_id, query), repeat)
    picture = pictures.picture(ports, COMMAND_LINE, person_id, query)
    payload = len(charts.stack(words("en", BERLIN), picture, "light").to_json().encode())
    part = picture.parts[0]
    points = sum(len(one.time) for one in part.trend.columns) + sum(len(one) for one in part.cells)
    return made, payload, points, _lost(part, columns, picture.start)


def _lost(part: Part, columns: Columns, start: datetime) -> int:
    """Days of which the lowest or the highest value is in no point and no cell of the picture."""
    settled = settle(columns, BERLIN)
    inside = settled.start >= round(start.timestamp() * 10**9)
    days = pd.DataFrame({"day": settled.local[inside] // DAY_NS, "value": settled.value[inside]}).groupby("day")["value"]
    true = days.agg(["min", "max"]).iloc[1:]  # the first day is cut by the range itself
    kept: dict[int, set[float]] = {}
    for cells in part.cells:
        if cells.every == "1d":
            for day, least, most in zip(cells.start // DAY_NS, cells.least, cells.most, strict=True):
                kept.setdefault(int(day), set()).update((float(least), float(most)))
    for one in part.trend.columns:
        local = settle(Columns.of(one.time, one.value), BERLIN).local
        for day, value in zip(local // DAY_NS, one.value, strict=True):
            kept.setdefault(int(day), set()).add(float(value))
    return sum(not {low, high} <= kept.get(int(day), set()) for day, low, high in true.itertuples())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=5_000_000)
    parser.add_argument("--growth", action="store_true", help="also 100 thousand, a million and ten million")
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args()
    sizes = (100_000, 1_000_000, given.samples, 10_000_000) if given.growth else (given.samples,)
    for n in sizes:
        found = measure(n, given.repeat)
        for name, value in found.items():
            print(f"{name:28}{value:>16,.3f}" if isinstance(value, float) else f"{name:28}{value:>16,}")
        print()


if __name__ == "__main__":
    main()
