"""This is the place where a number that comes from a publication says from which, and how well that was checked.

`status` is one of: "verified" (read in the named source, or in two independent ones), "single_source" (read in one secondary
source only), "from_memory" (to be checked before clinical release) and "our_choice" (an engineering decision of this project,
no clinical limit). A result carries the rows it rests on, so that a screen can say which numbers nobody has checked yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

VERIFIED = "verified"
SINGLE_SOURCE = "single_source"
FROM_MEMORY = "from_memory"
OUR_CHOICE = "our_choice"
STATUSES = (VERIFIED, SINGLE_SOURCE, OUR_CHOICE, FROM_MEMORY)
"""From the best checked to the least."""


@dataclass(frozen=True, slots=True)
class Published:
    """One number: what it is called, its value and UCUM unit, how well it was checked and where it is from."""

    name: str
    value: float
    unit: str
    status: str
    source: str


def weakest(rows: Iterable[Published]) -> str:
    """The least checked status of the rows a result rests on ("verified" where it rests on none)."""
    return max((row.status for row in rows), key=STATUSES.index, default=VERIFIED)


def from_memory(rows: Iterable[Published]) -> tuple[str, ...]:
    """Names of the rows that nobody has checked yet."""
    return tuple(row.name for row in rows if row.status == FROM_MEMORY)
