"""This is the place where the person and the team write to one another: a message, its thread and the letters about it are kept together or not at all.

The same token is the same message, however often it is sent. Words that speak of danger raise the alert first and go out all the same.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.care import alerts, thread_files, thread_hours, thread_letters, thread_templates
from core.care.access import Action, Grant, require
from core.care.medicine_entries import text_within
from core.care.requests import has_team
from core.care.thread_files import Intake
from core.care.thread_papers import (
    Said,
    file_paper,
    kept_thread,
    key_of,
    language_of,
    message_paper,
    said_of,
    side_of,
    thread_of,
    thread_paper,
)
from core.care.thread_views import Draft, Sent
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor, Role
from core.domain.threads import MOST_MESSAGES, PERSON, Head, Thread, Writer, read_to, said, stepped, twice
from core.emergency.matching import flags_in
from core.errors import BadInput, Conflict, HealthboardError, NotFound, NotPermitted
from core.ports import Ports

MOST_TEXT, MOST_SUBJECT, MOST_TOKEN = 4000, 120, 200
MOST_THREADS = 500
TRIES = 6
"""How often it is tried again where somebody else wrote in the same thread at the same moment."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that is ready to be kept: its key, its digest, what it says, its files."""

    key: str
    said: Said
    digest: str
    files: tuple[Intake, ...]

    @property
    def head(self) -> Head:
        return Head(self.key, self.said.writer.side, self.said.writer.account_id, self.said.at, self.digest, self.said.writer.role)


def begin(ports: Ports, actor: Actor, person_id: str, draft: Draft) -> Sent:
    """Begin a thread with its first message. Raises BadInput, FileRefused; Conflict (no_team) where nobody of a team would read it."""
    grant = require(ports, actor, _writing(actor), person_id)
    subject = text_within(draft.subject, "subject", MOST_SUBJECT)
    if not subject:
        raise BadInput("subject_needed", place="subject", need=MOST_SUBJECT)
    thread_id = key_of("t", person_id, actor.account_id, _token(draft))
    message = _made(ports, actor, person_id, thread_id, replace(draft, subject=subject))
    mine = ports.store.papers((person_id,), grant.event("threads"), kinds=(PaperKind.THREAD,))
    there = next((one for one in mine if one.key == thread_id), None) or _same_again(mine, message, subject)
    if there is not None:
        return _again(ports, person_id, grant, there.key, message)
    if len(mine) >= MOST_THREADS:
        raise BadInput("too_many_entries", place="threads", need=MOST_THREADS)
    failed = _alarm(ports, actor, person_id, thread_id, message)
    empty = replace(Thread(subject, message.said.at, message.said.writer), alarm_failed=failed)
    try:
        _put(ports, person_id, grant, (thread_id, None, empty), message)
    except Conflict:
        return _again(ports, person_id, grant, thread_id, message)  # the other of two clicks was faster
    return Sent(thread_id, message.key, message.said.flags, failed)


def reply(ports: Ports, actor: Actor, person_id: str, thread_id: str, draft: Draft) -> Sent:
    """Write on in a thread; a closed one is open again by that. Raises NotFound, BadInput, FileRefused; Conflict (message_kept_already) where the same composer sent
    other words before."""
    grant = require(ports, actor, _writing(actor), person_id)
    _token(draft)
    message = _made(ports, actor, person_id, thread_id, replace(draft, subject=""))
    failed = None
    for left in reversed(range(TRIES)):
        paper, thread = kept_thread(ports.store, person_id, thread_id, grant.event(thread_id))
        same = next((one for one in thread.heads if one.key == message.key), None) or twice(thread, message.head)
        if same is not None:
            return _again(ports, person_id, grant, thread_id, replace(message, key=same.key))
        if len(thread.heads) >= MOST_MESSAGES:
            raise BadInput("thread_full", place="thread", need=MOST_MESSAGES)
        if failed is None:
            failed = _alarm(ports, actor, person_id, thread_id, message)
        try:
            _put(ports, person_id, grant, (thread_id, paper, replace(thread, alarm_failed=failed or thread.alarm_failed)), message)
        except Conflict:
            if not left:
                raise
            continue
        return Sent(thread_id, message.key, message.said.flags, failed)
    raise Conflict("paper_changed")


def begin_from_template(ports: Ports, actor: Actor, person_id: str, template_key: str, token: str) -> Sent:
    """Send one of the team's templates, filled for this person and in their language. Raises NotFound, BadInput (template_unfilled: what isn't known)."""
    require(ports, actor, Action.ANSWER_MESSAGE, person_id)
    found = thread_templates.filled(ports, actor, person_id, template_key)
    return begin(ports, actor, person_id, Draft(token, found.text, found.subject, template=template_key, language=found.language))


def mark_read(ports: Ports, actor: Actor, person_id: str, thread_id: str, number: int) -> int:
    """Write down that this account had everything up to message `number` in front of it; up to which it had. Never goes backwards. Raises NotFound."""
    grant = require(ports, actor, Action.READ_MESSAGES, person_id)
    who, at = writer_of(actor), ports.clock.now()
    after = change(ports, person_id, grant, thread_id, lambda thread: read_to(thread, who, number, at))
    return max((one.number for one in after.reads if one.account_id == who.account_id), default=0)


def take_back(ports: Ports, actor: Actor, person_id: str, thread_id: str, message_id: str) -> None:
    """Mark one's own message as taken back. It stays where it is, for who has read it already. Raises NotFound, NotPermitted."""
    grant = require(ports, actor, _writing(actor), person_id)
    who, at = writer_of(actor), ports.clock.now()

    def marked(thread: Thread) -> Thread:
        head = next((one for one in thread.heads if one.key == message_id), None)
        if head is None:
            raise NotFound("message_not_found", message=message_id)
        if head.account_id != who.account_id:
            raise NotPermitted("not_your_message", action=Action.WRITE_MESSAGE.value)
        return stepped(thread, "taken_back", who, at, message_id)

    change(ports, person_id, grant, thread_id, marked)


# ------------------------------------------------------------------------------------------------------------------ parts


def change(ports: Ports, person_id: str, grant: Grant, thread_id: str, made: Callable[[Thread], Thread]) -> Thread:
    """Change a thread, again where somebody else did at the same moment; nothing is written where nothing changes. Raises NotFound, BadInput, Conflict."""
    for left in reversed(range(TRIES)):
        paper, before = kept_thread(ports.store, person_id, thread_id, grant.event(thread_id))
        after = made(before)
        if after == before:
            return before
        try:
            ports.store.put_papers(person_id, [thread_paper(person_id, thread_id, after, paper)], grant.event(thread_id))
        except Conflict:
            if not left:
                raise
            continue
        return after
    raise Conflict("paper_changed")


def writer_of(actor: Actor) -> Writer:
    return Writer(actor.account_id, actor.display_name, actor.role.value, side_of(actor.role.value))


def _writing(actor: Actor) -> Action:
    """Which right writing takes: the team answers, everybody else writes for the person."""
    return Action.ANSWER_MESSAGE if actor.role in (Role.COORDINATOR, Role.SYSTEM) else Action.WRITE_MESSAGE


def _token(draft: Draft) -> str:
    if not draft.token or len(draft.token) > MOST_TOKEN:
        raise BadInput("bad_input", place="token", need="the composer's token")
    return draft.token


def _made(ports: Ports, actor: Actor, person_id: str, thread_id: str, draft: Draft) -> _Message:
    """Look at everything before anything is kept."""
    text = _clean(draft.text)
    if len(text) > MOST_TEXT:
        raise BadInput("text_too_long", place="text", need=MOST_TEXT)
    if not text and not draft.files and not draft.readings:
        raise BadInput("message_empty", place="text", need="some words, a file or a reading")
    who, at = writer_of(actor), ports.clock.now()
    if who.side == PERSON and not has_team(ports, person_id):
        raise Conflict("no_team", place="team")
    key = key_of("m", person_id, actor.account_id, thread_id, draft.token)
    files = thread_files.taken_in(ports, actor, person_id, key, draft.files)
    readings = thread_files.chosen(ports, actor, person_id, draft.readings)
    flags = tuple(flags_in(f"{draft.subject}\n{text}")) if who.side == PERSON else ()
    language = draft.language or language_of(text, ports.store.preferences(actor.account_id).language or "en")
    kept = Said(who, at, text, language, readings, tuple(ref for ref, _ in files), flags, draft.template)
    whole = "\n".join((text, *(ref.digest for ref, _ in files), *(f"{one.signal} {one.record_id} {one.when}" for one in readings)))
    return _Message(key, kept, hashlib.sha256(whole.encode()).hexdigest()[:32], files)


def _alarm(ports: Ports, actor: Actor, person_id: str, thread_id: str, message: _Message) -> bool:
    """Raise the alert before the message is kept: should this machine stop between the two, somebody knows. Whether that failed; the message goes out all the same."""
    if not message.said.flags:
        return False
    try:
        alerts.raise_flag(ports, actor, person_id, message.said.flags, f"message:{thread_id}")
    except HealthboardError:
        return True
    return False


def _put(ports: Ports, person_id: str, grant: Grant, of: tuple[str, Paper | None, Thread], message: _Message) -> None:
    """Thread, message, files and letters in one transaction. Raises Conflict."""
    thread_id, was, before = of
    promised_by = thread_hours.offices(ports.store, message.said.at).answer_by if message.said.writer.side == PERSON else None
    after = said(before, message.head, promised_by, message.said.flags)
    papers = [
        thread_paper(person_id, thread_id, after, was),
        message_paper(person_id, thread_id, message.key, message.said),
        *(file_paper(person_id, message.key, message.said.at, ref, content) for ref, content in message.files),
    ]
    about = thread_letters.papers(ports.store, person_id, thread_id, before, (message.key, message.said))
    ports.store.put_papers(person_id, papers, grant.event(thread_id), once=about)


def _same_again(mine: tuple[Paper, ...], message: _Message, subject: str) -> Paper | None:
    """A thread that the same hand began with the same words a moment ago (in another tab)."""
    for paper in reversed(mine):
        try:
            thread = thread_of(paper)
        except BadInput:
            continue  # it can't be read; the list says so
        if thread.subject == subject and len(thread.heads) == 1 and twice(thread, message.head) is not None:
            return paper
    return None


def _again(ports: Ports, person_id: str, grant: Grant, thread_id: str, message: _Message) -> Sent:
    """The receipt of a message that is there already. Raises Conflict where that says something else."""
    _, thread = kept_thread(ports.store, person_id, thread_id, grant.event(thread_id))
    head = next((one for one in thread.heads if one.key == message.key), None) or (thread.heads[0] if thread.heads else None)
    if head is None or head.digest != message.digest:
        raise Conflict("message_kept_already", thread=thread_id)
    paper = ports.store.paper(person_id, PaperKind.MESSAGE, head.key, grant.event(head.key))
    flags = said_of(paper).flags if paper is not None else message.said.flags
    return Sent(thread_id, head.key, flags, thread.alarm_failed, again=True)


def _clean(text: str) -> str:
    """The text without marks that nobody sees, its ends without blanks."""
    folded = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        char for char in folded if char in "\n\t\u200c\u200d" or char.isprintable() or unicodedata.category(char) == "Zs"
    )
    return kept.strip()
