"""This is the place where the printed page is read again: one page, everything on it, nothing cut without a word."""

from __future__ import annotations

import logging
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.exports import Exports
from core.ui.words import words
from tests.exports.given import line, quantity, reading, summary

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="reading a PDF again needs poppler-utils")
MANY = [line(f"Condition number {number} with a rather long name that wraps") for number in range(60)]


def printed(tmp_path: Path, given: SimpleNamespace, language: str = "en") -> tuple[str, str]:
    """The text on the page, in reading order, and what the file says of itself."""
    path = tmp_path / "summary.pdf"
    path.write_bytes(Exports().pdf(given, words(language), language))
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    about = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    return text, about


@needs_poppler
def test_the_page_says_who_what_and_how_old(tmp_path):
    text, about = printed(tmp_path, summary())
    for said in (
        "王小明 Ana", "Born 3 Apr 1951", "75 years old", "female", "Penicillin V – Anaphylaxis", "Essential hypertension", "Metformin 500 mg – 1 tablet twice",
        "142/88 mmHg", "3 days ago", "7.2 mmol/L", "old", "City hospital", "Li Wei (daughter) +86 10 5550100", "A Rh+", "Cardiac pacemaker",
        "Page 1 of 1", "21 Nov 2026", "Made-up person",
    ):  # fmt: skip
        assert said in text
    assert "Pages:           1" in about and "A4" in about


@needs_poppler
def test_the_page_is_in_chinese_for_those_who_read_chinese(tmp_path):
    text, about = printed(tmp_path, summary(), "zh_Hans")
    for said in ("健康摘要", "1951年4月3日", "75 岁", "虚构人物", "3 天前", "第 1 页"):
        assert said in text
    assert "Pages:           1" in about and "summary." not in text


@needs_poppler
def test_a_real_person_is_not_called_made_up(tmp_path):
    who = summary().person
    who.synthetic = False
    assert "Made-up" not in printed(tmp_path, summary(person=who))[0]


@needs_poppler
@pytest.mark.parametrize(("deceased", "said"), [("2020-01-26", "died 26 Jan 2020"), ("true", "deceased")])
def test_somebody_who_died_has_no_age_of_today(tmp_path, deceased, said):
    who = summary().person
    who.deceased = deceased
    text = printed(tmp_path, summary(person=who))[0]
    assert said in text and "years old" not in text


@needs_poppler
def test_a_long_record_still_fits_one_page_and_says_how_much_has_no_room(tmp_path):
    full = summary(problems=MANY, medicines=MANY, readings=[reading("glucose", quantity(number)) for number in range(1, 50)])
    text, about = printed(tmp_path, full)
    assert "Pages:           1" in about and text.count("more under Records") == 3
    assert "Page 1 of 1" in text


@needs_poppler
def test_allergies_are_not_cut_for_other_lists(tmp_path):
    allergies = SimpleNamespace(state="listed", lines=[line(f"Allergen {number}") for number in range(30)])
    text, about = printed(tmp_path, summary(problems=MANY, medicines=MANY, allergies=allergies))
    assert all(f"Allergen {number}" in text for number in range(30)) and "Pages:           1" in about


@needs_poppler
def test_no_allergies_written_down_is_not_the_same_as_none_known(tmp_path):
    none_known = printed(tmp_path, summary(allergies=SimpleNamespace(state="none_known", lines=[])))[0]
    none_written = printed(tmp_path, summary(allergies=SimpleNamespace(state="none_recorded", lines=[])))[0]
    assert words("en")("allergies.none_known") in none_known and words("en")("allergies.none_recorded") in none_written
    assert words("en")("allergies.none_known") not in none_written


@needs_poppler
def test_an_empty_record_makes_a_page_that_says_so(tmp_path):
    who = SimpleNamespace(name="", names=(), birth_date="", gender="", deceased="", contacts=(), synthetic=False)
    nobody = summary(
        person=who, problems=[], medicines=[], readings=[], allergies=SimpleNamespace(state="none_recorded", lines=[]),
        emergency=SimpleNamespace(blood_group="", implants=[]),
    )  # fmt: skip
    text, about = printed(tmp_path, nobody)
    assert (
        "Name not known" in text and "birth date not known" in text and "No readings yet" in text and "Pages:           1" in about
    )


@needs_poppler
def test_a_character_without_a_glyph_is_shown_as_a_box_and_none_is_logged(tmp_path, caplog):
    caplog.set_level(logging.DEBUG, logger="fpdf")
    text, _ = printed(tmp_path, summary(problems=[line("Peanut \U0001f95c allergy\nsecond line")]))
    assert "Peanut □ allergy second line" in text
    assert "1f95c" not in caplog.text.lower() and "\U0001f95c" not in caplog.text


def test_the_same_summary_makes_the_same_file():
    assert Exports().pdf(summary(), words("en"), "en") == Exports().pdf(summary(), words("en"), "en")


def test_a_font_of_ones_own_can_be_given():
    found = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not found.is_file():
        pytest.skip("needs fonts-dejavu-core")
    assert b"DejaVu" in Exports(found).pdf(summary(), words("en"), "en")
