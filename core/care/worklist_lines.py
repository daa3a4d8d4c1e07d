"""This is the place where a person of the worklist becomes a line of it: reasons in words' codes, when they are due, who has the person, the last contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from core.care import worklist_marks
from core.care.lines import age_at
from core.care.team import Team
from core.care.views import Fact
from core.care.worklist_views import Gathered, ReasonLine, WorkLine, points_of
from core.domain.people import Preferences
from core.domain.records import Person, PersonProfile
from core.trends.conversion import facts_for, number_for, shown_as
from core.worklist.reasons import due_at
from core.worklist.rules import RULES
from core.worklist.terms import Entry, Reason

_SILENT = ("silent", "silent_long", "old", "never_any")
_AS_THEY_ARE = ("title", "kind", "before", "after", "task", "at", "who", "signal", "flag")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the list: in which units, at which moment, and the team of the panels within reach."""

    preferences: Preferences
    now: datetime
    team: Team


def line(entry: Entry, person: Person | None, read: Gathered, to: Reader) -> WorkLine:
    profile = person.profile if person else PersonProfile()
    reasons = tuple(_reason(one, to.preferences) for one in entry.reasons)
    signal = next((one.signal for one in reasons if one.signal in read.sparks), next(iter(read.sparks), ""))
    points = tuple((when, number_for(signal, value, to.preferences)) for when, value in points_of(read.sparks.get(signal, b"")))
    look = worklist_marks.standing(read.looks, to.now)
    contact = max([*read.contacts, *([("look", look.at.timestamp())] if look else [])], key=lambda one: one[1], default=("", None))
    mine = assigned(entry.person_id, read, to.team)
    return WorkLine(
        entry.person_id, profile.name, age_at(profile.birth_date, profile.deceased, to.now)[0], profile.birth_date, profile.gender,
        bool(person and person.synthetic) or profile.synthetic, tuple(one.name for one in to.team.panels if entry.person_id in one.persons),
        entry.lane, reasons, points, signal, instant(read.facts.last_at), look, person.revision if person else 0, read.sorted.tags, mine,
        to.team.name(mine), "" if mine else to.team.name(read.sorted.assigned),
        reasons[0].due if reasons else None, instant(contact[1]), contact[0],
    )  # fmt: skip


def assigned(person_id: str, read: Gathered, team: Team) -> str:
    """Who has the person now: "" also where that one's account is closed or left the panel."""
    return read.sorted.assigned if team.has(person_id, read.sorted.assigned) else ""


def _reason(one: Reason, preferences: Preferences) -> ReasonLine:
    rule = RULES[one.rule]
    signal = one.what if one.value is not None else str(one.facts.get("signal", ""))
    return ReasonLine(
        one.rule, one.lane, _says(one, preferences), rule.source, rule.status, instant(one.at), one.known, signal, one.mark, rule.stays, instant(due_at(one)),
    )  # fmt: skip


def _says(one: Reason, preferences: Preferences) -> Fact:
    """A notice in its own words; a rule of ours in ours, with the value in the reader's unit."""
    if one.rule.startswith("notice"):
        return Fact(one.what, dict(facts_for(one.facts, preferences)))
    said: dict[str, str | int | float] = {key: value for key, value in one.facts.items() if key in _AS_THEY_ARE}
    if one.value is not None:
        said |= {
            "signal": one.what,
            "value": number_for(one.what, one.value, preferences),
            "unit": shown_as(one.what, preferences).unit,
        }
        for key, name in (("usual", "from_value"), ("limit", "to_value"), ("jump", "from_value")):
            if key in one.facts:
                said[name] = number_for(one.what, float(one.facts[key]), preferences)
    elif one.rule in ("bad_value", "bad_time"):
        said["signal"] = one.what
    elif one.rule in _SILENT:
        said["n"] = int(one.facts.get("days", 0))
    elif one.rule == "broken":
        said["why"] = one.what
    return Fact(f"worklist.rule.{one.rule}{_about(one)}", said)


def _about(one: Reason) -> str:
    """Alerts are about a signal, a sign of danger, or something else; a message has somebody who has it, or nobody."""
    if one.rule.startswith("alert"):
        return ".signal" if "signal" in one.facts else ".flag" if "flag" in one.facts else ".other"
    return ""


def instant(at: float | None) -> datetime | None:
    try:
        return None if at is None else datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        return None
