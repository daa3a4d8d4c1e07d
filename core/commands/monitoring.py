"""This is the place where `monitoring` is: the days with data and the minutes of a month, and the codes they come to."""

from __future__ import annotations

from argparse import Namespace

from core.care import monitoring
from core.care.access import COMMAND_LINE
from core.commands.answer import Answer, table
from core.errors import BadInput
from core.monitoring.rules import SOURCE, STATUS
from core.ports import Ports


def show(ports: Ports, given: Namespace) -> Answer:
    """One month of one person. Raises BadInput."""
    year, of = _month(given.month)
    view = monitoring.month(ports, COMMAND_LINE, given.person, year, of)
    document = {
        "person": given.person, "month": f"{year:04d}-{of:02d}", "zone": view.zone or None, "days_with_data": [day.isoformat() for day in view.days],
        "devices": list(view.devices), "minutes": view.minutes, "live_contact": view.live,
        "entries": [
            {"day": one.day.isoformat(), "minutes": one.minutes, "live": one.live, "who": one.who, "struck": one.struck_at is not None} for one in view.entries
        ],
        "codes": [{"code": code, "times": times} for code, times in view.counted.codes], "why_not": list(view.counted.why),
        "source": SOURCE, "status": STATUS,
    }  # fmt: skip
    codes = [f"{code} x {times}" for code, times in view.counted.codes]
    rows = [["DAYS WITH DATA", "MINUTES", "LIVE", "CODES"], [str(len(view.days)), str(view.minutes), "yes" if view.live else "no", ", ".join(codes) or "none"]]
    return Answer(document, [*table(rows), *(f"not counted: {why.replace('_', ' ')}" for why in view.counted.why), f"{SOURCE} ({STATUS})"])


def _month(text: str) -> tuple[int, int]:
    """Raises BadInput."""
    year, dash, month = text.partition("-")
    if not dash or not (year.isascii() and year.isdigit() and len(year) == 4 and month.isascii() and month.isdigit() and len(month) == 2):
        raise BadInput("bad_day", place="--month", need="a month as YYYY-MM")
    return int(year), int(month)
