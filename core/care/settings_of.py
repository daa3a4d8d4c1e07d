"""This is the place where a person's own choices are kept: language, units, sizes."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.care.access import Action, require
from core.domain.people import Actor, Preferences
from core.errors import BadInput
from core.ports import Ports

CHOICES: dict[str, tuple[str, ...]] = {
    "labs": ("mg/dL", "mmol/L"),
    "weight": ("kg", "[lb_av]"),
    "temperature": ("Cel", "[degF]"),
    "hba1c": ("%", "mmol/mol"),
    "text_size": ("normal", "large", "largest"),
    "theme": ("system", "light", "dark"),
}
"""What may be chosen, the first being what nobody chose."""
_LANGUAGE = re.compile(r"^[a-z]{2,3}([_-][A-Za-z]{2,8}){0,2}$")


def load(ports: Ports, actor: Actor) -> Preferences:
    """What this account chose."""
    require(ports, actor, Action.OWN_SETTINGS)
    return ports.store.preferences(actor.account_id)


def save(ports: Ports, actor: Actor, preferences: Preferences) -> None:
    """Keep the choices. Raises BadInput naming the choice that cannot be."""
    require(ports, actor, Action.OWN_SETTINGS)
    check(preferences)
    ports.store.save_preferences(actor.account_id, preferences)


def check(preferences: Preferences) -> None:
    """Raises BadInput unless each choice is one of those there are."""
    for name, allowed in CHOICES.items():
        if getattr(preferences, name) not in allowed:
            raise BadInput("bad_choice", place=name, need=", ".join(allowed))
    if preferences.language and not _LANGUAGE.match(preferences.language):
        raise BadInput("bad_choice", place="language", need="a language code")
    if preferences.timezone:
        try:
            ZoneInfo(preferences.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput("bad_choice", place="timezone", need="a time zone name") from None
