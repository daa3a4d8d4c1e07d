"""This is the place where every gene row is tested with a result that fires it and one that doesn't, and that no result never reassures."""

from __future__ import annotations

from typing import Any

import pytest

from core.medications.facts import PersonFacts
from core.medications.findings import Severity
from core.medications.genes import GENES, Condition, Row, check, settled
from core.medications.genes_alleles import ALLELES, Told
from tests.medications.safety import medicine, person, rules

SHEET = rules().of(GENES)
GENE_TABLE = rules().of(ALLELES).genes
LA = {phenotype: code for code, phenotype in rules().of(ALLELES).answers.items()}


def genotype(text: str, **rest: Any) -> dict[str, Any]:
    """An Observation of a genotype, as HL7's genomics-reporting writes it."""
    return {
        "resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "84413-4"}]},
        "valueCodeableConcept": {"text": text}, **rest,
    }  # fmt: skip


def result(gene: str, condition: Condition) -> dict[str, Any]:
    """An Observation that meets the condition: a score through alleles of that score, a phenotype through its words, an HLA type as positive."""
    if condition.least is None:
        return genotype(f"{gene} {condition.phenotypes[0].replace('_', ' ')}")
    by_score = {score: allele for allele, score in GENE_TABLE[gene].scores.items() if "/" not in allele}
    for one in sorted(by_score):
        for other in sorted(by_score):
            if one[0].isdigit() and other[0].isdigit() and float(one) + float(other) == condition.least:
                return genotype(f"{gene} {by_score[one]}/{by_score[other]}")
    raise AssertionError(f"no alleles of {gene} make {condition.least}")


def normal(gene: str) -> dict[str, Any]:
    """A result by which the usual dose is right."""
    if gene.startswith("HLA"):
        return genotype(f"{gene} negative")
    words = {"CYP3A5": "poor metabolizer", "G6PD": "normal", "SLCO1B1": "normal function", "ABCG2": "normal function"}
    return genotype(f"{gene} {words.get(gene, 'normal metabolizer')}")


def fired(facts: PersonFacts) -> set[str]:
    return {one.rule for one in check(rules(), facts)[0]}


def left(facts: PersonFacts) -> list[tuple[str, str]]:
    return [(one.subject, one.why) for one in check(rules(), facts)[1]]


def age_of(row: Row) -> int:
    return 10 if row.ages == "child" else 70


@pytest.mark.parametrize("row", SHEET.rows, ids=lambda row: row.id)
def test_a_row_fires_for_its_medicines_with_its_result(row: Row) -> None:
    results = tuple(result(gene, condition) for gene, condition in row.when.items())
    for member in row.medicines:
        found = [one for one in check(rules(), person(medicine(member), age=age_of(row), gene_results=results))[0] if one.rule == row.id]
        assert [(one.severity, one.why) for one in found] == [(row.severity, f"check.why.gene.{row.advice}")]
        assert found[0].for_patients is (row.for_patients and row.severity > Severity.INFO)


@pytest.mark.parametrize("row", SHEET.rows, ids=lambda row: row.id)
def test_a_row_does_not_fire_with_a_usual_result_or_for_another_medicine_or_without_a_result(row: Row) -> None:
    usual = tuple(normal(gene) for gene in row.when)
    results = tuple(result(gene, condition) for gene, condition in row.when.items())
    assert row.id not in fired(person(medicine(row.medicines[0]), age=age_of(row), gene_results=usual))
    assert row.id not in fired(person(medicine("levothyroxine_sodium"), age=age_of(row), gene_results=results))
    assert row.id not in fired(person(medicine(row.medicines[0]), age=age_of(row)))


@pytest.mark.parametrize("row", SHEET.rows, ids=lambda row: row.id)
def test_a_usual_result_of_every_gene_leaves_nothing_unchecked(row: Row) -> None:
    genes = {gene for one in SHEET.rows if set(one.medicines) & set(row.medicines) for gene in one.when}
    facts = person(medicine(row.medicines[0]), gene_results=tuple(normal(gene) for gene in genes))
    assert check(rules(), facts) == ([], [])


@pytest.mark.parametrize("row", SHEET.rows, ids=lambda row: row.id)
@pytest.mark.parametrize("words", ["No Result", "Indeterminate", ""])
def test_no_result_is_never_good_news(row: Row, words: str) -> None:
    for gene in row.when:
        facts = person(medicine(row.medicines[0]), gene_results=(genotype(f"{gene} {words}" if words else "", code={"text": f"{gene} genotype"}),))
        mine = [why for subject, why in left(facts) if subject.endswith(f": {gene}")]
        assert mine in (["not_tested"], ["result_unclear"])
        assert words != "No Result" or mine == ["not_tested"]


@pytest.mark.parametrize("one", SHEET.before_start, ids=lambda one: f"{one.medicines[0]} {one.test}")
def test_before_the_first_dose_a_clinician_is_told_that_there_is_no_test(one: Any) -> None:
    rule = f"{one.advice}_{one.test}"
    for member in one.medicines:
        found = [each for each in check(rules(), person(medicine(member)))[0] if each.rule == rule]
        assert [(each.severity, each.for_patients) for each in found] == [(Severity.INFO, False)]
        for answer in ("positive", "negative"):
            assert rule not in fired(person(medicine(member), gene_results=(genotype(f"{one.test} {answer}"),)))


def test_carbamazepine_without_a_result_is_not_tested_and_never_standard() -> None:
    facts = person(medicine("carbamazepine"))
    assert left(facts) == [("Carbamazepine: HLA-B*15:02", "not_tested"), ("Carbamazepine: HLA-A*31:01", "not_tested")]
    assert fired(facts) == {"test_before_start_ancestry_HLA-B*15:02"}


def test_a_negative_type_of_the_one_is_no_test_of_the_other() -> None:
    facts = person(medicine("carbamazepine"), gene_results=(genotype("HLA-B*15:02 negative"),))
    assert left(facts) == [("Carbamazepine: HLA-A*31:01", "not_tested")]


def test_a_row_about_two_genes_takes_the_place_of_those_about_one() -> None:
    facts = person(medicine("rosuvastatin"), gene_results=(genotype("ABCG2 poor function"), genotype("SLCO1B1 *5/*5")))
    found = check(rules(), facts)[0]
    assert [(one.rule, one.facts["limit"]) for one in found] == [("rosuvastatin_both", 10)]


def test_both_genes_of_a_thiopurine_are_said_each_for_itself() -> None:
    facts = person(medicine("azathioprine"), gene_results=(genotype("TPMT *1/*3A"), genotype("NUDT15 *3/*3")))
    assert fired(facts) == {"azathioprine_tpmt_intermediate", "azathioprine_nudt15_poor"}


def test_where_only_the_phenotype_is_known_the_graver_of_the_rows_that_may_hold_counts() -> None:
    facts = person(medicine("capecitabine"), gene_results=(genotype("DPYD poor metabolizer"),))
    assert [one.severity for one in check(rules(), facts)[0]] == [Severity.CONTRAINDICATED]


@pytest.mark.parametrize(
    ("results", "fires", "why"),
    [
        (("CYP2C19 *1/*1", "CYP2C19 *2/*2"), False, "results_conflict"),
        (("CYP2C19 *2/*2", "CYP2C19 poor metabolizer"), True, ""),
        (("CYP2C19 *2/*9", "CYP2C19 poor metabolizer"), True, ""),
        (("CYP2C19 *2/*2", "CYP2C19 No Result"), True, ""),
        (("CYP2C19 *2/*99",), False, "result_unclear"),
        (("CYP2C19 *1/*2, normal metabolizer",), False, "results_conflict"),
    ],
)
def test_results_that_contradict_one_another_are_none(results: tuple[str, ...], fires: bool, why: str) -> None:
    facts = person(medicine("clopidogrel"), gene_results=tuple(map(genotype, results)))
    assert bool(fired(facts)) is fires
    assert [one for _, one in left(facts)] == ([why] if why else [])


def test_a_result_that_was_withdrawn_says_nothing() -> None:
    facts = person(medicine("clopidogrel"), gene_results=(genotype("CYP2C19 *2/*2", status="entered-in-error"),))
    assert (fired(facts), left(facts)) == (set(), [("Clopidogrel: CYP2C19", "not_tested")])


def test_the_rows_for_warfarin_are_for_clinicians() -> None:
    found = check(rules(), person(medicine("warfarin"), gene_results=(genotype("CYP2C9 *1/*3"),)))[0]
    assert [(one.severity, one.for_patients) for one in found] == [(Severity.INFO, False)]


def test_all_forty_five_medicines_of_the_snapshot_have_a_row() -> None:
    assert len({row.medicines[0] for row in SHEET.rows}) == 45


def test_the_narrower_of_two_agreeing_results_counts() -> None:
    wide, narrow = Told("CYP2D6", "known", "intermediate_metabolizer", 0.25, 1), Told("CYP2D6", "known", "intermediate_metabolizer", 1, 1)
    assert settled((wide, narrow))["CYP2D6"].told == narrow
