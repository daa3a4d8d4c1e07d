"""This is the place where the address of a FHIR server is checked, and no request may leave it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import unquote

import httpx2

from core.errors import BadInput

_PORTS = {"https": 443, "http": 80}
_PATIENT_ID = re.compile(r"(?:Patient/)?([A-Za-z0-9_][A-Za-z0-9._-]{0,127})")
_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")


class Authorize(Protocol):
    """What signs a request. It is asked before each one, so that a later SMART sign-in can renew its token."""

    def headers(self) -> Mapping[str, str]:
        """The headers that prove who asks. They are only ever sent to the server's own origin and path."""
        ...


@dataclass(frozen=True, slots=True)
class BearerToken:
    """A token that a person was given by the server's owner. It never shows in a repr."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise BadInput("bad_token", place="token", need="visible ASCII characters without spaces")

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Nobody:
    """No sign-in: an open server."""

    def headers(self) -> Mapping[str, str]:
        return {}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A FHIR base URL and who asks there.

    Plain http is accepted for this machine itself (loopback) or with `allow_plain_http`. Raises BadInput("bad_address")
    for anything that isn't an absolute http(s) URL without user name, query and fragment, and for addresses that belong
    to no server (link-local, multicast, unspecified).
    """

    base_url: str
    authorize: Authorize = Nobody()
    allow_plain_http: bool = False

    def __post_init__(self) -> None:
        url = _parsed(self.base_url)
        if url is None or url.scheme not in _PORTS or not url.host:
            raise _bad("an absolute https address")
        if url.userinfo or "@" in url.netloc.decode("ascii", "replace"):
            raise _bad("an address without a user name or password")
        if url.query or url.fragment or "?" in self.base_url or "#" in self.base_url:
            raise _bad("an address without ? and #")
        if _climbs(url):
            raise _bad("a path without dots and backslashes")
        if _nowhere(url.host):
            raise _bad("the address of a server")
        if url.scheme == "http" and not (self.allow_plain_http or _loopback(url.host)):
            raise _bad("https")
        object.__setattr__(self, "base_url", str(url.copy_with(path=url.path.rstrip("/") or "/")).rstrip("/"))

    def at(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> str:
        """The absolute URL of a path below the base, such as "Patient/1/$everything"."""
        url = httpx2.URL(f"{self.base_url}/{path}")
        return str(url.copy_merge_params(query) if query else url)

    def within(self, link: str, seen_on: str) -> str:
        """The absolute URL a server's own link means, or "" where it leaves the origin or the base path.

        A link that only lost its https behind a proxy is taken back to our origin; relative links are read against the
        base, as FHIR has it, and "?..." against the page `seen_on`.
        """
        base = httpx2.URL(self.base_url)
        url = _joined(link, self.base_url, seen_on)
        if url is None or url.userinfo or _climbs(url):
            return ""
        if url.scheme == "http" and base.scheme == "https" and url.host == base.host and url.port in (None, 80, base.port):
            url = url.copy_with(scheme="https", port=base.port)
        if _origin(url) != _origin(base):
            return ""
        root = base.path.rstrip("/")
        if url.path.rstrip("/") != root and not url.path.startswith(root + "/"):
            return ""
        return str(url.copy_with(fragment=None))


def patient_id_of(text: str) -> str:
    """The server's bare id of a patient, from "123" or "Patient/123". Raises BadInput("bad_patient_id")."""
    found = _PATIENT_ID.fullmatch(text.strip())
    if not found:
        raise BadInput("bad_patient_id", place="patient", need="the server's id: letters, digits, - and .")
    return found[1]


def _bad(need: str) -> BadInput:
    return BadInput("bad_address", place="server", need=need)


def _parsed(text: str) -> httpx2.URL | None:
    if any(ord(char) <= 32 or ord(char) == 127 for char in text) or "\\" in text:
        return None
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        return None
    return url if url.port is None or 0 < url.port < 65536 else None


def _joined(link: str, base_url: str, seen_on: str) -> httpx2.URL | None:
    url = _parsed(link)
    if url is None or url.is_absolute_url:
        return url
    try:
        return httpx2.URL(seen_on if link.startswith("?") else base_url + "/").join(link)
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        return None


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme)


def _climbs(url: httpx2.URL) -> bool:
    """Whether the path tries to leave where it says it is; twice encoded counts, as a proxy may decode once."""
    path = unquote(unquote(url.raw_path.decode("ascii", "replace").partition("?")[0]))
    return "\\" in path or any(part in (".", "..") for part in path.split("/"))


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _nowhere(host: str) -> bool:
    """Whether the host is a number that no record server has, such as a cloud's metadata address."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified
