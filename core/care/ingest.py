"""This is the place where foreign records are brought in: read, placed with their person, kept, and accounted for one by one.

One parcel (a file, or the NDJSON files of one bulk export) is one transaction: it is kept whole or not at all. Whose record it is:

- A person is given: a record is taken when its subject is linked to this person already, or is a Patient of the parcel that is
  this person (core/care/identity.py), or the only Patient of the parcel while nothing is known of the person. All of other
  Patients is refused (`another_person`), what is about somebody unknown too (`unknown_person`).
- Nobody is given (command line only): each Patient of the parcel is the person it is linked to, else the one with a shared
  identifier and the same birth date, else a new person. With `new`, identifiers are not asked.
- A record that names nobody is quarantined for the one person in play (`subject_missing`), or refused where there are several.
- Shared kinds are kept for each person whose records refer to them, directly or through one another; referred to by nobody
  they are not followed (`nobody_refers`). One for several people counts once. Other kinds that need no subject are kept for the
  one person in play, else treated likewise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from core.care.desk_views import FileOutcome
from core.care.placing import Cast, Finder, Waiting, cast, is_shared, subject_of
from core.care.running import LINES_SHOWN, Run
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.records import SHARED_KINDS, Incoming, Reject
from core.errors import Cancelled, Conflict, FileRefused
from core.ports import Clock, ImportHead, Importing, Package, PulledPackage

TRIES = 4


@dataclass
class _Account:
    """The lines of one parcel while it is read."""

    importing: Importing
    counts: Counter[Outcome] = field(default_factory=Counter)
    people: dict[str, None] = field(default_factory=dict)
    shown: list[LedgerLine] = field(default_factory=list)
    left_out: int = 0

    def line(self, person_id: str, line: LedgerLine) -> None:
        self.importing.line(person_id, line)
        self.counts[line.outcome] += 1
        if line.outcome in (Outcome.STORED, Outcome.UNCHANGED):
            return
        if len(self.shown) < LINES_SHOWN:
            self.shown.append(line)
        else:
            self.left_out += 1

    def put(self, person_ids: Sequence[str], incoming: Incoming) -> None:
        """Keep one entry for one or several people, and count it once: by the best that happened to it."""
        done = [(person_id, *self.importing.put(person_id, incoming)) for person_id in person_ids]
        self.people.update(dict.fromkeys(person_ids))
        person_id, outcome, record_id = min(done, key=lambda one: 0 if one[1] is Outcome.STORED else 1)
        reason = _reason(outcome, incoming)
        self.line(person_id, LedgerLine(incoming.path, incoming.kind, outcome, reason, record_id))

    def leave(self, person_id: str, incoming: Incoming, outcome: Outcome, reason: str) -> None:
        self.line(person_id, LedgerLine(incoming.path, incoming.kind, outcome, reason))


def keep(run: Run, head: ImportHead, package: Package) -> FileOutcome:
    """Bring in one package in one transaction. Raises Cancelled: then nothing of it is kept. Where somebody else changed the
    same person's record meanwhile, it is done over again."""
    for _ in range(TRIES - 1):
        try:
            return _keep(run, head, package)
        except Conflict as error:
            if error.code != "person_changed":
                raise
    return _keep(run, head, package)


def _keep(run: Run, head: ImportHead, package: Package) -> FileOutcome:
    event = run.grant.event(head.kind)
    whose = run.whose
    people = package.people()
    with run.ports.store.importing(head, event, person_id=whose.person_id) as importing:
        account = _Account(importing)
        known = cast(importing, people, whose)
        _read(run, package, account, known)
        ledger = _finish(importing, package, run.ports.clock)
    return _outcome(head.file_name or head.label, ledger, account, tuple(dict.fromkeys((*known.persons.values(), *account.people))))


def refuse(run: Run, head: ImportHead, error: FileRefused) -> FileOutcome:
    """Account for a file that cannot be read at all: one entry, refused."""
    event = run.grant.event(head.kind)
    with run.ports.store.importing(head, event, person_id=run.whose.person_id) as importing:
        account = _Account(importing)
        account.line(run.whose.person_id, LedgerLine(head.file_name, "", Outcome.REFUSED, error.code))
        ledger = importing.finish(finished_at=run.ports.clock.now(), problems=(error.code,))
    outcome = _outcome(head.file_name, ledger, account, ())
    return replace(outcome, refused=error.code, facts=tuple(sorted(error.facts.items())))


def _outcome(name: str, ledger: Ledger, account: _Account, people: tuple[str, ...]) -> FileOutcome:
    counts = tuple((outcome.value, account.counts[outcome]) for outcome in Outcome)
    shown = tuple(account.shown)
    return FileOutcome(name, replace(ledger, counts=counts), person_ids=people, lines=shown, lines_left_out=account.left_out)


def _finish(importing: Importing, package: Package, clock: Clock) -> Ledger:
    now: datetime = clock.now()
    if not hasattr(package, "next_since"):
        return importing.finish(finished_at=now)
    pulled: PulledPackage = package  # type: ignore[assignment]
    since = pulled.next_since if pulled.complete else ""
    return importing.finish(finished_at=now, complete=pulled.complete, problems=pulled.problems, next_since=since)


def _read(run: Run, package: Package, account: _Account, known: Cast) -> None:
    finder, waiting = Finder(account.importing, run.whose, known), Waiting()
    home = run.whose.person_id or known.only
    for entry in package.entries(run.progress):
        _stop_if_asked(run)
        if isinstance(entry, Reject):
            account.line(home, LedgerLine(entry.path, entry.kind, Outcome(entry.outcome), entry.why))
        elif is_shared(entry):
            if known.only and entry.kind not in SHARED_KINDS:
                account.put((known.only,), entry)
            else:
                waiting.hold(entry)
        else:
            _place(account, finder, waiting, _given_to(entry, run.whose.trusted), (known.only, home, run.whose.trusted))
    _settle(run, package, account, waiting, home)


def _given_to(entry: Incoming, trusted: bool) -> Incoming:
    """From a device that was connected by the person, a record that names nobody needs no name."""
    if not trusted or entry.subject or "subject_missing" not in entry.problems:
        return entry
    return replace(
        entry,
        problems=tuple(code for code in entry.problems if code != "subject_missing"),
        places=tuple(place for place in entry.places if not place.startswith("subject_missing")),
    )


def _place(account: _Account, finder: Finder, waiting: Waiting, entry: Incoming, whose: tuple[str, str, bool]) -> None:
    """An entry that is about somebody."""
    only, home, trusted = whose
    subject = subject_of(entry)
    if not subject:
        if only and trusted:
            account.put((only,), entry)
        elif only:
            account.put((only,), replace(entry, problems=tuple(dict.fromkeys(("subject_missing", *entry.problems)))))
        else:
            account.leave(home, entry, Outcome.REFUSED, "subject_missing")
        return
    person_id, why = finder.person(subject)
    if not person_id:
        account.leave(home, entry, Outcome.REFUSED, why)
        return
    waiting.refers(person_id, entry)
    account.put((person_id,), entry)


def _settle(run: Run, package: Package, account: _Account, waiting: Waiting, home: str) -> None:
    """The shared records, now that it is known who refers to them."""
    waiting.settle()
    for entry, owners in waiting.held():
        _share(account, entry, owners, home)
    if not waiting.left_for_second_pass:
        return
    number = count()
    for again in package.entries(None):
        _stop_if_asked(run)
        if isinstance(again, Incoming) and is_shared(again) and not waiting.is_held(next(number)):
            _share(account, again, waiting.owners(again), home)


def _share(account: _Account, entry: Incoming, owners: tuple[str, ...], home: str) -> None:
    if owners:
        account.put(owners, entry)
    else:
        account.leave(home, entry, Outcome.NOT_FOLLOWED, "nobody_refers")


def _stop_if_asked(run: Run) -> None:
    if run.should_stop is not None and run.should_stop():
        raise Cancelled()


def _reason(outcome: Outcome, incoming: Incoming) -> str:
    if outcome in (Outcome.QUARANTINED, Outcome.REFUSED):
        return incoming.problems[0] if incoming.problems else "unclear"
    if outcome is Outcome.KEPT_RAW:
        return "kept_not_shown"
    return {Outcome.SUPERSEDED: "newer_known", Outcome.DUPLICATE: "known_elsewhere"}.get(outcome, "")
