"""This is the place where a pull from a server says what came, what did not, and whether that was everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

ERROR_CODES = (
    "bad_address", "bad_patient_id", "bad_since", "bad_token", "no_capability_statement", "patient_not_found",
    "redirected_elsewhere", "server_busy", "server_failed", "server_not_reached", "server_not_trusted",
    "server_unreadable", "token_refused", "version_not_supported",
)  # fmt: skip
"""Codes of the errors a pull can end with; said in words by the catalogues (`error.<code>`)."""

BREAKING = (
    "answer_too_large", "entries_unreadable", "fewer_than_total", "kind_refused", "next_elsewhere", "not_a_bundle",
    "not_found", "not_json", "page_cut_short", "paging_loop", "paging_without_end", "redirected_elsewhere",
    "reference_unreachable", "refused_by_server", "server_busy", "server_failed", "server_gone", "server_not_reached",
    "server_not_trusted", "server_reports_error", "token_refused", "too_many_pages", "too_many_records",
    "too_much_data", "unknown_encoding", "web_page",
)  # fmt: skip
"""Problems after which a pull is not complete (`reason.<code>` in the catalogues)."""

NOTES = (
    "asked_by_category", "everything_not_usable", "kind_not_offered", "server_reports_warning", "since_not_supported",
    "too_many_references",
)  # fmt: skip
"""Things a person may want to know about a pull that is complete all the same (`reason.<code>`)."""

PROBLEM_CODES = BREAKING + NOTES


@dataclass(frozen=True, slots=True)
class Fetched:
    """One thing that a server sent, or failed to send, untouched.

    `path` says where it stood ("Observation.page[2].entry[5]", "read[Practitioner/7]"); `full_url` is the entry's own, or
    made from the base URL and the id, or ""; `resource` is None when `problem` says why ("entry_not_an_object",
    "entry_without_resource", "resource_not_an_object", "resource_unreadable", "not_followed"); `raw` is the JSON of the
    resource exactly as sent.
    """

    path: str
    full_url: str
    resource: dict[str, object] | None
    problem: str = ""
    raw: bytes = b""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong where ("Observation page 3"); `status` is the HTTP status, 0 where there was none."""

    code: str
    place: str
    status: int = 0

    @property
    def breaks(self) -> bool:
        return self.code in BREAKING


@dataclass(frozen=True, slots=True)
class PullReport:
    """How a pull went so far; final when its iterator is exhausted.

    `complete` is true only when all that the server offered about the patient was read to its end. `next_since` is the
    server's own time to give as `since` next time, empty unless complete. `origin` is the base URL ids belong to.
    """

    origin: str
    fhir_version: str = ""
    everything: bool = False
    pages: int = 0
    records: int = 0
    bytes_read: int = 0
    complete: bool = False
    problems: tuple[Problem, ...] = ()
    not_followed: tuple[str, ...] = ()
    next_since: str = ""

    @property
    def problem_codes(self) -> tuple[str, ...]:
        """Each code once, in order of appearance."""
        return tuple(dict.fromkeys(problem.code for problem in self.problems))


@dataclass
class Tally:
    """What one pull has seen so far; it belongs to that pull alone."""

    origin: str
    fhir_version: str = ""
    everything: bool = False
    pages: int = 0
    records: int = 0
    finished: bool = False
    server_times: list[datetime] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    not_followed: list[str] = field(default_factory=list)

    def note(self, code: str, place: str, status: int = 0) -> None:
        problem = Problem(code, place, status)
        if problem not in self.problems:
            self.problems.append(problem)

    def report(self, bytes_read: int) -> PullReport:
        complete = self.finished and not any(problem.breaks for problem in self.problems)
        since = instant(min(self.server_times)) if complete and self.server_times else ""
        return PullReport(
            origin=self.origin, fhir_version=self.fhir_version, everything=self.everything, pages=self.pages,
            records=self.records, bytes_read=bytes_read, complete=complete, problems=tuple(self.problems),
            not_followed=tuple(self.not_followed), next_since=since,
        )  # fmt: skip


def instant(at: datetime) -> str:
    """A FHIR instant in UTC, to the second below."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
