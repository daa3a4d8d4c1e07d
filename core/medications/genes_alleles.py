"""This is the place where what a laboratory wrote about a gene becomes a phenotype or an activity score: star alleles, HLA types, words, answer codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from core.medications.cited import Cited
from core.medications.tables import Kind, Sheet


class Gene(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One gene: its alleles by `functions` (and `pairs` of functions, in alphabetical order, to phenotype) or by `scores` ("≥3" open upwards, "?" not
    known; `bands` of the sum to phenotype, ends included). `also` are other names of alleles. A gene with neither is read by its phenotype alone."""

    version: str
    hgnc: str
    functions: dict[str, str] = {}
    pairs: dict[str, str] = {}
    scores: dict[str, str] = {}
    bands: tuple[tuple[float, float | None, str], ...] = ()
    also: dict[str, str] = {}


class AlleleSheet(Sheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/alleles.json. `answers` are LOINC answer codes of phenotypes, `hla` the types that rules ask for, `yes`, `no` and `not_tested` the
    words and codes of a result."""

    source: Cited
    genes: dict[str, Gene]
    answers: dict[str, str]
    loinc_genes: dict[str, str]
    loinc_hla: dict[str, str]
    hla: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    not_tested: tuple[str, ...]

    def size(self) -> int:
        return sum(len(gene.functions) + len(gene.scores) for gene in self.genes.values()) + len(self.hla)


def _made(sheet: AlleleSheet) -> AlleleSheet:
    for gene in sheet.genes.values():
        table = gene.functions or gene.scores
        if not set(gene.also.values()) <= table.keys() or (gene.scores and not gene.bands):
            raise ValueError("a name of an allele that isn't there")
        for score in gene.scores.values():
            if score != "?":
                float(score.lstrip("≥"))
    return sheet


ALLELES: Kind[AlleleSheet] = Kind("alleles", AlleleSheet, _made)


@dataclass(frozen=True, slots=True)
class Told:
    """What one statement says of one gene or HLA type. `state`: "known", "unclear" (a result nobody can use: unknown alleles, indeterminate) or
    "not_tested" (an empty result is no result). `least` and `most` are the activity score where the gene has one: equal where it is known exactly,
    `most` infinite where there is no end. `shown` is the result as written."""

    gene: str
    state: str
    phenotype: str = ""
    least: float | None = None
    most: float | None = None
    shown: str = ""


_WORDS = (
    ("ultra[- ]?rapid metaboli[sz]er|超快代谢", "ultrarapid_metabolizer"),
    ("(?<!ultra)(?<!ultra-)(?<!ultra )rapid metaboli[sz]er", "rapid_metabolizer"),
    ("(?:normal|extensive) metaboli[sz]er|正常代谢", "normal_metabolizer"),
    ("intermediate metaboli[sz]er|中间代谢|中等代谢", "intermediate_metabolizer"),
    ("poor metaboli[sz]er|慢代谢", "poor_metabolizer"),
    ("increased function", "increased_function"),
    ("normal function", "normal_function"),
    ("decreased function", "decreased_function"),
    ("poor function", "poor_function"),
)
_PHENOTYPES = tuple((re.compile(words), code) for words, code in _WORDS)
_UNCLEAR = re.compile(r"indeterminate|uncertain|unknown|ambiguous|inconclusive|no call|不确定|未知")
_PAIR = re.compile(r"(\*[\w.:≥+*-]+)\s*/\s*(\*[\w.:≥+*-]+)")
_SUB = re.compile(r"(\*\d+[A-Z]?)\.\d+")
_TYPE = re.compile(r"\*?(?<!\d)(\d{2,3}:\d{2,3})(?::\d{2,3})*[A-Z]?")
_OLD_TYPE = re.compile(r"\*(\d{2})(\d{2})(?![\d:])")
_NOT_BEFORE = re.compile(r"(?:\bnot|\bno|\bnon|非|无)(?:\s+an?)?[\s-]*$")


def phenotype_words(text: str) -> Iterator[str]:
    """The phenotypes a text names, "likely" and "possible" with them: "Likely Poor Metabolizer" is likely_poor_metabolizer."""
    small = text.casefold()
    for pattern, code in _PHENOTYPES:
        for found in pattern.finditer(small):
            before = small[: found.start()].rstrip()
            if _NOT_BEFORE.search(before):
                continue
            yield next((f"{word}_{code}" for word in ("likely", "possible") if before.endswith(word)), code)


def of_phenotype(gene: str, code: str, shown: str, sheet: AlleleSheet) -> Told:
    """A phenotype as told, with the scores it stands for."""
    bands = sheet.genes[gene].bands if gene in sheet.genes else ()
    plain = code.removeprefix("likely_").removeprefix("possible_")
    for least, most, named in bands:
        if named == plain:
            return Told(gene, "known", code, least, float("inf") if most is None else most, shown)
    return Told(gene, "known" if not bands else "unclear", code, shown=shown)


def of_pair(gene: str, first: str, second: str, sheet: AlleleSheet) -> Told:
    """Two alleles as a phenotype; an allele or a pair that isn't in the table is unclear, never normal."""
    row = sheet.genes[gene]
    shown = f"{first}/{second}"
    one, other = _named(first, row), _named(second, row)
    if one is None or other is None:
        return Told(gene, "unclear", shown=shown)
    if row.functions:
        phenotype = row.pairs.get(" + ".join(sorted((row.functions[one], row.functions[other]))))
        return Told(gene, "known", phenotype, shown=shown) if phenotype else Told(gene, "unclear", shown=shown)
    scores = (row.scores[one], row.scores[other])
    if "?" in scores:
        return Told(gene, "unclear", shown=shown)
    least = sum(float(score.lstrip("≥")) for score in scores)
    most = float("inf") if any(score.startswith("≥") for score in scores) else least
    phenotype = next((name for low, high, name in row.bands if low <= least and (high is None or least <= high)), "")
    return Told(gene, "known", phenotype, least, most, shown) if phenotype else Told(gene, "unclear", shown=shown)


def pairs_in(gene: str, text: str, sheet: AlleleSheet) -> Iterator[Told]:
    """The diplotypes a text names; alleles that aren't stars (DPYD) have to be all of it."""
    bare = re.sub(rf"{re.escape(gene)}\s*", "", text, flags=re.IGNORECASE).strip(" :;,")
    found = list(dict.fromkeys(_PAIR.findall(bare)))
    row = sheet.genes[gene]
    parts = [part.strip() for part in bare.split("/")]
    if len(parts) == 2 and all(_named(part, row) for part in parts):
        found = [(parts[0], parts[1])]
    told = [of_pair(gene, first, second, sheet) for first, second in found]
    if len(told) > 1 and len({(one.state, one.phenotype, one.least) for one in told}) > 1:
        yield Told(gene, "unclear", shown=text)
    else:
        yield from told[:1]


def unclear_in(text: str) -> bool:
    """Whether the laboratory itself says that it can't tell."""
    return bool(_UNCLEAR.search(text.casefold()))


def hla_types(text: str) -> tuple[str, ...]:
    """The HLA types of two fields a text names ("15:02", in the old way "*1502"), more fields cut off; a type of one field is none."""
    return tuple(found.group(1) for found in _TYPE.finditer(modern(text)))


def modern(text: str) -> str:
    """HLA types as they are written since 2010: "*1502" is "*15:02"."""
    return _OLD_TYPE.sub(r"*\1:\2", text)


def _named(allele: str, row: Gene) -> str | None:
    table = row.functions or row.scores
    bare = _SUB.sub(r"\1", allele.strip())
    return next((name for name in (allele, bare, row.also.get(bare, "")) if name in table), None)
