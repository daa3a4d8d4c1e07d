"""This is the place where the answers of the use cases about one person's record are defined: what a screen is given to draw.

Views are frozen, hold no port and no right, and may be kept by the caller for its own session; `revision` (see
core/care/freshness.py) tells when one is out of date. Times are FHIR texts (see `PartialTime`); what is to be said in words is a
`Fact`: a catalogue key with named facts. Numbers in views are already in the person's own units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from core.domain.people import Preferences
from core.domain.records import Contact, PersonName, Record, SourceMark, Standing, Value


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to be said: the catalogue key and the named facts that fill it (numbers, codes, FHIR times, words of the record)."""

    code: str
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who the record is about. `age_years` is None where the birth date is unknown; `age_months` counts below two years."""

    person_id: str
    name: str
    names: tuple[PersonName, ...] = ()
    birth_date: str = ""
    age_years: int | None = None
    age_months: int | None = None
    gender: str = ""
    deceased: str = ""
    languages: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record as a line: `when` the FHIR time it is sorted by ("" unknown), `values` in the person's units, `plain` the
    plain-language line, `state` one of fine, watch, soon, now, unknown, or "" where nothing can be judged."""

    record_id: str
    kind: str
    group: str
    title: str
    code: str
    system: str
    when: str
    end: str
    status: str
    verification: str
    standing: Standing
    values: tuple[Value, ...]
    detail: tuple[tuple[str, str], ...]
    sources: tuple[SourceMark, ...]
    problems: tuple[str, ...]
    see_original: str
    plain: Fact
    state: str = ""
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class NewestReading:
    """The newest value of one signal ("blood_pressure" has two values, systolic first). `seconds` is its age at the time of
    the view, `stale` whether that is too old to speak of today, `state` one of fine, watch, soon, now, unknown; `spark` the
    last points (unix seconds, value) of the first value, oldest first; `band` the target (low, high), either None."""

    signal: str
    label: str
    values: tuple[Value, ...]
    unit: str
    when: str
    seconds: int
    stale: bool
    state: str
    plain: Fact
    sources: tuple[SourceMark, ...]
    record_id: str
    spark: tuple[tuple[float, float], ...] = ()
    band: tuple[float | None, float | None] | None = None
    action: str = ""
    """What to do about it (`action.<...>`), or ""."""


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs the person's eye: `severity` -1 unknown, 1 watch, 2 act soon, 3 act now; `because` the record ids it
    rests on; `action` what to do (`action.<...>`)."""

    severity: int
    says: Fact
    because: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Allergies:
    """`state` is "listed", "none_known" (a statement that there are none) or "none_recorded" (nobody wrote anything)."""

    state: str
    lines: tuple[RecordLine, ...] = ()


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """What a stranger must know in an emergency."""

    person: PersonView
    allergies: Allergies
    problems: tuple[RecordLine, ...]
    medicines: tuple[RecordLine, ...]
    implants: tuple[RecordLine, ...]
    blood_group: str = ""


@dataclass(frozen=True, slots=True)
class TodayView:
    """The Today page. `quarantined` and `raw` count what could not be used or is not shown yet."""

    revision: int
    made_at: datetime
    person: PersonView
    readings: tuple[NewestReading, ...]
    attention: tuple[Attention, ...]
    problems: tuple[RecordLine, ...]
    medicines: tuple[RecordLine, ...]
    allergies: Allergies
    emergency: EmergencyCard
    appointments: tuple[RecordLine, ...]
    quarantined: int = 0
    raw: int = 0


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """What to look for: `group` a shelf of GROUPS or "" for all, `text` free words (every word must be found), `standing`
    "" (current and quarantined) or one Standing, `sort` "newest", "oldest" or "title", `page` from 1."""

    group: str = ""
    text: str = ""
    standing: str = ""
    sort: str = "newest"
    page: int = 1
    page_size: int = 25


@dataclass(frozen=True, slots=True)
class TimelinePart:
    """Everything of one month on the timeline; `year` and `month` are 0 where no time is known, `month` 0 for a bare year."""

    year: int
    month: int
    count: int
    lines: tuple[RecordLine, ...]


@dataclass(frozen=True, slots=True)
class RecordsView:
    """A page of records: `counts` (group, number) of what matches text and standing, in the order of the shelves; `found` all
    that match the whole query; `timeline` the same page cut by month; `raw_counts` kinds kept but not shown yet."""

    revision: int
    query: RecordQuery
    counts: tuple[tuple[str, int], ...]
    found: int
    pages: int
    lines: tuple[RecordLine, ...]
    timeline: tuple[TimelinePart, ...]
    raw_counts: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class RecordShelf:
    """A person's whole record as read once, to be searched again and again without asking the store (records.select)."""

    revision: int
    person: PersonView
    records: tuple[Record, ...]
    raw_counts: tuple[tuple[str, int], ...]
    preferences: Preferences
    made_at: datetime
    texts: tuple[str, ...] = field(default=(), repr=False)
    """What is searched, beside each record."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record with everything: the line, the whole item (as sent, not converted), and what it was before, newest first."""

    line: RecordLine
    record: Record
    history: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class SignalChoice:
    """A signal that can be drawn: how many numbers there are and the newest time."""

    signal: str
    label: str
    category: str
    count: int
    newest: str


@dataclass(frozen=True, slots=True)
class TrendQuery:
    """`range` is a code of RANGES; `end` a date (YYYY-MM-DD) to look back from, or an ISO instant, "" for now; `start` an ISO
    instant to begin at instead of the range."""

    signal: str = ""
    range: str = "3M"
    end: str = ""
    max_points: int = 2000
    start: str = ""


@dataclass(frozen=True, slots=True)
class TrendColumns:
    """The points of one component from one source: `time` int64 ns UTC ascending, `value` float64 in the person's unit,
    `bound` comparator texts, `record_ids` beside them."""

    component: str
    source: SourceMark
    time: np.ndarray
    value: np.ndarray
    bound: tuple[str, ...] = ()
    record_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """A band behind the points of one component: `kind` "target" or "usual"; `basis` says whose target it is (a citation key)."""

    component: str
    kind: str
    low: float | None
    high: float | None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without measurements that is longer than usual: unix ns, and why if it is known (a catalogue key)."""

    component: str
    start: int
    end: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class MedicineSpan:
    """A medicine over the same time axis: FHIR times, `end` "" while it goes on."""

    title: str
    start: str
    end: str
    record_id: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One line of the table below the chart: values by component in the person's units."""

    when: str
    values: tuple[tuple[str, float, str], ...]
    unit: str
    state: str
    sources: tuple[SourceMark, ...]
    record_id: str


@dataclass(frozen=True, slots=True)
class TrendView:
    """One signal over a range: columns by component and source, bands, gaps, medicines, sentence facts and the table."""

    revision: int
    made_at: datetime
    query: TrendQuery
    choices: tuple[SignalChoice, ...]
    signal: str
    label: str
    unit: str
    decimals: int
    start: datetime
    end: datetime
    columns: tuple[TrendColumns, ...]
    bands: tuple[Band, ...]
    gaps: tuple[Gap, ...]
    medicines: tuple[MedicineSpan, ...]
    sentence: tuple[Fact, ...]
    rows: tuple[TrendRow, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """A medicine: who asked for it and why, how to take it (the record's own words), since when, and its place today."""

    line: RecordLine
    dosage: tuple[str, ...]
    reason: str
    prescriber: str
    start: str
    end: str
    now: str
    """"current", "stopped", "planned", "on_hold" or "unknown"."""
