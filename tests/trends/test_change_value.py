"""This is the place where reference change values are held to the printed table and to their own rules."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.signals import SIGNALS
from core.trends.change import CHANGE_LIMITS
from core.trends.change_value import VARIATION_OF, VARIATIONS, Change, reference_change
from core.trends.judgement import Declined

PRINTED = [
    ("albumin", 8.05, -7.45),
    ("hscrp", 144.76, -59.14),
    ("hba1c", 3.79, -3.65),
    ("tg", 83.79, -45.59),
    ("weight", 1.85, -1.81),
]
"""Signal, up and down in percent."""


@pytest.mark.parametrize(("signal", "up", "down"), PRINTED)
def test_a_few_printed_values_are_reproduced(signal: str, up: float, down: float) -> None:
    assert (round(VARIATION_OF[signal].up, 2), round(VARIATION_OF[signal].down, 2)) == (up, down)


def test_every_printed_value_is_reproduced(clinical: Path) -> None:
    with (clinical / "biological_variation.csv").open(encoding="utf-8") as file:
        printed = {row["analyte"]: row for row in csv.DictReader(file)}
    assert {row.analyte for row in VARIATIONS} == set(printed)
    for row in VARIATIONS:
        mine = printed[row.analyte]
        assert row.cvi == float(mine["CVI_percent"])
        assert row.cva == pytest.approx(float(mine["CVA_percent_default(0.5*CVI)"]))
        assert round(row.up, 2) == float(mine["RCV_up_percent"]), row.analyte
        assert round(row.down, 2) == float(mine["RCV_down_percent"]), row.analyte
        assert row.status == "single_source"


def test_every_row_is_a_signal_of_ours_and_serves_the_sentences_too() -> None:
    assert set(VARIATION_OF) <= set(SIGNALS)
    assert set(CHANGE_LIMITS) == set(VARIATION_OF)
    assert CHANGE_LIMITS["sbp"] == (12.34, -10.99)


COMPARED = [
    ("ldl", 100, 129.8, "within"), ("ldl", 100, 130, "real_rise"), ("ldl", 100, 77, "within"), ("ldl", 100, 76.9, "real_fall"),
    ("creatinine", 1.0, 1.14, "within"), ("creatinine", 1.0, 1.15, "real_rise"), ("hba1c", 7.0, 7.2, "within"), ("hba1c", 7.0, 6.7, "real_fall"),
    ("weight", 80, 81, "within"), ("weight", 80, 82, "real_rise"), ("crp", 1, 2, "within"),
]  # fmt: skip


@pytest.mark.parametrize(("signal", "before", "after", "verdict"), COMPARED)
def test_a_change_is_real_only_outside_the_value(signal: str, before: float, after: float, verdict: str) -> None:
    said = reference_change(signal, before, after)
    assert isinstance(said, Change)
    assert said.verdict == verdict
    assert said.percent == pytest.approx(100 * (after / before - 1))
    assert (said.up, said.down) == (VARIATION_OF[signal].up, VARIATION_OF[signal].down)


def test_what_cannot_be_compared_is_declined() -> None:
    assert reference_change("potassium", 4, 5) == Declined("no_variation", {"signal": "potassium"})
    assert reference_change("sbp", 130, 150) == Declined("needs_week_means", {"signal": "sbp", "need": 7})
    assert reference_change("ldl", 0, 5) == reference_change("ldl", 5, -1) == Declined("not_positive", {"signal": "ldl"})
    assert reference_change("ldl", float("nan"), 5) == Declined("not_positive", {"signal": "ldl"})
    weekly = reference_change("sbp", 130, 150, weekly_means=True)
    assert isinstance(weekly, Change) and weekly.verdict == "real_rise"


@given(st.sampled_from(sorted(VARIATION_OF)), st.floats(0.1, 1000), st.floats(0.1, 1000), st.floats(0.01, 100))
def test_the_unit_does_not_matter_and_the_way_back_is_the_opposite(signal: str, before: float, after: float, factor: float) -> None:
    there = reference_change(signal, before, after, weekly_means=True)
    other_unit = reference_change(signal, before * factor, after * factor, weekly_means=True)
    back = reference_change(signal, after, before, weekly_means=True)
    assert isinstance(there, Change) and isinstance(other_unit, Change) and isinstance(back, Change)
    ratio = after / before
    if any(abs(ratio / (1 + edge / 100) - 1) < 1e-9 for edge in (there.up, there.down)):
        return  # on the edge itself, rounding decides
    assert there.verdict == other_unit.verdict
    assert back.verdict == {"real_rise": "real_fall", "real_fall": "real_rise", "within": "within"}[there.verdict]
