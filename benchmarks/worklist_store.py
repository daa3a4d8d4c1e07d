"""This is the place where opening the worklist is timed on a real store: for the first time, in the next session, at the next click, and after one look.

    python -m benchmarks.worklist_store [--people 300] [--seed 7] [--json]

Everybody has four weeks of home readings as in benchmarks/worklist.py, brought in as FHIR bundles. What counts are the ratios: the seconds depend on the machine
and on what else runs on it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import numpy as np

from benchmarks.worklist import AT, COURSES, MEASURED, _series
from core import wiring
from core.care import worklist
from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.care.worklist_views import WorklistShelf, WorkQuery
from core.domain.audit import AuditEvent
from core.domain.people import Panel
from core.domain.records import PersonProfile
from core.ports import Ports, Upload
from core.settings import load_settings

CODES = {
    "sbp": ("8480-6", "mm[Hg]"), "hr": ("8867-4", "/min"), "spo2": ("59408-5", "%"), "weight": ("29463-7", "kg"), "glucose": ("2339-0", "mg/dL"),
    "temp": ("8310-5", "Cel"), "rr": ("9279-1", "/min"),
}  # fmt: skip
EVENT = AuditEvent(datetime.now(UTC), "system", "system", "benchmark", "", "system", "", "")


def measured(count: int, seed: int) -> dict[str, float]:
    """Seconds of this processor (not of the clock: what else runs on the machine counts for less) of each way of opening the whole list."""
    with TemporaryDirectory() as home:
        ports = wiring.build(load_settings(home=Path(home)))
        people = tuple(_person(ports, number, np.random.default_rng((seed, number))) for number in range(count))
        ports.store.save_panel(Panel("", "Panel", people), EVENT)
        shelf = WorklistShelf()
        found = {"people": float(count), "first": _seconds(ports, shelf), "next_session": _seconds(ports, WorklistShelf())}
        found["next_click"] = _seconds(ports, shelf)
        worklist.review(ports, COMMAND_LINE, people[0], ("0" * 24,))
        found["after_a_look"] = _seconds(ports, shelf)
        ports.store.close()
    return found | {"times_quicker": found["first"] / found["next_session"]}


def _seconds(ports: Ports, shelf: WorklistShelf) -> float:
    began = process_time()
    found = worklist.worklist(ports, COMMAND_LINE, WorkQuery(), shelf)
    took = process_time() - began
    if found.total != sum(count for _, count in found.counts):
        raise SystemExit("somebody was lost")
    return took


def _person(ports: Ports, number: int, rng: np.random.Generator) -> str:
    person_id = ports.store.add_person(PersonProfile(birth_date="1960-01-01", synthetic=True), EVENT).person_id
    entries = [
        {"fullUrl": f"https://bench.example/{number}/{one['resourceType']}/{one['id']}", "resource": one}
        for one in _resources(COURSES[number % len(COURSES)], datetime.now(UTC) - AT, rng)
    ]
    content = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
    import_parcels(
        ports, COMMAND_LINE, Whose(person_id), [Parcel("readings.json", (Upload("readings.json", BytesIO(content)),), "clinic")]
    )
    return person_id


def _resources(course: str, shift: Any, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    yield {"resourceType": "Patient", "id": "p", "birthDate": "1960-01-01"}
    for signal in MEASURED[course]:
        series = _series(signal, course, (0.0, 0.1), (0.8, 0.0), rng)
        code, unit = CODES[signal]
        for nanos, value in zip(series.time, series.value, strict=True):
            when = datetime.fromtimestamp(int(nanos) / 1e9, UTC) + shift
            yield {
                "resourceType": "Observation", "id": f"{signal}-{nanos}", "status": "final", "subject": {"reference": "Patient/p"},
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": when.isoformat(timespec="seconds"),
                "valueQuantity": {"value": round(float(value), 1), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
            }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measured(given.people, given.seed)
    if given.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    sys.stdout.write(
        f"{found['people']:.0f} people: the first time {found['first']:.1f} s, in the next session {found['next_session']:.2f} s "
        f"({found['times_quicker']:.0f} times quicker), at the next click {found['next_click']:.2f} s, after a look {found['after_a_look']:.2f} s\n"
    )


if __name__ == "__main__":
    main()
