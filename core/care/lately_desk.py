"""This is the place where it stands what the last weeks of a person are put together from: whose, until when, on whose clock, which devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from core.care.access import Grant
from core.care.series import bounds
from core.domain.people import Preferences
from core.domain.records import SourceMark
from core.domain.samples import SeriesChoices, Stream
from core.ports import Ports

DAYS = 60
SHOWN_FOR = timedelta(days=30)
"""A signal whose last sample is older is not shown on Today."""


@dataclass(frozen=True)
class Desk:
    """What every tile needs."""

    ports: Ports
    grant: Grant
    person_id: str
    now: datetime
    today: date
    zone: tzinfo | None
    choices: SeriesChoices
    preferences: Preferences
    marks: Mapping[str, SourceMark]

    @property
    def span(self) -> tuple[datetime, datetime]:
        return bounds((self.today - timedelta(days=DAYS), self.today))

    def order(self, signal: str) -> tuple[str, ...]:
        chosen = dict(self.choices.order)
        return chosen.get(signal, chosen.get("*", ()))

    def leaves_out(self, stream: Stream) -> bool:
        known = self.marks.get(stream.source_id)
        return self.choices.leaves_out(stream.device, known.label if known else "")

    def mark(self, stream: Stream) -> SourceMark:
        known = self.marks.get(stream.source_id)
        return SourceMark(stream.source_id, known.kind if known else "file", stream.device or (known.label if known else ""))
