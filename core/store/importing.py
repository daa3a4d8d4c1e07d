"""This is the place where an import gathers records, decides how each entry ends, and accounts for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

from sqlalchemy import select

from core.domain.audit import AuditEvent
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.records import GROUPS, KINDS_SHOWN, Incoming, PersonProfile
from core.domain.standing import main_code, outcome, standings, usability
from core.errors import Conflict
from core.ports import ImportHead, Importing
from core.store import merging
from core.store.codec import Body, Head, canonical, pack, pack_original
from core.store.ledgers import open_lines, seal_lines
from core.store.people import new_person_row
from core.store.reading import open_head
from core.store.sealing import new_id, new_ids
from core.store.staging import Fresh, Staged, Staging, staging
from core.store.tables import patient_refs
from core.store.touched import NOBODY, Touched
from core.store.vault import Vault

_LINES_PER_CHUNK = 1000
_LINES_HELD = 20_000
"""How many lines wait in memory over all people before they are written down."""


class ImportStore:
    """The store's method that imports."""

    _vault: Vault

    @contextmanager
    def importing(self, head: ImportHead, event: AuditEvent, *, person_id: str = "") -> Iterator[Importing]:
        """One import, one transaction: nothing of it is visible before the context ends well, and others work meanwhile."""
        with ExitStack() as stack:
            gathered = stack.enter_context(staging(self._vault.home))
            work = _Import(self._vault, gathered, stack, head, event)
            if person_id:
                work.begin_with(person_id)
            yield work
            if not work.finished:
                raise Conflict("import_not_finished")


class _Import:
    """Satisfies `core.ports.Importing`."""

    def __init__(self, vault: Vault, gathered: Staging, stack: ExitStack, head: ImportHead, event: AuditEvent) -> None:
        self.finished = False
        self._vault, self._staging, self._stack, self._head, self._event = vault, gathered, stack, head, event
        self._import_id = new_id()
        self._record_ids = new_ids()
        self._touched: dict[str, Touched] = {}
        self._linked: dict[bytes, str] = {}
        self._lines_held = 0
        self._main = NOBODY

    def begin_with(self, person_id: str) -> None:
        """Entries of nobody known are this person's to see."""
        self._main = self._touch(person_id).person_id

    def match(self, reference: str) -> str:
        mark = self._vault.keys.mark("patient", reference)
        if mark in self._linked:
            return self._linked[mark]
        query = select(patient_refs.c.person_id).where(patient_refs.c.ref_mark == mark).order_by(patient_refs.c.linked_at.desc())
        with self._vault.looking() as connection:
            return connection.execute(query.limit(1)).scalar() or ""

    def link(self, person_id: str, references: Iterable[str]) -> None:
        who = self._touch(person_id)
        for reference in references:
            mark = self._vault.keys.mark("patient", reference)
            self._linked[mark] = person_id
            who.refs.add(mark)

    def add_person(self, profile: PersonProfile) -> str:
        person_id = new_id()
        box, wrapped = self._vault.fresh_key(person_id)
        row = new_person_row(person_id, box, wrapped, profile, self._head.started_at)
        who = Touched(len(self._touched), person_id, box, new_id(), source_is_new=True, person_row=row)
        self._touched[person_id] = who
        return person_id

    def put(self, person_id: str, incoming: Incoming) -> tuple[Outcome, str]:
        who = self._touch(person_id)
        content = self._vault.keys.mark("content", person_id, incoming.kind, canonical(incoming.raw))
        logical = self._logical(person_id, incoming, content)
        kept = self._staging.versions(who.number, logical)
        same = next((version for version in kept if version.content == content), None)
        if same is None:
            return self._put_new(who, incoming, (logical, content), kept)
        if same.mine:
            return Outcome.UNCHANGED, same.record_id
        self._staging.link(same.place)
        who.changed = True
        return Outcome.DUPLICATE, same.record_id

    def line(self, person_id: str, line: LedgerLine) -> None:
        who = self._touch(person_id or self._main)
        who.counts[line.outcome.value] += line.count
        who.lines.append(line)
        self._lines_held += 1
        if len(who.lines) >= _LINES_PER_CHUNK:
            self._write_lines(who)
        elif self._lines_held >= _LINES_HELD:
            for other in self._touched.values():
                self._write_lines(other)

    def finish(self, *, finished_at: datetime, complete: bool = True, problems: Sequence[str] = (), next_since: str = "") -> Ledger:
        self._give_nobodys_lines()
        for who in self._touched.values():
            self._write_lines(who)
        end = merging.End(self._import_id, finished_at, complete, tuple(problems), next_since)
        # entered here, left with the import: whatever goes wrong before that takes everything back
        connection = self._stack.enter_context(self._vault.writing(None, much=True))
        ledger = merging.merge(
            merging.Target(connection, self._vault), self._staging, list(self._touched.values()), self._head, self._event, end
        )
        self.finished = True
        return ledger

    def _put_new(self, who: Touched, incoming: Incoming, marks: tuple[bytes, bytes], kept: list[Staged]) -> tuple[Outcome, str]:
        logical, content = marks
        head = Head(incoming.version, main_code(incoming.item), incoming.retracts, usability(incoming.item, incoming.problems))
        heads = [open_head(who.box, who.person_id, version.record_id, version.head) for version in kept]
        everything = [*(h.kept(v.arrival) for h, v in zip(heads, kept, strict=True)), head.kept(who.next_arrival)]
        *older, newest = standings(everything)
        for version, standing in zip(kept, older, strict=True):
            if version.standing != standing.value:
                self._staging.settle(version.place, standing.value)
        fact = self._fact(who.person_id, incoming, content)
        ended = outcome(newest, fact_known=self._staging.states_elsewhere(who.number, fact, logical))
        fresh = self._sealed(who, incoming, (logical, content, fact), head)
        self._staging.add(who.number, fresh, newest.value)
        who.next_arrival += 1
        who.changed = who.brought = True
        return ended, fresh.record_id

    def _sealed(self, who: Touched, incoming: Incoming, marks: tuple[bytes, bytes, bytes], head: Head) -> Fresh:
        record_id, person_id, seal, item = next(self._record_ids), who.person_id, who.box.seal, incoming.item
        origin_id = f"{incoming.kind}/{incoming.record_id}" if incoming.record_id else ""
        body = Body(incoming.kind, item, incoming.problems, incoming.origin, origin_id, incoming.profile)
        shown = incoming.kind in KINDS_SHOWN
        return Fresh(
            record_id,
            *marks,
            kind=incoming.kind if shown else "other." + self._vault.keys.mark("kind", incoming.kind).hex(),
            shelf=item.group if item and item.group in GROUPS else "raw",
            arrival=who.next_arrival,
            head=seal(pack(head), "records", person_id, record_id, "head"),
            item=seal(pack(body), "records", person_id, record_id, "item"),
            original=seal(pack_original(incoming.raw), "originals", person_id, record_id, "original"),
        )

    def _logical(self, person_id: str, incoming: Incoming, content: bytes) -> bytes:
        mark = self._vault.keys.mark
        if not incoming.record_id:
            return mark("logical content", person_id, content)
        return mark("logical", person_id, incoming.origin, incoming.kind, incoming.record_id)

    def _fact(self, person_id: str, incoming: Incoming, content: bytes) -> bytes:
        """What the record states. Where the kind isn't compared, only its very copy (from another origin) states the same."""
        mark = self._vault.keys.mark
        return mark("fact", person_id, incoming.kind, incoming.fact) if incoming.fact else mark("fact content", person_id, content)

    def _touch(self, person_id: str) -> Touched:
        who = self._touched.get(person_id)
        if who is None:
            who = Touched(len(self._touched), person_id, self._vault.keys.system)
            if person_id != NOBODY:
                merging.get_acquainted(self._vault, self._staging, who, self._head)
            self._touched[person_id] = who
        return who

    def _write_lines(self, who: Touched) -> None:
        if not who.lines:
            return
        counts = Counter(line.outcome.value for line in who.lines)  # of lines: what a page of them skips
        sealed = seal_lines(who.box, (who.person_id, self._import_id, who.chunks), who.lines)
        self._staging.add_chunk(who.number, who.chunks, json.dumps(counts), sealed)
        self._lines_held -= len(who.lines)
        who.lines.clear()
        who.chunks += 1

    def _give_nobodys_lines(self) -> None:
        """Where an import is about one person alone, the lines of nobody known are that person's to see."""
        people = [who for who in self._touched.values() if who.person_id != NOBODY]
        nobody = self._touched.get(NOBODY)
        if nobody is None or len(people) != 1:
            return
        self._write_lines(nobody)
        for number, sealed in enumerate(self._staging.take_chunks(nobody.number)):
            for line in open_lines(nobody.box, (NOBODY, self._import_id, number), sealed):
                self.line(people[0].person_id, line)
        del self._touched[NOBODY]
