"""This is the place where the sample people are written to disk: `python -m core.samples`."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

import orjson
from tqdm import tqdm

from core.samples.cohort import cohort
from core.samples.devices import devices
from core.samples.people import SEED, generate, manifest


def write_people(out: Path, today: date, seed: int) -> int:
    """Every life as OUT/<slug>/<source>.json and the list of them as OUT/people.json; the answer is the number of people."""
    people = generate(today, seed)
    for person in people:
        folder = out / person.slug
        folder.mkdir(parents=True, exist_ok=True)
        for file in person.files:
            (folder / file.name).write_bytes(file.content)
    (out / "people.json").write_bytes(manifest(people, today, seed))
    return len(people)


def write_devices(out: Path, today: date, seed: int) -> int:
    """What the devices of the told people exported as OUT/<slug>/<file>; the answer is the number of files."""
    written = 0
    for person in generate(today, seed):
        brought = devices(person, today, seed)
        for file in brought.files if brought else ():
            (out / person.slug).mkdir(parents=True, exist_ok=True)
            (out / person.slug / file.name).write_bytes(file.content)
            written += 1
    return written


def write_cohort(out: Path, count: int, today: date, seed: int) -> int:
    """A cohort as OUT/<ResourceType>.ndjson, written person by person in constant memory; the answer is the number of records."""
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for records in tqdm(cohort(count, today, seed), total=count, unit=" people", file=sys.stderr, disable=None):
            for record in records:
                kind = record["resourceType"]
                if kind not in files:
                    files[kind] = stack.enter_context((out / f"{kind}.ndjson").open("wb"))
                files[kind].write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
            written += len(records)
    return written


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.samples", description="Make synthetic people as FHIR R4 records.")
    parser.add_argument("--out", type=Path, default=Path("fhir_samples"), help="folder to write to (default: fhir_samples)")
    parser.add_argument("--people", type=int, metavar="N", help="make a cohort of N people as NDJSON instead of the told lives")
    parser.add_argument("--devices", action="store_true", help="write what the devices of the told people exported instead")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed and day give the same bytes")
    parser.add_argument("--today", type=date.fromisoformat, help="the day the lives end, YYYY-MM-DD (default: today, UTC)")
    return parser


def main(argv: list[str] | None = None) -> int:
    wanted = arguments().parse_args(argv)
    today = wanted.today or datetime.now(UTC).date()
    if wanted.devices:
        count = write_devices(wanted.out, today, wanted.seed)
        sys.stderr.write(f"{count} files in {wanted.out}\n")
    elif wanted.people is None:
        count = write_people(wanted.out, today, wanted.seed)
        sys.stderr.write(f"{count} people in {wanted.out}\n")
    else:
        count = write_cohort(wanted.out, wanted.people, today, wanted.seed)
        sys.stderr.write(f"{wanted.people} people, {count} records in {wanted.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
