"""This is the place where it is held what counts as the same thing taken twice, and what doesn't."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pytest

from core.domain.codes import ATC, Coding, Concept
from core.medications.duplicates import DUPLICATES, check
from core.medications.facts import PersonFacts
from core.medications.findings import Finding
from core.medications.ingredients import INGREDIENTS, taken
from core.medications.tables import Rules, load
from core.rules import ShippedTables


@lru_cache(maxsize=1)
def rules() -> Rules:
    return load(ShippedTables().read, (INGREDIENTS, DUPLICATES))


def found(*titles: str | Concept) -> list[Finding]:
    table = rules().of(INGREDIENTS)
    concepts = [one if isinstance(one, Concept) else Concept(text=one) for one in titles]
    findings, left = check(rules(), PersonFacts(date(2026, 11, 26), tuple(taken(str(at), one, table) for at, one in enumerate(concepts))))
    assert left == []
    return findings


@pytest.mark.parametrize(
    ("titles", "same"),
    [
        (("Tylenol", "Percocet"), "paracetamol"),
        (("Ibuprofen 200 MG Oral Tablet", "Advil"), "ibuprofen"),
        (("阿司匹林肠溶片", "Aspirin 81 mg"), "acetylsalicylic acid"),
        (("Lisinopril 10 mg", "Lisinopril 20 MG / Hydrochlorothiazide 12.5 MG Oral Tablet"), "lisinopril"),
        (("Metformin 500", "Metformin 500"), "metformin"),
        (("丹参片", "复方丹参滴丸"), "danshen (Salvia)"),
    ],
)
def test_one_ingredient_in_two_medicines_is_a_caution(titles: tuple[str, str], same: str) -> None:
    (one,) = [each for each in found(*titles) if each.rule == "same_ingredient"]
    assert (one.severity, one.facts["same"], one.medicines, one.for_patients) == (2, same, ("0", "1"), True)


@pytest.mark.parametrize(
    ("titles", "group"),
    [(("Simvastatin", "Atorvastatin"), "C10AA"), (("Ibuprofen", "Naproxen"), "M01AE"), (("Aspirin", "Clopidogrel"), "B01AC"), (("Lisinopril", "Ramipril"), "C09AA")],
)
def test_two_ingredients_of_one_class_are_said_for_information(titles: tuple[str, str], group: str) -> None:
    (one,) = found(*titles)
    assert (one.rule, one.severity, one.facts["same"]) == ("same_class", 1, group)


@pytest.mark.parametrize(
    "titles",
    [
        ("Simvastatin", "Ezetimibe"),
        ("Insulin lispro", "Insulin glargine"),
        ("Insulin lispro", "Insulin aspart"),
        ("Albuterol Metered Dose Inhaler", "salmeterol Dry Powder Inhaler"),
        ("diclofenac 1 % gel", "Diclofenac 50 mg tablet"),
        ("timolol ophthalmic solution", "Propranolol"),
        ("Lisinopril 20 MG / Hydrochlorothiazide 12.5 MG Oral Tablet",),
        ("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", "Metformin"),
        ("Foozid", "Foozid"),
    ],
)
def test_what_is_usual_together_or_not_the_same_is_silent(titles: tuple[str, ...]) -> None:
    assert found(*titles) == []


def test_three_of_one_are_said_once() -> None:
    one, *rest = found("Ibuprofen 200", "Advil", "Motrin")
    assert (rest, one.medicines, one.facts["n"]) == ([], ("0", "1", "2"), 3)


def test_two_unknown_ingredients_of_one_class_are_of_one_class() -> None:
    first, second = (Concept((Coding(ATC, code),), code) for code in ("N06AB09", "N06AB07"))
    assert [one.rule for one in found(first, second)] == ["same_class"]
