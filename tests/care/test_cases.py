"""This is the place where every hard case of fhir_samples/cases is imported by the use cases and compared with what was expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from core.care import records
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.commands.showing import rows
from core.domain.records import Standing
from core.ports import Ports, Store
from tests.care.given import bring, parcel, ports_with
from tests.care.stores import STORES

CASES = Path(__file__).parents[2] / "fhir_samples" / "cases"
EXPECTED = sorted(CASES.glob("*.expected.json"))
NOT_ITEMS = {"Patient", "Organization", "Practitioner", "PractitionerRole", "Medication"}


@pytest.fixture(params=STORES)
def ports(request: pytest.FixtureRequest) -> Ports:
    store: Store = request.getfixturevalue(request.param)
    return ports_with(store)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_a_hard_case_ends_as_expected(ports: Ports, path: Path) -> None:
    expected = orjson.loads(path.read_bytes())
    name = path.name.removesuffix(".expected.json")
    inputs = sorted(one for one in CASES.glob(f"{name}.*") if ".input." in one.name and one.name.split(".")[0] == name)
    labels = expected.get("from", [""] * len(inputs))
    whose, ledgers = Whose(new=True), []
    for one, label in zip(inputs, labels, strict=True):
        made = bring(ports, parcel(one.read_bytes(), one.name, label), whose=whose)
        ledgers.append({"entries": made.entries, **dict(made.counts)})
        if made.person_ids:
            whose = Whose(made.person_ids[0])
    assert ledgers == expected.get("ledgers", [expected.get("ledger")])
    found = _shown(ports, whose.person_id) if whose.person_id else []
    _compare(found, expected["items"])


def _shown(ports: Ports, person_id: str) -> list[dict[str, Any]]:
    shelf = records.shelf(ports, COMMAND_LINE, person_id)
    shown = []
    for record in shelf.records:
        if record.standing in (Standing.CURRENT, Standing.QUARANTINED) and record.item.kind not in NOT_ITEMS:
            for row in rows(record, synthetic=False):
                shown.append(
                    {
                        **row,
                        "sources": len(row["sources"]),
                        "see_original": bool(row["see_original"]),
                        "everything": repr((record.item, row)),
                    }
                )
    return shown


def _compare(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """Each expected item is one of those shown, and none is left over."""
    left = list(found)
    for item in expected:
        match = next((one for one in left if _agrees(one, item)), None)
        assert match is not None, f"not shown: {item}\nshown: {[{key: one.get(key) for key in item} for one in left]}"
        left.remove(match)
    assert not left, f"shown beyond what is expected: {left}"


def _agrees(shown: dict[str, Any], item: dict[str, Any]) -> bool:
    for key, wanted in item.items():
        if key == "never_shown":
            if any(text in shown["everything"] for text in wanted):
                return False
        elif key == "code" and wanted is None:
            if shown["code"]:
                return False
        elif isinstance(wanted, float) and isinstance(shown[key], int | float):
            if abs(shown[key] - wanted) > 1e-9:
                return False
        elif (shown[key] or "" if wanted == "" else shown[key]) != wanted:
            return False
    return True
