"""This is the place where the house keeps what only it may know about kiosks: the key that opens sealed visits, and the one by which codes, tickets and links are
known again. From a digest that is kept nobody can work back to what was said."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.care.kiosk_papers import Document, change, load
from core.domain.audit import AuditEvent
from core.errors import BadInput
from core.kiosk.sealing import fresh_keys, public_of
from core.ports import Store

TICKET_FOR = timedelta(hours=1)
"""How long a ticket opens anything but the visit it was given for (calling the desk with it)."""
HAND_IN_FOR = timedelta(days=7)
"""How long the visit it was given for may be handed in with it: a kiosk whose server is away keeps visits and sends them later."""
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Secrets:
    """`private` opens visits; `word` (32 bytes) is what digests and tickets are made with."""

    private: bytes = field(default=b"", repr=False)
    word: bytes = field(default=b"", repr=False)
    version: int = 1

    @property
    def public(self) -> bytes:
        return public_of(self.private)

    def digest(self, what: str, text: str) -> str:
        """What is kept of a text. `what` keeps digests of different things apart."""
        return hmac.new(self.word, f"{what}\n{text}".encode(), hashlib.sha256).hexdigest()

    def derived(self, what: str, text: str) -> str:
        """A secret that is the same each time it is made: 32 bytes, base64url."""
        made = hmac.new(self.word, f"secret {what}\n{text}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(made).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says to us, and to nobody else: whose visit it is, at which kiosk, by which check-in code ("": not by one), since when."""

    person_id: str
    visit_id: str
    kiosk_id: str
    code: str
    made_at: datetime

    def opens(self, now: datetime) -> bool:
        return self.made_at <= now < self.made_at + TICKET_FOR

    def hands_in(self, now: datetime) -> bool:
        return self.made_at <= now < self.made_at + HAND_IN_FOR


DOCUMENT: Document[Secrets] = Document("kiosk.secrets", Secrets())


def of_house(store: Store, event: AuditEvent) -> Secrets:
    """The house's secrets, made where there are none yet. Raises BadInput (document_damaged): they are never made anew in place of damaged ones."""
    found = load(store, DOCUMENT)
    if not found.private:
        found = change(
            store,
            DOCUMENT,
            event,
            lambda before: before if before.private else replace(before, private=fresh_keys()[0], word=secrets.token_bytes(32)),
        )
    return found


def written(of: Secrets, ticket: Ticket) -> str:
    """The ticket as it is given out: sealed, so that it says nothing to who holds it."""
    plain = "\n".join((ticket.person_id, ticket.visit_id, ticket.kiosk_id, ticket.code, str(int(ticket.made_at.timestamp()))))
    nonce = secrets.token_bytes(_NONCE)
    return urlsafe_b64encode(nonce + AESGCM(_ticket_key(of)).encrypt(nonce, plain.encode(), b"ticket")).rstrip(b"=").decode()


def read(of: Secrets, text: str) -> Ticket:
    """Raises BadInput (kiosk_ticket) for what is none of ours."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) < 1000 and text.isascii() else b""
        plain = AESGCM(_ticket_key(of)).decrypt(raw[:_NONCE], raw[_NONCE:], b"ticket").decode() if len(raw) > _NONCE + 16 else ""
    except (NoBase64, ValueError, InvalidTag):
        plain = ""
    parts = plain.split("\n")
    if len(parts) != 5:
        raise BadInput("kiosk_ticket", place="ticket", need="a ticket of this house")
    return Ticket(parts[0], parts[1], parts[2], parts[3], datetime.fromtimestamp(int(parts[4]), UTC))


def _ticket_key(of: Secrets) -> bytes:
    return hmac.new(of.word, b"tickets", hashlib.sha256).digest()
