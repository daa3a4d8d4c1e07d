"""This is the place where it is tested that the gate is counted right, and that a photo is made poor the same way every time."""

from __future__ import annotations

import numpy as np
import pytest

from core.domain.checks import CheckKind
from models.image_check.measuring import measured
from models.training.degrading import DEGRADATIONS, LEVELS, degraded
from models.training.gate import half_of
from models.training.gate_report import Measured, document, report
from tests.models.photos import skin

GOOD = dict(measured(skin()))


def row(made: str, level: str = "", half: str = "report", **changed: float) -> Measured:
    return Measured(CheckKind.SKIN, f"p{changed}", half, 3, made, level, GOOD | changed)


def test_the_figures_are_those_of_the_half_no_limit_was_set_on() -> None:
    rows = [
        row("good"),
        row("good"),
        row("good"),
        row("good", light=20.0),
        row("blur", "severe", sharpness=0.1),
        row("blur", "mild"),
    ]
    rows += [row("good", half="set", light=20.0)]
    found = report(rows)["kinds"]["skin"]
    assert (found["report"]["good_pass"]["value"], found["report"]["poor_refused"]["value"]) == (0.75, 0.5)
    assert found["report"]["bars_met"] is False and found["report"]["reasons_of_good"] == {"too_dark": 1}
    assert found["report"]["by_degradation"]["blur"]["severe"]["value"] == 1.0
    assert found["set"]["good_pass"] == {"value": 0.0, "low": 0.0, "high": found["set"]["good_pass"]["high"], "of": 1}


def test_the_page_says_the_same_figures() -> None:
    text = document(report([row("good"), row("blur", "severe", sharpness=0.1)]))
    assert "**100% (21% to 100%, 1 photos)**" in text and "| blur | – | – | 100% |" in text


def test_a_person_is_in_one_half_for_good() -> None:
    halves = [half_of(f"PAT_{number}") for number in range(400)]
    assert halves == [half_of(f"PAT_{number}") for number in range(400)]
    assert 150 < halves.count("set") < 250


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_photo_is_made_poor_the_same_way_every_time_and_more_so_step_by_step(name: str) -> None:
    good = skin(size=160)
    steps = [degraded(good, name, level, np.random.default_rng(2)) for level in LEVELS]
    again = [degraded(good, name, level, np.random.default_rng(2)) for level in LEVELS]
    assert all(np.array_equal(one, other) and one.dtype == np.uint8 for one, other in zip(steps, again, strict=True))
    if name != "far" and all(one.shape == good.shape for one in steps):  # far away, most of what differs is the room
        away = [float(np.abs(one.astype(float) - good).mean()) for one in steps]
        assert 0 < away[0] < away[1] < away[2]
