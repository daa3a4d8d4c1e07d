"""This is the place where it is said how a kiosk and a server speak over HTTP: addresses, headers, sizes, and the JSON of each thing that is sent.

Nothing that is secret or about a person stands in an address: those are logged on the way. A sealed visit travels as bytes, its id and time as headers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from core.errors import BadInput
from core.kiosk.terms import SealedVisit

HELLO, IDENTIFY, VISITS, DESK = "/kiosk/v1/hello", "/kiosk/v1/identify", "/kiosk/v1/visits", "/kiosk/v1/desk"
VISIT_HEADER, SEALED_HEADER = "kiosk-visit", "kiosk-sealed-at"
"""The headers of POST /kiosk/v1/visits: the visit's id, and when it was sealed in whole seconds since 1970."""

MOST_JSON = 64 * 1024
"""Bytes of a question or an answer in JSON."""
MOST_SEALED = 24 * 1024 * 1024
"""Bytes of a sealed visit: photos and all."""
LONGEST_ID = 64

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of an identification: a Proof beside the language the person chose. The proof's fields stand in `proof`."""

    proof: Mapping[str, str]
    language: str


@dataclass(frozen=True, slots=True)
class Called:
    """The body of a call to the desk."""

    why: str
    ticket: str = ""


def written(thing: object) -> bytes:
    """One of the types of terms.py or of this file as JSON; bytes as base64."""
    return msgspec.json.encode(thing, order="sorted", enc_hook=_plain)


def read(kind: type[T], body: bytes, most: int = MOST_JSON) -> T:
    """The thing of that type. Raises BadInput("bad_message") that names the place, never what stood there."""
    if len(body) > most:
        raise BadInput("bad_message", place=kind.__name__, need=f"at most {most} bytes")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput("bad_message", place=kind.__name__, need=_path(error)) from None


def headers_of(visit: SealedVisit) -> dict[str, str]:
    """What goes beside a sealed visit."""
    return {
        VISIT_HEADER: visit.visit_id,
        SEALED_HEADER: str(int(visit.sealed_at.timestamp())),
        "content-type": "application/octet-stream",
    }


def visit_of(headers: Mapping[str, str], body: bytes) -> SealedVisit:
    """The sealed visit of a request (`headers` by lower-case name). Raises BadInput("bad_message")."""
    visit_id, sealed = headers.get(VISIT_HEADER, ""), headers.get(SEALED_HEADER, "")
    if not good_id(visit_id):
        raise BadInput("bad_message", place=VISIT_HEADER, need="an id of letters, digits and hyphens")
    if not sealed.isascii() or not sealed.isdigit() or len(sealed) > 11:
        raise BadInput("bad_message", place=SEALED_HEADER, need="whole seconds since 1970")
    if not 0 < len(body) <= MOST_SEALED:
        raise BadInput("bad_message", place="body", need=f"1 to {MOST_SEALED} bytes")
    return SealedVisit(visit_id, datetime.fromtimestamp(int(sealed), UTC), body)


def good_id(text: str) -> bool:
    """Whether this can be a visit's id: 1 to 64 letters, digits and hyphens."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.replace("-", "a").isalnum()


def _plain(thing: object) -> object:
    if isinstance(thing, Mapping):  # a read-only view of one
        return dict(thing)
    raise TypeError(type(thing).__name__)


def _path(error: Exception) -> str:
    """Where it was wrong: msgspec's path ("$.values[...]") without what stood there."""
    return str(error).rpartition(" - at `")[2].rstrip("`")[:80] if " - at `" in str(error) else "JSON of this shape"
