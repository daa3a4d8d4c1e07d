"""Words of danger in free text: each phrase of the table is found, or isn't, as a clinician wrote beside it; and nothing makes the search fail."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emergency.flags import KEYS
from core.emergency.matching import MOST, flags_in
from core.emergency.phrases import CHINESE, ENGLISH

ROWS = list(csv.DictReader(Path(__file__).with_name("phrases.csv").open(encoding="utf-8")))


@pytest.mark.parametrize(("text", "flags"), [(row["text"], row["flags"].split()) for row in ROWS])
def test_what_a_phrase_says(text: str, flags: list[str]) -> None:
    assert flags_in(text) == flags


SPOKEN = list(csv.DictReader(Path(__file__).with_name("spoken.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_everyday_ways_of_saying_it_are_found_and_everyday_messages_are_not(answer: str) -> None:
    assert [row["text"] for row in SPOKEN if row["found"] == answer and bool(flags_in(row["text"])) != (answer == "yes")] == []
    assert sum(row["found"] == answer for row in SPOKEN) >= 60


def test_the_table_is_large_and_holds_both_languages_and_both_answers() -> None:
    chinese = [row for row in ROWS if any("\u4e00" <= char <= "\u9fff" for char in row["text"])]
    assert len(ROWS) >= 100
    assert len(chinese) >= 40
    assert sum(not row["flags"] for row in ROWS) >= 30


def test_every_sign_is_spoken_of_in_both_languages() -> None:
    assert set(ENGLISH) == set(CHINESE) == set(KEYS)
    assert {key for row in ROWS for key in row["flags"].split()} == set(KEYS)


@given(st.text(max_size=300))
def test_nothing_makes_it_fail(text: str) -> None:
    assert set(flags_in(text)) <= set(KEYS)


_PARTS = st.sampled_from([*(row["text"] for row in ROWS), "no", "not", "没有", "不", "or", "或", ",", "\ud800", "\u202e", "180/", "血糖", "0" * 50, "٣", "²"])


@given(st.lists(_PARTS, max_size=12))
def test_nothing_that_is_put_together_from_what_it_looks_for_makes_it_fail(parts: list[str]) -> None:
    assert set(flags_in(" ".join(parts))) <= set(KEYS)


@given(st.lists(st.sampled_from([row["text"] for row in ROWS if not row["flags"]]), max_size=4), st.sampled_from([row for row in ROWS if row["flags"]]))
def test_a_sentence_of_its_own_is_never_taken_back_by_those_before_it(before: list[str], row: dict[str, str]) -> None:
    assert set(flags_in("\n".join([*before, row["text"]]))) >= set(row["flags"].split())


def test_the_end_of_a_very_long_text_is_read_too() -> None:
    assert flags_in("word " * MOST + "I can't breathe") == ["breathing"]
