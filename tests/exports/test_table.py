"""This is the place where the table is opened again, as a spreadsheet would."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.codes import Concept
from core.domain.records import Value
from core.exports.table import COLUMNS, records_csv, safe
from core.ui.words import words
from tests.exports.given import quantity, record

EN, ZH = words("en"), words("zh_Hans")


def opened(*records: object, say: object = EN) -> list[dict[str, str]]:
    """The rows by column name; the headings are checked to be as many."""
    content = records_csv(records, say)  # type: ignore[arg-type]
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert all(len(row) == len(COLUMNS) for row in rows)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def test_a_measurement_is_a_row_with_its_bare_number_unit_range_and_source():
    (row,) = opened(record(quantity(7.2, low=3.9, high=5.5, bound=">", interpretation="H")))
    assert (row["date"], row["value"], row["unit"], row["low"], row["high"]) == ("2026-11-01", "7.2", "mmol/L", "3.9", "5.5")
    assert (row["comparator"], row["interpretation"], row["sources"], row["record"]) == (">", "H", "City hospital", "r1")
    assert (row["title"], row["code"], row["system"], row["text"]) == ("Glucose", "15074-8", "http://loinc.org", "> 7.2 mmol/L")


def test_each_component_has_its_own_row_and_a_record_without_values_has_one():
    rows = opened(record(quantity(142), quantity(88)), record(title="Penicillin", record_id="r2"))
    assert [(row["record"], row["value"]) for row in rows] == [("r1", "142"), ("r1", "88"), ("r2", "")]


def test_zero_is_a_value_and_nothing_is_not_zero():
    rows = opened(record(quantity(0.0)), record(Value(Concept((), "x"), "absent", absent="unknown")))
    assert [row["value"] for row in rows] == ["0", ""]


def test_headings_and_words_are_in_the_readers_language():
    first = records_csv([record(quantity(7.2))], ZH).decode("utf-8-sig").splitlines()[0]
    assert first.split(",")[0] == "日期" and "export." not in first
    assert "export." not in records_csv([], EN).decode("utf-8-sig")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x")']
)
def test_a_cell_that_could_run_starts_with_an_apostrophe(cell):
    assert safe(cell) == "'" + cell
    (row,) = opened(record(title=cell))
    assert not row["title"].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@pytest.mark.parametrize("cell", ["-5", "+5", "-5.25", "-1,5", "1e-5", "7.2", "2026-11-01", "< 5", "-1.5E-3", ""])
def test_numbers_and_plain_texts_stay_as_they_are(cell):
    assert safe(cell) == cell


@pytest.mark.parametrize("cell", ["-", "-5-", "-5+A1", "+1(A1)", "-5\n", "-١"])
def test_what_only_begins_like_a_number_is_no_number(cell):
    assert safe(cell) == "'" + cell


@given(title=st.text(), number=st.floats(allow_nan=False, allow_infinity=False), text=st.text())
def test_whatever_a_record_says_the_table_can_be_read_and_runs_nothing(title, number, text):
    rows = opened(record(quantity(number), title=title, detail=(("note", text),)))
    assert len(rows) == 1
    assert math.isclose(float(rows[0]["value"].removeprefix("'")), number)
    for cell in rows[0].values():
        assert not cell.startswith(("=", "@", "\t", "\r", "\n"))
