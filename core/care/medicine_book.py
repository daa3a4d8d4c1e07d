"""This is the place where a person keeps what only they know about their medicines: their hours, how they take them, what they added, what is left.

It lies in a drawer of its own. A drawer that cannot be read is said to be damaged; it is never taken for an empty one, nor written over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from core.care import medicine_entries as entries
from core.care.access import Action, Grant, require
from core.care.series import zone_named
from core.domain.people import Actor
from core.errors import BadInput, NotFound
from core.medications import journeys
from core.medications.book import Answered, Book, Choices, Dosages, OwnMedicine, Stock, Trip
from core.medications.book_json import DRAWER, HOURS, TAKING, read, written
from core.medications.expanding import following
from core.medications.reading import regimen
from core.medications.terms import Due, Habits
from core.medications.zones import midnight
from core.ports import Ports, Store

MOST_OWN = 60
MOST_TRIPS = 40
MOST_LEFT = 100_000.0
MOST_LEAD_MINUTES = 240
MOST_LEAD_DAYS = 60
PREVIEWED = 10

Change = Callable[[Book], Book]


def load(store: Store, person_id: str, grant: Grant) -> Book:
    """Read the drawer. Raises BadInput (drawer_damaged) where it can't be read."""
    return read(store.drawer(person_id, DRAWER, grant.event(DRAWER)))


def habits_of(ports: Ports, person_id: str, book: Book) -> tuple[Habits, bool]:
    """The person's hours where they are, and whether it is known where: without a zone of theirs, UTC stands for it."""
    zone = ports.store.series_choices(person_id).zone
    known = bool(zone) and zone_named(zone) is not None
    return journeys.habits(book, zone if known else "UTC"), known


def set_hours(ports: Ports, actor: Actor, person_id: str, hours: Mapping[str, time | None]) -> None:
    """Change some of the person's hours (wake, breakfast, lunch, dinner, sleep); None brings the usual one back."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    for name in hours:
        entries.known(name, HOURS, "hours")
    given = {name: at.replace(second=0, microsecond=0, tzinfo=None) for name, at in hours.items() if at is not None}

    def changed(book: Book) -> Book:
        kept = {**{name: at for name, at in book.hours.items() if name not in hours}, **given}
        usual = Habits()
        if kept.get("wake", usual.wake) == kept.get("sleep", usual.sleep):
            raise BadInput("hours_without_night", place="sleep", need="two different times")
        return replace(book, hours=kept)

    _change(ports, person_id, grant, changed)


def add_trip(ports: Ports, actor: Actor, person_id: str, trip: Trip) -> None:
    """Say where the person will be. Raises BadInput for a zone that is none, an end before its beginning, a day that another journey has."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    if zone_named(trip.zone) is None:
        raise BadInput("bad_choice", place="zone", need="a time zone name")
    if (trip.last is not None and trip.last < trip.first) or not 1900 < trip.first.year < 2200:
        raise BadInput("day_before_start", place="last", need="a day after the first")

    def changed(book: Book) -> Book:
        if trip in book.trips:
            return book
        if journeys.overlaps(book.trips, trip):
            raise BadInput("trips_overlap", place="first", need="days that no other journey has")
        entries.room(book.trips, MOST_TRIPS, "trips")
        return replace(book, trips=tuple(sorted((*book.trips, trip), key=lambda one: one.first)))

    _change(ports, person_id, grant, changed)


def remove_trip(ports: Ports, actor: Actor, person_id: str, first: date) -> None:
    """Forget the journey that begins on that day. Raises NotFound."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)

    def changed(book: Book) -> Book:
        if all(one.first != first for one in book.trips):
            raise NotFound("trip_not_found")
        return replace(book, trips=tuple(one for one in book.trips if one.first != first))

    _change(ports, person_id, grant, changed)


def answer(ports: Ports, actor: Actor, person_id: str, medicine_id: str, answered: Answered) -> None:
    """Keep how the person says a medicine is taken, in place of what the order leaves open (`at` is set here). Raises BadInput where the answer
    itself leaves something open."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    entries.medicine(medicine_id)
    kept = replace(answered, dosages=entries.clear(answered.dosages, anchored=False), said=entries.text_within(answered.said, "said"), at=ports.clock.now())
    _change(ports, person_id, grant, lambda book: replace(book, answers=entries.marked(book.answers, medicine_id, kept)))


def take_answer_back(ports: Ports, actor: Actor, person_id: str, medicine_id: str) -> None:
    """Forget the answer: the question is open again."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    _change(ports, person_id, grant, lambda book: replace(book, answers={key: one for key, one in book.answers.items() if key != medicine_id}))


def add_own(ports: Ports, actor: Actor, person_id: str, own: OwnMedicine) -> OwnMedicine:
    """Add a medicine, supplement or traditional medicine by hand (its id and `added_at` are given here)."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    made = replace(entries.looked_at(own), medicine_id=f"own-{secrets.token_hex(8)}", added_at=ports.clock.now())

    def changed(book: Book) -> Book:
        entries.room(book.own, MOST_OWN, "own")
        return replace(book, own=(*book.own, made))

    _change(ports, person_id, grant, changed)
    return made


def change_own(ports: Ports, actor: Actor, person_id: str, own: OwnMedicine) -> None:
    """Change one that was added by hand. Raises NotFound."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    looked_at = entries.looked_at(own)

    def changed(book: Book) -> Book:
        there = _own(book, own.medicine_id)
        after = replace(looked_at, added_at=there.added_at)
        return replace(book, own=tuple(after if one.medicine_id == own.medicine_id else one for one in book.own))

    _change(ports, person_id, grant, changed)


def end_own(ports: Ports, actor: Actor, person_id: str, medicine_id: str, until: date | None) -> None:
    """Say which day was or will be the last (None: it goes on). Raises NotFound; BadInput for a day before it began."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)

    def changed(book: Book) -> Book:
        ended = entries.looked_at(replace(_own(book, medicine_id), until=until))
        return replace(book, own=tuple(ended if one.medicine_id == medicine_id else one for one in book.own))

    _change(ports, person_id, grant, changed)


def choose(ports: Ports, actor: Actor, person_id: str, medicine_id: str, choices: Choices) -> None:
    """Keep what the person chose about one medicine."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    entries.medicine(medicine_id)
    entries.known(choices.taking, TAKING, "taking")
    if not 0 <= choices.lead <= MOST_LEAD_MINUTES:
        raise BadInput("number_impossible", place="lead", need=f"0 - {MOST_LEAD_MINUTES}")
    kept = replace(choices, why=entries.text_within(choices.why, "why"))
    _change(ports, person_id, grant, lambda book: replace(book, choices=entries.marked(book.choices, medicine_id, kept)))


def count_stock(ports: Ports, actor: Actor, person_id: str, medicine_id: str, stock: Stock) -> None:
    """Keep how many were counted just now (`at` is set here). Raises BadInput for a number that can't be, or no unit."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    entries.medicine(medicine_id)
    if not 0 <= stock.count <= MOST_LEFT:
        raise BadInput("number_impossible", place="count", need=f"0 - {MOST_LEFT:g}")
    if not 0 <= stock.lead_days <= MOST_LEAD_DAYS:
        raise BadInput("number_impossible", place="lead_days", need=f"0 - {MOST_LEAD_DAYS}")
    unit = entries.text_within(stock.unit, "unit", entries.MOST_TITLE)
    if not unit:
        raise BadInput("unit_needed", place="unit", need="what is counted, such as tablets")
    kept = replace(stock, unit=unit, at=ports.clock.now())
    _change(ports, person_id, grant, lambda book: replace(book, stock=entries.marked(book.stock, medicine_id, kept)))


def forget_stock(ports: Ports, actor: Actor, person_id: str, medicine_id: str) -> None:
    """Count this one no longer."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    _change(ports, person_id, grant, lambda book: replace(book, stock={key: one for key, one in book.stock.items() if key != medicine_id}))


def choose_both(ports: Ports, actor: Actor, person_id: str, key: str, medicine_ids: Sequence[str]) -> None:
    """Of several living orders for one medicine (`key`), those the person takes; none takes the answer back."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    entries.medicine(key)
    for one in medicine_ids:
        entries.medicine(one)
    entries.room(medicine_ids[1:], entries.MOST_DOSAGES, "both")

    def changed(book: Book) -> Book:
        others = {name: ids for name, ids in book.both.items() if name != key}
        return replace(book, both=entries.marked(others, key, tuple(dict.fromkeys(medicine_ids))) if medicine_ids else others)

    _change(ports, person_id, grant, changed)


def start_over(ports: Ports, actor: Actor, person_id: str) -> None:
    """Empty the drawer, whatever lies in it: the way on from a damaged one."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    ports.store.put_in_drawer(person_id, DRAWER, b"", grant.event(DRAWER))


def preview(ports: Ports, actor: Actor, person_id: str, dosages: Dosages, since: date | None = None) -> tuple[Due, ...]:
    """The next ten doses that these dosages would give, from now (or the day it begins) on; () where something is open. Nothing is kept."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    habits, _ = habits_of(ports, person_id, load(ports.store, person_id, grant))
    now = ports.clock.now()
    found = regimen(list(dosages), since.isoformat() if since else now.isoformat(timespec="seconds"))
    return following(found, habits, now, PREVIEWED, _begins(habits, since, now))


# ------------------------------------------------------------------------------------------------------------------ parts


def _begins(habits: Habits, since: date | None, now: datetime) -> datetime:
    return midnight(habits, since) if since is not None else now


def _change(ports: Ports, person_id: str, grant: Grant, change: Change) -> None:
    before = load(ports.store, person_id, grant)
    after = change(before)
    if after != before:
        ports.store.put_in_drawer(person_id, DRAWER, written(after), grant.event(DRAWER), was=before.raw)


def _own(book: Book, medicine_id: str) -> OwnMedicine:
    found = next((one for one in book.own if one.medicine_id == medicine_id), None)
    if found is None:
        raise NotFound("medicine_not_found", medicine=medicine_id)
    return found
