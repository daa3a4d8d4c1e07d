"""This is the place where a message leaves through one of the services that apprise knows: SMS, chat, push.

An address of apprise can name any host, a file or a program. Only services of a fixed host are open; a service somebody runs
themselves (ntfy, Matrix, Signal, Gotify, a JSON receiver) only on the hosts that the operator named.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from core.errors import BadInput, NotDelivered
from core.ports import Message

FIXED = frozenset({
    "tgram", "twilio", "vonage", "nexmo", "sinch", "clicksend", "msg91", "whatsapp", "threema", "slack", "discord", "pover",
    "schan", "dingtalk", "wecombot", "feishu", "pushplus",
})  # fmt: skip
"""Services whose host is written in apprise's own code."""
OWN_HOST = frozenset({"ntfy", "ntfys", "matrix", "matrixs", "signal", "signals", "gotify", "gotifys", "json", "jsons"})
_NOT_SET_BY_ADDRESS = frozenset({"rto", "cto", "redirect", "redirects", "retry", "wait", "verify", "store", "mode", "attach", "method"})
"""Parameters by which an address could turn checks off or make us wait."""


class Services:
    """Sends messages by apprise."""

    def __init__(self, hosts: tuple[str, ...] = ()) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)

    def check(self, address: str) -> None:
        """Raises BadInput where this is no address of a service that is open here."""
        self._allowed(address)
        self._made(address)

    def send(self, address: str, message: Message) -> str:
        """Hand the message to the service. Raises NotDelivered; apprise doesn't say why, so it is tried again."""
        try:
            self.check(address)
        except BadInput as error:
            raise NotDelivered(error.code, permanent=True) from None
        body = "\n\n".join(part for part in (message.body, message.link) if part)
        if not self._made(address).notify(title=message.title, body=body):
            raise NotDelivered("service_failed")
        return "handed_on"

    def _allowed(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
            asked = {name.lower().lstrip(" +-:") for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        except ValueError:
            raise _bad() from None
        scheme = parts.scheme.lower()
        if not address.isascii() or not address.isprintable() or " " in address or asked & _NOT_SET_BY_ADDRESS:
            raise _bad()
        if scheme not in FIXED and not (scheme in OWN_HOST and host in self._hosts):
            raise _bad()

    def _made(self, address: str) -> Any:
        make, asset = _apprise()
        plugin = make(address, asset=asset, suppress_exceptions=True)
        if plugin is None:
            raise _bad()
        return plugin


def _apprise() -> tuple[Callable[..., Any], Any]:
    # imported when first needed: it reads 150 plugins
    from apprise import Apprise, AppriseAsset

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its lines name addresses
    asset = AppriseAsset(app_id="Healthboard", app_desc="Healthboard", app_url="", http_redirects=False, async_mode=False, secure_logging=True)
    return Apprise.instantiate, asset


def _bad() -> BadInput:
    return BadInput("bad_service", place="address", need="a service that is open here")
