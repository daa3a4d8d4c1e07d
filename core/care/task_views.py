"""This is the place where the team's tasks are defined as they are kept and as a screen is given them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.domain.papers import Paper

KINDS = ("call", "see", "check_values", "medicine", "result", "send", "other")
"""What a task is, in words of the house: to call, to see somebody, to look at values, at medicines, at a result, to send something."""
OPEN, DOING, DONE, DROPPED, DAMAGED = "open", "doing", "done", "dropped", "damaged"
STILL_OPEN = (OPEN, DOING)
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "start": ((OPEN,), DOING), "pause": ((DOING,), OPEN), "done": (STILL_OPEN, DONE), "drop": (STILL_OPEN, DROPPED),
    "reopen": ((DONE, DROPPED), OPEN), "hand": (STILL_OPEN, ""), "move": (STILL_OPEN, ""),
}  # fmt: skip
"""What can be done with a task: from which states, and to which ("" it stays). Nothing else ends or moves one, least of all time."""
WITH_REASON = frozenset({"drop", "move", "reopen"})
"""What needs a reason in words."""


@dataclass(frozen=True, slots=True)
class NewTask:
    """What is asked for: `kind` one of KINDS, `text` in the team's own words, whose it is ("" nobody's yet), until when, and why (a rule's key or "")."""

    kind: str
    owner: str
    due: datetime
    text: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class TaskStep:
    """Something that was done with it: "made" or one of MOVES, by whom, when; `to` the new owner or the new time, `why` in the team's words."""

    what: str
    at: datetime
    by: str
    name: str
    to: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is kept. State and due time stand on its paper; `told` is how often its owner was written to because it is late."""

    kind: str
    text: str
    owner: str
    because: str = ""
    steps: tuple[TaskStep, ...] = ()
    told: int = 0
    state: str = OPEN
    due: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as a screen shows it. `owner_name` "" and `nobody` where no one of the person's team has it: it has no owner, or the owner's account is closed or
    left the panel (`left` says who). `late`: its time is over and it is not done. State "damaged": it can't be read, and is there all the same."""

    task_id: str
    person_id: str
    person_name: str
    task: Task
    owner_name: str = ""
    nobody: bool = False
    left: str = ""
    late: bool = False
    paper: Paper | None = None
