"""This is the place where it is tested that every finding can be said: its words have no hole that its facts don't fill, in no language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from core.care.views import Fact
from core.medications import allergies, cautions, genes, kidney_doses
from core.medications.findings import Finding
from core.ui.sentences import sentence
from core.ui.words import languages, words
from tests.medications.safety import allergy, measured, medicine, person, rules
from tests.medications.test_genes import SHEET, age_of, result

HOLE = re.compile(r"\{\w*\}")


def every_finding() -> Iterator[Finding]:
    """At least one finding of each sentence."""
    for group in rules().of(allergies.ALLERGY).groups:
        reacting = rules().of(allergies.ALLERGY).reactions.get(group.reaction, ("Rash",))[:1]
        named = next((word for word in group.words), "") or next(key for key in group.allergens if key[:1].islower())
        entry = allergy(named, *([] if group.words else [named]), reactions=reacting)
        yield from allergies.check(rules(), person(medicine((group.medicines or group.allergens)[-1]), allergies=(entry,)))[0]
    for row in rules().of(kidney_doses.KIDNEY).rows:
        for value in (1.0, 5.2, 6.0, 7.0, 20.0, 35.0, 44.0, 100.0):
            facts = person(
                medicine(row.medicines[0]), age=81, egfr=measured(value), potassium=measured(value), creatinine=measured(72 / value), weight=measured(59)
            )
            yield from kidney_doses.check(rules(), facts)[0]
    for caution in rules().of(cautions.CAUTIONS).rows:
        yield from cautions.check(rules(), person(medicine(caution.medicines[0]), age=7, sex="female", pregnancy="pregnant"))[0]
    for one in SHEET.rows:
        results = tuple(result(gene, condition) for gene, condition in one.when.items())
        yield from genes.check(rules(), person(medicine(one.medicines[0]), age=age_of(one), gene_results=results))[0]
    for test in SHEET.before_start:
        yield from genes.check(rules(), person(medicine(test.medicines[0])))[0]


@pytest.mark.parametrize("language", languages())
def test_every_finding_is_said_without_a_hole(language: str) -> None:
    t = words(language)
    said = {(key, sentence(t, Fact(key, one.facts))) for one in every_finding() for key in (one.what, one.why)}
    assert len({key for key, _ in said}) > 60
    assert [text for key, text in said if HOLE.search(text) or key in text or not text] == []


def test_a_patient_reads_no_dose_and_no_number() -> None:
    t = words("en")
    for one in every_finding():
        text = sentence(t, Fact(one.what, {**one.facts, "medicine": "It", "allergen": "it"}))
        assert not re.search(r"\d|\bstop\b", text), text
        assert "before" in text or "Call your clinic" in text, text
