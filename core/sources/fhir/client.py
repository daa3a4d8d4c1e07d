"""This is the place where a FHIR server becomes a package of records: fetched whole, looked over, then normalised."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import orjson

from core.domain.records import Incoming, Reject
from core.ports import PackagePerson, Progress, ServerLogin, ShouldStop
from core.sources.fhir.client_address import BearerToken, Nobody, ServerAddress
from core.sources.fhir.client_pull import Manner, Pull, pull
from core.sources.fhir.client_report import Fetched, PullReport
from core.sources.fhir.documents import Element
from core.sources.fhir.index import PackageIndex
from core.sources.fhir.normalise import normalise
from core.sources.fhir.sheet import Context

_BATCH_BYTES = 256 << 10
_SCOPE = 1
"""All pages of a pull count as one Bundle: its references hold across pages."""


@dataclass(frozen=True, slots=True)
class FhirServer:
    """Pulls one patient's records from a FHIR REST server. `allow_plain_http` is for servers on a trusted network."""

    allow_plain_http: bool = False
    manner: Manner = field(default_factory=Manner)

    def pull(self, login: ServerLogin, should_stop: ShouldStop | None = None, progress: Progress | None = None) -> PulledRecords:
        """The records of one patient there. Raises BadInput where address, id, token or `since` can't be used; what the
        server does is raised or reported while the package is read."""
        authorize = BearerToken(login.token) if login.token else Nobody()
        address = ServerAddress(login.base_url.strip(), authorize, self.allow_plain_http)
        manner = self.manner
        if should_stop is not None:
            manner = replace(manner, should_stop=should_stop)
        if progress is not None:
            manner = replace(manner, on_progress=progress)
        return PulledRecords(pull(address, login.patient_id, since=login.since, manner=manner))


@dataclass
class PulledRecords:
    """What a server sent. It is fetched at the first question, all of it, and kept packed in memory: nothing of a person is
    ever put in a temporary file."""

    source: Pull
    _batches: list[_Batch] = field(default_factory=list)
    _index: PackageIndex = field(default_factory=PackageIndex)
    _fetched: bool = False

    def people(self) -> tuple[PackagePerson, ...]:
        """Every Patient that came: the one asked for, and any other the server sent unasked."""
        self._fetch()
        return tuple(self._index.persons.values())

    def entries(self, progress: Progress | None = None) -> Iterator[Incoming | Reject]:
        """Every entry once, in the order in which it came."""
        self._fetch()
        done = 0
        for batch in self._batches:
            for fetched in batch.fetched():
                yield self._record(fetched)
                done += 1
            if progress is not None:
                progress(done, self._index.entries)

    @property
    def report(self) -> PullReport:
        """How the pull went."""
        return self.source.report

    @property
    def complete(self) -> bool:
        return self.report.complete

    @property
    def problems(self) -> tuple[str, ...]:
        """The codes of what went wrong or is worth knowing (client_report: BREAKING, NOTES)."""
        return self.report.problem_codes

    @property
    def next_since(self) -> str:
        return self.report.next_since

    def _fetch(self) -> None:
        if self._fetched:
            return
        self._batches, self._index = [], PackageIndex()
        self._index.bases[_SCOPE] = self.report.origin
        waiting: list[Fetched] = []
        size = 0
        with self.source:
            for fetched in self.source:
                self._index.add(_element(fetched))
                waiting.append(fetched)
                size += len(fetched.raw)
                if size >= _BATCH_BYTES:
                    self._batches.append(_Batch.of(waiting))
                    waiting, size = [], 0
        self._batches.append(_Batch.of(waiting))
        self._index.finish()
        self._fetched = True

    def _record(self, fetched: Fetched) -> Incoming | Reject:
        if fetched.problem:
            outcome = "not_followed" if fetched.problem == "not_followed" else "refused"
            return Reject(fetched.path, fetched.problem, fetched.kind, outcome)
        resource = orjson.loads(fetched.raw)
        origin = self._index.own_origin(fetched.full_url, _SCOPE)
        return normalise(resource, Context(fetched.path, fetched.raw, self._index, origin, fetched.full_url, _SCOPE))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Things fetched, their JSON packed together."""

    heads: tuple[tuple[Fetched, int], ...]
    packed: bytes

    @classmethod
    def of(cls, fetched: list[Fetched]) -> _Batch:
        heads = tuple((replace(each, raw=b"", resource=None), len(each.raw)) for each in fetched)
        return cls(heads, zlib.compress(b"".join(each.raw for each in fetched), 1))

    def fetched(self) -> Iterator[Fetched]:
        whole, start = zlib.decompress(self.packed), 0
        for head, length in self.heads:
            yield replace(head, raw=whole[start : start + length])
            start += length


def _element(fetched: Fetched) -> Element:
    return Element(fetched.path, fetched.raw, fetched.full_url, _SCOPE, fetched.problem)
