"""This is the place where it is decided which version of a record counts, whatever order the versions came in.

The decision looks at the *set* of versions that share one logical id (origin, kind, the source's own id), never at the way
it grew, so that records in another order, a record taken away or a source removed lead to the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.ledger import Outcome
from core.domain.problems import SETS_APART, is_quarantined
from core.domain.records import Item, Standing, Version
from core.domain.time import PartialTime


class Usability(StrEnum):
    """What a version would count for if it is the one that counts."""

    SHOWN = "shown"
    QUARANTINED = "quarantined"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Kept:
    """One version as far as versions are compared. `code` is the main code ("" when it has none); `arrival` counts up."""

    version: Version
    code: str
    retracts: bool
    usability: Usability
    arrival: int


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A kept version with its order made comparable."""

    place: int
    kept: Kept
    number: int | None
    updated: datetime | None

    @property
    def informed(self) -> bool:
        return self.number is not None or self.updated is not None


def usability(item: Item | None, problems: Sequence[str]) -> Usability:
    """A record that is only kept is raw; one without any usable value, or that names nobody, is quarantined."""
    if item is None:
        return Usability.RAW
    return Usability.QUARANTINED if is_quarantined(item) or not SETS_APART.isdisjoint(problems) else Usability.SHOWN


def main_code(item: Item | None) -> str:
    """What a record is about, as one text, or "" where no code says it."""
    main = item.concept.main if item else None
    return f"{main.system}|{main.code}" if main and main.code else ""


def standings(versions: Sequence[Kept]) -> tuple[Standing, ...]:
    """What each version of one logical id counts for, in the order given."""
    found = [Standing.SUPERSEDED] * len(versions)
    for thing in _things([_rank(place, kept) for place, kept in enumerate(versions)]):
        winner = _winner(thing)
        found[winner.place] = _as_winner(winner.kept)
    return tuple(found)


def outcome(standing: Standing, *, fact_known: bool) -> Outcome:
    """How the entry that brought a new version ended; `fact_known`: another current record already states the same."""
    match standing:
        case Standing.SUPERSEDED:
            return Outcome.SUPERSEDED
        case Standing.QUARANTINED:
            return Outcome.QUARANTINED
        case Standing.RAW:
            return Outcome.KEPT_RAW
        case Standing.CURRENT if fact_known:
            return Outcome.DUPLICATE
    return Outcome.STORED


def _as_winner(kept: Kept) -> Standing:
    if kept.retracts:
        return Standing.RETRACTED
    return {Usability.SHOWN: Standing.CURRENT, Usability.QUARANTINED: Standing.QUARANTINED, Usability.RAW: Standing.RAW}[
        kept.usability
    ]


def _things(versions: Sequence[_Ranked]) -> list[list[_Ranked]]:
    """The versions parted into things: normally one. Two sources may use one id for two things (ids such as "1" in files
    that name no origin): a version without version information is a thing of its own when its code is plainly another."""
    informed = [v for v in versions if v.informed]
    codes = {v.kept.code for v in informed}
    by_code: dict[str, list[_Ranked]] = {}
    for version in (v for v in versions if not v.informed):
        if informed and (not version.kept.code or version.kept.code in codes or "" in codes):
            informed.append(version)
        else:
            by_code.setdefault(version.kept.code, []).append(version)
    uncoded = by_code.pop("", [])
    if uncoded and len(by_code) == 1:
        next(iter(by_code.values())).extend(uncoded)
    elif uncoded:
        by_code[""] = uncoded
    return [thing for thing in (informed, *by_code.values()) if thing]


def _winner(thing: Sequence[_Ranked]) -> _Ranked:
    """None known to be later; among those a retraction, then one with version information, then the last to arrive."""
    latest = [v for v in thing if not any(_known_later(other, v) for other in thing)]
    return max(latest or thing, key=lambda v: (v.kept.retracts, v.informed, v.kept.arrival))


def _known_later(one: _Ranked, other: _Ranked) -> bool:
    if one.number is not None and other.number is not None and one.number != other.number:
        return one.number > other.number
    return one.updated is not None and other.updated is not None and one.updated > other.updated


def _rank(place: int, kept: Kept) -> _Ranked:
    text = kept.version.version_id
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 30 else None
    updated = PartialTime.parse(kept.version.updated)
    return _Ranked(place, kept, number, updated.earliest if updated else None)
