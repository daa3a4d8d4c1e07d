"""This is the place where FHIR genomic Observations are read: which gene, what was found. Total: any JSON in, nothing raised.

HL7 genomics-reporting (genotype, haplotype, therapeutic implication), LOINC's own tests (HLA-B*15:02, metabolic activity), and what laboratories write
as plain text. Reports (DiagnosticReport) aren't read: their results are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.medications.cited import any_says
from core.medications.genes_alleles import (
    AlleleSheet,
    Told,
    hla_types,
    modern,
    of_pair,
    of_phenotype,
    pairs_in,
    phenotype_words,
    unclear_in,
)

GENE_STUDIED, HAPLOTYPE = "48018-6", "84414-2"
HIGH_RISK = "LA19541-4"
_NOT_RESULTS = frozenset({GENE_STUDIED, "51963-7", "93044-6", "81259-4", "51964-5", "48008-7"})
"""Components that hold no result: the gene, the medicine, the evidence, the disease."""
_VOID = frozenset({"entered-in-error", "cancelled", "registered"})
LONGEST, MOST = 400, 2000
_CLAUSE = re.compile(r"[;,，；\n]")


@dataclass(frozen=True, slots=True)
class _Said:
    """A value: its codes and its words."""

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    flag: bool | None = None


def read(observations: Iterable[Mapping[str, Any]], sheet: AlleleSheet) -> tuple[Told, ...]:
    """All that is told, in the order it came. Results that were withdrawn say nothing."""
    found: list[Told] = []
    haplotypes: dict[str, list[str]] = {}
    known = [one for one in _listed(list(observations)[:MOST]) if str(one.get("status")) not in _VOID and one.get("resourceType", "Observation") == "Observation"]
    by_id = {f"Observation/{one['id']}": one for one in known if isinstance(one.get("id"), str)}
    for one in known:
        subject = _about(one, sheet) or next((of for ref in _derived(one) if ref in by_id and (of := _about(by_id[ref], sheet))), "")
        values = list(_values(one))
        if not subject:
            continue
        if _is(one, HAPLOTYPE) and subject in sheet.genes:
            haplotypes.setdefault(subject, []).extend(_alleles(values, subject))
        else:
            found += _told(subject, values, one, sheet)
    for gene, alleles in haplotypes.items():
        found.append(of_pair(gene, alleles[0], alleles[1], sheet) if len(alleles) == 2 else Told(gene, "unclear", shown=" ".join(alleles)))
    return tuple(found)


def _told(subject: str, values: list[_Said], observation: Mapping[str, Any], sheet: AlleleSheet) -> Iterator[Told]:
    if not values or all(not (one.codes or one.texts or one.flag is not None) for one in values):
        yield Told(subject, "not_tested" if observation.get("dataAbsentReason") or not values else "unclear")
        return
    told = [one for value in values for one in (_hla(subject, value, sheet) if subject.startswith("HLA") else _gene(subject, value, sheet))]
    if not told:
        yield Told(subject, "unclear", shown=next((text for value in values for text in value.texts), ""))
    yield from told


def _gene(gene: str, value: _Said, sheet: AlleleSheet) -> Iterator[Told]:
    """Answer codes first; then words; then alleles. All that one value says is told, so that a contradiction shows."""
    codes = [sheet.answers[code] for code in value.codes if code in sheet.answers]
    yield from (of_phenotype(gene, code, value.texts[0] if value.texts else code, sheet) for code in dict.fromkeys(codes))
    for text in value.texts:
        if any_says((text,), sheet.not_tested):
            yield Told(gene, "not_tested", shown=text)
            continue
        if other := {name for name in sheet.genes if name != gene and _pattern(name).search(text)}:
            if not _pattern(gene).search(text):
                continue
            text = next((part for part in _CLAUSE.split(text) if _pattern(gene).search(part) and not any(_pattern(name).search(part) for name in other)), "")
        named = list(dict.fromkeys(phenotype_words(text)))
        if gene == "G6PD":
            named += _g6pd(text)
        pairs = list(pairs_in(gene, text, sheet))
        yield from pairs
        if unclear_in(text):
            yield Told(gene, "unclear", "indeterminate", shown=text)
        elif not codes:
            yield from (of_phenotype(gene, code, text, sheet) for code in named)


def _g6pd(text: str) -> Iterator[str]:
    small = text.casefold()
    if "deficien" in small and not re.search(r"\b(not|no|non)\b|without", small):
        yield "deficient"
    elif "variable" in small:
        yield "variable"
    elif small.strip() in ("normal", "g6pd normal", "正常"):
        yield "normal"


def _hla(subject: str, value: _Said, sheet: AlleleSheet) -> Iterator[Told]:
    """A yes or no to one type, or a typing of which the types asked for are read."""
    asked = subject if subject in sheet.hla else ""
    if value.flag is not None and asked:
        yield Told(asked, "known", "positive" if value.flag else "negative", shown=str(value.flag).lower())
    if asked and HIGH_RISK in value.codes:
        yield Told(asked, "known", "positive", shown=asked)
    yes, no = any(code in sheet.yes for code in value.codes), any(code in sheet.no for code in value.codes)
    if asked and yes != no:
        yield Told(asked, "known", "positive" if yes else "negative", shown=asked)
        return
    for text in value.texts:
        for clause in _CLAUSE.split(text):
            yield from _clause(subject, asked, clause, sheet)


def _clause(subject: str, asked: str, clause: str, sheet: AlleleSheet) -> Iterator[Told]:
    gene = subject.partition("*")[0]
    named = [test for test in sheet.hla if test.startswith(gene + "*") and test.partition("*")[2] in hla_types(clause)]
    if any_says((clause,), sheet.not_tested):
        yield from (Told(test, "not_tested", shown=clause.strip()) for test in named or [asked] if test)
        return
    answer = _answer(clause, sheet)
    if answer:
        yield from (Told(test, "known" if answer != "both" else "unclear", answer if answer != "both" else "", shown=clause.strip()) for test in named or [asked] if test)
    elif unclear_in(clause):
        yield from (Told(test, "unclear", shown=clause.strip()) for test in named or [asked] if test)
    else:
        types = hla_types(clause)
        yield from (Told(test, "known", "positive", shown=clause.strip()) for test in named)
        if len(types) == 2 and "/" in clause:
            mine = [test for test in sheet.hla if test.startswith(gene + "*") and test not in named]
            yield from (Told(test, "known", "negative", shown=clause.strip()) for test in mine)


def _answer(text: str, sheet: AlleleSheet) -> str:
    """ "positive", "negative", "both" where the words say one and the other, or "". The longer no is taken out before a yes is looked for."""
    rest, no = text.casefold(), False
    for word in sorted(sheet.no, key=len, reverse=True):
        small = word.casefold()
        pattern = rf"(?<![a-z0-9]){re.escape(small)}(?![a-z0-9])" if small.isascii() else re.escape(small)
        rest, times = re.subn(pattern, " ", rest)
        no = no or times > 0
    yes = any_says((rest,), sheet.yes)
    return ("both" if no else "positive") if yes else "negative" if no else ""


def _about(observation: Mapping[str, Any], sheet: AlleleSheet) -> str:
    """What it is about, by what it says it is, else by what it says."""
    by_value = (found for value in _values(observation) for text in value.texts if (found := _named(text, sheet)))
    return _subject(observation, sheet) or next(by_value, "")


def _subject(observation: Mapping[str, Any], sheet: AlleleSheet) -> str:
    """The gene or HLA type an Observation is about, by its code, the gene studied, or its title."""
    code = _said(observation.get("code"))
    for one in code.codes:
        if one in sheet.loinc_hla or one in sheet.loinc_genes:
            return sheet.loinc_hla.get(one) or sheet.loinc_genes[one]
    if found := next((s for text in code.texts if (s := _named(text, sheet)) in sheet.hla), ""):
        return found
    for component in _listed(observation.get("component")):
        if GENE_STUDIED in _said(component.get("code")).codes:
            for value in _of(component):
                for one in (*value.codes, *value.texts):
                    by_number = next((name for name, gene in sheet.genes.items() if gene.hgnc == one), "")
                    if found := by_number or _named(one, sheet):
                        return found
    return next((s for text in code.texts if (s := _named(text, sheet))), "")


def _named(text: str, sheet: AlleleSheet) -> str:
    """The HLA type or the gene that stands in a text; an HLA gene without a type of ours is the gene alone."""
    small = modern(text.replace(" ", ""))
    for test in sheet.hla:
        if re.search(rf"{re.escape(test)}(?!\d)", small, re.IGNORECASE):
            return test
    for gene in ("HLA-A", "HLA-B"):
        if re.search(rf"{gene}(?![a-z])", small, re.IGNORECASE):
            return gene
    found = [gene for gene in sheet.genes if _pattern(gene).search(text)]
    return found[0] if len(found) == 1 else ""


def _pattern(gene: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(gene)}(?![0-9A-Za-z])", re.IGNORECASE)


def _alleles(values: list[_Said], gene: str) -> list[str]:
    """The one allele a haplotype names."""
    texts = [re.sub(rf"{re.escape(gene)}\s*", "", text, flags=re.IGNORECASE).strip() for value in values for text in value.texts]
    return [text for text in texts if text][:1]


def _values(observation: Mapping[str, Any]) -> Iterator[_Said]:
    yield from _of(observation)
    for component in _listed(observation.get("component")):
        if not _NOT_RESULTS & set(_said(component.get("code")).codes):
            yield from _of(component)
    for one in _listed(observation.get("interpretation")):
        yield _said(one)


def _of(node: Mapping[str, Any]) -> Iterator[_Said]:
    concept, text, flag = node.get("valueCodeableConcept"), node.get("valueString"), node.get("valueBoolean")
    if isinstance(concept, dict):
        yield _said(concept)
    if isinstance(text, str) and text.strip():
        yield _Said(texts=(text.strip()[:LONGEST],))
    if isinstance(flag, bool):
        yield _Said(flag=flag)


def _said(concept: object) -> _Said:
    if not isinstance(concept, dict):
        return _Said()
    codings = _listed(concept.get("coding"))
    texts = [concept.get("text"), *(one.get("display") for one in codings), *(one.get("code") for one in codings if not one.get("display"))]
    codes = tuple(one["code"] for one in codings if isinstance(one.get("code"), str))
    return _Said(codes, tuple(dict.fromkeys(text.strip()[:LONGEST] for text in texts if isinstance(text, str) and text.strip())))


def _derived(observation: Mapping[str, Any]) -> list[str]:
    return [one["reference"] for one in _listed(observation.get("derivedFrom")) if isinstance(one.get("reference"), str)]


def _is(observation: Mapping[str, Any], code: str) -> bool:
    return code in _said(observation.get("code")).codes


def _listed(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)][:MOST] if isinstance(found, list) else []
