"""This is the place where the many ways of writing a unit are held to one meaning, and conversions to their vectors."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.signals import SIGNALS, by_loinc
from core.domain.signals_table import FROM_MEMORY, ROWS
from core.domain.unit_table import WHOLE, WORDS
from core.domain.units import convert, linear, ucum

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "clinical" / "loinc_units.json"

GOOD_UCUM = ["10*3/uL", "10*6/uL", "10*9/L", "10*12/L", "mL/min/{1.73_m2}", "[IU]/L", "U/L", "kU/L", "m[IU]/L", "u[IU]/mL", "ng/mL", "pg/mL", "ug/L", "meq/L", "mosm/kg", "%", "{score}", "{nominal}", "[pH]", "1", "{INR}", "[degF]", "Cel", "mm[Hg]", "/min", "{beats}/min", "[in_i]", "[lb_av]", "[oz_av]", "kg/m2", "g/(24.h)", "mg/(24.h)", "mg/g", "mg/mmol", "umol/L", "mmol/mol", "/[HPF]", "/[LPF]", "[ppm]", "dB", "[diop]", "h", "min", "s", "ms", "wk", "d", "mo", "a", "d/wk", "min/d", "g/cm2", "{T-score}", "L/min", "kPa", "cm[H2O]", "fL", "pg", "mg/dL", "g/dL", "mmol/L", "nmol/L", "pmol/L", "cm", "m", "mm", "kg", "g", "mg", "ug", "{copies}/mL", "[arb'U]/mL", "ug/mL{FEU}", "mg/kg/d", "ug/kg/min", "/100{WBC}", "L/L"]  # fmt: skip

WRITTEN = {
    "mm[Hg]": ["mmHg", "mm Hg", "MMHG", "mm hg", "mmhg.", "毫米汞柱", "ｍｍＨｇ"],
    "Cel": ["C", "°C", "ºC", "° C", "degC", "deg C", "celsius", "Celsius", "degrees C", "degrees Celsius", "℃", "摄氏度"],
    "[degF]": ["F", "°F", "degF", "Deg F", "fahrenheit", "℉"],
    "kg": ["Kg", "KG", "kg.", "kgs", "kilograms", "公斤", "千克"],
    "[lb_av]": ["lb", "lbs", "LBS", "lbs.", "pounds", "Pound", "磅", "[lb_us]"],
    "[in_i]": ["in", "in.", "inch", "inches", "IN"],
    "cm": ["cm.", "CM", "centimeters", "厘米", "公分"],
    "/min": ["bpm", "BPM", "beats/min", "beats/minute", "beats per minute", "breaths/min", "breaths per minute", "次/分", "次/分钟", "1/min", "{beat}/min}"],
    "mg/dL": ["mg/dl", "MG/DL", "Mg/dL", "mg / dL", "mg%", "mg/100ml"],
    "mmol/L": ["mmol/l", "MMOL/L", "mM", "毫摩尔/升", "millimoles/liter"],
    "umol/L": ["umol/l", "µmol/L", "μmol/L", "UMOL/L", "mcmol/L", "微摩尔/升"],
    "ug": ["mcg", "ug", "µg", "micrograms", "UG"],
    "[IU]/L": ["IU/L", "iu/l", "UI/L"],
    "U/L": ["U/l", "u/l", "units/L"],
    "10*3/uL": ["K/uL", "k/ul", "K/mcL", "10^3/uL", "10*3/ul", "x10E3/uL", "x10^3/uL", "10x3/uL", "X10E3/UL", "10³/µL", "thou/uL", "thousands/uL", "Thousand/uL"],
    "10*9/L": ["10^9/L", "10E9/L", "x10^9/L", "x10(9)/L", "10⁹/L", "×10⁹/L", "x10*9/L", "Gpt/L"],
    "10*12/L": ["10^12/L", "x10E12/L", "T/L"],
    "10*6/uL": ["M/uL", "million/uL", "10^6/uL"],
    "{cells}/uL": ["cells/uL", "cells/mcL", "cells/µL"],
    "mL/min/{1.73_m2}": ["mL/min/1.73m2", "mL/min/1.73 m2", "mL/min/1.73m²", "ml/min/1.73m^2", "mL/min/1.73.m2", "mL/min/{1.73m2}", "ML/MIN/1.73M2"],
    "%": ["percent", "Percent", "% ", "％", "%O2"],
    "meq/L": ["mEq/L", "MEQ/L", "meq/l"],
    "u[IU]/mL": ["uIU/mL", "µIU/mL", "UIU/ML"],
    "m[IU]/L": ["mIU/L", "MIU/L", "miu/l"],
    "kg/m2": ["kg/m²", "kg/m^2", "KG/M2", "kg/sqm", "公斤/平方米"],
    "s": ["sec", "secs", "seconds", "SEC"],
    "a": ["yr", "yrs", "year", "years", "岁"],
    "mm/h": ["mm/hr", "MM/HR"],
    "mg/(24.h)": ["mg/24h", "mg/24 hr", "mg/24hours"],
    "/[HPF]": ["/hpf", "/HPF"],
    "g/dL": ["G/DL", "gm/dL", "GM/DL", "g/dl", "g%"],
    "mg/g": ["mg/g creat", "mg/gCr"],
    "{score}": ["score", "(score)", "points"],
    "[pH]": ["pH", "ph"],
    "/d": ["# per day"],
    "/a": ["# per year"],
    "L/min": ["liters/min", "l/min", "L/MIN"],
}  # fmt: skip

NOT_SAID = [
    "M",
    "G",
    "G/L",
    "MM",
    "K",
    "S",
    "H",
    "A",
    "D",
    "T",
    "Cal",
    "pt",
    "103/uL",
    "unit",
    "units",
    "degrees",
    "斤",
    "blah",
    "12",
    "N/A",
    "null",
    "kg kg",
    "mg//dL",
    "/",
    ".",
    "()",
    "((((m))))",
    "{unclosed",
    "10*",
    "",
    "",
    "  ",
    "mmmm",
    "%%",
    "m%",
    "MU/L",
    "24h",
    "c",
    "f",
    "mil/uL",
]


@pytest.mark.parametrize("code", GOOD_UCUM)
def test_good_ucum_stays_as_it_is(code: str) -> None:
    assert ucum(code) == code


@pytest.mark.parametrize(("code", "written"), [(code, one) for code, many in WRITTEN.items() for one in many])
def test_what_people_write_becomes_ucum(code: str, written: str) -> None:
    assert ucum(written) == code


@pytest.mark.parametrize("written", NOT_SAID)
def test_two_meanings_or_none_are_never_guessed(written: str) -> None:
    assert ucum(written) is None


def test_every_alias_leads_to_a_unit_that_leads_to_itself() -> None:
    for code in {*WORDS.values(), *WHOLE.values()} - {"(24.h)", "10*3", "10*6"}:
        assert ucum(code) == code, code


def test_every_unit_of_a_signal_is_canonical() -> None:
    for row in ROWS:
        for unit in (row.unit, *(other for other, _, _ in row.convert)):
            assert not unit or ucum(unit) == unit, (row.key, unit)


@given(st.text(max_size=80) | st.text("mgdLkKuµ/^*x10 []{}().%CF²⁹", max_size=20))
def test_any_text_has_an_answer_that_is_its_own_answer(text: str) -> None:
    code = ucum(text)
    assert code is None or ucum(code) == code


@pytest.mark.parametrize("nothing", [None, 5, b"kg", ["kg"]])
def test_what_is_no_text_is_no_unit(nothing: object) -> None:
    assert ucum(nothing) is None  # type: ignore[arg-type]


CONVERTED = [
    (98.6, "[degF]", "Cel", "temp", 37.0), (37.0, "Cel", "[degF]", "temp", 98.6), (154.32, "[lb_av]", "kg", "weight", 69.998),
    (120.0, "mm[Hg]", "kPa", "sbp", 15.9987), (70.0, "[in_i]", "cm", "height", 177.8), (5.5, "[ft_i]", "cm", "", 167.64),
    (7.0, "10*3/uL", "10*9/L", "wbc", 7.0), (4.5, "10*6/uL", "10*12/L", "rbc", 4.5), (7000.0, "{cells}/uL", "10*3/uL", "", 7.0),
    (6.5, "%", "mmol/mol", "hba1c", 47.53), (100.0, "mg/dL", "mmol/L", "glucose", 5.55), (5000.0, "umol/L", "mg/dL", "glucose", 90.09),
    (1.0, "ukat/L", "U/L", "alt", 60.0), (40.0, "[IU]/L", "U/L", "alt", 40.0), (0.42, "1", "%", "hct", 42.0), (0.42, "L/L", "%", "hct", 42.0),
    (0.97, "1", "%", "spo2", 97.0), (4.0, "meq/L", "mmol/L", "potassium", 4.0), (2.5, "mmol/L", "mg/dL", "calcium", 10.02),
    (5.0, "mmol/L", "mg/dL", "calcium", 20.04), (1.0, "mg/L", "mg/dL", "crp", 0.1), (2.0, "g/(24.h)", "mg/d", "", 2000.0), (90.0, "min", "h", "sleep", 1.5),
    (72.0, "{beats}/min", "/min", "hr", 72.0), (1.1, "1", "{INR}", "inr", 1.1), (60.0, "mL/min", "mL/min/{1.73_m2}", "egfr", 60.0),
]  # fmt: skip


@pytest.mark.parametrize(("value", "here", "there", "signal", "expected"), CONVERTED)
def test_values_change_units(value: float, here: str, there: str, signal: str, expected: float) -> None:
    found = convert(value, here, there, signal)
    assert found is not None
    assert math.isclose(found, expected, rel_tol=2e-4)


REFUSED = [
    ("mg/dL", "mmol/L", ""), ("mg/dL", "mmol/L", "sodium"), ("mmol/mol", "%", ""), ("mg/g", "%", ""), ("kg", "cm", "weight"),
    ("[IU]/L", "U/L", ""), ("mL/min", "mL/min/{1.73_m2}", ""), ("ug/mL{FEU}", "ug/mL{DDU}", ""), ("{score}", "%", ""), ("Cel", "/min", "temp"),
    ("nonsense", "kg", "weight"), ("", "kg", "weight"), ("mg/dL", "umol/L", "glucose_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("here", "there", "signal"), REFUSED)
def test_what_needs_more_than_the_units_is_refused(here: str, there: str, signal: str) -> None:
    assert convert(1.0, here, there, signal) is None


def test_the_reference_vectors_hold() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference table ../shared/clinical/loinc_units.json is not here")
    for vector in json.loads(REFERENCE.read_text())["vectors"]:
        found = convert(vector["value"], vector["unit"], SIGNALS[vector["key"]].unit, vector["key"])
        assert found is not None
        assert math.isclose(found, vector["expected"], rel_tol=1e-3), vector


def test_every_reference_code_leads_to_its_signal() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference table ../shared/clinical/loinc_units.json is not here")
    for item in json.loads(REFERENCE.read_text())["items"]:
        key = {"hba1c_ifcc": "hba1c"}.get(item["key"], item["key"])  # one trend, whichever scale the laboratory uses
        for loinc in item["loinc"]:
            row = by_loinc(loinc["code"])
            assert row is not None
            assert row.key == key
            doubted = "MEMORY" in loinc["status"] or "once" in loinc["status"]
            assert (loinc["code"] in FROM_MEMORY) == doubted, loinc


_UNITS = [(row.key, unit) for row in ROWS if row.unit for unit in (row.unit, *(other for other, _, _ in row.convert))]


@given(st.sampled_from(_UNITS), st.floats(0.01, 1e4))
def test_there_and_back_is_where_it_was(pair: tuple[str, str], value: float) -> None:
    key, unit = pair
    there = convert(value, unit, SIGNALS[key].unit, key)
    assert there is not None
    back = convert(there, SIGNALS[key].unit, unit, key)
    assert back is not None
    assert math.isclose(back, value, rel_tol=1e-9, abs_tol=1e-9)


def test_a_code_stands_for_one_signal_only() -> None:
    codes = [code for row in ROWS for code in row.loinc]
    assert len(codes) == len(set(codes))
    assert by_loinc("85354-9").category == by_loinc("55284-4").category == "panel"  # type: ignore[union-attr]
    assert by_loinc("00000-0") is None


def test_a_newborn_and_a_giant_are_within_the_guards() -> None:
    for key, numbers in {"weight": (0.5, 300), "height": (35, 250), "sbp": (55, 250), "hr": (35, 240), "rr": (8, 70)}.items():
        low, high = SIGNALS[key].plausible or (0, 0)
        assert low <= min(numbers)
        assert max(numbers) <= high


def test_the_same_unit_needs_no_arithmetic() -> None:
    assert linear("mg/dL", "mg/dL", "glucose") == (1.0, 0.0)
    assert convert(7.1, "%", "%", "hba1c") == 7.1
