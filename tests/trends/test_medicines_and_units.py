"""This is the place where medicine spans and the person's own units are tested, and that every code said is a known one."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import core.trends
from core.domain.codes import Concept
from core.domain.people import Preferences
from core.domain.records import Standing
from core.domain.signals import SIGNALS
from core.domain.targets import TARGETS, Band
from core.trends import attention, band_for, converted, facts_for, latest, medicine_spans, readings, shown_as, window
from core.trends.codes import BASES, CODES
from tests.trends.given import ADULT, CLINIC, DIABETIC, NOW, Standards, Traits, ago, medicine, observation, one, pressure, value

SPANS = [
    ([medicine("m", "active", "2026-01-01")], [("2026-01-01", "", "ongoing")]),
    ([medicine("m", "stopped", "2025-01-01", "2025-03-01")], [("2025-01-01", "2025-03-01", "known")]),
    ([medicine("m", "completed", "2025-01-01")], [("2025-01-01", "", "unknown")]),
    ([medicine("m", "unknown", "2025-01-01")], [("2025-01-01", "", "unknown")]),
    ([medicine("m", "on-hold", "2025-01-01")], [("2025-01-01", "", "unknown")]),
    ([medicine("m", "active", "2026-01-01", "2027-01-01")], [("2026-01-01", "", "ongoing")]),
    ([medicine("m", "active", "2025-01-01", "2025-06-01")], [("2025-01-01", "2025-06-01", "known")]),
    ([medicine("m", "active", "")], []), ([medicine("m", "draft", "2026-01-01")], []), ([medicine("m", "cancelled", "2026-01-01")], []),
    ([medicine("m", "active", "2026-01-01", detail=(("intent", "proposal"),))], []),
    ([medicine("a", "stopped", "2025-01-01", "2025-06-01"), medicine("b", "active", "2025-06-05")], [("2025-01-01", "", "ongoing")]),
    ([medicine("a", "stopped", "2025-01-01", "2025-06-01"), medicine("b", "active", "2025-09-05")], [("2025-01-01", "2025-06-01", "known"), ("2025-09-05", "", "ongoing")]),
    ([medicine("a", "completed", "2025-01-01"), medicine("b", "active", "2025-06-05")], [("2025-01-01", "", "unknown"), ("2025-06-05", "", "ongoing")]),
    ([medicine("a", "active", "2025-01-01"), medicine("b", "active", "2025-02-01", name="Ramipril")], [("2025-01-01", "", "ongoing"), ("2025-02-01", "", "ongoing")]),
    ([medicine("a", "stopped", "2025", "2026-02")], [("2025", "2026-02", "known")]),
]  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), SPANS)
def test_medicines_run_from_start_to_stop_or_say_that_nobody_knows(records, expected) -> None:  # type: ignore[no-untyped-def]
    for order in (records, records[::-1]):
        assert [(span.start, span.end, span.ends) for span in medicine_spans(order, NOW)] == expected


def test_a_prescription_and_what_the_person_says_are_one_span() -> None:
    asked, said = medicine("a", "active", "2026-01-01"), medicine("b", "active", "2026-01-03")
    bare = replace(said, item=replace(said.item, kind="MedicationStatement", concept=Concept((), " amlodipine 5 MG ")))
    (span,) = medicine_spans([bare, asked], NOW)
    assert (span.records, span.ends) == (("a", "b"), "ongoing")


def test_retracted_medicines_and_other_kinds_are_no_spans() -> None:
    gone = replace(medicine("m", "active", "2026-01-01"), standing=Standing.RETRACTED)
    assert medicine_spans([gone, one("weight", 70, 1)], NOW) == ()


METRIC = Preferences()
MOLAR = Preferences(labs="mmol/L", weight="[lb_av]", temperature="[degF]", hba1c="mmol/mol")
SHOWN = [
    ("glucose", 126.13, MOLAR, 7.0, "mmol/L"), ("glucose", 126.13, METRIC, 126, "mg/dL"), ("creatinine", 1.0, MOLAR, 88, "umol/L"), ("ldl", 100, MOLAR, 2.59, "mmol/L"),
    ("hba1c", 6.5, MOLAR, 48, "mmol/mol"), ("hba1c", 6.54, METRIC, 6.5, "%"), ("weight", 70, MOLAR, 154.3, "[lb_av]"), ("temp", 37, MOLAR, 98.6, "[degF]"),
    ("hb", 13.2, MOLAR, 132, "g/L"), ("sbp", 120, MOLAR, 120, "mm[Hg]"), ("potassium", 4.12, MOLAR, 4.1, "mmol/L"), ("tg", 150.57, MOLAR, 1.7, "mmol/L"),
]  # fmt: skip


@pytest.mark.parametrize(("signal", "number", "chosen", "shown", "unit"), SHOWN)
def test_numbers_are_shown_in_the_units_a_person_chose(
    signal: str, number: float, chosen: Preferences, shown: float, unit: str
) -> None:
    found = converted(readings([one(signal, number, 1, low=number, high=number)]).get(signal), chosen)
    assert found.unit == unit
    assert (found.value[0], found.low[0], found.high[0]) == pytest.approx((shown, shown, shown), abs=1e-9)


@pytest.mark.parametrize("signal", [row.key for row in SIGNALS.values() if row.unit and row.loinc])
def test_every_signal_can_be_shown_in_every_choice_and_read_back(signal: str) -> None:
    low, high = SIGNALS[signal].plausible or (1, 2)
    series = readings([one(signal, (low + high) / 2, 1)]).get(signal)
    for chosen in (METRIC, MOLAR):
        unit = shown_as(signal, chosen).unit
        again = readings([one(signal, float(converted(series, chosen).value[0]), 1, unit)]).get(signal)
        step = 10.0 ** -shown_as(signal, chosen).decimals
        assert np.isclose(again.value[0], series.value[0], rtol=0.02, atol=2 * step)


def test_a_choice_that_does_not_fit_is_passed_over() -> None:
    assert shown_as("weight", Preferences(weight="cm")).unit == "kg"


def test_facts_and_bands_change_with_the_values() -> None:
    judged = latest(readings([one("glucose", 7.0, 1, "mmol/L", low=3.9, high=6.1)]), ADULT, NOW)[0]
    said = facts_for(judged.judgement.facts, MOLAR)
    assert said == {"signal": "glucose", "value": 7.0, "unit": "mmol/L", "low": 3.9, "high": 6.1, "basis": "lab"}
    assert facts_for({"sbp": 140, "unit": "mm[Hg]", "signal": "blood_pressure"}, MOLAR)["sbp"] == 140
    assert band_for("hba1c", Band(None, 7.0, "%", high_open=True), MOLAR) == Band(None, 53, "mmol/mol", high_open=True)


def _produced() -> list[tuple[str, dict[str, object]]]:
    """Codes with their facts, from records that provoke as many as can be."""
    made: list[tuple[str, dict[str, object]]] = []
    rows = [
        [pressure(upper, lower, days, source=source) for source in (CLINIC,)] + [pressure(upper, lower, days)]
        for upper, lower in ((120, 70), (137, 80), (150, 95), (190, 100), (85, 50)) for days in (0.2, 9, 90)
    ]  # fmt: skip
    rows += [
        [one(signal, number, days, **more)]
        for signal, number in (("potassium", 6.0), ("glucose", 50), ("glucose", 65), ("hba1c", 6.0), ("hba1c", 9.0), ("glucose_fasting", 40), ("sbp", 190))
        for days in (0.2, 9, 900)
        for more in ({}, {"low": 3.0, "high": 5.0}, {"low": 1.0, "high": 99.0}, {"low": 70.0}, {"bound": "<"}, {"interpretation": "HH"}, {"interpretation": "A"})
    ]  # fmt: skip
    rows += [[pressure(140, 90, n + half) for n in range(days) for half in (0.1, 0.5)] for days in (2, 6)] + [
        [one("weight", 70, 12 + n) for n in range(40)]
    ]
    rows += [[], [observation("q", (value("weight", 70, problem="x"),), ago(1), {"see_original": "x"})]]
    for records in rows:
        for who in (ADULT, DIABETIC, Standards(Traits(8)), Standards(Traits(30, pregnant=True))):
            made += [(one.judgement.code, dict(one.judgement.facts)) for one in latest(readings(records), who, NOW)]
            made += [(notice.code, dict(notice.facts)) for notice in attention(records, who, NOW)]
        for series in readings(records).series.values():
            sentence = window(series, "all", NOW, Band(None, 135, series.unit)).sentence
            made += [(sentence.code, dict(sentence.facts))] + (
                [(sentence.target[0], dict(sentence.target[1]))] if sentence.target else []
            )
    return made


def test_every_code_carries_the_facts_it_promises() -> None:
    seen = _produced()
    for code, facts in seen:
        promised = CODES[code].split()
        needed, may = {name for name in promised if not name.endswith("?")}, {name.rstrip("?") for name in promised}
        assert needed <= facts.keys() <= may, (code, sorted(facts))
    assert len({code for code, _ in seen}) > 30


def test_every_code_in_the_subject_is_listed_and_every_listed_one_is_used() -> None:
    families = tuple(sorted({code.split(".")[0] + "." for code in CODES}))
    said: set[str] = set()
    for file in Path(core.trends.__file__).parent.glob("*.py"):
        if file.name == "codes.py":
            continue
        strings = (
            node.value
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        said |= {text for text in strings if text.startswith(families) and " " not in text and not text.endswith(".")}
    renamed = {
        "attention." + code.split(".")[1]
        for code in ("judged.bp_severe", "judged.bp_severe_earlier", "judged.glucose_low", "judged.glucose_very_low")
    }
    assert said | renamed == set(CODES)


def test_every_basis_has_a_name() -> None:
    shown = {row.basis for row in TARGETS if row.shown_to_patients}
    assert shown | {"own_goal", "lab"} == set(BASES)
