"""This is the place where the reference store keeps the care team's papers and the house's documents: dicts, one lock, nothing clever."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from core.domain.audit import AuditEvent
from core.domain.papers import LARGEST_PAPER, Paper, PaperKind
from core.errors import BadInput, Conflict, NotFound

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class PaperContents:
    papers: dict[tuple[str, PaperKind, str], Paper] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    number: int = 0


class MemoryPapers:
    """The part of the reference store about papers. `MemoryStore` is its person."""

    def __init__(self) -> None:
        self.desked = PaperContents()
        self._writing_papers = threading.RLock()

    def append_audit(self, event: AuditEvent) -> None: ...
    def person_exists(self, person_id: str) -> bool:
        raise NotImplementedError

    def moved_on(self, person_id: str, at: datetime) -> None: ...
    def revision(self, person_id: str) -> int:
        raise NotImplementedError

    def everybody(self) -> Sequence[str]:
        raise NotImplementedError

    def papers(
        self,
        person_ids: Sequence[str],
        event: AuditEvent,
        *,
        kinds: Sequence[PaperKind],
        states: Sequence[str] = (),
        parent: str | None = None,
    ) -> tuple[Paper, ...]:
        for person_id in person_ids:
            self.append_audit(replace(event, subject_id=person_id))
        found = [one for one in self.desked.papers.values() if one.person_id in person_ids and one.kind in kinds]
        found = [one for one in found if (not states or one.state in states) and (parent is None or one.parent == parent)]
        return tuple(sorted(found, key=lambda one: (one.at, one.person_id, one.key)))

    def paper(self, person_id: str, kind: PaperKind, key: str, event: AuditEvent) -> Paper | None:
        self._known(person_id, event)
        return self.desked.papers.get((person_id, kind, key))

    def put_papers(
        self, person_id: str, papers: Sequence[Paper], event: AuditEvent, *, once: Sequence[Paper] = ()
    ) -> tuple[Paper, ...]:
        with self._writing_papers:
            self._known(person_id, event)
            for one in (*papers, *once):
                if len(one.body) > LARGEST_PAPER:
                    raise BadInput("file_too_large", place=one.kind.value, need=LARGEST_PAPER)
            before = dict(self.desked.papers)
            try:
                kept = tuple(self._put(replace(one, person_id=person_id)) for one in papers)
            except Conflict:
                self.desked.papers = before
                raise
            self._put_once(person_id, once)
            self.moved_on(person_id, event.at)
            return kept

    def claim_papers(self, kind: PaperKind, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Paper, ...]:
        with self._writing_papers:
            due = [
                one for one in self.desked.papers.values() if one.kind is kind and one.next_at is not None and one.next_at <= now
            ]
            return self._claimed(
                sorted(due, key=lambda one: (one.next_at or LONG_AGO, one.paper_id)), (worker_id, now, lease), limit
            )

    def claim_watched(self, kind: PaperKind, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Paper, ...]:
        with self._writing_papers:
            for person_id in self.everybody():
                if (person_id, kind, kind.value) not in self.desked.papers:
                    self._put(Paper(person_id, kind, kind.value, "new", now, b"", now))
            due = [
                one
                for one in self.desked.papers.values()
                if one.kind is kind
                and ((one.next_at is not None and one.next_at <= now) or one.revision < self.revision(one.person_id))
            ]
            claimed = self._claimed(sorted(due, key=lambda one: (one.at, one.paper_id)), (worker_id, now, lease), limit)
            return tuple(replace(one, revision=self.revision(one.person_id)) for one in claimed)

    def settle_papers(
        self, worker_id: str, paper: Paper, at: datetime, *, more: Sequence[Paper] = (), keep_lease: bool = False
    ) -> bool:
        with self._writing_papers:
            there = self.desked.papers.get((paper.person_id, paper.kind, paper.key))
            if there is None or self.desked.leases.get(there.paper_id, ("", LONG_AGO))[0] != worker_id:
                return False
            before = self.revision(paper.person_id)
            self.moved_on(paper.person_id, at)
            revision = self.revision(paper.person_id) if paper.revision == before else paper.revision
            key = (paper.person_id, paper.kind, paper.key)
            self.desked.papers[key] = replace(paper, edition=there.edition + 1, revision=revision)
            if not keep_lease:
                self.desked.leases.pop(there.paper_id)
            self._put_once(paper.person_id, more)
            return True

    def house_document(self, name: str) -> bytes:
        return self.desked.documents.get(name, b"")

    def put_house_document(self, name: str, body: bytes, event: AuditEvent, *, was: bytes | None = None) -> None:
        with self._writing_papers:
            self.append_audit(event)
            if was is not None and was != self.house_document(name):
                raise Conflict("document_changed", place=name)
            self.desked.documents[name] = body

    def forget_papers(self, person_id: str) -> None:
        self.desked.papers = {key: one for key, one in self.desked.papers.items() if one.person_id != person_id}

    def _put(self, paper: Paper) -> Paper:
        key = (paper.person_id, paper.kind, paper.key)
        there = self.desked.papers.get(key)
        if (there.edition if there else 0) != paper.edition:
            raise Conflict("paper_changed", place=paper.kind.value)
        if there is None:
            self.desked.number += 1
        kept = replace(paper, edition=paper.edition + 1, paper_id=there.paper_id if there else f"paper{self.desked.number:05d}")
        self.desked.papers[key] = kept
        self.desked.leases.pop(kept.paper_id, None)
        return kept

    def _put_once(self, person_id: str, more: Sequence[Paper]) -> None:
        for one in more:
            if (person_id, one.kind, one.key) not in self.desked.papers:
                self._put(replace(one, person_id=person_id, edition=0))

    def _claimed(self, due: Sequence[Paper], of: tuple[str, datetime, timedelta], limit: int) -> tuple[Paper, ...]:
        worker_id, now, lease = of
        free = [one for one in due if self.desked.leases.get(one.paper_id, ("", LONG_AGO))[1] <= now][:limit]
        for one in free:
            self.desked.leases[one.paper_id] = (worker_id, now + lease)
        return tuple(free)

    def _known(self, person_id: str, event: AuditEvent) -> None:
        self.append_audit(event)
        if not self.person_exists(person_id):
            raise NotFound("person_not_found", person=person_id)
