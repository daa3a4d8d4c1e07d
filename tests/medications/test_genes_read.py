"""This is the place where it is tested how results of gene tests are read: each way laboratories write them, and that nothing makes it fall over."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.medications.genes_alleles import ALLELES, Told, of_pair
from core.medications.genes_read import read
from tests.medications.safety import rules
from tests.medications.test_genes import genotype

SHEET = rules().of(ALLELES)
LOINC = "http://loinc.org"
TBD = "http://hl7.org/fhir/uv/genomics-reporting/CodeSystem/tbd-codes-cs"


def one_of(*observations: Any) -> list[tuple[str, str, str]]:
    return [(one.gene, one.state, one.phenotype) for one in dict.fromkeys(read(observations, SHEET))]


def coded(code: str, display: str = "", **value: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": LOINC, "code": code, "display": display}]}, **value}


def answer(code: str, text: str = "") -> dict[str, Any]:
    return {"valueCodeableConcept": {"coding": [{"system": LOINC, "code": code, **({"display": text} if text else {})}]}}


def studied(gene: str, code: str = "") -> dict[str, Any]:
    return {"code": {"coding": [{"system": LOINC, "code": "48018-6"}]}, "valueCodeableConcept": {"coding": [{"system": "http://www.genenames.org", "code": code, "display": gene}]}}


@pytest.mark.parametrize(
    ("text", "gene", "state", "phenotype"),
    [
        ("CYP2C19 *1/*2", "CYP2C19", "known", "intermediate_metabolizer"),
        ("CYP2C19*2/*17", "CYP2C19", "known", "intermediate_metabolizer"),
        ("CYP2C19 *17/*17", "CYP2C19", "known", "ultrarapid_metabolizer"),
        ("CYP2C19 *2 / *3", "CYP2C19", "known", "poor_metabolizer"),
        ("CYP2C19*1/CYP2C19*2", "CYP2C19", "known", "intermediate_metabolizer"),
        ("CYP2C19 *2/*9", "CYP2C19", "known", "likely_poor_metabolizer"),
        ("CYP2C19 *1/*199", "CYP2C19", "unclear", ""),
        ("CYP2C19 *1/*2 or *1/*17", "CYP2C19", "unclear", ""),
        ("CYP2C9 *1/*3", "CYP2C9", "known", "intermediate_metabolizer"),
        ("CYP2D6 *1/*4", "CYP2D6", "known", "intermediate_metabolizer"),
        ("CYP2D6 *4.001/*4", "CYP2D6", "known", "poor_metabolizer"),
        ("CYP2D6 *1x2/*2", "CYP2D6", "known", "ultrarapid_metabolizer"),
        ("CYP2D6 *1x≥3/*1", "CYP2D6", "known", "ultrarapid_metabolizer"),
        ("CYP2D6 *1/*2xN", "CYP2D6", "unclear", ""),
        ("CYP2D6 *36+*10/*1", "CYP2D6", "unclear", ""),
        ("DPYD c.1905+1G>A (*2A)/Reference", "DPYD", "known", "intermediate_metabolizer"),
        ("DPYD *1/*2A", "DPYD", "known", "intermediate_metabolizer"),
        ("DPYD c.1905+1G>A (*2A)/c.1679T>G (*13)", "DPYD", "known", "poor_metabolizer"),
        ("DPYD Reference/Reference", "DPYD", "known", "normal_metabolizer"),
        ("NUDT15 *3/*3", "NUDT15", "known", "poor_metabolizer"),
        ("TPMT *1/*3C", "TPMT", "known", "intermediate_metabolizer"),
        ("SLCO1B1 *5/*15", "SLCO1B1", "known", "poor_function"),
        ("UGT1A1 *28/*28", "UGT1A1", "unclear", ""),
        ("UGT1A1 poor metabolizer", "UGT1A1", "known", "poor_metabolizer"),
        ("CYP2C19 Likely Poor Metabolizer", "CYP2C19", "known", "likely_poor_metabolizer"),
        ("CYP2C19 慢代谢型", "CYP2C19", "known", "poor_metabolizer"),
        ("CYP2C19 not a poor metabolizer", "CYP2C19", "unclear", ""),
        ("CYP2C19 No Result", "CYP2C19", "not_tested", ""),
        ("CYP2C19 Indeterminate", "CYP2C19", "unclear", "indeterminate"),
        ("HLA-B*15:02 positive", "HLA-B*15:02", "known", "positive"),
        ("HLA-B*15:02 not detected", "HLA-B*15:02", "known", "negative"),
        ("HLA-B*15:02 阳性", "HLA-B*15:02", "known", "positive"),
        ("HLA-B*15:02 not tested", "HLA-B*15:02", "not_tested", ""),
        ("HLA-B*1502 positive", "HLA-B*15:02", "known", "positive"),
        ("HLA-B*1502 NEGATIVE", "HLA-B*15:02", "known", "negative"),
        ("HLA-B*57:01:01", "HLA-B*57:01", "known", "positive"),
        ("G6PD deficient", "G6PD", "known", "deficient"),
        ("G6PD not deficient", "G6PD", "unclear", ""),
    ],
)
def test_what_a_genotype_says(text: str, gene: str, state: str, phenotype: str) -> None:
    assert one_of(genotype(text)) == [(gene, state, phenotype)]


def test_a_typing_of_two_alleles_answers_for_all_types_of_that_gene_and_of_no_other() -> None:
    told = one_of(genotype("HLA-B*15:02/*40:01"))
    assert set(told) == {("HLA-B*15:02", "known", "positive"), ("HLA-B*57:01", "known", "negative"), ("HLA-B*58:01", "known", "negative")}


@pytest.mark.parametrize("text", ["HLA-B*15/*40", "HLA-B*40:01", "HLA-B"])
def test_a_coarse_or_half_typing_excludes_nothing(text: str) -> None:
    assert all(state != "known" for _, state, _ in one_of(genotype(text)))


@pytest.mark.parametrize("text", ["HLA-B*15:021 positive", "HLA-B*15:20 positive", "HLA-B*15021 positive", "HLA-B*115:02 positive"])
def test_another_type_is_not_the_one_asked_for(text: str) -> None:
    assert ("HLA-B*15:02", "known", "positive") not in one_of(genotype(text))


def test_several_types_in_one_sentence_are_each_read_for_themselves() -> None:
    assert set(one_of(genotype("HLA-B*15:02 negative; HLA-B*58:01 positive"))) == {
        ("HLA-B*15:02", "known", "negative"), ("HLA-B*58:01", "known", "positive"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "state", "phenotype"),
    [
        (answer("LA6576-8", "Positive"), "known", "positive"), (answer("LA6577-6", "Negative"), "known", "negative"),
        (answer("260385009", "Negative"), "known", "negative"), ({"valueString": "Detected"}, "known", "positive"),
        ({"valueString": "Not detected"}, "known", "negative"), ({"valueString": "阴性"}, "known", "negative"), ({"valueBoolean": True}, "known", "positive"),
        (answer("LA19541-4", "High Risk"), "known", "positive"), (answer("LA19542-2", "Low Risk"), "unclear", ""),
        ({"valueString": "pending"}, "unclear", ""), ({}, "not_tested", ""), ({"dataAbsentReason": {"text": "x"}}, "not_tested", ""),
        ({"interpretation": [{"coding": [{"code": "POS"}]}]}, "known", "positive"),
    ],
)  # fmt: skip
def test_loincs_own_test_of_hla_b_15_02(value: dict[str, Any], state: str, phenotype: str) -> None:
    assert one_of(coded("57979-7", **value)) == [("HLA-B*15:02", state, phenotype)]


@pytest.mark.parametrize(("code", "gene"), [("79716-7", "CYP2C19"), ("79715-9", "CYP2D6"), ("79720-9", "TPMT")])
def test_loincs_metabolic_activity(code: str, gene: str) -> None:
    assert one_of(coded(code, **answer("LA9657-3", "Poor metabolizer"))) == [(gene, "known", "poor_metabolizer")]


def test_a_therapeutic_implication_is_read_by_its_answer_and_its_gene() -> None:
    implication = {
        "resourceType": "Observation", "status": "final", "code": {"coding": [{"system": TBD, "code": "therapeutic-implication"}]},
        "component": [
            studied("CYP2C19", "HGNC:2621"),
            {"code": {"coding": [{"system": TBD, "code": "therapeutic-implication"}]}, **answer("LA9657-3", "Poor metabolizer")},
            {"code": {"coding": [{"system": LOINC, "code": "51963-7"}]}, "valueCodeableConcept": {"text": "clopidogrel"}},
        ],
    }  # fmt: skip
    assert one_of(implication) == [("CYP2C19", "known", "poor_metabolizer")]


def test_an_implication_without_a_gene_takes_it_from_what_it_derives_from() -> None:
    source = {"id": "g1", **genotype("CYP2C9 *1/*3")}
    implication = {
        "resourceType": "Observation", "status": "final", "code": {"coding": [{"system": TBD, "code": "therapeutic-implication"}]},
        "derivedFrom": [{"reference": "Observation/g1"}],
        "component": [{"code": {"coding": [{"code": "therapeutic-implication"}]}, **answer("LA10317-8", "Intermediate metabolizer")}],
    }  # fmt: skip
    assert one_of(source, implication) == [("CYP2C9", "known", "intermediate_metabolizer")] * 2


def test_the_gene_studied_is_known_by_its_number_alone() -> None:
    observation = coded("84413-4", valueCodeableConcept={"text": "*1/*2"}, component=[studied("", "HGNC:2621")])
    assert one_of(observation) == [("CYP2C19", "known", "intermediate_metabolizer")]


def test_two_haplotypes_make_a_pair_and_one_alone_is_unclear() -> None:
    first, second = (coded("84414-2", valueCodeableConcept={"text": text}, component=[studied("CYP2C19")]) for text in ("CYP2C19*2", "*17"))
    assert one_of(first, second) == [("CYP2C19", "known", "intermediate_metabolizer")]
    assert one_of(first) == [("CYP2C19", "unclear", "")]


def test_an_observation_of_something_else_says_nothing() -> None:
    assert one_of(coded("2160-0", "Creatinine", valueQuantity={"value": 1.0}), {"resourceType": "DiagnosticReport", "conclusion": "CYP2C19 *2/*2"}) == []


def test_a_sentence_about_two_genes_is_read_for_none_but_the_one_it_is_about() -> None:
    told = one_of(coded("84413-4", valueString="CYP2C19 *2/*2; CYP2D6 *1/*1", component=[studied("CYP2D6")]))
    assert ("CYP2D6", "known", "poor_metabolizer") not in told


@pytest.mark.parametrize("gene", [name for name, one in SHEET.genes.items() if one.functions or one.scores])
def test_the_order_of_two_alleles_makes_no_difference_and_an_unknown_one_is_never_normal(gene: str) -> None:
    alleles = list(SHEET.genes[gene].functions or SHEET.genes[gene].scores)
    for first in alleles[:12]:
        for second in alleles[-12:]:
            one, other = of_pair(gene, first, second, SHEET), of_pair(gene, second, first, SHEET)
            assert (one.state, one.phenotype, one.least) == (other.state, other.phenotype, other.least)
        assert of_pair(gene, first, "*9999", SHEET) == Told(gene, "unclear", shown=f"{first}/*9999")


_KEYS = st.sampled_from(
    ["resourceType", "status", "code", "coding", "system", "display", "text", "valueCodeableConcept", "valueString", "valueBoolean", "component", "id",
     "derivedFrom", "reference", "interpretation", "dataAbsentReason"]
)  # fmt: skip
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True),
    st.sampled_from(["Observation", "final", "84413-4", "84414-2", "57979-7", "48018-6", "LA9657-3", "CYP2C19 *1/*2", "HLA-B*15:02", "positive", "*2/*2", "DPYD", "Observation/a"]),
    st.text(max_size=20),
)  # fmt: skip
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=6), max_leaves=25)


@settings(max_examples=200, deadline=None)
@given(st.lists(_JSON, max_size=4))
def test_any_json_is_read_without_falling_over(observations: list[Any]) -> None:
    for one in read(observations, SHEET):
        assert one.state in ("known", "unclear", "not_tested")
        assert one.state != "known" or one.phenotype


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_after_a_gene_is_read_without_falling_over(text: str) -> None:
    for gene in ("CYP2C19", "DPYD", "HLA-B*15:02"):
        assert all(one.gene.startswith(gene[:5]) or one.gene in SHEET.genes for one in read((genotype(f"{gene} {text}"),), SHEET))
