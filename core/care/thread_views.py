"""This is the place where the answers about messages are defined: the list of threads, one thread as its reader sees it, what may be sent. Frozen, without rights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.care.thread_papers import ReadingRef, Said
from core.domain.office import OfficeHours
from core.domain.threads import Step, Thread

TOLD, ON_ITS_WAY, NOT_CALLED = "told", "on_its_way", "not_called"
"""Whether the other side was told outside the app: by at least one way; not yet; nobody could be called, so it is seen when the app is opened next."""

FILTERS = ("", "waiting", "mine", "unread", "open", "closed")
"""Which threads are listed: all that are not closed where nothing is chosen."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it was chosen: its name and bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be sent: `token` was made when the composer was shown, `readings` are keys of `thread_files.readings`,
    `language` what it is written in ("": told by its letters)."""

    token: str
    text: str
    subject: str = ""
    files: tuple[Given, ...] = ()
    readings: tuple[str, ...] = ()
    template: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The receipt: which message it is, the signs of danger it speaks of, whether the team's alert about them was raised, and whether it was there already."""

    thread_id: str
    message_id: str
    flags: tuple[str, ...] = ()
    alarm_failed: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread in a list: whose, how many messages its reader has not read, whether the promised time is over, and its paper's damage ("" none)."""

    person_id: str
    person_name: str
    thread_id: str
    thread: Thread
    unread: int = 0
    late: bool = False
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class InboxQuery:
    only: str = ""
    person_id: str = ""
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages nobody of the reader's side has read, and (for the team) how many threads wait for an answer, are late, or are urgent."""

    unread: int = 0
    waiting: int = 0
    late: int = 0
    urgent: int = 0


@dataclass(frozen=True, slots=True)
class Inbox:
    query: InboxQuery
    lines: tuple[ThreadLine, ...]
    found: int
    pages: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message: kept; `told` one of TOLD, ON_ITS_WAY, NOT_CALLED or "" (there is nothing to tell); who of the other side has seen it, when."""

    told: str = ""
    told_at: datetime | None = None
    seen: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message: `foreign` where it is written in another language than its reader's; `fresh` where the reader has not read it yet."""

    message_id: str
    number: int
    said: Said
    mine: bool
    receipt: Receipt | None
    foreign: bool = False
    fresh: bool = False
    taken_back: Step | None = None


@dataclass(frozen=True, slots=True)
class Offices:
    """The team's hours at this moment: None where nobody has set them. `back_at` when somebody is there again (None: now, or nobody knows)."""

    hours: OfficeHours | None = None
    open_now: bool = True
    back_at: datetime | None = None
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThreadView:
    line: ThreadLine
    messages: tuple[MessageView, ...]
    offices: Offices
    has_team: bool
    reachable: bool
    lost: int = 0
    """How many messages can't be read any more."""


@dataclass(frozen=True, slots=True)
class ReadingChoice:
    """A reading that may be attached: its key, and what it says."""

    key: str
    ref: ReadingRef


@dataclass(frozen=True, slots=True)
class Template:
    """A message to be sent again and again: subject and text by language, with places to be filled. `shipped`: it came with the house; `changed`: somebody
    wrote other words."""

    key: str
    subjects: dict[str, str]
    texts: dict[str, str]
    shipped: bool = False
    changed: bool = False
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A template as it would be sent to one person."""

    key: str
    subject: str
    text: str
    language: str
