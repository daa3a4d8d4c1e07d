"""This is the place where it is held that codes and names become the right ingredients, and that what isn't understood is said to be so."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.medicine_coverage import measure
from core.domain.codes import ATC, RXNORM, Coding, Concept
from core.medications.findings import Taken
from core.medications.ingredients import INGREDIENTS, Ingredients, is_member, parts, stays_put, taken
from core.medications.tables import load
from core.rules import ShippedTables

FLOOR = 0.99


@lru_cache(maxsize=1)
def table() -> Ingredients:
    return load(ShippedTables().read, (INGREDIENTS,)).of(INGREDIENTS)


def read(text: str = "", *codings: Coding, route: str = "") -> Taken:
    return taken("m", Concept(codings, text), table(), route)


NAMES = [
    ("24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet", "metformin"),
    ("Simvastatin 20 MG Oral Tablet", "simvastatin"),
    ("Hydrochlorothiazide 25 MG / Lisinopril 20 MG Oral Tablet", "hydrochlorothiazide lisinopril"),
    ("Lisinopril-HCTZ 20-12.5", "hydrochlorothiazide lisinopril"),
    ("1 ML Epoetin Alfa 4000 UNT/ML Injection [Epogen]", "epoetin"),
    ("insulin isophane, human 70 UNT/ML / insulin, regular, human 30 UNT/ML Injectable Suspension [Humulin]", "insulin_human"),
    ("insulin glargine 100 international units/mL injection, 10 mL vial", "insulin_glargine"),
    ("Insulin lispro", "insulin_lispro"),
    ("Product containing metformin (medicinal product)", "metformin"),
    ("Tylenol", "paracetamol"),
    ("Tylenol PM Pill", "diphenhydramine paracetamol"),
    ("acetaminophen 325 mg / oxyCODONE Hydrochloride 5 MG Oral Tablet", "oxycodone paracetamol"),
    ("amoxicillin-clavulanate 875-125 mg", "amoxicillin clavulanic_acid"),
    ("co-trimoxazole 960 mg", "sulfamethoxazole trimethoprim"),
    ("losartan potassium 50 mg tablet", "losartan"),
    ("Penicillin V Potassium 500 MG Oral Tablet", "phenoxymethylpenicillin"),
    ("Potassium Chloride ER 20 mEq", "potassium_chloride"),
    ("Calcium 600 + D3", "calcium colecalciferol"),
    ("Vitamin B 12 5 MG/ML Injectable Solution", "cyanocobalamin"),
    ("Vitamin K", "phytomenadione"),
    ("nitroglycerin 0.4 MG Sublingual Tablet", "glyceryl_trinitrate"),
    ("Spironolactone 25 mg", "spironolactone"),
    ("St. John's Wort 300 mg", "hyperici_herba"),
    ("Warfarin (Coumadin) 5 mg: do not take with aspirin", "warfarin"),
    ("盐酸二甲双胍缓释片", "metformin"),
    ("苯磺酸左氨氯地平片", "levamlodipine"),
    ("阿司匹林肠溶片 100mg", "acetylsalicylic_acid"),
    ("厄贝沙坦氢氯噻嗪片", "hydrochlorothiazide irbesartan"),
    ("阿莫西林克拉维酸钾片", "amoxicillin clavulanic_acid"),
    ("單硝酸異山梨酯", "isosorbide_mononitrate"),
    ("二甲雙胍", "metformin"),
    ("乙醯胺酚", "paracetamol"),
    ("冠脂妥膜衣錠", "rosuvastatin"),
    ("硝酸甘油片", "glyceryl_trinitrate"),
    ("复方丹参滴丸", "danshen"),
    ("银杏叶片", "ginkgo"),
    ("碳酸钙D3片", "calcium_carbonate colecalciferol"),
    ("阿托伐他汀钙片", "atorvastatin"),
    ("钙片", "calcium"),
    ("维D钙咀嚼片", "calcium colecalciferol"),
    ("阿司匹林 + 钙片", "acetylsalicylic_acid calcium"),
    ("ＭＥＴＦＯＲＭＩＮ　５００ｍｇ", "metformin"),
]


@pytest.mark.parametrize(("title", "ingredients"), NAMES)
def test_a_name_is_read_as_its_ingredients_and_nothing_is_left_over(title: str, ingredients: str) -> None:
    found = read(title)
    assert (" ".join(sorted(found.ingredients)), found.unread) == (ingredients, "")


@pytest.mark.parametrize(
    "title",
    [
        "Aspirin-free pain reliever", "pain relief without aspirin", "不含阿司匹林", "non-aspirin", "glucose test strips", "calcium dobesilate 500 mg",
        "glycerinated water", "potassiumless salt", "Foozid 20", "ironwood", "warfarinoid", "", "   ", "20 mg", "tablet",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_medicine_is_not_one(title: str) -> None:
    assert (read(title).ingredients, read(title).unread) == ((), "unknown_medicine")


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("Hydrochlorothiazide 25 MG / Foozid 20 MG Oral Tablet", "hydrochlorothiazide"),
        ("aspirin and foozid", "acetylsalicylic_acid"),
        ("二羟丙茶碱片", "theophylline"),
        ("人参归脾丸", "renshen"),
        ("阿莫西林双氯西林胶囊", "amoxicillin"),
        ("复方氯丙嗪", "chlorpromazine"),
        ("compound warfarin", "warfarin"),
    ],
)
def test_a_part_that_is_not_understood_is_said(title: str, known: str) -> None:
    found = read(title)
    assert (found.ingredients, found.unread) == ((known,), "partly_known_medicine")


@pytest.mark.parametrize("title", ["aspirin or ibuprofen", "阿司匹林或布洛芬", "Tylenol or Advil"])
def test_one_or_the_other_is_neither(title: str) -> None:
    assert (read(title).ingredients, read(title).unread) == ((), "ambiguous_medicine")


def test_one_thing_or_itself_is_that_thing() -> None:
    assert read("Tylenol or acetaminophen").ingredients == ("paracetamol",)


def test_a_code_and_a_name_that_contradict_each_other_are_not_read() -> None:
    assert read("Aspirin 81 mg", Coding(RXNORM, "6809")).unread == "ambiguous_medicine"
    assert read("Metformin", Coding(ATC, "A10BA02")).unread == ""


def test_where_the_code_knows_more_than_the_name_its_ingredients_count() -> None:
    found = read("Atorvastatin", Coding(ATC, "C10BX03"))
    assert (set(found.ingredients), found.unread) == ({"atorvastatin", "amlodipine"}, "")


def test_a_bare_code_is_called_by_its_ingredient() -> None:
    assert read("", Coding(RXNORM, "36567")).title == "simvastatin"


def test_an_atc_code_that_is_not_in_the_table_still_tells_the_class() -> None:
    found = read("Etoperidone", Coding(ATC, "N06AB09"))
    assert (found.ingredients, found.atc, found.unread) == ((), ("N06AB09",), "unknown_medicine")
    assert is_member(found, ("N06AB",))
    assert [one.among(("N06AB",)) for one in parts(found, table())] == [True]


@pytest.mark.parametrize("system", ["http://www.whocc.no/atc", "http://www.whocc.no/atc/", "urn:oid:2.16.840.1.113883.6.73"])
def test_atc_is_known_under_all_its_names(system: str) -> None:
    assert read("", Coding(system, " c10aa01 ")).ingredients == ("simvastatin",)


def test_a_code_of_an_unknown_system_tells_nothing() -> None:
    assert read("", Coding("http://example.org/drugs", "36567")).unread == "unknown_medicine"


@pytest.mark.parametrize(
    ("title", "route", "code", "stays"),
    [
        ("timolol 0.5 % ophthalmic solution", "", "S01ED01", True),
        ("噻吗洛尔滴眼液", "", "S01ED01", True),
        ("Timolol", "54485002", "S01ED01", True),
        ("Timolol 10 mg oral tablet", "", "C07AA06", False),
        ("Timolol", "", "C07AA06", False),
        ("diclofenac 1 % gel", "", "M02AA15", True),
        ("Ibuprofen liquid gel capsule", "", "M01AE01", False),
        ("sumatriptan nasal spray", "", "N02CC01", False),
        ("ketoconazole shampoo", "", "D01AC08", True),
        ("budesonide 0.25 MG/ML Inhalation Suspension", "", "R03BA02", True),
    ],
)
def test_how_it_is_taken_decides_which_rules_are_about_it(title: str, route: str, code: str, stays: bool) -> None:
    found = read(title, route=route)
    assert code in found.atc
    assert stays_put(found) is stays


def test_eye_drops_by_their_atc_code_are_no_beta_blocker_in_the_blood() -> None:
    assert not is_member(read("", Coding(ATC, "S01ED01")), ("C07",))


def test_every_name_and_code_in_the_table_is_read_as_its_ingredient() -> None:
    wrong = []
    for one in table().rows.values():
        found = [(name, read(name)) for name in (one.name, one.zh, *one.names) if name]
        found += [(code, read("", Coding(ATC, code))) for code in one.atc if len(code) == 7]
        found += [(code, read("", Coding(RXNORM, code))) for code in one.rxnorm]
        wrong += [(one.key, said, read_as.ingredients) for said, read_as in found if read_as.ingredients != (one.key,)]
    assert wrong == []


LOOSE = st.text(st.characters(codec="utf-8"), max_size=60)
NAMED = st.lists(st.sampled_from([*(title for title, _ in NAMES), "/", " and ", " or ", "复方", "-free", "20 mg"]), max_size=6).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(text=LOOSE | NAMED, code=LOOSE, route=LOOSE)
def test_any_words_give_an_answer_of_known_ingredients(text: str, code: str, route: str) -> None:
    found = read(text, Coding(ATC, code, text), Coding(RXNORM, code), route=route)
    assert set(found.ingredients) <= table().rows.keys()
    assert found.unread in ("", "unknown_medicine", "ambiguous_medicine", "partly_known_medicine")
    assert bool(found.ingredients) or bool(found.unread)


@settings(max_examples=80, deadline=None)
@given(title=st.sampled_from([title for title, _ in NAMES if title.isascii()]), upper=st.booleans(), around=st.sampled_from(["", " ", "\t", "  "]))
def test_case_and_blanks_change_nothing(title: str, upper: bool, around: str) -> None:
    changed = around + (title.upper() if upper else title.lower()).replace(" ", "  ") + around
    assert (read(changed).ingredients, read(changed).unread) == (read(title).ingredients, read(title).unread)


def test_a_very_long_name_is_read_quickly() -> None:
    assert read("aspirin / " * 100_000).ingredients == ("acetylsalicylic_acid",)


def test_the_shared_records_are_understood(shared_data: Path) -> None:
    found = measure(shared_data / "fhir")
    assert found.total > 2000
    assert found.share >= FLOOR, found.names.most_common(10)
