"""This is the place where what is known of one person is gathered for the worklist. What can't be read is said, and the rest still counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from statistics import fmean, median
from typing import TypeVar

import numpy as np

from core.care import medicine_book, thread_papers, worklist_marks, worklist_sorting
from core.care.access import Grant
from core.care.lines import when_of
from core.care.medicine_orders import living
from core.care.questionnaire_records import self_harm_answers
from core.care.spot_readings import with_spots
from core.care.stock_facts import supplies
from core.care.worklist_views import Gathered, Look, packed
from core.domain.papers import PaperKind
from core.domain.records import Person
from core.domain.samples import Stream
from core.domain.threads import TEAM
from core.domain.time import PartialTime
from core.errors import HealthboardError
from core.medications import adherence
from core.ports import Ports
from core.trends.attention import attention
from core.trends.columns import DAY_NS, Series, ns
from core.trends.judgement import Notice
from core.trends.reading import Readings, readings
from core.trends.standards import standards
from core.worklist.rules import LIMITS_OF, NOISE
from core.worklist.terms import Mark, Newest, Noticed, Open, PersonFacts, Usual

T = TypeVar("T")
SPARK_POINTS = 30
_USUAL_NS, _HABIT_NS, _WEIGHTS_NS = 30 * DAY_NS, 30 * DAY_NS, 100 * DAY_NS
_WEEK_DAYS, _LATELY_DAYS, _LATELY_LEAST = 7, 4, 2
_HABIT_DAYS, _LEAST_SILENCE = 10, 3.0
"""Who measured on so many of thirty days has the habit; from so many days on a silence is worth a word (house)."""
_FEWER, _LEAST_DOSES = 0.25, 6
"""A fall of the share logged as taken, from the two weeks before to the last two, with so many doses due in each (house)."""
_SEEN = frozenset({"arrived", "checked-in", "fulfilled", "held", "done"})
"""States of a visit at which somebody met the person."""
_UNREADABLE = (HealthboardError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


def gathered(ports: Ports, grant: Grant, person: Person, at: datetime, language: str = "") -> Gathered:
    """Everything about one person as of `at`. Never raises on what is kept about them: then the reason is in `facts.broken`."""
    broken: list[str] = []
    person_id = person.person_id
    looks: tuple[Look, ...] = _tried(lambda: _looks(ports, grant, person_id), (), broken)
    seen = worklist_marks.standing(looks, at)
    mark = Mark(seen.at.timestamp(), frozenset(seen.seen)) if seen else None
    nothing: tuple[Readings, tuple[Noticed, ...], tuple[Stream, ...]] = (Readings(), (), ())
    columns, notices, streams = _tried(lambda: _measured(ports, grant, person, at, language), nothing, broken)
    none_open: tuple[Open, ...] = ()
    open_now = _tried(lambda: tuple(_medicines(ports, grant, person_id, at)), none_open, broken)
    if person.profile.deceased:
        open_now += (Open("deceased", at.timestamp()),)
    found, sparks = of_columns(person_id, columns, at)
    last, after = _silence(columns, streams, ns(at))
    if last is None and person.last_at is not None and person.record_counts and person.last_at <= at:
        last = person.last_at.timestamp()
    known = (
        notices
        if last is not None or broken
        else tuple(one for one in notices if one.severity >= 0 and one.code != "attention.allergies_not_recorded")
    )
    no_contact: tuple[tuple[str, float], ...] = ()
    contacts = _tried(lambda: _contacts(ports, grant, person_id, ns(at) / 1e9), no_contact, broken)
    sorting = _tried(lambda: worklist_sorting.kept(ports, grant, person_id), worklist_sorting.Sorted(), broken)
    facts = PersonFacts(person_id, found.newest, found.weights, known, open_now, last, after, tuple(dict.fromkeys(broken)), mark)
    return Gathered(facts, packed(sparks), looks, sorting, contacts)


def of_columns(
    person_id: str, columns: Readings, at: datetime
) -> tuple[PersonFacts, Mapping[str, tuple[tuple[float, float], ...]]]:
    """The newest values with what is usual for the person, the weights, and small pictures. Values dated after `at` by more than a day are left as they
    are: that is a fact about the data."""
    newest: list[Newest] = []
    sparks: dict[str, tuple[tuple[float, float], ...]] = {}
    weights: tuple[tuple[float, float], ...] = ()
    for signal, series in columns.series.items():
        if signal not in NOISE and signal not in LIMITS_OF:
            continue
        kept = series.take(series.time <= ns(at + timedelta(days=1)))
        if len(kept):
            newest.append(Newest(signal, float(kept.value[-1]), int(kept.time[-1]) / 1e9, _usual(kept)))
            sparks[signal] = tuple(
                (int(when) / 1e9, float(value))
                for when, value in zip(kept.time[-SPARK_POINTS:], kept.value[-SPARK_POINTS:], strict=True)
            )
        if signal == "weight" and len(kept):
            recent = kept.take((kept.time >= kept.time[-1] - _WEIGHTS_NS) & kept.measured)
            weights = tuple((int(when) / 1e9, float(value)) for when, value in zip(recent.time, recent.value, strict=True))
    return PersonFacts(person_id, tuple(newest), weights), sparks


def _tried(do: Callable[[], T], otherwise: T, broken: list[str]) -> T:
    """What `do` finds; where that can't be read, `otherwise`, and the reason is put down."""
    try:
        return do()
    except _UNREADABLE as error:
        broken.append(error.code if isinstance(error, HealthboardError) else "unreadable")
        return otherwise


def _looks(ports: Ports, grant: Grant, person_id: str) -> tuple[Look, ...]:
    return worklist_marks.read(ports.store.drawer(person_id, worklist_marks.DRAWER, grant.event("worklist")))


def _measured(
    ports: Ports, grant: Grant, person: Person, at: datetime, language: str
) -> tuple[Readings, tuple[Noticed, ...], tuple[Stream, ...]]:
    event = grant.event("worklist")
    records = ports.store.records(person.person_id, event, every_standing=True)
    columns, _ = with_spots(ports, person.person_id, grant, readings(records), at)
    held_against = standards(records, person.profile, at, language=language)
    answers = self_harm_answers(ports, person.person_id, grant, records)
    told = {record.record_id: when_of(record) for record in records}
    notices = tuple(_noticed(one, told) for one in attention(records, held_against, at, columns, answers))
    return columns, notices, ports.store.streams(person.person_id, event)


def _noticed(one: Notice, told: Mapping[str, str]) -> Noticed:
    """Its evidence is as old as it says, else as the newest record it rests on."""
    texts = [str(one.facts.get("when", ""))] if one.facts.get("when") else [told.get(record_id, "") for record_id in one.because]
    times = [time.earliest for text in texts if (time := PartialTime.parse(text)) is not None]
    return Noticed(one.code, int(one.severity), max(times).timestamp() if times else None, one.facts)


def _contacts(ports: Ports, grant: Grant, person_id: str, now: float) -> tuple[tuple[str, float], ...]:
    """When the team was last in touch, by kind: wrote a message, saw the person, answered a request."""
    event, found = grant.event("worklist"), dict[str, float]()
    for paper in ports.store.papers((person_id,), event, kinds=(PaperKind.THREAD, PaperKind.VISIT)):
        if paper.kind is PaperKind.VISIT:
            times = [paper.at.timestamp()] if paper.state in _SEEN else []
        else:
            times = [one.at.timestamp() for one in thread_papers.thread_of(paper).heads if one.side == TEAM]
        _latest(found, "visit" if paper.kind is PaperKind.VISIT else "message", times, now)
    for record in ports.store.records(person_id, event, kinds=("Encounter",)):
        when = PartialTime.parse(when_of(record))
        if when is not None and when.precision not in ("year", "month"):
            _latest(found, "visit", [when.earliest.timestamp()], now)
    answered = (one for one in ports.store.requests((person_id,), event) if one.state in ("accepted", "failed") and one.decided_by)
    _latest(found, "answer", [one.decided_at.timestamp() for one in answered if one.decided_at is not None], now)
    return tuple(found.items())


def _latest(found: dict[str, float], kind: str, times: Iterable[float], now: float) -> None:
    past = [one for one in times if one <= now]
    if past:
        found[kind] = max([*past, found.get(kind, past[0])])


def _usual(series: Series) -> Usual | None:
    """The middle and the spread of the days from a month to a week before the newest value, each day by its own middle, and the middle of the days of
    that week with the newest among them; None where there are none."""
    last = int(series.time[-1])
    kept = series.take((series.time > last - _USUAL_NS) & series.measured)
    ago = (last - kept.time) // DAY_NS
    days = {int(one): float(np.median(kept.value[ago == one])) for one in np.unique(ago)}
    before = [value for one, value in days.items() if one >= _WEEK_DAYS]
    if not before:
        return None
    lately = [value for one, value in days.items() if one < _LATELY_DAYS]
    middle = median(before)
    spread = 1.4826 * median(abs(one - middle) for one in before)
    return Usual(middle, spread, len(before), fmean(lately) if len(lately) >= _LATELY_LEAST else None)


def _silence(columns: Readings, streams: tuple[Stream, ...], now: int) -> tuple[float | None, float | None]:
    """(when anything was last measured, after how many days a silence is unusual for the person)."""
    times = [series.time[series.time <= now + DAY_NS] for series in columns.series.values()]
    every = np.concatenate(times) if times else np.empty(0, dtype=np.int64)
    lasts = [one.last for one in streams if one.samples and one.last <= now + DAY_NS]
    last = max([int(every.max())] if len(every) else [], default=None)
    newest = max(lasts + ([last] if last is not None else []), default=None)
    if newest is None:
        return None, None
    spells = [(one.last - one.first) / DAY_NS for one in streams if one.samples >= _HABIT_DAYS and one.last > newest - _HABIT_NS]
    days = len(np.unique(every[every > newest - _HABIT_NS] // DAY_NS))
    if any(spell >= _HABIT_DAYS for spell in spells):
        return newest / 1e9, _LEAST_SILENCE
    return newest / 1e9, max(_LEAST_SILENCE, 3 * 30 / days) if days >= _HABIT_DAYS else None


def _medicines(ports: Ports, grant: Grant, person_id: str, at: datetime) -> Iterator[Open]:
    """What is running out, and doses that are logged as taken less often than before."""
    book = medicine_book.load(ports.store, person_id, grant)
    if book.stock:
        habits, _ = medicine_book.habits_of(ports, person_id, book)
        orders = living(ports, person_id, grant, book, at)
        titles = {one.medicine_id: one.title for one in orders.current}
        for medicine_id, found in supplies(ports, person_id, grant, (orders, book, habits), at).items():
            if medicine_id not in titles:
                continue
            if found.left is not None and found.left <= 0:
                yield Open("stock_out", book.stock[medicine_id].at.timestamp(), medicine_id, {"title": titles[medicine_id]})
            elif found.ask_at is not None and found.ask_at <= at:
                yield Open("stock_low", found.ask_at.timestamp(), medicine_id, {"title": titles[medicine_id]})
    if ports.store.planned_until(person_id) is None:
        return
    half = timedelta(days=14)
    shares = [_share(ports, grant, person_id, at - half * back) for back in (2, 1)]
    if None not in shares and shares[0] - shares[1] >= _FEWER:  # type: ignore[operator]
        week = (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        yield Open("doses_fewer", week.timestamp(), "", {"before": round(100 * shares[0]), "after": round(100 * shares[1])})  # type: ignore[operator]


def _share(ports: Ports, grant: Grant, person_id: str, start: datetime) -> float | None:
    """The share of the doses due in two weeks that is logged as taken; None where too few were due."""
    end = start + timedelta(days=14)
    counted = adherence.tallies(ports.store.doses(person_id, start, end, grant.event("worklist")), end)
    due = sum(one.due for one in counted)
    return sum(one.taken for one in counted) / due if due >= _LEAST_DOSES else None
