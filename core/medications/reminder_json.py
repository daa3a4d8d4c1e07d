"""This is the place where a person's reminder settings are read from bytes and written to bytes, strictly: what is not exactly so is damaged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, TypeVar

from core.errors import BadInput
from core.medications.book import USUAL, Channel, Helper, Kind, Measuring, ReminderBook

DRAWER = "reminders"
DETAILS = ("discreet", "count", "names")
CHANNEL_KINDS = ("email", "apprise", "push")
RULES = ("refills", "unanswered", "critical")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MEASURED = ("measure", "questionnaire")
T = TypeVar("T")


def read(raw: bytes) -> ReminderBook:
    """The drawer's bytes as settings; b"" means nothing was chosen yet. Raises BadInput (drawer_damaged) for anything else that is none."""
    if not raw:
        return ReminderBook()
    try:
        whole = json.loads(raw)
        quiet = whole["quiet"]
        book = ReminderBook(
            detail=_one_of(whole["detail"], DETAILS),
            quiet=None if quiet is None else (_clock(quiet[0]), _clock(quiet[1])),
            channels=_several(whole["channels"], _channel),
            kinds={_one_of(name, tuple(USUAL)): _kind(one) for name, one in whole["kinds"].items()},
            helpers=_several(whole["helpers"], _helper),
            measuring=_several(whole["measuring"], _measuring),
            late=_whole(whole["late"]),
            language=_text(whole["language"]),
            raw=raw,
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise BadInput("drawer_damaged", place=DRAWER, need="start over, or restore a backup") from None
    return book


def written(book: ReminderBook) -> bytes:
    """The other way."""
    return json.dumps(
        {
            "detail": book.detail,
            "quiet": None if book.quiet is None else [_said(one) for one in book.quiet],
            "channels": [_channel_out(one) for one in book.channels],
            "kinds": {name: _kind_out(one) for name, one in book.kinds.items()},
            "helpers": [_helper_out(one) for one in book.helpers],
            "measuring": [{"kind": one.kind, "what": one.what, "times": [_said(at) for at in one.times], "days": list(one.days)} for one in book.measuring],
            "late": book.late,
            "language": book.language,
        },
        sort_keys=True,
        ensure_ascii=False,
    ).encode()


def _channel(one: Mapping[str, Any]) -> Channel:
    return Channel(_text(one["key"]), _one_of(one["kind"], CHANNEL_KINDS), _text(one["address"]), _text(one["name"]), _flag(one["on"]))


def _channel_out(one: Channel) -> dict[str, Any]:
    return {"key": one.key, "kind": one.kind, "address": one.address, "name": one.name, "on": one.on}


def _helper(one: Mapping[str, Any]) -> Helper:
    return Helper(_text(one["key"]), _text(one["name"]), _channel(one["channel"]), _one_of(one["rule"], RULES), _whole(one["after"]))


def _helper_out(one: Helper) -> dict[str, Any]:
    return {"key": one.key, "name": one.name, "channel": _channel_out(one.channel), "rule": one.rule, "after": one.after}


def _kind(one: Mapping[str, Any]) -> Kind:
    channels = _several(one["channels"], _text)
    return Kind(_flag(one["on"]), channels, _whole(one["lead"]), _whole(one["repeat"], least=1), _whole(one["rounds"], least=1), _flag(one["quiet"]))


def _kind_out(one: Kind) -> dict[str, Any]:
    return {"on": one.on, "channels": list(one.channels), "lead": one.lead, "repeat": one.repeat, "rounds": one.rounds, "quiet": one.quiet}


def _measuring(one: Mapping[str, Any]) -> Measuring:
    days = tuple(_one_of(day, DAYS) for day in _several(one["days"], _text))
    return Measuring(_one_of(one["kind"], MEASURED), _text(one["what"]), _several(one["times"], _clock), days)


def _several(found: Any, one: Callable[[Any], T]) -> tuple[T, ...]:
    if not isinstance(found, list):
        raise TypeError
    return tuple(one(each) for each in found)


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise TypeError
    return found


def _flag(found: Any) -> bool:
    if not isinstance(found, bool):
        raise TypeError
    return found


def _whole(found: Any, least: int = 0) -> int:
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError
    if found < least:
        raise ValueError
    return found


def _one_of(found: Any, known: tuple[str, ...]) -> str:
    if _text(found) not in known:
        raise ValueError
    return str(found)


def _clock(found: Any) -> time:
    made = time.fromisoformat(_text(found))
    if made.tzinfo is not None or _said(made) != found:
        raise ValueError
    return made


def _said(at: time) -> str:
    return at.strftime("%H:%M")
