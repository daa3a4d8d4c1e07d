"""This is the place where a person's advice comes together: the record read, every rule held against it, and what the person said about it kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from core.advice.engine import advise
from core.advice.saying import DRAWER, read, written
from core.advice.table import ADVICE
from core.advice.terms import ASIDE, REASONS, Advice, Said, Severity
from core.care import risks
from core.care.access import Action, allowed, require
from core.care.advice_facts import Asked, facts_of
from core.care.advice_order import coin_of, note_said
from core.care.advice_views import AdviceView
from core.care.freshness import revision as revision
from core.care.knowing import Around
from core.domain.people import Actor, Role
from core.errors import BadInput, TableUnavailable
from core.medications.tables import load
from core.ports import Ports

LONGEST = timedelta(days=366)
"""For how long something may be put off."""


def view(ports: Ports, actor: Actor, person_id: str, at: datetime | None = None) -> AdviceView:
    """Every rule for this person; those for clinicians only for clinicians. A table that is missing or damaged gives no advice and says so. Raises
    BadInput where a drawer of the person is damaged."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = at or ports.clock.now()
    clinician = actor.role in (Role.COORDINATOR, Role.SYSTEM)
    rules = load(ports.tables.read if ports.tables is not None else _none, (ADVICE,))
    shelf = risks.shelf(ports, actor, person_id, now)
    if not rules.has(ADVICE):
        return AdviceView(shelf.revision, now, person_id, Advice(now), {}, rules.states[0], clinician, False, shelf.region)
    table = rules.of(ADVICE)
    told = tuple(row for row in table.rows if clinician or row.for_patients)
    mine = replace(table, rows=told, by_id={row.id: row for row in told})
    said = read(ports.store.drawer(person_id, DRAWER, grant.event(DRAWER)))
    deceased = shelf.evidence.deceased
    facts = {} if deceased else facts_of(Asked(ports, actor, person_id, grant, now), shelf)
    around = Around(ports.tables, clinician=clinician)
    return AdviceView(
        revision=shelf.revision,
        made_at=now,
        person_id=person_id,
        advice=advise(facts, mine, now, said, deceased=deceased, coin=coin_of(person_id, now) if ports.explore_advice else ""),
        rows=dict(mine.by_id),
        table=rules.states[0],
        clinician=clinician,
        may_answer=allowed(actor.role, Action.ANSWER_ADVICE),
        region=shelf.region,
        hidden=len(table.rows) - len(told),
        hangs=around.hangs(mine.by_id),
        opens=around.opens(facts),
    )


def answer(ports: Ports, actor: Actor, person_id: str, rule: str, said: str, why: str = "", until: date | None = None) -> None:  # noqa: PLR0913
    """Keep what the person says about a card: done, not for me (with why), or later (with a day). Raises BadInput for anything else, and for advice
    that is urgent: that is never put aside."""
    grant = require(ports, actor, Action.ANSWER_ADVICE, person_id)
    now = ports.clock.now()
    rules = load(ports.tables.read if ports.tables is not None else _none, (ADVICE,))
    if not rules.has(ADVICE):
        raise TableUnavailable(table=ADVICE.name, why=rules.states[0].fault)
    row = rules.of(ADVICE).by_id.get(rule)
    if row is None or said not in ASIDE or row.severity == Severity.URGENT:
        raise BadInput("bad_choice", place="advice", need="an answer to advice that is not urgent")
    if (why in REASONS) is not (said == "not_for_me"):
        raise BadInput("bad_choice", place="why", need=" ".join(REASONS))
    if (said == "later") is not (until is not None and now.date() < until <= (now + LONGEST).date()):
        raise BadInput("bad_choice", place="until", need="a day within a year from now")
    raw = ports.store.drawer(person_id, DRAWER, grant.event(DRAWER))
    kept = (*read(raw), Said(rule, said, now, why, until))
    ports.store.put_in_drawer(person_id, DRAWER, written(kept), grant.event(DRAWER), was=raw)
    note_said(ports, grant, person_id, kept[-1])


def take_back(ports: Ports, actor: Actor, person_id: str, rule: str) -> None:
    """Forget what was said about a card: it stands among the others again."""
    grant = require(ports, actor, Action.ANSWER_ADVICE, person_id)
    raw = ports.store.drawer(person_id, DRAWER, grant.event(DRAWER))
    ports.store.put_in_drawer(person_id, DRAWER, written(one for one in read(raw) if one.rule != rule), grant.event(DRAWER), was=raw)


def _none(name: str) -> bytes:
    raise TableUnavailable(table=name, why="missing")
