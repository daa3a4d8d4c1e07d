"""This is the place where reading FHIR is timed beside the bare parser and beside full validation, in one run.

    python -m benchmarks.import_fhir [--files FOLDER] [--rounds 3] [--large]

Without FOLDER the files are those of ../shared/data/fhir/synthea-r4, or else the sample people of fhir_samples.
benchmarks/README.md says how to read the table.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.ports import Upload
from core.settings import load_settings
from core.sources.fhir.package import FhirReader
from core.wiring import build

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "fhir" / "synthea-r4"
SLOWEST, FASTER = 6.0, 3.0
"""Goals: reading takes at most so many times the bare parse, and is so many times faster than validating everything."""


@dataclass(frozen=True)
class Row:
    """One way of going through all files: how many resources a second, at its best of several rounds."""

    name: str
    resources: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.resources / self.seconds


def bare(paths: Sequence[Path]) -> int:
    """Each file parsed by orjson, and nothing done with it."""
    return sum(len(_resources(orjson.loads(path.read_bytes()))) for path in paths)


def validated(paths: Sequence[Path]) -> int:
    """Each file parsed, and each resource validated by fhir.resources (R4B)."""
    from fhir.resources.R4B import get_fhir_model_class

    count = 0
    for path in paths:
        for resource in _resources(orjson.loads(path.read_bytes())):
            get_fhir_model_class(resource["resourceType"]).model_validate(resource)
            count += 1
    return count


def ours(paths: Sequence[Path]) -> int:
    """Each file looked over, read and normalised."""
    return sum(1 for path in paths for _ in FhirReader().open([Upload(path.name, path)]).entries())


def whole(paths: Sequence[Path]) -> int:
    """Each file imported into an empty encrypted store, as `healthboard import` does it: one transaction a file."""
    with tempfile.TemporaryDirectory() as home:
        ports = build(load_settings(home=Path(home)))
        try:
            parcels = [Parcel(path.name, (Upload(path.name, path),)) for path in paths]
            return import_parcels(ports, COMMAND_LINE, Whose(new=True), parcels).entries
        finally:
            ports.store.close()


def _resources(found: dict[str, object]) -> list[dict[str, object]]:
    entries = found.get("entry")
    return [entry["resource"] for entry in entries] if isinstance(entries, list) else [found]


def timed(works: Sequence[tuple[str, Callable[[Sequence[Path]], int]]], paths: Sequence[Path], rounds: int) -> list[Row]:
    """The best of several rounds of each; the rounds of all take turns, so that a busy moment of the machine hits all alike."""
    rows: dict[str, Row] = {}
    for _ in range(rounds):
        for name, work in works:
            start = time.perf_counter()
            count = work(paths)
            row = Row(name, count, time.perf_counter() - start)
            rows[name] = min(rows.get(name, row), row, key=lambda each: each.seconds)
    return [rows[name] for name, _ in works]


def files_of(folder: Path | None) -> list[Path]:
    for each in (folder, SHARED, ROOT / "fhir_samples"):
        found = sorted(each.glob("**/*.json")) if each and each.is_dir() else []
        found = [path for path in found if b'"Bundle"' in path.read_bytes()[:4096] and "cases" not in path.parts]
        if found:
            return found
    sys.exit("no Bundles found: give a folder with --files")


def table(rows: Sequence[Row]) -> list[str]:
    parse, check, read = rows[0], rows[1], rows[2]
    lines = [f"{'':38}{'resources/s':>12}{'us each':>10}{'x bare parse':>14}{'x validation':>14}"]
    for row in rows:
        lines.append(
            f"{row.name:38}{row.rate:>12,.0f}{1e6 / row.rate:>10.1f}{parse.rate / row.rate:>14.1f}{row.rate / check.rate:>14.1f}"
        )
    slower, faster = parse.rate / read.rate, read.rate / check.rate
    lines.append(
        f"goals: reading and normalising within {SLOWEST:.0f}x of the bare parse ({'met' if slower <= SLOWEST else 'missed'}: {slower:.1f}x), "
        f"at least {FASTER:.0f}x faster than validating all ({'met' if faster >= FASTER else 'missed'}: {faster:.1f}x)"
    )
    return lines


def large() -> list[str]:
    """Peak memory above the start of a whole import of one 200 MB file, each in a process of its own."""
    lines = []
    for form in ("bundle", "ndjson"):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.import_large", form, folder],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            lines.append(done.stdout.strip())
    return lines


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--files", type=Path)
    given.add_argument("--rounds", type=int, default=3)
    given.add_argument("--large", action="store_true", help="also the memory that a file of 200 MB needs")
    asked = given.parse_args()
    paths = files_of(asked.files)
    size = sum(path.stat().st_size for path in paths)
    print(f"{len(paths)} files, {size / 1e6:.0f} MB, {bare(paths)} resources (best of {asked.rounds} rounds)")
    works = (
        ("bare orjson parse", bare),
        ("fhir.resources R4B, every resource", validated),
        ("ours: read and normalise", ours),
        ("ours: whole import, encrypted store", whole),
    )
    rows = timed(works, paths, asked.rounds)
    print("\n".join(table(rows)))
    if asked.large:
        print("\n".join(large()))


if __name__ == "__main__":
    main()
