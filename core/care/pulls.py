"""This is the place where records are fetched from a server: first all of it, then one short transaction to keep it."""

from __future__ import annotations

from datetime import datetime

from core.care.access import Action, require
from core.care.desk_views import ImportReport
from core.care.ingest import keep
from core.care.parcels import Watch, report
from core.care.placing import Whose
from core.care.running import Run
from core.domain.people import Actor
from core.domain.samples import SyncEvent
from core.domain.time import PartialTime
from core.errors import BadInput, Cancelled, NotFound, SourceUnavailable
from core.ports import ImportHead, Ports, ServerLogin


def pull(ports: Ports, actor: Actor, whose: Whose, login: ServerLogin, label: str = "", watch: Watch = Watch()) -> ImportReport:
    """Fetch a patient from a FHIR server and keep what came. All is fetched before the store is written, so that nothing waits
    for a network. Raises SourceUnavailable, SourceRefused, NotFound, Cancelled."""
    grant = require(ports, actor, Action.PULL_RECORDS, whose.person_id)
    if whose.person_id and whose.new:
        raise BadInput("person_or_new", place="person", need="one of both")
    if not login.base_url or not login.patient_id:
        raise BadInput("server_incomplete", place="server", need="an address and the patient's id there")
    if whose.person_id:
        whose = Whose(whose.person_id, False, ports.store.person(whose.person_id, grant.event("profile")).profile)
    started_at = ports.clock.now()
    fetched = ports.server.pull(login, watch.should_stop, watch.progress)
    fetched.people()
    if watch.should_stop is not None and watch.should_stop():
        raise Cancelled()
    head = ImportHead("server", label or login.base_url, "", started_at, login.base_url, login.patient_id, login.token)
    outcome = keep(Run(ports, grant, whose, None, watch.should_stop), head, fetched)
    if outcome.ledger is not None and outcome.ledger.source_id and len(outcome.person_ids) == 1:
        kind = "import" if outcome.ledger.entries else "empty"
        happened = SyncEvent(outcome.ledger.source_id, kind, _ns(started_at), _since(login), _ns(started_at))
        ports.store.add_sync_event(outcome.person_ids[0], happened, grant.event("pull", outcome.person_ids[0]))
    return report((outcome,), started_at, ports.clock.now())


def pull_again(
    ports: Ports, actor: Actor, person_id: str, source_id: str, *, full: bool = False, watch: Watch = Watch()
) -> ImportReport:
    """Fetch what is new from a connected server (`full`: everything again), with the token that is kept for it."""
    grant = require(ports, actor, Action.PULL_RECORDS, person_id)
    found = next((s for s in ports.store.sources(person_id, grant.event("sources")) if s.source_id == source_id), None)
    if found is None or found.kind != "server":
        raise NotFound("no_such_source", place="source", need="a connected server")
    token = ports.store.source_token(person_id, source_id, grant.event("token")) if found.has_token else ""
    login = ServerLogin(found.address, found.patient_ref, token, "" if full else found.next_since)
    try:
        return pull(ports, actor, Whose(person_id), login, found.label, watch)
    except SourceUnavailable as error:
        happened = SyncEvent(source_id, "failed", _ns(ports.clock.now()), why=error.code)
        ports.store.add_sync_event(person_id, happened, grant.event(source_id))
        raise


def _since(login: ServerLogin) -> int:
    """From when on records were asked for (ns), or when they were asked where all were."""
    since = PartialTime.parse(login.since)
    return _ns(since.earliest) if since else 0


def _ns(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000) * 1000
