"""This is the place where it is read what a browser says of itself: its cookies, its language, its time zone."""

from __future__ import annotations

from datetime import UTC, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.domain.people import Preferences
from core.ui.words import closest, languages_known

LANGUAGE_COOKIE = "hb_lang"


def language_of(preferences: Preferences, chosen: str) -> str:
    """The person's own choice, else the one made at the door, else what the browser asks for."""
    for language in (preferences.language, chosen):
        if language in languages_known():
            return language
    remembered = cookie(LANGUAGE_COOKIE)
    return remembered if remembered in languages_known() else closest([_text(st.context.locale)])


def zone_of(preferences: Preferences) -> tzinfo:
    for name in (preferences.timezone, _text(st.context.timezone)):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return UTC


def browser_zone() -> str:
    """The IANA name of the zone that the browser says it is in; "" where it says none that exists."""
    name = _text(st.context.timezone)
    try:
        return name if name and ZoneInfo(name) else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def address() -> str:
    """Where the browser reached us: "https://host:port", or ""."""
    found = urlsplit(_text(st.context.url))
    return f"{found.scheme}://{found.netloc}" if found.scheme in ("http", "https") and found.netloc else ""


def cookie(name: str) -> str:
    return _text(st.context.cookies.get(name, ""))


def _text(found: object) -> str:
    """What a browser sent, where it is text at all (without a browser there is something else)."""
    return found if isinstance(found, str) else ""
