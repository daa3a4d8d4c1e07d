"""This is the place where `healthboard missing` is asked about a file in which things are missing."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.trends.missing import STATES
from tests.cli.given import House

FIRST = datetime(2024, 3, 1)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def person(house: House, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pulse every ten minutes for thirty days: day 10 is not there, half of day 15, and on day 20 nothing can be right."""
    file: Path = tmp_path_factory.mktemp("export") / "pulse.csv"
    lines = ["time,value,unit,signal,device"]
    for day in range(30):
        for minute in range(0, 1440, 10):
            if day != 10 and not (day == 15 and 540 <= minute < 1260):
                at = FIRST + timedelta(days=day, minutes=minute)
                lines.append(f"{at.isoformat()},{990 if day == 20 else 70},/min,hr,Watch")
    file.write_text("\n".join(lines), encoding="utf-8")
    brought = house.json("import", file)
    return str(brought["person_ids"][0])


def test_every_day_of_the_signal_is_there_with_its_state(house: House, person: str) -> None:
    told = house.json("missing", "--person", person, "--signal", "hr", "--from", "2024-03-01", "--to", "2024-03-31")
    assert [one["day"] for one in told["days"]] == [f"2024-03-{day:02d}" for day in range(1, 32)]
    odd = {one["day"][-2:]: one["state"] for one in told["days"] if one["state"] != "received"}
    assert odd == {"11": "not_worn", "16": "partly", "21": "out_of_range", "31": "not_connected"}
    assert (told["person"], told["signal"], told["zone"], told["zone_known"]) == (person, "hr", None, False)
    assert told["counts"] == {
        **dict.fromkeys(STATES, 0),
        "received": 27,
        "not_worn": 1,
        "partly": 1,
        "out_of_range": 1,
        "not_connected": 1,
    }
    assert told["days"][15] == {
        "day": "2024-03-16", "state": "partly", "have": 72, "expected": 144, "device": "Watch", "why": "part",
    }  # fmt: skip
    assert [one["device"] for one in told["streams"]] == ["Watch"]
    assert told["streams"][0]["days"] == told["days"]


def test_the_sentence_is_said_in_the_language_asked_for(house: House, person: str) -> None:
    asked = ("missing", "--person", person, "--signal", "hr", "--from", "2024-03-10", "--to", "2024-03-16")
    assert house.json(*asked)["sentence"] == "1 day in part, 1 day not worn."
    assert house.json(*asked, "--language", "zh_Hans")["sentence"] == "1 天只收到一部分，1 天未佩戴。"
    assert "Not worn" in house.run(*asked).out


def test_what_nobody_sent_is_not_connected_and_what_is_no_signal_is_refused(house: House, person: str) -> None:
    told = house.json("missing", "--person", person, "--signal", "spo2", "--from", "2024-03-01", "--to", "2024-03-02")
    assert {one["state"] for one in told["days"]} == {"not_connected"} and told["streams"] == []
    refused = house.json("missing", "--person", person, "--signal", "mana", status=1)
    assert refused["error"] == "unknown_signal"
