"""This is the place where the words of a safety check are defined: findings with an ordered severity, and what could not be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from core.domain.codes import Concept


class Severity(IntEnum):
    """How much a finding matters, in order. INFO never interrupts anybody."""

    INFO = 1
    CAUTION = 2
    SERIOUS = 3
    CONTRAINDICATED = 4


ASK_TOGETHER = "check.what.ask_together"
"""What a patient is told where a rule was not yet checked against its source: to ask whether these go together. It claims nothing."""


NOT_CHECKED = (
    "unknown_medicine", "ambiguous_medicine", "partly_known_medicine", "unread_record", "table_unavailable", "no_allergy_list", "unknown_allergy",
    "no_kidney_value", "kidney_value_old", "kidney_value_unclear", "no_potassium_value", "potassium_value_old", "no_weight", "weight_old",
    "no_age", "no_sex", "child", "pregnant", "pregnancy_unknown", "not_tested", "result_unclear", "results_conflict",
)  # fmt: skip
"""Why something was not checked: `check.not.<why>` says it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: a short citation, the date or version of what was read, and its status: "verified" (read in the named source),
    "house" (our own choice, without a clinical claim), "digest" or "memory" (then its content is for clinicians only, and marked)."""

    citation: str
    date: str
    status: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine as the checks see it: our id of it, what it is called, and how it was coded. `ingredients` are keys of the ingredient table
    (a combination has several); () means that it could not be told what is in it, and then it is *not checked*. `atc` are the codes of those
    ingredients for that way of taking it (eye drops are not tablets). `unread` is "" where all of it could be read, else why not: "unknown_medicine",
    "ambiguous_medicine" (its code and its name disagree), "partly_known_medicine" (what is known of it is in `ingredients`)."""

    medicine_id: str
    title: str
    concept: Concept
    ingredients: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    route: str = ""
    unread: str = ""
    denied: bool = False
    """The record says it is taken and the person says they don't: checked all the same."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. `kind`: "interaction", "duplicate", "allergy", "kidney", "pregnancy", "age", "gene"; `rule` the id of its row;
    `medicines` the ids it is about; `what` a catalogue key for a patient (never a dose, never "stop"), `why` a catalogue key for a clinician;
    `facts` fill both; `about` names of ingredients or classes. `for_patients` is false where the rule's
    content is only for clinicians: a patient is told nothing of it, unless `what` is ASK_TOGETHER, which claims nothing (`told_to_patients`)."""

    kind: str
    rule: str
    severity: Severity
    medicines: tuple[str, ...]
    what: str
    why: str
    source: Source
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    for_patients: bool = True

    @property
    def told_to_patients(self) -> bool:
        """Whether a patient sees `what` at all."""
        return self.for_patients or self.what == ASK_TOGETHER


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A medicine, allergy or test that a check could say nothing about, and why (one of NOT_CHECKED); `subject` its title, `check` the kind of check."""

    check: str
    subject: str
    why: str
    medicine_id: str = ""


@dataclass(frozen=True, slots=True)
class TableState:
    """A rule table: its name, version, digest (sha256, short) and number of rows; `fault` is "" where it was read, else "missing" or "corrupt":
    then its check is unavailable, and that is said in red, never passed over."""

    name: str
    version: str = ""
    digest: str = ""
    rows: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of all checks over one person's medicines: findings (the gravest first), what could not be checked, the tables used. `state` is
    "checked", "partly" (something was not checked) or "unavailable" (a table is missing or damaged); it is "checked" only where nothing was left out."""

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...]
    tables: tuple[TableState, ...]
    state: str
    medicines: int = 0
    coded: int = 0
