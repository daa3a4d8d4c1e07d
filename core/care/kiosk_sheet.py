"""This is the place where what one visit sent becomes a few plain lines to read at home: on a small page or a sheet of paper. Nothing else of anybody is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from core.care.kiosk_home import TakenHome
from core.domain.notation import notation
from core.domain.people import Preferences
from core.domain.signals import SIGNALS
from core.kiosk.collecting import mean_pressure
from core.kiosk.terms import Reading
from core.ports import Say
from core.trends.conversion import number_for, shown_as


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is read: a title, where and when, the values on one side, what became of the rest on the other, and what it is good for."""

    title: str
    about: str
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    foot: tuple[str, ...]
    made_at: datetime


def zone_of(taken: TakenHome) -> tzinfo:
    """The clock on the wall of the clinic, as its kiosk has it."""
    return taken.visit.started_at.tzinfo or ZoneInfo("UTC")


def sheet(taken: TakenHome, say: Say) -> Sheet:
    """The lines, in these words. Pure."""
    visit, sent = taken.visit, taken.visit.sent
    measured = tuple(reading(one, say, taken.preferences) for one in sent.readings)
    mean = mean_pressure(sent.readings)
    if mean is not None:
        upper, lower = (number_for(name, value, taken.preferences) for name, value in (("sbp", mean.sbp), ("dbp", mean.dbp)))
        text = f"{say.number(upper)}/{say.number(lower)} {_unit(say, shown_as('sbp', taken.preferences).unit)}"
        measured = (*measured, say("kiosk_home.mean", value=text))
    went = [
        ("kiosk_home.confirmed", sent.confirmed),
        ("kiosk_home.to_team", sent.to_team),
        ("kiosk_home.forms", len(sent.forms)),
        ("kiosk_home.photos", sent.photos),
    ]
    lines = tuple(say(key, n=n) for key, n in went if n)
    odd = (say("kiosk_home.left_out"),) if sent.left_out else ()
    then = (*((say("kiosk_home.danger"),) if sent.danger else ()), say("kiosk_home.next"), say("kiosk_home.no_advice"))
    where = " · ".join(filter(None, (taken.clinic, visit.kiosk, say.moment(visit.finished_at))))
    return Sheet(
        say("kiosk_home.title"), where, (Part(say("kiosk_home.measured"), measured or (say("kiosk_home.nothing_measured"),)),),
        (Part(say("kiosk_home.sent"), (*lines, *odd) or (say("kiosk_home.nothing_else"),)), Part(say("kiosk_home.then"), then)),
        (say("kiosk_home.only_this"),), visit.received_at,
    )  # fmt: skip


def reading(one: Reading, say: Say, preferences: Preferences) -> str:
    """One measurement: "Blood pressure 131/79 mmHg, Heart rate 70 /min (typed in)"."""
    values, parts = dict(one.values), []
    if "sbp" in values and "dbp" in values:
        upper, lower = (say.number(number_for(name, values.pop(name), preferences)) for name in ("sbp", "dbp"))
        parts.append(f"{say('signal.bp_panel')} {upper}/{lower} {_unit(say, shown_as('sbp', preferences).unit)}")
    for name in sorted(name for name in values if name in SIGNALS):
        shown = shown_as(name, preferences)
        parts.append(
            f"{say('signal.' + name)} {say.number(number_for(name, values[name], preferences), shown.decimals)} {_unit(say, shown.unit)}".strip()
        )
    return say("kiosk_home.by_" + ("device" if one.how == "bluetooth" else "hand"), value=_joined(parts))


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts)


def _unit(say: Say, code: str) -> str:
    return say("unit." + code) if say.has("unit." + code) else notation(code)
