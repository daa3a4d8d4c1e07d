"""This is the place where the answers of the use cases around a record are defined: sources, ledgers, people, accounts, logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from core.domain.audit import AuditLine
from core.domain.ledger import Ledger, LedgerLine
from core.domain.people import Account, Panel, Preferences
from core.ports import SourceInfo


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A demo sign-in to choose: the account, and the synthetic person it stands for, if any."""

    account_id: str
    role: str
    display_name: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landing:
    """Who is signed in, for the shell of the page: which person is looked at first and who else could be, and the choices made."""

    account: Account
    person_id: str
    people: tuple[tuple[str, str], ...]
    preferences: Preferences
    must_leave_at: datetime


@dataclass(frozen=True, slots=True)
class SourcesView:
    """What is connected, and the last imports, newest first."""

    revision: int
    sources: tuple[SourceInfo, ...]
    ledgers: tuple[Ledger, ...]
    may_import: bool
    max_upload_bytes: int


@dataclass(frozen=True, slots=True)
class LedgerView:
    """A page of one import's ledger. `found` counts all lines that match the chosen outcome."""

    ledger: Ledger
    lines: tuple[LedgerLine, ...]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """How one file or package of an import ended: its ledger, or the reason it was refused whole (code and facts)."""

    name: str
    ledger: Ledger | None
    refused: str = ""
    facts: tuple[tuple[str, str | int], ...] = ()
    person_ids: tuple[str, ...] = ()
    lines: tuple[LedgerLine, ...] = ()
    """Lines that are neither stored nor unchanged, capped."""
    lines_left_out: int = 0
    subjects: tuple[str, ...] = ()
    """The names of the people in the file, where it must be said which of them the person is."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import: every file or package, and the counts of all of them together (eight keys)."""

    files: tuple[FileOutcome, ...]
    counts: tuple[tuple[str, int], ...]
    person_ids: tuple[str, ...]
    seconds: float

    @property
    def entries(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it while samples were read: what was read is kept, and the same file goes on there."""
        return any(file.ledger is not None and file.ledger.state == "stopped" for file in self.files)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Who the files are about, where it must be said which of them the person is."""
        return tuple(dict.fromkeys(name for file in self.files for name in file.subjects))


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody did something with the record: who in words and role, when, what (`audit.<action>`), why (`purpose.<purpose>`);
    `times` how often within the same minute-by-minute stretch."""

    at: datetime
    until: datetime
    who: str
    role: str
    action: str
    purpose: str
    refused: bool
    times: int
    own: bool


@dataclass(frozen=True, slots=True)
class DayOfLooks:
    """The looks of one calendar day in the person's timezone."""

    day: date
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class PanelQuery:
    """Whom to look for: `text` in names and identifiers, ages inclusive, `only` "" or "quarantined", "stale" (nothing arrived for 30
    days) or "never"; `sort` "name", "newest", "oldest" (when records last arrived) or "age"; `page` from 1; `panel_id` "" for all of one's panels."""

    text: str = ""
    panel_id: str = ""
    age_from: int | None = None
    age_to: int | None = None
    gender: str = ""
    only: str = ""
    sort: str = "name"
    page: int = 1
    page_size: int = 25


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A person of the panel as one line."""

    person_id: str
    name: str
    birth_date: str
    age_years: int | None
    gender: str
    synthetic: bool
    panels: tuple[str, ...]
    records: int
    quarantined: int
    last_at: datetime | None
    """When a record last arrived."""


@dataclass(frozen=True, slots=True)
class PanelView:
    """A page of the people this account may see."""

    query: PanelQuery
    panels: tuple[tuple[str, str], ...]
    lines: tuple[PanelLine, ...]
    found: int
    total: int
    pages: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the administrator sees it: no person's name, only ids and counts of people."""

    account: Account
    open_people: int


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an administrator fills in for a new account."""

    username: str
    password: str = field(repr=False)
    role: str
    display_name: str
    persons: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminView:
    """Accounts and panels, and which person ids exist to be put into them."""

    accounts: tuple[AccountLine, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class AuditView:
    """The newest lines of the audit trail with the display names of those who acted."""

    lines: tuple[AuditLine, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KioskView:
    """The locked kiosk: nothing about anybody."""

    display_name: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out; `left_out` are (record id, reason) of what could not be written as valid FHIR."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)
    left_out: tuple[tuple[str, str], ...] = ()
