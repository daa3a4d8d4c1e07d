"""This is the place where a person says how they want to be reminded: what may be shown, through what, when not, and who else is told.

It lies in a drawer of its own. A drawer that cannot be read is said to be damaged; it is never taken for an empty one, nor written over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time

from core.care import messages
from core.care.access import Action, Grant, require
from core.domain.people import Actor
from core.errors import BadInput, NotDelivered, NotFound
from core.medications.book import USUAL, Channel, Helper, Kind, Measuring, ReminderBook
from core.medications.reminder_json import CHANNEL_KINDS, DETAILS, DRAWER, MEASURED, RULES, read, written
from core.medications.terms import DAYS
from core.ports import Channels, Ports, Say, Store

MOST_CHANNELS = 10
MOST_HELPERS = 5
MOST_MEASURING = 12
MOST_NAME = 80
MOST_ADDRESS = 2000
MINUTES: Mapping[str, tuple[int, int]] = {"lead": (0, 7 * 24 * 60), "repeat": (5, 24 * 60), "rounds": (1, 6), "after": (15, 24 * 60), "late": (15, 12 * 60)}
"""From and to of what can be chosen, in minutes (rounds: how many). House choice."""

Change = Callable[[ReminderBook], ReminderBook]


def load(store: Store, person_id: str, grant: Grant) -> ReminderBook:
    """Read the drawer. Raises BadInput (drawer_damaged) where it can't be read."""
    return read(store.drawer(person_id, DRAWER, grant.event(DRAWER)))


def set_detail(ports: Ports, actor: Actor, person_id: str, detail: str) -> None:
    """Choose what may stand on a locked screen: "discreet", "count" or "names"."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    _known(detail, DETAILS, "detail")
    _change(ports, person_id, grant, lambda book: replace(book, detail=detail))


def set_language(ports: Ports, actor: Actor, person_id: str, language: str) -> None:
    """In which language messages are written (the one the person reads the settings in)."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    if len(language) > 20 or not language.replace("_", "").isalnum():
        raise BadInput("bad_choice", place="language", need="a language code")
    _change(ports, person_id, grant, lambda book: replace(book, language=language))


def set_quiet(ports: Ports, actor: Actor, person_id: str, quiet: tuple[time, time] | None) -> None:
    """Set the quiet hours (from, to), over midnight where `from` is later; None: none. A critical medicine is reminded of all the same."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    if quiet is not None and quiet[0] == quiet[1]:
        raise BadInput("quiet_hours_all_day", place="quiet", need="two different times")
    cut = None if quiet is None else (quiet[0].replace(second=0, microsecond=0), quiet[1].replace(second=0, microsecond=0))
    _change(ports, person_id, grant, lambda book: replace(book, quiet=cut))


def set_late(ports: Ports, actor: Actor, person_id: str, minutes: int) -> None:
    """After how many minutes a dose is no longer reminded of."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    _within(minutes, "late")
    _change(ports, person_id, grant, lambda book: replace(book, late=minutes))


def set_kind(ports: Ports, actor: Actor, person_id: str, name: str, kind: Kind) -> None:
    """Choose how one kind of reminder is sent. Raises BadInput for a kind, a channel or a number that is none."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    _known(name, tuple(USUAL), "kind")
    for place, value in (("lead", kind.lead), ("repeat", kind.repeat), ("rounds", kind.rounds)):
        _within(value, place)

    def changed(book: ReminderBook) -> ReminderBook:
        for key in kind.channels:
            _found(book.channels, key)
        return replace(book, kinds={**book.kinds, name: kind})

    _change(ports, person_id, grant, changed)


def add_channel(ports: Ports, actor: Actor, person_id: str, kind: str, address: str, name: str = "") -> Channel:
    """Add a way to reach the person. Raises BadInput where this can't be an address of that kind; the same address again is the same channel."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    made = _channel(ports, kind, address, name)
    kept: list[Channel] = []

    def changed(book: ReminderBook) -> ReminderBook:
        same = next((one for one in book.channels if (one.kind, one.address) == (made.kind, made.address)), None)
        if same is not None:
            kept.append(replace(same, name=made.name or same.name, on=True))
            return replace(book, channels=tuple(kept[-1] if one.key == same.key else one for one in book.channels))
        _room(book.channels, MOST_CHANNELS, "channels")
        kept.append(made)
        return replace(book, channels=(*book.channels, made))

    _change(ports, person_id, grant, changed)
    return kept[-1]


def switch_channel(ports: Ports, actor: Actor, person_id: str, key: str, on: bool) -> None:
    """Use a channel, or let it rest."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)

    def changed(book: ReminderBook) -> ReminderBook:
        one = _found(book.channels, key)
        return replace(book, channels=tuple(replace(each, on=on) if each.key == one.key else each for each in book.channels))

    _change(ports, person_id, grant, changed)


def remove_channel(ports: Ports, actor: Actor, person_id: str, key: str) -> None:
    """Forget a channel. Kinds that named it alone go through all channels again."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)

    def changed(book: ReminderBook) -> ReminderBook:
        _found(book.channels, key)
        kinds = {name: replace(kind, channels=tuple(one for one in kind.channels if one != key)) for name, kind in book.kinds.items()}
        return replace(book, channels=tuple(one for one in book.channels if one.key != key), kinds=kinds)

    _change(ports, person_id, grant, changed)


def add_helper(ports: Ports, actor: Actor, person_id: str, name: str, channel: tuple[str, str], rule: str, after: int = 60) -> None:  # noqa: PLR0913
    """Have somebody told: `channel` is (kind, address), `rule` one of RULES, `after` the minutes a dose may stay unanswered."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    _known(rule, RULES, "rule")
    _within(after, "after")
    called = _name(name)
    if not called:
        raise BadInput("helper_needs_name", place="name", need=MOST_NAME)
    helper = Helper(_key(), called, _channel(ports, channel[0], channel[1], called), rule, after)

    def changed(book: ReminderBook) -> ReminderBook:
        _room(book.helpers, MOST_HELPERS, "helpers")
        return replace(book, helpers=(*book.helpers, helper))

    _change(ports, person_id, grant, changed)


def remove_helper(ports: Ports, actor: Actor, person_id: str, key: str) -> None:
    """Tell this helper nothing any more."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)

    def changed(book: ReminderBook) -> ReminderBook:
        if all(one.key != key for one in book.helpers):
            raise NotFound("channel_not_found", channel=key)
        return replace(book, helpers=tuple(one for one in book.helpers if one.key != key))

    _change(ports, person_id, grant, changed)


def set_measuring(ports: Ports, actor: Actor, person_id: str, measuring: Measuring) -> None:
    """Be reminded to measure something, or to fill a questionnaire in; without times, no longer."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    _known(measuring.kind, MEASURED, "kind")
    for day in measuring.days:
        _known(day, DAYS, "day")
    if not measuring.what or len(measuring.what) > MOST_NAME or len(measuring.times) > 6:
        raise BadInput("bad_choice", place="what", need="a measurement and up to six times")
    times = tuple(sorted({at.replace(second=0, microsecond=0) for at in measuring.times}))

    def changed(book: ReminderBook) -> ReminderBook:
        others = tuple(one for one in book.measuring if (one.kind, one.what) != (measuring.kind, measuring.what))
        if times:
            _room(others, MOST_MEASURING, "measuring")
        return replace(book, measuring=(*others, replace(measuring, times=times)) if times else others)

    _change(ports, person_id, grant, changed)


def start_over(ports: Ports, actor: Actor, person_id: str) -> None:
    """Empty the drawer, whatever lies in it: the way on from a damaged one."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    ports.store.put_in_drawer(person_id, DRAWER, b"", grant.event(DRAWER))


def send_test(ports: Ports, actor: Actor, person_id: str, key: str, say: Say) -> str:
    """Send a test through one channel of the person now; the answer is a receipt. Raises NotDelivered, NotFound."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    book = load(ports.store, person_id, grant)
    channel = _found(book.channels, key)
    message = messages.trial(say, book.language, f"test.{secrets.token_hex(16)}@healthboard", ports.public_url)
    ports.store.append_audit(grant.event(f"test_{channel.kind}"))
    return _set_up(ports, channel.kind, NotDelivered).send(channel.kind, channel.address, message)


# ------------------------------------------------------------------------------------------------------------------ parts


def _change(ports: Ports, person_id: str, grant: Grant, change: Change) -> None:
    before = load(ports.store, person_id, grant)
    after = change(before)
    if after != before:
        ports.store.put_in_drawer(person_id, DRAWER, written(after), grant.event(DRAWER), was=before.raw)


def _channel(ports: Ports, kind: str, address: str, name: str) -> Channel:
    _known(kind, CHANNEL_KINDS, "kind")
    address = address.strip()
    if not address or len(address) > MOST_ADDRESS or not address.isprintable():
        raise BadInput("bad_address", place="address", need=kind)
    _set_up(ports, kind, BadInput).check(kind, address)
    return Channel(_key(), kind, address, _name(name))


def _set_up(ports: Ports, kind: str, error: type[BadInput] | type[NotDelivered]) -> Channels:
    if ports.channels is None or kind not in ports.channels.kinds:
        raise error("channel_not_set_up", place=kind, need="set up by whoever runs this server")
    return ports.channels


def _key() -> str:
    return secrets.token_hex(6)


def _name(name: str) -> str:
    cleaned = " ".join(name.split())
    if len(cleaned) > MOST_NAME or not cleaned.isprintable():
        raise BadInput("bad_channel_name", place="name", need=MOST_NAME)
    return cleaned


def _found(channels: Sequence[Channel], key: str) -> Channel:
    found = next((one for one in channels if one.key == key), None)
    if found is None:
        raise NotFound("channel_not_found", channel=key)
    return found


def _room(have: Sequence[object], most: int, place: str) -> None:
    if len(have) >= most:
        raise BadInput("too_many_channels", place=place, need=most)


def _within(value: int, place: str) -> None:
    low, high = MINUTES[place]
    if not low <= value <= high:
        raise BadInput("number_impossible", place=place, need=f"{low} - {high}")


def _known(found: str, known: Sequence[str], place: str) -> None:
    if found not in known:
        raise BadInput("bad_choice", place=place, need=" ".join(known))
