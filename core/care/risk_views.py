"""This is the place where the answers about a person's risks are defined: what a screen, or the command line, is given to say.

Views are frozen and hold no port and no right. Numbers are in the unit that stands beside them; times are FHIR texts; what is to be said in words
is a code of the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.records import SourceMark

ORIGINS = ("record", "typed", "derived", "profile")
"""Where an input comes from: a record; the person typed it in here; worked out from other inputs (BMI of weight and height); birth date and sex."""


@dataclass(frozen=True, slots=True)
class InputView:
    """One input as it stands in the record (or doesn't). `value` is in `unit` (flags 0/1, choices their place; None: unknown); `choice` the code
    of a choice or flag ("yes", "no", "first_degree" ...: `risk.choice.<code>`). `state` is "used", "missing", "stale", "contradictory",
    "unclear" or "unneeded" (`risk.input_state.<state>`); `why` a code that says more (`risk.why.<code>`), with `facts`. `how` says how to
    get it (`risk.how.<code>`). `days` is its age. `may_type`: the person may type it in."""

    key: str
    kind: str
    state: str
    value: float | None = None
    unit: str = ""
    choice: str = ""
    origin: str = ""
    when: str = ""
    days: int | None = None
    oldest_days: int | None = None
    sources: tuple[SourceMark, ...] = ()
    record_ids: tuple[str, ...] = ()
    from_keys: tuple[str, ...] = ()
    why: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    how: str = ""
    may_type: bool = False
    choices: tuple[str, ...] = ()
    typed_unit: str = ""


@dataclass(frozen=True, slots=True)
class FaultView:
    """Why there is no answer: `risk.declined.<code>` with the input it is about, the limits that were missed, and how to go on (`risk.how.<how>`)."""

    code: str
    input: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    how: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BandView:
    """How one guideline reads the outcome: the band's words are `risk.band.<code>`, `state` one of fine, watch, soon, now, unknown; an `unchecked`
    one is said to be so and never coloured."""

    thresholds: str
    code: str
    state: str
    guideline: str
    status: str


@dataclass(frozen=True, slots=True)
class IntervalView:
    """Between what and what the outcome lies, whatever the one missing input is."""

    low: float
    high: float
    missing: str
    same_band: bool


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One outcome: a value, or faults, or an interval beside faults. `unit` "fraction" is shown per 100 with `decimals` of per cent; `of_hundred` is
    the natural frequency, None below one in a hundred (then `of_thousand`)."""

    key: str
    unit: str
    years: int
    decimals: int
    value: float | None
    faults: tuple[FaultView, ...] = ()
    bands: tuple[BandView, ...] = ()
    interval: IntervalView | None = None
    of_hundred: int | None = None
    of_thousand: int | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class ContributionView:
    """What one input adds, against somebody of the same age and sex: `share` on the scale on which inputs add up (exact), `points` the difference in the
    outcome's own unit if only this one were as the reference's."""

    key: str
    value: float
    reference: float
    unit: str
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class ExplainedView:
    """One outcome explained: the contributions (largest first), the reference person's own value, and where the reference comes from."""

    outcome: str
    reference_value: float | None
    reference_source: str
    contributions: tuple[ContributionView, ...] = ()
    declined: str = ""


@dataclass(frozen=True, slots=True)
class LeverView:
    """An input that may be changed in the what-if: limits and step in `unit`; `kind` number or flag."""

    key: str
    kind: str
    unit: str
    low: float
    high: float
    step: float
    value: float


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """The main outcome as the record stood at `when` (a day, ISO); `value` None where it could not be said then. `changed` are the inputs that changed since
    the point before, largest effect first, with that effect in the outcome's unit."""

    when: str
    value: float | None
    changed: tuple[tuple[str, float], ...] = ()
    faults: tuple[FaultView, ...] = ()


@dataclass(frozen=True, slots=True)
class EquationView:
    """One equation for one person. `main` is the outcome the card is about; `title` is `risk.equation.<key>`."""

    key: str
    version: str
    family: str
    status: str
    audience: str
    citation: str
    region: str
    main: str
    inputs: tuple[InputView, ...]
    outcomes: tuple[OutcomeView, ...]
    notes: tuple[str, ...] = ()
    explained: ExplainedView | None = None
    levers: tuple[LeverView, ...] = ()
    history: tuple[HistoryPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyView:
    """Equations that answer one question (`risk.family.<key>`): the one that fits the region first, then those it may be compared with. `state` is
    "answered", "interval", "declined" or "no_region". `differs` are codes that say why the compared ones differ (`risk.differs.<code>`)."""

    key: str
    state: str
    equations: tuple[EquationView, ...]
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedView:
    """What the person typed in here, kept apart from the record."""

    key: str
    value: float
    unit: str
    choice: str
    at: str


@dataclass(frozen=True, slots=True)
class RisksView:
    """The My risks page. `region` "" until it is chosen. `elsewhere` are scores that are only linked to: (key, why code, address)."""

    revision: int
    made_at: datetime
    person_id: str
    region: str
    regions: tuple[str, ...]
    families: tuple[FamilyView, ...]
    typed: tuple[TypedView, ...]
    may_edit: bool
    clinician: bool
    elsewhere: tuple[tuple[str, str, str], ...] = ()
