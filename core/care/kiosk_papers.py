"""This is the place where the house keeps what it knows of its kiosks: sealed documents, each read whole, changed by one hand at a time, and said to be damaged where
it can't be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from core.domain.audit import AuditEvent
from core.errors import BadInput, Conflict
from core.ports import Store

TRIES = 30
"""How often a change is made again where somebody else was faster: many kiosks write at the same moment."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """One document: its name in the store, and what it is when nobody has written it yet."""

    name: str
    empty: T


def load(store: Store, of: Document[T]) -> T:
    """What it says. Raises BadInput (document_damaged)."""
    return _read(of, store.house_document(of.name))


def change(store: Store, of: Document[T], event: AuditEvent, changed: Callable[[T], T]) -> T:
    """Change it, again from what is there now where somebody was faster; answers what is kept. Nothing is written where nothing changed.
    Raises BadInput (document_damaged), Conflict where others were faster every time."""
    for _ in range(TRIES - 1):
        try:
            return _changed(store, of, event, changed)
        except Conflict as error:
            if error.code != "document_changed":
                raise
    return _changed(store, of, event, changed)


def start_over(store: Store, of: Document[T], event: AuditEvent) -> None:
    """Empty it, whatever it holds: the way on from a damaged one."""
    store.put_house_document(of.name, b"", event)


def _changed(store: Store, of: Document[T], event: AuditEvent, changed: Callable[[T], T]) -> T:
    raw = store.house_document(of.name)
    before = _read(of, raw)
    after = changed(before)
    if after != before:
        store.put_house_document(of.name, msgspec.json.encode(after), event, was=raw)
    return after


def _read(of: Document[T], raw: bytes) -> T:
    if not raw:
        return of.empty
    try:
        return msgspec.json.decode(raw, type=type(of.empty))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadInput("document_damaged", place=of.name, need="start over, or restore a backup") from None
