"""This is the place where all safety checks are run over what one person takes, and where it is said whether anything was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from core.medications import allergies, cautions, duplicates, genes, interactions, kidney_doses
from core.medications.allergies import ALLERGY
from core.medications.cautions import CAUTIONS
from core.medications.duplicates import DUPLICATES
from core.medications.facts import PersonFacts
from core.medications.findings import Checked, Finding, NotChecked
from core.medications.genes import GENES
from core.medications.genes_alleles import ALLELES
from core.medications.ingredients import INGREDIENTS
from core.medications.interactions import INTERACTIONS
from core.medications.kidney_doses import KIDNEY
from core.medications.tables import Kind, Rules

Check = Callable[[Rules, PersonFacts], tuple[list[Finding], list[NotChecked]]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A check, what it is called, and the tables it can't do without."""

    name: str
    needs: tuple[Kind[Any], ...]
    run: Check


CHECKS: tuple[Kept, ...] = (
    Kept("interaction", (INTERACTIONS,), interactions.check),
    Kept("duplicate", (DUPLICATES,), duplicates.check),
    Kept("allergy", (ALLERGY,), allergies.check),
    Kept("kidney", (KIDNEY,), kidney_doses.check),
    Kept("caution", (CAUTIONS,), cautions.check),
    Kept("gene", (GENES, ALLELES), genes.check),
)
"""Every check there is. One whose table is missing is not run, and that is said."""

KINDS: tuple[Kind[Any], ...] = tuple(dict.fromkeys((INGREDIENTS, *(kind for one in CHECKS for kind in one.needs))))
"""Every table the checks read."""


def check(rules: Rules, facts: PersonFacts) -> Checked:
    """Every check over these facts. `Checked.state` is "unavailable" where any table has a fault (the other checks still say what they found), "partly"
    where anything could not be checked, and "checked" only where nothing was left out."""
    findings: list[Finding] = []
    left: list[NotChecked] = [NotChecked("medicine", one.title, one.unread, one.medicine_id) for one in facts.medicines if one.unread]
    for one in CHECKS:
        if rules.has(INGREDIENTS) and all(rules.has(kind) for kind in one.needs):
            found, missed = one.run(rules, facts)
            findings += found
            left += missed
        else:
            left.append(NotChecked(one.name, "", "table_unavailable"))
    findings.sort(key=lambda one: (-one.severity, one.kind, one.rule, one.medicines))
    state = "unavailable" if not rules.whole else "partly" if left else "checked"
    coded = sum(not one.unread for one in facts.medicines)
    return Checked(tuple(findings), tuple(left), rules.states, state, len(facts.medicines), coded)


def with_left(found: Checked, left: Iterable[NotChecked]) -> Checked:
    """The answer, where more was left out than the checks could know."""
    more = tuple(left)
    return replace(found, not_checked=(*found.not_checked, *more), state="partly" if more and found.state == "checked" else found.state)
