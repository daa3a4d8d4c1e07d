"""This is the place where it is checked that every code of risk that can reach a screen has words, and says what it should."""

from __future__ import annotations

import pytest

from core.care.risk_views import FaultView
from core.risk.registry import EQUATIONS
from core.ui import risk_words as say
from core.ui.words import languages, words
from tests.ui import given_risks as made
from tests.ui import risk_codes as codes


@pytest.mark.parametrize("language", languages())
def test_every_code_of_the_equations_has_words(language: str) -> None:
    t = words(language)
    keys = {
        *("risk.equation." + key for key in codes.equations()),
        *("risk.family." + one.family for one in EQUATIONS.values()),
        *("risk.people." + (one.region or "any") for one in EQUATIONS.values()),
        *("risk.event." + one for one in codes.chances()),
        *("risk.band." + one for one in codes.bands()),
        *("risk.category." + one for one in codes.categories()),
        *("risk.note." + one for one in codes.notes()),
        *("risk.input." + one for one in codes.inputs()),
        *("risk.choice." + one for one in codes.choices()),
        *(f"risk.do.{state}" for state in ("fine", "watch", "soon", "now", "unknown")),
    }
    assert sorted(key for key in keys if not t.has(key)) == []


@pytest.mark.parametrize("language", languages())
def test_every_outcome_has_a_name_of_its_own_or_that_of_its_kind(language: str) -> None:
    t = words(language)
    assert [(key, one) for key, one in codes.outcomes() if not (t.has(f"risk.outcome.{key}.{one}") or t.has("risk.outcome." + one))] == []


@pytest.mark.parametrize("language", languages())
def test_every_reason_and_every_way_on_has_words(language: str) -> None:
    t = words(language)
    assert sorted(code for code in codes.given("why") if not t.has("risk.why." + code)) == []
    assert sorted(code for code in codes.hows() if not t.has("risk.how." + code)) == []
    assert sorted(f"{code}:{key}" for code, key in codes.faults() if not (t.has("risk.declined." + code) or t.has(f"risk.declined.{code}.{key}"))) == []


@pytest.mark.parametrize("language", languages())
def test_every_fault_of_the_equations_is_said_with_its_limits_filled_in(language: str) -> None:
    t = words(language)
    for equation in EQUATIONS.values():
        for item in equation.inputs:
            for code in ("missing", "stale", "contradictory", "unclear", "below_range", "above_range"):
                said = say.fault(t, FaultView(code, item.key, item.low, item.high, item.unit))
                assert said
                assert not set("{}[]") & set(said), (equation.key, item.key, code, said)


def test_a_code_nobody_wrote_words_for_is_said_with_its_code() -> None:
    assert "brand_new" in say.fault(words("en"), FaultView("brand_new", "sbp"))


@pytest.mark.parametrize(
    ("hundred", "thousand", "said"),
    [(9, None, "About 9 of 100 people like you have"), (1, None, "About 1 of 100 people like you has"), (None, 4, "About 4 of 1,000"), (None, 0, "Fewer than 1 of 1,000")],
)  # fmt: skip
def test_a_chance_is_said_as_people(hundred: int | None, thousand: int | None, said: str) -> None:
    from dataclasses import replace

    outcome = replace(made.CVD, of_hundred=hundred, of_thousand=thousand)
    assert say.answer(words("en"), "prevent_base", outcome).startswith(said)


def test_chinese_says_the_same_number_of_people() -> None:
    said = say.answer(words("zh_Hans"), "prevent_base", made.CVD)
    assert "100 人中" in said
    assert "9 人" in said
    assert "10 年" in said


def test_an_age_limit_is_said_in_the_largest_fitting_step() -> None:
    t = words("en")
    assert [say.span(t, days) for days in (14, 183, 366, 1827)] == ["14 days", "6 months", "1 year", "5 years"]


def test_a_test_is_only_advised_where_a_blood_test_answers_the_question() -> None:
    """ "A test is advised" was once said of mood, and "below the line for a test" of a blood thinner."""
    advising = ("below_cut", "screen_positive")
    bands = ((equation.family, band.code) for equation in EQUATIONS.values() for reading in equation.thresholds for band in reading.bands)
    assert {family for family, code in bands if code in advising} == {"diabetes"}
