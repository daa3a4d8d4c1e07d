"""This is the place where a person takes their record away: as a table, as a FHIR bundle, as a one-page summary."""

from __future__ import annotations

from core.care import dose_export, thread_fhir, today, visit_fhir
from core.care.access import Action, require
from core.care.desk_views import Download
from core.domain.people import Actor
from core.ports import Ports, Say


def csv(ports: Ports, actor: Actor, person_id: str, say: Say) -> Download:
    """Every current and quarantined record as a table, in the units in which it was sent."""
    grant = require(ports, actor, Action.EXPORT_RECORD, person_id)
    records = ports.store.records(person_id, grant.event("csv"))
    return Download(_name(ports, "records", "csv"), "text/csv", ports.exporter.csv(records, say))


def bundle(ports: Ports, actor: Actor, person_id: str) -> Download:
    """The originals of everything that counts, is set apart or is only kept, the doses the person logged, the messages, and the visits, as a FHIR R4 Bundle."""
    grant = require(ports, actor, Action.EXPORT_RECORD, person_id)
    person = ports.store.person(person_id, grant.event("bundle"))
    originals = tuple(ports.store.originals(person_id, grant.event("bundle")))
    known = frozenset(one.origin_id for one in originals)
    doses = dose_export.administrations(ports, person_id, grant, known)
    messages = thread_fhir.communications(ports, person_id, grant, known)
    visits = visit_fhir.appointments(ports, person_id, grant, known)
    content, left_out = ports.exporter.bundle(person, (*originals, *doses, *messages, *visits), ports.clock.now())
    return Download(_name(ports, "bundle", "json"), "application/fhir+json", content, left_out)


def summary_pdf(ports: Ports, actor: Actor, person_id: str, say: Say, language: str) -> Download:
    """One page to print: who, problems, medicines, allergies, newest readings, whom to call."""
    require(ports, actor, Action.PRINT_SUMMARY, person_id)
    summary = today.view(ports, actor, person_id)
    return Download(_name(ports, "summary", "pdf"), "application/pdf", ports.exporter.pdf(summary, say, language))


def _name(ports: Ports, what: str, suffix: str) -> str:
    """A file name that tells the day and nobody's name."""
    return f"healthboard-{what}-{ports.clock.now():%Y-%m-%d}.{suffix}"
