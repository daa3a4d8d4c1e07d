"""This is the place where only the urgent advice is asked for, from the few facts it needs: quick enough for Today."""

from __future__ import annotations

from dataclasses import replace

from core.advice.engine import advise
from core.advice.table import ADVICE
from core.advice.terms import Severity
from core.care.access import Action, require
from core.care.advice_facts import Asked, age_fact, newest_facts, self_harm_facts
from core.care.spot_readings import with_spots
from core.domain.people import Actor
from core.medications.tables import load
from core.ports import Ports
from core.trends.reading import readings


def urgent(ports: Ports, actor: Actor, person_id: str) -> tuple[str, ...] | None:
    """The ids of the urgent rules that speak now; None where the table can't be used, which is not the same as none."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    if ports.tables is None:
        return None
    rules = load(ports.tables.read, (ADVICE,))
    if not rules.has(ADVICE):
        return None
    table, now = rules.of(ADVICE), ports.clock.now()
    rows = tuple(row for row in table.rows if row.severity == Severity.URGENT)
    profile = ports.store.person(person_id, grant.event("profile")).profile
    records = ports.store.records(person_id, grant.event("advice"), kinds=("Observation", "QuestionnaireResponse"))
    columns, _ = with_spots(ports, person_id, grant, readings(records), now)
    asked = Asked(ports, actor, person_id, grant, now)
    facts = {"age": age_fact(profile, now), **newest_facts(columns, now), **self_harm_facts(asked, records)}
    deceased = profile.deceased.strip().lower() not in ("", "false")
    found = advise(facts, replace(table, rows=rows, by_id={row.id: row for row in rows}), now, deceased=deceased)
    return tuple(one.rule for one in found.cards)
