"""This is the place where every rule about two medicines (or three) is made to fire, and made not to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import permutations, product

import pytest

from core.domain.codes import ATC, Coding, Concept
from core.medications.facts import PersonFacts
from core.medications.findings import ASK_TOGETHER, Finding, Severity, Taken
from core.medications.ingredients import INGREDIENTS, Ingredients, Part, is_local, taken
from core.medications.interactions import INTERACTIONS, InteractionSheet, Pair, check
from core.medications.tables import Rules, load
from core.rules import ShippedTables

UNRELATED = Taken("unrelated", "Latanoprost", Concept(text="Latanoprost"), ("senna",), ("A06AB06",))


@lru_cache(maxsize=1)
def rules() -> Rules:
    return load(ShippedTables().read, (INGREDIENTS, INTERACTIONS))


def sheet() -> InteractionSheet:
    return rules().of(INTERACTIONS)


def table() -> Ingredients:
    return rules().of(INGREDIENTS)


def found(*medicines: Taken) -> list[Finding]:
    findings, left = check(rules(), PersonFacts(date(2026, 11, 26), medicines))
    assert left == []
    return findings


def named(*titles: str) -> list[Finding]:
    return found(*(taken(str(at), Concept(text=title), table()) for at, title in enumerate(titles)))


def ingredients_of(members: tuple[str, ...]) -> list[str]:
    """Keys of the table that are among the members by a code that is taken inwardly."""
    return [
        row.key
        for row in table().rows.values()
        if Part(row.key, tuple(code for code in row.atc if not is_local(code)) or row.atc).among(members)
    ]


def medicine(key: str, number: int) -> Taken:
    codes = table().rows[key].atc
    return Taken(f"{number}", key, Concept(text=key), (key,), tuple(code for code in codes if not is_local(code)) or codes, "systemic")


def pairs_of(row: Pair) -> Iterator[tuple[str, str]]:
    yield from ((a, b) for a, b in product(ingredients_of(row.a), ingredients_of(row.b)) if a != b)


@pytest.mark.parametrize("row", sheet().rows, ids=lambda row: row.id)
def test_every_rule_fires_for_a_pair_of_its_own(row: Pair) -> None:
    """By the rule itself, or (where a graver one says more of the same pair) by that one."""
    a, b = next(pairs_of(row))
    for first, second in permutations((medicine(a, 1), medicine(b, 2))):
        severities = [one.severity for one in found(first, second) if (one.source.status == "verified") == (row.source != "memory")]
        assert severities
        assert max(severities) >= row.severity
    assert any(one.rule == row.id for x, y in pairs_of(row) for one in found(medicine(x, 1), medicine(y, 2)))


@pytest.mark.parametrize("row", sheet().rows, ids=lambda row: row.id)
def test_every_member_of_a_rule_stands_for_some_medicine(row: Pair) -> None:
    """A prefix or key that no ingredient or combination of ours has would be a rule that never fires."""
    for member in (one.lstrip("-") for one in (*row.a, *row.b)):
        assert ingredients_of((member,)) or any(code.startswith(member) for code in table().by_atc), member


@pytest.mark.parametrize("row", sheet().rows, ids=lambda row: row.id)
def test_no_rule_fires_when_one_of_the_two_is_something_else(row: Pair) -> None:
    a, b = next(pairs_of(row))
    assert found(medicine(a, 1), UNRELATED) == []
    assert found(UNRELATED, medicine(b, 2)) == []


@pytest.mark.parametrize("row", sheet().rows, ids=lambda row: row.id)
def test_no_rule_fires_within_one_medicine(row: Pair) -> None:
    a, b = next(pairs_of(row))
    both = Taken("1", "both", Concept(text="both"), (a, b), (*table().rows[a].atc, *table().rows[b].atc), "systemic")
    assert found(both) == []


@pytest.mark.parametrize("row", sheet().rows, ids=lambda row: row.id)
def test_every_rule_has_a_source_with_a_date_and_a_status(row: Pair) -> None:
    source = sheet().sources[row.source]
    assert source.citation and source.date
    assert source.status in ("verified", "memory")


def test_the_triple_fires_for_three_and_for_a_combination_with_a_third() -> None:
    assert "t1" in [one.rule for one in named("Lisinopril", "Furosemide", "Ibuprofen")]
    assert "t1" in [one.rule for one in named("Valsartan 160 / Hydrochlorothiazide 12.5", "Naproxen")]
    assert "t1" not in [one.rule for one in named("Lisinopril", "Furosemide", "Acetaminophen")]
    assert "t1" not in [one.rule for one in named("Lisinopril", "Ibuprofen")]


CASES = [
    (("Simvastatin 20 mg", "Clarithromycin 500 mg"), "h25", 4, True),
    (("Simvastatin", "Amlodipine"), None, 0, False),
    (("Simvastatin", "Diltiazem"), "h25_cap", 3, True),
    (("Pravastatin", "Clarithromycin"), None, 0, False),
    (("Sertraline", "Phenelzine"), "h8", 4, True),
    (("Sertraline", "Linezolid"), "h8", 4, True),
    (("Nitroglycerin 0.4 mg", "Viagra"), "m1", 4, False),
    (("硝酸甘油片", "他达拉非"), "m1", 4, False),
    (("Warfarin", "Ibuprofen"), "m2", 2, False),
    (("Eliquis", "Aspirin 81"), "m2", 2, False),
    (("Oxycodone", "Lorazepam"), "m4", 3, False),
    (("Methadone", "Clonazepam"), "m4", 3, False),
    (("华法林", "复方丹参滴丸"), "m15", 2, False),
    (("Warfarin", "Ginkgo biloba"), "m15", 2, False),
    (("氢氯噻嗪", "复方甘草片"), "m16", 2, False),
    (("Febuxostat", "Azathioprine"), "h6", 4, True),
    (("Allopurinol", "Azathioprine"), "h6_allopurinol", 3, False),
    (("Amiodarone", "Azithromycin"), "h_qt", 3, True),
    (("Levothyroxine", "Calcium carbonate"), "n6", 1, True),
    (("Lisinopril", "Losartan"), "n23", 2, True),
    (("Lisinopril", "Spironolactone"), "m6", 2, False),
    (("Losartan", "Potassium chloride"), "m6", 2, False),
    (("Methotrexate", "co-trimoxazole"), "m10", 4, False),
    (("Tizanidine", "Ciprofloxacin"), "h28", 4, True),
]


@pytest.mark.parametrize(("titles", "rule", "severity", "for_patients"), CASES)
def test_known_pairs_by_their_names(titles: tuple[str, str], rule: str | None, severity: int, for_patients: bool) -> None:
    findings = named(*titles)
    if rule is None:
        assert findings == []
        return
    one = next(one for one in findings if one.rule == rule)
    assert (one.severity, one.for_patients, set(one.medicines)) == (Severity(severity), for_patients, {"0", "1"})
    assert {one.facts["a"], one.facts["b"]} == set(titles)


@pytest.mark.parametrize(
    "titles",
    [
        ("timolol 0.5 % ophthalmic solution", "Verapamil"),
        ("ciprofloxacin eye drops", "Tizanidine"),
        ("diclofenac 1 % gel", "Warfarin"),
        ("erythromycin ophthalmic ointment", "Amiodarone"),
        ("glucosamine sulfate", "Warfarin"),
        ("Spironolactone 25", "Aldactone 50"),
    ],
)
def test_what_stays_where_it_is_put_and_what_is_the_same_thing_does_not_fire(titles: tuple[str, str]) -> None:
    assert named(*titles) == []


def test_a_class_code_alone_is_enough_for_a_rule_about_the_class() -> None:
    etoperidone = taken("1", Concept((Coding(ATC, "N06AB09"),), "Etoperidone"), table())
    assert [one.rule for one in found(etoperidone, medicine("phenelzine", 2))] == ["h8"]


def test_of_several_rules_about_a_pair_the_gravest_speaks() -> None:
    rules_found = [(one.rule, one.severity) for one in named("Citalopram", "Linezolid")]
    assert rules_found == [("h8", 4), ("m12", 2)], "one that was checked, and one from memory"


def test_a_pair_is_said_once_however_many_medicines_hold_it() -> None:
    (one,) = named("Simvastatin 20", "Simvastatin 40", "Clarithromycin")
    assert set(one.medicines) == {"0", "1", "2"}


def test_what_was_not_checked_against_its_source_is_only_asked_of_a_patient() -> None:
    for row in sheet().rows:
        a, b = next(pairs_of(row))
        for one in found(medicine(a, 1), medicine(b, 2)):
            assert (one.what == ASK_TOGETHER) is (one.source.status == "memory") is (not one.for_patients)
            assert one.told_to_patients


def test_what_is_for_information_alarms_nobody() -> None:
    kinds = {one.what for one in (*named("Warfarin", "Simvastatin"), *named("Metoprolol", "Levothyroxine"))}
    assert kinds == {"check.what.pair.other"}


def test_many_medicines_are_checked_quickly() -> None:
    every = [medicine(key, at) for at, key in enumerate(table().rows)]
    assert len(found(*every)) > 1000
