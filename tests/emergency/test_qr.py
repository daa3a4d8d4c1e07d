"""The code on screen and on paper says what the card says, read back by a reader that is not ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.care.emergency_views import EmergencySheet
from core.care.views import PersonView
from core.emergency.card import MOST_BYTES, Section, payload
from core.errors import BadInput
from core.exports.emergency import emergency_pdf
from core.exports.qr import png
from core.ui.words import words

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def read(picture: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return str(found.text)


@pytest.mark.parametrize("text", ["EMERGENCY CARD\nName: Ann Example\nAllergies: Penicillin", "急救卡\n姓名：王建国\n过敏：青霉素；荨麻疹", "Émilie Müller – 5 µg", "x" * MOST_BYTES, "药" * (MOST_BYTES // 3)])
def test_a_camera_reads_the_text_back(text: str) -> None:
    assert read(png(text)) == text


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text("abc 药å😀;:", min_size=1, max_size=80), min_size=1, max_size=20))
def test_whatever_a_card_says_is_read_back(entries: list[str]) -> None:
    made = payload("CARD", [Section("medicines", "Medicines", tuple(entries))], lambda n: f"+{n}")
    assert read(png(made.text)) == made.text


def test_a_text_past_every_code_is_refused_by_its_code() -> None:
    with pytest.raises(BadInput) as refused:
        png("x" * 5000)
    assert refused.value.code == "text_too_long"


@dataclass(frozen=True)
class Drawn:
    """A sheet of a person with much on record."""

    many: int
    language: str

    @property
    def sheet(self) -> EmergencySheet:
        t = words(self.language)
        sections = (
            Section("name", t("emergency.name"), ("王建国",), 0), Section("born", t("emergency.born"), ("1972-08-02",), 0),
            Section("allergies", t("emergency.allergies"), tuple(f"Allergen {n}" for n in range(self.many)), 0),
            Section("medicines", t("emergency.medicines"), tuple(f"Medicine {n}, one in the morning" for n in range(self.many)), 2),
            Section("contacts", t("emergency.contacts"), (t("emergency.no_contact"),), 1), Section("as_of", t("emergency.as_of"), (t.day(NOW), t("emergency.ask")), 0),
        )  # fmt: skip
        made = payload(t("emergency.title"), sections, lambda n: t("emergency.more", n=n))
        return EmergencySheet(NOW, PersonView("p", "王建国"), sections, (), made.text, made.cut)


@pytest.mark.parametrize(("many", "language"), [(2, "en"), (2, "zh_Hans"), (200, "en"), (200, "zh_Hans")])
def test_the_sheet_is_one_page_with_the_code_on_it(many: int, language: str) -> None:
    t = words(language)
    found: Any = emergency_pdf(Drawn(many, language).sheet, t, language)
    assert found.startswith(b"%PDF")
    assert found.count(b"/Type /Page\n") == 1
