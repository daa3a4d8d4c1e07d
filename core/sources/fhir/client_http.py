"""This is the place where one request is made to a FHIR server: signed, bounded, retried and stoppable."""

from __future__ import annotations

import random
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx2

from core.errors import Cancelled
from core.sources.fhir.client_address import ServerAddress
from core.sources.fhir.client_answer import Answer, Unanswered, fault_in, gunzip, http_date, refusal

_PASSING = {408, 425, 429}
_LASTING = {501, 505}
_TRANSIENT = {"server_not_reached", "page_cut_short"}
_HOPS = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one pull may take. Bytes are counted after decompression; `page_size` is what we ask for (`_count`)."""

    page_bytes: int = 64 << 20
    total_bytes: int = 512 << 20
    pages: int = 10_000
    stale_pages: int = 10
    records: int = 1_000_000
    references: int = 500
    page_size: int = 200
    largest_page: int = 5_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds: exponential back-off with jitter between half and whole, within `total_wait` a pull.

    A Retry-After longer than `longest_wait` is obeyed by giving up: knocking earlier would be rude, waiting would hang.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 60.0
    total_wait: float = 180.0
    connect_for: float = 10.0
    read_for: float = 30.0


def never() -> bool:
    """Nobody asks to stop."""
    return False


@dataclass
class Wire:
    """The way to one server for one pull. `bytes_read` and `waited` grow with use; nothing is logged."""

    address: ServerAddress
    http: httpx2.Client
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    should_stop: Callable[[], bool] = never
    bytes_read: int = 0
    waited: float = 0.0

    def get(self, url: str, *, strict: bool = False) -> Answer | Unanswered:
        """Ask until answered, refused or out of patience. `strict` asks the server to refuse what it doesn't know.

        Raises Cancelled; every other outcome is a value.
        """
        answer = self._ask(url, strict)
        for attempt in range(1, self.patience.attempts):
            if isinstance(answer, Answer) or not _may_pass(answer):
                return answer
            wait = self._wait_for(answer, attempt)
            if wait is None:
                return Unanswered("server_busy" if answer.wait is not None else answer.code, answer.status)
            self._pause(wait)
            answer = self._ask(url, strict)
        return answer

    def check_stop(self) -> None:
        if self.should_stop():
            raise Cancelled("cancelled", place="server")

    def _wait_for(self, answer: Unanswered, attempt: int) -> float | None:
        """Seconds to wait before trying again, None where that is more than we have."""
        wait = answer.wait
        if wait is None:
            doubled = self.patience.first_wait * 2 ** (attempt - 1)
            wait = min(doubled, self.patience.longest_wait) * (0.5 + self.jitter() / 2)
        fits = wait <= self.patience.longest_wait and self.waited + wait <= self.patience.total_wait
        return wait if fits else None

    def _pause(self, seconds: float) -> None:
        """Sleep in short steps, so that a person who cancels isn't kept waiting."""
        self.waited += seconds
        while seconds > 0:
            self.check_stop()
            step = min(seconds, 1.0)
            self.sleep(step)
            seconds -= step

    def _ask(self, url: str, strict: bool) -> Answer | Unanswered:
        """One try, with redirects followed only inside the server's own address."""
        for _ in range(_HOPS):
            self.check_stop()
            if self.bytes_read >= self.limits.total_bytes:
                return Unanswered("too_much_data")
            try:
                found = self._send(url, strict)
            except httpx2.HTTPError as error:
                return Unanswered("server_not_trusted" if _distrust(error) else "server_not_reached")
            except (httpx2.InvalidURL, httpx2.StreamError):
                return Unanswered("server_not_reached")
            if not isinstance(found, str):
                return found
            url = self.address.within(found, url) if found else ""
            if not url:
                return Unanswered("redirected_elsewhere")
        return Unanswered("redirected_elsewhere")

    def _send(self, url: str, strict: bool) -> Answer | Unanswered | str:
        """The answer, or where it redirects to."""
        headers = {
            "Accept": "application/fhir+json, application/json;q=0.9",
            "Accept-Encoding": "gzip",
            "User-Agent": "Healthboard",
        }
        if strict:
            headers["Prefer"] = "handling=strict"
        headers.update(self.address.authorize.headers())
        times = httpx2.Timeout(self.patience.read_for, connect=self.patience.connect_for)
        request = self.http.build_request("GET", url, headers=headers, timeout=times)
        response = self.http.send(request, stream=True, auth=None, follow_redirects=False)
        try:
            if response.is_redirect:
                return response.headers.get("location", "")
            if not response.is_success:
                return refusal(response)
            body = self._read(response)
        finally:
            response.close()
        if isinstance(body, Unanswered):
            return body
        fault = fault_in(body)
        return Unanswered(fault, response.status_code) if fault else Answer(url, body, http_date(response.headers.get("date")))

    def _read(self, response: httpx2.Response) -> bytes | Unanswered:
        """The body, decompressed here so that no more than the limit is ever unpacked."""
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if response.is_stream_consumed:
            pieces: Iterator[bytes] = iter([response.content])
        elif encoding in ("identity", ""):
            pieces = response.iter_raw()
        elif encoding in ("gzip", "x-gzip"):
            pieces = gunzip(response.iter_raw(), self.limits.page_bytes)
        else:
            return Unanswered("unknown_encoding", response.status_code)
        body = bytearray()
        try:
            for piece in pieces:
                self.check_stop()
                body += piece
                self.bytes_read += len(piece)
                if len(body) > self.limits.page_bytes:
                    return Unanswered("answer_too_large", response.status_code)
        except (zlib.error, EOFError):
            return Unanswered("page_cut_short", response.status_code)
        return bytes(body).removeprefix(b"\xef\xbb\xbf")


def _may_pass(answer: Unanswered) -> bool:
    """Whether the same question may be answered a little later."""
    passing = answer.status in _PASSING or (answer.status >= 500 and answer.status not in _LASTING)
    return passing or answer.code in _TRANSIENT


def _distrust(error: BaseException) -> bool:
    """Whether a connection failed because the server's certificate is not trusted."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
