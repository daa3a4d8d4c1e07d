"""This is the place where it is tried what the page does with letters it has and letters it has not."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.records import PersonName, Value
from core.errors import BadInput
from core.exports import Exports, letters
from core.exports.letters import Letters
from core.ui.words import words
from tests.exports.given import GLUCOSE, line, reading, summary
from tests.exports.test_summary import needs_poppler, printed

LATIN = Letters(frozenset(range(0x20, 0x250)))


def test_a_raised_exponent_without_a_glyph_is_written_out_and_never_lowered():
    assert LATIN.printable("197 10⁹/L") == "197 10^9/L"
    assert LATIN.printable("10⁻⁹") == "10^-9"
    assert LATIN.printable("10¹²/L and m²") == "10¹²/L and m²"


def test_letters_that_are_written_apart_are_put_together():
    assert LATIN.printable("Jose\u0301") == "José"


def test_marks_that_nobody_sees_leave_no_box():
    assert LATIN.printable("a\u200b\u00adb\ufe0f\x07") == "ab"


def test_what_has_no_glyph_is_a_box_and_lines_become_one():
    assert LATIN.printable("Peanut 花\n allergy") == "Peanut □ allergy"


def test_letters_from_the_right_are_not_printed_from_the_left():
    every = Letters(frozenset(range(0x11000)))
    assert not every.says("محمد") and every.printable("אב") == "□□"


@needs_poppler
def test_a_count_of_cells_is_printed_with_its_power(tmp_path):
    cells = reading("platelets", Value(GLUCOSE, "quantity", 197, "10*9/L"))
    assert "197 10^9/L" in printed(tmp_path, summary(readings=[cells]))[0]


@needs_poppler
def test_a_box_is_explained_where_there_is_one_and_only_there(tmp_path):
    told = words("en")("summary.boxes")
    assert told in printed(tmp_path, summary(problems=[line("Peanut \U0001f95c")]))[0]
    assert told not in printed(tmp_path, summary())[0]


@needs_poppler
def test_of_several_names_one_that_can_be_printed_is_taken(tmp_path):
    who = summary().person
    who.name, who.names = "محمد", (PersonName("محمد"), PersonName("Mohammed Aziz"))
    assert "Mohammed Aziz" in printed(tmp_path, summary(person=who))[0]


def test_a_page_about_a_name_of_boxes_is_refused_without_saying_the_name():
    who = summary().person
    who.name = "محمد"
    with pytest.raises(BadInput) as refused:
        Exports().pdf(summary(person=who), words("en"), "en")
    assert refused.value.code == "font_missing" and "محمد" not in str(refused.value)


@pytest.mark.parametrize("content", [None, b"", b"this is no font"])
def test_a_font_that_is_none_is_said_by_the_setting_to_mend(tmp_path, content):
    path = tmp_path / "font.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        Exports(path).pdf(summary(), words("en"), "en")
    assert (refused.value.code, refused.value.facts["place"]) == ("font_missing", "HEALTHBOARD_FONT_PATH")


def test_without_any_font_the_page_is_refused_and_not_printed_in_boxes(monkeypatch):
    monkeypatch.setattr(letters, "_PACKAGE", "no_such_package_of_fonts")
    monkeypatch.setattr(letters, "_INSTALLED", ())
    with pytest.raises(BadInput, match="font_missing"):
        Exports().pdf(summary(), words("zh_Hans"), "zh_Hans")


def test_a_font_without_chinese_does_not_print_a_chinese_page(monkeypatch):
    latin = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not latin.is_file():
        pytest.skip("needs fonts-dejavu-core")
    monkeypatch.setattr(letters, "_PACKAGE", "no_such_package_of_fonts")
    monkeypatch.setattr(letters, "_INSTALLED", ())
    with pytest.raises(BadInput, match="font_missing"):
        Exports(latin).pdf(summary(), words("zh_Hans"), "zh_Hans")


@needs_poppler
def test_what_the_font_of_the_settings_lacks_comes_from_our_own(tmp_path):
    latin = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not latin.is_file():
        pytest.skip("needs fonts-dejavu-core")
    path = tmp_path / "page.pdf"
    path.write_bytes(Exports(latin).pdf(summary(), words("zh_Hans"), "zh_Hans"))
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "健康摘要" in text and "Penicillin V" in text and "□" not in text


def test_the_fonts_are_embedded_only_as_far_as_used():
    assert len(Exports().pdf(summary(), words("zh_Hans"), "zh_Hans")) < 200_000


@needs_poppler
def test_the_dangerous_allergy_says_so_and_the_sources_stand_at_the_foot(tmp_path):
    given = summary()
    given.allergies.lines = [
        line("Penicillin V", reaction="Anaphylaxis", criticality="high"),
        line("Latex", criticality="unable-to-assess"),
    ]
    text, _ = printed(tmp_path, given)
    assert "Penicillin V – Anaphylaxis (can be severe)" in text and "Latex\n" in text.replace("  ", "\n")
    assert "Sources: City hospital" in text


@needs_poppler
@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize(
    "title", ["Chronic obstructive pulmonary disease with acute exacerbation", "慢性阻塞性肺疾病伴有急性加重" * 6, "W" * 300]
)
def test_two_hundred_of_everything_is_one_page_with_nothing_off_its_edge(tmp_path, language, title):
    many = [line(f"{title} {number}", dosage=title, reaction=title) for number in range(200)]
    given = summary(problems=many, medicines=many, readings=[reading("glucose", Value(GLUCOSE, "text", text=title))] * 200)
    given.person.contacts = tuple(replace(given.person.contacts[0], name=f"{title} {number}") for number in range(200))
    given.allergies.lines, given.emergency.implants = many, many
    text, about = printed(tmp_path, given, language)
    assert "Pages:           1" in about
    boxes = subprocess.run(
        ["pdftotext", "-bbox", str(tmp_path / "summary.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    ends = [float(part.split('"')[1]) for part in boxes.split("yMax=")[1:]]
    assert max(ends) < 841.9 - 14
    more = re.escape(words(language)("today.more_in_records", n=7)).replace("7", r"\d+")
    assert len(re.findall(more, text)) == 5
