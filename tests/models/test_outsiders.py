"""This is the place where it is tested, with the models that ship, that a check says nothing about pictures that are no skin."""

from __future__ import annotations

import json

import pytest

from core.domain.checks import DECLINES, PHOTO_KINDS, CheckKind
from models.cards import ARTIFACTS
from models.decisions import Decisions
from models.runners import EdgeRunner
from models.training.outsiders import counted
from models.training.strangers import FAMILIES, frozen

EACH = 2
"""Of each family; `python -m models.training.outsiders` asks about all twenty."""


@pytest.mark.parametrize("kind", PHOTO_KINDS)
def test_no_picture_that_is_no_skin_gets_a_finding(kind: CheckKind) -> None:
    if not (ARTIFACTS / kind.value / "card.json").exists():
        pytest.skip(f"no model of {kind.value} ships here")
    told = counted(kind, ((one.family, one.pixels) for one in frozen(EACH)), EdgeRunner(ARTIFACTS), Decisions(ARTIFACTS))
    assert set(told) == set(FAMILIES)
    assert {
        family: counts for family, counts in told.items() if set(counts) - {*DECLINES} | {"model_unavailable"} & set(counts)
    } == {}


@pytest.mark.parametrize("kind", PHOTO_KINDS)
def test_what_was_counted_of_all_twenty_is_no_finding_and_few_real_photos_are_declined_for_it(kind: CheckKind) -> None:
    told = json.loads((ARTIFACTS / "gate" / "outsiders.json").read_text(encoding="utf-8"))[kind.value]
    assert told["findings"] == 0
    assert told["strangers"] == 20 * len(FAMILIES) == sum(sum(counts.values()) for counts in told["by_family"].values())
    known = told["photos"]["photos it knows"]
    passed = sum(count for what, count in known.items() if what != "poor_quality")
    assert known.get("out_of_distribution", 0) <= {CheckKind.SKIN: 0.05, CheckKind.WOUND: 0.02}[kind] * passed
