"""This is the place where threads, messages and what is attached to them become papers, and are read again: what can't be read is said to be damaged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import msgspec

from core.domain.audit import AuditEvent
from core.domain.papers import Paper, PaperKind
from core.domain.threads import PERSON, Thread, Writer
from core.errors import BadInput, NotFound
from core.ports import Store

T = TypeVar("T")
PHOTO, DOCUMENT = "photo", "document"


@dataclass(frozen=True, slots=True)
class ReadingRef:
    """A reading of the record that somebody points at: which (`signal`, `record_id`), what it said then, in which units, and from when it is."""

    signal: str
    record_id: str
    values: tuple[tuple[str, float | None, str], ...]
    when: str


@dataclass(frozen=True, slots=True)
class FileRef:
    """What is attached: the key of its paper, its name, what it is (PHOTO or DOCUMENT), its media type, bytes and SHA-256."""

    key: str
    name: str
    kind: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it is kept. `language` is what it is written in ("" not known), `flags` the signs of danger it speaks of."""

    writer: Writer
    at: datetime
    text: str
    language: str = ""
    readings: tuple[ReadingRef, ...] = ()
    files: tuple[FileRef, ...] = ()
    flags: tuple[str, ...] = ()
    template: str = ""
    version: int = 1


def key_of(kind: str, person_id: str, *parts: str) -> str:
    """The key that a token makes: the same token is the same thread, message or file."""
    return kind + hashlib.sha256("\n".join((person_id, *parts)).encode()).hexdigest()[:24]


def thread_paper(person_id: str, key: str, thread: Thread, was: Paper | None = None) -> Paper:
    """A thread as it is kept, in the place of the edition it was read from."""
    edition = was.edition if was is not None else 0
    return Paper(person_id, PaperKind.THREAD, key, thread.state, thread.last_at, msgspec.json.encode(thread), edition=edition)


def message_paper(person_id: str, thread_id: str, key: str, said: Said) -> Paper:
    return Paper(person_id, PaperKind.MESSAGE, key, "kept", said.at, msgspec.json.encode(said), parent=thread_id)


def file_paper(person_id: str, message_id: str, at: datetime, ref: FileRef, content: bytes) -> Paper:
    """A file with its own description in front: a line of JSON, then the bytes as they are."""
    return Paper(person_id, PaperKind.FILE, ref.key, "kept", at, msgspec.json.encode(ref) + b"\n" + content, parent=message_id)


def thread_of(paper: Paper) -> Thread:
    """Raises BadInput (paper_damaged)."""
    return replace(_read(paper.body, Thread, "thread"), state=paper.state)


def said_of(paper: Paper) -> Said:
    """Raises BadInput (paper_damaged)."""
    return _read(paper.body, Said, "message")


def file_of(paper: Paper) -> tuple[FileRef, bytes]:
    """Raises BadInput (paper_damaged): also where the bytes are not those that were kept."""
    head, found, content = paper.body.partition(b"\n")
    ref = _read(head, FileRef, "file")
    if not found or hashlib.sha256(content).hexdigest() != ref.digest:
        raise BadInput("paper_damaged", place="file")
    return ref, content


def kept_thread(store: Store, person_id: str, thread_id: str, event: AuditEvent) -> tuple[Paper, Thread]:
    """Raises NotFound, BadInput (paper_damaged)."""
    paper = store.paper(person_id, PaperKind.THREAD, thread_id, event)
    if paper is None:
        raise NotFound("thread_not_found", thread=thread_id)
    return paper, thread_of(paper)


def messages_of(store: Store, person_id: str, thread_id: str, event: AuditEvent) -> dict[str, Said]:
    """The messages of a thread by key. Raises BadInput (paper_damaged)."""
    found = store.papers((person_id,), event, kinds=(PaperKind.MESSAGE,), parent=thread_id)
    return {one.key: said_of(one) for one in found}


def language_of(text: str, own: str) -> str:
    """What a text is written in, as far as its letters tell: Chinese characters are Chinese; Latin ones what the writer reads (where that is written in Latin
    letters), else nobody knows."""
    han = sum("一" <= char <= "鿿" for char in text)
    letters = sum(char.isalpha() for char in text)
    if not letters:
        return own
    if han * 3 >= letters:
        return "zh_Hans"
    latin = sum(char.isascii() and char.isalpha() for char in text)
    return own if own and not own.startswith("zh") and latin * 2 >= letters else ""


def side_of(role: str) -> str:
    return PERSON if role in ("patient", "caregiver") else "team"


def _read(body: bytes, kind: type[T], place: str) -> T:
    try:
        found = msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput("paper_damaged", place=place) from None
    if getattr(found, "version", 1) != 1:
        raise BadInput("paper_damaged", place=place)
    return found
