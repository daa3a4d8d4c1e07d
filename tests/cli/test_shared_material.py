"""This is the place where recorded material of other projects is imported whole, and every ledger must sum."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.ledger import Outcome
from tests.cli.given import House

NOTHING_READABLE_MAY_BE_REFUSED = {"synthea-r4", "zh-tw"}


@pytest.mark.parametrize("folder", ["synthea-r4", "us-core-examples", "zh-tw", "bulk-10-patients", "invalid"])
def test_a_folder_of_real_files_is_accounted_for_and_changes_nothing_the_second_time(
    shared_data: Path, tmp_path: Path, folder: str
) -> None:
    house = House(tmp_path / "home")
    first = house.json("import", shared_data / "fhir" / folder)
    second = house.json("import", shared_data / "fhir" / folder)
    for made in (first, second):
        assert made["entries"] == sum(made[outcome.value] for outcome in Outcome)
        for file in made["files"]:
            assert file["entries"] == sum(file[outcome.value] for outcome in Outcome) > 0
    assert first["stored"] > 0
    assert second["entries"] == first["entries"]
    assert second["stored"] == second["superseded"] == second["quarantined"] == second["kept_raw"] == 0
    assert second["refused"] == first["refused"]
    if folder in NOTHING_READABLE_MAY_BE_REFUSED:
        assert first["refused"] == 0
    assert house.json("verify")["ok"] == 1
    people = house.json("people")["people"]
    assert len(people) == first["people"]
