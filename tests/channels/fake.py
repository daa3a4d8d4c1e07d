"""This is the place where messages go in tests that send none: kept in a list, or failing as told."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.errors import BadInput, NotDelivered
from core.ports import Message


@dataclass
class KeptMessages:
    """Channels that keep what was sent. An address with "bad" in it is none; `fails` is raised at every sending."""

    kinds: frozenset[str] = frozenset({"email", "apprise", "push"})
    sent: list[tuple[str, str, Message]] = field(default_factory=list)
    fails: NotDelivered | None = None
    push_key: str = "BPublicKey"

    def check(self, kind: str, address: str) -> None:
        if "bad" in address:
            raise BadInput("bad_address", place="address", need=kind)

    def send(self, kind: str, address: str, message: Message) -> str:
        if self.fails:
            raise self.fails
        self.sent.append((kind, address, message))
        return "kept"
