"""This is the place where the words of a published equation are defined: what goes in, what comes out, for whom, and by which bands it is read.

Every equation is a value of `Equation`: its inputs with units and limits, its rules of scope, its outcomes, its thresholds (which belong to one
outcome of one model and one guideline, and never stand alone), its citation, and one vectorised function over columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Columns = Mapping[str, np.ndarray]
"""Float64 columns of one length by input key; NaN is "not known". Flags are 0/1, `sex` is 1 for male, a choice is its place in `choices`."""

Computed = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Outcome key -> (predictor, value): the scale on which inputs add up (a linear predictor, or points), and what it means."""

KINDS = ("number", "flag", "choice", "sex")
LIMITS = ("published", "derivation", "unchecked", "guard")
"""Where an input's limits come from: the publication says where the equation holds; the people it was made from; from memory, to be checked; or
nobody says, and only what is impossible in a living adult is refused (the guard ranges of the signals)."""
STATUSES = ("verified", "approximation", "unchecked")
"""Reproduced against published or executed examples; constants derived, not published; from memory or one unread source, and said so."""
AUDIENCES = ("patient", "clinician", "worklist")
MALE, FEMALE = 1.0, 0.0


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `key` is what it is in every equation (core/risk/vocabulary.py); `column` what its column is called in files (as in the published
    vectors), `also` further names that are understood. `low` and `high` are inclusive, in `unit` (UCUM). An input that is not `required`
    may be absent; the equation's own published term for "not known" is used then, or the rule it belongs to does not apply. `modifiable`:
    a person and their clinician can change it, so it may be a slider. `stops` are the outcomes that need it ((), all of them)."""

    key: str
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    limits: str = "guard"
    choices: tuple[str, ...] = ()
    required: bool = True
    column: str = ""
    also: tuple[str, ...] = ()
    modifiable: bool = False
    stops: tuple[str, ...] = ()
    conversions: tuple[tuple[str, float, float], ...] = ()
    """(unit, mult, add) where the publication itself converts otherwise than the signals do: value * mult + add is in `unit` of the input."""

    @property
    def name(self) -> str:
        """The name of its column in files."""
        return self.column or self.key


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer: a stable code (`risk.declined.<code>`), the input it is about, and for which outcomes ((), all of them).
    `low`, `high`, `unit` are the limits that were missed, where there are any."""

    code: str
    input: str = ""
    outcomes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        """As files say it: "above_range:age(30..79)", with the outcomes it stops where it doesn't stop all."""
        limits = "" if self.low is None and self.high is None else f"({_bare(self.low)}..{_bare(self.high)})"
        said = f"{self.code}:{self.input}{limits}" if self.input else self.code
        return f"{said}[{' '.join(self.outcomes)}]" if self.outcomes else said


def _bare(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition under which the equation says nothing: `applies(columns)` is a boolean column of the rows it stops; NaN compares false, so
    what isn't known stops nobody. `inputs` are the keys it reads."""

    fault: Fault
    inputs: tuple[str, ...]
    applies: Callable[[Columns], np.ndarray]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One result. `unit` is "fraction" (0..1, shown per 100), "{score}", "mL/min/{1.73_m2}", "kg/m2", "category" (place in `categories`) or another
    UCUM unit. `years` is the horizon (0: now). `decimals` is the printed precision (of per cent for a fraction)."""

    key: str
    unit: str
    years: int = 0
    decimals: int = 1
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` (inclusive; None: from below) on, until the next band: a code of words (`risk.band.<code>`) and a state of meaning
    (fine, watch, soon, now, unknown)."""

    code: str
    low: float | None
    state: str = "unknown"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How one guideline reads one outcome of one model. `ages` bounds the ages it is for (inclusive low, exclusive high)."""

    key: str
    outcome: str
    guideline: str
    bands: tuple[Band, ...]
    status: str = "verified"
    ages: tuple[float, float] | None = None
    sex: float | None = None

    def band(self, value: float) -> Band:
        """The band a value falls into."""
        return [one for one in self.bands if one.low is None or value >= one.low][-1]


@dataclass(frozen=True, slots=True)
class Equation:
    """A published equation or score. `family` groups those that answer the same question; `region` says whose people it was made for ("us", "europe",
    "asia_pacific", "china", "" anyone). `reference` holds the values of the person everybody is compared with (same age and sex), as the
    equation itself is centred or its publication states; `levers_not` are (input, sex) pairs that must never be offered as something to
    change. `ends` are the inclusive outcome values that are shown at all (None: any)."""

    key: str
    version: str
    family: str
    citation: str
    status: str
    inputs: tuple[Input, ...]
    outcomes: tuple[Outcome, ...]
    compute: Callable[[Columns], Computed]
    rules: tuple[Rule, ...] = ()
    thresholds: tuple[Thresholds, ...] = ()
    audience: str = "patient"
    region: str = ""
    reference: Mapping[str, float] | None = None
    reference_source: str = ""
    levers_not: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    """Codes of remarks that always stand beside the result (`risk.note.<code>`)."""

    def input(self, key: str) -> Input:
        """Its input of that key. Raises KeyError."""
        return {one.key: one for one in self.inputs}[key]

    def outcome(self, key: str) -> Outcome:
        """Its outcome of that key. Raises KeyError."""
        return {one.key: one for one in self.outcomes}[key]


def excluded(key: str, code: str = "") -> Rule:
    """The rule that an equation is not for people of whom the flag `key` is true."""
    return Rule(Fault(code or "not_for", key), (key,), lambda columns: columns[key] == 1)


def flag(key: str, column: str = "", *, required: bool = True, modifiable: bool = False, also: tuple[str, ...] = ()) -> Input:
    """A yes/no input."""
    return Input(key, "flag", required=required, column=column, modifiable=modifiable, also=also)
