"""This is the place where the outside world is described as the use cases see it. core/wiring.py knows who stands behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from core.domain.audit import AuditCheck, AuditEvent, AuditLine
from core.domain.calendar import CalendarSheet
from core.domain.check_card import CheckCard
from core.domain.check_media import Checked, CleanPhoto, CleanSignal
from core.domain.checks import CheckKind, CheckResult, CheckState, KeptCheck, Quality, SkinFacts, Spot
from core.domain.doses import Delivery, DoseAnswer, Feed, KeptDose, Plan, PlannedDose, PlanOutcome, Reminder, Request
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.papers import Paper, PaperKind
from core.domain.people import Account, Panel, Preferences, Session
from core.domain.records import Incoming, Original, Person, PersonProfile, Record, Reject
from core.domain.samples import BinStrand, Note, Samples, SeriesChoices, Strand, Stream, SyncEvent, Tally
from core.domain.time import PartialTime
from core.kiosk.sending import SenderOf
from core.risk.model_card import Logistic, ModelCard


class Clock(Protocol):
    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


Progress = Callable[[int, int], None]
"""Called with (done, total) in bytes or entries; total 0 means unknown."""

ShouldStop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to read: its name as the person sees it, and the bytes on disk or in a seekable stream."""

    name: str
    content: Path | BinaryIO


@dataclass(frozen=True, slots=True)
class PackagePerson:
    """A Patient found in a package: `reference` is its resolved key ("origin|Patient/id"), `others` further keys it goes by."""

    reference: str
    profile: PersonProfile
    others: tuple[str, ...] = ()


class Package(Protocol):
    """One or more files read together: first looked over (`people`), then read entry by entry, in constant memory."""

    def people(self) -> tuple[PackagePerson, ...]: ...

    def entries(self, progress: Progress | None = None) -> Iterator[Incoming | Reject]:
        """Every entry once, in order. `Incoming.subject` is "origin|Patient/id" or "". Never raises on content."""
        ...


class SamplePackage(Protocol):
    """Files of a device, an app or a sensor, read as columns in constant memory."""

    @property
    def formats(self) -> tuple[str, ...]:
        """The keys of the formats that were recognised ("apple_health"), each once."""
        ...

    @property
    def source_name(self) -> str:
        """What the maker is called, "" where the format is nobody's in particular."""
        ...

    def people(self) -> tuple[PackagePerson, ...]:
        """None: a device's file holds no Patient."""
        ...

    def subjects(self) -> tuple[str, ...]:
        """The names by which entries say whose they are, each once; ("",) where none says so."""
        ...

    @property
    def digest(self) -> str:
        """What makes these very bytes known again, so that a stopped import goes on where it stopped."""
        ...

    def batches(self, progress: Progress | None = None) -> Iterator[Samples | Tally]:
        """Every entry once, in an order that is the same each time. Never raises on content."""
        ...


class RecordReader(Protocol):
    def open(self, uploads: Sequence[Upload]) -> Package | SamplePackage:
        """Sniff and index. Raises FileRefused where nothing can be read (C-CDA, XML, an image, too large, a bomb)."""
        ...


@dataclass(frozen=True, slots=True)
class ServerLogin:
    """Where to pull from: base URL, the server's id of the patient, a bearer token or ""."""

    base_url: str
    patient_id: str
    token: str = ""
    since: str = ""


class PulledPackage(Package, Protocol):
    """A package whose entries come from a server. After `entries` is exhausted the rest is known."""

    @property
    def complete(self) -> bool: ...
    @property
    def problems(self) -> tuple[str, ...]: ...
    @property
    def next_since(self) -> str: ...


class ServerReader(Protocol):
    def pull(
        self, login: ServerLogin, should_stop: ShouldStop | None = None, progress: Progress | None = None
    ) -> PulledPackage:
        """`progress` hears (records so far, records in all or 0) while the network is asked, at the package's first question."""
        ...


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A connected source of one person: `kind` is "file", "server", "demo" or "manual"; `address` a server's base URL."""

    source_id: str
    person_id: str
    kind: str
    label: str
    address: str = ""
    patient_ref: str = ""
    created_at: datetime | None = None
    last_at: datetime | None = None
    next_since: str = ""
    records: int = 0
    has_token: bool = False
    samples: int = 0


@dataclass(frozen=True, slots=True)
class ImportHead:
    """What an import starts with."""

    kind: str
    label: str
    file_name: str
    started_at: datetime
    address: str = ""
    patient_ref: str = ""
    token: str = ""


class Importing(Protocol):
    """One import, one transaction over everything it touches. Leaving the context with an exception keeps nothing."""

    def match(self, reference: str) -> str:
        """The person already linked with this "origin|Patient/id", or ""."""
        ...

    def link(self, person_id: str, references: Iterable[str]) -> None:
        """From now on these references mean this person."""
        ...

    def add_person(self, profile: PersonProfile) -> str: ...

    def put(self, person_id: str, incoming: Incoming) -> tuple[Outcome, str]:
        """Keep one record for one person; the outcome and our record id. Versions, retractions and facts are compared here."""
        ...

    def line(self, person_id: str, line: LedgerLine) -> None:
        """Account for one entry (or `line.count` alike); person "" where it belongs to nobody known."""
        ...


    def finish(self, *, finished_at: datetime, complete: bool = True, problems: Sequence[str] = (), next_since: str = "") -> Ledger:
        """Write what is buffered, the counts and the audit lines; the context then commits."""
        ...


@dataclass(frozen=True, slots=True)
class DeviceToken:
    """A device that may bring in samples and observations for one person (and, by CDS Hooks, have cards kept for that person), and do nothing else. `source_id` is the source its data
    belongs to; `revoked_at` None while it may."""

    token_id: str
    person_id: str
    source_id: str
    label: str
    created_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None


class SampleImporting(Protocol):
    """An import of samples: kept in steps, each whole, so that one that was stopped goes on where it stopped."""

    @property
    def done(self) -> int:
        """How many batches of these very bytes an earlier import that was stopped has kept."""
        ...

    def match(self, reference: str) -> str:
        """The person linked with a name within a file ("fitabase|1503960366"), or ""."""
        ...

    def link(self, person_id: str, reference: str) -> None: ...

    def add_person(self, profile: PersonProfile) -> str: ...

    def append(self, person_id: str, samples: Samples) -> None:
        """Take a batch. Each of its samples is accounted for when it is kept: new, there already, another value than before, given
        twice, or outside what is plausible (kept, marked, never used)."""
        ...

    def line(self, person_id: str, line: LedgerLine) -> None: ...

    def step(self, batches: int) -> None:
        """Keep all that was taken so far, together with how far this import has come (`batches` in all)."""
        ...

    def stop(self, at: datetime) -> Ledger:
        """Somebody stopped it: what was kept stays, the ledger says so, and the next import of these bytes goes on here."""
        ...

    def finish(self, *, finished_at: datetime, complete: bool = True, problems: Sequence[str] = ()) -> Ledger: ...


class Store(Protocol):
    """Everything that is kept. One database session per call. Calls about a person take the AuditEvent that is written in
    the same transaction. Every method raises StoreLocked without the key."""

    # people -------------------------------------------------------------------------------------------------------
    def add_person(self, profile: PersonProfile, event: AuditEvent) -> Person: ...
    def person(self, person_id: str, event: AuditEvent) -> Person: ...
    def people(self, person_ids: Sequence[str] | None, event: AuditEvent) -> tuple[Person, ...]: ...
    def person_exists(self, person_id: str) -> bool: ...
    def revision(self, person_id: str) -> int:
        """The revision only: carries no data, writes no audit line. 0 for an unknown person."""
        ...

    # records ------------------------------------------------------------------------------------------------------
    def importing(self, head: ImportHead, event: AuditEvent, *, person_id: str = "") -> AbstractContextManager[Importing]: ...
    def records(
        self, person_id: str, event: AuditEvent, *, kinds: Sequence[str] | None = None, every_standing: bool = False
    ) -> tuple[Record, ...]:
        """Current and quarantined records (with every_standing: also superseded, retracted, raw), the same fact from several
        records merged into one with all sources. Newest first where a time is known."""
        ...

    def original(self, person_id: str, record_id: str, event: AuditEvent) -> bytes:
        """The JSON as it came. Raises NotFound."""
        ...

    def originals(self, person_id: str, event: AuditEvent, *, kinds: Sequence[str] | None = None) -> Iterator[Original]:
        """Everything (of these kinds) that was not replaced or taken back, for export: what counts, what was set apart, what is only kept."""
        ...

    def raw_counts(self, person_id: str) -> tuple[tuple[str, int], ...]:
        """Kinds that are kept but not shown yet, with their counts."""
        ...

    # sources and ledgers --------------------------------------------------------------------------------------------
    def sources(self, person_id: str, event: AuditEvent) -> tuple[SourceInfo, ...]: ...
    def source_token(self, person_id: str, source_id: str, event: AuditEvent) -> str: ...
    def remove_source(self, person_id: str, source_id: str, event: AuditEvent) -> int:
        """Delete the source and every record that only it brought; the number of records gone."""
        ...

    def ledgers(self, person_id: str, event: AuditEvent) -> tuple[Ledger, ...]: ...
    def ledger_lines(
        self, person_id: str, import_id: str, event: AuditEvent, *, outcome: str = "", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[LedgerLine, ...], int]:
        """A page of lines and the number of all that match."""
        ...

    # series ---------------------------------------------------------------------------------------------------------
    def importing_samples(
        self, head: ImportHead, digest: str, event: AuditEvent, *, person_id: str = ""
    ) -> AbstractContextManager[SampleImporting]:
        """Leaving the context with an exception keeps what earlier steps kept and nothing else."""
        ...

    def streams(self, person_id: str, event: AuditEvent) -> tuple[Stream, ...]:
        """What there is: one for each signal, device, grain and source."""
        ...

    def strands(self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent) -> tuple[Strand, ...]:
        """The samples that meet [start, end), as stored, one strand for each stream that has any; only the months asked for
        are opened. Times of FLOATING samples are compared as they stand, so ask 15 hours wider where that matters."""
        ...

    def bins(self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent) -> tuple[BinStrand, ...]:
        """The same in quarter hours, prepared when the samples were kept."""
        ...

    def open_source(self, person_id: str, head: ImportHead, event: AuditEvent) -> str:
        """The id of the source with this kind and name; made where it is not there yet."""
        ...

    def series_choices(self, person_id: str) -> SeriesChoices: ...
    def save_series_choices(self, person_id: str, choices: SeriesChoices, event: AuditEvent) -> None: ...
    def add_sync_event(self, person_id: str, happened: SyncEvent, event: AuditEvent) -> None: ...
    def sync_events(self, person_id: str, event: AuditEvent) -> tuple[SyncEvent, ...]:
        """Oldest first. Each finished import with samples leaves one by itself."""
        ...

    def notes(self, person_id: str, event: AuditEvent) -> tuple[Note, ...]: ...
    def add_note(self, person_id: str, note: Note, event: AuditEvent) -> str:
        """Keep a note (its id is given here) and answer the id."""
        ...

    def remove_note(self, person_id: str, note_id: str, event: AuditEvent) -> None: ...

    # drawers --------------------------------------------------------------------------------------------------------
    def drawer(self, person_id: str, key: str, event: AuditEvent) -> bytes:
        """What lies in the person's drawer of that name; b"" where it is empty."""
        ...

    def drawers(self, person_ids: Sequence[str], key: str, event: AuditEvent) -> Mapping[str, bytes]:
        """What lies in the drawers of that name of many people at once, without those that are empty or can't be opened; one audit line names them all."""
        ...

    def put_in_drawer(
        self, person_id: str, key: str, body: bytes, event: AuditEvent, *, was: bytes | None = None, quiet: bool = False
    ) -> None:
        """Put this in, in place of what lay there (b"" empties it), as long as that still is `was`; else raises Conflict. `quiet`: what was only worked out
        from the rest of what is kept, and can be again: the person's revision stays as it is."""
        ...

    # doses and reminders ----------------------------------------------------------------------------------------------------
    def put_plan(self, person_id: str, plan: Plan, event: AuditEvent) -> PlanOutcome:
        """Lay a plan down (see `Plan`), whole or not at all; the same again changes nothing. Answered doses are never touched."""
        ...

    def doses(self, person_id: str, start: datetime, end: datetime, event: AuditEvent) -> tuple[KeptDose, ...]:
        """Those due in [start, end), by time; as-needed ones by when they were taken."""
        ...

    def answer_dose(self, person_id: str, dose_id: str, answer: DoseAnswer, event: AuditEvent) -> KeptDose:
        """Keep what the person says; the reminder is answered when all its doses are. Raises NotFound; Conflict for a dose that ended."""
        ...

    def log_dose(self, person_id: str, dose: PlannedDose, answer: DoseAnswer, event: AuditEvent) -> KeptDose:
        """Keep a dose nobody planned: one as needed, or one more. The same slot again is the same dose."""
        ...

    def reminders(self, person_id: str, start: datetime, end: datetime, event: AuditEvent) -> tuple[Reminder, ...]:
        """Those for moments in [start, end), with their deliveries, by time."""
        ...

    def change_reminder(self, person_id: str, reminder: Reminder, event: AuditEvent) -> Reminder:
        """What the person did about it (answered, snoozed until `next_at`): state, next_at, why. Raises Conflict where REMINDER_MOVES has no such move."""
        ...

    def planned_until(self, person_id: str) -> datetime | None:
        """Where the last plan that was laid down ends; None where there was none."""
        ...

    def plan_is_due(self, person_id: str, now: datetime) -> bool:
        """Whether there is no plan, its time is over, or something of the person changed since it was made."""
        ...

    def claim_plans(self, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[str, ...]:
        """Up to so many people whose plan has to be made anew by now, leased to this worker; of two workers one gets each."""
        ...

    def claim_reminders(self, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Reminder, ...]:
        """Up to so many open reminders that are due to be looked at, with their deliveries, leased to this worker until now + lease."""
        ...

    def begin_delivery(self, worker_id: str, reminder: Reminder, delivery: Delivery, at: datetime) -> Delivery | None:
        """Write down that a message is about to go out (it gets its id here); None where the lease is no longer this worker's. One whose state is
        not "sending" in the answer went out before, or was given up: it is not to be sent."""
        ...

    def end_delivery(self, worker_id: str, reminder: Reminder, delivery: Delivery, at: datetime) -> bool:
        """Write down what came of it; False where the lease was lost meanwhile (it is written down all the same)."""
        ...

    def settle_reminder(self, worker_id: str, reminder: Reminder, at: datetime) -> bool:
        """Write down where a claimed reminder stands now and let go of it. False where the lease is no longer this worker's: nothing is written."""
        ...

    def beat(self, worker_id: str, at: datetime) -> None:
        """This worker lives."""
        ...

    def last_beat(self) -> datetime | None:
        """When any worker last said that it lives."""
        ...

    # requests to the care team, calendar addresses ----------------------------------------------------------------------------
    def add_request(self, request: Request, event: AuditEvent) -> Request:
        """Keep a request; its id is given here. An open one of the same kind about the same thing is answered instead of made twice."""
        ...

    def requests(self, person_ids: Sequence[str], event: AuditEvent, *, open_only: bool = False) -> tuple[Request, ...]:
        """Newest first."""
        ...

    def change_request(self, request: Request, event: AuditEvent) -> Request:
        """Replace state, answer, seen_at, decided_*. Raises NotFound; Conflict where it was decided already."""
        ...

    # photo and signal checks
    def put_check(self, check: KeptCheck, content: bytes, overlay: bytes, event: AuditEvent) -> KeptCheck:
        """Keep a check with what was checked (sealed under the person's key) and its overlay picture (b"" none). The same person, kind, spot and digest
        again is the check that is there already, unless that was withdrawn. The id is made here."""
        ...

    def checks(
        self, person_ids: Sequence[str], event: AuditEvent, *, kinds: Sequence[CheckKind] = (), states: Sequence[CheckState] = ()
    ) -> tuple[KeptCheck, ...]:
        """The checks of these people (all kinds and states where none is named), the newest first."""
        ...

    def check(self, person_id: str, check_id: str, event: AuditEvent) -> KeptCheck:
        """Raises NotFound."""
        ...

    def check_content(self, person_id: str, check_id: str, event: AuditEvent) -> bytes:
        """What was checked, as it was kept. Raises NotFound."""
        ...

    def check_overlay(self, person_id: str, check_id: str, event: AuditEvent) -> bytes:
        """The second picture (heat map or mask, PNG), b"" where there is none. Raises NotFound."""
        ...

    def change_check(self, check: KeptCheck, was: CheckState, event: AuditEvent, *, overlay: bytes | None = None) -> KeptCheck:
        """Write a check anew. Raises NotFound; Conflict where it is not in state `was` any more, or CHECK_MOVES does not allow the move
        (the same state is allowed: a result that came later, or "seen"), or its steps do not begin with those that are kept."""
        ...

    def checks_without_answer(self, limit: int, kinds: Sequence[CheckKind] = ()) -> tuple[tuple[str, str], ...]:
        """(person id, check id) of those (of these kinds) in WAITING_MODEL, the oldest first; for the worker, which asks again."""
        ...

    def put_spot(self, spot: Spot, event: AuditEvent) -> Spot:
        """Keep a spot; without an id it is a new one."""
        ...

    def spots(self, person_id: str, event: AuditEvent) -> tuple[Spot, ...]: ...
    def model_switches(self) -> Mapping[str, bool]:
        """What administrators switched on or off, by the model's key; a missing one was never switched."""
        ...

    def switch_model(self, key: str, on: bool, event: AuditEvent) -> None: ...

    # papers of the care team ------------------------------------------------------------------------------------------------
    def papers(
        self, person_ids: Sequence[str], event: AuditEvent, *, kinds: Sequence[PaperKind], states: Sequence[str] = (), parent: str | None = None
    ) -> tuple[Paper, ...]:
        """The papers of these people (all states where none is named; `parent`: only those that belong to it), the oldest first."""
        ...

    def paper(self, person_id: str, kind: PaperKind, key: str, event: AuditEvent) -> Paper | None: ...
    def put_papers(self, person_id: str, papers: Sequence[Paper], event: AuditEvent, *, once: Sequence[Paper] = ()) -> tuple[Paper, ...]:
        """Keep these papers of one person, all or none, in one transaction; answers `papers` as they are kept now. Each replaces the edition it was
        read with (0: there is none yet), else raises Conflict("paper_changed"). Those in `once` are added where no paper of their kind has their key, and
        otherwise left as they are. Who had leased a paper loses it."""
        ...

    def claim_papers(self, kind: PaperKind, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Paper, ...]:
        """Up to so many papers of a kind with `next_at` by now, leased to this worker, the longest due first."""
        ...

    def claim_watched(self, kind: PaperKind, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Paper, ...]:
        """Up to so many people's one paper of a kind (key = the kind), made empty in state "new" where there is none, that are due or have not taken the
        person's newest revision into account; leased to this worker. `revision` of the answer is that of the person at this moment."""
        ...

    def settle_papers(self, worker_id: str, paper: Paper, at: datetime, *, more: Sequence[Paper] = (), keep_lease: bool = False) -> bool:
        """Write a claimed paper, with `more` of the same person (each as `put_papers(..., once=more)`: what is there stays), in one transaction, and let
        go of it. False where the lease is no longer this worker's: nothing is written."""
        ...

    def house_document(self, name: str) -> bytes:
        """A sealed document of the house that is about nobody (on-call list, templates, a ledger); b"" where there is none."""
        ...

    def put_house_document(self, name: str, body: bytes, event: AuditEvent, *, was: bytes | None = None) -> None:
        """Put this in its place as long as that still is `was`; else raises Conflict("document_changed")."""
        ...

    # calendar addresses
    def add_feed(self, feed: Feed, digest: str, event: AuditEvent) -> Feed: ...
    def feeds(self, person_id: str, event: AuditEvent) -> tuple[Feed, ...]: ...
    def feed_of(self, digest: str) -> Feed | None:
        """Whose calendar this secret opens, unless it was revoked."""
        ...

    def revoke_feed(self, person_id: str, feed_id: str, event: AuditEvent) -> None: ...
    def touch_feed(self, feed_id: str, at: datetime) -> None: ...

    # devices at the door ------------------------------------------------------------------------------------------------
    def add_token(self, token: DeviceToken, digest: str, event: AuditEvent) -> DeviceToken:
        """Keep a token (its digest only) for a device of a person; its id is given here."""
        ...

    def tokens(self, person_id: str, event: AuditEvent) -> tuple[DeviceToken, ...]: ...
    def token_of(self, digest: str) -> DeviceToken | None:
        """Whose token this is, unless it was revoked."""
        ...

    def revoke_token(self, person_id: str, token_id: str, event: AuditEvent) -> None: ...
    def touch_token(self, token_id: str, at: datetime) -> None: ...
    def seen_key(self, person_id: str, key: str) -> str:
        """What was answered when this idempotency key of the person came before, or ""."""
        ...

    def keep_key(self, person_id: str, key: str, answer: str, at: datetime) -> None:
        """Remember what was answered; keys older than ninety days may be forgotten on the way."""
        ...

    # accounts, panels, sessions -----------------------------------------------------------------------------------
    def add_account(self, account: Account, password_hash: str, event: AuditEvent) -> Account: ...
    def update_account(self, account: Account, event: AuditEvent, *, password_hash: str = "") -> None: ...
    def account(self, account_id: str) -> Account: ...
    def account_by_username(self, username: str) -> tuple[Account, str] | None:
        """The account and its password hash."""
        ...

    def accounts(self, event: AuditEvent) -> tuple[Account, ...]: ...
    def failures(self, username: str) -> tuple[int, datetime | None]:
        """How many sign-ins failed in a row for this name (existing or not), and when the last did."""
        ...

    def note_failure(self, username: str, at: datetime, event: AuditEvent) -> None: ...
    def clear_failures(self, username: str) -> None: ...
    def panels(self, panel_ids: Sequence[str] | None = None) -> tuple[Panel, ...]: ...
    def save_panel(self, panel: Panel, event: AuditEvent) -> Panel:
        """Add (panel_id "") or replace."""
        ...

    def open_session(self, session: Session, event: AuditEvent) -> None: ...
    def session(self, session_id: str) -> Session | None: ...
    def touch_session(self, session_id: str, seen_at: datetime) -> None: ...
    def close_session(self, session_id: str, event: AuditEvent) -> None: ...
    def close_sessions(self, account_id: str, event: AuditEvent, *, but: str = "") -> None:
        """End every session of the account, except the one named in `but`."""
        ...

    def keep_ticket(self, digest: str, session_id: str, ends_at: datetime) -> None:
        """Remember a one-time ticket (only its digest) for a session. Expired ones may be thrown away on the way."""
        ...

    def take_ticket(self, digest: str, at: datetime) -> str:
        """The session of a ticket that has not ended, or "". Atomic: of two takers one gets it, the other ""."""
        ...

    def preferences(self, account_id: str) -> Preferences: ...
    def save_preferences(self, account_id: str, preferences: Preferences) -> None: ...

    # audit ----------------------------------------------------------------------------------------------------------
    def append_audit(self, event: AuditEvent) -> None: ...
    def audit_of(self, person_id: str, event: AuditEvent, *, limit: int = 200) -> tuple[AuditLine, ...]: ...
    def audit_lines(self, event: AuditEvent, *, limit: int = 200) -> tuple[AuditLine, ...]: ...
    def verify_audit(self, progress: Progress | None = None) -> AuditCheck: ...

    # upkeep ---------------------------------------------------------------------------------------------------------
    def erase_person(self, person_id: str, event: AuditEvent, progress: Progress | None = None) -> None: ...
    def backup(self, target: Path, event: AuditEvent, progress: Progress | None = None) -> None: ...
    def verify(self, progress: Progress | None = None) -> Mapping[str, int | str]:
        """Decrypt everything once and walk the audit chain; counts and `ok`."""
        ...

    def close(self) -> None: ...


class Passwords(Protocol):
    """Slow hashing off the event loop (argon2id)."""

    def hash(self, password: str) -> str: ...
    def verify(self, password_hash: str, password: str) -> bool: ...


class Say(Protocol):
    """The words of one language (core/ui/words.py is the one there is)."""

    def __call__(self, key: str, /, **facts: object) -> str:
        """The sentence for a key."""
        ...

    def has(self, key: str) -> bool: ...

    def first(self, *keys: str, **facts: object) -> str:
        """The sentence for the first of these keys that has words; the last one where none has."""
        ...

    def number(self, value: float, decimals: int | None = None) -> str: ...

    def day(self, when: PartialTime | datetime | date) -> str: ...

    def moment(self, when: PartialTime | datetime | date) -> str: ...

    def age(self, when: PartialTime | datetime | date, now: datetime) -> str: ...

    def years_old(self, born: PartialTime, now: datetime) -> str: ...


class Exporter(Protocol):
    """Writes what a person sees into files."""

    def csv(self, records: Iterable[Record], words: Say) -> bytes: ...
    def bundle(self, person: Person, originals: Iterable[Original], now: datetime) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        """A FHIR R4 Bundle, and (record id, reason) of what could not be written as valid R4 and is marked in it."""
        ...

    def why_odd(self, original: bytes) -> tuple[str, ...]:
        """What a strict R4 reading finds wrong with one record: "path: need", without its values. Empty: nothing."""
        ...

    def pdf(self, summary: object, words: Say, language: str) -> bytes: ...

    def emergency_pdf(self, sheet: object, words: Say, language: str) -> bytes:
        """The emergency card as one page, with its QR code."""
        ...

    def sheet_pdf(self, sheet: object, words: Say, language: str) -> bytes:
        """A few headed lines (core/care/kiosk_sheet.py) as one page."""
        ...

    def qr(self, text: str) -> bytes:
        """A text as a QR code that holds all of it (PNG). Raises BadInput where it is too long."""
        ...


class TabularModel(Protocol):
    """A trained model of a person's answers and measurements, with its card. Every method raises ModelUnavailable where its files or its runtime
    are missing or damaged; that is never an answer about anybody."""

    def card(self) -> ModelCard: ...
    def baseline(self) -> Logistic:
        """The logistic model beside it, from which contributions are exact."""
        ...

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """(n, inputs in the card's order), float -> (n,) probabilities. Nothing is filled in: ValueError where a value is no number."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out to one recipient: `message_id` is the same however often it is sent (RFC 5322 without brackets); `title` and `body` hold no
    more than the person allowed; `link` leads back to the app ("" unknown); `urgent` for critical medicines."""

    message_id: str
    title: str
    body: str
    link: str = ""
    urgent: bool = False
    language: str = "en"


class Channels(Protocol):
    """How messages leave the house. Built from the settings; a kind that is not set up is not in `kinds`."""

    @property
    def kinds(self) -> frozenset[str]:
        """Of "email", "apprise", "push" those that can be used here."""
        ...

    def send(self, kind: str, address: str, message: Message) -> str:
        """Hand it on; the answer is a short receipt (a code or an id, no address). Raises NotDelivered."""
        ...

    def check(self, kind: str, address: str) -> None:
        """Raises BadInput where this can't be an address of that kind, without sending anything."""
        ...

    @property
    def push_key(self) -> str:
        """The public key a browser subscribes with (VAPID, base64url), "" where push is not set up."""
        ...


class CheckModels(Protocol):
    """The trained checks of photos and signals (models/image_check, models/signal_check). A model that cannot answer is a declined result, never an error
    of the page and never an all-clear."""

    def card(self, kind: CheckKind) -> CheckCard:
        """Raises ModelUnavailable where the card is missing or damaged."""
        ...

    def photo(self, content: bytes) -> CleanPhoto:
        """Take a photo in. Raises FileRefused (kind, size, pixels, damage)."""
        ...

    def signal(self, name: str, content: bytes, rate: float | None = None) -> CleanSignal:
        """Take a signal in from NPZ, CSV or JSON; `rate` in Hz where the file doesn't say. Raises FileRefused."""
        ...

    def photo_quality(self, kind: CheckKind, photo: CleanPhoto) -> Quality:
        """The gate alone: quick, no model."""
        ...

    def check_photo(self, kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None = None, coin: str = "") -> Checked:
        """`coin`: of COINS, the one that lies beside a wound ("" none, or the printed square, which is found by itself)."""
        ...

    def aligned(self, kind: CheckKind, first: CleanPhoto, other: CleanPhoto) -> bytes | None:
        """The other photo as a JPEG that lies as the first does; None where that cannot be told, or where no model answers."""
        ...

    def check_signal(self, signal: CleanSignal) -> tuple[Checked, ...]:
        """One answer for each ten seconds."""
        ...

    def recording(self, results: Sequence[CheckResult]) -> CheckResult:
        """One answer for the recording that these ten seconds are of."""
        ...

    def marker_sheet(self) -> bytes:
        """A page to print (PDF): squares of known size, to be laid beside a wound."""
        ...


class Tables(Protocol):
    """The tables of clinical rules that ship with the product."""

    def read(self, name: str) -> bytes:
        """The bytes of a table ("interactions"). Raises TableUnavailable where there is none, or where its digest is not the one that was shipped."""
        ...


class VideoRooms(Protocol):
    """Where video visits are held."""

    def address(self, room: str, guest: VideoGuest) -> str:
        """The address of a room for one guest, as it is opened in a browser."""
        ...


@dataclass(frozen=True, slots=True)
class VideoGuest:
    """Who comes into a room: the name they are shown by, whether they lead the visit, and how long the address may open it (from now until then)."""

    name: str
    leads: bool
    now: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything a use case may reach. Built by core/wiring.py; tests build their own."""

    store: Store
    clock: Clock
    reader: RecordReader
    server: ServerReader
    passwords: Passwords
    exporter: Exporter
    demo: bool = False
    idle_minutes: int = 30
    max_upload_bytes: int = 250_000_000
    crisis_line: str = ""
    country: str = ""
    diabetes_model: TabularModel | None = None
    channels: Channels | None = None
    tables: Tables | None = None
    explore_advice: bool = False
    public_url: str = ""
    checks: CheckModels | None = None
    words: Callable[[str, tzinfo], Say] | None = None  # of a language, for a reader in that zone
    video: VideoRooms | None = None
    calendar_file: Callable[[CalendarSheet], bytes] | None = None
    kiosk_sender: SenderOf | None = None
