"""This is the place where it stands which equations answer a person's questions: by region, which first, which beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.risk.sourcing_types import Sourced
from core.risk.terms import Equation

PREVENT = ("prevent_base", "prevent_hba1c", "prevent_uacr", "prevent_sdi", "prevent_full")
SCORE2 = ("score2", "score2_op", "score2_diabetes")
NEEDS_REGION = ("cvd", "diabetes")
CLINICIAN = ("has_bled", "meld3", "news2", "qsofa")
"""Shown to a coordinator only: they call for judgement that the page can't give."""
MAIN_OUTCOME: Mapping[str, str] = {
    **dict.fromkeys(PREVENT, "total_cvd_10yr"), "pce": "ascvd_10yr", **dict.fromkeys((*SCORE2, "score2_asia_pacific"), "cvd_10yr"),
    "china_par": "ascvd_10yr", "ckdepi_2021_cr": "egfr", "ckdepi_2021_cr_cys": "egfr", "kdigo": "risk",
    **dict.fromkeys(("kfre_4var", "kfre_6var", "kfre_8var"), "kidney_failure_5yr"), "bmi": "bmi",
}  # fmt: skip
"""The outcome a card is about; the others have one called "score"."""

_READ_IN: Mapping[str, tuple[str, ...]] = {"who_bmi": ("us", "europe"), "who_bmi_asia": ("asia",), "china_bmi": ("china",)}
"""Cut-offs that are for people of some regions; all others are for everybody the equation is for."""

Known = Mapping[str, Sourced]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A family with the equation that fits first, and those it may be compared with."""

    key: str
    first: str
    others: tuple[str, ...] = ()


def main_outcome(equation: Equation) -> str:
    """The outcome a card of this equation is about."""
    return MAIN_OUTCOME.get(equation.key, "score")


def chosen(region: str, known: Known, clinician: bool) -> tuple[Chosen, ...]:
    """The families that are shown, in order. `known` are all inputs as sourced now."""
    found = [_cvd(region, known), _diabetes(region), *_kidney(known), *_rhythm(region, known, clinician)]
    found += [Chosen("liver", "fib4", ("meld3",) if clinician else ()), Chosen("body", "bmi")]
    if clinician:
        found.append(Chosen("early_warning", "news2", ("qsofa",)))
    return tuple(found)


def read_in(region: str, thresholds: str) -> bool:
    """Whether these cut-offs are for a region; where none is chosen, all are shown side by side."""
    return not region or thresholds not in _READ_IN or region.partition("_")[0] in _READ_IN[thresholds]


def _has(known: Known, *keys: str) -> bool:
    return all(key in known and known[key].used for key in keys)


def _yes(known: Known, key: str) -> bool:
    return _has(known, key) and known[key].value == 1.0


def _cvd(region: str, known: Known) -> Chosen:
    asked = ("pce",) if _has(known, "pce_group") else ()
    prevent = _prevent(known)
    if region == "us":
        return Chosen("cvd", prevent, (*asked, "china_par"))
    if region.startswith("europe_"):
        return Chosen("cvd", _score2(known), (prevent, "china_par", *asked))
    if region.startswith("asia_pacific_"):
        return Chosen("cvd", "score2_asia_pacific", ("china_par", prevent, *asked))
    if region == "china":
        return Chosen("cvd", "china_par", ("score2_asia_pacific", prevent, *asked))
    return Chosen("cvd", "")


def _prevent(known: Known) -> str:
    """The richest model of which the optional inputs are known; the full one only with an address's deprivation."""
    sdi, uacr, hba1c = (_has(known, key) for key in ("sdi_decile", "uacr", "hba1c"))
    if sdi:
        return "prevent_full" if uacr or hba1c else "prevent_sdi"
    return "prevent_uacr" if uacr else "prevent_hba1c" if hba1c else "prevent_base"


def _score2(known: Known) -> str:
    age = known["age"].value if "age" in known else None
    if age is not None and age >= 70:
        return "score2_op"
    type_1 = _yes(known, "diabetes_type1")
    return "score2_diabetes" if _yes(known, "diabetes") and not type_1 else "score2"


def _diabetes(region: str) -> Chosen:
    scores = ("findrisc", "ada_risk_test", "cdrs")
    first = "ada_risk_test" if region == "us" else "cdrs" if region == "china" else "findrisc" if region else ""
    return Chosen("diabetes", first, tuple(one for one in scores if one != first) if first else ())


def by_name(name: str, known: Known) -> str:
    """The equation that a family's name means for a person with these inputs; any other name is its own."""
    if name == "prevent":
        return _prevent(known)
    if name == "score2_family":
        return _score2(known)
    if name == "kfre":
        return _kfre(known)
    return _ckdepi(known) if name == "ckdepi" else name


def _ckdepi(known: Known) -> str:
    return "ckdepi_2021_cr_cys" if _has(known, "creatinine", "cystatin_c") else "ckdepi_2021_cr"


def _kfre(known: Known) -> str:
    """The one with the most variables of which all are known."""
    if _has(known, "albumin", "phosphate", "bicarbonate", "calcium"):
        return "kfre_8var"
    return "kfre_6var" if _has(known, "diabetes", "hypertension") else "kfre_4var"


def _kidney(known: Known) -> list[Chosen]:
    first = _ckdepi(known)
    found = [Chosen("kidney", first, (*(("ckdepi_2021_cr",) if first != "ckdepi_2021_cr" else ()), "kdigo"))]
    egfr = known["egfr"].value if _has(known, "egfr") else None
    if egfr is not None and egfr < 60:
        first = _kfre(known)
        found.append(Chosen("kidney_failure", first, tuple(one for one in ("kfre_4var", "kfre_6var", "kfre_8var") if one != first)))
    return found


def _rhythm(region: str, known: Known, clinician: bool) -> list[Chosen]:
    """Only for people of whom it is known that they have atrial fibrillation; others aren't asked."""
    if not _yes(known, "atrial_fibrillation"):
        return []
    first, other = ("cha2ds2_vasc", "cha2ds2_va") if region == "us" else ("cha2ds2_va", "cha2ds2_vasc")
    return [Chosen("rhythm", first, (other,)), *([Chosen("bleeding", "has_bled")] if clinician else [])]


def differences(first: Equation, others: Mapping[str, Equation], region: str) -> tuple[str, ...]:
    """Why equations that answer one question differ: codes, each once."""
    mine = first.outcome(main_outcome(first))
    needs = {item.key for item in first.inputs if item.required}
    codes: list[str] = []
    for one in others.values():
        theirs = one.outcome(main_outcome(one))
        needed = {item.key for item in one.inputs if item.required}
        codes += ["other_outcome"] if theirs.key != mine.key else []
        codes += ["other_horizon"] if theirs.years != mine.years else []
        codes += ["other_people"] if one.region != first.region else []
        codes += ["fewer_inputs"] if needs - needed else []
        codes += ["more_inputs"] if needed - needs else []
        codes += ["approximation"] if "approximation" in (one.status, first.status) else []
        codes += ["comparison_only"] if "comparison_only" in one.notes else []
        codes += ["region_assumed"] if one.key == "score2_asia_pacific" and region == "china" else []
    return tuple(dict.fromkeys(codes))
