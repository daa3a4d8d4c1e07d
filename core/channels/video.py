"""This is the place where the address of a video room is written: on a Jitsi Meet server, with a token (RFC 7519, HS256) where the server shares a secret with us."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from core.errors import BadInput
from core.ports import VideoGuest

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_SECRET = 32
"""Bytes: RFC 7518, 3.2: a key of the size of the hash output or larger."""
EARLIER = 60
"""Seconds by which the clocks of two machines may differ."""


@dataclass(frozen=True, slots=True)
class Jitsi:
    """One server. `secret` "" : whoever knows a room may come in."""

    url: str
    app_id: str = ""
    secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str, app_id: str, secret: str) -> Jitsi:
        """Raises BadInput: an address that isn't https (http for this machine alone), a token that is only half set up, a secret that can be guessed."""
        parts = urlsplit(url.strip())
        local = parts.scheme == "http" and parts.hostname in LOCAL
        if not parts.hostname or not (parts.scheme == "https" or local) or parts.query or parts.fragment or parts.username:
            raise BadInput("bad_setting", place="HEALTHBOARD_VIDEO_URL", need="https://host/[path/] (http for this machine alone)")
        if bool(app_id) != bool(secret):
            raise BadInput(
                "bad_setting",
                place="HEALTHBOARD_VIDEO_SECRET",
                need="both HEALTHBOARD_VIDEO_APP_ID and HEALTHBOARD_VIDEO_SECRET, or neither",
            )
        if secret and len(secret.encode()) < SHORTEST_SECRET:
            raise BadInput("bad_setting", place="HEALTHBOARD_VIDEO_SECRET", need=f"at least {SHORTEST_SECRET} bytes")
        return cls(url.strip().rstrip("/"), app_id, secret)

    def address(self, room: str, guest: VideoGuest) -> str:
        """The room as a browser opens it. A name is told to the server only inside its token."""
        where = f"{self.url}/{quote(room, safe='')}"
        return f"{where}?jwt={self._token(room, guest)}" if self.secret else where

    def _token(self, room: str, guest: VideoGuest) -> str:
        claims: dict[str, Any] = {
            "aud": self.app_id,
            "iss": self.app_id,
            "sub": urlsplit(self.url).hostname or "*",
            "room": room,
            "nbf": _seconds(guest.now) - EARLIER,
            "exp": _seconds(guest.until),
            "moderator": guest.leads,
            "context": {"user": {"name": guest.name, "moderator": guest.leads}},
        }
        signed = b".".join(
            _part(json.dumps(one, separators=(",", ":")).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims)
        )
        return (signed + b"." + _part(hmac.new(self.secret.encode(), signed, hashlib.sha256).digest())).decode()


def _part(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
