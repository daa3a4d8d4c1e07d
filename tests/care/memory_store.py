"""This is the place where the store is written down as plainly as possible: dicts and lists, no database, no encryption.

It is the reference engine: what the real store answers must be what this one answers. An import works on a copy that takes
the place of everything only when it has been finished.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from core.domain.audit import AuditCheck, AuditEvent, AuditLine
from core.domain.codes import Coding, Concept
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.people import Account, Panel, Preferences, Session
from core.domain.records import GROUPS, Incoming, Item, Original, Person, PersonProfile, Record, SourceMark, Standing
from core.domain.samples import BinStrand, Note, Samples, SeriesChoices, Strand, Stream, SyncEvent
from core.domain.standing import Kept, main_code, outcome, standings, usability
from core.errors import Conflict, NotFound
from core.ports import DeviceToken, ImportHead, Progress, SourceInfo
from tests.care.memory_checks import MemoryChecks
from tests.care.memory_doses import MemoryDoses
from tests.care.memory_papers import MemoryPapers
from tests.care.memory_samples import KeptStream, MemorySampleImport, bins, described, strands

_TAKEN_AWAY = (Standing.CURRENT, Standing.QUARANTINED, Standing.RAW)


@dataclass
class Row:
    """One version of one record of one person."""

    record_id: str
    person_id: str
    logical: tuple[str, ...]
    content: str
    fact: str
    incoming: Incoming
    kept: Kept
    standing: Standing
    received_at: datetime
    sources: list[str]


@dataclass
class Contents:
    """Everything that is kept, except the audit trail."""

    people: dict[str, Person] = field(default_factory=dict)
    added: dict[str, PersonProfile] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    sources: dict[str, SourceInfo] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    ledgers: list[tuple[str, Ledger, list[LedgerLine]]] = field(default_factory=list)
    accounts: dict[str, tuple[Account, str]] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    tickets: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    failures: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    preferences: dict[str, Preferences] = field(default_factory=dict)
    streams: list[KeptStream] = field(default_factory=list)
    marks: dict[tuple[str, ...], tuple[int, str]] = field(default_factory=dict)
    sample_lines: dict[str, dict[str, Counter[LedgerLine]]] = field(default_factory=dict)
    happened: list[tuple[str, SyncEvent]] = field(default_factory=list)
    choices: dict[str, SeriesChoices] = field(default_factory=dict)
    notes: dict[str, tuple[str, Note]] = field(default_factory=dict)
    doors: dict[str, DeviceToken] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    drawers: dict[tuple[str, str], bytes] = field(default_factory=dict)
    number: int = 0

    def new_id(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number:04d}"


class MemoryStore(MemoryDoses, MemoryChecks, MemoryPapers):
    """Satisfies `core.ports.Store`."""

    def __init__(self) -> None:
        MemoryDoses.__init__(self)
        MemoryChecks.__init__(self)
        MemoryPapers.__init__(self)
        self.kept = Contents()
        self.trail: list[AuditLine] = []

    # people
    def add_person(self, profile: PersonProfile, event: AuditEvent) -> Person:
        person = Person(self.kept.new_id("p"), profile, 1, event.at, profile.synthetic)
        self.kept.people[person.person_id] = person
        self.kept.added[person.person_id] = profile
        self.append_audit(replace(event, subject_id=person.person_id))
        return person

    def person(self, person_id: str, event: AuditEvent) -> Person:
        self.append_audit(event)
        if person_id not in self.kept.people:
            raise NotFound("person_not_found", person=person_id)
        return _counted(self.kept, self.kept.people[person_id])

    def people(self, person_ids: Sequence[str] | None, event: AuditEvent) -> tuple[Person, ...]:
        ids = list(self.kept.people) if person_ids is None else [p for p in dict.fromkeys(person_ids) if p in self.kept.people]
        for person_id in ids:
            self.append_audit(replace(event, subject_id=person_id))
        return tuple(_counted(self.kept, self.kept.people[p]) for p in ids)

    def person_exists(self, person_id: str) -> bool:
        return person_id in self.kept.people

    def everybody(self) -> tuple[str, ...]:
        return tuple(self.kept.people)

    def revision(self, person_id: str) -> int:
        return self.kept.people[person_id].revision if person_id in self.kept.people else 0

    # records
    @contextmanager
    def importing(self, head: ImportHead, event: AuditEvent, *, person_id: str = "") -> Iterator[MemoryImport]:
        work = MemoryImport(copy.deepcopy(self.kept), head, event, person_id)
        if person_id:
            work.source(person_id)
        yield work
        if work.ledger is None:
            raise Conflict("import_not_finished")
        self.kept = work.kept
        for subject in work.touched or [""]:
            self.append_audit(replace(event, subject_id=subject))

    def records(
        self, person_id: str, event: AuditEvent, *, kinds: Sequence[str] | None = None, every_standing: bool = False
    ) -> tuple[Record, ...]:
        self._known(person_id, event)
        shown = set(Standing) if every_standing else {Standing.CURRENT, Standing.QUARANTINED}
        rows = [r for r in self.kept.rows if r.person_id == person_id and r.standing in shown]
        merged: dict[tuple[str, str], Record] = {}
        for row in rows:
            if kinds is not None and row.incoming.kind not in kinds:
                continue
            record = _record(self.kept, row)
            key = (row.fact, row.standing) if row.standing is Standing.CURRENT else (row.record_id, row.standing)
            known = merged.get(key)
            if known:
                record = replace(known, sources=tuple(dict.fromkeys((*known.sources, *record.sources))))
            merged[key] = record
        return tuple(sorted(merged.values(), key=lambda r: r.item.start or r.item.issued, reverse=True))

    def original(self, person_id: str, record_id: str, event: AuditEvent) -> bytes:
        self._known(person_id, event)
        for row in self.kept.rows:
            if row.person_id == person_id and row.record_id == record_id:
                return row.incoming.raw
        raise NotFound("record_not_found", record=record_id)

    def originals(self, person_id: str, event: AuditEvent, *, kinds: Sequence[str] | None = None) -> Iterator[Original]:
        self._known(person_id, event)
        shown: dict[tuple[str, Standing], str] = {}
        for row in self.kept.rows:
            if row.person_id == person_id and row.standing in _TAKEN_AWAY and (kinds is None or row.incoming.kind in kinds):
                fact = (row.fact if row.standing is Standing.CURRENT else row.record_id, row.standing)
                first = shown.setdefault(fact, row.record_id)
                came = row.incoming
                origin_id = f"{came.kind}/{came.record_id}" if came.record_id else ""
                yield Original(row.record_id, came.raw, came.origin, origin_id, first if first != row.record_id else "")

    def raw_counts(self, person_id: str) -> tuple[tuple[str, int], ...]:
        found = Counter(r.incoming.kind for r in self.kept.rows if r.person_id == person_id and r.standing is Standing.RAW)
        return tuple(sorted(found.items()))

    # sources and ledgers
    def sources(self, person_id: str, event: AuditEvent) -> tuple[SourceInfo, ...]:
        self._known(person_id, event)
        count = Counter(s for row in self.kept.rows for s in row.sources)
        samples: Counter[str] = Counter()
        for one in self.kept.streams:
            samples[one.stream.source_id] += len(one.rows)
        return tuple(
            replace(s, records=count[s.source_id], samples=samples[s.source_id])
            for s in self.kept.sources.values()
            if s.person_id == person_id
        )

    def source_token(self, person_id: str, source_id: str, event: AuditEvent) -> str:
        self._known(person_id, event)
        return self.kept.tokens.get(source_id, "")

    def remove_source(self, person_id: str, source_id: str, event: AuditEvent) -> int:
        self._known(person_id, event)
        source = self.kept.sources.get(source_id)
        if source is None or source.person_id != person_id:
            raise NotFound("source_not_found", source=source_id)
        del self.kept.sources[source_id]
        self.kept.links = {key: who for key, who in self.kept.links.items() if key[1] != source_id}
        self.kept.streams = [one for one in self.kept.streams if one.stream.source_id != source_id]
        self.kept.happened = [one for one in self.kept.happened if one[1].source_id != source_id]
        self.kept.doors = {d: t for d, t in self.kept.doors.items() if t.source_id != source_id}
        before = len(self.kept.rows)
        for row in self.kept.rows:
            row.sources = [s for s in row.sources if s != source_id]
        self.kept.rows = [row for row in self.kept.rows if row.sources]
        _settle(self.kept, person_id)
        return before - len(self.kept.rows)

    def ledgers(self, person_id: str, event: AuditEvent) -> tuple[Ledger, ...]:
        self._known(person_id, event)
        return tuple(ledger for who, ledger, _ in reversed(self.kept.ledgers) if who == person_id)

    def ledger_lines(
        self, person_id: str, import_id: str, event: AuditEvent, *, outcome: str = "", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[LedgerLine, ...], int]:
        self._known(person_id, event)
        lines = [
            line
            for who, ledger, lines in self.kept.ledgers
            if who == person_id and ledger.import_id == import_id
            for line in lines
            if not outcome or line.outcome == outcome
        ]
        return tuple(lines[offset : offset + limit]), len(lines)

    # samples
    @contextmanager
    def importing_samples(
        self, head: ImportHead, digest: str, event: AuditEvent, *, person_id: str = ""
    ) -> Iterator[MemorySampleImport]:
        if person_id and person_id not in self.kept.people:
            raise NotFound("person_not_found", person=person_id)
        mark = (person_id, head.kind, head.label or head.file_name, digest)
        work = MemorySampleImport(self, head, event, mark, person_id)
        yield work
        if not work.finished:
            raise Conflict("import_not_finished")

    def source_for(self, person_id: str, head: ImportHead) -> str:
        return MemoryImport(self.kept, head, AuditEvent(head.started_at, "", "", ""), "").source(person_id)

    def stream_for(self, person_id: str, source_id: str, samples: Samples) -> KeptStream:
        for one in self.kept.streams:
            same = (one.stream.source_id, one.stream.signal, one.stream.device, one.stream.grain)
            if one.person_id == person_id and same == (source_id, samples.signal, samples.device, samples.grain):
                return one
        stream = Stream(self.kept.new_id("t"), source_id, samples.signal, samples.device, samples.grain, 0, 0, 0)
        made = KeptStream(stream, person_id)
        self.kept.streams.append(made)
        return made

    def moved_on(self, person_id: str, at: datetime) -> None:
        person = self.kept.people[person_id]
        self.kept.people[person_id] = replace(person, revision=person.revision + 1, last_at=at)

    def streams(self, person_id: str, event: AuditEvent) -> tuple[Stream, ...]:
        self._known(person_id, event)
        found = [described(one) for one in self.kept.streams if one.person_id == person_id]
        return tuple(sorted(found, key=lambda one: (one.signal, one.device, one.grain, one.stream_id)))

    def strands(
        self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent
    ) -> tuple[Strand, ...]:
        self._known(person_id, event)
        return strands(self.kept.streams, person_id, tuple(signals), start, end)

    def bins(
        self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent
    ) -> tuple[BinStrand, ...]:
        return bins(self.strands(person_id, signals, start, end, event))

    def open_source(self, person_id: str, head: ImportHead, event: AuditEvent) -> str:
        self._known(person_id, event)
        before = set(self.kept.sources)
        source_id = self.source_for(person_id, head)
        if source_id not in before:
            at = round(head.started_at.timestamp() * 1_000_000) * 1000
            self.kept.happened.append((person_id, SyncEvent(source_id, "connected", at)))
            self.moved_on(person_id, event.at)
        return source_id

    def series_choices(self, person_id: str) -> SeriesChoices:
        return self.kept.choices.get(person_id, SeriesChoices())

    def save_series_choices(self, person_id: str, choices: SeriesChoices, event: AuditEvent) -> None:
        self._known(person_id, event)
        self.kept.choices[person_id] = choices
        self.moved_on(person_id, event.at)

    def add_sync_event(self, person_id: str, happened: SyncEvent, event: AuditEvent) -> None:
        self._known(person_id, event)
        self.kept.happened.append((person_id, happened))
        self.moved_on(person_id, event.at)

    def sync_events(self, person_id: str, event: AuditEvent) -> tuple[SyncEvent, ...]:
        self._known(person_id, event)
        return tuple(sorted((one for who, one in self.kept.happened if who == person_id), key=lambda one: one.at_ns))

    def notes(self, person_id: str, event: AuditEvent) -> tuple[Note, ...]:
        self._known(person_id, event)
        return tuple(sorted((note for who, note in self.kept.notes.values() if who == person_id), key=lambda note: note.at_ns))

    def add_note(self, person_id: str, note: Note, event: AuditEvent) -> str:
        self._known(person_id, event)
        note_id = self.kept.new_id("n")
        self.kept.notes[note_id] = (person_id, replace(note, note_id=note_id))
        self.moved_on(person_id, event.at)
        return note_id

    def remove_note(self, person_id: str, note_id: str, event: AuditEvent) -> None:
        self._known(person_id, event)
        if self.kept.notes.get(note_id, ("",))[0] != person_id:
            raise NotFound("note_not_found", note=note_id)
        del self.kept.notes[note_id]
        self.moved_on(person_id, event.at)

    # drawers
    def drawer(self, person_id: str, key: str, event: AuditEvent) -> bytes:
        self._known(person_id, event)
        return self.kept.drawers.get((person_id, key), b"")

    def drawers(self, person_ids: Sequence[str], key: str, event: AuditEvent) -> Mapping[str, bytes]:
        for person_id in person_ids:
            self.append_audit(replace(event, subject_id=person_id))
        return {one: self.kept.drawers[one, key] for one in person_ids if self.kept.drawers.get((one, key))}

    def put_in_drawer(
        self, person_id: str, key: str, body: bytes, event: AuditEvent, *, was: bytes | None = None, quiet: bool = False
    ) -> None:
        self._known(person_id, event)
        held = self.kept.drawers.get((person_id, key), b"")
        if was is not None and was != held:
            raise Conflict("person_changed", person=person_id)
        if held != body:
            self.kept.drawers[person_id, key] = body
            if not quiet:
                self.moved_on(person_id, event.at)

    # devices at the door
    def add_token(self, token: DeviceToken, digest: str, event: AuditEvent) -> DeviceToken:
        self._known(token.person_id, event)
        if token.source_id not in self.kept.sources:
            raise NotFound("source_not_found", source=token.source_id)
        made = replace(token, token_id=self.kept.new_id("d"))
        self.kept.doors[digest] = made
        self.moved_on(token.person_id, event.at)
        return made

    def tokens(self, person_id: str, event: AuditEvent) -> tuple[DeviceToken, ...]:
        self._known(person_id, event)
        return tuple(token for token in self.kept.doors.values() if token.person_id == person_id)

    def token_of(self, digest: str) -> DeviceToken | None:
        token = self.kept.doors.get(digest)
        return None if token is None or token.revoked_at else token

    def revoke_token(self, person_id: str, token_id: str, event: AuditEvent) -> None:
        self._known(person_id, event)
        for digest, token in self.kept.doors.items():
            if (token.person_id, token.token_id, token.revoked_at) == (person_id, token_id, None):
                self.kept.doors[digest] = replace(token, revoked_at=event.at)
                self.moved_on(person_id, event.at)
                return
        raise NotFound("token_not_found", token=token_id)

    def touch_token(self, token_id: str, at: datetime) -> None:
        self.kept.doors = {d: replace(t, seen_at=at) if t.token_id == token_id else t for d, t in self.kept.doors.items()}

    def seen_key(self, person_id: str, key: str) -> str:
        return self.kept.keys.get((person_id, key), "")

    def keep_key(self, person_id: str, key: str, answer: str, at: datetime) -> None:
        self.kept.keys[(person_id, key)] = answer

    # accounts, panels, sessions
    def add_account(self, account: Account, password_hash: str, event: AuditEvent) -> Account:
        if self.account_by_username(account.username):
            raise Conflict("username_taken")
        account = account if account.account_id else replace(account, account_id=self.kept.new_id("a"))
        self.kept.accounts[account.account_id] = (account, password_hash)
        self.append_audit(event)
        return account

    def update_account(self, account: Account, event: AuditEvent, *, password_hash: str = "") -> None:
        _, old = self.kept.accounts[account.account_id]
        self.kept.accounts[account.account_id] = (account, password_hash or old)
        self.append_audit(event)

    def account(self, account_id: str) -> Account:
        if account_id not in self.kept.accounts:
            raise NotFound("account_not_found", account=account_id)
        return self.kept.accounts[account_id][0]

    def account_by_username(self, username: str) -> tuple[Account, str] | None:
        return next((found for found in self.kept.accounts.values() if found[0].username == username), None)

    def accounts(self, event: AuditEvent) -> tuple[Account, ...]:
        self.append_audit(event)
        return tuple(account for account, _ in self.kept.accounts.values())

    def failures(self, username: str) -> tuple[int, datetime | None]:
        return self.kept.failures.get(username, (0, None))

    def note_failure(self, username: str, at: datetime, event: AuditEvent) -> None:
        self.kept.failures[username] = (self.failures(username)[0] + 1, at)
        self.append_audit(event)

    def clear_failures(self, username: str) -> None:
        self.kept.failures.pop(username, None)

    def panels(self, panel_ids: Sequence[str] | None = None) -> tuple[Panel, ...]:
        return tuple(p for p in self.kept.panels.values() if panel_ids is None or p.panel_id in panel_ids)

    def save_panel(self, panel: Panel, event: AuditEvent) -> Panel:
        panel = panel if panel.panel_id else replace(panel, panel_id=self.kept.new_id("l"))
        self.kept.panels[panel.panel_id] = panel
        self.append_audit(event)
        return panel

    def open_session(self, session: Session, event: AuditEvent) -> None:
        self.kept.sessions[session.session_id] = session
        self.append_audit(event)

    def session(self, session_id: str) -> Session | None:
        return self.kept.sessions.get(session_id)

    def touch_session(self, session_id: str, seen_at: datetime) -> None:
        self.kept.sessions[session_id] = replace(self.kept.sessions[session_id], seen_at=seen_at)

    def close_session(self, session_id: str, event: AuditEvent) -> None:
        self.kept.sessions.pop(session_id, None)
        self.append_audit(event)

    def close_sessions(self, account_id: str, event: AuditEvent, *, but: str = "") -> None:
        self.kept.sessions = {k: s for k, s in self.kept.sessions.items() if s.account_id != account_id or k == but}
        self.append_audit(event)

    def keep_ticket(self, digest: str, session_id: str, ends_at: datetime) -> None:
        self.kept.tickets[digest] = (session_id, ends_at)

    def take_ticket(self, digest: str, at: datetime) -> str:
        session_id, ends_at = self.kept.tickets.pop(digest, ("", at))
        return session_id if ends_at > at else ""

    def preferences(self, account_id: str) -> Preferences:
        return self.kept.preferences.get(account_id, Preferences())

    def save_preferences(self, account_id: str, preferences: Preferences) -> None:
        self.kept.preferences[account_id] = preferences

    # audit and upkeep
    def append_audit(self, event: AuditEvent) -> None:
        before = self.trail[-1].digest if self.trail else ""
        digest = hashlib.sha256(f"{before}{event}".encode()).hexdigest()
        self.trail.append(AuditLine(len(self.trail) + 1, event, digest))

    def audit_of(self, person_id: str, event: AuditEvent, *, limit: int = 200) -> tuple[AuditLine, ...]:
        self.append_audit(event)
        return tuple([line for line in reversed(self.trail) if line.event.subject_id == person_id][:limit])

    def audit_lines(self, event: AuditEvent, *, limit: int = 200) -> tuple[AuditLine, ...]:
        self.append_audit(event)
        return tuple(self.trail[::-1][:limit])

    def verify_audit(self, progress: Progress | None = None) -> AuditCheck:
        before = ""
        for line in self.trail:
            before = hashlib.sha256(f"{before}{line.event}".encode()).hexdigest()
            if before != line.digest:
                return AuditCheck(len(self.trail), line.number, "digest")
        return AuditCheck(len(self.trail))

    def erase_person(self, person_id: str, event: AuditEvent, progress: Progress | None = None) -> None:
        self.kept.people.pop(person_id)
        self.kept.rows = [row for row in self.kept.rows if row.person_id != person_id]
        self.kept.sources = {k: s for k, s in self.kept.sources.items() if s.person_id != person_id}
        self.kept.links = {k: who for k, who in self.kept.links.items() if who != person_id}
        self.kept.drawers = {k: body for k, body in self.kept.drawers.items() if k[0] != person_id}
        self.forget_checks(person_id)
        self.forget_papers(person_id)
        self.append_audit(event)

    def backup(self, target: Path, event: AuditEvent, progress: Progress | None = None) -> None:
        target.write_text(repr(self.kept), encoding="utf-8")
        self.append_audit(event)

    def verify(self, progress: Progress | None = None) -> Mapping[str, int | str]:
        return {"ok": 1, "records": len(self.kept.rows)}

    def close(self) -> None:
        return None

    def _known(self, person_id: str, event: AuditEvent) -> None:
        self.append_audit(event)
        if person_id not in self.kept.people:
            raise NotFound("person_not_found", person=person_id)


class MemoryImport:
    """Satisfies `core.ports.Importing` on a copy of everything."""

    def __init__(self, kept: Contents, head: ImportHead, event: AuditEvent, person_id: str) -> None:
        self.kept, self.head, self.event, self.main = kept, head, event, person_id
        self.ledger: Ledger | None = None
        self.touched: dict[str, bool] = {}
        self._lines: dict[str, list[LedgerLine]] = {}
        self._import_id = kept.new_id("i")

    def match(self, reference: str) -> str:
        return next((who for (known, _), who in reversed(self.kept.links.items()) if known == reference), "")

    def link(self, person_id: str, references: Iterable[str]) -> None:
        source_id = self.source(person_id)
        for reference in references:
            self.kept.links.pop((reference, source_id), None)
            self.kept.links[(reference, source_id)] = person_id

    def add_person(self, profile: PersonProfile) -> str:
        person = Person(self.kept.new_id("p"), profile, 1, self.head.started_at, profile.synthetic)
        self.kept.people[person.person_id] = person
        self.kept.added[person.person_id] = profile
        return person.person_id

    def put(self, person_id: str, incoming: Incoming) -> tuple[Outcome, str]:
        source_id = self.source(person_id)
        content = json.dumps(json.loads(incoming.raw), sort_keys=True) + incoming.kind
        logical = (person_id, incoming.origin, incoming.kind, incoming.record_id or content)
        versions = [row for row in self.kept.rows if row.logical == logical]
        same = next((row for row in versions if row.content == content), None)
        if same and source_id in same.sources:
            return Outcome.UNCHANGED, same.record_id
        self.touched[person_id] = True
        if same:
            same.sources.append(source_id)
            return Outcome.DUPLICATE, same.record_id
        kept = Kept(
            incoming.version,
            main_code(incoming.item),
            incoming.retracts,
            usability(incoming.item, incoming.problems),
            len(self.kept.rows),
        )
        *_, newest = standings([*(row.kept for row in versions), kept])
        fact = f"{incoming.kind}:{incoming.fact}" if incoming.fact else content
        known = any(
            row.person_id == person_id and row.fact == fact and row.logical != logical and row.standing is Standing.CURRENT
            for row in self.kept.rows
        )
        row = Row(
            self.kept.new_id("r"), person_id, logical, content, fact, incoming, kept, newest, self.head.started_at, [source_id]
        )
        self.kept.rows.append(row)
        _settle(self.kept, person_id)
        return outcome(newest, fact_known=known), row.record_id

    def line(self, person_id: str, line: LedgerLine) -> None:
        self._lines.setdefault(person_id or self.main, []).append(line)

    def finish(self, *, finished_at: datetime, complete: bool = True, problems: Sequence[str] = (), next_since: str = "") -> Ledger:
        label = self.head.label or self.head.file_name
        made = Ledger(
            self._import_id,
            "",
            label,
            self.head.file_name,
            self.head.started_at,
            finished_at,
            (),
            "done",
            complete,
            tuple(problems),
        )
        for person_id in {**dict.fromkeys(self._lines), **self.touched}:
            lines = self._lines.get(person_id, [])
            self.kept.ledgers.append((person_id, replace(made, counts=_counts(lines)), lines))
        for person_id, changed in self.touched.items():
            source_id = self.source(person_id)
            since = next_since or self.kept.sources[source_id].next_since
            self.kept.sources[source_id] = replace(self.kept.sources[source_id], last_at=finished_at, next_since=since)
            if changed:
                _renew(self.kept, person_id, self.head.started_at)
        self.ledger = replace(made, counts=_counts([line for lines in self._lines.values() for line in lines]))
        return self.ledger

    def source(self, person_id: str) -> str:
        """The id of this import's source for a person; made where it is new."""
        if person_id not in self.kept.people:
            raise NotFound("person_not_found", person=person_id)
        self.touched.setdefault(person_id, False)
        head, name = self.head, self.head.address or self.head.label or self.head.file_name
        for known in self.kept.sources.values():
            if known.person_id == person_id and known.kind == head.kind and name in (known.address, known.label):
                return known.source_id
        made = SourceInfo(
            self.kept.new_id("s"), person_id, head.kind, head.label or head.file_name, head.address, head.patient_ref,
            head.started_at, has_token=bool(head.token),
        )  # fmt: skip
        self.kept.sources[made.source_id] = made
        self.kept.tokens[made.source_id] = head.token
        return made.source_id


def _counts(lines: Sequence[LedgerLine]) -> tuple[tuple[str, int], ...]:
    found = Counter(line.outcome for line in lines)
    return tuple((outcome.value, found[outcome]) for outcome in Outcome)


def _settle(kept: Contents, person_id: str) -> None:
    """Say anew, for each logical record of a person, which version counts."""
    by_logical: dict[tuple[str, ...], list[Row]] = {}
    for row in kept.rows:
        if row.person_id == person_id:
            by_logical.setdefault(row.logical, []).append(row)
    for rows in by_logical.values():
        for row, standing in zip(rows, standings([row.kept for row in rows]), strict=True):
            row.standing = standing


def _renew(kept: Contents, person_id: str, at: datetime) -> None:
    person = kept.people[person_id]
    said = [
        r.incoming.profile for r in kept.rows if r.person_id == person_id and r.standing is Standing.CURRENT and r.incoming.profile
    ]
    profile = replace(said[-1], synthetic=person.synthetic or said[-1].synthetic) if said else person.profile
    kept.people[person_id] = replace(person, profile=profile, revision=person.revision + 1, last_at=at)


def _counted(kept: Contents, person: Person) -> Person:
    rows = [row for row in kept.rows if row.person_id == person.person_id]
    shelves = Counter(row.incoming.item.group if row.incoming.item else "raw" for row in rows if row.standing is Standing.CURRENT)
    counts = tuple((group, shelves[group]) for group in GROUPS if shelves[group])
    return replace(person, record_counts=counts, quarantined=sum(row.standing is Standing.QUARANTINED for row in rows))


def _record(kept: Contents, row: Row) -> Record:
    marks = tuple(SourceMark(s.source_id, s.kind, s.label) for s in (kept.sources[i] for i in row.sources))
    incoming = row.incoming
    item = incoming.item or Item(incoming.kind, "raw", Concept((Coding("", incoming.kind),)))
    return Record(
        row.record_id, item, row.standing, marks, row.received_at, incoming.problems, f"{incoming.kind}/{incoming.record_id}"
    )
