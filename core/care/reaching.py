"""This is the place where an audience becomes people and their ways: whom "the patient", "the caregivers", "the coordinators" and "who is on call" mean now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from core.care import contacts, letters, medicine_book, on_call, reminder_book
from core.care.access import Grant
from core.domain.people import Account, Panel, Role
from core.errors import BadInput
from core.medications.book import Channel, ReminderBook
from core.medications.reminding import IN_APP, OWN, quiet_until
from core.ports import Ports

HELPER = "helper:"
REFILLS_ONLY = "refills"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to one recipient: an account id, OWN (the person's own ways) or "helper:<key>"; `channel` None is the app itself. `words`: which wording they get."""

    recipient: str
    name: str
    channel: Channel | None
    language: str = ""
    words: str = ""
    who: str = ""

    @property
    def kind(self) -> str:
        return IN_APP if self.channel is None else self.channel.kind

    @property
    def key(self) -> str:
        return "" if self.channel is None else self.channel.key


@dataclass(frozen=True, slots=True)
class Reach:
    """The ways of an audience in groups that are tried one after the other, until one is reached. `hold`: nothing goes out before then (quiet hours). `why`:
    what is odd about it ("gap": nobody is on call and the coordinators stand in; "document_damaged": some ways can't be read)."""

    groups: tuple[tuple[Way, ...], ...] = ()
    hold: datetime | None = None
    why: str = ""

    @property
    def outside(self) -> bool:
        """Whether anything would leave the house."""
        return any(way.channel is not None for group in self.groups for way in group)

    @property
    def anybody(self) -> bool:
        return any(self.groups)


@dataclass(slots=True)
class Houses:
    """The accounts and panels there are, read once for a round."""

    ports: Ports
    _accounts: tuple[Account, ...] | None = field(default=None)
    _panels: tuple[Panel, ...] | None = field(default=None)

    def accounts(self, grant: Grant) -> tuple[Account, ...]:
        if self._accounts is None:
            found = self.ports.store.accounts(grant.event("accounts"))
            self._accounts = tuple(one for one in found if not one.disabled and (self.ports.demo or not one.demo))
        return self._accounts

    def panels_of(self, person_id: str) -> tuple[Panel, ...]:
        if self._panels is None:
            self._panels = self.ports.store.panels()
        return tuple(one for one in self._panels if person_id in one.persons)


def reach(houses: Houses, person_id: str, letter: letters.Letter, grant: Grant) -> Reach:
    """Whom the letter's audience means now, and how they are reached."""
    now = grant.event().at
    accounts, panels = houses.accounts(grant), houses.panels_of(person_id)
    if letter.audience == letters.PATIENT:
        return _patient(houses.ports, person_id, letter, (accounts, grant))
    if letter.audience == letters.CAREGIVER:
        return _caregivers(houses.ports, person_id, accounts, grant)
    if letter.audience == letters.COORDINATOR:
        mine = {one.panel_id for one in panels}
        return _together(houses.ports, [one for one in accounts if one.role is Role.COORDINATOR and mine & set(one.panels)])
    if letter.audience == letters.ON_CALL:
        return _on_call(houses.ports, panels, accounts, now)
    wanted = letter.audience.removeprefix(letters.ACCOUNT)
    return _together(houses.ports, [one for one in accounts if one.account_id == wanted])


def _patient(ports: Ports, person_id: str, letter: letters.Letter, of: tuple[Iterable[Account], Grant]) -> Reach:
    accounts, grant = of
    mine = [one for one in accounts if one.role is Role.PATIENT and person_id in one.persons]
    inside = tuple(Way(one.account_id, one.display_name, None, _language(ports, one)) for one in mine)
    try:
        book = reminder_book.load(ports.store, person_id, grant)
    except BadInput:
        return Reach((inside,) if inside else (), why="document_damaged")
    language = book.language or (inside[0].language if inside else "")
    outside = tuple(Way(OWN, "", one, language) for one in book.channels if one.on)
    hold = None if letter.urgent or not outside else _quiet(ports, person_id, book, grant)
    group = (*inside, *outside)
    return Reach((group,) if group else (), hold)


def _quiet(ports: Ports, person_id: str, book: ReminderBook, grant: Grant) -> datetime | None:
    try:
        habits, _ = medicine_book.habits_of(ports, person_id, medicine_book.load(ports.store, person_id, grant))
    except BadInput:
        return None  # whose hours are unknown is told at once
    return quiet_until(book, habits, grant.event().at)


def _caregivers(ports: Ports, person_id: str, accounts: Iterable[Account], grant: Grant) -> Reach:
    mine = [one for one in accounts if one.role is Role.CAREGIVER and person_id in one.persons]
    found = _together(ports, mine)
    try:
        book = reminder_book.load(ports.store, person_id, grant)
    except BadInput:
        return Reach(found.groups, why="document_damaged")
    helpers = [one for one in book.helpers if one.rule != REFILLS_ONLY and one.channel.on]
    if not helpers:
        return found
    who = ports.store.person(person_id, grant.event("letter")).profile.name if book.detail == "names" else ""
    ways = tuple(Way(HELPER + one.key, one.name, one.channel, book.language, "helper", who) for one in helpers)
    group = (*(way for group in found.groups for way in group), *ways)
    return Reach((group,), why=found.why)


def _on_call(ports: Ports, panels: tuple[Panel, ...], accounts: tuple[Account, ...], now: datetime) -> Reach:
    try:
        kept, damaged = on_call.load(ports.store), False
    except BadInput:
        kept, damaged = on_call.OnCall(), True
    called = on_call.called(kept, panels, accounts, now)
    by_id = {one.account_id: one for one in accounts}
    ordered = [by_id[one] for one in called.accounts]
    if called.gap:
        found = _together(ports, ordered)
        return Reach(found.groups, why="document_damaged" if damaged else "gap")
    each = [_together(ports, [one]) for one in ordered]
    return Reach(tuple(group for one in each for group in one.groups), why=next((one.why for one in each if one.why), ""))


def _together(ports: Ports, accounts: Iterable[Account]) -> Reach:
    """These accounts, all at once."""
    ways: list[Way] = []
    why = ""
    for one in accounts:
        language = _language(ports, one)
        words = "" if one.role is Role.PATIENT else "team" if one.role is not Role.CAREGIVER else "caregiver"
        ways.append(Way(one.account_id, one.display_name, None, language, words))
        try:
            kept = contacts.load(ports.store, one.account_id)
        except BadInput:
            why = "document_damaged"
            continue
        ways.extend(Way(one.account_id, one.display_name, way, language, words) for way in kept.channels if way.on)
    return Reach((tuple(ways),) if ways else (), why=why)


def _language(ports: Ports, account: Account) -> str:
    return ports.store.preferences(account.account_id).language
