"""This is the place where the answers about questionnaires are defined: what is offered, a form being filled in, results over time, whom to call.

Views are frozen and hold no port and no right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.records import SourceMark
from core.questionnaires.answering import State, state
from core.questionnaires.crisis import CrisisLine
from core.questionnaires.scoring import Scored
from core.questionnaires.terms import Answers, Questionnaire


@dataclass(frozen=True, slots=True)
class Filling:
    """A form as somebody fills it in. `started_at` is when it was opened first, `saved_at` when it was last kept (None: not yet). `concern` is the
    highest answer of this form that opened the crisis path, 0 for none."""

    questionnaire: Questionnaire
    started_at: datetime
    response_id: str
    answers: Answers = field(default_factory=dict)
    saved_at: datetime | None = None
    concern: int = 0

    @property
    def state(self) -> State:
        return state(self.questionnaire, self.answers)


@dataclass(frozen=True, slots=True)
class Past:
    """A finished questionnaire of the record: when (FHIR text), its score (None: it has none), what was answered, and where it came from."""

    record_id: str
    when: str
    scored: Scored | None
    answered: State
    sources: tuple[SourceMark, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire with what came of it so far. `draft_at` None: none was begun, or whoever asks may not answer; `from_team`: it came with the
    record."""

    questionnaire: Questionnaire
    last: Past | None = None
    times: int = 0
    draft_at: datetime | None = None
    draft_answered: int = 0
    draft_questions: int = 0
    from_team: bool = False


@dataclass(frozen=True, slots=True)
class ChecksView:
    """The Checks page. `refused` are questionnaires of the record that can't be shown: (record id, reason); `strange` counts answered ones whose
    questions aren't known."""

    revision: int
    made_at: datetime
    offers: tuple[Offer, ...]
    may_answer: bool
    refused: tuple[tuple[str, str], ...] = ()
    strange: int = 0


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What came of one questionnaire over time, the newest first."""

    questionnaire: Questionnaire
    past: tuple[Past, ...]


@dataclass(frozen=True, slots=True)
class CrisisHelp:
    """Whom to call: the line that whoever runs this has set ("" none), and the table. `seen_by_team`: somebody has this person on their list and sees
    the answer when they open the record; nobody is called by it."""

    own_line: str
    lines: tuple[CrisisLine, ...]
    seen_by_team: bool
