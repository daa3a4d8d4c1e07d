"""This is the place where what is attached to a message is taken in: photos as clean pixels, documents by what they are and not by their name, readings as a
reference to the record; and where it is handed out again, as a download only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from core.care import check_asking, today
from core.care.access import Action, require
from core.care.desk_views import Download
from core.care.thread_papers import DOCUMENT, PHOTO, FileRef, ReadingRef, file_of, key_of
from core.care.thread_views import Given, ReadingChoice
from core.care.views import NewestReading
from core.domain.papers import PaperKind
from core.domain.people import Actor
from core.errors import BadInput, FileRefused, NotFound
from core.ports import Ports

MOST_FILES = 4
MOST_READINGS = 6
MOST_BYTES = 8_000_000
MOST_TEXT_BYTES = 1_000_000
MOST_NAME = 100
_PHOTO_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
_SUFFIX = {"image/jpeg": ".jpg", "application/pdf": ".pdf", "text/plain": ".txt"}
_NEED = "a photo (JPEG, PNG, WEBP), a PDF or a plain text"
Intake = tuple[FileRef, bytes]


def taken_in(ports: Ports, actor: Actor, person_id: str, message_id: str, given: Sequence[Given]) -> tuple[Intake, ...]:
    """The files as they may be kept with a message. Nothing is kept by that. Raises FileRefused, BadInput, ModelUnavailable (no photo can be taken in)."""
    require(ports, actor, Action.READ_MESSAGES, person_id)
    if len(given) > MOST_FILES:
        raise BadInput("too_many_files", place="files", need=MOST_FILES)
    return tuple(_one(ports, person_id, message_id, number, file) for number, file in enumerate(given))


def readings(ports: Ports, actor: Actor, person_id: str) -> tuple[ReadingChoice, ...]:
    """The person's newest readings, as they may be attached."""
    require(ports, actor, Action.READ_MESSAGES, person_id)
    return tuple(ReadingChoice(one.signal, _reference(one)) for one in today.view(ports, actor, person_id).readings)


def chosen(ports: Ports, actor: Actor, person_id: str, keys: Sequence[str]) -> tuple[ReadingRef, ...]:
    """Those with these keys, as the record has them now. Raises BadInput for one that there isn't."""
    require(ports, actor, Action.READ_MESSAGES, person_id)
    if not keys:
        return ()
    if len(keys) > MOST_READINGS:
        raise BadInput("too_many_entries", place="readings", need=MOST_READINGS)
    known = {one.key: one.ref for one in readings(ports, actor, person_id)}
    if any(key not in known for key in keys):
        raise BadInput("reading_gone", place="readings", need="a reading of the record")
    return tuple(known[key] for key in dict.fromkeys(keys))


def opened(ports: Ports, actor: Actor, person_id: str, file_id: str) -> Download:
    """An attached file, to be saved. Raises NotFound, BadInput (paper_damaged)."""
    grant = require(ports, actor, Action.READ_MESSAGES, person_id)
    paper = ports.store.paper(person_id, PaperKind.FILE, file_id, grant.event(file_id))
    if paper is None:
        raise NotFound("file_not_found", file=file_id)
    ref, content = file_of(paper)
    return Download(ref.name, ref.media_type, content)


def _one(ports: Ports, person_id: str, message_id: str, number: int, given: Given) -> Intake:
    content = given.content
    if not content:
        raise FileRefused("file_empty", place="file", need=_NEED)
    if content.startswith(_PHOTO_STARTS) or content[4:8] == b"ftyp":
        content = check_asking.models(ports).photo(content).content
        kind, media = PHOTO, "image/jpeg"
    else:
        kind, media = DOCUMENT, _document(content)
    if len(content) > MOST_BYTES:
        raise FileRefused("attachment_too_large", place="file", need=f"{MOST_BYTES // 1_000_000} MB")
    digest = hashlib.sha256(content).hexdigest()
    ref = FileRef(key_of("f", person_id, message_id, str(number)), _name(given.name, media), kind, media, len(content), digest)
    return ref, content


def _document(content: bytes) -> str:
    """What it is, told by its bytes. Raises FileRefused."""
    pdf = content.startswith(b"%PDF-")
    if pdf and b"%%EOF" in content[-2048:]:
        return "application/pdf"
    if not pdf and len(content) <= MOST_TEXT_BYTES and _plain(content):
        return "text/plain"
    raise FileRefused("attachment_kind", place="file", need=_NEED)


def _plain(content: bytes) -> bool:
    """Whether it is a text: UTF-8 without anything that no text holds."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\n\r\t\f\u200b\u200c\u200d\ufeff\xa0\u3000" or char.isspace() for char in text)


def _name(name: str, media: str) -> str:
    """The name without folders and marks, with the ending of what the file is."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(" .")
    stem = clean.rsplit(".", 1)[0] if "." in clean else clean
    return (stem[:MOST_NAME].strip() or "file") + _SUFFIX[media]


def _reference(one: NewestReading) -> ReadingRef:
    values = tuple((value.signal, value.number, value.unit) for value in one.values)
    return ReadingRef(one.signal, one.record_id, values, one.when)
