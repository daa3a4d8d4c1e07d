"""This is the place where the tables of rules are held to what they promise: those that shipped, or none."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from core.advice.table import ADVICE
from core.domain.codes import Concept
from core.errors import TableUnavailable
from core.knowledge.options_table import OPTIONS
from core.medications.checking import CHECKS, KINDS, check
from core.medications.facts import PersonFacts
from core.medications.findings import Taken
from core.medications.ingredients import INGREDIENTS, taken
from core.medications.tables import load
from core.rules import FOLDER, MANIFEST, ShippedTables, digest, seal

NAMES = [kind.name for kind in KINDS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped tables, to be damaged."""
    return Path(shutil.copytree(FOLDER, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


def person(folder: Path, *titles: str) -> PersonFacts:
    rules = load(ShippedTables(folder).read, KINDS)
    table = load(ShippedTables().read, (INGREDIENTS,)).of(INGREDIENTS)
    assert rules.states
    return PersonFacts(date(2026, 11, 26), tuple(taken(title, Concept(text=title), table) for title in titles), allergies=())


def test_every_table_that_ships_is_read_whole() -> None:
    rules = load(ShippedTables().read, KINDS)
    assert [(one.name, one.fault) for one in rules.states if one.fault] == []
    assert all(one.version and one.digest and one.rows for one in rules.states)


def test_the_manifest_names_every_table_and_nothing_else() -> None:
    shipped = json.loads((FOLDER / MANIFEST).read_text("utf-8"))
    assert set(shipped) == {path.stem for path in FOLDER.glob("*.json")} - {"manifest"} == {*NAMES, ADVICE.name, OPTIONS.name}
    assert {name: digest((FOLDER / f"{name}.json").read_bytes()) for name in shipped} == shipped


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_table_makes_the_answer_unavailable(folder: Path, name: str) -> None:
    (folder / f"{name}.json").unlink()
    found = check(load(ShippedTables(folder).read, KINDS), person(folder, "Metformin"))
    assert found.state == "unavailable"
    assert [(one.name, one.fault) for one in found.tables if one.fault] == [(name, "missing")]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_with_one_byte_changed_makes_the_answer_unavailable(folder: Path, name: str) -> None:
    path = folder / f"{name}.json"
    path.write_bytes(path.read_bytes().replace(b"2026-", b"2025-", 1) + b" ")
    found = check(load(ShippedTables(folder).read, KINDS), person(folder, "Metformin"))
    assert found.state == "unavailable"
    assert [(one.name, one.fault) for one in found.tables if one.fault] == [(name, "corrupt")]


def test_without_a_manifest_nothing_is_trusted(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    assert {one.fault for one in load(ShippedTables(folder).read, KINDS).states} == {"corrupt"}


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"table": "duplicates"}', b"[" * 100_000, b'{"table": "interactions", "version": "1", "rows": []}', b"\xff\xfe"])
def test_a_sealed_file_that_is_no_such_table_is_corrupt(folder: Path, content: bytes) -> None:
    (folder / "interactions.json").write_bytes(content)
    seal(folder)
    states = load(ShippedTables(folder).read, KINDS).states
    assert [(one.name, one.fault) for one in states if one.fault] == [("interactions", "corrupt")]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("interactions", lambda sheet: sheet["rows"][0].update(severity=9)),
        ("interactions", lambda sheet: sheet["rows"][0].update(source="hearsay")),
        ("interactions", lambda sheet: sheet["rows"][0].update(a=[])),
        ("interactions", lambda sheet: sheet["rows"].append(sheet["rows"][0])),
        ("interactions", lambda sheet: sheet["rows"][0].update(advice="stop")),
        ("ingredients", lambda sheet: sheet["rows"].append(sheet["rows"][0])),
        ("ingredients", lambda sheet: sheet["rows"][0].setdefault("names", []).append("metformin")),
        ("ingredients", lambda sheet: sheet["combinations"][0].update(of=["nothing_we_know"])),
        ("duplicates", lambda sheet: sheet["rows"][0].update(level="molecule")),
    ],
)
def test_a_table_whose_rows_make_no_sense_is_corrupt(folder: Path, name: str, change: object) -> None:
    path = folder / f"{name}.json"
    sheet = json.loads(path.read_text("utf-8"))
    assert callable(change)
    change(sheet)
    path.write_text(json.dumps(sheet), "utf-8")
    seal(folder)
    assert [one.name for one in load(ShippedTables(folder).read, KINDS).states if one.fault] == [name]


def test_where_one_table_is_damaged_the_other_checks_still_say_what_they_found(folder: Path) -> None:
    (folder / "duplicates.json").write_bytes(b"")
    facts = person(folder, "Simvastatin", "Clarithromycin")
    found = check(load(ShippedTables(folder).read, KINDS), facts)
    assert [one.rule for one in found.findings if one.kind == "interaction"] == ["h25"]
    assert ("duplicate", "table_unavailable") in [(one.check, one.why) for one in found.not_checked]
    assert found.state == "unavailable"


def test_without_the_ingredients_no_check_is_made_at_all(folder: Path) -> None:
    facts = person(folder, "Simvastatin", "Clarithromycin")
    (folder / "ingredients.json").unlink()
    found = check(load(ShippedTables(folder).read, KINDS), facts)
    assert found.findings == ()
    assert {one.check for one in found.not_checked} == {one.name for one in CHECKS}
    assert found.state == "unavailable"


def test_somebody_who_takes_nothing_is_checked() -> None:
    found = check(load(ShippedTables().read, KINDS), PersonFacts(date(2026, 11, 26), allergies=()))
    assert (found.findings, found.medicines) == ((), 0)


def test_an_unknown_medicine_is_never_green() -> None:
    unknown = Taken("1", "Foozid 20", Concept(text="Foozid 20"), unread="unknown_medicine")
    found = check(load(ShippedTables().read, KINDS), PersonFacts(date(2026, 11, 26), (unknown,), allergies=()))
    assert ("medicine", "Foozid 20", "unknown_medicine") in [(one.check, one.subject, one.why) for one in found.not_checked]
    assert (found.state, found.medicines, found.coded) == ("partly", 1, 0)


@pytest.mark.parametrize("name", ["../secrets", "a/b", "", "Interactions", "manifest.json", "interactions\x00"])
def test_a_table_is_only_read_by_a_plain_name(name: str) -> None:
    with pytest.raises(TableUnavailable) as refused:
        ShippedTables().read(name)
    assert refused.value.facts["why"] == "missing"
