"""This is the place where the routes of workouts (workout-routes/*.gpx) are known and left alone: where somebody was is no measurement."""

from __future__ import annotations

import re

from core.domain.samples import Parsed, Tally
from core.sources.wearables.apple_health import text_of
from core.sources.wearables.form import Format, Member

KEY = "apple_route"
_ROOT = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<gpx[\s>]", re.DOTALL)


def recognises(head: bytes, name: str) -> bool:
    """Whether the root element is gpx."""
    return _ROOT.match(text_of(head).lstrip("\ufeff")) is not None


def read(member: Member) -> Parsed:
    """One entry a file, which is not followed."""
    yield Tally(member.name, "gpx", "not_followed", "workout_route")


FORMAT = Format(KEY, recognises, read)
