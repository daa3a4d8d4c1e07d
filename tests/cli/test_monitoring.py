"""`healthboard monitoring`: a month as one document, and what is no month."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.given import House

ROWS = "time,value,unit,signal,device\n2026-11-02T08:00:00+01:00,80,kg,weight,Scale\n2026-11-03T08:00:00+01:00,81,kg,weight,Scale\n"


def test_a_month_with_its_days_and_codes(tmp_path: Path) -> None:
    house = House(tmp_path / "home")
    (tmp_path / "scale.csv").write_text(ROWS)
    [person] = house.json("import", tmp_path / "scale.csv")["person_ids"]
    found = house.json("monitoring", "--person", person, "--month", "2026-11")
    assert (found["days_with_data"], found["devices"]) == (["2026-11-02", "2026-11-03"], ["Scale"])
    assert (found["codes"], found["why_not"]) == ([{"code": "99445", "times": 1}], ["too_few_minutes"])
    assert found["status"] == "digest" and "2026" in found["source"]
    assert "99445" in house.run("monitoring", "--person", person, "--month", "2026-11").out
    assert house.json("monitoring", "--person", "nobody", "--month", "2026-11", status=1)["error"] == "person_not_found"


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-00", "26-11", "2026-1", "²026-11", "x", ""])
def test_what_is_no_month(tmp_path: Path, month: str) -> None:
    assert House(tmp_path / "home").json("monitoring", "--person", "anybody", f"--month={month}", status=1)["error"] in ("bad_day", "person_not_found")
