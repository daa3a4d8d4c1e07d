"""This is the place where a FHIR server stands in one process, to answer as a test wants it to, well or badly."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx2

from core.sources.fhir.client_address import BearerToken, ServerAddress
from core.sources.fhir.client_http import Limits, Patience
from core.sources.fhir.client_pull import Manner, Pull, pull

BASE = "https://records.example/fhir"
DATE = "Sat, 21 Nov 2026 09:00:00 GMT"
ALL = ("Patient", "Observation", "Condition", "MedicationRequest", "Practitioner")

Answerer = Callable[[httpx2.Request], httpx2.Response]


def answer(body: object, status: int = 200, **headers: str) -> httpx2.Response:
    """An answer as a wire brings it: a stream, not yet read. Bytes go as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"content-type": "application/fhir+json", "date": DATE} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return httpx2.Response(status, headers=named, stream=httpx2.ByteStream(content))


def gzipped(body: bytes) -> httpx2.Response:
    return answer(gzip.compress(body), content_encoding="gzip")


def statement(*kinds: str, version: str = "4.0.1", everything: bool = False, params: tuple[str, ...] = ()) -> dict[str, object]:
    """A CapabilityStatement that offers these kinds."""
    listed = [{"type": kind, "searchParam": [{"name": name} for name in params]} for kind in kinds or ALL]
    if everything:
        listed[0]["operation"] = [{"name": "everything"}]
    return {"resourceType": "CapabilityStatement", "fhirVersion": version, "rest": [{"mode": "server", "resource": listed}]}


def patient(patient_id: str = "1") -> dict[str, object]:
    return {"resourceType": "Patient", "id": patient_id, "birthDate": "1960-01-01"}


def observation(number: int, who: str = "1", **more: object) -> dict[str, object]:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "subject": {"reference": f"Patient/{who}"},
        **more,
    }


def page(*resources: object, following: str = "", total: int | None = None) -> dict[str, object]:
    """A page of a searchset."""
    entries = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    links = [{"relation": "self", "url": BASE}] + ([{"relation": "next", "url": following}] if following else [])
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries} | (
        {} if total is None else {"total": total}
    )


@dataclass
class FakeServer:
    """Answers by path below the base ("Observation"), each answer a response, a JSON value or a function; what nobody
    provided is an empty page (kinds) or 404. Remembers every request."""

    paths: dict[str, object] = field(default_factory=dict)
    capability: object = field(default_factory=statement)
    requests: list[httpx2.Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        path = request.url.path.removeprefix("/fhir").strip("/")
        found = self.paths.get(path, self._usual(path))
        if callable(found):
            found = found(request)
        return found if isinstance(found, httpx2.Response) else answer(found)

    def _usual(self, path: str) -> object:
        if path == "metadata":
            return self.capability
        if path == "Patient/1":
            return patient()
        return answer({"resourceType": "OperationOutcome"}, 404) if "/" in path else page()

    def asked(self, path: str) -> list[httpx2.Request]:
        return [request for request in self.requests if request.url.path == f"/fhir/{path}"]

    def pull(
        self, *, since: str = "", token: str = "s3cret", limits: Limits = Limits(), base: str = BASE, **manner: object
    ) -> Pull:
        """A pull of patient 1 that waits for nothing."""
        address = ServerAddress(base, BearerToken(token))
        http = httpx2.Client(transport=httpx2.MockTransport(self))
        how = {"http": http, "sleep": self.slept.append, "jitter": lambda: 1.0, "limits": limits, "patience": Patience()} | manner
        return pull(address, "1", since=since, manner=Manner(**how))  # type: ignore[arg-type]


def in_turn(*answers: object) -> Answerer:
    """These answers one after the other, then the last one for ever."""
    waiting: Iterator[object] = iter(answers)
    last: list[object] = []

    def next_answer(_: httpx2.Request) -> httpx2.Response:
        for found in waiting:
            last[:] = [found]
            break
        found = last[0]
        if isinstance(found, Exception):
            raise found
        return answer(found.body, found.status, **found.headers) if isinstance(found, Plain) else answer(found)

    return next_answer


@dataclass(frozen=True)
class Plain:
    """An answer that can be given more than once."""

    body: object
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


ONE_KIND = statement("Observation")


def pulled(found: object, **how: object) -> tuple[FakeServer, list, object]:
    """A pull from a server whose Observation search answers like this."""
    server = FakeServer({"Observation": found}, ONE_KIND)
    pull = server.pull(**how)
    came = [each for each in pull if each.kind != "Patient"]
    return server, came, pull.report
