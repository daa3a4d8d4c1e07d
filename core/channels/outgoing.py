"""This is the place where the ways out of the house stand behind one method: those that were set up, and no others."""

from __future__ import annotations

from dataclasses import dataclass

from core.channels.apprise_service import Services
from core.channels.email import Mail
from core.channels.push import Push
from core.errors import BadInput, NotDelivered
from core.ports import Message


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The channels of this installation (None: not set up)."""

    email: Mail | None = None
    apprise: Services | None = None
    push: Push | None = None

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind for kind, one in self._by_kind().items() if one is not None)

    @property
    def push_key(self) -> str:
        return self.push.public_key if self.push else ""

    def check(self, kind: str, address: str) -> None:
        """Raises BadInput where this can't be an address of that kind."""
        channel = self._by_kind().get(kind)
        if channel is None:
            raise BadInput("channel_not_set_up", place=kind, need="set up by whoever runs this server")
        channel.check(address)

    def send(self, kind: str, address: str, message: Message) -> str:
        """Hand it on. Raises NotDelivered."""
        channel = self._by_kind().get(kind)
        if channel is None:
            raise NotDelivered("channel_not_set_up", permanent=True, kind=kind)
        try:
            return channel.send(address, message)
        except BadInput as error:  # an address that was fit when it was kept
            raise NotDelivered(error.code, permanent=True) from None

    def _by_kind(self) -> dict[str, Mail | Services | Push | None]:
        return {"email": self.email, "apprise": self.apprise, "push": self.push}
