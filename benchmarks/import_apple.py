"""This is the place where a big Apple Health export is made and read in every way there is to compare with.

python -m benchmarks.import_apple [--megabytes 500] [--rounds 2] [--file export.xml] [--without import peer]

Every way runs in a process of its own, one after the other, so that each has its own peak of memory.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

MILLION = 1_000_000
PIECE = 1 << 18
MOST_TIMES_BARE, LEAST_TIMES_PEER, MOST_MEGABYTES = 2.0, 4.0, 300.0
"""The goals: reading within twice the bare parse, the whole import four times the peer, below so many MB of memory."""


@dataclass(frozen=True, slots=True)
class Run:
    """How one way went: seconds, peak resident memory in MB, how many entries it saw (0 where it does not say)."""

    seconds: float
    peak: float
    entries: int = 0


def bare(path: Path) -> int:
    """expat, counting Record elements and nothing else."""
    from xml.parsers import expat

    records = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal records
        if name == "Record":
            records += 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)
    return records


def bare_lxml(path: Path) -> int:
    """lxml's iterparse, counting Record elements and nothing else."""
    from lxml import etree

    records = 0
    for _, element in etree.iterparse(str(path), tag="Record", resolve_entities=False, huge_tree=True):
        records += 1
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return records


def ours(path: Path) -> int:
    """Our reading: every entry as columns in our units, or counted with its reason."""
    from core.domain.samples import Samples
    from core.sources.wearables.apple_health import FORMAT
    from core.sources.wearables.form import Member

    member = Member("export.xml", path.stat().st_size, lambda: path.open("rb"))
    return sum(len(batch.columns) if isinstance(batch, Samples) else batch.count for batch in FORMAT.read(member))


def make(path: Path, megabytes: float) -> int:
    from core.samples.exports.apple import write_apple_export

    with path.open("wb") as target:
        return sum(write_apple_export(target, megabytes=megabytes).records.values())


WAYS = {"bare": bare, "lxml": bare_lxml, "ours": ours}


def run(command: list[str], **environment: str) -> Run:
    """A command in its own process; a JSON line it prints ({"seconds", "entries"}) wins over the clock outside."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.PIPE, env={**os.environ, **environment})
        assert process.stderr is not None
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:4])} ended with {process.returncode}: {complaint.decode(errors='replace')[-2000:]}")
    inside = json.loads(lines[-1]) if lines and lines[-1].startswith('{"seconds"') else {}
    return Run(inside.get("seconds", seconds), usage.ru_maxrss * 1024 / MILLION, inside.get("entries", 0))


def one(way: str, path: Path, *more: str) -> Run:
    return run([sys.executable, "-m", "benchmarks.import_apple", "--one", way, "--file", str(path), *more])


def best(way: str, path: Path, rounds: int) -> Run:
    return min((one(way, path) for _ in range(rounds)), key=lambda run: run.seconds)


def measure(path: Path, rounds: int, without: list[str], folder: Path) -> dict[str, Run]:
    """Each way that is there, the bare one first; the first two take turns."""
    turns = [(one("bare", path), one("ours", path)) for _ in range(rounds)]
    found = {"bare": min((turn[0] for turn in turns), key=lambda run: run.seconds)}
    found["ours"] = min((turn[1] for turn in turns), key=lambda run: run.seconds)
    if subprocess.run([sys.executable, "-c", "import lxml.etree"], capture_output=True, check=False).returncode == 0:
        found["lxml"] = best("lxml", path, rounds)
    if "import" not in without:
        home = folder / "home"
        found["import"] = run(
            [sys.executable, "-m", "core.cli", "import", str(path), "--new", "--json"], HEALTHBOARD_HOME=str(home)
        )
    peer = shutil.which("healthkit-to-sqlite", path=str(Path(sys.executable).parent)) or shutil.which("healthkit-to-sqlite")
    if peer and "peer" not in without:
        found["peer"] = run([peer, "--xml", "-s", str(path), str(folder / "peer.db")])
    return found


TITLES = {
    "bare": "bare expat, counting records", "lxml": "bare lxml, counting records", "ours": "our reading to samples",
    "import": "healthboard import, whole", "peer": "healthkit-to-sqlite, whole",
}  # fmt: skip


def report(found: dict[str, Run], size: float) -> bool:
    """Print the table and the goals; whether all were met."""
    print(f"{'':34}{'MB/s':>8}{'seconds':>10}{'x bare':>8}{'peak MB':>9}{'entries':>11}")
    for way, seen in found.items():
        times = seen.seconds / found["bare"].seconds
        print(f"{TITLES[way]:34}{size / seen.seconds:8.1f}{seen.seconds:10.1f}{times:8.2f}{seen.peak:9.0f}{seen.entries or '':>11}")
    goals = [("reading within 2x of the bare parse", found["ours"].seconds / found["bare"].seconds, MOST_TIMES_BARE, False)]
    goals.append(("reading, peak MB below 300", found["ours"].peak, MOST_MEGABYTES, False))
    if "import" in found:
        goals.append(("import, peak MB below 300", found["import"].peak, MOST_MEGABYTES, False))
    if "peer" in found:
        whole = found.get("import", found["ours"])
        goals.append(("import at least 4x as fast as the peer", found["peer"].seconds / whole.seconds, LEAST_TIMES_PEER, True))
    met = True
    for goal, value, limit, least in goals:
        good = value >= limit if least else value <= limit
        met = met and good
        print(f"{'met   ' if good else 'MISSED'}  {goal}: {value:.2f}")
    return met


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.import_apple")
    parser.add_argument("--megabytes", type=float, default=500.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--file", type=Path, help="an export.xml to read instead of a made one")
    parser.add_argument("--without", nargs="*", default=[], choices=["import", "peer"])
    parser.add_argument("--one", choices=[*WAYS, "make"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        began = time.perf_counter()
        entries = make(given.file, given.megabytes) if given.one == "make" else WAYS[given.one](given.file)
        print(json.dumps({"seconds": time.perf_counter() - began, "entries": entries}))
        return 0
    with tempfile.TemporaryDirectory(prefix="healthboard-apple-") as name:
        path = given.file or Path(name) / "export.xml"
        if given.file is None:
            made = one("make", path, "--megabytes", str(given.megabytes))
            print(f"made {path.stat().st_size / MILLION:.0f} MB with {made.entries} records in {made.seconds:.1f} s")
        found = measure(path, given.rounds, given.without, Path(name))
        return 0 if report(found, path.stat().st_size / MILLION) else 1


if __name__ == "__main__":
    raise SystemExit(main())
