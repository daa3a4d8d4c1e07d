"""This is the place where the equations are listed: for each its inputs with units and limits, its outcomes, its thresholds, and where it was published."""

from __future__ import annotations

from typing import Any

from core.commands.answer import Answer, table
from core.risk.mixed import MIXED, Mixed
from core.risk.registry import EQUATIONS
from core.risk.terms import Equation, Input, Outcome, Thresholds


def listed() -> Answer:
    """Every equation, and the families of which one file may hold several side by side."""
    document = {"equations": [_equation(one) for one in EQUATIONS.values()], "families": [_family(one) for one in MIXED.values()]}
    rows = [["EQUATION", "VERSION", "STATUS", "FOR", "COLUMNS", "OUTCOMES"]]
    for one in EQUATIONS.values():
        needed = " ".join(item.name if item.required else f"[{item.name}]" for item in one.inputs)
        rows.append([one.key, one.version, one.status, one.audience, needed, " ".join(outcome.key for outcome in one.outcomes)])
    for family in MIXED.values():
        names = " ".join(family.chooses)
        rows.append([family.key, "", "", "", f"{names} and what the chosen model needs", " ".join(outcome.key for outcome in family.outcomes)])
    return Answer(document, table(rows))


def _equation(one: Equation) -> dict[str, Any]:
    return {
        "equation": one.key,
        "key": one.key,
        "version": one.version,
        "family": one.family,
        "status": one.status,
        "audience": one.audience,
        "region": one.region or None,
        "citation": one.citation,
        "inputs": [_input(item) for item in one.inputs],
        "outcomes": [_outcome(outcome) for outcome in one.outcomes],
        "declines": [{"code": rule.fault.code, "inputs": list(rule.inputs), "outcomes": list(rule.fault.outcomes)} for rule in one.rules],
        "thresholds": [_thresholds(row) for row in one.thresholds],
        "notes": list(one.notes),
    }


def _input(item: Input) -> dict[str, Any]:
    return {
        "column": item.name,
        "key": item.key,
        "kind": item.kind,
        "unit": item.unit or None,
        "low": item.low,
        "high": item.high,
        "limits": item.limits if item.low is not None or item.high is not None else None,
        "required": item.required,
        "choices": list(item.choices),
        "also": [name for name in dict.fromkeys((item.key, *item.also)) if name != item.name],
        "outcomes": list(item.stops) or None,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {"key": outcome.key, "unit": outcome.unit, "years": outcome.years, "categories": list(outcome.categories)}


def _thresholds(row: Thresholds) -> dict[str, Any]:
    return {
        "key": row.key,
        "outcome": row.outcome,
        "guideline": row.guideline,
        "status": row.status,
        "ages": list(row.ages) if row.ages else None,
        "sex": None if row.sex is None else "male" if row.sex else "female",
        "bands": [{"code": band.code, "low": band.low} for band in row.bands],
    }


def _family(one: Mixed) -> dict[str, Any]:
    return {
        "equation": one.key,
        "key": one.key,
        "columns": list(one.chooses),
        "equations": [equation.key for equation in one.equations],
        "outcomes": [_outcome(outcome) for outcome in one.outcomes],
    }
