"""This is the place where the command line is walked through as an administrator walks through it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import time
import zipfile
from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path
from typing import Any

import pytest

from core.arguments import arguments
from core.commands import later
from core.domain.ledger import Outcome
from tests.care.given import bundle, heart_rate, patient
from tests.cli.given import House

PRESSURE: dict[str, Any] = {
    "resourceType": "Observation", "id": "bp1", "status": "final", "subject": {"reference": "Patient/p1"},
    "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}, "effectiveDateTime": "2026-11-10T08:15:00+08:00",
    "component": [
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8462-4"}]}, "valueQuantity": {"value": 80, "unit": "mmHg"}},
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}, "valueQuantity": {"value": 120}},
    ],
}  # fmt: skip


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "home")


@pytest.fixture
def visit(tmp_path: Path) -> Path:
    path = tmp_path / "visit.json"
    path.write_bytes(bundle(patient(), heart_rate("o1"), PRESSURE))
    return path


def test_a_record_goes_in_is_listed_shown_and_taken_out_again(house: House, visit: Path, tmp_path: Path) -> None:
    made = house.json("import", visit, "--new")
    assert made["entries"] == sum(made[outcome.value] for outcome in Outcome) == 3
    assert (made["stored"], made["people"], len(made["person_ids"])) == (3, 1, 1)
    [person_id] = made["person_ids"]
    again = house.json("import", visit)
    assert (again["unchanged"], again["person_ids"], again["lines"]) == (3, [person_id], [])

    assert house.json("people") == {
        "people": [
            {
                "id": person_id, "name": "Casey Example", "birth_date": "1970-04-02", "gender": None, "records": 3, "quarantined": 0,
                "synthetic": False,
            }
        ]
    }  # fmt: skip

    shown = house.json("show", "--person", person_id, "--kind", "observation")
    by_code = {item["code"]: item for item in shown["items"]}
    assert set(by_code) == {"8867-4", "8462-4", "8480-6"}
    lower, upper = by_code["8462-4"], by_code["8480-6"]
    assert (lower["value"], lower["unit"], lower["panel"], lower["standing"]) == (80, "mm[Hg]", "85354-9", "current")
    assert (upper["value"], upper["standing"], upper["problem"]) == (120, "quarantined", "unit_missing")
    assert upper["as_sent"] == "120"
    assert by_code["8867-4"]["panel"] is None
    assert by_code["8867-4"]["sources"] == ["visit.json"]
    assert lower["time"] == "2026-11-10T08:15:00+08:00"
    assert shown["person"]["name"] == "Casey Example"

    out = tmp_path / "out.json"
    house.json("export", "--person", person_id, "--out", out)
    taken = json.loads(out.read_bytes())
    assert taken["resourceType"] == "Bundle"
    moved = House(tmp_path / "elsewhere").json("import", out)
    assert (moved["refused"], moved["people"]) == (0, 1)


def test_json_is_understood_before_and_after_the_command(house: House) -> None:
    before, after = house.alone("--json", "people"), house.alone("people", "--json")
    assert (before.status, before.document) == (after.status, after.document) == (0, {"people": []})


def test_without_json_people_read_words_on_stdout(house: House, visit: Path) -> None:
    ran = house.run("import", visit)
    assert ran.status == 0
    assert "stored" in ran.out and "3" in ran.out
    assert "Casey Example" in house.run("people").out


def test_wrong_usage_is_two_and_says_how_it_goes(house: House, visit: Path) -> None:
    for words in (
        [],
        ["bogus"],
        ["show"],
        ["import"],
        ["import", visit, "--new", "--person", "x"],
        ["audit"],
        ["export", "--person", "x"],
    ):
        ran = house.run(*words)
        assert (ran.status, ran.out) == (2, "")
        assert "usage" in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "/there/is/no/such/file.json"), "no_such_path"),
        (("import", "{home}/empty", "--new"), "nothing_to_import"),
        (("import", "{visit}", "--person", "nobody"), "person_not_found"),
        (("show", "--person", "nobody"), "person_not_found"),
        (("export", "--person", "nobody", "--out", "{home}/x.json"), "person_not_found"),
        (("export", "--person", "nobody", "--out", "{home}/x.doc"), "export_suffix"),
        (("erase-person", "--person", "nobody", "--yes"), "person_not_found"),
        (("erase-person", "--person", "nobody"), "not_confirmed"),
        (("restore", "--from", "{visit}"), "key_missing"),
        (("pull", "--server", "nonsense", "--patient", "1"), "bad_address"),
        (("pull", "--server", "https://fhir.example.org", "--patient", "1", "--token-file", "/no/token"), "token_unreadable"),
        (("account", "add", "casey", "--role", "patient"), "password_short"),
    ],
)
def test_what_is_refused_says_why_and_ends_with_one(house: House, visit: Path, words: tuple[str, ...], code: str) -> None:
    (house.home / "empty").mkdir(parents=True, mode=0o700)
    house.home.chmod(0o700)
    ran = house.run(*(word.format(home=house.home, visit=visit) for word in words), "--json")
    assert ran.status == 1, ran
    assert ran.document["error"] == code
    assert ran.err


def test_files_of_every_packing_and_an_unreadable_one_among_them(house: House, visit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    (folder / "bulk").mkdir(parents=True)
    (folder / "zipped.zip").touch()
    with zipfile.ZipFile(folder / "zipped.zip", "w") as packed:
        packed.write(visit, "visit.json")
    other = bundle(patient("p2", "Other", "Person", "1980-01-01"), base="https://other.example/fhir")
    (folder / "other.json.gz").write_bytes(gzip.compress(other))
    (folder / "bulk" / "Condition.ndjson").write_text(
        json.dumps({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p9"}, "code": {"text": "Cough"}}),
        "utf-8",
    )
    (folder / "bulk" / "Patient.ndjson").write_text(json.dumps(patient("p9", "Bulk", "Person", "1990-01-01")), "utf-8")
    (folder / "broken.json").write_text("{not json", "utf-8")
    (folder / "ccda.xml").write_text("<ClinicalDocument xmlns='urn:hl7-org:v3'/>", "utf-8")
    (folder / "README.txt").write_text("nothing", "utf-8")
    made = house.json("import", folder)
    assert made["people"] == 3
    assert (made["stored"], made["refused"], made["entries"]) == (6, 2, 8)
    whole = {file["file"]: file["refused_whole"] for file in made["files"]}
    assert whole["many/broken.json"] and whole["many/ccda.xml"]
    assert sum(1 for why in whole.values() if not why) == 3
    assert all(sum(file[outcome.value] for outcome in Outcome) == file["entries"] for file in made["files"])


def test_where_nothing_can_be_read_the_status_is_one_with_the_ledger(house: House, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{not json", "utf-8")
    made = house.json("import", tmp_path / "broken.json", status=1)
    assert (made["entries"], made["refused"]) == (1, 1)
    assert made["lines"][0]["reason"]


def test_the_demo_is_filled_once(house: House, tmp_path: Path) -> None:
    first = house.json("demo")
    assert (first["people"], first["accounts"]) == (9, 6)
    assert first["seconds"] > 0
    assert house.json("demo")["people"] == 0
    people = house.json("people")["people"]
    assert len(people) == 9
    assert all(one["synthetic"] for one in people)
    assert any("\u4e00" <= letter <= "\u9fff" for one in people for letter in one["name"])
    accounts = house.json("account", "list")["accounts"]
    assert [one["role"] for one in accounts].count("patient") == 2
    assert all(one["demo"] for one in accounts)


def test_the_demo_does_not_mix_with_real_people(house: House, visit: Path) -> None:
    house.json("import", visit)
    assert house.json("demo", status=1)["error"] == "store_in_use"


def test_the_store_is_backed_up_verified_restored_and_a_person_erased(house: House, visit: Path, tmp_path: Path) -> None:
    [person_id] = house.json("import", visit)["person_ids"]
    saved = tmp_path / "saved.backup"
    assert house.json("backup", "--out", saved)["bytes"] == saved.stat().st_size
    assert house.json("backup", "--out", saved, status=1)["error"] == "file_exists"
    assert house.json("verify")["ok"] == 1
    assert house.json("audit", "verify")["ok"] is True
    assert house.json("erase-person", "--person", person_id, "--yes") == {"erased": person_id}
    assert house.json("people") == {"people": []}
    assert house.json("show", "--person", person_id, status=1)["error"] == "person_not_found"
    assert house.json("restore", "--from", saved, status=1)["error"] == "store_not_empty"

    second = House(tmp_path / "second")
    (second.home / "keys").mkdir(parents=True, mode=0o700)
    second.home.chmod(0o700)
    key = second.home / "keys" / "master.key"
    key.write_bytes((house.home / "keys" / "master.key").read_bytes())
    key.chmod(0o600)
    assert second.json("restore", "--from", saved)["restored"] > 0
    assert [one["id"] for one in second.json("people")["people"]] == [person_id]
    assert second.json("verify")["ok"] == 1


def test_another_key_opens_nothing_and_says_so(house: House, visit: Path) -> None:
    house.json("import", visit)
    ran = house.alone("people", "--json", HEALTHBOARD_KEY="00" * 32)
    assert (ran.status, ran.document["error"]) == (1, "key_wrong")
    assert "Casey" not in ran.out + ran.err


def test_a_real_start_makes_an_account_with_a_typed_password(house: House, visit: Path) -> None:
    [person_id] = house.json("import", visit)["person_ids"]
    ran = house.alone("account", "add", "Casey", "--role", "patient", "--person", person_id, "--json", typed="a good password\n")
    assert ran.status == 0, ran.err
    assert ran.document["username"] == "casey"
    [account] = house.json("account", "list")["accounts"]
    assert (account["people"], account["demo"]) == ([person_id], False)
    again = house.run("account", "add", "CASEY", "--role", "patient", "--json", typed="a good password\n")
    assert again.document["error"] == "username_taken"


def test_samples_are_written_to_a_folder(house: House, tmp_path: Path) -> None:
    assert house.json("samples", "--out", tmp_path / "s")["people"] == 9
    assert house.json("samples", "--out", tmp_path / "c", "--people", 3)["records"] > 3
    assert list((tmp_path / "c").glob("*.ndjson"))


def _large(path: Path, records: int = 30_000) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(patient()) + "\n")
        for number in range(records):
            file.write(
                json.dumps(heart_rate(f"o{number}", 50 + number % 60, effectiveDateTime=f"20{number % 26:02d}-01-01")) + "\n"
            )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_stopped_in_the_middle_keeps_nothing(house: House, tmp_path: Path, how: signal.Signals) -> None:
    house.json("people")
    _large(tmp_path / "large.ndjson", 60_000)
    running = house.start("import", tmp_path / "large.ndjson", "--json")
    spill = house.home / "spill"
    until = time.monotonic() + 30
    while not spill.exists() and running.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert running.poll() is None, "the import was over before it could be stopped"
    os.kill(running.pid, how)
    out, err = running.communicate(timeout=60)
    if how is signal.SIGINT:
        assert running.returncode == 1
        assert json.loads(out) == {"error": "cancelled"}
        assert "Traceback" not in err
    assert house.json("people") == {"people": []}
    assert house.json("verify")["ok"] == 1


def test_a_reader_that_goes_away_is_no_accident(house: House) -> None:
    house.json("demo")
    person_id = house.json("people")["people"][0]["id"]
    running = house.start("show", "--person", person_id)
    assert running.stdout is not None and running.stderr is not None
    running.stdout.readline()
    running.stdout.close()
    assert "Traceback" not in running.stderr.read()
    running.stderr.close()
    assert running.wait(timeout=60) in (0, 1)


def test_every_command_that_is_named_is_there() -> None:
    found = [parser for action in arguments()._actions if isinstance(action, _SubParsersAction) for parser in _leaves(action)]
    assert len(found) > 20
    for parser in found:
        command = parser.get_default("command")
        assert callable(later.function(command.__module__, command.__qualname__)), parser.prog


def _leaves(action: _SubParsersAction) -> list[ArgumentParser]:
    """Every command without commands below it."""
    leaves: list[ArgumentParser] = []
    for parser in action.choices.values():
        below = [one for one in parser._actions if isinstance(one, _SubParsersAction)]
        leaves += [leaf for one in below for leaf in _leaves(one)] if below else [parser]
    return leaves
