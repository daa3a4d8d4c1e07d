"""This is the place where a person connects sources, brings in files, reads the ledgers, and removes a source again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from core.care.access import Action, allowed, require
from core.care.desk_views import ImportReport, LedgerView, SourcesView
from core.care.freshness import revision as revision
from core.care.parcels import Parcel, Watch, import_parcels, size_of
from core.care.placing import Whose
from core.care.pulls import pull as pull_parcel
from core.care.pulls import pull_again as pull_again
from core.domain.ledger import Ledger
from core.domain.people import Actor
from core.errors import FileRefused, NotFound
from core.ports import Ports, ServerLogin, Upload

LINES_A_PAGE = 50
_LINES_OF_JSON = (".ndjson", ".ndjson.gz", ".jsonl", ".jsonl.gz")


def overview(ports: Ports, actor: Actor, person_id: str) -> SourcesView:
    """What is connected and what was imported."""
    grant = require(ports, actor, Action.VIEW_SOURCES, person_id)
    revision_now = ports.store.revision(person_id)
    sources = ports.store.sources(person_id, grant.event("sources"))
    past = ports.store.ledgers(person_id, grant.event("ledgers"))
    return SourcesView(revision_now, sources, past, allowed(actor.role, Action.IMPORT_RECORDS), ports.max_upload_bytes)


@dataclass(frozen=True, slots=True)
class Named:
    """What the person says about their files: `source` what it is to be called ("" as the file says), `subject` which of several
    people in it they are ("" where nobody asked)."""

    source: str = ""
    subject: str = ""


def import_files(
    ports: Ports, actor: Actor, person_id: str, uploads: Sequence[Upload], named: Named = Named(), watch: Watch = Watch()
) -> ImportReport:
    """Bring files into this person's record; NDJSON files given together are read together."""
    require(ports, actor, Action.IMPORT_RECORDS, person_id)
    for upload in uploads:
        if size_of(upload) > ports.max_upload_bytes:
            raise FileRefused("file_too_large", place="file", need=ports.max_upload_bytes)
    return import_parcels(ports, actor, Whose(person_id, subject=named.subject), parcels_of(uploads, named.source), watch)


def pull(ports: Ports, actor: Actor, person_id: str, login: ServerLogin, label: str = "", watch: Watch = Watch()) -> ImportReport:
    """Bring in a patient from a FHIR server and remember the server as a source."""
    require(ports, actor, Action.PULL_RECORDS, person_id)
    return pull_parcel(ports, actor, Whose(person_id), login, label, watch)


def remove(ports: Ports, actor: Actor, person_id: str, source_id: str) -> int:
    """Remove a source and all that only it brought; the number of records gone."""
    grant = require(ports, actor, Action.REMOVE_SOURCE, person_id)
    return ports.store.remove_source(person_id, source_id, grant.event(source_id))


def ledgers(ports: Ports, actor: Actor, person_id: str) -> tuple[Ledger, ...]:
    """Every import of this person, newest first."""
    grant = require(ports, actor, Action.VIEW_SOURCES, person_id)
    return ports.store.ledgers(person_id, grant.event("ledgers"))


def ledger_lines(ports: Ports, actor: Actor, person_id: str, import_id: str, outcome: str = "", page: int = 1) -> LedgerView:
    """A page of one import's lines; `outcome` "" for all."""
    grant = require(ports, actor, Action.VIEW_SOURCES, person_id)
    head = next((one for one in ports.store.ledgers(person_id, grant.event("ledgers")) if one.import_id == import_id), None)
    if head is None:
        raise NotFound("no_such_import", place="import", need="an import of this person")
    page = max(1, page)
    offset = (page - 1) * LINES_A_PAGE
    event = grant.event(import_id)
    lines, found = ports.store.ledger_lines(person_id, import_id, event, outcome=outcome, offset=offset, limit=LINES_A_PAGE)
    return LedgerView(head, lines, found, page, max(1, ceil(found / LINES_A_PAGE)))


def parcels_of(uploads: Sequence[Upload], source: str) -> tuple[Parcel, ...]:
    """One parcel for each file, and one for all NDJSON files together, as a bulk export comes in several."""
    lines = tuple(upload for upload in uploads if upload.name.lower().endswith(_LINES_OF_JSON))
    if len(lines) < 2:
        lines = ()
    single = tuple(Parcel(upload.name, (upload,), source) for upload in uploads if upload not in lines)
    return (*((Parcel(", ".join(upload.name for upload in lines)[:200], lines, source),) if lines else ()), *single)
