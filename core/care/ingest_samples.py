"""This is the place where what devices recorded is brought in: batch by batch, kept in steps, each entry accounted for.

Whose it is: a file of a device names nobody as a rule, and then belongs to the person it is given for. Files with several people in
them (a study, a family's export) name each row's subject: a subject is taken when it is linked to the person already, is the
only one in the file, or is the one the person chose; the others are refused (`another_person`, `several_people`). Without a person
(command line only) each subject is the person it was before, else a new one; a file that names nobody is known again by its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.care.desk_views import FileOutcome
from core.care.placing import Whose
from core.care.running import LINES_SHOWN, Run
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.plausible import marked
from core.domain.records import PersonName, PersonProfile
from core.domain.samples import Samples
from core.ports import ImportHead, SampleImporting, SamplePackage

STEP_SAMPLES = 600_000
STEP_BATCHES = 2_000
"""After so many samples or batches what was read is kept, so that a stop or a power cut loses no more than that."""
_GLOBAL = frozenset({"fitabase"})
"""Formats whose subjects mean the same person in every file; elsewhere "1" is a person of that file alone."""


def keep_samples(run: Run, head: ImportHead, package: SamplePackage) -> FileOutcome:
    """Bring in one package. Somebody may stop it: what was kept stays, and the same bytes given again go on from there."""
    event = run.grant.event(head.kind)
    now_ns = int(run.ports.clock.now().timestamp()) * 1_000_000_000
    digest = package.digest
    with run.ports.store.importing_samples(head, digest, event, person_id=run.whose.person_id) as importing:
        finder = _Finder(importing, run.whose, _scope(package, head, digest), package)
        number = held = since = 0
        for batch in package.batches(run.progress):
            number += 1
            if number <= importing.done:
                if isinstance(batch, Samples):
                    finder.person(batch.subject)
                continue
            held += _take(importing, finder, batch, now_ns)
            since += 1
            stopping = run.should_stop is not None and run.should_stop()
            if held >= STEP_SAMPLES or since >= STEP_BATCHES or stopping:
                importing.step(number)
                held = since = 0
            if stopping:
                return _outcome(run, head, importing.stop(run.ports.clock.now()), finder)
        ledger = importing.finish(finished_at=run.ports.clock.now())
    return _outcome(run, head, ledger, finder)


def _take(importing: SampleImporting, finder: _Finder, batch: object, now_ns: int) -> int:
    """One batch to its person, or its refusal to the ledger; how many samples wait to be kept."""
    person_id, why = finder.person(batch.subject)  # type: ignore[attr-defined]
    if not isinstance(batch, Samples):
        line = LedgerLine(batch.path, batch.kind, Outcome(batch.outcome), batch.why, count=batch.count)  # type: ignore[attr-defined]
        importing.line(person_id or finder.home, line)
        return 0
    if not person_id:
        importing.line(finder.home, LedgerLine(batch.path, batch.signal, Outcome.REFUSED, why, count=len(batch.columns)))
        return 0
    importing.append(person_id, marked(batch, now_ns))
    return len(batch.columns)


def _scope(package: SamplePackage, head: ImportHead, digest: str) -> tuple[str, str]:
    """(how a subject's name begins, the name of a file that names nobody)."""
    kind = package.formats[0] if package.formats else ""
    begins = f"{kind}|" if kind in _GLOBAL else f"{kind}|{head.label or head.file_name}|"
    return begins, f"file|{digest}"


@dataclass
class _Finder:
    """Says for each subject of a package whose person it is, or why nobody's."""

    importing: SampleImporting
    whose: Whose
    scope: tuple[str, str]
    package: SamplePackage
    people: dict[str, None] = field(default_factory=dict)
    _known: dict[str, tuple[str, str]] = field(default_factory=dict)
    _subjects: tuple[str, ...] | None = None

    @property
    def home(self) -> str:
        """Whose ledger takes what belongs to nobody known."""
        return self.whose.person_id

    def person(self, subject: str) -> tuple[str, str]:
        """(person id, "") or ("", reason)."""
        if subject not in self._known:
            found = self._of_given(subject) if self.whose.person_id else self._of_anyone(subject)
            self._known[subject] = found
            if found[0]:
                self.people[found[0]] = None
        return self._known[subject]

    def _of_given(self, subject: str) -> tuple[str, str]:
        person_id = self.whose.person_id
        if not subject:
            return person_id, ""
        reference = self.scope[0] + subject
        linked = self.importing.match(reference)
        if linked == person_id:
            return person_id, ""
        if linked or (self.whose.subject and subject != self.whose.subject):
            return "", "another_person"
        if not self.whose.subject and len(self._all_subjects()) > 1:
            return "", "several_people"
        self.importing.link(person_id, reference)
        return person_id, ""

    @property
    def asked(self) -> tuple[str, ...]:
        """Everybody in the file, where entries were refused because nobody said which of them the person is."""
        refused = any(why == "several_people" for _, why in self._known.values())
        return tuple(sorted(self._all_subjects())) if refused else ()

    def _of_anyone(self, subject: str) -> tuple[str, str]:
        reference = self.scope[0] + subject if subject else self.scope[1]
        person_id = "" if self.whose.new else self.importing.match(reference)
        if not person_id:
            names = (PersonName(subject),) if subject else ()
            person_id = self.importing.add_person(PersonProfile(names=names))
            self.importing.link(person_id, reference)
        return person_id, ""

    def _all_subjects(self) -> tuple[str, ...]:
        if self._subjects is None:
            self._subjects = tuple(name for name in self.package.subjects() if name)
        return self._subjects


def _outcome(run: Run, head: ImportHead, ledger: Ledger, finder: _Finder) -> FileOutcome:
    """What came of the file, with the lines that say of something other than "stored" or "unchanged"."""
    people = finder.people
    lines: list[LedgerLine] = []
    left_out = 0
    for person_id in (*people, *(() if people else (run.whose.person_id,))):
        event = run.grant.event(ledger.import_id, person_id)
        for outcome in (o for o in Outcome if o not in (Outcome.STORED, Outcome.UNCHANGED) and ledger.count(o)):
            found, _ = run.ports.store.ledger_lines(
                person_id, ledger.import_id, event, outcome=outcome.value, limit=max(0, LINES_SHOWN - len(lines))
            )
            lines += found
        if len(lines) >= LINES_SHOWN:
            left_out += 1
            break
    counts = tuple((outcome.value, ledger.count(outcome)) for outcome in Outcome)
    made = FileOutcome(head.file_name or head.label, replace(ledger, counts=counts), person_ids=tuple(people), lines=tuple(lines))
    return replace(made, lines_left_out=left_out, subjects=finder.asked)
