"""This is the place where an import of samples is kept step by step: each step whole, with how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, insert, select

from core.domain.audit import AuditEvent
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.records import PersonProfile
from core.domain.samples import IMPLAUSIBLE, Columns, Samples, SyncEvent
from core.errors import Conflict, NotFound
from core.ports import ImportHead, SampleImporting
from core.store import chain, series_ledger
from core.store.columns import KNOWN, NEW, REPLACED, TWICE
from core.store.instants import to_micros
from core.store.people import new_person_row
from core.store.sealing import Box, new_id
from core.store.series import OpenStream, keep_month, keep_stream, months, stream_of
from core.store.series_facts import keep_sync_event
from core.store.tables import patient_refs, persons
from core.store.touched import NOBODY
from core.store.vault import Vault

_Key = tuple[str, str, str]
_Part = tuple[Columns, str]

ENDS = {
    NEW: (Outcome.STORED, ""), KNOWN: (Outcome.UNCHANGED, ""), REPLACED: (Outcome.STORED, "value_replaced"),
    TWICE: (Outcome.DUPLICATE, "given_twice"),
}  # fmt: skip


@dataclass(slots=True)
class Receiving:
    """One person in one import of samples (or nobody, with the system's key)."""

    person_id: str
    box: Box
    source_id: str = ""
    source_is_new: bool = False
    person_row: dict[str, object] | None = None
    refs: set[bytes] = field(default_factory=set)
    waiting: dict[tuple[_Key, str], list[_Part]] = field(default_factory=dict)
    lines: Counter[LedgerLine] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None


class SampleImportStore:
    """The store's method that imports samples."""

    _vault: Vault

    @contextmanager
    def importing_samples(
        self, head: ImportHead, digest: str, event: AuditEvent, *, person_id: str = ""
    ) -> Iterator[SampleImporting]:
        work = _SampleImport(self._vault, head, event, digest, person_id)
        yield work
        if not work.finished:
            raise Conflict("import_not_finished")


class _SampleImport:
    """Satisfies `core.ports.SampleImporting`."""

    def __init__(self, vault: Vault, head: ImportHead, event: AuditEvent, digest: str, main: str) -> None:
        self.finished = False
        self._vault, self._head, self._event, self._main = vault, head, event, main
        self._people: dict[str, Receiving] = {}
        self._linked: dict[str, str] = {}
        self._place = series_ledger.Place(main, vault.keys.mark("import", main, head.kind, head.label or head.file_name, digest))
        self._progress = series_ledger.progress_of(vault, self._place)
        self.done = self._progress.batches if self._progress else 0
        self._import_id = self._progress.import_id if self._progress else new_id()
        self._started_at = self._progress.started_at if self._progress else head.started_at
        if main:
            self._receive(main)
        if self._progress:
            for who, lines in series_ledger.lines_of(vault, self._progress).items():
                receiving = self._receive(who)
                for line in lines:
                    receiving.lines[_alike(line)] += line.count

    def match(self, reference: str) -> str:
        if reference in self._linked:
            return self._linked[reference]
        mark = self._vault.keys.mark("patient", reference)
        query = select(patient_refs.c.person_id).where(patient_refs.c.ref_mark == mark).order_by(patient_refs.c.linked_at.desc())
        with self._vault.looking() as connection:
            return connection.execute(query.limit(1)).scalar() or ""

    def link(self, person_id: str, reference: str) -> None:
        self._linked[reference] = person_id
        self._receive(person_id).refs.add(self._vault.keys.mark("patient", reference))

    def add_person(self, profile: PersonProfile) -> str:
        person_id = new_id()
        box, wrapped = self._vault.fresh_key(person_id)
        row = new_person_row(person_id, box, wrapped, profile, self._head.started_at)
        self._people[person_id] = Receiving(person_id, box, new_id(), True, row)
        return person_id

    def append(self, person_id: str, samples: Samples) -> None:
        who = self._receive(person_id)
        key = (samples.signal, samples.device, samples.grain)
        for month, here in months(samples.columns):
            part = samples.columns.take(here)
            who.waiting.setdefault((key, month), []).append((part, samples.path))
            first, last = int(part.start.min()), int(part.end.max())
            who.first = first if who.first is None else min(who.first, first)
            who.last = last if who.last is None else max(who.last, last)

    def line(self, person_id: str, line: LedgerLine) -> None:
        self._receive(person_id or self._main).lines[_alike(line)] += line.count

    def step(self, batches: int) -> None:
        self._keep(batches, "stopped", None)

    def stop(self, at: datetime) -> Ledger:
        self.finished = True
        return self._keep(self.done, "stopped", at)

    def finish(self, *, finished_at: datetime, complete: bool = True, problems: Sequence[str] = ()) -> Ledger:
        self.finished = True
        return self._keep(-1, "done", finished_at, complete, tuple(problems))

    def _receive(self, person_id: str) -> Receiving:
        who = self._people.get(person_id)
        if who is None:
            who = Receiving(person_id, self._vault.keys.system)
            if person_id != NOBODY:
                self._get_acquainted(who)
            self._people[person_id] = who
        return who

    def _get_acquainted(self, who: Receiving) -> None:
        with self._vault.looking() as connection:
            sealed = connection.execute(select(persons.c.sealed_key).where(persons.c.person_id == who.person_id)).scalar()
            if sealed is None:
                raise NotFound("person_not_found", person=who.person_id)
            known = series_ledger.source_of(self._vault, connection, who.person_id, self._head)
        who.box = self._vault.unwrap(who.person_id, sealed)
        who.source_id, who.source_is_new = known or new_id(), known is None

    def _keep(
        self, batches: int, state: str, at: datetime | None, complete: bool = True, problems: tuple[str, ...] = ()
    ) -> Ledger:
        self.done = max(self.done, batches)
        people = sorted((who for who in self._people.values() if who.person_id), key=lambda who: who.person_id)
        with self._vault.writing(None, much=True) as connection:
            for who in people:
                self._hold(connection, who)
                series_ledger.keep_source(self._vault, connection, who, self._head)
                changed = self._keep_samples(connection, who)
                if changed or who.source_is_new:
                    self._vault.bump(connection, who.person_id)
                who.source_is_new = False
                if state == "done":
                    self._note(connection, who, at)
            end = series_ledger.End(self._import_id, self._started_at, at, state, complete and state == "done", problems)
            series_ledger.keep_ledgers(self._vault, connection, self._of_somebody(), self._head, (self._event, end))
            series_ledger.keep_progress(connection, self._vault, self._place, None if state == "done" else self._as_progress())
            lines = [series_ledger.audited(self._event, who.person_id, self._import_id) for who in people]
            chain.extend(connection, self._vault.keys, [(line, ()) for line in lines or [self._event]])
        return series_ledger.ledger(self._of_somebody(), self._head, end)

    def _hold(self, connection: Connection, who: Receiving) -> None:
        if who.person_row is not None:
            connection.execute(insert(persons), who.person_row)
            who.person_row = None
        else:
            self._vault.box_to_change(connection, who.person_id)
            known = series_ledger.source_of(self._vault, connection, who.person_id, self._head)
            if who.source_is_new and known:  # somebody else made it meanwhile
                who.source_id, who.source_is_new = known, False

    def _keep_samples(self, connection: Connection, who: Receiving) -> bool:
        """Write what waits, and account for each sample; whether anything changed."""
        waiting, who.waiting = who.waiting, {}
        changed_at_all = False
        touched: dict[_Key, OpenStream] = {}
        for (key, month), parts in waiting.items():
            stream = touched.get(key)
            if stream is None:  # looked up anew in each step: somebody else may have written to it meanwhile
                made = OpenStream("", who.person_id, who.source_id, *key, samples=0, first=None, last=None, is_new=True)
                stream = touched[key] = stream_of(self._vault, connection, who.box, made)
            given = Columns.joined([columns for columns, _ in parts])
            if stream.is_new:
                keep_stream(self._vault, connection, who.box, stream)
            fate, changed = keep_month(self._vault, connection, who.box, (stream, month), given)
            changed_at_all = changed_at_all or changed
            self._account(who, key[0], parts, fate)
        for stream in touched.values():
            keep_stream(self._vault, connection, who.box, stream)
        return changed_at_all

    def _account(self, who: Receiving, signal: str, parts: list[_Part], fate: np.ndarray) -> None:
        done = 0
        for columns, path in parts:
            here = fate[done : done + len(columns)]
            done += len(columns)
            odd = (columns.quality & IMPLAUSIBLE) != 0
            for code, (outcome, reason) in ENDS.items():
                mine = here == code
                sound = int(np.count_nonzero(mine & ~odd))
                apart = int(np.count_nonzero(mine & odd))
                if sound:
                    who.lines[LedgerLine(path, signal, outcome, reason)] += sound
                if apart and code in (NEW, REPLACED):
                    who.lines[LedgerLine(path, signal, Outcome.QUARANTINED, "implausible")] += apart
                elif apart:
                    who.lines[LedgerLine(path, signal, outcome, reason)] += apart

    def _note(self, connection: Connection, who: Receiving, at: datetime | None) -> None:
        """What the import leaves for the question why something is missing."""
        when = to_micros(at or self._head.started_at) * 1000
        kind = "import" if who.first is not None else "empty"
        happened = SyncEvent(who.source_id, kind, when, who.first or 0, who.last or 0)
        keep_sync_event(connection, who.box, who.person_id, happened)

    def _of_somebody(self) -> list[Receiving]:
        """Everybody with lines; where the import is about one person alone, nobody's lines are that person's to see."""
        people = [who for who in self._people.values() if who.person_id]
        nobody = self._people.get(NOBODY)
        if nobody is not None and nobody.lines and len(people) == 1:
            people[0].lines.update(nobody.lines)
            nobody.lines.clear()
        return [*people, *([nobody] if nobody is not None and (nobody.lines or not people) else [])]

    def _as_progress(self) -> series_ledger.KeptProgress:
        return series_ledger.KeptProgress(self._import_id, self.done, tuple(self._people), self._started_at)


def _alike(line: LedgerLine) -> LedgerLine:
    return LedgerLine(line.path, line.kind, line.outcome, line.reason, line.record_id)

