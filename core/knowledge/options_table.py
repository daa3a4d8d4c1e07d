"""This is the place where the table of treatment options has its shape: what a guideline allows for whom, what speaks against it, and where it comes from.

An option is nothing but something to confirm: no order, no dose, no rank. What the safety checks know (allergies, kidneys, interactions, pregnancy, genes) isn't
repeated here: each ingredient is held against them as if it were taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from core.advice.known import HOW
from core.advice.table import AdviceTable, Cond, Row
from core.medications.cited import Cited, CitedSheet
from core.medications.findings import Severity
from core.medications.tables import Kind

PROBLEMS = ("blood_pressure", "lipids", "diabetes", "atrial_fibrillation", "heart_failure", "kidney", "tobacco")
"""What options are for, in the order in which they are shown."""
MORE_FACTS: Mapping[str, str] = {
    "heart_failure": "tell_diagnosis", "stroke": "tell_diagnosis", "vascular": "tell_diagnosis", "diabetes_type1": "tell_diagnosis", "ckd": "tell_diagnosis",
    "uacr": "urine_test", "lvef": "ask_clinician", "score_cha2ds2_va": "ask_clinician", "score_has_bled": "ask_clinician", "risk_kfre_5y": "ask_clinician",
    "risk_prevent_cvd": "ask_clinician", "bp_classes": "tell_medicines",
}  # fmt: skip
"""What options ask for beside the facts of advice, and how it is got."""
OPTION_YES_NO = frozenset({"heart_failure", "stroke", "vascular", "diabetes_type1", "ckd"})
STATUS_ORDER = ("verified", "house", "digest", "memory")


class Against(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something in the record that speaks against an option: the condition, how gravely (a Severity), a code of words (`options.against.<why>`), the source."""

    fact: str
    op: Literal["is", "ge", "gt", "lt", "le"]
    value: float
    days: int = 0
    level: Annotated[int, msgspec.Meta(ge=1, le=4)]
    why: str
    source: str

    @property
    def cond(self) -> Cond:
        return Cond(self.fact, self.op, self.value, self.days)


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One option. `members`: ATC prefixes or ingredients it may be (none: it is no medicine). `when`: all of the lists, in each any one; `unless`: any one. `source` is
    where it stands from when on, `choice` where it stands what then (both names of `sources`). `ask`: what no record tells here and has to be asked."""

    id: str
    problem: str
    members: tuple[str, ...] = ()
    region: Literal["", "us", "china"] = ""
    ages: tuple[int, int] = (18, 130)
    when: tuple[tuple[Cond, ...], ...]
    unless: tuple[Cond, ...] = ()
    against: tuple[Against, ...] = ()
    ask: tuple[str, ...] = ()
    source: str
    choice: str
    expires: str


class OptionSheet(CitedSheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/options.json."""

    rows: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class OptionTable:
    """The options, their sources, and the same rows as advice judges rules: one way of judging for both."""

    version: str
    rows: tuple[Option, ...]
    sources: Mapping[str, Cited]
    judged_as: AdviceTable

    def status(self, row: Option) -> str:
        """The weakest of what it rests on."""
        return max((self.sources[row.source].status, self.sources[row.choice].status), key=STATUS_ORDER.index)


def facts_asked(row: Option) -> Iterator[str]:
    """Every fact a row asks for, as often as it does."""
    yield from (one.fact for any_of in row.when for one in any_of)
    yield from (one.fact for one in row.unless)
    yield from (one.fact for one in row.against)


def year_of(source: Cited) -> int:
    """The year of what was read; 0 where nothing was."""
    return int(source.date[:4]) if source.date[:4].isdigit() else 0


def made(sheet: OptionSheet) -> OptionTable:
    """Looked at as a whole. Raises ValueError for a row that asks for what there isn't, or rests on nothing."""
    rows: dict[str, Row] = {}
    for one in sheet.rows:
        if one.id in rows or one.problem not in PROBLEMS or not one.when or any(not any_of for any_of in one.when):
            raise ValueError(one.id)
        if set(facts_asked(one)) - set(HOW) - set(MORE_FACTS) or {one.source, one.choice, *(no.source for no in one.against)} - set(
            sheet.sources
        ):
            raise ValueError(one.id)
        if not 0 <= one.ages[0] <= one.ages[1] or any(no.level not in list(Severity) for no in one.against):
            raise ValueError(one.id)
        date.fromisoformat(one.expires)
        first = sheet.sources[one.source]
        rows[one.id] = Row(
            id=one.id, topic=one.problem, kind="talk", severity=1, region=one.region, ages=one.ages, when=one.when, unless=one.unless, source=first.citation,
            year=year_of(first), status=first.status, clinician=True, expires=one.expires,
        )  # fmt: skip
    topics = {problem: frozenset(row.region for row in rows.values() if row.topic == problem) for problem in PROBLEMS}
    return OptionTable(sheet.version, sheet.rows, sheet.sources, AdviceTable(sheet.version, tuple(rows.values()), rows, topics))


OPTIONS: Kind[OptionTable] = Kind("options", OptionSheet, made)
