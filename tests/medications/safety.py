"""This is the place where the shipped tables and made-up people stand that the tests of the safety checks share."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.domain.codes import Coding, Concept
from core.medications import allergies, cautions, genes, kidney_doses
from core.medications.facts import Allergy, Measured, PersonFacts
from core.medications.findings import Taken
from core.medications.genes_alleles import ALLELES
from core.medications.ingredients import INGREDIENTS
from core.medications.tables import Rules, load

DAY = date(2026, 11, 26)
TABLES = Path(__file__).parents[2] / "core" / "rules"
SNOMED = "http://snomed.info/sct"


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The tables as they ship."""
    kinds = (INGREDIENTS, allergies.ALLERGY, kidney_doses.KIDNEY, cautions.CAUTIONS, genes.GENES, ALLELES)
    return load(lambda name: (TABLES / f"{name}.json").read_bytes(), kinds)


def medicine(member: str, medicine_id: str = "") -> Taken:
    """A medicine that an entry of a table names: an ingredient key with its ATC codes, or an ATC code or prefix alone."""
    title = member.replace("_", " ").capitalize()
    if member[:1].islower():
        row = rules().of(INGREDIENTS).rows.get(member)
        return Taken(medicine_id or member, title, Concept(text=title), (member,), row.atc if row else ())
    return Taken(medicine_id or member, title, Concept(text=title), (), (member,))


def allergy(title: str, *ingredients: str, code: str = "", **rest: Any) -> Allergy:
    """An active entry of the list of allergies."""
    codings = (Coding(SNOMED, code, title),) if code else ()
    return Allergy("a-" + title, title, Concept(codings, title), ingredients=ingredients, **rest)


def measured(value: float, days: int = 10) -> Measured:
    """A value some days before DAY."""
    return Measured(value, DAY - timedelta(days=days))


def person(*medicines: Taken, **rest: Any) -> PersonFacts:
    """Somebody of 70, a man, with nothing known unless it is said."""
    return PersonFacts(**{"day": DAY, "medicines": medicines, "age": 70, "sex": "male", "allergies": (), **rest})
