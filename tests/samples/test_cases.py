"""This is the place where the hard cases themselves are checked: each is well-formed, says what it is for, and adds up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from core.domain.ledger import Outcome

CASES = Path(__file__).parents[2] / "fhir_samples" / "cases"
EXPECTED = sorted(CASES.glob("*.expected.json"))
OUTCOMES = {outcome.value for outcome in Outcome}
ITEM_KEYS = {
    "kind", "code", "value", "unit", "time", "status", "standing", "bound", "absent", "sources", "see_original", "never_shown",
}  # fmt: skip
BREAKS = {"line-unreadable"}


def _name(path: Path) -> str:
    return path.name.removesuffix(".expected.json")


def _inputs(name: str) -> list[Path]:
    return sorted(path for path in CASES.glob(f"{name}.*") if ".input." in path.name and path.name.split(".")[0] == name)


def _ledgers(expected: dict[str, Any]) -> list[dict[str, int]]:
    return expected["ledgers"] if "ledgers" in expected else [expected["ledger"]]


def _entries(path: Path) -> int:
    """How many entries a reader finds in the input."""
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if path.suffix == ".ndjson":
        return sum(bool(line.strip()) for line in content.splitlines())
    document = orjson.loads(content)
    if isinstance(document, list):
        return len(document)
    return len(document["entry"]) if document["resourceType"] == "Bundle" else 1


def test_there_are_many_cases_for_every_outcome() -> None:
    assert len(EXPECTED) >= 40
    met = Counter[str]()
    for path in EXPECTED:
        for ledger in _ledgers(orjson.loads(path.read_bytes())):
            met.update({outcome: ledger[outcome] for outcome in OUTCOMES})
    assert all(met[outcome] >= 2 for outcome in OUTCOMES), met


@pytest.mark.parametrize("path", EXPECTED, ids=_name)
def test_a_case_says_what_it_is_for_and_its_counts_sum(path: Path) -> None:
    expected, inputs = orjson.loads(path.read_bytes()), _inputs(_name(path))
    assert len(expected["about"]) > 20
    assert set(expected) == {"about", "items"} | ({"ledgers", "from"} if len(inputs) > 1 else {"ledger"})
    assert len(expected.get("from", inputs)) == len(inputs)
    ledgers = _ledgers(expected)
    assert len(ledgers) == len(inputs)
    for ledger, source in zip(ledgers, inputs, strict=True):
        assert set(ledger) == OUTCOMES | {"entries"}
        assert sum(ledger[outcome] for outcome in OUTCOMES) == ledger["entries"] == _entries(source)


@pytest.mark.parametrize("path", EXPECTED, ids=_name)
def test_the_items_of_a_case_are_written_as_the_readme_says(path: Path) -> None:
    expected = orjson.loads(path.read_bytes())
    for item in expected["items"]:
        assert {"kind", "code", "standing"} <= set(item) <= ITEM_KEYS
        assert item["standing"] in ("current", "quarantined")
        assert item["kind"] != "Observation" or "value" in item
    kept = sum(ledger["stored"] + ledger["quarantined"] for ledger in _ledgers(expected))
    assert kept >= 1


def test_every_input_belongs_to_a_case() -> None:
    names = {_name(path) for path in EXPECTED}
    assert {path.name.split(".")[0] for path in CASES.iterdir() if path.suffix != ".md"} == names


@pytest.mark.parametrize("path", sorted(path for path in CASES.iterdir() if ".input." in path.name), ids=lambda path: path.name)
def test_only_the_broken_case_is_broken(path: Path) -> None:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    documents = content.splitlines() if path.suffix == ".ndjson" else [content]
    unreadable = 0
    for document in documents:
        try:
            orjson.loads(document.strip() or b"{}")
        except orjson.JSONDecodeError:
            unreadable += 1
    assert unreadable == (1 if path.name.split(".")[0] in BREAKS else 0)
