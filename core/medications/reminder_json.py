"""This is the place where a person's reminder settings are read from bytes and written to bytes, strictly: what is not exactly so is damaged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.errors import BadInput
from core.medications.book import USUAL, Channel, Helper, Kind, Measuring, ReminderBook
from core.medications.strict_json import UNREADABLE, clock, clock_text, flag, one_of, several, text, whole
from core.medications.terms import DAYS

DRAWER = "reminders"
DETAILS = ("discreet", "count", "names")
CHANNEL_KINDS = ("email", "apprise", "push")
RULES = ("refills", "unanswered", "critical")
MEASURED = ("measure", "questionnaire")


def read(raw: bytes) -> ReminderBook:
    """The drawer's bytes as settings; b"" means nothing was chosen yet. Raises BadInput (drawer_damaged) for anything else that is none."""
    if not raw:
        return ReminderBook()
    try:
        found = json.loads(raw)
        quiet = found["quiet"]
        book = ReminderBook(
            detail=one_of(found["detail"], DETAILS),
            quiet=None if quiet is None else (clock(quiet[0]), clock(quiet[1])),
            channels=several(found["channels"], _channel),
            kinds={one_of(name, tuple(USUAL)): _kind(one) for name, one in found["kinds"].items()},
            helpers=several(found["helpers"], _helper),
            measuring=several(found["measuring"], _measuring),
            late=whole(found["late"]),
            language=text(found["language"]),
            raw=raw,
        )
    except UNREADABLE:
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None
    return book


def written(book: ReminderBook) -> bytes:
    """The other way."""
    return json.dumps(
        {
            "detail": book.detail,
            "quiet": None if book.quiet is None else [clock_text(one) for one in book.quiet],
            "channels": [_channel_out(one) for one in book.channels],
            "kinds": {name: _kind_out(one) for name, one in book.kinds.items()},
            "helpers": [_helper_out(one) for one in book.helpers],
            "measuring": [{"kind": one.kind, "what": one.what, "times": [clock_text(at) for at in one.times], "days": list(one.days)} for one in book.measuring],
            "late": book.late,
            "language": book.language,
        },
        sort_keys=True,
        ensure_ascii=False,
    ).encode()


def _channel(one: Mapping[str, Any]) -> Channel:
    return Channel(text(one["key"]), one_of(one["kind"], CHANNEL_KINDS), text(one["address"]), text(one["name"]), flag(one["on"]))


def _channel_out(one: Channel) -> dict[str, Any]:
    return {"key": one.key, "kind": one.kind, "address": one.address, "name": one.name, "on": one.on}


def _helper(one: Mapping[str, Any]) -> Helper:
    return Helper(text(one["key"]), text(one["name"]), _channel(one["channel"]), one_of(one["rule"], RULES), whole(one["after"]))


def _helper_out(one: Helper) -> dict[str, Any]:
    return {"key": one.key, "name": one.name, "channel": _channel_out(one.channel), "rule": one.rule, "after": one.after}


def _kind(one: Mapping[str, Any]) -> Kind:
    channels = several(one["channels"], text)
    return Kind(flag(one["on"]), channels, whole(one["lead"]), whole(one["repeat"], least=1), whole(one["rounds"], least=1), flag(one["quiet"]))


def _kind_out(one: Kind) -> dict[str, Any]:
    return {"on": one.on, "channels": list(one.channels), "lead": one.lead, "repeat": one.repeat, "rounds": one.rounds, "quiet": one.quiet}


def _measuring(one: Mapping[str, Any]) -> Measuring:
    days = tuple(one_of(day, DAYS) for day in several(one["days"], text))
    return Measuring(one_of(one["kind"], MEASURED), text(one["what"]), several(one["times"], clock), days)
