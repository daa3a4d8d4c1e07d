"""This is the place where the pages of one answer are followed to their end, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from core.errors import SourceRefused
from core.sources.fhir.client_answer import Answer, Unanswered
from core.sources.fhir.client_http import Wire
from core.sources.fhir.client_page import Page, fingerprint, read_entry, read_page, worst_issue
from core.sources.fhir.client_report import Fetched, Tally

Progress = Callable[[int, int], None]
"""Called with (records so far, records in all or 0 where the server doesn't say)."""


def unwatched(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass
class Visit:
    """One pull under way: the wire, what was seen so far, and what was learnt about the server's habits."""

    wire: Wire
    tally: Tally
    since: str = ""
    on_progress: Progress = unwatched
    reference_form: str | None = None
    outages: int = 0

    @property
    def base_url(self) -> str:
        return self.wire.address.base_url

    @property
    def full(self) -> bool:
        """Whether a limit of the whole pull is reached; the first time, that is noted."""
        limits = self.wire.limits
        if self.tally.pages >= limits.pages:
            self.tally.note("too_many_pages", "pull")
        elif self.tally.records >= limits.records:
            self.tally.note("too_many_records", "pull")
        elif self.wire.bytes_read >= limits.total_bytes:
            self.tally.note("too_much_data", "pull")
        else:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Question:
    """One answer to be read page by page: `name` is where it stands in paths, `url` its first page, `search` whether its
    total counts matches, `total_known` whether its total is that of the pull."""

    name: str
    url: str
    search: bool = True
    total_known: bool = False


@dataclass
class Walked:
    """How far one answer was read: what it gave, and why nothing came (`failure`, only where the first page failed).
    `known` are the fingerprints of what it gave, so that asking again gives only what is new."""

    pages: int = 0
    matches: int = 0
    total: int = -1
    broken: bool = False
    failure: Unanswered | None = None
    known: set[int] = field(default_factory=set)

    @property
    def short(self) -> bool:
        """Whether the server counts more matches than it sent, though it says there is no further page."""
        return not self.broken and self.failure is None and self.matches < self.total


def walk(visit: Visit, question: Question, known: set[int] | None = None) -> Generator[Fetched, None, Walked]:
    """Read every page; each thing fetched once per place, or only what is not in `known` where that is given.

    Raises Cancelled, and SourceRefused where the server stops accepting who we are.
    """
    walked = Walked(known=known if known is not None else set())
    seen: set[str] = set()
    stale, url = 0, question.url
    while url and not visit.full:
        visit.wire.check_stop()
        seen.add(url)
        answer = visit.wire.get(url, strict=question.search)
        page = _page(visit, question, answer, walked)
        if page is None:
            return walked
        before = len(walked.known)
        yield from _entries(visit, question, page, walked, only_new=known is not None)
        _report_progress(visit, question, walked)
        stale = stale + 1 if len(walked.known) == before else 0
        url = _next(visit, question, page, seen, walked, stale)
    walked.broken = walked.broken or bool(url)
    return walked


def _page(visit: Visit, question: Question, answer: Answer | Unanswered, walked: Walked) -> Page | None:
    """The page, or None with the reason kept in `walked` (first page) or in the tally (a later one)."""
    place = f"{question.name} page {walked.pages + 1}"
    if isinstance(answer, Unanswered):
        if answer.status == 401:
            raise SourceRefused("token_refused", place=place, status=401)
        _broken(visit, walked, answer, place)
        return None
    page = read_page(answer.body)
    if page.fault:
        _broken(visit, walked, Unanswered(page.fault), place)
        return None
    visit.tally.pages += 1
    if walked.pages == 0:
        visit.tally.server_times.extend(at for at in (answer.at, page.updated) if at)
    walked.pages += 1
    walked.total = max(walked.total, page.total)
    return page


def _broken(visit: Visit, walked: Walked, why: Unanswered, place: str) -> None:
    walked.broken = True
    if walked.pages:
        visit.tally.note(why.code, place, why.status)
    else:
        walked.failure = why


def _entries(visit: Visit, question: Question, page: Page, walked: Walked, *, only_new: bool) -> Iterator[Fetched]:
    for index, raw in enumerate(page.entries):
        path = f"{question.name}.page[{walked.pages}].entry[{index}]"
        entry = read_entry(raw, path, visit.base_url)
        fetched = entry.fetched
        if fetched.resource is not None and (entry.mode == "outcome" or fetched.kind == "OperationOutcome"):
            level = worst_issue(fetched.resource)
            told = "server_reports_error" if level in ("fatal", "error") else "server_reports_warning"
            visit.tally.note(told, f"{question.name} page {walked.pages}")
            continue
        mark = fingerprint(fetched)
        new = mark not in walked.known
        walked.known.add(mark)
        if not question.search or entry.mode != "include":
            walked.matches += 1
        if new or not only_new:
            visit.tally.records += 1
            yield fetched


def _report_progress(visit: Visit, question: Question, walked: Walked) -> None:
    known = question.total_known and walked.total >= visit.tally.records
    visit.on_progress(visit.tally.records, walked.total if known else 0)


def _next(visit: Visit, question: Question, page: Page, seen: set[str], walked: Walked, stale: int) -> str:
    """The URL of the next page, or "" at the end; an end that is none is noted."""
    if not page.next:
        return ""
    place = f"{question.name} page {walked.pages}"
    url = visit.wire.address.within(page.next, question.url)
    fault = ""
    if not url:
        fault = "next_elsewhere"
    elif url in seen:
        fault = "paging_loop"
    elif stale >= visit.wire.limits.stale_pages:
        fault = "paging_without_end"
    if not fault:
        return url
    visit.tally.note(fault, place)
    walked.broken = True
    return ""
