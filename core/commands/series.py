"""This is the place where `healthboard series` is: one signal of a person as columns."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from core.care import series, series_choices
from core.care.access import COMMAND_LINE
from core.care.series import SeriesTable
from core.commands.answer import Answer, table
from core.errors import BadInput
from core.ports import Ports

SHOWN = 60


def show(ports: Ports, given: Namespace) -> Answer:
    """Columns time, value, count, min, max, source, over local days."""
    span = day(given.first, "--from"), day(given.last, "--to")
    found = series.table(ports, COMMAND_LINE, given.person, given.signal, span, given.every)
    return Answer(_document(given.person, found), _as_table(found))


def zone(ports: Ports, given: Namespace) -> Answer:
    """Set or show in which time zone a person lives."""
    if given.zone is not None:
        series_choices.set_zone(ports, COMMAND_LINE, given.person, given.zone)
    kept = series_choices.load(ports, COMMAND_LINE, given.person)
    return Answer({"person": given.person, "zone": kept.zone or None}, [kept.zone or "no time zone is set"])


def day(text: str | None, place: str) -> date | None:
    """A day as it is written on the command line. Raises BadInput."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("bad_day", place=place, need="a day as YYYY-MM-DD") from None


def _document(person_id: str, found: SeriesTable) -> dict[str, object]:
    return {
        "person": person_id,
        "signal": found.signal,
        "unit": found.unit,
        "kind": found.kind,
        "states": list(found.states) or None,
        "every": found.every,
        "zone": found.zone or None,
        "zone_known": bool(found.zone),
        "guessed": found.guessed,
        "implausible": found.implausible,
        "discarded": [{"device": device, "reason": reason, "count": count} for device, reason, count in found.discarded],
        "rows": len(found.time),
        "columns": ["time", "value", "count", "min", "max", "source"],
        "time": list(found.time),
        "value": list(found.value),
        "count": list(found.count),
        "min": list(found.low),
        "max": list(found.high),
        "source": list(found.source),
    }


def _as_table(found: SeriesTable) -> list[str]:
    if not found.time:
        return [f"{found.signal}: nothing there"]
    columns = zip(found.time, found.value, found.count, found.low, found.high, found.source, strict=True)
    rows = [[time, f"{value:g}", str(count), f"{low:g}", f"{high:g}", source] for time, value, count, low, high, source in columns]
    left_out = [f"... and {len(rows) - SHOWN} more; --json tells all"] if len(rows) > SHOWN else []
    head = f"{found.signal} in {found.unit}" + ("" if found.zone else "; no time zone is set for this person: days of samples without an offset are UTC")
    return [head, *table([["TIME", "VALUE", "COUNT", "MIN", "MAX", "SOURCE"], *rows[:SHOWN]]), *left_out]
