"""This is the place where `healthboard risk` is held to what it says: a table in, the same table out with answers or reasons."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from tests.cli.given import House, Ran

HEADING = "age,sex,bmi,waist,sbp,fh"
GOOD = "52,male,26,92,145,1"


@dataclass(frozen=True)
class Here:
    """`healthboard` within this process: it starts no other for every table."""

    said: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def run(self, *words: object, typed: str = "") -> Ran:
        self.patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        try:
            status = main([str(word) for word in words])
        except SystemExit as wrong:
            status = int(wrong.code or 0)
        out, err = self.said.readouterr()
        return Ran(status, out, err)

    def json(self, *words: object) -> Any:
        ran = self.run(*words, "--json")
        assert ran.status == 0, ran.err
        return json.loads(ran.out)


@pytest.fixture
def house(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    return Here(capsys, monkeypatch)


def table(folder: Path, *lines: str, name: str = "people.csv", ends: str = "\n", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes((ends.join(lines) + ends).encode(encoding))
    return path


def answers(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_rows_come_back_as_they_were_with_answers_and_reasons(house: Here, tmp_path: Path) -> None:
    given = table(tmp_path, f"name,{HEADING}", f'"=1+1, ""A""",{GOOD}', "李, 19,female,20,60,100,0".replace(", ", ","), "C,40,male,26,1,145,")
    out = tmp_path / "out.csv"
    document = house.json("risk", "cdrs", "--in", given, "--out", out)
    found = answers(out)
    assert [row["name"] for row in found] == ['=1+1, "A"', "李", "C"]
    assert [(row["score"], row["declined"]) for row in found] == [
        ("39", ""), ("", "below_range:age(20..74)"), ("", "below_range:waist(20..300); missing:family_diabetes_first"),
    ]  # fmt: skip
    assert list(found[0]) == ["name", *HEADING.split(","), "score", "declined"]
    assert document == {
        "equation": "cdrs", "rows": 3, "answered": 1, "declined": 2, "lacking": [], "out": str(out),
        "reasons": {"below_range:age": 1, "below_range:waist": 1, "missing:family_diabetes_first": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("delimiter", "ends", "encoding"), [(",", "\r\n", "utf-8-sig"), (";", "\n", "utf-8"), ("\t", "\r", "utf-8"), (",", "\r\n", "utf-16")]
)
def test_tables_of_spreadsheets_are_read(house: Here, tmp_path: Path, delimiter: str, ends: str, encoding: str) -> None:
    lines = [HEADING.replace(",", delimiter), GOOD.replace(",", delimiter)]
    out = tmp_path / "out.csv"
    assert house.run("risk", "cdrs", "--in", table(tmp_path, *lines, ends=ends, encoding=encoding), "--out", out).status == 0
    assert [row["score"] for row in answers(out, delimiter)] == ["39"]


def test_a_column_with_the_name_of_an_answer_is_put_out_of_the_way(house: Here, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    ran = house.run("risk", "cdrs", "--in", table(tmp_path, f"score,input_score,{HEADING}", f"7,8,{GOOD}"), "--out", out)
    row = answers(out)[0]
    assert (row["input_input_score"], row["input_score"], row["score"]) == ("7", "8", "39")
    assert "input_input_score" in ran.err


def test_a_row_whose_cells_have_shifted_is_never_computed(house: Here, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    house.run("risk", "cdrs", "--in", table(tmp_path, HEADING, "52,male,26,5,92,145,1", "52,male,26,92,145", GOOD), "--out", out)
    assert [(row["score"], row["declined"]) for row in answers(out)] == [("", "cells_not_as_heading"), ("", "cells_not_as_heading"), ("39", "")]


def test_a_missing_column_declines_every_row_and_is_said(house: Here, tmp_path: Path) -> None:
    ran = house.run("risk", "cdrs", "--in", table(tmp_path, "age,sex,bmi,waist,sbp", "52,male,26,92,145"), "--out", "-")
    assert ran.status == 0
    assert ran.out.splitlines() == ["age,sex,bmi,waist,sbp,score,declined", "52,male,26,92,145,,missing:family_diabetes_first"]
    assert "no column for: fh" in ran.err


def test_a_table_may_come_by_standard_input(house: Here) -> None:
    assert house.run("risk", "cdrs", "--in", "-", "--out", "-", typed=f"{HEADING}\n{GOOD}\n").out.splitlines()[1] == f"{GOOD},39,"


def test_categories_come_out_as_words_and_numbers_to_their_last_digit(house: Here, tmp_path: Path) -> None:
    table(tmp_path, "egfr,uacr", "52.5,40", name="k.csv")
    table(tmp_path, "weight,height", "70,175", name="b.csv")
    kidney = house.run("risk", "kdigo", "--in", tmp_path / "k.csv", "--out", "-").out.splitlines()[1]
    assert kidney == "52.5,40,high,G3a,A2,2,"
    assert house.run("risk", "bmi", "--in", tmp_path / "b.csv", "--out", "-").out.splitlines()[1] == f"70,175,{70 / 1.75**2!r},"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cdsr", "--in", "{given}", "--out", "-"), "unknown equation"), (("cdrs", "--in", "{folder}/none.csv", "--out", "-"), "no such file"),
        (("cdrs", "--in", "{given}", "--out", "{folder}/no/out.csv"), "cannot write"), (("cdrs", "--in", "{twice}", "--out", "-"), "same column twice"),
        (("cdrs", "--in", "{empty}", "--out", "-"), "empty file"), (("cdrs", "--in", "{odd}", "--out", "-"), "not text"),
        (("cdrs", "--in", "{open}", "--out", "-"), "not a table"), (("cdrs", "--in", "{folder}", "--out", "-"), "no such file"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_a_reason(house: Here, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
    (tmp_path / "odd.csv").write_bytes(b"age,sex\n\xff\xfe\xfd,1\n")
    places = {
        "given": table(tmp_path, HEADING, GOOD), "folder": tmp_path, "twice": table(tmp_path, "age,age", "1,2", name="twice.csv"),
        "empty": table(tmp_path, "", name="empty.csv"), "odd": tmp_path / "odd.csv", "open": table(tmp_path, HEADING, '"52,male', name="open.csv"),
    }  # fmt: skip
    ran = house.run("risk", *(word.format(**places) for word in words))
    assert (ran.status, code in ran.err) == (1, True), ran.err


def test_a_refused_file_leaves_what_stood_there(house: Here, tmp_path: Path) -> None:
    out = table(tmp_path, "as it was", name="out.csv")
    assert house.run("risk", "cdrs", "--in", table(tmp_path, HEADING, GOOD, '"52,male'), "--out", out).status == 1
    assert out.read_text() == "as it was\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out.csv", "people.csv"]


@pytest.mark.parametrize("words", [(), ("cdrs",), ("cdrs", "--in", "x.csv"), ("cdrs", "--in", "x.csv", "--out", "-", "--json")])
def test_a_command_that_lacks_something_is_a_wrong_command(house: Here, words: tuple[str, ...]) -> None:
    assert house.run("risk", *words).status == 2


def test_the_list_says_columns_units_limits_outcomes_and_sources(house: Here) -> None:
    listed = {one["key"]: one for one in house.json("risk", "--list")["equations"]}
    fib4 = listed["fib4"]
    age, *_, platelets = fib4["inputs"]
    assert (age["column"], age["unit"], age["low"], age["high"], age["limits"], age["required"]) == ("age", "a", 35, 120, "published", True)
    assert (platelets["column"], platelets["unit"], platelets["also"]) == ("plt", "10*9/L", ["platelets"])
    assert fib4["outcomes"] == [{"key": "score", "unit": "{score}", "years": 0, "categories": []}]
    assert all(one["citation"] and one["version"] and one["inputs"] and one["outcomes"] for one in listed.values())
    assert "findrisc" in house.run("risk", "--list").out


def test_a_table_needs_no_store(tmp_path: Path) -> None:
    process = House(tmp_path / "home")
    ran = process.run("risk", "cdrs", "--in", table(tmp_path, HEADING, GOOD), "--out", "-")
    assert ran.out.splitlines() == [f"{HEADING},score,declined", f"{GOOD},39,"]
    assert not process.home.exists()
