"""This is the place where an account of the app is a kiosk: it knows its own name and the time, nobody's record, and whether a photo is good enough."""

from __future__ import annotations

from core.care import check_asking, kiosk_codes
from core.care.access import COMMAND_LINE, Action, require
from core.care.desk_views import KioskView
from core.domain.checks import PHOTO_KINDS, CheckKind
from core.domain.people import Actor
from core.errors import BadInput
from core.ports import Ports

_TO_TRY = {"zh_Hans": "demo-jianguo"}
_ELSE = "demo-margaret"


def locked(ports: Ports, actor: Actor) -> KioskView:
    """What a locked kiosk shows."""
    grant = require(ports, actor, Action.USE_KIOSK)
    name = grant.account.display_name if grant.account else actor.display_name
    return KioskView(name, ports.clock.now())


def look(ports: Ports, actor: Actor, kind: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A photo as it would be sent, and what is wrong with it. Nothing is kept, and nobody is asked whose it is. Raises FileRefused, BadInput, ModelUnavailable."""
    require(ports, actor, Action.USE_KIOSK)
    if kind not in {one.value for one in PHOTO_KINDS}:
        raise BadInput("bad_choice", place="kind", need="a kind of photo")
    models = check_asking.models(ports)
    photo = models.photo(content)
    return photo.content, models.photo_quality(CheckKind(kind), models.photo(photo.content)).reasons


def demo_code(ports: Ports, actor: Actor, language: str) -> str:
    """A check-in code of one of the demo's people, to try the kiosk with; "" outside the demo."""
    grant = require(ports, actor, Action.USE_KIOSK)
    found = ports.store.account_by_username(_TO_TRY.get(language, _ELSE)) if ports.demo and grant else None
    if found is None or not found[0].demo or not found[0].persons:
        return ""
    return kiosk_codes.make(ports, COMMAND_LINE, found[0].persons[0]).spaced
