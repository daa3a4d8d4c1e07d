"""This is the place where messages become records to take away: one FHIR R4 Communication each, with what was attached."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from core.care.access import Grant
from core.care.questionnaire_records import subject_of
from core.care.thread_papers import FileRef, ReadingRef, Said, file_of, said_of, thread_of
from core.domain.papers import Paper, PaperKind
from core.domain.people import Role
from core.domain.records import Original
from core.domain.signals import SIGNALS
from core.domain.threads import PERSON, Head, Thread, seen_by
from core.errors import BadInput
from core.ports import Ports

KIND = "Communication"
THREADS = "urn:healthboard:thread"
LANGUAGES: Mapping[str, str] = {"zh_Hans": "zh-Hans", "en": "en"}


def communications(ports: Ports, person_id: str, grant: Grant, known: Collection[str] = ()) -> tuple[Original, ...]:
    """Every message of the person's threads, but those that are in the record under that name already (`known`: an earlier export that was brought in again)."""
    papers = ports.store.papers((person_id,), grant.event("threads"), kinds=(PaperKind.THREAD, PaperKind.MESSAGE, PaperKind.FILE))
    threads = {one.key: _readable(one) for one in papers if one.kind is PaperKind.THREAD}
    files = {one.key: one for one in papers if one.kind is PaperKind.FILE}
    if not threads:
        return ()
    subject = subject_of(ports, person_id, grant)
    found = []
    for paper in papers:
        thread = threads.get(paper.parent) if paper.kind is PaperKind.MESSAGE else None
        name = f"{KIND}/{paper.key}"
        if thread is None or name in known:
            continue
        try:
            said = said_of(paper)
        except BadInput:
            continue  # it can't be read, and an export makes nothing up in its place
        made = communication((paper.key, said), (paper.parent, thread), subject, files)
        found.append(Original(paper.key, json.dumps(made, ensure_ascii=False).encode(), "", name))
    return tuple(found)


def communication(of: tuple[str, Said], within: tuple[str, Thread], subject: str, files: Mapping[str, Paper]) -> dict[str, Any]:
    """The resource. `subject` is the reference to the person's own record ("" none); `files` the papers of what is attached, by key."""
    (key, said), (thread_id, thread) = of, within
    head, number = _head(thread, key)
    back = key in thread.taken_back
    person = {"reference": subject} if subject else {"display": "the person this record is about"}
    made: dict[str, Any] = {
        "resourceType": KIND,
        "id": key,
        "identifier": [{"system": THREADS, "value": thread_id}],
        "status": "entered-in-error" if back else "completed",
        "priority": "urgent" if said.flags else "routine",
        "subject": person,
        "topic": {"text": thread.subject},
        "sent": _instant(said.at),
        "sender": person if said.writer.role == Role.PATIENT.value else {"display": _sender(said)},
        "recipient": [{"display": "care team"} if said.writer.side == PERSON else person],
        "payload": [*_text(said), *(_reading(one) for one in said.readings), *(_file(one, files) for one in said.files)],
    }
    if said.language in LANGUAGES:
        made["language"] = LANGUAGES[said.language]
    seen = seen_by(thread, number) if head is not None else ()
    if seen:
        made["received"] = _instant(min(one.at for one in seen))
    if number > 1:
        made["inResponseTo"] = [{"reference": f"{KIND}/{thread.heads[number - 2].key}"}]
    return made


def _sender(said: Said) -> str:
    return (said.writer.name if said.writer.role != Role.SYSTEM.value else "") or "care team"


def _head(thread: Thread, key: str) -> tuple[Head | None, int]:
    return next(((one, number) for number, one in enumerate(thread.heads, start=1) if one.key == key), (None, 0))


def _text(said: Said) -> list[dict[str, Any]]:
    return [{"contentString": said.text}] if said.text else []


def _reading(one: ReadingRef) -> dict[str, Any]:
    """A reference in words and codes: the record holds the reading itself."""
    said = "; ".join(
        f"{_named(signal)} {'' if number is None else f'{number:g}'} {unit}".strip() for signal, number, unit in one.values
    )
    return {"contentReference": {"type": "Observation", "display": f"{said} ({one.when})"}}


def _named(signal: str) -> str:
    row = SIGNALS.get(signal)
    return row.key if row is not None else signal


def _file(ref: FileRef, files: Mapping[str, Paper]) -> dict[str, Any]:
    attached: dict[str, Any] = {"contentType": ref.media_type, "title": ref.name, "size": ref.size}
    paper = files.get(ref.key)
    if paper is not None:
        with suppress(BadInput):  # its name and size stand there all the same
            attached["data"] = b64encode(file_of(paper)[1]).decode()
    return {"contentAttachment": attached}


def _readable(paper: Paper) -> Thread | None:
    try:
        return thread_of(paper)
    except BadInput:
        return None


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
