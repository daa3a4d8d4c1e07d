"""This is the place where one file of 200 MB is made, imported whole, and the memory it takes is watched.

python -m benchmarks.import_large bundle|ndjson FOLDER [MEGABYTES]
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import orjson

from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.ports import Upload
from core.settings import load_settings
from core.wiring import build

PAGE = 4096
PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Example", "given": ["Casey"]}], "birthDate": "1980-01-01"}


def observation(number: int) -> dict[str, object]:
    """A heart rate, each at another minute, with as much around it as such records usually have."""
    day, minute = divmod(number, 1440)
    when = f"{2000 + day // 336}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}T{minute // 60:02d}:{minute % 60:02d}:00+00:00"
    return {
        "resourceType": "Observation", "id": f"o{number}", "meta": {"versionId": "1", "lastUpdated": "2024-01-01T00:00:00Z"},
        "status": "final", "subject": {"reference": "Patient/p1"}, "effectiveDateTime": when, "encounter": {"reference": f"Encounter/e{day}"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
        "valueQuantity": {"value": 50 + number % 90, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
        "note": [{"text": "Measured at rest, sitting, by the device at home; sent by the telephone of the person. " * 8}],
    }  # fmt: skip


def write(path: Path, form: str, size: int) -> int:
    number = 0
    with path.open("wb") as out:
        lines = form == "ndjson"
        out.write(orjson.dumps(PATIENT) + b"\n" if lines else b'{"resourceType":"Bundle","type":"collection","entry":[\n')
        if not lines:
            out.write(orjson.dumps({"fullUrl": "urn:uuid:p1", "resource": PATIENT}))
        while out.tell() < size:
            made = observation(number)
            number += 1
            if lines:
                out.write(orjson.dumps(made) + b"\n")
            else:
                out.write(
                    b",\n"
                    + orjson.dumps(
                        {"fullUrl": f"urn:uuid:0c6a1f5e-0000-4000-8000-{number:012d}", "resource": made}, option=orjson.OPT_INDENT_2
                    )
                )
        out.write(b"" if lines else b"]}\n")
    return number + 1


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def main() -> None:
    form, folder = sys.argv[1], Path(sys.argv[2])
    path = folder / f"large.{form}"
    entries = write(path, form, int(sys.argv[3]) * 1_000_000 if len(sys.argv) > 3 else 200_000_000)
    ports = build(load_settings(home=folder / "home"))
    start, most, over = resident(), resident(), threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.01):
            most = max(most, resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    made = import_parcels(ports, COMMAND_LINE, Whose(new=True), [Parcel(path.name, (Upload(path.name, path),))])
    took = time.perf_counter() - began
    over.set()
    watcher.join()
    ports.store.close()
    assert made.entries == entries, (made.entries, entries)
    print(
        f"{form}: {path.stat().st_size / 1e6:.0f} MB, {entries} entries, whole import in {took:.0f} s, "
        f"{(most - start) / 1e6:.0f} MB above the start (goal: under 300 MB)"
    )


if __name__ == "__main__":
    main()
