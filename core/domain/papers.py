"""This is the place where it is defined what the care team's papers are: desks of alerts, letters that go out, tasks, visits, threads and their messages.

A paper is a sealed text of one kind about one person. The store knows when it is due, how it stands and who works on it; what it says is the use case's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaperKind(StrEnum):
    """What a paper is. The code is a column in the open."""

    DESK = "desk"  # all open alerts of a person and the snoozes; one for each person, key "desk"
    ALERT = "alert"  # an alert that has ended
    LETTER = "letter"  # a message to one recipient through one channel, written down before it goes out
    TASK = "task"
    VISIT = "visit"
    THREAD = "thread"  # a conversation between a person and the team: its parties, and how far each has read
    MESSAGE = "message"  # one message of a thread (`parent`)
    FILE = "file"  # what is attached to a message (`parent`)


LARGEST_PAPER = 12_000_000
"""Bytes of one body."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `key` is its name among the person's papers of its kind; `parent` the key of what it belongs to ("" nothing); `at` its own time (raised,
    written, due); `next_at` when a worker has to look at it (None: never); `edition` how often it was written: 0 has not been kept yet. `revision`: which
    revision of the person it has taken into account (watched kinds only)."""

    person_id: str
    kind: PaperKind
    key: str
    state: str
    at: datetime
    body: bytes
    next_at: datetime | None = None
    parent: str = ""
    edition: int = 0
    revision: int = 0
    paper_id: str = ""
