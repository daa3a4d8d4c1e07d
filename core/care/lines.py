"""This is the place where stored records become lines for screens: times, titles, plain words, values in the person's units."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.care.plain import plain_of
from core.care.views import PersonView, RecordLine
from core.domain.people import Preferences
from core.domain.records import Person, Record, Standing, Value
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.domain.units import linear
from core.trends.conversion import shown_as

NO_KNOWN_ALLERGIES = "716186003"
"""SNOMED CT: no known allergy (situation)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a line depends on beside its record: the time it is made, the person's choices, whether the person is synthetic."""

    now: datetime
    preferences: Preferences = field(default_factory=Preferences)
    synthetic: bool = False


def record_line(record: Record, frame: Frame) -> RecordLine:
    """One record as a line."""
    item = record.item
    code = item.concept.main
    return RecordLine(
        record_id=record.record_id,
        kind=item.kind,
        group=item.group,
        title=item.concept.title,
        code=code.code,
        system=code.system,
        when=when_of(record),
        end=item.end,
        status=item.status,
        verification=item.verification,
        standing=record.standing,
        values=tuple(in_chosen_unit(value, frame.preferences) for value in item.values),
        detail=item.detail,
        sources=record.sources,
        problems=record.problems,
        see_original=item.see_original,
        plain=plain_of(record, frame.now),
        state=state_of(record),
        synthetic=frame.synthetic,
    )


def when_of(record: Record) -> str:
    """The FHIR time a record is sorted by: when it happened, else when it was issued, else ""."""
    item = record.item
    return next((text for text in (item.start, item.issued, item.end) if PartialTime.parse(text)), "")


def in_chosen_unit(value: Value, preferences: Preferences) -> Value:
    """The value in the unit the person chose, where the signal is known and the unit converts; else as it was sent."""
    if value.signal not in SIGNALS or value.problem or value.form != "quantity":
        return value
    chosen = shown_as(value.signal, preferences)
    factors = linear(value.unit, chosen.unit, value.signal) if value.unit != chosen.unit else None
    if factors is None:
        return value

    def turned(number: float | None) -> float | None:
        return None if number is None else round(number * factors[0] + factors[1], chosen.decimals)

    number, low, high = turned(value.number), turned(value.low), turned(value.high)
    return replace(value, unit=chosen.unit, range_text="", number=number, low=low, high=high)


_STATE_OF_INTERPRETATION = {
    "N": "fine", "H": "watch", "L": "watch", "A": "watch", "HH": "soon", "LL": "soon", "AA": "soon", "HU": "soon", "LU": "soon",
}  # fmt: skip


def state_of(record: Record) -> str:
    """What the record itself says of its value: the laboratory's own word, else its own range; "" where it says nothing."""
    if record.standing is not Standing.CURRENT or record.item.kind != "Observation" or record.item.see_original:
        return ""
    states = [_state(value) for value in record.item.values if not value.problem]
    return next((state for state in ("soon", "watch", "fine") if state in states), "")


def _state(value: Value) -> str:
    said = _STATE_OF_INTERPRETATION.get(value.interpretation.strip().upper(), "")
    if said or value.number is None or value.bound or (value.low is None and value.high is None):
        return said
    outside = (value.low is not None and value.number < value.low) or (value.high is not None and value.number > value.high)
    return "watch" if outside else "fine"


def person_view(person: Person, now: datetime) -> PersonView:
    """Who a record is about."""
    profile = person.profile
    years, months = age_at(profile.birth_date, profile.deceased, now)
    return PersonView(
        person_id=person.person_id,
        name=profile.name,
        names=profile.names,
        birth_date=profile.birth_date,
        age_years=years,
        age_months=months,
        gender=profile.gender,
        deceased=profile.deceased,
        languages=profile.languages,
        phones=profile.phones,
        contacts=profile.contacts,
        synthetic=person.synthetic or profile.synthetic,
    )


def age_at(birth_date: str, deceased: str, now: datetime) -> tuple[int | None, int | None]:
    """(years, months or None): the age today, or at death; months only below two years. None where it isn't known to the year."""
    born = PartialTime.parse(birth_date)
    if born is None:
        return None, None
    died = PartialTime.parse(deceased)
    end = died.local_date if died else now.date()
    start = born.local_date
    if end < start:
        return None, None
    months = (end.year - start.year) * 12 + end.month - start.month - _short(start, end)
    return months // 12, months if months < 24 and born.precision != "year" else None


def _short(start: date, end: date) -> int:
    return 1 if end.day < start.day and (end.month, end.day) != (2, 28) else 0


def folded(text: str) -> str:
    """Text as it is compared in searches: no case, no width, no marks."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
