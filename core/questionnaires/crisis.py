"""This is the place where the numbers stand that somebody in a crisis can call, each with its region, source and status.

None of them could be called or looked up when this table was written: each is marked unchecked, for whoever runs this to check, and
the number they set themselves (HEALTHBOARD_CRISIS_LINE) comes first.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A number: `key` of its words (`crisis.line.<key>`), its region ("us", "china", "europe"), the number as it is dialled, whether it is the
    emergency service, who says so, and "verified" or "unchecked"."""

    key: str
    region: str
    number: str
    emergency: bool
    source: str
    status: str = "unchecked"


LINES = (
    CrisisLine("us_988", "us", "988", False, "988 Suicide & Crisis Lifeline, SAMHSA"),
    CrisisLine("us_911", "us", "911", True, "US emergency number"),
    CrisisLine("cn_12356", "china", "12356", False, "National Health Commission of China, from 2025"),
    CrisisLine("cn_120", "china", "120", True, "Chinese medical emergency number"),
    CrisisLine("cn_110", "china", "110", True, "Chinese police emergency number"),
    CrisisLine("eu_112", "europe", "112", True, "European emergency number"),
)


def lines(language: str) -> tuple[CrisisLine, ...]:
    """All of them; those of the region where the language is mostly spoken first."""
    first = "china" if language.startswith("zh") else "us"
    return tuple(sorted(LINES, key=lambda one: one.region != first))
