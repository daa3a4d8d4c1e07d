"""This is the place where what isn't a measured value becomes a finding: a rhythm check, a medicine, a questionnaire, a photo, a wound.

A happening has a kind (a row of the rules), a key of its own (the same key twice is one happening), and a subject: alerts about two medicines are two alerts.
Its value is held against the rule's limit like a reading's; a value inside it (0: "it is over") is the named recovery of the rules that have one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite

from core.alerts.judging import Finding, reaches
from core.alerts.rules import HAPPENING_KINDS, Rule
from core.errors import BadInput

Facts = tuple[tuple[str, float | int | str], ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """`kind` is the signal of the rules that look at it (HAPPENS in rules.py), `key` its own name, `at` when it happened, `subject` what it is about (a medicine's id,
    a photo's), `value` 1 for "it is so", 0 for "it is over", a score, or what the rule's limit counts."""

    kind: str
    key: str
    at: datetime
    subject: str = ""
    value: float = 1.0
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What the rules say about one: findings, and (family, rule key) of what is over."""

    findings: tuple[Finding, ...]
    over: tuple[tuple[str, str], ...]


def of_subject(rule: Rule, subject: str) -> Rule:
    """The rule for one subject: its alerts are a family of their own."""
    return replace(rule, group=f"{rule.family}:{subject}") if subject else rule


def said(happening: Happening, rules: Iterable[Rule]) -> Said:
    """What the rules say about it. Raises BadInput where no rule, a value or a key is missing."""
    mine = [rule for rule in rules if rule.signal == happening.kind and rule.kind in HAPPENING_KINDS]
    _needs(happening, mine)
    findings, over = [], []
    for rule in mine:
        one = of_subject(rule, happening.subject)
        if reaches(happening.value, rule.limit, rule):
            facts = (("happening", happening.key), *happening.facts)
            findings.append(Finding(one, happening.at, happening.value, rule.severity, rule.limit, facts=facts))
        elif rule.recovery:
            over.append((one.family, rule.key))
    return Said(tuple(findings), tuple(over))


def _needs(happening: Happening, mine: Sequence[Rule]) -> None:
    wants = (
        (bool(mine), "kind", "a kind of happening that a rule knows"),
        (bool(happening.key.strip()), "key", "a name of its own"),
        (isfinite(happening.value), "value", "a number"),
        (happening.at.tzinfo is not None, "at", "an instant with its offset"),
    )
    for fine, place, need in wants:
        if not fine:
            raise BadInput("bad_happening", place=f"{happening.kind[:40]}.{place}", need=need)
