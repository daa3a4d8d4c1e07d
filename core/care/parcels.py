"""This is the place where several files become parcels, each read and kept for itself, and one report comes of them all."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from core.care.access import Action, require
from core.care.desk_views import FileOutcome, ImportReport
from core.care.ingest import keep, refuse
from core.care.ingest_samples import keep_samples
from core.care.placing import Whose
from core.care.running import Run
from core.domain.ledger import Ledger, Outcome
from core.domain.people import Actor
from core.errors import BadInput, FileRefused
from core.ports import ImportHead, Package, Ports, Progress, SamplePackage, ShouldStop, Upload


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files that belong together (one file, or the NDJSON files of a bulk export); `kind` "file" or "demo", `label` the name
    of the source for people."""

    name: str
    uploads: tuple[Upload, ...]
    label: str = ""
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class Watch:
    """How somebody follows a long import: told how far it is (bytes of all parcels), asked whether to stop."""

    progress: Progress | None = None
    should_stop: ShouldStop | None = None


def import_parcels(ports: Ports, actor: Actor, whose: Whose, parcels: Sequence[Parcel], watch: Watch = Watch()) -> ImportReport:
    """Bring in parcels: those that hold Patients first, so that what is about them finds them. Each is kept whole or not at
    all; one that cannot be read doesn't stop the others. Raises NotFound for an unknown person, Cancelled (what was kept of
    earlier parcels stays)."""
    grant = require(ports, actor, Action.IMPORT_RECORDS, whose.person_id)
    if whose.person_id and whose.new:
        raise BadInput("person_or_new", place="person", need="one of both")
    if whose.person_id:
        whose = replace(whose, profile=ports.store.person(whose.person_id, grant.event("profile")).profile)
    started_at = ports.clock.now()
    outcomes: dict[int, FileOutcome] = {}
    share = _Share(watch.progress, [sum(map(size_of, parcel.uploads)) for parcel in parcels])
    for number, parcel, package in _patients_first(ports, parcels):
        run = Run(ports, grant, whose, share.of(number), watch.should_stop)
        head = ImportHead(parcel.kind, parcel.label or _source_name(package) or parcel.name, parcel.name, ports.clock.now())
        outcome = outcomes[number] = _brought_in(run, head, package)
        if outcome.ledger is not None and outcome.ledger.state == "stopped":
            break
        share.done(number)
        if whose.person_id:  # what was just learnt of the person counts for the next parcel
            whose = replace(whose, profile=ports.store.person(whose.person_id, grant.event("profile")).profile)
    return report(tuple(outcomes[number] for number in sorted(outcomes)), started_at, ports.clock.now())


def report(files: tuple[FileOutcome, ...], started_at: datetime, now: datetime) -> ImportReport:
    """Add up what came of the files."""
    total: Counter[str] = Counter()
    for file in files:
        total.update(dict(file.ledger.counts if isinstance(file.ledger, Ledger) else ()))
    people = tuple(dict.fromkeys(person_id for file in files for person_id in file.person_ids))
    counts = tuple((outcome.value, total[outcome.value]) for outcome in Outcome)
    return ImportReport(files, counts, people, round((now - started_at).total_seconds(), 3))


def size_of(upload: Upload) -> int:
    """Bytes of a file; 0 where it cannot be said."""
    if isinstance(upload.content, Path):
        try:
            return upload.content.stat().st_size
        except OSError:
            return 0
    here = upload.content.tell()
    size = upload.content.seek(0, io.SEEK_END)
    upload.content.seek(here)
    return size


def _source_name(package: Package | SamplePackage | FileRefused) -> str:
    """Device files are known by their maker: next month's export is the same source."""
    return str(getattr(package, "source_name", ""))


def _brought_in(run: Run, head: ImportHead, package: Package | SamplePackage | FileRefused) -> FileOutcome:
    if isinstance(package, FileRefused):
        return refuse(run, head, package)
    try:
        if hasattr(package, "batches"):
            return keep_samples(run, head, cast(SamplePackage, package))
        return keep(run, head, package)
    except FileRefused as error:  # the file changed while it was read
        return refuse(run, head, error)


_Found = Package | SamplePackage | FileRefused


def _patients_first(ports: Ports, parcels: Sequence[Parcel]) -> Iterator[tuple[int, Parcel, _Found]]:
    """Open one parcel after the other; those without a Patient wait until the others are done."""
    later = []
    for number, parcel in enumerate(parcels):
        package = _open(ports, parcel)
        if len(parcels) > 1 and not isinstance(package, FileRefused) and not package.people():
            later.append((number, parcel))
        else:
            yield number, parcel, package
    for number, parcel in later:
        yield number, parcel, _open(ports, parcel)


def _open(ports: Ports, parcel: Parcel) -> _Found:
    try:
        package = ports.reader.open(parcel.uploads)
        package.people()  # looks the whole package over: what is unreadable shows here
    except FileRefused as error:
        return error
    except OSError:
        return FileRefused("file_unreadable", place="file", need="a file that can be read")
    return package


class _Share:
    """Turns the progress of each parcel into the progress of all."""

    def __init__(self, progress: Progress | None, sizes: list[int]) -> None:
        self._progress, self._sizes, self._total, self._before = progress, sizes, sum(sizes), 0

    def of(self, number: int) -> Progress | None:
        told = self._progress
        if told is None:
            return None
        before, size, total = self._before, self._sizes[number], self._total

        def tell(done: int, of: int) -> None:
            told(before + (size * min(done, of) // of if of else 0), total)

        return tell

    def done(self, number: int) -> None:
        self._before += self._sizes[number]
        if self._progress is not None:
            self._progress(self._before, self._total)
