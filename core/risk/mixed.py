"""This is the place where a file may hold rows of several models of one family, as published vectors do: a column says which.

Each such family is a row of `MIXED`: the columns that choose, what may stand in them, and under which names the outcomes come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.risk import files
from core.risk.cells import EMPTY
from core.risk.equation import Evaluated
from core.risk.prevent import HORIZONS, MODELS, PARTS
from core.risk.registry import EQUATIONS
from core.risk.terms import Equation, Fault, Outcome

_Chosen = tuple[str, Mapping[str, str]]
"""The key of an equation, and its outcome for each outcome of the family."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """A family of equations that one file may hold side by side. `chooses` are the columns that choose; `models` what may stand in them, plainly."""

    key: str
    chooses: tuple[str, ...]
    models: Mapping[tuple[str, ...], _Chosen]
    outcomes: tuple[Outcome, ...]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """The equations of the family, each once."""
        return tuple(EQUATIONS[key] for key in dict.fromkeys(key for key, _ in self.models.values()))


@dataclass(frozen=True, eq=False, slots=True)
class Answered:
    """Columns of answers: one of numbers for each outcome (NaN where declined), one of reasons ("" where there is nothing to say), and which headings of needed
    inputs the file lacks."""

    outcomes: tuple[Outcome, ...]
    values: Mapping[str, np.ndarray]
    declined: np.ndarray
    lacking: tuple[str, ...]


def _same(key: str, *outcomes: str) -> _Chosen:
    return key, {outcome: outcome for outcome in outcomes}


def _prevent() -> Mapping[tuple[str, ...], _Chosen]:
    return {
        (model, written): (f"prevent_{model}", {part: f"{part}_{years}yr" for part in PARTS})
        for model in MODELS for years in HORIZONS for written in (f"{years}yr", f"{years}", f"{years}y")
    }  # fmt: skip


_SCORE2 = {
    "score2": ("score2",),
    "score2_op": ("op", "score2_op"),
    "score2_diabetes": ("diabetes", "dm", "score2_diabetes", "score2_dm"),
    "score2_asia_pacific": ("ap", "score2_ap", "score2_asia_pacific", "asia_pacific"),
}
MIXED: Mapping[str, Mixed] = {
    one.key: one
    for one in (
        Mixed("prevent", ("model", "horizon"), _prevent(), tuple(Outcome(part, "fraction") for part in PARTS)),
        Mixed(
            "score2_family", ("model",),
            {(name,): _same(key, "cvd_10yr") for key, names in _SCORE2.items() for name in names}, (Outcome("cvd_10yr", "fraction", 10),),
        ),
        Mixed(
            "ckdepi", ("equation",),
            {
                (f"{prefix}{form}",): _same(f"ckdepi_2021_{form}", "egfr")
                for form in ("cr", "cr_cys") for prefix in ("ckd_epi_2021_", "ckdepi_2021_", "")
            },
            (Outcome("egfr", "mL/min/{1.73_m2}", decimals=0),),
        ),
        Mixed(
            "kfre", ("model", "years"),
            {
                (model, f"{years}{mark}"): (f"kfre_{model}", {"kidney_failure": f"kidney_failure_{years}yr"})
                for model in ("4var", "6var", "8var") for years in (2, 5) for mark in ("", "yr", ".0")
            },
            (Outcome("kidney_failure", "fraction"),),
        ),
    )
}  # fmt: skip
"""By key."""


def answer(key: str, given: files.Cells, size: int) -> Answered:
    """Answer a file's rows by one equation, or by one family of them. Raises KeyError for a key that is neither."""
    if key in EQUATIONS:
        equation = EQUATIONS[key]
        table = files.read(equation, given, size)
        found = table.evaluated(equation)
        return Answered(equation.outcomes, found.values, found.declined(), table.lacking)
    return _row_by_row(MIXED[key], given, size)


def _row_by_row(family: Mixed, given: files.Cells, size: int) -> Answered:
    headings = {files.plain(heading): heading for heading in reversed(list(given))}
    lacking = [name for name in family.chooses if name not in headings]
    values = {outcome.key: np.full(size, np.nan) for outcome in family.outcomes}
    declined = np.full(size, "", dtype=object)
    chosen = [[files.plain(text) for text in given[headings[name]]] if name in headings else [""] * size for name in family.chooses]
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, texts in enumerate(zip(*chosen, strict=True)):
        rows.setdefault(texts, []).append(row)
    for texts, places in rows.items():
        model = family.models.get(texts)
        if model is None:
            declined[places] = _not_chosen(family, texts)
            continue
        equation = EQUATIONS[model[0]]
        table = files.read(equation, {heading: [column[row] for row in places] for heading, column in given.items()}, len(places))
        lacking += table.lacking
        found = table.evaluated(equation)
        for name, outcome in model[1].items():
            values[name][places] = found.values[outcome]
        declined[places] = _only(found, tuple(model[1].values())).declined()
    return Answered(family.outcomes, values, declined, tuple(dict.fromkeys(lacking)))


def _not_chosen(family: Mixed, texts: Sequence[str]) -> str:
    """Why no model could be chosen: a choice that is missing, or one that nothing fits."""
    missing = [name for name, text in zip(family.chooses, texts, strict=True) if text in EMPTY]
    if missing:
        return "; ".join(f"missing:{name}" for name in missing)
    known = [{row[at] for row in family.models} for at in range(len(family.chooses))]
    wrong = [name for name, text, fits in zip(family.chooses, texts, known, strict=True) if text not in fits]
    return "; ".join(f"not_a_choice:{name}" for name in wrong or family.chooses)


def _only(found: Evaluated, outcomes: tuple[str, ...]) -> Evaluated:
    """The same with the faults alone that stop one of these outcomes, without saying which where it is all of them."""
    kept: list[tuple[Fault, np.ndarray]] = []
    for fault, where in found.faults:
        here = tuple(key for key in fault.outcomes if key in outcomes)
        if here or not fault.outcomes:
            kept.append((replace(fault, outcomes=() if set(here) == set(outcomes) else here), where))
    return replace(found, faults=tuple(kept))
