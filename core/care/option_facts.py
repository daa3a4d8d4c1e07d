"""This is the place where the few facts are found that treatment options ask for beside those of advice: more diagnoses, scores, what is taken already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.advice.terms import Fact
from core.care import risks
from core.care.advice_facts import of_problem, of_sourced
from core.care.risks import Shelf
from core.knowledge.options_table import MORE_FACTS
from core.medications.findings import Taken
from core.medications.ingredients import is_member
from core.risk.sourcing import source
from core.risk.sourcing_types import DAY_NS


@dataclass(frozen=True, slots=True)
class Worked:
    """A fact that an equation gives: the family (as the command line names it), the outcome, what it is multiplied with, and the unit."""

    family: str
    outcome: str
    times: float = 1.0
    unit: str = ""


SOURCED = ("heart_failure", "stroke", "vascular", "diabetes_type1", "uacr")
WORKED: Mapping[str, Worked] = {
    "score_cha2ds2_va": Worked("cha2ds2_va", "score"),
    "score_has_bled": Worked("has_bled", "score"),
    "risk_kfre_5y": Worked("kfre", "kidney_failure_5yr", 100, "%"),
    "risk_prevent_cvd": Worked("prevent", "total_cvd_10yr", 100, "%"),
}
_FOR_PRESSURE = (("C09A", "C09B", "C09C", "C09D"), ("C08",), ("C03A", "C03B"), ("C07",), ("C03D",), ("C02",))
"""Groups of medicines for blood pressure, by ATC: how many of them somebody takes."""


def more_facts(shelf: Shelf, medicines: Iterable[Taken]) -> dict[str, Fact]:
    """By key of MORE_FACTS. What an equation declines is missing."""
    found = {key: of_sourced(one, shelf) for key, one in source(shelf.evidence, SOURCED, shelf.at).items()}
    found["ckd"] = of_problem(shelf, "ckd", MORE_FACTS["ckd"])
    found["lvef"] = _newest(shelf, "lvef")
    found |= {key: _worked(shelf, key, one) for key, one in WORKED.items()}
    found["bp_classes"] = _classes(tuple(medicines), shelf)
    return found


def _newest(shelf: Shelf, signal: str) -> Fact:
    points = [one for one in shelf.evidence.points.get(signal, ()) if one.at <= shelf.at]
    if not points:
        return Fact(signal, how=MORE_FACTS[signal])
    one = points[-1]
    days = max(0, (shelf.at - one.at) // DAY_NS)
    return Fact(
        signal,
        "unclear" if one.bound else "used",
        one.value,
        "%",
        one.when,
        days,
        "record",
        (one.record_id,),
        (),
        MORE_FACTS[signal],
    )


def _worked(shelf: Shelf, key: str, asked: Worked) -> Fact:
    view = risks.equation_view(shelf, risks.fitting(shelf, asked.family), whole=False)
    value = next((one.value for one in view.outcomes if one.key == asked.outcome), None)
    if value is None:
        return Fact(key, how=MORE_FACTS[key])
    return Fact(
        key, "used", value * asked.times, asked.unit, shelf.made_at.date().isoformat(), 0, "derived", (), (), MORE_FACTS[key]
    )


def _classes(medicines: tuple[Taken, ...], shelf: Shelf) -> Fact:
    """Not known where it can't be told what is in one of the medicines."""
    how = MORE_FACTS["bp_classes"]
    if any(one.unread for one in medicines):
        return Fact("bp_classes", "unclear", how=how)
    n = sum(any(is_member(one, group) for one in medicines) for group in _FOR_PRESSURE)
    return Fact("bp_classes", "used", float(n), "", shelf.made_at.date().isoformat(), 0, "record", (), (), how)
