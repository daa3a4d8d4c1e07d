"""This is the place where it is tested that a large file needs no more memory than a small one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fhir_read.given import PATIENT, as_json, loinc, observation, quantity

ROOT = Path(__file__).resolve().parents[2]
SIZE = 40_000_000
MEASURE = """
import resource, sys, threading, time
from pathlib import Path
from core.ports import Upload
from core.sources.fhir.package import FhirReader
import core.sources.fhir.normalise

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

start, most, over = resident(), 0, threading.Event()

def watch():
    global most
    while not over.wait(0.005):
        most = max(most, resident())

watcher = threading.Thread(target=watch)
watcher.start()
package = FhirReader().open([Upload("large", Path(sys.argv[1]))])
count = sum(1 for _ in zip(package.entries(), range(int(sys.argv[2]))))
over.set()
watcher.join()
print(most - start, package.index.entries, count)
"""


def write(path: Path, form: str) -> int:
    made = observation(loinc("8867-4", "Heart rate"), valueQuantity=quantity(60, "/min", "/min"), note=[{"text": "x" * 700}])
    number = 0
    with path.open("wb") as out:
        out.write(
            as_json(PATIENT) + b"\n"
            if form == "ndjson"
            else b'{"resourceType":"Bundle","entry":[\n' + as_json({"resource": PATIENT})
        )
        while out.tell() < SIZE:
            number += 1
            record = {**made, "id": f"o{number}"}
            url = f"urn:uuid:00000000-0000-0000-0000-{number:012d}"
            out.write(as_json(record) + b"\n" if form == "ndjson" else b",\n" + as_json({"fullUrl": url, "resource": record}))
        out.write(b"" if form == "ndjson" else b"]}")
    return number + 1


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is measured by /proc")
@pytest.mark.parametrize("form", ["bundle", "ndjson"])
def test_a_file_of_forty_megabytes_needs_less_memory_than_its_size_twice(tmp_path: Path, form: str) -> None:
    entries = write(tmp_path / "large", form)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "large"), "20000"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    grown, seen, read = map(int, done.stdout.split())
    assert seen == entries
    assert read == 20_000
    assert grown < 90_000_000
