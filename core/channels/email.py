"""This is the place where a message leaves as an e-mail, through the one server that was set."""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from core.errors import BadInput, NotDelivered
from core.ports import Message

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_LOCAL = ("localhost", "127.0.0.1", "::1")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
ONE_STEP = 10.0
"""Seconds a mail server may take for one answer."""
WHOLE = 30.0
"""Seconds one message may take in all: a server that dribbles is cut off."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in: scheme "smtp", "smtp+starttls" or "smtps"."""

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> MailServer:
        """Read HEALTHBOARD_SMTP_URL. Raises BadInput (without the address, which holds a password)."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise _bad_setting() from None
        if parts.scheme not in _PORTS or not parts.hostname:
            raise _bad_setting()
        if parts.username and parts.scheme == "smtp" and parts.hostname not in _LOCAL:
            raise BadInput("bad_setting", place="HEALTHBOARD_SMTP_URL", need="smtps:// or smtp+starttls:// where a password is sent")
        return cls(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], unquote(parts.username or ""), unquote(parts.password or ""))


class Mail:
    """Sends messages by SMTP."""

    def __init__(self, server: MailServer, sender: str, now: Callable[[], datetime], tls: ssl.SSLContext | None = None) -> None:
        self._server, self._now = server, now
        self._sender = address_of(sender, "HEALTHBOARD_MAIL_FROM")
        self._tls = tls

    def check(self, address: str) -> None:
        """Raises BadInput where this is no one e-mail address."""
        address_of(address, "address")

    def send(self, address: str, message: Message) -> str:
        """Hand the message in. Raises NotDelivered: permanent where the server refuses this recipient or this message for good."""
        letter = written(self._sender, address_of(address, "address"), message, self._now())
        with _reasons(), self._connected() as smtp:
            try:
                smtp.send_message(letter)
            except smtplib.SMTPRecipientsRefused as error:
                code = max((reply[0] for reply in error.recipients.values()), default=550)
                raise _answered(code) from None
            except smtplib.SMTPDataError as error:
                raise _answered(error.smtp_code) from None
        return "handed_in"

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = self._server
        tls = self._tls or ssl.create_default_context()
        smtp = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=ONE_STEP, context=tls)
            if server.scheme == "smtps"
            else smtplib.SMTP(server.host, server.port, timeout=ONE_STEP)
        )
        watch = threading.Timer(WHOLE, _cut, args=(smtp,))
        watch.daemon = True
        watch.start()
        try:
            if server.scheme == "smtp+starttls":
                smtp.starttls(context=tls)
            if server.username:
                smtp.login(server.username, server.password)
            yield smtp
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()  # the message is handed in already; a server that doesn't say goodbye changes nothing
        finally:
            watch.cancel()
            smtp.close()


def address_of(text: str, place: str) -> Address:
    """An address as one address, plain ASCII. Raises BadInput."""
    try:
        found = Address(addr_spec=text.strip())
    except (ValueError, IndexError, HeaderParseError):
        raise _bad_address(place) from None
    user, domain = found.username, found.domain
    plain = text.isascii() and text.isprintable() and len(user) <= 64 and len(domain) <= 253 and not any(c in text for c in ' "<>(),;:\\')
    if not plain or not user or ("." not in domain.strip(".") and domain != "localhost"):
        raise _bad_address(place)
    return found


def written(sender: Address, to: Address, message: Message, at: datetime) -> EmailMessage:
    """The message as it travels. The same message has the same Message-ID: a mailbox can tell that it came twice."""
    letter = EmailMessage(policy=SMTP)
    letter["Message-ID"] = f"<{_id(message.message_id)}>"
    letter["Date"] = format_datetime(at)
    letter["From"] = Address(display_name="Healthboard", addr_spec=sender.addr_spec)
    letter["To"] = to
    letter["Subject"] = one_line(message.title)
    letter["Content-Language"] = one_line(message.language.replace("_", "-"))
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if message.urgent:
        letter["Importance"] = "high"
    letter.set_content("\n\n".join(part for part in (message.body, message.link) if part))
    return letter


def one_line(text: str) -> str:
    """A text that can't start a header of its own."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _id(text: str) -> str:
    """A message id as RFC 5322 wants it; anything else becomes one, the same for the same text."""
    return text if _MESSAGE_ID.fullmatch(text) else hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() + "@healthboard"


@contextmanager
def _reasons() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError:
        raise NotDelivered("mail_login") from None
    except smtplib.SMTPResponseException as error:
        raise NotDelivered("mail_later", status=error.smtp_code) from None
    except (smtplib.SMTPException, OSError, ssl.SSLError):
        raise NotDelivered("mail_unreachable") from None


def _answered(code: int) -> NotDelivered:
    if code >= 500:
        return NotDelivered("mail_refused", permanent=True, status=code)
    return NotDelivered("mail_later", status=code)


def _cut(smtp: smtplib.SMTP) -> None:
    if smtp.sock is not None:
        with suppress(OSError):
            smtp.sock.shutdown(socket.SHUT_RDWR)


def _bad_setting() -> BadInput:
    return BadInput("bad_setting", place="HEALTHBOARD_SMTP_URL", need="smtps://name:password@host:port (or smtp+starttls://, smtp://)")


def _bad_address(place: str) -> BadInput:
    return BadInput("bad_address", place=place, need="name@example.org")
