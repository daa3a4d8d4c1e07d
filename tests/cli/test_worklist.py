"""`healthboard worklist`: everybody once with reasons and evidence, and the same answer for the same moment."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

import pytest

from core.commands.worklist import show
from core.errors import BadInput
from core.worklist.terms import LANES
from tests.care.house import House, build


@pytest.fixture
def house() -> House:
    return build()


def asked(house: House, at: str | None = None, panel: str = "") -> dict[str, Any]:
    answer = show(house.ports, Namespace(at=at, panel=panel))
    assert answer.status == 0
    assert len(answer.lines) >= len(LANES)
    document: dict[str, Any] = json.loads(json.dumps(answer.document, allow_nan=False))
    return document


def test_everybody_is_there_once_and_the_counts_come_to_the_total(house: House) -> None:
    found = asked(house)
    people = [one["person"] for section in found["sections"] for one in section["people"]]
    assert sorted(people) == sorted((house.own, house.other))
    assert [section["lane"] for section in found["sections"]] == list(LANES)
    assert sum(found["counts"].values()) == found["total"] == 2
    assert all(len(section["people"]) == found["counts"][section["lane"]] for section in found["sections"])


def test_each_reason_has_its_rule_source_and_status(house: House) -> None:
    reasons = [
        reason
        for section in asked(house, "2028-11-21T09:00:00Z")["sections"]
        for one in section["people"]
        for reason in one["reasons"]
    ]
    assert {"old"} <= {reason["rule"] for reason in reasons}
    assert all(reason["source"] and reason["status"] and reason["code"] for reason in reasons)


def test_the_same_moment_gives_the_same_answer(house: House) -> None:
    assert asked(house, "2026-11-20T09:00:00+01:00") == asked(house, "2026-11-20T09:00:00+01:00")


def test_a_panel_narrows_it(house: House) -> None:
    assert asked(house, panel=house.panel.panel_id)["total"] == 1


@pytest.mark.parametrize("at", ["yesterday", "2026-11-20T09:00:00", "0001-01-01T00:00:00Z"])
def test_a_moment_that_cannot_be_is_refused(house: House, at: str) -> None:
    with pytest.raises(BadInput):
        asked(house, at)
