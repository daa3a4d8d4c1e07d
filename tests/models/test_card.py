"""This is the place where it is checked that the card is whole, in both languages, says what the model is not, and agrees with its report."""

from __future__ import annotations

import re

from core.risk.model_card import ATTRIBUTES, GROUPS, LANGUAGES, ModelCard, Said
from tests.models.given import card, report


def texts(of: ModelCard) -> list[Said]:
    values = [one.value for one in of.attributes if one.value]
    return [of.name, of.meaning, of.status, of.reference_is, *of.failures, *of.bands.values(), *values]


def test_all_31_attributes_are_answered_or_said_to_be_missing() -> None:
    assert [one.row.n for one in card().attributes] == list(range(1, 32))
    assert [one.row for one in card().attributes] == list(ATTRIBUTES)
    assert all(bool(one.value) != bool(one.absent) for one in card().attributes)
    assert list(dict.fromkeys(one.group for one in ATTRIBUTES)) == list(GROUPS)


def test_what_nobody_measured_is_not_available() -> None:
    absent = {one.row.key for one in card().attributes if one.absent}
    assert {"validity_external", "fairness_external", "outcome_evaluations", "validity_local", "fairness_local"} <= absent


def test_every_sentence_is_there_in_every_language_without_holes() -> None:
    for said in texts(card()):
        assert set(said) == set(LANGUAGES)
        assert not [text for text in said.values() if re.search(r"[{}]|\bnan\b", text)]
        assert re.search(r"[\u4e00-\u9fff]", said["zh_Hans"])
        assert not re.search(r"[\u4e00-\u9fff]", said["en"])


def test_the_gravest_failure_comes_first() -> None:
    assert "never saw anybody with diabetes that was not yet found" in card().failures[0]["en"]
    assert "It is not the chance that you have diabetes" in card().meaning["en"]


def test_a_low_band_gives_no_all_clear_and_a_high_one_a_next_step() -> None:
    assert "does not rule out diabetes" in card().bands["no_more_alike"]["en"]
    assert "blood test" in card().bands["more_alike"]["en"]
    assert "questionnaires" in card().bands["says_nothing_below"]["en"]


def test_what_the_card_shows_is_what_the_report_found() -> None:
    shown = report()["shown"]
    assert (card().shows_band, card().shows_number) == (shown["band"], shown["number"])
    assert card().cut == report()["cut"]["value"]
    for figure in card().figures:
        if figure.of == "model":
            held = report()["test"]["weighted" if figure.weighted else "unweighted"]["model"][figure.key]
            assert (figure.value, figure.low, figure.high) == (held["value"], held["low"], held["high"])


def test_every_interval_holds_its_figure() -> None:
    assert [one for one in card().figures if one.value is not None and not one.low <= one.value <= one.high] == []  # type: ignore[operator]


def test_groups_too_small_to_measure_are_counted_only() -> None:
    small = [one for one in card().figures if one.told and one.told < 10]
    assert small
    assert all(one.value is None for one in small)


def test_the_simplest_candidate_that_is_not_significantly_worse_was_chosen() -> None:
    choice = report()["choice"]
    good = [one["name"] for one in choice["candidates"] if one["auroc_behind_best"]["low"] <= 0 and one["auroc_behind_best"]["value"] <= 0.01]
    assert choice["chosen"] == good[0]


def test_race_and_what_only_a_laboratory_knows_are_no_inputs() -> None:
    assert {one.key for one in card().inputs} <= {
        "age", "sex", "bmi", "physically_active", "smoked_100", "smoker", "sbp", "dbp", "pulse", "sleep_hours", "sleep_trouble",
    }  # fmt: skip
