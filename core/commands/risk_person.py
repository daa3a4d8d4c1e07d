"""This is the place where `healthboard risk EQUATION --person ID` is: what an equation says of a person on record, and what it rests on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from core.care import risks
from core.care.access import COMMAND_LINE
from core.care.risk_views import ExplainedView, FaultView, InputView, OutcomeView
from core.care.risks_equation import fault_view, input_view, outcome_view
from core.care.risks_explained import explained_view, interval_view
from core.commands.answer import Answer, table
from core.commands.series import day
from core.ports import Ports
from core.risk.equation import Evaluated
from core.risk.sourcing import Gathered
from core.risk.terms import Equation


def for_person(ports: Ports, given: Namespace) -> Answer:
    """Result, inputs with dates and sources, contributions. Exit status 0 also where it is declined: the reasons are the answer. Raises BadInput for an
    equation, region or day that there is none of."""
    from core.commands.risk import known

    known(given.equation)
    asked = day(getattr(given, "as_of", None), "--as-of")
    moment = None if asked is None else datetime.combine(asked, time(), UTC) + timedelta(days=1, seconds=-1)
    shelf = risks.shelf(ports, COMMAND_LINE, given.person, moment, getattr(given, "region", ""))
    found, made = risks.answered(shelf, risks.fitting(shelf, given.equation))
    document = _document(shelf, found, made)
    return Answer(document, _lines(found.equation, document))


def _document(shelf: risks.Shelf, found: Gathered, made: Evaluated) -> dict[str, Any]:
    equation = found.equation
    outcomes = [(outcome_view(found, made, one, interval_view(found, made, one)), float(made.predictors[one.key][0])) for one in equation.outcomes]
    explained = {one.key: explained_view(found, one.key) for one, _ in outcomes if one.value is not None}
    inputs = [input_view(one, shelf.at, shelf.evidence.typed, shelf.marks) for one in found.inputs]
    return {
        "person": shelf.person_id,
        "equation": equation.key,
        "version": equation.version,
        "status": equation.status,
        "audience": equation.audience,
        "citation": equation.citation,
        "region": shelf.region or None,
        "as_of": shelf.made_at.isoformat(timespec="seconds"),
        "answered": any(one.value is not None for one, _ in outcomes),
        "result": {one.key: one.category or one.value if one.category else one.value for one, _ in outcomes},
        "outcomes": [_outcome(one, predictor) for one, predictor in outcomes],
        "declined": [_fault(fault_view(found, one)) | {"outcomes": list(one.outcomes) or None, "text": str(one)} for one in made.faults_at(0)],
        "inputs": [_input(one, found) for one in inputs],
        "contributions": {key: _explained(one) for key, one in explained.items() if one is not None},
        "thresholds": [
            {"key": one.key, "outcome": one.outcome, "guideline": one.guideline, "status": one.status, "ages": list(one.ages) if one.ages else None,
             "bands": [{"code": band.code, "from": band.low} for band in one.bands]}
            for one in equation.thresholds
        ],
        "notes": list(equation.notes),
    }  # fmt: skip


def _outcome(one: OutcomeView, predictor: float) -> dict[str, Any]:
    return {
        "key": one.key,
        "unit": one.unit,
        "years": one.years or None,
        "value": one.value,
        "category": one.category or None,
        "predictor": predictor if one.value is not None else None,
        "of_hundred": one.of_hundred,
        "of_thousand": one.of_thousand,
        "interval": {"low": one.interval.low, "high": one.interval.high, "missing": one.interval.missing} if one.interval else None,
        "bands": [{"thresholds": band.thresholds, "code": band.code, "guideline": band.guideline, "status": band.status} for band in one.bands],
        "declined": [_fault(fault) for fault in one.faults],
    }


def _fault(one: FaultView) -> dict[str, Any]:
    return {"code": one.code, "input": one.input or None, "low": one.low, "high": one.high, "unit": one.unit or None, "how": one.how, "facts": dict(one.facts)}


def _input(one: InputView, found: Gathered) -> dict[str, Any]:
    """`value` is what goes into the equation, in `unit`; `seen` what the record holds, also where it can't be used."""
    item = found.equation.input(one.key)
    return {
        "key": one.key,
        "column": item.name,
        "kind": one.kind,
        "required": item.required,
        "value": found.values.get(one.key),
        "unit": item.unit or None,
        "choice": one.choice or None,
        "seen": one.value,
        "seen_unit": one.unit or None,
        "state": one.state,
        "origin": one.origin or None,
        "date": one.when or None,
        "age_days": one.days,
        "oldest_days": one.oldest_days,
        "sources": [{"id": mark.source_id, "kind": mark.kind, "label": mark.label} for mark in one.sources],
        "record_ids": list(one.record_ids),
        "from": list(one.from_keys),
        "why": one.why or None,
        "facts": dict(one.facts),
        "how": one.how or None,
    }


def _explained(one: ExplainedView) -> dict[str, Any]:
    return {
        "reference_value": one.reference_value,
        "reference_source": one.reference_source,
        "declined": one.declined or None,
        "inputs": [
            {"key": part.key, "value": part.value, "reference": part.reference, "unit": part.unit or None, "share": part.share, "points": part.points}
            for part in one.contributions
        ],
    }


def _lines(equation: Equation, document: dict[str, Any]) -> Sequence[str]:
    """The same for people at a terminal, in short."""
    decimals = {one.key: one.decimals for one in equation.outcomes}
    answers = [[one["key"], _said(one, decimals[one["key"]])] for one in document["outcomes"]]
    rows = [
        [one["column"], "-" if one["value"] is None else f"{one['value']:g}", one["unit"] or "", one["state"], one["date"] or "-",
         "-" if one["age_days"] is None else str(one["age_days"]), one["origin"] or "-", ", ".join(mark["label"] for mark in one["sources"]), one["why"] or ""]
        for one in document["inputs"]
    ]  # fmt: skip
    head = f"{equation.key} {equation.version} ({equation.status}), {equation.citation}"
    inputs = table([["INPUT", "VALUE", "UNIT", "STATE", "DATE", "DAYS", "FROM", "SOURCES", "WHY"], *rows])
    return [head, "", *table([["OUTCOME", "RESULT"], *answers]), "", *inputs]


def _said(one: dict[str, Any], decimals: int) -> str:
    """An outcome in a word; what is only good for whole per cent is said in whole per cent."""
    exact = decimals and decimals + 2
    if one["category"]:
        return str(one["category"])
    if one["value"] is not None:
        return f"{one['value']:.{exact}%}" if one["unit"] == "fraction" else f"{one['value']:g}"
    reasons = "; ".join(f"{fault['code']}:{fault['input']}" if fault["input"] else fault["code"] for fault in one["declined"])
    if one["interval"]:
        low, high = (f"{one['interval'][end]:.{decimals}%}" if one["unit"] == "fraction" else f"{one['interval'][end]:g}" for end in ("low", "high"))
        return f"between {low} and {high} ({reasons})"
    return f"declined: {reasons}"
