"""This is the place where a device at the door is let in: by its token, for one person, to bring data and do nothing else.

What it sends twice under one key is answered alike and kept once; without a key the very same bytes are known again by what they
say, as in every import. A record that names nobody is the token's person's; one that names somebody else is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from io import BytesIO

from core.care.access import Action, Grant, session_mark
from core.care.desk_views import FileOutcome
from core.care.devices import PREFIX, digest_of
from core.care.ingest import keep, refuse
from core.care.ingest_samples import keep_samples
from core.care.placing import Whose
from core.care.running import Run
from core.domain.audit import AuditEvent
from core.domain.ledger import Ledger, Outcome
from core.domain.people import Role
from core.domain.samples import SyncEvent
from core.errors import BadInput, FileRefused, NotPermitted
from core.ports import DeviceToken, ImportHead, Package, Ports, SamplePackage, Upload

MOST_BYTES = 10_000_000
MOST_KEY = 200
LINES_TOLD = 50


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of what a device sent, as JSON: counts by outcome, the refused entries with place and reason; `repeated` where the
    same key had come before."""

    body: str
    repeated: bool = False


def receive(ports: Ports, secret: str, body: bytes, key: str = "") -> Receipt:
    """Take in FHIR (an Observation, a Bundle), Open mHealth or any format that is recognised. Raises NotPermitted for a token that is
    unknown or revoked and where the person took their consent back, FileRefused for a body that cannot be read at all, BadInput for a key that is too long."""
    token = let_in(ports, secret)
    if not agreed(ports, token):
        raise NotPermitted("consent_withdrawn")
    if len(key) > MOST_KEY or not key.isprintable():
        raise BadInput("bad_key", place="idempotency-key", need=MOST_KEY)
    if len(body) > MOST_BYTES:
        raise FileRefused("file_too_large", place="body", need=MOST_BYTES)
    whole_key = f"{token.token_id}|{key}" if key else ""
    if whole_key and (answered := ports.store.seen_key(token.person_id, whole_key)):
        return Receipt(answered, repeated=True)
    outcome = _keep(ports, token, body)
    if outcome.refused:
        _note_failure(ports, token, outcome.refused)
        raise FileRefused(outcome.refused, **dict(outcome.facts))
    answer = json.dumps(_told(outcome), ensure_ascii=False)
    if whole_key:
        ports.store.keep_key(token.person_id, whole_key, answer, ports.clock.now())
    ports.store.touch_token(token.token_id, ports.clock.now())
    return Receipt(answer)


def let_in(ports: Ports, secret: str) -> DeviceToken:
    """Whose token it is. Raises NotPermitted for one that is unknown or revoked."""
    token = ports.store.token_of(digest_of(secret)) if secret.startswith(PREFIX) and len(secret) < 100 else None
    if token is None:
        raise NotPermitted("device_unknown")
    return token


def agreed(ports: Ports, token: DeviceToken) -> bool:
    """Whether the person still agrees that this source sends."""
    event = grant_of(ports, token).event(token.token_id)
    said = [one for one in ports.store.sync_events(token.person_id, event) if one.source_id == token.source_id and one.kind.startswith("consent_")]
    return not said or max(said, key=lambda one: one.at_ns).kind == "consent_given"


def _keep(ports: Ports, token: DeviceToken, body: bytes) -> FileOutcome:
    grant = grant_of(ports, token)
    profile = ports.store.person(token.person_id, grant.event("profile")).profile
    whose = Whose(token.person_id, profile=profile, trusted=True)
    run = Run(ports, grant, whose)
    head = ImportHead("device", token.label, "", ports.clock.now())
    try:
        package = ports.reader.open((Upload(f"sent-{hashlib.sha256(body).hexdigest()[:12]}", BytesIO(body)),))
        if hasattr(package, "batches"):
            return keep_samples(run, head, package)  # type: ignore[arg-type]
        sent: Package | SamplePackage = package
        kept = keep(run, head, sent)  # type: ignore[arg-type]
    except FileRefused as error:
        return refuse(run, head, error)
    happened = SyncEvent(token.source_id, "import", round(ports.clock.now().timestamp() * 1_000_000) * 1000)
    ports.store.add_sync_event(token.person_id, happened, grant.event(token.token_id))
    return kept


def grant_of(ports: Ports, token: DeviceToken) -> Grant:
    """The token is the proof: what it may is to bring data in for its person, and no more."""
    event = AuditEvent(
        ports.clock.now(), f"device:{token.token_id}"[:64], Role.SYSTEM.value, Action.IMPORT_RECORDS.value, token.person_id,
        "system", token.token_id, session_mark(token.token_id),
    )  # fmt: skip
    return Grant(event, None)


def _note_failure(ports: Ports, token: DeviceToken, why: str) -> None:
    at = round(ports.clock.now().timestamp() * 1_000_000) * 1000
    event = replace(grant_of(ports, token).event(token.token_id))
    ports.store.add_sync_event(token.person_id, SyncEvent(token.source_id, "failed", at, why=why), event)


def _told(outcome: FileOutcome) -> dict[str, object]:
    ledger = outcome.ledger
    counts = dict(ledger.counts) if isinstance(ledger, Ledger) else {}
    odd = [line for line in outcome.lines if line.outcome in (Outcome.REFUSED, Outcome.QUARANTINED, Outcome.NOT_FOLLOWED)]
    total = Counter(counts)
    return {
        "entries": sum(total.values()),
        **counts,
        "import": ledger.import_id if ledger else None,
        "lines": [
            {"path": line.path, "outcome": line.outcome.value, "reason": line.reason, "count": line.count}
            for line in odd[:LINES_TOLD]
        ],
    }
