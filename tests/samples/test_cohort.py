"""This is the place where the cohort is held to its promise: any size, the same people, constant memory."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import orjson
from fhir.resources.R4B import get_fhir_model_class

from core.samples.__main__ import main
from core.samples.cohort import cohort, person
from tests.samples.conftest import TODAY

PATIENT_FIELDS = ("subject", "patient", "beneficiary")


def test_a_person_does_not_depend_on_how_many_come_after() -> None:
    few, many = list(cohort(5, TODAY, 1)), list(islice(cohort(50_000, TODAY, 1), 5))
    assert few == many
    assert person(3, TODAY, 1) == person(3, TODAY, 1)
    assert person(3, TODAY, 1) != person(3, TODAY, 2)


def test_the_crowd_is_mixed() -> None:
    patients, problems, chinese = [], Counter(), 0
    for records in cohort(300, TODAY, 1):
        patients.append(next(r for r in records if r["resourceType"] == "Patient"))
        problems.update(r["code"]["coding"][0]["code"] for r in records if r["resourceType"] == "Condition")
        chinese += not patients[-1]["name"][0]["text"].isascii()
    ages = [TODAY.year - int(patient["birthDate"][:4]) for patient in patients]
    assert min(ages) < 12
    assert max(ages) > 80
    assert {"male", "female"} == {patient["gender"] for patient in patients}
    assert len(problems) >= 8
    assert 30 < chinese < 120


def test_every_record_of_the_crowd_is_valid_and_in_its_time() -> None:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    for records in cohort(60, TODAY, 7):
        patients = [r for r in records if r["resourceType"] == "Patient"]
        assert len(patients) == 1
        for record in records:
            get_fhir_model_class(record["resourceType"]).model_validate(record)
            for field in PATIENT_FIELDS:
                if field in record:
                    assert record[field]["reference"] == f"Patient/{patients[0]['id']}"
            when = record.get("effectiveDateTime") or record.get("period", {}).get("start", "")
            if record["resourceType"] in ("Observation", "Encounter"):
                assert patients[0]["birthDate"] <= when[:10]
                assert datetime.fromisoformat(when) < now


def test_the_command_writes_ndjson_twice_the_same(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["--people", "25", "--out", str(tmp_path / name), "--seed", "5", "--today", "2026-11-21"]) == 0
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {"Patient.ndjson", "Observation.ndjson", "Condition.ndjson"} <= set(files)
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    lines = (tmp_path / "one" / "Patient.ndjson").read_bytes().splitlines()
    assert len({orjson.loads(line)["id"] for line in lines}) == 25


def test_the_command_writes_the_lives_and_their_list(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--today", "2026-11-21"]) == 0
    listed = orjson.loads((tmp_path / "people.json").read_bytes())
    assert listed["generated_on"] == "2026-11-21"
    for row in listed["people"]:
        for file in row["files"]:
            assert orjson.loads((tmp_path / file).read_bytes())["resourceType"] == "Bundle"


def test_memory_does_not_grow_with_the_crowd() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in cohort(count, date(2026, 11, 21), 1):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(5)  # what is loaded once
    small, large = peak(20), peak(120)
    assert large < small * 1.5 + 200_000
