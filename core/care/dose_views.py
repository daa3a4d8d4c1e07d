"""This is the place where the answers about medicines, doses and reminders are defined: what a screen is given to draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.care.views import Fact, MedicineLine, PersonView
from core.domain.doses import Delivery, Feed, Request
from core.medications.book import Book, OwnMedicine, ReminderBook, Trip
from core.medications.findings import Checked, Finding
from core.medications.terms import Asked, Habits


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One dose as a line. `state`: "later", "due" (within its hour), "unlogged" (past, nothing logged yet), "taken", "skipped", "ended";
    `amount` (low, high, unit) or None; `missed_why` where it was not reminded of (a code of `missed_why.<code>`), `sent` how often it was."""

    dose_id: str
    medicine_id: str
    title: str
    amount: tuple[float, float, str] | None
    text: str
    at: datetime
    state: str
    taken_at: datetime | None = None
    reason: str = ""
    why: str = ""
    critical: bool = False
    sent: int = 0
    maybe_twice: bool = False
    missed_why: str = ""


@dataclass(frozen=True, slots=True)
class DosePart:
    """A part of the day: "morning", "midday", "evening", "night" (`dose_part.<code>`), with its doses by time."""

    code: str
    doses: tuple[DoseLine, ...]


@dataclass(frozen=True, slots=True)
class NeededLine:
    """A medicine taken when needed: what the order allows, when it was last logged, and from when on the order allows it again (None: now or unknown).
    `why_not`: "too_soon", "day_full" or ""."""

    medicine_id: str
    title: str
    amount: tuple[float, float, str] | None
    reason: str
    least_minutes: int | None
    most_doses: int | None
    most_amount: tuple[float, float, str] | None
    per_hours: int
    last_at: datetime | None
    today: int
    next_from: datetime | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class AskLine:
    """A question that must be answered before a medicine can be planned."""

    medicine_id: str
    title: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class DosesView:
    """The doses of one local day. `zone` is where the person is that day; `gap` says why nothing is planned where nothing is ("no_medicines",
    "all_unclear", "")."""

    revision: int
    made_at: datetime
    day: date
    zone: str
    parts: tuple[DosePart, ...]
    needed: tuple[NeededLine, ...]
    asks: tuple[AskLine, ...]
    may_log: bool
    gap: str = ""
    zone_known: bool = True


@dataclass(frozen=True, slots=True)
class StockView:
    """How many are left: counted, less what was logged since (and, said so, what was due but not logged: `assumed`). `runs_out` the local day on
    which the last dose is covered, None where it can't be told; `refill_by` when to ask; `state`: "fine", "watch", "soon", "now", "unknown"."""

    left: float | None
    unit: str
    counted_at: datetime | None
    runs_out: date | None
    refill_by: date | None
    state: str
    assumed: int = 0
    lead_days: int = 7


@dataclass(frozen=True, slots=True)
class MedicineCard:
    """One medicine in plain language. `how` says how it is taken, one fact a dosage; `source` is "record" or "own"; `taking` what the person said;
    `history` the orders before, newest first; `findings` of the safety checks that name it; `line` None for one added by hand."""

    medicine_id: str
    title: str
    source: str
    sort: str
    how: tuple[Fact, ...]
    written: tuple[str, ...]
    reason: str
    prescriber: str
    since: str
    until: str
    now: str
    next_at: datetime | None
    stock: StockView | None
    asks: tuple[Asked, ...]
    notes: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    requests: tuple[Request, ...]
    history: tuple[MedicineLine, ...]
    taking: str = ""
    critical: bool = False
    reminded: bool = True
    checked: bool = True
    line: MedicineLine | None = None
    own: OwnMedicine | None = None


@dataclass(frozen=True, slots=True)
class CardsView:
    """The Medicines page: what is taken now, what needs an answer, what was; the checks over all of it."""

    revision: int
    made_at: datetime
    person: PersonView
    current: tuple[MedicineCard, ...]
    other: tuple[MedicineCard, ...]
    checked: Checked
    may_edit: bool
    habits: Habits
    book: Book


@dataclass(frozen=True, slots=True)
class DayCell:
    """A local day of the calendar: doses due, logged as taken, as skipped, nothing logged; `state`: "all", "some", "skipped", "nothing_logged",
    "none_due", "to_come"."""

    day: date
    due: int
    taken: int
    skipped: int
    state: str


@dataclass(frozen=True, slots=True)
class AdherenceLine:
    """One medicine over the window: counts of doses, share of those logged that were taken (None: "nothing logged yet"), reasons for skipping with
    counts; `pdc` by the PQA rules where fills are known (None with `pdc_why` otherwise)."""

    medicine_id: str
    title: str
    due: int
    taken: int
    skipped: int
    unlogged: int
    on_time: int
    reasons: tuple[tuple[str, int], ...]
    pdc: float | None
    pdc_days: tuple[int, int] | None
    pdc_threshold: float | None
    pdc_why: str


@dataclass(frozen=True, slots=True)
class AdherenceView:
    """What was taken in recent weeks, as a calendar and by medicine."""

    revision: int
    made_at: datetime
    first: date
    last: date
    zone: str
    days: tuple[DayCell, ...]
    lines: tuple[AdherenceLine, ...]
    logged_since: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the reconciliation: what the record says and what the person takes. `kind`: "same", "not_taking", "differently", "not_on_record",
    "unclear", "stopped_but_taken", "two_orders"."""

    kind: str
    medicine_id: str
    title: str
    record: tuple[str, ...]
    person: tuple[str, ...]
    asked: Request | None = None
    record_how: tuple[Fact, ...] = ()
    """How each side says it is taken, in plain language (as `MedicineCard.how`); `record` and `person` are their own words."""
    person_how: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ReconciliationView:
    """What the record says, what I take, and what differs."""

    revision: int
    made_at: datetime
    lines: tuple[Difference, ...]
    may_edit: bool
    team: bool
    """Whether anybody of a care team would see a question."""


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A reminder as it is told: what kind, for when, how it stands, what went out to whom through what."""

    reminder_id: str
    kind: str
    due_at: datetime
    state: str
    round: int
    titles: tuple[str, ...]
    deliveries: tuple[Delivery, ...]
    why: str = ""
    critical: bool = False


@dataclass(frozen=True, slots=True)
class RemindersView:
    """The reminder settings with what was sent lately. `can` says which kinds of channel this installation can use ("email", "apprise", "push")."""

    revision: int
    made_at: datetime
    book: ReminderBook
    habits: Habits
    recent: tuple[ReminderLine, ...]
    can: frozenset[str]
    feeds: tuple[Feed, ...]
    may_edit: bool
    worker_seen_at: datetime | None
    trips: tuple[Trip, ...] = ()
    damaged: bool = False
