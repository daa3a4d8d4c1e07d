"""This is the place where the care team's papers are kept, claimed by one worker at a time, and written together or not at all."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, Select, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.domain.audit import AuditEvent
from core.domain.papers import LARGEST_PAPER, Paper, PaperKind
from core.errors import BadInput, Conflict, StoreDamaged
from core.store.codec import KeptPaper, pack, unpack
from core.store.engine import is_postgres, upsert
from core.store.instants import from_micros, maybe_from_micros, to_micros
from core.store.keys import Keyring
from core.store.sealing import Box, new_id
from core.store.tables import house_documents, papers, persons
from core.store.vault import Vault

LOG = logging.getLogger("healthboard.store")
_MANY = 400
_FREE = {"lease_until": 0, "leased_by": ""}


class PaperStore:
    """The store's methods about papers and documents of the house."""

    _vault: Vault

    def papers(
        self,
        person_ids: Sequence[str],
        event: AuditEvent,
        *,
        kinds: Sequence[PaperKind],
        states: Sequence[str] = (),
        parent: str | None = None,
    ) -> tuple[Paper, ...]:
        found: list[Paper] = []
        with self._vault.reading(event, tuple(person_ids)) as connection:
            for start in range(0, len(person_ids), _MANY):
                some = person_ids[start : start + _MANY]
                query = select(papers).where(papers.c.kind.in_([kind.value for kind in kinds]), papers.c.person_id.in_(some))
                if states:
                    query = query.where(papers.c.state.in_(states))
                if parent is not None:
                    query = query.where(
                        papers.c.parent_mark.in_([_parent_mark(self._vault, person_id, parent) for person_id in some])
                    )
                boxes: dict[str, Box] = {}
                for row in connection.execute(query).all():
                    box = boxes.get(row.person_id) or boxes.setdefault(row.person_id, self._vault.box_of(connection, row.person_id))
                    found.append(open_paper(box, row))
        return tuple(sorted(found, key=lambda one: (one.at, one.person_id, one.key)))

    def paper(self, person_id: str, kind: PaperKind, key: str, event: AuditEvent) -> Paper | None:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            row = _row(self._vault, connection, (person_id, kind, key))
            return None if row is None else open_paper(box, row)

    def put_papers(
        self, person_id: str, papers: Sequence[Paper], event: AuditEvent, *, once: Sequence[Paper] = ()
    ) -> tuple[Paper, ...]:
        _small_enough((*papers, *once))
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            kept = tuple(_put(self._vault, connection, box, replace(one, person_id=person_id)) for one in papers)
            _put_once(self._vault, connection, box, (replace(one, person_id=person_id) for one in once))
            self._vault.bump(connection, person_id)
        return kept

    def claim_papers(self, kind: PaperKind, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Paper, ...]:
        due = select(papers.c.paper_id).where(papers.c.kind == kind.value, papers.c.next_at <= to_micros(now))
        with self._vault.looking_after() as connection:
            return self._claimed(connection, due.order_by(papers.c.next_at).limit(limit), (worker_id, now, lease))

    def claim_watched(self, kind: PaperKind, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Paper, ...]:
        mine = (papers.c.person_id == persons.c.person_id, papers.c.kind == kind.value)
        without = select(persons.c.person_id).where(~exists(select(papers.c.paper_id).where(*mine))).limit(limit)
        due = select(papers.c.paper_id).join(persons, papers.c.person_id == persons.c.person_id).where(papers.c.kind == kind.value)
        due = due.where(or_(papers.c.next_at <= to_micros(now), papers.c.revision < persons.c.revision)).order_by(papers.c.at)
        with self._vault.looking_after() as connection:
            for person_id in connection.execute(without).scalars().all():
                self._begin_watched(connection, (person_id, kind), now)
            claimed = self._claimed(connection, due.limit(limit), (worker_id, now, lease))
            return tuple(replace(one, revision=_revision(connection, one.person_id)) for one in claimed)

    def settle_papers(
        self, worker_id: str, paper: Paper, at: datetime, *, more: Sequence[Paper] = (), keep_lease: bool = False
    ) -> bool:
        _small_enough((paper, *more))
        with self._vault.writing(None) as connection:
            box = self._vault.box_to_change(connection, paper.person_id)
            held = select(papers.c.edition).where(papers.c.paper_id == paper.paper_id, papers.c.leased_by == worker_id)
            edition = connection.execute(held.with_for_update()).scalar()
            if edition is None:
                return False
            before = _revision(connection, paper.person_id)
            self._vault.bump(connection, paper.person_id)
            written = replace(paper, edition=edition + 1, revision=before + 1 if paper.revision == before else paper.revision)
            values = _values(self._vault, box, written) | ({} if keep_lease else _FREE)
            connection.execute(update(papers).where(papers.c.paper_id == paper.paper_id).values(**values))
            _put_once(self._vault, connection, box, (replace(one, person_id=paper.person_id) for one in more))
        return True

    def house_document(self, name: str) -> bytes:
        with self._vault.looking() as connection:
            row = connection.execute(select(house_documents).where(house_documents.c.name == name)).first()
            return b"" if row is None else open_document(self._vault.keys, row)

    def put_house_document(self, name: str, body: bytes, event: AuditEvent, *, was: bytes | None = None) -> None:
        if not name or len(name) > 64 or len(body) > LARGEST_PAPER:
            raise BadInput("bad_input", place="document", need=LARGEST_PAPER)
        sealed = self._vault.keys.system.seal(body, "house_documents", "", name, "document")
        values = {"at": to_micros(event.at), "sealed_document": sealed}
        with self._vault.writing(event) as connection:
            query = select(house_documents).where(house_documents.c.name == name).with_for_update()
            row = connection.execute(query).first()
            held = b"" if row is None else open_document(self._vault.keys, row)
            if was is not None and was != held:
                raise Conflict("document_changed", place=name)
            if row is None and was is not None:
                _insert(connection, name, values)
            else:
                upsert(connection, house_documents, {"name": name, **values}, values)

    def _begin_watched(self, connection: Connection, of: tuple[str, PaperKind], now: datetime) -> None:
        person_id, kind = of
        box = self._vault.box_to_change(connection, person_id)
        if _row(self._vault, connection, (person_id, kind, kind.value)) is None:
            _put(self._vault, connection, box, Paper(person_id, kind, kind.value, "new", now, b"", now))

    def _claimed(self, connection: Connection, due: Select[str], of: tuple[str, datetime, timedelta]) -> tuple[Paper, ...]:
        worker_id, now, lease = of
        free = due.where(papers.c.lease_until <= to_micros(now))
        chosen = free.with_for_update(skip_locked=True, of=papers) if is_postgres(connection) else free
        claim = update(papers).where(papers.c.paper_id.in_(chosen.scalar_subquery()))
        rows = connection.execute(claim.values(lease_until=to_micros(now + lease), leased_by=worker_id).returning(papers)).all()
        found: list[Paper] = []
        for row in sorted(rows, key=lambda one: (one.next_at or 0, one.paper_id)):
            try:
                found.append(open_paper(self._vault.box_of(connection, row.person_id), row))
            except StoreDamaged:  # stays leased, and stops nobody else's
                LOG.error("The %s %s can't be read (healthboard verify says more)", row.kind, row.paper_id)  # noqa: TRY400
        return tuple(found)


def open_paper(box: Box, row: Row) -> Paper:
    """A paper as it stands. Raises StoreDamaged."""
    kept = unpack(KeptPaper, box.open(row.sealed_paper, "papers", row.person_id, row.paper_id, row.kind))
    return Paper(
        row.person_id, PaperKind(row.kind), kept.key, row.state, from_micros(row.at), kept.body, maybe_from_micros(row.next_at), kept.parent, row.edition,
        row.revision, row.paper_id,
    )  # fmt: skip


def open_document(keys: Keyring, row: Row) -> bytes:
    """Raises StoreDamaged: a document that somebody else wrote is none."""
    return keys.system.open(row.sealed_document, "house_documents", "", row.name, "document")


def _insert(connection: Connection, name: str, values: dict[str, object]) -> None:
    """Of two who write the first one, one hears of the other."""
    try:
        connection.execute(insert(house_documents), {"name": name, **values})
    except IntegrityError as error:
        raise Conflict("document_changed", place=name) from error


def _put(vault: Vault, connection: Connection, box: Box, paper: Paper) -> Paper:
    row = _row(vault, connection, (paper.person_id, paper.kind, paper.key))
    if (0 if row is None else row.edition) != paper.edition:
        raise Conflict("paper_changed", place=paper.kind.value)
    kept = replace(paper, edition=paper.edition + 1, paper_id=new_id() if row is None else row.paper_id)
    values = _values(vault, box, kept) | _FREE
    if row is None:
        mark = _mark(vault, (kept.person_id, kept.kind, kept.key))
        known = {"paper_id": kept.paper_id, "person_id": kept.person_id, "kind": kept.kind.value, "paper_mark": mark}
        connection.execute(insert(papers), {**known, **values})
    else:
        connection.execute(update(papers).where(papers.c.paper_id == kept.paper_id).values(**values))
    return kept


def _put_once(vault: Vault, connection: Connection, box: Box, more: Iterable[Paper]) -> None:
    for one in more:
        if _row(vault, connection, (one.person_id, one.kind, one.key)) is None:
            _put(vault, connection, box, replace(one, edition=0))


def _values(vault: Vault, box: Box, paper: Paper) -> dict[str, object]:
    sealed = box.seal(
        pack(KeptPaper(paper.key, paper.parent, paper.body)), "papers", paper.person_id, paper.paper_id, paper.kind.value
    )
    return {
        "parent_mark": _parent_mark(vault, paper.person_id, paper.parent), "state": paper.state, "at": to_micros(paper.at),
        "next_at": None if paper.next_at is None else to_micros(paper.next_at), "edition": paper.edition, "revision": paper.revision,
        "sealed_paper": sealed,
    }  # fmt: skip


def _row(vault: Vault, connection: Connection, of: tuple[str, PaperKind, str]) -> Row | None:
    return connection.execute(select(papers).where(papers.c.person_id == of[0], papers.c.paper_mark == _mark(vault, of))).first()


def _revision(connection: Connection, person_id: str) -> int:
    return connection.execute(select(persons.c.revision).where(persons.c.person_id == person_id)).scalar() or 0


def _mark(vault: Vault, of: tuple[str, PaperKind, str]) -> bytes:
    return vault.keys.mark("paper", of[0], of[1].value, of[2])


def _parent_mark(vault: Vault, person_id: str, parent: str) -> bytes:
    return vault.keys.mark("paper parent", person_id, parent)


def _small_enough(some: Iterable[Paper]) -> None:
    for one in some:
        if len(one.body) > LARGEST_PAPER:
            raise BadInput("file_too_large", place=one.kind.value, need=LARGEST_PAPER)
