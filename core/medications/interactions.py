"""This is the place where two medicines that influence one another are found, and three that do so together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import msgspec

from core.medications.facts import PersonFacts
from core.medications.findings import ASK_TOGETHER, Finding, NotChecked, Severity, Source, Taken
from core.medications.ingredients import INGREDIENTS, Ingredients, parts, stays_put
from core.medications.tables import Kind, Rules, Sheet

EFFECTS = (
    "absorption", "bleeding", "circulation", "effect_lost", "heart_slow", "kidney", "kidney_three", "level_changed", "level_high", "marrow", "muscle",
    "other", "potassium_high", "potassium_low", "pressure_high", "pressure_low", "rhythm", "sedation", "serotonin", "sugar_low",
)  # fmt: skip
"""What may come of it: `check.what.pair.<effect>` says it to a patient, `check.why.pair.<effect>` to a clinician."""


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule about two: `a` and `b` are ATC prefixes or keys of ingredients, `source` a key of the table's sources."""

    id: str
    severity: int
    a: tuple[str, ...]
    b: tuple[str, ...]
    effect: str
    source: str
    note: str = ""


class Triple(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule about three, one of each of `members`; two of them may be in one medicine."""

    id: str
    severity: int
    members: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    effect: str
    source: str
    note: str = ""


class InteractionSheet(Sheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """core/rules/interactions.json."""

    sources: dict[str, Source]
    rows: tuple[Pair, ...]
    triples: tuple[Triple, ...] = ()

    def size(self) -> int:
        return len(self.rows) + len(self.triples)


def _made(sheet: InteractionSheet) -> InteractionSheet:
    every: list[Pair | Triple] = [*sheet.rows, *sheet.triples]
    if len({one.id for one in every}) != len(every):
        raise ValueError("a rule stands twice")
    if any(one.source not in sheet.sources or one.effect not in EFFECTS or one.severity not in list(Severity) for one in every):
        raise ValueError("a rule without a source, an effect or a severity")
    if not all(row.a and row.b for row in sheet.rows) or not all(all(row.members) for row in sheet.triples):
        raise ValueError("a rule about nothing")
    return sheet


INTERACTIONS: Kind[InteractionSheet] = Kind("interactions", InteractionSheet, _made)


@dataclass(frozen=True, slots=True)
class _Inside:
    """One ingredient and the medicines that hold it. An ingredient known by its class alone is the medicine itself."""

    key: str
    medicines: tuple[Taken, ...]


def check(rules: Rules, facts: PersonFacts) -> tuple[list[Finding], list[NotChecked]]:
    """Pairs and triples among what is taken. A pair is found once however many medicines hold it, by its gravest rule: of those that were checked
    against their source, and of those from memory. A medicine is never held against itself."""
    table, names = rules.of(INTERACTIONS), rules.of(INGREDIENTS)
    taken = [one for one in facts.medicines if not stays_put(one)]
    gravest: dict[tuple[tuple[str, ...], bool], Finding] = {}
    for row in table.rows:
        left, right = _inside(taken, row.a, names), _inside(taken, row.b, names)
        for one, other in product(left, right):
            ids = _apart(one, other)
            if one.key == other.key or not ids:
                continue
            found = _finding(row, (one, other), ids, table.sources[row.source], names)
            key = (tuple(sorted((one.key, other.key))), found.for_patients)
            if key not in gravest or gravest[key].severity < found.severity:
                gravest[key] = found
    return [*gravest.values(), *_triples(table, taken, names)], []


def _triples(table: InteractionSheet, taken: list[Taken], names: Ingredients) -> Iterator[Finding]:
    for row in table.triples:
        sides = [_inside(taken, members, names) for members in row.members]
        if not all(sides):
            continue
        ids = tuple(dict.fromkeys(one.medicine_id for side in sides for inside in side for one in inside.medicines))
        if len(ids) > 1:
            yield _finding(row, tuple(side[0] for side in sides), ids, table.sources[row.source], names)


def _inside(taken: list[Taken], members: tuple[str, ...], names: Ingredients) -> list[_Inside]:
    found: dict[str, list[Taken]] = {}
    for medicine in taken:
        for part in parts(medicine, names):
            if part.among(members):
                found.setdefault(part.key or f"#{medicine.medicine_id}", []).append(medicine)
    return [_Inside(key, tuple(medicines)) for key, medicines in found.items()]


def _apart(one: _Inside, other: _Inside) -> tuple[str, ...]:
    """The medicines of both sides, () where there is only one: what stands together in one pill was put together."""
    ids = tuple(dict.fromkeys(medicine.medicine_id for side in (one, other) for medicine in side.medicines))
    return ids if len(ids) > 1 else ()


def _finding(row: Pair | Triple, sides: tuple[_Inside, ...], ids: tuple[str, ...], source: Source, names: Ingredients) -> Finding:
    """`a` and `b` are two different medicines as they are called, `in_a`, `in_b` (`in_c`) the ingredients it is about."""
    first = sides[0].medicines[0]
    every = [one for side in reversed(sides) for one in side.medicines]
    second = next((one for one in every if one.medicine_id != first.medicine_id), None)
    if second is None or (len(sides) == 2 and second not in sides[1].medicines):
        second = sides[1].medicines[0]
        first = next(one for one in sides[0].medicines if one.medicine_id != second.medicine_id)
    facts: dict[str, str | int | float] = {"rule": row.id, "a": first.title, "b": second.title}
    for letter, side in zip("abc", sides, strict=False):
        facts[f"in_{letter}"] = side.medicines[0].title if side.key.startswith("#") else names.title(side.key)
    checked = source.status == "verified"
    effect = row.effect if row.severity > Severity.INFO or row.effect == "absorption" else "other"  # what is for information alarms nobody
    what = f"check.what.pair.{effect}" if checked else ASK_TOGETHER
    return Finding("interaction", row.id, Severity(row.severity), ids, what, f"check.why.pair.{row.effect}", source, facts, checked)
