"""This is the place where it is defined what a page or a command is given of alerts: what was found, who was told when and by what way, and what comes next.

Every code has words: `alert.rule.<rule>` what it is, `alert.evidence.<kind>` what was measured, `alert.state.<state>`, `alert.entry.<kind>`, `alert.why.<code>` a line of the
timeline, `alert.to.<audience>`, `letter.state.<state>`, `letter.sending.<state>`, `channel.<kind>`. Values are in the reader's unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.care.letters import Sending
from core.care.views import Fact


@dataclass(frozen=True, slots=True)
class Told:
    """What became of telling an audience: the letter's state ("waiting" until somebody was tried, "sent", "in_app": only who signs in sees it, "nobody", "given_up",
    "not_needed", "damaged"), why, and every delivery: to whom, by what, when, how often, whether it may have come twice."""

    state: str
    why: str = ""
    urgent: bool = False
    sendings: tuple[Sending, ...] = ()

    @property
    def reached(self) -> bool:
        return self.state == "sent"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the timeline. `why` is a code where `alert.why.<why>` has words, else somebody's own. `told`: for lines by which somebody was told (None: not asked for)."""

    at: datetime
    kind: str
    state: str
    severity: int
    who: str = ""
    why: str = ""
    to: str = ""
    value: float | None = None
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a rule said about one value: `says` its words with the facts; `kind` of the rule; when it was measured; where the rule's number is from, and how well
    that was checked ("from_memory" is not told to a patient as a fact)."""

    rule: str
    kind: str
    says: Fact
    at: datetime
    severity: int
    confirmed: bool
    source: str
    year: int
    status: str


@dataclass(frozen=True, slots=True)
class Next:
    """What time alone does next, and when: "notified" or "escalated" (`to` whom), "lapsed", "released", "expired", "worsened"."""

    at: datetime
    kind: str
    to: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert. `title` says what it is about; `worst` in `unit` (None: it is about no value); `taken_by` "" while nobody has it; `unreached`: audiences that were to be
    told and could not be called; `seen` (who, when) of the person and who helps them; `may`: of "see", "acknowledge", "act", "resolve", "snooze"."""

    person_id: str
    name: str
    alert_id: str
    family: str
    title: Fact
    direction: str
    signal: str
    unit: str
    decimals: int
    state: str
    severity: int
    raised_at: datetime
    measured_at: datetime | None
    worst: float | None
    taken_by: str
    taken_at: datetime | None
    held_until: datetime | None
    waiting_until: datetime | None
    next: Next | None
    evidence: tuple[Shown, ...]
    timeline: tuple[Line, ...]
    seen: tuple[tuple[str, datetime], ...]
    unreached: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MuteView:
    """A snooze that holds: it never holds back what is ACT_NOW, the other direction, or what got worse by a step."""

    direction: str
    signal: str
    until: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class AlertsView:
    """A person's open alerts, the most severe first. `damaged`: the desk can't be read, and nothing is raised until it can; `broken`: what the last look could not
    read (`alert.broken.<part>`); `looked_at` None: nobody has looked yet; `worker_seen_at`: when a worker was last at work."""

    person_id: str
    name: str
    revision: int
    made_at: datetime
    alerts: tuple[AlertView, ...]
    mutes: tuple[MuteView, ...]
    looked_at: datetime | None
    broken: tuple[str, ...]
    worker_seen_at: datetime | None
    may_act: bool
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class PanelAlerts:
    """The open alerts of all within reach, the most severe first. Of `people` some have a desk that can't be read (`damaged`: ids) or were never looked at (`unseen`: how
    many), which is said and is not "no alerts"."""

    made_at: datetime
    alerts: tuple[AlertView, ...]
    people: int
    damaged: tuple[str, ...]
    broken: tuple[str, ...]
    unseen: int
    worker_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastAlert:
    """An alert that has ended, for reports: raised, first told, first taken, ended, by whom and why ("recovered": by a rule's name); `title` as while it was open."""

    person_id: str
    alert_id: str
    rule: str
    signal: str
    direction: str
    severity: int
    raised_at: datetime
    told_at: datetime | None
    taken_at: datetime | None
    ended_at: datetime
    ended_by: str
    recovered: bool
    why: str
    escalations: int
    title: Fact


@dataclass(frozen=True, slots=True)
class History:
    """Alerts that ended since then, the oldest first, and how many could not be read."""

    alerts: tuple[PastAlert, ...]
    damaged: int = 0
