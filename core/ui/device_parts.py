"""This is the place where a device is written out: what it measures, its last data and last try, its days as small cells, why some are missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from html import escape
from itertools import groupby
from types import MappingProxyType

from core.care.device_views import DeviceLine, Strip
from core.care.missing import DayLine
from core.ui.calendar_grid import SHOWN, letter
from core.ui.icons import icon
from core.ui.markup import dotted, tag
from core.ui.missing_words import missing_reason, missing_sentence
from core.ui.session import Visit
from core.ui.words import Words

MOST_NAMED = 5
_TAGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "failed": ("soon", "soon"),
        "no_consent": ("shield", "unknown"),
        "silent": ("clock", "unknown"),
        "waiting": ("clock", "plain"),
        "gaps": ("info", "plain"),
        "fine": ("check", "accent"),
        "disconnected": ("link", "plain"),
        "ended": ("clock", "plain"),
        "off": ("info", "plain"),
    }
)
_QUIET = frozenset({"not_expected", "day_to_come"})
"""Reasons of days on which nothing was to come: an empty cell."""


def device(visit: Visit, line: DeviceLine) -> str:
    """One device as a block."""
    t = visit.t
    mark = tag(t("device_state." + line.state, n=_silent_days(visit, line)), *_TAGS[line.state])
    by = f" <small>{escape(line.source)}</small>" if line.device and line.device != line.source else ""
    head = f'<div class="dev-top"><b class="row-t">{icon("link" if line.token else "watch_device")}{escape(line.name)}{by}</b>{mark}</div>'
    details = dotted(escape(part) for part in (signals(t, line.signals), _last_data(visit, line), _last_try(visit, line)))
    return f'<div class="dev">{head}<div class="row-d">{details}</div>{"".join(strip(t, one) for one in line.strips)}</div>'


def signals(t: Words, keys: tuple[str, ...]) -> str:
    """What a device measures, in words: the first few, and how many more."""
    named = list(dict.fromkeys(t("signal." + key) for key in keys))
    said = t("list.and").join(named[:MOST_NAMED])
    return f"{said} {t('device.more', n=len(named) - MOST_NAMED)}" if len(named) > MOST_NAMED else said


def strip(t: Words, one: Strip) -> str:
    """The days of one signal: how many came, each as a cell with a letter, and a sentence about the others."""
    came = t(f"device.covered_{one.unit}", n=len(one.days), covered=one.covered)
    cells = "".join(_cell(t, day) for day in one.days)
    sentence = missing_sentence(t, one.said)
    listed = t.joined((sentence, *(_run(t, state, list(days)) for state, days in groupby(one.days, key=lambda day: day.state))))
    return (
        f'<div class="strip-t"><span>{escape(t("signal." + one.signal))}</span><span class="quiet">{escape(came)}</span></div>'
        f'<div class="days" role="img" aria-label="{escape(listed)}">{cells}</div><div class="mean">{escape(sentence)}</div>'
    )


def legend(t: Words, lines: tuple[DeviceLine, ...]) -> str:
    """What the letters mean, those that are there."""
    there = {day.state for line in lines for one in line.strips for day in one.days if day.why not in _QUIET}
    items = "".join(
        f'<li><span class="cd c-{SHOWN[state]}" aria-hidden="true">{escape(letter(t, state))}</span>{escape(t("missing." + state))}</li>'
        for state in SHOWN
        if state in there
    )
    return f'<ul class="legend">{items}</ul>' if items else ""


def _cell(t: Words, day: DayLine) -> str:
    why = missing_reason(t, day.why) if t.has("missing.why." + day.why) else ""
    said = t.joined((f"{t.day(day.day)}: {t('missing.' + day.state)}.", why))
    if day.why in _QUIET:
        return f'<i class="none" title="{escape(t.day(day.day))}"></i>'
    return f'<i class="c-{SHOWN[day.state]}" title="{escape(said)}">{escape(letter(t, day.state))}</i>'


def _run(t: Words, state: str, days: list[DayLine]) -> str:
    """Days in a row with one state, for those who listen."""
    first, last = days[0].day, days[-1].day
    when = t.day(first) if last - first < timedelta(days=1) else f"{t.day(first)} – {t.day(last)}"
    return f"{when}: {t('missing.' + state)}."


def _last_data(visit: Visit, line: DeviceLine) -> str:
    t = visit.t
    if line.last_at is None:
        return t("device.no_data")
    return t("device.last_data", age=t.age(min(line.last_at, visit.now), visit.now))


def _last_try(visit: Visit, line: DeviceLine) -> str:
    """The last try and what came of it."""
    t, last = visit.t, line.last_try
    if last is None:
        return ""
    why = (
        t.first(f"error.{last.why}", f"reason.{last.why}", "device.try_why_other", code=last.why)
        if last.kind == "failed" and last.why
        else ""
    )
    return t.joined((t("device.try_" + last.kind, age=t.age(last.at, visit.now)), why))


def _silent_days(visit: Visit, line: DeviceLine) -> int:
    return (visit.now - line.last_at).days if line.last_at else 0
