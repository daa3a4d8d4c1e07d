"""This is the place where FHIR times keep what they were: partial dates stay partial, instants keep their offset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cached_property

_FORM = re.compile(
    r"^(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?$"
)


@dataclass(frozen=True)
class PartialTime:
    """A FHIR date, dateTime or instant as it was sent.

    `precision` is "year", "month", "day" or "instant"; `earliest` is the first instant it can mean (aware, UTC; a time
    without an offset is read as UTC and `zoned` is false); `until` is the first instant after it.
    """

    text: str

    @classmethod
    def parse(cls, text: object) -> PartialTime | None:
        """The time, or None where the text is no date of the calendar or no FHIR form."""
        if not isinstance(text, str) or not _FORM.match(text):
            return None
        time = cls(text)
        try:
            _ = (time.earliest, time.until)  # both must exist in the calendar
        except (ValueError, OverflowError):
            return None
        return time

    @property
    def precision(self) -> str:
        return {4: "year", 7: "month", 10: "day"}.get(len(self.text), "instant")

    @property
    def zoned(self) -> bool:
        return self.precision == "instant" and (self.text.endswith("Z") or self.text[-6] in "+-")

    @cached_property
    def earliest(self) -> datetime:
        if self.precision == "instant":
            found = datetime.fromisoformat(self.text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        parts = [int(part) for part in self.text.split("-")] + [1, 1]
        return datetime(parts[0], parts[1], parts[2], tzinfo=UTC)

    @cached_property
    def until(self) -> datetime:
        start = self.earliest
        if start.year == MAXYEAR:  # "9999-12-31" is how many systems write "for ever"
            return datetime.max.replace(tzinfo=UTC)
        match self.precision:
            case "year":
                return start.replace(year=start.year + 1)
            case "month":
                return (start + timedelta(days=32)).replace(day=1)
            case "day":
                return start + timedelta(days=1)
        return start + timedelta(seconds=1)

    @property
    def local_date(self) -> date:
        """The calendar day where it was written down (its own offset), the first day of a month or year."""
        return date.fromisoformat((self.text + "-01-01")[:10] if self.precision in ("year", "month") else self.text[:10])
