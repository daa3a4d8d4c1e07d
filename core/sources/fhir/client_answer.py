"""This is the place where a server's answer is taken in: unpacked within bounds, checked to be JSON, or refused with its reason."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx2
import msgspec

_CODES = {401: "token_refused", 403: "token_refused", 404: "not_found", 410: "not_found", 429: "server_busy"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer that is well-formed JSON, the URL it came from, and the server's own time."""

    url: str
    body: bytes
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why there is no answer (a code of client_report), the HTTP status (0: none), what the server asks us to wait."""

    code: str
    status: int = 0
    wait: float | None = None


def gunzip(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Unpack piece by piece, never more than 1 MiB at a time. Raises EOFError where the end is missing."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    given = 0
    for chunk in chunks:
        while chunk and given <= limit:
            piece = unpacker.decompress(chunk, 1 << 20)
            given += len(piece)
            yield piece
            chunk = unpacker.unconsumed_tail
    if given <= limit and not unpacker.eof:
        raise EOFError


def fault_in(body: bytes) -> str:
    """What keeps the body from being JSON, or ""."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        start = body.lstrip()[:1]
        if start == b"<":
            return "web_page"
        return "page_cut_short" if start in (b"{", b"[", b"") else "not_json"
    return ""


def refusal(response: httpx2.Response) -> Unanswered:
    status = response.status_code
    code = _CODES.get(status) or ("server_failed" if status >= 500 else "refused_by_server")
    wait = _retry_after(response) if status in (429, 503) else None
    return Unanswered(code, status, wait)


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds the server asks for; a date is read against the server's own clock, never ours."""
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 10:
        return float(said)
    until, now = http_date(said), http_date(response.headers.get("date"))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def http_date(text: str | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None
