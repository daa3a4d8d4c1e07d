"""This is the place where it is kept what people asked of their care team, and the calendar addresses their telephones read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.doses import Feed, Request
from core.errors import Conflict, NotFound
from core.store.codec import pack, unpack
from core.store.instants import from_micros, maybe_from_micros, to_micros
from core.store.sealing import Box, new_id
from core.store.tables import feeds, requests
from core.store.vault import Vault

OPEN = "requested"


class RequestStore:
    """The store's methods about requests and calendar addresses."""

    _vault: Vault

    def add_request(self, request: Request, event: AuditEvent) -> Request:
        person_id = request.person_id
        mark = self._vault.keys.mark("request", person_id, request.kind, request.about)
        mine = (requests.c.person_id == person_id, requests.c.about_mark == mark, requests.c.state == OPEN)
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            row = connection.execute(select(requests).where(*mine)).first()
            if row is not None:
                return open_request(box, row)
            made = replace(request, request_id=new_id())
            kept = {"request_id": made.request_id, "person_id": person_id, "about_mark": mark, "state": made.state, "asked_at": to_micros(made.asked_at)}
            connection.execute(insert(requests), {**kept, "sealed_request": _sealed(box, made)})
            self._vault.bump(connection, person_id)
        return made

    def requests(self, person_ids: Sequence[str], event: AuditEvent, *, open_only: bool = False) -> tuple[Request, ...]:
        found: list[Request] = []
        with self._vault.reading(event, tuple(person_ids)) as connection:
            for start in range(0, len(person_ids), 400):
                query = select(requests).where(requests.c.person_id.in_(person_ids[start : start + 400]))
                for row in connection.execute(query.where(requests.c.state == OPEN) if open_only else query).all():
                    found.append(open_request(self._vault.box_of(connection, row.person_id), row))
        return tuple(sorted(found, key=lambda one: (one.asked_at, one.request_id), reverse=True))

    def change_request(self, request: Request, event: AuditEvent) -> Request:
        mine = (requests.c.person_id == request.person_id, requests.c.request_id == request.request_id)
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, request.person_id)
            row = connection.execute(select(requests).where(*mine)).first()
            if row is None:
                raise NotFound("request_not_found", request=request.request_id)
            if row.state != OPEN:
                raise Conflict("request_decided", request=request.request_id)
            connection.execute(update(requests).where(*mine).values(state=request.state, sealed_request=_sealed(box, request)))
            self._vault.bump(connection, request.person_id)
        return request

    def add_feed(self, feed: Feed, digest: str, event: AuditEvent) -> Feed:
        made = replace(feed, feed_id=new_id())
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, feed.person_id)
            row = {
                "feed_id": made.feed_id, "person_id": made.person_id, "feed_mark": self._feed_mark(digest),
                "created_at": to_micros(made.created_at), "seen_at": None, "revoked_at": None,
                "sealed_feed": box.seal(pack(made), "feeds", made.person_id, made.feed_id, "feed"),
            }  # fmt: skip
            connection.execute(insert(feeds), row)
            self._vault.bump(connection, feed.person_id)
        return made

    def feeds(self, person_id: str, event: AuditEvent) -> tuple[Feed, ...]:
        query = select(feeds).where(feeds.c.person_id == person_id).order_by(feeds.c.created_at, feeds.c.feed_id)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            return tuple(_feed(box, row) for row in connection.execute(query).all())

    def feed_of(self, digest: str) -> Feed | None:
        with self._vault.looking() as connection:
            row = connection.execute(select(feeds).where(feeds.c.feed_mark == self._feed_mark(digest), feeds.c.revoked_at.is_(None))).first()
            return None if row is None else _feed(self._vault.box_of(connection, row.person_id), row)

    def revoke_feed(self, person_id: str, feed_id: str, event: AuditEvent) -> None:
        mine = (feeds.c.person_id == person_id, feeds.c.feed_id == feed_id, feeds.c.revoked_at.is_(None))
        with self._vault.writing(event) as connection:
            self._vault.box_to_change(connection, person_id)
            if not connection.execute(update(feeds).where(*mine).values(revoked_at=to_micros(event.at))).rowcount:
                raise NotFound("feed_not_found", feed=feed_id)
            self._vault.bump(connection, person_id)

    def touch_feed(self, feed_id: str, at: datetime) -> None:
        with self._vault.looking_after() as connection:
            connection.execute(update(feeds).where(feeds.c.feed_id == feed_id).values(seen_at=to_micros(at)))

    def _feed_mark(self, digest: str) -> bytes:
        return self._vault.keys.mark("calendar", digest)


def open_request(box: Box, row: Row) -> Request:
    """What was asked, and how it stands. Raises StoreDamaged."""
    return unpack(Request, box.open(row.sealed_request, "requests", row.person_id, row.request_id, "request"))


def open_feed(box: Box, row: Row) -> Feed:
    """What a calendar address is. Raises StoreDamaged."""
    return unpack(Feed, box.open(row.sealed_feed, "feeds", row.person_id, row.feed_id, "feed"))


def _feed(box: Box, row: Row) -> Feed:
    seen_at, revoked_at = maybe_from_micros(row.seen_at), maybe_from_micros(row.revoked_at)
    return replace(open_feed(box, row), created_at=from_micros(row.created_at), seen_at=seen_at, revoked_at=revoked_at)


def _sealed(box: Box, request: Request) -> bytes:
    return box.seal(pack(request), "requests", request.person_id, request.request_id, "request")
