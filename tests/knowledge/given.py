"""This is the place where the graph, the tables and made-up people are for the tests of knowledge."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from core.advice.terms import Fact
from core.care.knowing import knowledge
from core.domain.codes import ATC, Coding, Concept
from core.knowledge.building import TABLES, Knowledge
from core.knowledge.options_table import OPTIONS, OptionTable
from core.medications.facts import Allergy, Measured, PersonFacts
from core.medications.findings import Taken
from core.medications.ingredients import INGREDIENTS, taken
from core.medications.tables import Rules, load
from core.rules import ShippedTables

DAY = date(2026, 11, 27)


@lru_cache(maxsize=1)
def rules() -> Rules:
    return load(ShippedTables().read, TABLES)


@lru_cache(maxsize=1)
def known() -> Knowledge:
    return knowledge(ShippedTables())


def options() -> OptionTable:
    return rules().of(OPTIONS)


def facts(text: str) -> dict[str, Fact]:
    """ "key=value@days"; days 1 where nothing is said."""
    found = {}
    for one in text.split():
        key, _, rest = one.partition("=")
        value, _, days = rest.partition("@")
        found[key] = Fact(key, "used", float(value), days=int(days or 1), origin="record")
    return found


def no_to_all(text: str) -> dict[str, Fact]:
    """The same, with a known "no" or an unremarkable value of all else that options ask for."""
    calm = (
        "age=55 sex=1 region_china=0 hypertension=0 diabetes=0 diabetes_type1=0 ckd=0 cvd_known=0 vascular=0 stroke=0 heart_failure=0 atrial_fibrillation=0 "
        "kidney_failure=0 liver_abnormal=0 pregnant=0 smoker=0 sbp_home=120 dbp_home=75 ldl=90 hba1c=5.4 egfr=90 uacr=10 potassium=4.2 bmi=24 lvef=60 "
        "risk_prevent_cvd=2 risk_prevent_ascvd=1 risk_china_par=2 risk_kfre_5y=0.1 score_cha2ds2_va=0 score_has_bled=0 bp_classes=0"
    )
    return facts(calm) | facts(text)


def medicine(number: int, name: str) -> Taken:
    return taken(f"m{number}", Concept((), name), rules().of(INGREDIENTS))


def person(*medicines: str, allergies: tuple[str, ...] | None = (), **more: object) -> PersonFacts:
    """Somebody of 55 who takes these; `allergies` None: there is no list."""
    names = rules().of(INGREDIENTS)
    listed = (
        None
        if allergies is None
        else tuple(
            Allergy(f"a{at}", name, Concept((), name), ingredients=taken("", Concept((), name), names).ingredients)
            for at, name in enumerate(allergies or ("No known allergies",))
        )
    )
    given: dict[str, object] = {
        "age": 55,
        "sex": "male",
        "weight": Measured(80, DAY),
        "creatinine": Measured(0.9, DAY),
        "egfr": Measured(90, DAY),
        "potassium": Measured(4.2, DAY),
    }
    return PersonFacts(DAY, tuple(medicine(at, name) for at, name in enumerate(medicines)), listed, **{**given, **more})  # type: ignore[arg-type]


def coded(code: str) -> Concept:
    return Concept((Coding(ATC, code, ""),), "")
