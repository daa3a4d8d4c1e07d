"""This is the place where it comes together what was taken in recent weeks: a calendar, by medicine, and days covered by what was handed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.care import medicine_book
from core.care.access import Action, require
from core.care.dose_views import AdherenceLine, AdherenceView, DayCell
from core.care.fills import Filled, Named, filled
from core.care.freshness import revision as revision
from core.care.medicine_orders import living
from core.domain.codes import Concept
from core.domain.people import Actor
from core.errors import BadInput
from core.medications import adherence
from core.medications.adherence import Tally
from core.medications.pdc import Covered
from core.medications.zones import midnight, zone_at
from core.ports import Ports

WEEKS, MOST_WEEKS = 5, 53


@dataclass(frozen=True, slots=True)
class _Window:
    """Local days, first and last included, and the moment they are looked at from."""

    first: date
    last: date
    now: datetime


def view(ports: Ports, actor: Actor, person_id: str, weeks: int = WEEKS, as_of: date | None = None) -> AdherenceView:
    """The last so many weeks (from a Monday on, or from the first day on which anything was planned), as of now or of the end of a local day. Raises
    BadInput for a number of weeks or a day that can't be."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInput("number_impossible", place="weeks", need=f"1 - {MOST_WEEKS}")
    now = ports.clock.now()
    book = medicine_book.load(ports.store, person_id, grant)
    habits, _ = medicine_book.habits_of(ports, person_id, book)
    today = now.astimezone(zone_at(habits, now)).date()
    if as_of is not None and not date(1990, 1, 1) <= as_of <= today:
        raise BadInput("day_impossible", place="as_of", need="a day until today")
    last = as_of or today
    at = now if last == today else midnight(habits, last + timedelta(days=1)) - timedelta(seconds=1)
    window = _Window(last - timedelta(days=last.weekday() + 7 * (weeks - 1)), last, at)
    start = datetime.combine(window.first, time(), at.tzinfo) - timedelta(days=2)
    kept = ports.store.doses(person_id, start, at + timedelta(days=2), grant.event("adherence"))
    within = [one for one in kept if window.first <= adherence.day_of(one) <= window.last]
    planned = [adherence.day_of(one) for one in within if adherence.counts(one)]
    first = max(window.first, min(planned, default=window.last))
    named = Named(ports)
    concepts = {one.medicine_id: one.concept for one in living(ports, person_id, grant, book, now).all}
    counted = adherence.tallies(within, at)
    keys = {one.medicine_id: named.key(concepts.get(one.medicine_id, Concept(text=one.title))) for one in counted}
    return AdherenceView(
        revision=ports.store.revision(person_id),
        made_at=now,
        first=first,
        last=last,
        zone=zone_at(habits, at).key,
        days=tuple(DayCell(one.day, one.due, one.taken, one.skipped, one.state) for one in adherence.days(within, first, last, at)),
        lines=_lines(counted, keys, filled(ports, person_id, grant, named), last),
        logged_since=adherence.logged_since(within),
    )


def _lines(tallies: Sequence[Tally], keys: Mapping[str, str], supplies: Sequence[Filled], last: date) -> tuple[AdherenceLine, ...]:
    """Each medicine that was planned, with the supplies of the same; then those of which only supplies are known. `keys` are what they are compared by."""
    by_key = {one.key: one for one in supplies}
    found = [_line(tally, by_key.get(keys[tally.medicine_id]), last) for tally in tallies]
    rest = [_line(Tally("", one.title), one, last) for key, one in by_key.items() if key not in keys.values()]
    return (*found, *(one for one in rest if one.pdc_why != "no_fills"))


def _line(tally: Tally, supplies: Filled | None, last: date) -> AdherenceLine:
    measured = supplies.measured(last) if supplies is not None else None
    covered = measured if isinstance(measured, Covered) else None
    return AdherenceLine(
        medicine_id=tally.medicine_id,
        title=tally.title,
        due=tally.due,
        taken=tally.taken,
        skipped=tally.skipped,
        unlogged=tally.unlogged,
        on_time=tally.on_time,
        reasons=tally.reasons,
        pdc=covered.share if covered else None,
        pdc_days=(covered.days, covered.period) if covered else None,
        pdc_threshold=covered.threshold if covered else None,
        pdc_why="" if covered else measured.why if measured is not None and not isinstance(measured, Covered) else "no_fills",
    )

