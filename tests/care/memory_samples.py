"""This is the place where samples are kept as plainly as possible: a dict of (start, end[, value]) for each stream."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from core.domain.audit import AuditEvent
from core.domain.bins import bins_of
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.records import PersonProfile
from core.domain.samples import IMPLAUSIBLE, BinStrand, Columns, Samples, Strand, Stream, SyncEvent
from core.domain.signals import SIGNALS
from core.ports import ImportHead

if TYPE_CHECKING:
    from tests.care.memory_store import MemoryStore

Row = tuple[int, int, float, int, int]


@dataclass
class KeptStream:
    """One stream with its rows by key."""

    stream: Stream
    person_id: str
    rows: dict[tuple[float, ...], Row] = field(default_factory=dict)

    def columns(self) -> Columns:
        rows = sorted(self.rows.values())
        start, end, value, quality, offset = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        return Columns.of(start, value, end, np.array(quality, dtype=np.uint8), np.array(offset, dtype=np.int16))


def strands(kept: list[KeptStream], person_id: str, signals: tuple[str, ...], start: datetime, end: datetime) -> tuple[Strand, ...]:
    first, last = (round(at.timestamp() * 1_000_000) * 1000 for at in (start, end))
    found = []
    for one in kept:
        if one.person_id == person_id and one.stream.signal in signals:
            whole = one.columns()
            inside = whole.take((whole.start < last) & ((whole.end > first) | (whole.start >= first)))
            if len(inside):
                found.append(Strand(described(one), inside))
    return tuple(sorted(found, key=lambda s: (s.stream.device, s.stream.grain)))


def bins(found: tuple[Strand, ...]) -> tuple[BinStrand, ...]:
    return tuple(BinStrand(one.stream, bins_of(one.columns, SIGNALS[one.stream.signal])) for one in found)


def described(one: KeptStream) -> Stream:
    columns = one.columns()
    first, last = (int(columns.start[0]), int(columns.end.max())) if len(columns) else (0, 0)
    return replace(one.stream, samples=len(columns), first=first, last=last)


class MemorySampleImport:
    """Satisfies `core.ports.SampleImporting`: everything is kept at once, each step of it."""

    def __init__(self, store: MemoryStore, head: ImportHead, event: AuditEvent, mark: tuple[str, ...], main: str) -> None:
        self._store, self._head, self._event, self._mark, self._main = store, head, event, mark, main
        before = store.kept.marks.get(mark)
        self.done, self._import_id = before if before else (0, store.kept.new_id("i"))
        self.finished = False
        self.people: dict[str, str] = {}
        self._waiting: list[tuple[str, Samples]] = []
        self._lines: dict[str, Counter[LedgerLine]] = store.kept.sample_lines.setdefault(self._import_id, {})
        self._reach: dict[str, tuple[int, int]] = {}
        for person_id in [main, *self._lines]:
            if person_id:
                self._source(person_id)

    def match(self, reference: str) -> str:
        found = [who for (ref, _), who in self._store.kept.links.items() if ref == reference]
        return found[-1] if found else ""

    def link(self, person_id: str, reference: str) -> None:
        self._store.kept.links[(reference, self._source(person_id))] = person_id

    def add_person(self, profile: PersonProfile) -> str:
        return self._store.add_person(profile, self._event).person_id

    def append(self, person_id: str, samples: Samples) -> None:
        self._source(person_id)
        self._waiting.append((person_id, samples))
        first, last = self._reach.get(person_id, (int(samples.columns.start.min()), int(samples.columns.end.max())))
        self._reach[person_id] = min(first, int(samples.columns.start.min())), max(last, int(samples.columns.end.max()))

    def line(self, person_id: str, line: LedgerLine) -> None:
        self._count(person_id or self._main, replace(line, count=1), line.count)

    def step(self, batches: int) -> None:
        self._keep()
        self.done = batches
        self._store.kept.marks[self._mark] = (self.done, self._import_id)

    def stop(self, at: datetime) -> Ledger:
        self._keep()
        self.finished = True
        return self._end("stopped", at)

    def finish(self, *, finished_at: datetime, complete: bool = True, problems: tuple[str, ...] = ()) -> Ledger:
        self._keep()
        self.finished = True
        self._store.kept.marks.pop(self._mark, None)
        for person_id, source_id in self.people.items():
            first, last = self._reach.get(person_id, (0, 0))
            kind = "import" if person_id in self._reach else "empty"
            happened = SyncEvent(source_id, kind, round(finished_at.timestamp() * 1_000_000) * 1000, first, last)
            self._store.kept.happened.append((person_id, happened))
        return self._end("done", finished_at, complete)

    def _source(self, person_id: str) -> str:
        if person_id not in self.people:
            self.people[person_id] = self._store.source_for(person_id, self._head)
        return self.people[person_id]

    def _count(self, person_id: str, line: LedgerLine, count: int) -> None:
        self._lines.setdefault(person_id, Counter())[line] += count

    def _keep(self) -> None:
        waiting, self._waiting = self._waiting, []
        seen: dict[int, set[tuple[float, ...]]] = {}
        for person_id, samples in reversed(waiting):  # the later given wins
            stream = self._store.stream_for(person_id, self.people[person_id], samples)
            given = seen.setdefault(id(stream), set())
            self._keep_batch(stream, samples, given)
        for person_id in self.people:
            self._store.moved_on(person_id, self._event.at)

    def _keep_batch(self, kept: KeptStream, samples: Samples, given: set[tuple[float, ...]]) -> None:
        by_value = SIGNALS[samples.signal].kind == "state"
        columns = samples.columns
        rows = list(
            zip(*(getattr(columns, name).tolist() for name in ("start", "end", "value", "quality", "offset")), strict=True)
        )
        for row in reversed(rows):
            key = row[:3] if by_value else row[:2]
            before = kept.rows.get(key)
            odd = bool(row[3] & IMPLAUSIBLE)
            if key in given:
                outcome, reason = Outcome.DUPLICATE, "given_twice"
            elif before is not None and before[2] == row[2]:
                outcome, reason = Outcome.UNCHANGED, ""
            elif odd:
                outcome, reason = Outcome.QUARANTINED, "implausible"
            else:
                outcome, reason = Outcome.STORED, "value_replaced" if before is not None else ""
            if key not in given:
                kept.rows[key] = row
            given.add(key)
            self._count(kept.person_id, LedgerLine(samples.path, samples.signal, outcome, reason), 1)

    def _end(self, state: str, at: datetime, complete: bool = True) -> Ledger:
        people = [who for who in self.people if who]
        if "" in self._lines and len(people) == 1:
            self._lines.setdefault(people[0], Counter()).update(self._lines.pop(""))
        total: Counter[str] = Counter()
        self._store.kept.ledgers = [one for one in self._store.kept.ledgers if one[1].import_id != self._import_id]
        for person_id in dict.fromkeys([*people, *self._lines]):
            lines = [replace(line, count=count) for line, count in self._lines.get(person_id, {}).items()]
            counts = Counter({outcome.value: 0 for outcome in Outcome})
            for line in lines:
                counts[line.outcome.value] += line.count
            total.update(counts)
            mine = self._ledger(self.people.get(person_id, ""), counts, state, at, complete)
            self._store.kept.ledgers.append((person_id, mine, lines))
        for person_id in people or [""]:
            self._store.append_audit(replace(self._event, subject_id=person_id))
        return self._ledger(self.people[people[0]] if len(people) == 1 else "", total, state, at, complete)

    def _ledger(self, source_id: str, counts: Counter[str], state: str, at: datetime, complete: bool) -> Ledger:
        label = self._head.label or self._head.file_name
        ordered = tuple((outcome.value, counts[outcome.value]) for outcome in Outcome)
        return Ledger(
            self._import_id, source_id, label, self._head.file_name, self._head.started_at, at, ordered, state, complete and state == "done"
        )
