"""This is the place where a person's risks come together: the record read once, the equations that fit, the answers with their reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care.access import Action, allowed, require
from core.care.freshness import revision as revision
from core.care.risk_views import EquationView, FamilyView, OutcomeView, RisksView, TypedView
from core.care.risks_drawer import REGIONS, load, set_region, start_over, take_back, type_in
from core.care.risks_equation import input_view, outcome_view, worked_out
from core.care.risks_evidence import evidence, marks_of
from core.care.risks_explained import explained_view, interval_view, lever_views, tried
from core.care.risks_families import CLINICIAN, NEEDS_REGION, Chosen, by_name, chosen, differences, main_outcome, read_in
from core.care.risks_history import history
from core.care.spot_readings import with_spots
from core.domain.people import Actor, Role
from core.domain.records import SourceMark
from core.domain.units import convert
from core.errors import BadInput
from core.ports import Ports
from core.risk.asof import ns_of
from core.risk.elsewhere import ELSEWHERE
from core.risk.equation import Evaluated
from core.risk.registry import EQUATIONS
from core.risk.sourcing import Gathered, gather, source
from core.risk.sourcing_types import Evidence, Sourced, Typed
from core.risk.vocabulary import TERMS
from core.trends.reading import readings

__all__ = ["REGIONS", "Shelf", "answered", "draw", "equation_view", "fitting", "revision", "set_region", "shelf", "start_over", "take_back", "type_in", "view", "what_if"]

DEVICES_FOR = timedelta(days=731)
"""How far back single measurements of devices count: what may be older than two years comes from the record."""
_WOMEN_ASKED = (15, 55)
_NEVER_SOURCED = ("phq", "gad")
_FAMILY_READS = ("age", "sex", "diabetes", "diabetes_type1", "hypertension", "sdi_decile", "uacr", "hba1c", "creatinine", "cystatin_c", "albumin", "phosphate", "bicarbonate", "calcium")


@dataclass(frozen=True, eq=False)
class Shelf:
    """A person's evidence, read once, to be drawn again without asking the store."""

    revision: int
    made_at: datetime
    person_id: str
    region: str
    evidence: Evidence
    marks: Mapping[str, SourceMark]
    may_edit: bool
    clinician: bool

    @property
    def at(self) -> int:
        """The moment it was made, in ns."""
        return ns_of(self.made_at.isoformat(timespec="seconds")) or 0


def shelf(ports: Ports, actor: Actor, person_id: str, as_of: datetime | None = None, region: str = "") -> Shelf:
    """Everything that equations may read about a person; `as_of` and `region` in place of now and of what the person chose. Raises BadInput where what
    was typed in cannot be read, or for a region that there is none of."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = as_of or ports.clock.now()
    revision_now = ports.store.revision(person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event("risks"))
    kept = load(ports.store, person_id, grant)
    if region and region not in REGIONS:
        raise BadInput("bad_choice", place="region", need=" ".join(REGIONS))
    kept = replace(kept, region=region or kept.region)
    columns, devices = with_spots(ports, person_id, grant, readings(records), now, DEVICES_FOR)
    marks = marks_of(records, devices)
    at = ns_of(now.isoformat(timespec="seconds")) or 0
    return Shelf(
        revision=revision_now,
        made_at=now,
        person_id=person_id,
        region=kept.region,
        evidence=evidence(person.profile, records, columns, marks, kept, at),
        marks=marks,
        may_edit=allowed(actor.role, Action.EDIT_RISK_INPUTS),
        clinician=actor.role in (Role.COORDINATOR, Role.SYSTEM),
    )


def view(ports: Ports, actor: Actor, person_id: str) -> RisksView:
    """The My risks page."""
    return draw(shelf(ports, actor, person_id))


def draw(kept: Shelf) -> RisksView:
    """The page of what was read. Pure."""
    known = source(kept.evidence, [key for key in TERMS if not key.startswith(_NEVER_SOURCED)], kept.at)
    return RisksView(
        revision=kept.revision,
        made_at=kept.made_at,
        person_id=kept.person_id,
        region=kept.region,
        regions=REGIONS,
        families=tuple(_family(kept, one, known) for one in chosen(kept.region, known, kept.clinician)),
        typed=tuple(_as_typed(one) for one in kept.evidence.typed.values()),
        may_edit=kept.may_edit,
        clinician=kept.clinician,
        elsewhere=tuple((one.key, one.why, one.address) for one in ELSEWHERE),
    )


def what_if(kept: Shelf, equation: str, outcome: str, changes: Mapping[str, float]) -> OutcomeView:
    """The outcome if some inputs were different (in the equation's units). Only what the person can change; the record stays as it is. Raises
    BadInput for anything else."""
    found = _gathered(kept, equation)
    if outcome not in {one.key for one in found.equation.outcomes}:
        raise BadInput("bad_choice", place="outcome", need=" ".join(one.key for one in found.equation.outcomes))
    tried(found, outcome, changes)
    changed = replace(found, values={**found.values, **changes})
    return outcome_view(changed, worked_out(found, changes), found.equation.outcome(outcome))


def equation_view(kept: Shelf, key: str, *, whole: bool = True) -> EquationView:
    """One equation for this person, whatever their region. Raises BadInput for an equation that there is none of."""
    return _equation(kept, _gathered(kept, key), whole)


def answered(kept: Shelf, key: str) -> tuple[Gathered, Evaluated]:
    """One equation for this person: its inputs as sourced, and everything it says. Raises BadInput for an equation that there is none of."""
    found = _gathered(kept, key)
    return found, worked_out(found)


def fitting(kept: Shelf, key: str) -> str:
    """The equation a family's name means for this person ("prevent", "score2", "kfre", "ckdepi"); any other name is its own."""
    known = source(kept.evidence, _FAMILY_READS, kept.at)
    return by_name(key, known)


def _gathered(kept: Shelf, key: str, known: Mapping[str, Sourced] | None = None) -> Gathered:
    if key not in EQUATIONS:
        raise BadInput("bad_choice", place="equation", need="one that is listed")
    return gather(kept.evidence, EQUATIONS[key], kept.at, known)


def _family(kept: Shelf, one: Chosen, known: Mapping[str, Sourced]) -> FamilyView:
    """The equation that fits first, whole; of the others those that have an answer, in short."""
    if not one.first:
        return FamilyView(one.key, "no_region" if one.key in NEEDS_REGION else "declined", ())
    first = _equation(kept, _gathered(kept, one.first, known), True)
    others = [_equation(kept, _gathered(kept, key, known), False) for key in one.others]
    answered = [other for other in others if _main(other).value is not None]
    differs = differences(EQUATIONS[one.first], {other.key: EQUATIONS[other.key] for other in answered}, kept.region)
    main = _main(first)
    state = "answered" if main.value is not None else "interval" if main.interval else "declined"
    return FamilyView(one.key, state, (first, *answered), differs)


def _main(one: EquationView) -> OutcomeView:
    return next(outcome for outcome in one.outcomes if outcome.key == one.main)


def _equation(kept: Shelf, found: Gathered, whole: bool) -> EquationView:
    """`whole`: with the explanation, what may be tried out, and the history."""
    equation, made, main = found.equation, worked_out(found), main_outcome(found.equation)
    answered = bool(made.values[main][0] == made.values[main][0])
    return EquationView(
        key=equation.key,
        version=equation.version,
        family=equation.family,
        status=equation.status,
        audience="clinician" if equation.key in CLINICIAN and equation.audience == "patient" else equation.audience,
        citation=equation.citation,
        region=equation.region,
        main=main,
        inputs=tuple(input_view(one, kept.at, kept.evidence.typed, kept.marks) for one in found.inputs),
        outcomes=tuple(_here(kept.region, outcome_view(found, made, one, interval_view(found, made, one))) for one in equation.outcomes),
        notes=(*equation.notes, *_notes(found)),
        explained=explained_view(found, main) if whole and answered else None,
        levers=lever_views(found) if whole and answered else (),
        history=history(kept.evidence, equation, main, kept.at) if whole else (),
    )


def _notes(found: Gathered) -> tuple[str, ...]:
    """What nobody says of a woman who may be pregnant is said, and stops nothing; and where a coefficient points against sense."""
    by_key = {one.key: one for one in found.inputs}
    pregnant, age = by_key.get("pregnant"), by_key.get("age")
    woman = by_key.get("sex") is not None and by_key["sex"].value == 0.0
    asked = age is not None and age.value is not None and _WOMEN_ASKED[0] <= age.value <= _WOMEN_ASKED[1]
    unsaid = pregnant is not None and pregnant.state == "missing" and woman and asked
    against = [key for key, sex in found.equation.levers_not if found.values.get("sex") == sex]
    return (*(("pregnancy_not_known",) if unsaid else ()), *(f"no_advice_on_{key}" for key in against))


def _here(region: str, one: OutcomeView) -> OutcomeView:
    """Read by the cut-offs of the person's own region alone."""
    return replace(one, bands=tuple(band for band in one.bands if read_in(region, band.thresholds)))


def _as_typed(one: Typed) -> TypedView:
    """What the person typed, in the unit in which they did."""
    term = TERMS[one.key]
    unit = one.unit or term.unit
    number = convert(one.value, term.unit, unit, term.signal) if unit else one.value
    return TypedView(one.key, one.value if number is None else number, unit if number is not None else term.unit, one.choice, one.when)
