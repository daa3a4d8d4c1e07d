"""Device data by the command line: imported by content, shown as columns on the person's clock, killed and gone on with."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from core.domain.ledger import Outcome
from tests.cli.given import House

PLAIN = """time,value,unit,signal,device
2026-03-28T22:30:00Z,60,/min,hr,Watch
2026-03-28T23:30:00Z,70,/min,hr,Watch
2026-03-29T22:30:00Z,80,/min,hr,Watch
2026-03-29T08:00:00+02:00,100,{steps},steps,Watch
2026-03-29T23:59:00+02:00,50,{steps},steps,Watch
2026-03-30T00:01:00+02:00,7,{steps},steps,Watch
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "home")


@pytest.fixture
def person(house: House, tmp_path: Path) -> str:
    (tmp_path / "mine.csv").write_text(PLAIN)
    made = house.json("import", tmp_path / "mine.csv")
    assert (made["stored"], made["entries"], made["people"]) == (6, 6, 1)
    return str(made["person_ids"][0])


def test_days_are_the_persons_once_the_zone_is_known(house: House, person: str) -> None:
    unknown = house.json("series", "--person", person, "--signal", "hr", "--every", "1d")
    assert (unknown["zone"], unknown["zone_known"], unknown["guessed"]) == (None, False, 3)
    assert [text[:10] for text in unknown["time"]] == ["2026-03-28", "2026-03-29"]
    assert house.json("zone", "--person", person, "--set", "Europe/Berlin")["zone"] == "Europe/Berlin"
    known = house.json("series", "--person", person, "--signal", "hr", "--every", "1d")
    assert known["columns"] == ["time", "value", "count", "min", "max", "source"]
    assert known["time"] == ["2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"]
    assert (known["value"], known["count"], known["source"]) == ([60.0, 70.0, 80.0], [1, 1, 1], ["Watch"] * 3)


def test_offsets_in_the_file_need_no_zone(house: House, person: str) -> None:
    days = house.json("series", "--person", person, "--signal", "steps", "--every", "1d")
    assert (days["value"], [text[:10] for text in days["time"]]) == ([150.0, 7.0], ["2026-03-29", "2026-03-30"])
    one = house.json("series", "--person", person, "--signal", "steps", "--from", "2026-03-30", "--to", "2026-03-30", "--every", "raw")
    assert (one["time"], one["value"]) == (["2026-03-30T00:01:00+02:00"], [7.0])
    months = house.alone("series", "--person", person, "--signal", "steps", "--every", "1mo", "--json")
    assert (months.status, months.document["value"], months.document["rows"], months.err) == (0, [157.0], 1, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--signal", "no_such"], "unknown_signal"),
        (["--signal", "hr", "--from", "yesterday"], "bad_day"),
        (["--signal", "hr", "--from", "2026-02-02", "--to", "2026-02-01"], "days_backwards"),
    ],
)
def test_what_cannot_be_asked_for(house: House, person: str, words: list[str], code: str) -> None:
    assert house.json("series", "--person", person, *words, status=1)["error"] == code
    assert house.json("zone", "--person", person, "--set", "Mars/Olympus", status=1)["error"] == "bad_choice"
    assert house.json("series", "--person", "nobody", "--signal", "hr", status=1)["error"] == "person_not_found"


def test_what_is_no_known_format_says_so(house: House, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n")
    made = house.json("import", tmp_path / "notes.csv", status=1)
    assert (made["refused"], made["files"][0]["refused_whole"]) == (1, "not_fhir_file")


def test_a_killed_import_goes_on_where_it_stopped(house: House, tmp_path: Path) -> None:
    """Whatever moment it is killed at: what was kept stays, nothing is doubled, and the ledger of the whole sums in the end."""
    big = tmp_path / "big.csv"
    with big.open("w") as file:
        file.write("time,value,unit,signal\n")
        for minute in range(700_000):
            file.write(f"{1_700_000_000 + minute * 60},{60 + minute % 40},/min,hr\n")
    person = house.json("import", _small(tmp_path), "--new")["person_ids"][0]
    running = house.start("import", big, "--person", person, "--json")
    for _ in range(600):
        time.sleep(0.1)
        if _kept(house, person) or running.poll() is not None:
            break
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    kept = _kept(house, person)
    done = house.json("import", big, "--person", person)
    assert (done["entries"], done["stored"] + done["unchanged"]) == (700_000, 700_000)
    assert kept < 700_000 or done["unchanged"] == 700_000
    assert _kept(house, person) == 700_000
    assert [file["state"] for file in done["files"]] == ["done"]
    assert house.json("verify")["ok"] == 1


def _small(folder: Path) -> Path:
    (folder / "one.csv").write_text("time,value,unit,signal\n2026-03-01T08:00:00Z,80,kg,weight\n")
    return folder / "one.csv"


def _kept(house: House, person: str) -> int:
    return sum(house.json("series", "--person", person, "--signal", "hr", "--every", "1mo")["count"])


SEVERAL_PEOPLE = ("cgm-hall2018", "fitbit-fitabase")


@pytest.mark.parametrize(
    "folder",
    [
        "apple", "cgm-hall2018", "fitbit-fitabase", "fitbit-takeout-rhr", "garmin-fit", "openmhealth-test-data", "openmhealth-shimmer-fixtures",
        "steps-series",
    ],
)  # fmt: skip
def test_a_folder_of_real_device_files_is_accounted_for(shared_data: Path, tmp_path: Path, folder: str) -> None:
    house = House(tmp_path / "home")
    whose = [] if folder in SEVERAL_PEOPLE else ["--person", _somebody(house, tmp_path)]
    first = house.json("import", shared_data / "wearable" / folder, *whose)
    for file in first["files"]:
        assert file["entries"] == sum(file[outcome.value] for outcome in Outcome)
    assert first["entries"] == sum(first[outcome.value] for outcome in Outcome) > 0
    assert first["stored"] > 0
    again = house.json("import", shared_data / "wearable" / folder, *whose)
    assert (again["entries"], again["stored"], again["people"]) == (first["entries"], 0, first["people"])
    assert again["quarantined"] <= first["quarantined"]  # what has no place among the samples is said each time
    assert house.json("verify")["ok"] == 1


def _somebody(house: House, folder: Path) -> str:
    return str(house.json("import", _small(folder), "--new")["person_ids"][0])


def test_hours_of_steps_are_the_sums_of_their_minutes(shared_data: Path, tmp_path: Path) -> None:
    """Fitabase, one person: the file of hours and the file of minutes tell the same."""
    folder = shared_data / "wearable" / "fitbit-fitabase"
    hours, minutes = House(tmp_path / "hours"), House(tmp_path / "minutes")
    found = []
    for house, name in ((hours, "hourlySteps_merged.csv"), (minutes, "minuteStepsWide_merged.csv")):
        house.json("import", folder / name)
        person = next(one["id"] for one in house.json("people")["people"] if one["name"] == "1503960366")
        table = house.json("series", "--person", person, "--signal", "steps", "--every", "1h")
        found.append(dict(zip(table["time"], table["value"], strict=True)))
    both = found[0].keys() & found[1].keys()
    assert len(both) > 600
    assert {time: found[0][time] for time in both} == {time: found[1][time] for time in both}
