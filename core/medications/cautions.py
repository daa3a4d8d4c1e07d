"""This is the place where medicines are held against pregnancy and age. No rule of it was read in a source yet: all are for clinicians, and marked."""

from __future__ import annotations

from typing import Literal

import msgspec

from core.medications.cited import MEMORY, CitedSheet, sound
from core.medications.facts import PersonFacts
from core.medications.findings import Finding, NotChecked, Severity, Taken
from core.medications.ingredients import is_local, is_member
from core.medications.tables import Kind, Rules

FERTILE = (12, 50)
"""House: the ages, both included, between which a woman's record that says nothing of pregnancy leaves a question open."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule: these medicines in `state` "pregnant", or under `below` years or from `least` years on. `why` is the clinician's sentence."""

    id: str
    medicines: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    kind: Literal["pregnancy", "age"]
    below: int | None = None
    least: int | None = None
    severity: int
    why: str
    source: str


class CautionSheet(CitedSheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/cautions.json."""

    rows: tuple[Row, ...]


def _made(sheet: CautionSheet) -> CautionSheet:
    sound(sheet, ((row.id, row.source, row.severity) for row in sheet.rows))
    if any(row.kind == "age" and row.below is None and row.least is None for row in sheet.rows):
        raise ValueError("an age without a limit")
    return sheet


CAUTIONS: Kind[CautionSheet] = Kind("cautions", CautionSheet, _made)


def check(rules: Rules, facts: PersonFacts) -> tuple[list[Finding], list[NotChecked]]:
    """Every row against every medicine. Whether somebody is pregnant is never guessed: where it isn't known and could be, that is not checked."""
    findings: list[Finding] = []
    left: dict[NotChecked, None] = {}
    sheet = rules.of(CAUTIONS)
    for medicine in facts.medicines:
        for row in sheet.rows:
            if not _about(row, medicine):
                continue
            holds, why = _pregnant(facts) if row.kind == "pregnancy" else _aged(row, facts)
            if holds:
                findings.append(_finding(row, medicine, facts, sheet))
            elif why:
                left[NotChecked(row.kind, medicine.title, why, medicine.medicine_id)] = None
    return findings, list(left)


def _about(row: Row, medicine: Taken) -> bool:
    """What is put on the skin or dropped into the eye is not meant."""
    if medicine.atc and all(is_local(code) for code in medicine.atc) and not any(code.startswith(row.medicines) for code in medicine.atc):
        return False
    return is_member(medicine, row.medicines) and not is_member(medicine, row.but_not)


def _pregnant(facts: PersonFacts) -> tuple[bool, str]:
    if facts.pregnancy:
        return facts.pregnancy == "pregnant", ""
    if facts.sex == "male" or (facts.age is not None and not FERTILE[0] <= facts.age <= FERTILE[1]):
        return False, ""
    return False, "pregnancy_unknown"


def _aged(row: Row, facts: PersonFacts) -> tuple[bool, str]:
    if facts.age is None:
        return False, "no_age"
    return (row.below is None or facts.age < row.below) and (row.least is None or facts.age >= row.least), ""


def _finding(row: Row, medicine: Taken, facts: PersonFacts, sheet: CautionSheet) -> Finding:
    source = sheet.sources[row.source].source()
    said: dict[str, str | int | float] = {"medicine": medicine.title}
    if row.kind == "age" and facts.age is not None:
        said |= {"age": facts.age, "limit": row.below if row.below is not None else row.least or 0}
    return Finding(
        row.kind, row.id, Severity(row.severity), (medicine.medicine_id,), f"check.what.caution.{row.kind}", f"check.why.caution.{row.why}", source, said,
        for_patients=source.status != MEMORY,
    )  # fmt: skip
