"""This is the place where everything a FHIR server has about one patient is fetched, as it is, piece by piece."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType

import httpx2

from core.domain.time import PartialTime
from core.errors import BadInput, SourceRefused
from core.sources.fhir.client_address import ServerAddress, patient_id_of
from core.sources.fhir.client_answer import Unanswered
from core.sources.fhir.client_capability import Capability, failure, read_capability
from core.sources.fhir.client_http import Limits, Patience, Wire, never
from core.sources.fhir.client_page import read_resource
from core.sources.fhir.client_paging import Progress, Question, Visit, unwatched, walk
from core.sources.fhir.client_references import Mentioned, follow
from core.sources.fhir.client_report import Fetched, PullReport, Tally, instant
from core.sources.fhir.client_search import search_all


@dataclass(frozen=True, slots=True)
class Manner:
    """How a pull behaves: how much, how patiently, how it sleeps, whom it tells, and whether it has been told to stop.

    `overlap` is taken off `since`, for servers whose web front and database disagree about the time; what comes twice is
    unchanged for the store. `http` is a client to use (its proxies and certificates); none: one of our own, which reads no
    environment.
    """

    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    overlap: timedelta = timedelta(minutes=2)
    http: httpx2.Client | None = None
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    on_progress: Progress = unwatched
    should_stop: Callable[[], bool] = never


class Pull(Iterator[Fetched]):
    """What a server sends about one patient, lazily. Iterating raises SourceUnavailable where nothing can be had at all,
    SourceRefused where the server says no (or stops saying yes), Cancelled when told to stop; anything less is in `report`."""

    def __init__(self, address: ServerAddress, patient_id: str, since: str, manner: Manner) -> None:
        self._patient_id = patient_id_of(patient_id)
        self._http = manner.http or httpx2.Client(trust_env=False)
        self._own = manner.http is None
        wire = Wire(
            address, self._http, manner.limits, manner.patience, sleep=manner.sleep, jitter=manner.jitter, should_stop=manner.should_stop,
        )  # fmt: skip
        self._visit = Visit(wire, Tally(address.base_url), _start(since, manner.overlap), manner.on_progress)
        self._steps = self._run()

    def __next__(self) -> Fetched:
        return next(self._steps)

    @property
    def report(self) -> PullReport:
        """How it went so far; final once the iterator is exhausted."""
        return self._visit.tally.report(self._visit.wire.bytes_read)

    def close(self) -> None:
        """Stop, and let go of the connection. A pull that is closed early is not complete."""
        self._steps.close()
        self._let_go()

    def __enter__(self) -> Pull:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _let_go(self) -> None:
        if self._own:
            self._http.close()

    def _run(self) -> Generator[Fetched, None, None]:
        visit = self._visit
        try:
            capability = read_capability(visit.wire)
            visit.tally.fhir_version = capability.version
            mentioned = Mentioned(visit.base_url, visit.wire.limits.references)
            for fetched in _about(visit, capability, self._patient_id):
                mentioned.see(fetched)
                yield fetched
            yield from follow(visit, mentioned)
            visit.on_progress(visit.tally.records, visit.tally.records)
            visit.tally.finished = True
        finally:
            self._let_go()


def pull(address: ServerAddress, patient_id: str, *, since: str = "", manner: Manner | None = None) -> Pull:
    """Fetch all about one patient (the server's id, "123" or "Patient/123").

    `since` is the `next_since` of an earlier report: only what changed since then is asked for. Raises BadInput where
    the id or `since` can't be used; everything else happens while iterating.
    """
    return Pull(address, patient_id, since, manner or Manner())


def _start(since: str, overlap: timedelta) -> str:
    if not since:
        return ""
    at = PartialTime.parse(since)
    if at is None or not at.zoned:
        raise BadInput("bad_since", place="since", need="an instant with its offset")
    try:
        return instant(at.earliest - overlap)
    except OverflowError:
        raise BadInput("bad_since", place="since", need="an instant of our age") from None


def _about(visit: Visit, capability: Capability, patient_id: str) -> Iterator[Fetched]:
    """The patient and the records, at once where the server offers it, else kind by kind."""
    if capability.everything:
        found = yield from _everything(visit, patient_id)
        if found:
            return
    yield _patient(visit, patient_id)
    yield from search_all(visit, capability, patient_id)


def _everything(visit: Visit, patient_id: str) -> Generator[Fetched, None, bool]:
    """Patient/$everything; whether it worked (if not, nothing was yielded)."""
    query = (("_count", str(visit.wire.limits.page_size)), *((("_since", visit.since),) if visit.since else ()))
    url = visit.wire.address.at(f"Patient/{patient_id}/$everything", query)
    pages = walk(visit, Question("everything", url, search=False, total_known=True))
    seen = False
    while True:
        try:
            fetched = next(pages)
        except StopIteration as end:
            walked = end.value
            break
        seen |= fetched.kind == "Patient" and fetched.resource is not None and fetched.resource.get("id") == patient_id
        yield fetched
    if walked.failure is not None:
        visit.tally.note("everything_not_usable", "everything", walked.failure.status)
        return False
    visit.tally.everything = True
    if walked.short:
        visit.tally.note("fewer_than_total", "everything")
    if not seen:
        yield _patient(visit, patient_id)
    return True


def _patient(visit: Visit, patient_id: str) -> Fetched:
    """The Patient, without whom nothing else can be placed."""
    answer = visit.wire.get(visit.wire.address.at(f"Patient/{patient_id}"))
    if isinstance(answer, Unanswered):
        raise failure(answer, "Patient", absent="patient_not_found")
    if answer.at:
        visit.tally.server_times.append(answer.at)
    fetched = read_resource(answer.body, "Patient", "", visit.base_url)
    if fetched.resource is None or fetched.kind != "Patient":
        raise SourceRefused("patient_not_found", place="Patient")
    visit.tally.records += 1
    return fetched
