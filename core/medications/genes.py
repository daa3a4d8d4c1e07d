"""This is the place where results of gene tests are held against what is taken. No result is never good news: what was not tested is said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from core.medications.cited import MEMORY, CitedSheet, sound
from core.medications.facts import PersonFacts
from core.medications.findings import Finding, NotChecked, Severity, Taken
from core.medications.genes_alleles import ALLELES, Told
from core.medications.genes_read import read
from core.medications.ingredients import is_member
from core.medications.kidney_function import ADULT
from core.medications.tables import Kind, Rules


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a result has to be: one of these phenotypes, or an activity score from `least` to `most` (both included; None: no end)."""

    phenotypes: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def holds(self, result: Told) -> bool:
        """Whether it is so, or, of a phenotype that stands for several scores, may be so."""
        if self.phenotypes:
            return result.phenotype in self.phenotypes
        if result.least is None or result.most is None or self.least is None:
            return False
        return result.most >= self.least and (self.most is None or result.least <= self.most)


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule of a guideline: for these medicines, where all of `when` holds. `advice` is the clinician's sentence (check.why.gene.<advice>), `facts`
    its numbers (mg a day, per cent), `strength` CPIC's classification, `ages` "adult" or "child" where it is for one of them."""

    id: str
    medicines: tuple[str, ...]
    when: dict[str, Condition]
    advice: str
    severity: int
    strength: Literal["strong", "moderate", "optional", ""]
    source: str
    ages: Literal["", "adult", "child"] = ""
    facts: dict[str, int] = {}
    for_patients: bool = True


class BeforeStart(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A test that is advised before the first dose: a clinician is told where there is no result."""

    medicines: tuple[str, ...]
    test: str
    advice: str
    source: str


class GeneSheet(CitedSheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/genes.json."""

    rows: tuple[Row, ...]
    before_start: tuple[BeforeStart, ...]

    def size(self) -> int:
        return len(self.rows) + len(self.before_start)


def _made(sheet: GeneSheet) -> GeneSheet:
    sound(sheet, ((row.id, row.source, row.severity) for row in sheet.rows))
    if any(not row.when or any(not one.phenotypes and one.least is None for one in row.when.values()) for row in sheet.rows):
        raise ValueError("a row that asks for nothing")
    if any(one.source not in sheet.sources for one in sheet.before_start):
        raise ValueError("a test without a source")
    return sheet


GENES: Kind[GeneSheet] = Kind("genes", GeneSheet, _made)


@dataclass(frozen=True, slots=True)
class Result:
    """All that is known of one gene: `told` where it can be used, else `why` not ("not_tested", "result_unclear", "results_conflict")."""

    told: Told | None = None
    why: str = "not_tested"


def check(rules: Rules, facts: PersonFacts) -> tuple[list[Finding], list[NotChecked]]:
    """Every row against every medicine. For each gene that matters for a medicine and has no usable result, that it was not checked."""
    if not facts.medicines:
        return [], []
    sheet = rules.of(GENES)
    results = settled(read(facts.gene_results, rules.of(ALLELES)))
    findings: list[Finding] = []
    left: dict[NotChecked, None] = {}
    for medicine in facts.medicines:
        rows = [row for row in sheet.rows if is_member(medicine, row.medicines)]
        for gene in dict.fromkeys(gene for row in rows for gene in row.when):
            result = results.get(gene, Result())
            if result.told is None:
                left[NotChecked("gene", f"{medicine.title}: {gene}", result.why, medicine.medicine_id)] = None
        findings += (_finding(row, medicine, results, sheet) for row in _firing(rows, results, facts.age))
        findings += _before_start(medicine, results, sheet)
    return findings, list(left)


def settled(told: Iterable[Told]) -> Mapping[str, Result]:
    """What is known of each gene. Results that contradict one another are none: which of them is right is for a laboratory to say."""
    by_gene: dict[str, list[Told]] = {}
    for one in told:
        by_gene.setdefault(one.gene, []).append(one)
    return {gene: _settled(every) for gene, every in by_gene.items()}


def _settled(every: Sequence[Told]) -> Result:
    known = [one for one in every if one.state == "known"]
    if not known:
        return Result(why="result_unclear" if any(one.state == "unclear" for one in every) else "not_tested")
    if any(not _agree(one, other) for one in known for other in known):
        return Result(why="results_conflict")
    return Result(min(known, key=lambda one: (0.0 if one.least is None or one.most is None else one.most - one.least)), "")


def _agree(one: Told, other: Told) -> bool:
    """A score agrees with a phenotype it lies in; "likely poor" with "poor"."""
    if one.least is not None and other.least is not None and one.most is not None and other.most is not None:
        return one.least <= other.most and other.least <= one.most
    return _plain(one.phenotype) == _plain(other.phenotype)


def _plain(phenotype: str) -> str:
    return phenotype.removeprefix("likely_").removeprefix("possible_")


def _firing(rows: Iterable[Row], results: Mapping[str, Result], age: int | None) -> list[Row]:
    """The rows that hold: one about two genes takes the place of those about one of them; of the same genes the gravest (where only a phenotype is
    known, several rows may hold)."""
    holding = [row for row in rows if _aged(row, age) and all(_holds(condition, results.get(gene)) for gene, condition in row.when.items())]
    best: dict[frozenset[str], Row] = {}
    for row in holding:
        genes = frozenset(row.when)
        if genes not in best or row.severity > best[genes].severity:
            best[genes] = row
    return [row for genes, row in best.items() if not any(genes < other for other in best)]


def _holds(condition: Condition, result: Result | None) -> bool:
    return result is not None and result.told is not None and condition.holds(result.told)


def _aged(row: Row, age: int | None) -> bool:
    return not row.ages or age is None or (age >= ADULT) == (row.ages == "adult")


def _finding(row: Row, medicine: Taken, results: Mapping[str, Result], sheet: GeneSheet) -> Finding:
    found = [(gene, one.told) for gene in row.when if (one := results.get(gene)) and one.told]
    source = sheet.sources[row.source].source()
    said: dict[str, str | int | float] = {
        "medicine": medicine.title,
        "result": " + ".join(_shown(gene, told) for gene, told in found),
        "gene": " + ".join(gene for gene, _ in found),
        "phenotype": found[0][1].phenotype if len(found) == 1 else "",
        "strength": row.strength,
        **row.facts,
    }
    for_patients = row.for_patients and row.severity > Severity.INFO and source.status != MEMORY
    return Finding(
        "gene", row.id, Severity(row.severity), (medicine.medicine_id,), "check.what.gene.result", f"check.why.gene.{row.advice}", source, said, for_patients
    )  # fmt: skip


def _shown(gene: str, told: Told) -> str:
    """The result as written, with the gene and, behind alleles, with CPIC's term for what they make: "CYP2C19 *2/*2 (poor metabolizer)"."""
    written = told.shown if gene in told.shown else f"{gene} {told.shown}".strip()
    term = told.phenotype.replace("_", " ")
    return written if not term or term in written.casefold() else f"{written} ({term})"


def _before_start(medicine: Taken, results: Mapping[str, Result], sheet: GeneSheet) -> list[Finding]:
    """For clinicians: that a test is advised and no result is on record. That there is none is not that it is negative."""
    return [
        Finding(
            "gene", f"{one.advice}_{one.test}", Severity.INFO, (medicine.medicine_id,), "check.what.gene.not_tested", f"check.why.gene.{one.advice}",
            sheet.sources[one.source].source(), {"medicine": medicine.title, "gene": one.test}, for_patients=False,
        )
        for one in sheet.before_start
        if is_member(medicine, one.medicines) and results.get(one.test, Result()).told is None
    ]  # fmt: skip
