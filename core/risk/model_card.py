"""This is the place where the card of a trained model is defined: what it is for, where it fails, what was measured, 31 source attributes.

The attributes are those that US certification asks of predictive tools (45 CFR 170.315(b)(11)(iv)(B)), in our own words. They bind makers of certified
systems, not this project; they are kept because they ask the right questions. models/cards.py reads cards from files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Said = Mapping[str, str]
"""The same sentence by language ("en", "zh_Hans")."""

GROUPS = ("details", "purpose", "cautions", "development", "fairness", "external", "performance", "maintenance", "updates")
ABSENT = ("nobody_funded", "no_external_data", "never_studied", "not_monitored")
"""Why an attribute is not available (words: model_absent.<code>)."""
LANGUAGES = ("en", "zh_Hans")
BANDS = ("more_alike", "no_more_alike", "says_nothing_below", "says_nothing_above")


@dataclass(frozen=True, slots=True)
class Row:
    """One of the 31: its number, its group (words: model_group.<group>), its key (words: model_attribute.<key>)."""

    n: int
    group: str
    key: str


_KEYS = {
    "details": ("developer", "funding", "output", "output_type"),
    "purpose": ("intended_use", "intended_people", "intended_users", "decision_role"),
    "cautions": ("cautioned", "limitations"),
    "development": ("criteria", "variables", "representativeness", "relevance"),
    "fairness": ("fairness_approach", "bias_reduction"),
    "external": ("external_source", "external_party", "external_representativeness", "external_process"),
    "performance": ("validity_test", "fairness_test", "validity_external", "fairness_external", "outcome_evaluations"),
    "maintenance": ("validity_monitoring", "validity_local", "fairness_monitoring", "fairness_local"),
    "updates": ("updates", "corrections"),
}
ATTRIBUTES: tuple[Row, ...] = tuple(Row(n, *pair) for n, pair in enumerate(((g, key) for g, keys in _KEYS.items() for key in keys), start=1))


@dataclass(frozen=True, slots=True)
class Attribute:
    """An answered attribute: `value`, or `absent`, a code of why it is not available."""

    row: Row
    value: Said | None = None
    absent: str = ""


@dataclass(frozen=True, slots=True)
class CardInput:
    """One input: its key, its kind (number, flag, sex), and, of numbers, the unit (UCUM) and the inclusive range in which the model answers."""

    key: str
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Completed years from `low` to `high`, and whether "below the cut" and "above the cut" mean anything at that age."""

    low: float
    high: float
    below: bool
    above: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure with its 95 % interval (None: too few people). `of` is "model", "ada_items", or a subgroup ("sex.female", "age.20_39",
    "ethnicity.white"); `weighted`: stands for the population; `people` and `told` count subgroups."""

    key: str
    of: str
    weighted: bool
    value: float | None
    low: float | None
    high: float | None
    people: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class ModelCard:
    """All of it. `failures`: the first is the gravest. `shows_band`, `shows_number`: what may stand before a person, as evaluation decided. `files`: SHA-256
    by name. `reference`: whom a person is compared with besides age and sex."""

    key: str
    version: str
    name: Said
    meaning: Said
    status: Said
    failures: tuple[Said, ...]
    not_for: tuple[str, ...]
    inputs: tuple[CardInput, ...]
    reference: Mapping[str, float]
    reference_is: Said
    cut: float
    shows_band: bool
    shows_number: bool
    spoken: tuple[AgeBand, ...]
    bands: Mapping[str, Said]
    figures: tuple[Figure, ...]
    files: Mapping[str, str]
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient * (x - at), or, above the knee only, coefficient * max(x - at, 0)."""

    input: str
    at: float
    only_above: bool
    coefficient: float

    def part(self, x: float) -> float:
        """What it adds to the linear predictor."""
        return self.coefficient * (max(x - self.at, 0.0) if self.only_above else x - self.at)


@dataclass(frozen=True, slots=True)
class Logistic:
    """The logistic model beside the file, from which contributions are exact: logit(p) = intercept + the sum of its terms."""

    inputs: tuple[str, ...]
    intercept: float
    terms: tuple[Term, ...]
