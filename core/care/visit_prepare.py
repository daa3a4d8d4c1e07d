"""This is the place where it is found out what a person has done to prepare a visit: the questionnaires for it, each filled in since it was asked for or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from core.care.access import Action, Grant, require
from core.care.questionnaire_records import forms_of, kept, past
from core.care.visit_views import Prepared
from core.domain.people import Actor
from core.domain.time import PartialTime
from core.domain.visits import STANDING, Visit
from core.ports import Ports
from core.questionnaires.instruments import BY_KEY, INSTRUMENTS
from core.questionnaires.terms import Questionnaire, Text


def forms(ports: Ports, actor: Actor, person_id: str) -> tuple[tuple[str, Text], ...]:
    """The questionnaires that can be asked for before a visit: ours, and those that came with the record (key, title)."""
    grant = require(ports, actor, Action.EDIT_VISITS, person_id)
    team, _ = forms_of(kept(ports, person_id, grant))
    return tuple((one.key, one.title) for one in (*INSTRUMENTS, *team.values()))


def of(ports: Ports, person_id: str, grant: Grant, visits: Mapping[str, Visit]) -> dict[str, tuple[Prepared, ...]]:
    """By visit id, of those that are to be prepared so. Nothing is read where none is."""
    some = {key: one for key, one in visits.items() if one.forms}
    if not some:
        return {}
    records = kept(ports, person_id, grant)
    team, _ = forms_of(records)
    known: dict[str, Questionnaire] = {**BY_KEY, **team}
    found = {}
    for key, visit in some.items():
        filled = {form: _since(past(known[form], records) if form in known else (), visit.made_at) for form in visit.forms}
        found[key] = tuple(Prepared(form, known[form].title if form in known else Text(), filled[form]) for form in visit.forms)
    return found


def open_for(visits: Iterable[tuple[Visit, tuple[Prepared, ...]]]) -> tuple[tuple[Visit, Prepared], ...]:
    """What is still to be filled in, for which visit."""
    return tuple((visit, one) for visit, asked in visits if visit.state in STANDING for one in asked if not one.filled)


def _since(answered: Iterable[object], asked_at: datetime | None) -> str:
    """When it was filled in after it was asked for: the newest such time."""
    for one in answered:
        when = str(getattr(one, "when", ""))
        at = PartialTime.parse(when)
        if at is not None and (asked_at is None or at.until >= asked_at):
            return when
    return ""
