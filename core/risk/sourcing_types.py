"""This is the place where it is described what a record has to say for equations, and what was made of it for one input.

Everything carries its moment (ns since 1970, UTC), so that one and the same evidence can be read as it stood on an earlier day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DAY_NS = 86_400_000_000_000
ALWAYS = -(1 << 62)
"""The moment of what nobody gave a time to: known all along."""
Facts = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement, in the signal's own unit. `code` is its LOINC code where one was sent; `typed`: a person typed it in."""

    at: int
    value: float
    when: str = ""
    bound: str = ""
    setting: str = ""
    code: str = ""
    record_id: str = ""
    source_ids: tuple[str, ...] = ()
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One coded statement: `key` what it is about (a key of core/risk/conditions.py or of the classes of medicines, or "smoking"), `says` "yes", "no"
    or "unclear" with `why`; it holds from `at` until `until`."""

    key: str
    says: str
    at: int
    until: int | None = None
    when: str = ""
    why: str = ""
    answer: str = ""
    record_id: str = ""
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What the person typed in for an input: `value` in the vocabulary's unit (flags 0/1, choices their place)."""

    key: str
    value: float
    at: int
    when: str
    unit: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All there is about one person. `points` by signal and `told` by key, oldest first; `listed_from` and `medicines_from` are the moments from which
    on there is a list of problems and of medicines (None: there is none), `contacts` those at which a clinic wrote anything down, oldest first; `fixed` are
    choices that follow from the region."""

    birth_date: str = ""
    gender: str = ""
    deceased: bool = False
    points: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    listed_from: int | None = None
    medicines_from: int | None = None
    contacts: tuple[int, ...] = ()
    typed: Mapping[str, Typed] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sourced:
    """One input as the evidence gives it: see `InputView` of core/care/risk_views.py, whose states and codes these are. `value` is in the
    vocabulary's unit; `at` None where it has no moment of its own. Only one whose state is "used" goes into an equation."""

    key: str
    state: str
    value: float | None = None
    origin: str = ""
    at: int | None = None
    when: str = ""
    days: int | None = None
    record_ids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    from_keys: tuple[str, ...] = ()
    why: str = ""
    facts: Facts = field(default_factory=dict)
    how: str = ""

    @property
    def used(self) -> bool:
        return self.state == "used" and self.value is not None
