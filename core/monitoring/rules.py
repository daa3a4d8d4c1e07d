"""This is the place where it stands which days with data and which minutes of a month count as remote physiologic monitoring (CPT codes of 2026, USA).

What is counted is said with what stands in the way; whether anything may be billed, a person of the clinic decides.
"""

from __future__ import annotations

from dataclasses import dataclass

YEARS = (2026,)
"""The years whose rules these are. Of any other year nothing is said."""


@dataclass(frozen=True, slots=True)
class CodeRule:
    """A code and the whole days with data, or the minutes, that it takes; `most` None: no upper end. `each`: it counts once for every so many minutes above
    `least` - `each`. `live`: only where somebody spoke with the person (or their caregiver) in real time."""

    code: str
    least: int
    most: int | None
    each: int = 0
    live: bool = False


DEVICE = (CodeRule("99445", 2, 15), CodeRule("99454", 16, None))
"""By days on which a device sent a measurement: one of them at most."""
MANAGEMENT = (CodeRule("99470", 10, 19, live=True), CodeRule("99457", 20, None, live=True))
"""By minutes of the calendar month: one of them at most."""
FURTHER = CodeRule("99458", 40, None, each=20, live=True)
"""Each further 20 whole minutes beyond the first 20."""
SOURCE = "CPT 2026; CMS, Medicare physician fee schedule for 2026 (final rule of 31 October 2025)"
STATUS = "digest"
"""Read in published guides to the codes, not in the rule's own text: shown to clinicians, marked so, and to nobody else."""

REASONS = ("year_not_known", "too_few_days", "too_few_minutes", "no_live_contact")
"""Why a part has no code."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The codes with how often each counts, in the order of the tables, and why a part has none (of REASONS)."""

    codes: tuple[tuple[str, int], ...]
    why: tuple[str, ...]


def counted(year: int, days: int, minutes: int, live: bool) -> Counted:
    """What a month comes to. `days`: local days with a device's measurement; `minutes`: whole minutes spent; `live`: whether any of it was in real time.

    Raises ValueError for days or minutes below 0.
    """
    if days < 0 or minutes < 0:
        raise ValueError("days and minutes are counted from 0")
    if year not in YEARS:
        return Counted((), ("year_not_known",))
    codes = [(rule.code, 1) for rule in DEVICE if _within(rule, days)]
    why = [] if codes else ["too_few_days"]
    spent = [rule.code for rule in MANAGEMENT if _within(rule, minutes)]
    if not spent:
        why.append("too_few_minutes")
    elif not live:
        why.append("no_live_contact")
    else:
        codes += [(code, 1) for code in spent]
        if minutes >= FURTHER.least:
            codes.append((FURTHER.code, (minutes - FURTHER.least) // FURTHER.each + 1))
    return Counted(tuple(codes), tuple(why))


def _within(rule: CodeRule, count: int) -> bool:
    return count >= rule.least and (rule.most is None or count <= rule.most)
