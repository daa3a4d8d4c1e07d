"""This is the place where one patient's records are searched for, kind by kind, in the form the server understands."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from core.sources.fhir.client_answer import Unanswered
from core.sources.fhir.client_capability import Capability
from core.sources.fhir.client_paging import Question, Visit, Walked, walk
from core.sources.fhir.client_report import Fetched

_NOT_THIS_WAY = {400, 404, 405, 410, 422, 501}
_NOT_OFFERED = {404, 405, 410, 501}
_FORMS = ("Patient/", "")
_MOST_OUTAGES = 3
Query = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource type with the search parameters that lead to its patient, best first, and the categories to ask one by
    one on servers that refuse to give all at once."""

    name: str
    params: tuple[str, ...] = ("patient", "subject")
    categories: tuple[str, ...] = ()


KINDS = (
    Kind("Encounter"),
    Kind("Condition", categories=("problem-list-item", "encounter-diagnosis", "health-concern")),
    Kind("AllergyIntolerance", ("patient",)),
    Kind("MedicationRequest"),
    Kind("MedicationStatement"),
    Kind("Immunization", ("patient",)),
    Kind("Procedure"),
    Kind(
        "Observation",
        categories=(
            "vital-signs", "laboratory", "social-history", "survey", "exam", "imaging", "procedure", "activity", "therapy",
        ),
    ),
    Kind("DiagnosticReport"),
    Kind("DocumentReference"),
    Kind("CarePlan", categories=("assess-plan",)),
    Kind("CareTeam"),
    Kind("Goal"),
    Kind("Appointment", ("patient", "actor")),
    Kind("Device", ("patient",)),
    Kind("Coverage", ("beneficiary", "patient", "policy-holder")),
    Kind("Consent", ("patient", "subject")),
    Kind("Media"),
    Kind("ImagingStudy"),
)  # fmt: skip
"""R4 search parameters (HL7 FHIR 4.0.1, "Search Parameters" of each resource); STU3, R4B and R5 know the same names where
they know the kind."""


def search_all(visit: Visit, capability: Capability, patient_id: str) -> Iterator[Fetched]:
    """Everything about a patient by search. A kind that fails is noted and the others go on, until the server is gone."""
    for kind in KINDS:
        if visit.outages >= _MOST_OUTAGES:
            visit.tally.note("server_gone", "pull")
        if visit.full or visit.outages >= _MOST_OUTAGES:
            return
        if capability.offers(kind.name):
            yield from _kind(visit, kind, _queries(visit, capability, kind, patient_id))


def _queries(visit: Visit, capability: Capability, kind: Kind, patient_id: str) -> tuple[Query, ...]:
    forms = _FORMS if visit.reference_form is None else (visit.reference_form,)
    return tuple((name, form + patient_id) for name in kind.params if capability.accepts(kind.name, name) for form in forms)


def _kind(visit: Visit, kind: Kind, queries: tuple[Query, ...]) -> Iterator[Fetched]:
    """One kind, by the first parameter and form that find anything. What no form could get is noted."""
    refused: Unanswered | None = None
    answered = not queries
    if not queries:
        visit.tally.note("kind_not_offered", kind.name)
    for query in queries:
        walked = yield from _asked(visit, kind, query)
        failure = walked.failure
        answered = answered or failure is None
        refused = failure or refused
        if walked.matches:
            visit.reference_form = "Patient/" if query[1].startswith("Patient/") else ""
        if walked.matches or visit.full or (failure and failure.status not in _NOT_THIS_WAY):
            break
    if refused and (not answered or refused.status not in _NOT_THIS_WAY):
        _note(visit, kind, refused)


def _asked(visit: Visit, kind: Kind, query: Query) -> Generator[Fetched, None, Walked]:
    """One way of asking: whole, then category by category where the server insists on one."""
    walked = yield from _plain(visit, kind.name, (query,))
    if not (walked.failure and walked.failure.status in (400, 422) and kind.categories):
        return walked
    together, best = set[int](), walked
    for category in kind.categories:
        part = yield from _plain(visit, kind.name, (query, ("category", category)), together)
        if part.failure is None:
            part.matches += best.matches
            best = part
        elif part.failure.status not in _NOT_THIS_WAY:
            return part
    if best.failure is None:
        visit.tally.note("asked_by_category", kind.name)
    return best


def _plain(visit: Visit, name: str, query: tuple[Query, ...], known: set[int] | None = None) -> Generator[Fetched, None, Walked]:
    """One search to its end. A server that won't take `_lastUpdated` is asked without; one that counts more matches than it
    sends, and has no further page, is asked once for all of them together."""
    size = visit.wire.limits.page_size
    walked = yield from walk(visit, Question(name, _url(visit, name, query, size, visit.since)), known)
    since = visit.since
    if since and walked.failure and walked.failure.status in (400, 422):
        again = yield from walk(visit, Question(name, _url(visit, name, query, size, "")), known)
        if again.failure is None:
            visit.tally.note("since_not_supported", name)
            walked, since = again, ""
    if walked.short and walked.pages == 1 and walked.total <= visit.wire.limits.largest_page:
        walked = yield from walk(visit, Question(name, _url(visit, name, query, walked.total, since)), walked.known)
    if walked.short:
        visit.tally.note("fewer_than_total", name)
    return walked


def _url(visit: Visit, name: str, query: tuple[Query, ...], size: int, since: str) -> str:
    updated = (("_lastUpdated", f"ge{since}"),) if since else ()
    return visit.wire.address.at(name, (*query, *updated, ("_count", str(size))))


def _note(visit: Visit, kind: Kind, why: Unanswered) -> None:
    code = why.code
    if why.status == 403:
        code = "kind_refused"
    elif why.status in _NOT_OFFERED:
        code = "kind_not_offered"
    elif code in ("server_not_reached", "server_failed", "server_busy"):
        visit.outages += 1
    visit.tally.note(code, kind.name, why.status)
