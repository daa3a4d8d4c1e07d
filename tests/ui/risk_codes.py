"""This is the place where every code of risk that can reach a screen is collected, from the tables and the sources that hold them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from core.risk.registry import EQUATIONS
from core.risk.rules_table import RULES
from core.risk.vocabulary import TERMS
from tests.ui.keys import ROOT

STEM = re.compile(r"_\d+yr$")
CODE = re.compile(r"^[a-z0-9]+(_[a-z0-9]+)*$")
QUESTIONS = re.compile(r"^(phq|gad)\d$")
"""Items of questionnaires, which have words of their own."""


def equations() -> tuple[str, ...]:
    return tuple(EQUATIONS)


def outcomes() -> Iterator[tuple[str, str]]:
    """(equation, outcome without its horizon)."""
    for equation in EQUATIONS.values():
        yield from ((equation.key, STEM.sub("", one.key)) for one in equation.outcomes)


def chances() -> set[str]:
    """Outcomes that are said as "9 of 100 people like you"."""
    return {STEM.sub("", one.key) for equation in EQUATIONS.values() for one in equation.outcomes if one.unit == "fraction"}


def bands() -> set[str]:
    return {band.code for equation in EQUATIONS.values() for row in equation.thresholds for band in row.bands}


def categories() -> set[str]:
    return {code for equation in EQUATIONS.values() for one in equation.outcomes for code in one.categories}


def notes() -> set[str]:
    return {code for equation in EQUATIONS.values() for code in equation.notes}


def inputs() -> set[str]:
    asked = {one.key for equation in EQUATIONS.values() for one in equation.inputs} | set(TERMS)
    return {key for key in asked if not QUESTIONS.match(key)}


def choices() -> set[str]:
    return {"yes", "no", *(code for key, term in TERMS.items() if not QUESTIONS.match(key) for code in term.choices)}


def given(name: str) -> set[str]:
    """Codes that the sources give by that name (`why="too_old"`), in the subject and in its use cases."""
    found: set[str] = set()
    for path in [*sorted((ROOT / "core/risk").glob("*.py")), *sorted((ROOT / "core/care").glob("risk*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found |= {code for word in node.keywords if word.arg == name for code in _codes(word.value)}
    return {code for code in found if CODE.match(code)}


def _codes(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _codes(node.body)
        yield from _codes(node.orelse)


def hows() -> set[str]:
    return {row.how for row in RULES.values()} | given("how")


def faults() -> set[tuple[str, str]]:
    """(code, input) of every fault that the equations can give, and of those that the rules about records add."""
    found: set[tuple[str, str]] = set()
    for path in [*sorted((ROOT / "core/risk").glob("*.py")), *sorted((ROOT / "core/care").glob("risk*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Fault", "FaultView") and node.args:
                found |= {(code, "") for code in _codes(node.args[0])}
    rules = {(rule.fault.code, rule.fault.input) for equation in EQUATIONS.values() for rule in equation.rules}
    return found | rules
