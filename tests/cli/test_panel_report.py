"""`healthboard panel-report`: figures for the team that hold nobody's name, and counts with noise for others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.arguments import arguments
from core.commands.panel_report import show
from core.errors import BadInput
from core.panel.terms import OUTSIDE, TABLES
from tests.care.house import House, build


@pytest.fixture
def house() -> House:
    return build()


def asked(house: House, *words: str) -> dict[str, Any]:
    answer = show(house.ports, arguments().parse_args(["panel-report", *words]))
    assert answer.status == 0 and answer.lines
    document: dict[str, Any] = json.loads(json.dumps(answer.document, allow_nan=False))
    return document


def test_the_figures_of_everybody_and_of_a_panel(house: House) -> None:
    found = asked(house)
    assert found["people"] == 2
    assert set(found["tables"]) == set(TABLES)
    assert asked(house, "--panel", house.panel.panel_id)["people"] == 1
    assert asked(house, "--at", "2026-11-20T09:00:00Z") == asked(house, "--at", "2026-11-20T09:00:00Z")
    assert house.own not in json.dumps(found), "counts, not people"


def test_outside_there_are_counts_with_noise_and_their_price(house: House) -> None:
    found = asked(house, "--outside", "--epsilon", "0.5")
    assert set(found["noised_counts"]) == set(OUTSIDE)
    assert (found["epsilon"], found["epsilon_each_table"], found["budget_left"], found["asked_before"]) == (0.5, 0.05, 3.5, False)
    again = asked(house, "--outside", "--epsilon", "0.5")
    assert again == found | {"asked_before": True}
    assert "people" not in found


def test_outside_there_is_no_other_day_than_today(house: House) -> None:
    with pytest.raises(BadInput):
        asked(house, "--outside", "--at", "2026-11-20T09:00:00Z")
