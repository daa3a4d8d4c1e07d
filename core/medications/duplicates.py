"""This is the place where the same thing taken twice is found: one ingredient in two medicines, or two ingredients of one class."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import msgspec

from core.medications.facts import PersonFacts
from core.medications.findings import Finding, NotChecked, Severity, Source, Taken
from core.medications.ingredients import INGREDIENTS, Ingredients, Part, is_local, parts, stays_put
from core.medications.tables import Kind, Rules, Sheet


class Twice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule: on which `level`, how grave, and the ATC prefixes in which two of one class are usual (long- and short-acting insulin)."""

    id: str
    level: Literal["ingredient", "class"]
    severity: int
    apart: tuple[str, ...] = ()


class DuplicateSheet(Sheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/duplicates.json."""

    source: Source
    rows: tuple[Twice, ...]


def _made(sheet: DuplicateSheet) -> DuplicateSheet:
    if any(row.severity not in list(Severity) for row in sheet.rows):
        raise ValueError("a rule without a severity")
    return sheet


DUPLICATES: Kind[DuplicateSheet] = Kind("duplicates", DuplicateSheet, _made)
_CLASS = 5
"""Characters of an ATC code on the fourth level: the chemical subgroup."""


def check(rules: Rules, facts: PersonFacts) -> tuple[list[Finding], list[NotChecked]]:
    """Each ingredient and each class once, with all the medicines that hold it. Combinations are taken apart first; cream and tablet are not the same."""
    table, names = rules.of(DUPLICATES), rules.of(INGREDIENTS)
    found: list[Finding] = []
    for row in table.rows:
        holders = _by_ingredient(facts, names) if row.level == "ingredient" else _by_class(facts, names, row.apart)
        found += [_finding(row, key, medicines, table.source, names) for key, medicines in sorted(holders.items())]
    return found, []


def _by_ingredient(facts: PersonFacts, names: Ingredients) -> dict[str, list[Taken]]:
    holders: dict[str, list[Taken]] = {}
    for one in facts.medicines:
        if not stays_put(one):
            for key in one.ingredients:
                holders.setdefault(key, []).append(one)
    return {key: medicines for key, medicines in holders.items() if _several(medicines)}


def _by_class(facts: PersonFacts, names: Ingredients, apart: tuple[str, ...]) -> dict[str, list[Taken]]:
    holders: dict[str, list[tuple[Part, Taken]]] = {}
    for one in facts.medicines:
        for part in parts(one, names) if not stays_put(one) else ():
            for group in {code[:_CLASS] for code in part.atc if len(code) >= _CLASS and not is_local(code)}:
                if not (apart and group.startswith(apart)):
                    holders.setdefault(group, []).append((part, one))
    return {
        group: list({one.medicine_id: one for _, one in inside}.values())
        for group, inside in holders.items()
        if any((a.key or x.medicine_id) != (b.key or y.medicine_id) and x.medicine_id != y.medicine_id for (a, x), (b, y) in combinations(inside[:50], 2))
    }


def _several(medicines: list[Taken]) -> bool:
    return len({one.medicine_id for one in medicines}) > 1


def _finding(row: Twice, key: str, medicines: list[Taken], source: Source, names: Ingredients) -> Finding:
    facts: dict[str, str | int | float] = {
        "rule": row.id,
        "a": medicines[0].title,
        "b": medicines[1].title,
        "same": names.title(key) if row.level == "ingredient" else key,
        "n": len(medicines),
    }
    ids = tuple(dict.fromkeys(one.medicine_id for one in medicines))
    name = f"duplicate.{row.level}"
    return Finding("duplicate", row.id, Severity(row.severity), ids, f"check.what.{name}", f"check.why.{name}", source, facts)
